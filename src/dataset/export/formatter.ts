/** What a form of export has to do: write one key after the other, small ones at once, all others in slices. */
import type { Entry, RdbFile } from '../../decoder/rdb/entry.js';
import { isLong, type LongString, type Text } from '../../decoder/rdb/string.js';
import { readFully } from '../../decoder/source.js';
import type { ExportRow } from './export-rows.js';
import type { KeyWindow } from './key-window.js';
import type { PlainChoice } from './plain/plain-writer.js';
import type { LeftOut } from './report.js';

/** A key with its value as it is exported. */
export interface ExportEntry extends Entry {
  /** True if it is not what stands in the file: its bytes must not be copied. */
  readonly changed?: boolean;
}

/** Writes the keys of one file in a form. */
export interface Formatter {
  /** Writes what stands before the keys. */
  begin(): void;
  /**
   * Writes a key that is in memory whole, located in the window.
   *
   * @returns false if {@link writeEntry} has to do it; nothing is written then, or the caller takes it back.
   * @throws UnusualValueError, TooMuchAtOnceError: as if false were returned.
   */
  writeKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean;
  /**
   * Writes a key of any size. Its value has been checked.
   *
   * @throws DecodeError if it is damaged all the same; LeaveOutError before anything is written of a key that cannot be.
   */
  writeEntry(file: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void>;
  /** How keys are written straight from the bytes of a file, always the same; undefined where they cannot be. */
  readonly plain?: PlainChoice | undefined;
  /**
   * Gets ready for keys that were written so.
   *
   * @returns how many of their first bytes are to be left out.
   */
  joinPlain?(db: number, keys: number): number;
  /** Writes a function library. @param code as FUNCTION LOAD takes it. */
  writeFunction?(code: Text): Generator<void>;
  /** Writes what stands behind the keys. */
  end(): void;
}

/** True if the key has more before its type byte than an expiry, an idle time or a frequency. */
export function hasMetadata({ header, keydb }: RdbFile, row: ExportRow): boolean {
  if (keydb || header.family !== 'redis' || header.version < 13) return false;
  const access = row.freq >= 0 ? 2 : row.idle >= 0 ? (row.idle < 64 ? 2 : row.idle < 16384 ? 3 : 6) : 0;
  return row.typeOffset - row.offset !== (row.expireAt === undefined ? 0 : 9) + access;
}

/** Bytes of a long string that are read at once. */
const PAGE = 96 * 1024;

/** The bytes of a text, a piece at a time; a piece is overwritten by the next one. Lengths are multiples of 3 but for the last. */
export function* piecesOf(text: Text): Generator<Uint8Array> {
  if (!isLong(text)) {
    yield text;
    return;
  }
  const buffer = new Uint8Array(Math.min(PAGE, text.length));
  for (let at = 0; at < text.length; ) {
    const wanted = Math.min(buffer.length, text.length - at);
    const read = readFully(text.source, at, buffer.subarray(0, wanted));
    if (read < wanted) throw shortened(text);
    yield buffer.subarray(0, read);
    at += read;
  }
}

function shortened({ length }: LongString): RangeError {
  return new RangeError(`the file has become shorter: a string of ${length} bytes cannot be read`);
}

/** Says that a key is left out, before anything of it was written. */
export class LeaveOutError extends Error {
  override readonly name = 'LeaveOutError';

  constructor(readonly reason: LeftOut) {
    super(reason);
  }
}
