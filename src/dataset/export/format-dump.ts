/** DUMP payloads as JSON Lines: name and payload as Base64, for RESTORE by other tools. */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { Text } from '../../decoder/rdb/string.js';
import type { ExportRow } from './export-rows.js';
import { type ExportEntry, type Formatter, piecesOf } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import type { OutBuffer } from './out-buffer.js';
import { PayloadMaker } from './payloads.js';
import type { Findings } from './report.js';
import type { ExportTarget } from './target.js';
import { base64 } from './text-forms.js';

export class DumpFormatter implements Formatter {
  private readonly payloads = new PayloadMaker();

  constructor(
    private readonly out: OutBuffer,
    private readonly target: ExportTarget,
    private readonly dropFieldExpiry: boolean,
    private readonly findings: Findings,
  ) {}

  begin(): void {}

  end(): void {}

  writeKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    const payload = this.payloads.small(file, row, window, this.target);
    if (!payload) return false;
    const { out } = this;
    out.ascii(`{"db":${row.db},"key":"`);
    base64(out, window.nameBytes, window.nameStart, window.nameEnd);
    out.ascii(`","type":${JSON.stringify(row.typeName)}${factsOf(row)},"payload":"`);
    base64(out, payload, 0, payload.length);
    out.ascii('"}\n');
    return true;
  }

  *writeEntry(file: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const { target, dropFieldExpiry, findings, out } = this;
    const payload = yield* this.payloads.any(file, row, entry, { target, dropFieldExpiry, findings });
    out.ascii(`{"db":${row.db},"key":"`);
    yield* this.long(entry.key);
    out.text(`","type":${JSON.stringify(row.typeName)}${factsOf(row)},"payload":"`);
    yield* this.long(payload);
    out.ascii('"}\n');
  }

  private *long(text: Text): Generator<void> {
    for (const piece of piecesOf(text)) {
      base64(this.out, piece, 0, piece.length);
      yield;
    }
  }
}

function factsOf({ expireAt, idle, freq }: ExportRow): string {
  const access = `${idle >= 0 ? `,"idle":${idle}` : ''}${freq >= 0 ? `,"freq":${freq}` : ''}`;
  return `,"expireAtMs":${expireAt ?? 'null'}${access}`;
}
