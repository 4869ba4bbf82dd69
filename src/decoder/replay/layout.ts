/** Where everything is in the memory of the WebAssembly module that reads the commands of a replay: offsets in bytes. */

/** Bytes of an AOF that are at hand at once: enough for long writes, few enough for several of them to be on their way. */
export const BLOCK_BYTES = 262144;
/** Bytes of the shortest command that a scan lets pass: a name of no letters, with line feeds alone. */
export const SHORTEST = 8;
/** Rows of the columns: as many commands as can be in a block, and a little more. */
export const ROWS = 32776;

/** Slots for the names of commands that can be taken: 16 bytes of the name, its length, and its number. */
export const SLOTS = 0;
export const SLOT_COUNT = 256;
export const SLOT_BYTES = 24;
/** What a call leaves beside its result: how many commands or replies it has taken. */
export const TAKEN = 6144;

/** Columns of 64-bit floating-point numbers. */
export const OFFSETS = 8192;
export const SIZES = 270400;
export const TIMES = 532608;
/** Columns of 32-bit whole numbers. */
export const STARTS = 794816;
export const ARGCS = 925920;
export const DATABASES = 1057024;
/** A column of 16-bit whole numbers, and one of bytes. */
export const NAMES = 1188128;
export const PLAINS = 1253680;

/** Replies of a server. */
export const REPLIES = 1286464;
export const REPLY_BYTES = 65536;

/** The blocks; behind each is room for what is read past an end in steps of eight bytes. */
export const BLOCKS = 1352064;
export const BLOCK_COUNT = 8;
export const BLOCK_ROOM = 262208;
