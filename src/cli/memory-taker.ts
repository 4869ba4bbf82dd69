/** The keys of `memory` that are printed straight from the bytes of the file, while it is scanned. */
import type { FileFacts } from '../dataset/file-facts.js';
import type { KeyTaker } from '../dataset/file-scan.js';
import { matchesGlob } from '../dataset/glob.js';
import { PlainLines } from '../dataset/memory/plain/plain-lines.js';
import { OP_EXPIRETIME_MS, OP_FREQ, OP_IDLE } from '../decoder/rdb/opcodes.js';
import type { LineBytes } from './line-bytes.js';
import type { PrintedFile, PrintedKeys } from './memory-printer.js';

/** The first opcode; lower bytes are types of values. */
const OPCODES = 0xf0;

/** Makes what takes such keys. @param fileOf says what is known of the file when its first key is met. */
export function lineTaker(
  { db: onlyDb, match, type }: PrintedKeys,
  fileOf: (facts: FileFacts) => PrintedFile | undefined,
  lines: LineBytes,
): KeyTaker {
  const plain = new PlainLines();
  const matches = match && ((bytes: Uint8Array, start: number, end: number) => matchesGlob(match, bytes, start, end));
  let known: PrintedFile | undefined;
  let knownDb = -1;
  return {
    window: plain.window,
    take(start, end, db, facts) {
      const first = plain.window[start];
      // The aux fields that name the server stand before the first key.
      if (first >= OPCODES && first !== OP_EXPIRETIME_MS && first !== OP_IDLE && first !== OP_FREQ) return -1;
      if (!known) {
        known = fileOf(facts);
        if (!known) return -1;
        plain.setUp({ ...known, type, matches });
      }
      if (db !== knownDb) plain.database(db, onlyDb === undefined || db === onlyDb);
      knownDb = db;
      for (let at = start; ; ) {
        at = plain.run(at, end);
        const { written, full } = plain;
        if (written.length > 0) lines.add(written);
        // A line that has no room where nothing else is will not have any later.
        if (!full || written.length === 0) return at;
      }
    },
  };
}
