/**
 * What the WebAssembly module that measures keys has in common with those who fill its memory: where everything is,
 * how values stand in a file, what the texts are, and what costs are asked for.
 */

// Places in the memory, in bytes.
/** What a run leaves: the place of the first byte that was not read, the end of what was written, why it ended. */
export const RESULT = 0;
/** A number as text. */
export const DIGITS = 64;
/** For each type byte how its value stands in the file. */
export const KINDS = 256;
/** Place and size of each text. */
export const TEXTS = 512;
/** For each type byte a number of elements that decides what can be measured. */
export const MOST = 1024;
export const TYPE_COUNT = 32;
/** What a line begins with: it is another one for each database. */
export const HEAD_BYTES = 1152;
/** The other texts. */
export const TEXT_BYTES = 1280;
/** The two characters of Base64 of every twelve bits. */
export const BASE64 = 8192;
/** Costs that were asked for before: 1024 for each of those below, as doubles, 0 where it was not asked for. */
export const COSTS = 16384;
export const KEPT_BITS = 10;
/** The same for pairs, by field (up to 127 bytes) and value (up to 255), as 16 bits. */
export const PAIRS = 147456;
/** The same for strings, by expiry, name and length (up to 255 bytes), as 16 bits. */
export const STRINGS = 212992;
/** The bytes of the file. */
export const WINDOW = 475136;

/** For a string that is not in one allocation with its header. */
export const APART = 0xffff;

// How values stand in the file: the low bits of a kind.
export const STRING = 1;
export const SET = 2;
export const HASH = 3;
export const ZSET = 4;
export const ZSET_TEXT = 5;
export const INTSET = 6;
export const LISTPACK = 7;
export const LISTPACK_PAIRS = 8;
export const ZIPLIST_PAIRS = 9;
export const QUICKLIST = 10;
export const QUICKLIST_2 = 11;
export const STREAM = 12;
/** Set where nothing is to be printed. */
export const QUIET = 0x80;

// The texts: by type byte what stands between name and number of elements; from here on others.
export const INT = 32;
export const EMBSTR = 33;
export const RAW = 34;
export const ONE_LISTPACK = 35;
export const HEAD = 36;
export const BYTES = 37;
export const MEMORY = 38;
export const TAIL = 39;

// The costs, and what they are of: each of a number that is given with it.
/** A key by the bytes of its name, and the same with an expiry. */
export const KEY = 0;
export const RAW_STRING = 2;
export const MEMBER = 3;
export const SCORED = 4;
export const BLOB = 5;
export const INTEGERS = 6;
export const LIST_NODE = 7;
export const STREAM_NODE = 8;
/** Tables by their elements. */
export const SET_TABLE = 9;
export const HASH_TABLE = 10;
export const ZSET_TABLE = 11;
/** A quicklist without nodes. */
export const EMPTY_LIST = 12;
/** A stream without nodes, by its type byte. */
export const EMPTY_STREAM = 13;
/** The tree of a stream with one node. */
export const TREE = 14;
// Those of two numbers.
/** Field and value. */
export const PAIR = 16;
/** A string by length and name, {@link APART} or its cost with the key; and the same with an expiry. */
export const EMBEDDED = 17;
