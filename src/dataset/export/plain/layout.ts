/**
 * What the WebAssembly module that writes keys has in common with those who fill its memory: where everything is, how
 * values stand in a file, and what the texts are.
 */

// Places in the memory, in bytes.
/** What a run leaves: the place of the first byte that was not read, the end of what was written, keys, those that expire. */
export const RESULT = 0;
/** Two elements that are numbers, as text, 32 bytes apart. */
export const DIGITS = 64;
/** A score as text: up to 128 bytes. */
export const SCORE = 128;
/** For each type byte its form, and in the high half its shape. */
export const KINDS = 256;
/** Place and size of each text, and how many texts there can be. */
export const TEXTS = 512;
export const TEXT_COUNT = 64;
export const ALPHABET = 1024;
/** The texts themselves. */
export const TEXT_BYTES = 1088;
/** Place and size of the names of fields that the entries of a stream have in common. */
export const FIELDS = 8192;
export const MOST_FIELDS = 256;
/** The table of the checksum that slots are made of, 16 bits a row. */
export const SLOT_TABLE = 12288;
/** The bytes of the file. */
export const WINDOW = 16384;

// What is written: commands, objects, a row for each key or element, or nothing: what was read can be copied.
export const RESP = 0;
export const JSON_OBJECTS = 1;
export const KEY_ROWS = 2;
export const ELEMENT_ROWS = 3;
export const COPIES = 4;

// How elements stand in the value: the low half of a kind.
export const PLAIN = 1;
export const LISTPACK = 2;
export const ZIPLIST = 3;
export const INTSET = 4;
export const SCORED = 5;
export const QUICKLIST = 6;
export const QUICKLIST_2 = 7;
export const STREAM = 8;

// What the elements are: the high half, so many bits up.
export const SHAPE_BITS = 4;
export const STRING = 0;
export const SINGLE = 1;
export const PAIRS = 2;
export const WITH_SCORE = 3;

// The texts: by type byte what stands before the value (JSON), or the name of the command (RESP); from here on others.
export const INT = 24;
export const EMBEDDED = 25;
export const ONE_LISTPACK = 26;
export const HEAD = 27;
export const EXPIRY = 28;
export const TAIL = 29;
export const BASE64 = 30;
export const NO_EXPIRY = 31;
export const STREAM_HEAD = 32;
export const STREAM_LENGTH = 33;
export const STREAM_LAST = 34;
export const STREAM_FIRST = 35;
export const STREAM_DELETED = 36;
export const STREAM_ADDED = 37;
export const STREAM_TAIL = 38;
export const ENTRY_HEAD = 39;
export const ENTRY_FIELDS = 40;
export const ENTRY_TAIL = 41;
export const IDLE = 42;
export const FREQUENCY = 43;
