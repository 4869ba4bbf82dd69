/** Payloads for RESTORE: the bytes of the file where the server knows the type, else the value in another form. */
import { appendCrc64 } from '../../decoder/crc64/crc64.js';
import { type PayloadPlan, planDump } from '../../decoder/rdb/dump.js';
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { Text } from '../../decoder/rdb/string.js';
import type { ByteSource } from '../../decoder/source.js';
import { payloadVersion } from '../server-versions.js';
import type { ExportRow } from './export-rows.js';
import { type ExportEntry, LeaveOutError } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import { OutBuffer } from './out-buffer.js';
import { type ReencodeOptions, reencoded } from './reencode.js';
import { type ExportTarget, readsAsIs } from './target.js';

/** Bytes of version and checksum. */
const FOOTER = 10;
/** Bytes of a payload that are held, where it is not just those of the file; servers take no more in a command. */
const HELD_LIMIT = 512 * 1024 * 1024;
const PIECE = 256 * 1024;

/** Makes one payload after the other. */
export class PayloadMaker {
  private bytes = new Uint8Array(4096);

  /**
   * The payload of a small key that is in the window, if it is just the bytes of the file.
   *
   * @returns it, valid until the next one is made; undefined if {@link any} has to make it.
   */
  small(file: RdbFile, row: ExportRow, window: KeyWindow, target: ExportTarget): Uint8Array | undefined {
    const { code } = row.type;
    if (code === 30 || code === 32 || !readsAsIs(row.type, file.header, target)) return undefined;
    const version = payloadVersion(row.type, file.header, target.rdbVersion);
    if (version === undefined) return undefined;
    const size = 1 + window.end - window.valueAt + FOOTER;
    if (this.bytes.length < size) this.bytes = new Uint8Array(size * 2);
    const { bytes } = this;
    bytes[0] = code;
    bytes.set(window.bytes.subarray(window.valueAt, window.end), 1);
    writeFooter(bytes, size - FOOTER, version);
    return bytes.subarray(0, size);
  }

  /** The payload of any key. @throws LeaveOutError, DecodeError */
  *any(file: RdbFile, row: ExportRow, entry: ExportEntry, options: ReencodeOptions): Generator<void, Text> {
    const { target } = options;
    const version = payloadVersion(row.type, file.header, target.rdbVersion);
    if (entry.changed !== true && version !== undefined && readsAsIs(row.type, file.header, target)) {
      return planned(planDump(file, entry, row.end, version), row.typeOffset);
    }
    const { code, write } = reencoded(entry, row, options);
    const parts: Uint8Array[] = [];
    let held = 0;
    const out = new OutBuffer((bytes) => {
      held += bytes.length;
      if (held > HELD_LIMIT) throw new LeaveOutError('too-large');
      parts.push(bytes.slice());
    });
    out.byte(code);
    yield* write(out);
    out.flush();
    const payload = new Uint8Array(held + FOOTER);
    let at = 0;
    for (const part of parts) {
      payload.set(part, at);
      at += part.length;
    }
    writeFooter(payload, held, target.rdbVersion);
    return payload;
  }
}

function writeFooter(bytes: Uint8Array, at: number, version: number): void {
  bytes[at] = version & 0xff;
  bytes[at + 1] = version >> 8;
  appendCrc64(bytes, 0, at + 2);
}

/** A payload that is read as it is written. */
function planned(plan: PayloadPlan, fileOffset: number): Text {
  return { length: plan.size, source: new PlanSource(plan), fileOffset };
}

/** The bytes of a plan as a source, to be read from the start on. */
class PlanSource implements ByteSource {
  readonly size: number;
  private pieces: Generator<Uint8Array> | undefined;
  private piece: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(private readonly plan: PayloadPlan) {
    this.size = plan.size;
  }

  read(position: number, target: Uint8Array): number {
    if (!this.pieces || position < this.at) {
      this.pieces = this.plan.pieces(PIECE);
      this.piece = new Uint8Array(0);
      this.at = 0;
    }
    for (;;) {
      const from = position - this.at;
      if (from < this.piece.length) {
        const part = this.piece.subarray(from, from + target.length);
        target.set(part);
        return part.length;
      }
      this.at += this.piece.length;
      const next = this.pieces.next();
      if (next.done) return 0;
      this.piece = next.value;
    }
  }
}
