/** Where everything is in the memory of the WebAssembly module that writes the commands of a restore: offsets in bytes. */

/** Rows of the columns. */
export const ROWS = 4096;
/** Bytes of the file that are at hand. */
export const WINDOW_BYTES = 524288;
/** The most bytes of a key, and of everything in its command beside name and value. */
export const WHOLE_KEY = 65280;
export const AROUND = 256;

// The first 56 KiB are for the checksum.
/** For each type byte the version for the payload, 16 bits; 0 for values that are not just the bytes of the file. */
export const VERSIONS = 57344;
/** Offset of the byte behind what was written last, 32 bits. */
export const WRITTEN = 57856;
/** Texts of 32 bytes, the last of which is the length. */
export const TEXTS = 58368;
/** For each type byte how its values stand in the file: `VALUE_…`. */
export const VALUES = 58880;
/** What a scan leaves: how many keys it has found, and of them those with an expiry; whether the next goes on. */
export const FOUND = 59136;
/** A column of type bytes. */
export const TYPES = 59392;
/** A column of 16-bit whole numbers. */
export const FREQUENCIES = 63488;
/** Columns of 64-bit floating-point numbers. */
export const TYPE_OFFSETS = 71680;
export const ENDS = 104448;
export const EXPIRIES = 137216;
export const IDLE_TIMES = 169984;
/** Where the records begin. */
export const OFFSETS = 202752;
export const WINDOW = 235520;
/** Replies, as many as are looked at at once. */
export const REPLIES = 760832;
export const REPLY_BYTES = 65536;
/** Buffers to write into. What is read or written past an end in steps of 16 bytes needs some room. */
export const BUFFERS = 826368;

// Values that a scan can pass over: one string, or a number of them, or of what is made of them.
export const VALUE_STRING = 1;
export const VALUE_STRINGS = 2;
export const VALUE_PAIRS = 3;
export const VALUE_SCORED = 4;
export const VALUE_NODES = 5;
/** Pairs, so many numbers more, and no groups. */
export const VALUE_STREAM = 8;

// What commands are made of, by place among the texts.
/** RESTORE with no words to four words behind its payload. */
export const TEXT_RESTORE = 0;
export const TEXT_NO_TTL = 5;
export const TEXT_ABSTTL = 6;
export const TEXT_REPLACE = 7;
export const TEXT_IDLETIME = 8;
export const TEXT_FREQ = 9;

// What a server can do, and what it is to do.
/** It takes an expiry as a time, and idle time and access frequency. */
export const FORM_MODERN = 1;
/** It replaces keys. */
export const FORM_REPLACE = 2;
