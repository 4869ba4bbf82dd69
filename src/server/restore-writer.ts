/** RESTORE commands for keys: the bytes of the file, with the head and foot of a payload, as they go to the server. */
import { fromLatin1 } from '../decoder/bytes.js';
import { Cursor } from '../decoder/cursor.js';
import { type PayloadPlan, planDump } from '../decoder/rdb/dump.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { isLong, readText, wholeText } from '../decoder/rdb/string.js';
import { MemorySource, readFully } from '../decoder/source.js';
import type { RestoreRow } from './restore-rows.js';
import { WHOLE_COMMAND, type WireBuffer } from './wire-buffer.js';

/** Bytes of the file that are at hand. */
const WINDOW = 1024 * 1024;
/** Bytes of a command beside key and value, at most. */
const AROUND = 256;
/** Keys with values up to this size are written as a whole. */
const WHOLE_KEY = WHOLE_COMMAND - AROUND;

/** The start of a RESTORE by the number of words that stand behind its payload. */
const RESTORES = [0, 1, 2, 3, 4].map((more) => fromLatin1(`*${4 + more}\r\n$7\r\nRESTORE\r\n`));
const NO_TTL = fromLatin1('$1\r\n0\r\n');
const ABSTTL = fromLatin1('$6\r\nABSTTL\r\n');
const REPLACE = fromLatin1('$7\r\nREPLACE\r\n');
const IDLETIME = fromLatin1('$8\r\nIDLETIME\r\n');
const FREQ = fromLatin1('$4\r\nFREQ\r\n');

/** What stands in a RESTORE beside key and value. */
export interface RestoreWords {
  /** RDB version for the footer. */
  readonly version: number;
  /** The time of the expiry in ms since the epoch, or the time left; undefined for none. */
  readonly ttl: number | bigint | undefined;
  /** True if `ttl` is a time. */
  readonly absolute: boolean;
  readonly replace: boolean;
  /** Idle time in seconds and access frequency; −1 for none. One of them at most can be given. */
  readonly idle: number;
  readonly freq: number;
}

/** Writes the keys of one file, which are asked for in its order. */
export class RestoreWriter {
  /** Bytes of the file that hold the key that was located last. */
  window: Uint8Array = new Uint8Array(0);
  private base = 0;
  private filled = 0;
  /** Its name: the bytes of `nameBytes` from `nameStart` to `nameEnd`. Its value begins at `valueStart` of the window. */
  nameBytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  private valueStart = 0;

  constructor(private readonly file: RdbFile) {}

  /**
   * Finds name and value of a key.
   *
   * @returns false if it is too large to be written as a whole, or its payload is not just the bytes of the file.
   * @throws DecodeError if the name is damaged.
   */
  locate({ typeOffset, end, type }: RestoreRow): boolean {
    if (end - typeOffset > WHOLE_KEY || type.code === 30 || type.code === 32 || type.code === 6) return false;
    if (typeOffset < this.base || end > this.base + this.filled) this.fill(typeOffset);
    if (end > this.base + this.filled) return false;
    const at = typeOffset - this.base + 1;
    const first = this.window[at];
    if (first < 0x80) {
      const length = first < 0x40 ? first : ((first & 0x3f) << 8) | this.window[at + 1];
      this.nameBytes = this.window;
      this.nameStart = at + (first < 0x40 ? 1 : 2);
      this.nameEnd = this.nameStart + length;
      this.valueStart = this.nameEnd;
      return true;
    }
    const cursor = new Cursor(new MemorySource(this.window.subarray(0, end - this.base)), at);
    const name = readText(cursor, 'the key name');
    // A compressed name can be larger than its bytes in the file.
    if (isLong(name) || name.length + end - typeOffset > WHOLE_KEY) return false;
    this.nameBytes = name;
    this.nameStart = 0;
    this.nameEnd = name.length;
    this.valueStart = cursor.offset;
    return true;
  }

  private fill(offset: number): void {
    if (this.window.length === 0) this.window = new Uint8Array(Math.min(WINDOW, Math.max(1, this.file.source.size)));
    this.base = offset;
    this.filled = readFully(this.file.source, offset, this.window);
  }

  /** Writes the command for the key that was located last; `out` must have room for a whole one. */
  writeLocated(row: RestoreRow, words: RestoreWords, out: WireBuffer): void {
    const valueEnd = row.end - this.base;
    writeStart(words, out);
    out.bulk(this.nameBytes, this.nameStart, this.nameEnd);
    writeTtl(words, out);
    out.bulkHead(1 + valueEnd - this.valueStart + 10);
    const start = out.size;
    out.bytes[out.size++] = row.type.code;
    out.copy(this.window, this.valueStart, valueEnd);
    out.bytes[out.size++] = words.version & 0xff;
    out.bytes[out.size++] = words.version >> 8;
    out.checksum(start);
    out.endOfLine();
    writeTail(words, out);
  }

  /**
   * Plans the command for a key of any size.
   *
   * @throws DecodeError if it is damaged at its start, DumpError if RESTORE takes no such value.
   */
  plan(row: RestoreRow, version: number): { name: Uint8Array; payload: PayloadPlan } {
    const entry = openEntry(this.file, row.typeOffset, row.end);
    return { name: wholeText(entry.key, 'the key name'), payload: planDump(this.file, entry, row.end, version) };
  }
}

/** Writes what stands before the name. */
export function writeStart({ ttl, absolute, replace, idle, freq }: RestoreWords, out: WireBuffer): void {
  const more = (ttl !== undefined && absolute ? 1 : 0) + (replace ? 1 : 0) + (idle >= 0 || freq >= 0 ? 2 : 0);
  const head = RESTORES[more];
  out.copy(head, 0, head.length);
}

/** Writes what stands between name and payload. */
export function writeTtl({ ttl }: RestoreWords, out: WireBuffer): void {
  if (ttl !== undefined) out.time(ttl);
  else out.copy(NO_TTL, 0, NO_TTL.length);
}

/** Writes everything behind the payload. */
export function writeTail({ ttl, absolute, replace, idle, freq }: RestoreWords, out: WireBuffer): void {
  if (ttl !== undefined && absolute) out.copy(ABSTTL, 0, ABSTTL.length);
  if (replace) out.copy(REPLACE, 0, REPLACE.length);
  if (idle >= 0) {
    out.copy(IDLETIME, 0, IDLETIME.length);
    out.text(String(idle));
  } else if (freq >= 0) {
    out.copy(FREQ, 0, FREQ.length);
    out.text(String(freq));
  }
}
