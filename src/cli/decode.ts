/** `decode`: every key with its value, as JSON Lines, in the order of the file and in constant memory. */

import { embeddedLimit, encodingOf } from '../dataset/encoding.js';
import { FileScan } from '../dataset/file-scan.js';
import { matchesGlob } from '../dataset/glob.js';
import { keyLine } from '../dataset/key-json.js';
import { RecordBytes } from '../dataset/record-bytes.js';
import { DecodeError, type Problem, problemMessage } from '../decoder/errors.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { COUNT_UNKNOWN, FLAG_INTEGER, type KeyBatch, type TypeTable } from '../decoder/rdb/key-batch.js';
import { type KeyRow, typeNameAt } from '../decoder/rdb/key-row.js';
import { readKeyHead } from '../decoder/rdb/records.js';
import { textSlice } from '../decoder/rdb/string.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum } from './checksum-thread.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { endScan } from './scanned-file.js';
import { textSearch } from './text-search.js';
import { rdbFile } from './verify-keys.js';

export interface DecodeOptions {
  readonly db: number | undefined;
  readonly match: Uint8Array | undefined;
  readonly type: string | undefined;
  /** What some text of the value has to have. */
  readonly value: string | undefined;
  readonly keysOnly: boolean;
}

/** What is remembered of a key between the scan and its output. */
interface Row extends Omit<KeyRow, 'expireAt' | 'idle' | 'freq'> {
  readonly flags: number;
  readonly keyLength: number;
  readonly elements: number;
  readonly expires: boolean;
}

/** Prints the keys. @param complain takes a line for each problem. @returns the exit status. */
export function decode(
  path: string,
  options: DecodeOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  return withFile(path, (source) => printKeys(source, options, output, complain));
}

async function printKeys(
  source: FileSource,
  options: DecodeOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const report = (problem: Problem) => {
    complain(`${source.path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  };
  const pending = startChecksum(source.fd, source.size - 8);
  let rows: Row[] = [];
  const scan = new FileScan(source, (batch, types) => {
    for (let i = 0; i < batch.count; i++) rows.push(rowOf(batch, i, types));
  });
  const record = new RecordBytes(source);
  const search = textSearch(options.value, () => rdbFile(source, scan));
  let damaged = 0;
  for (let more = true; more && !output.closed; ) {
    more = scan.step();
    const file = rdbFile(source, scan);
    for (const row of rows) {
      if (options.db !== undefined && row.db !== options.db) continue;
      if (options.type !== undefined && row.typeName !== options.type) continue;
      if (search && !search.matches(record, row.type, row.typeOffset, row.end)) continue;
      const problem = await printRow(file, scan, row, options, output);
      if (problem) {
        damaged++;
        report(problem);
      }
      if (output.closed) break;
    }
    rows = [];
  }
  await endScan(source, scan, pending, output, report, complain, 'are printed by commands');
  return damaged + scan.facts.problems.length > 0 ? 1 : 0;
}

function rowOf(batch: KeyBatch, i: number, types: TypeTable): Row {
  const type = types[batch.type[i]] as ValueType;
  return {
    db: batch.db,
    type,
    typeName: typeNameAt(batch, i, type),
    offset: batch.offset[i],
    typeOffset: batch.typeOffset[i],
    end: batch.end[i],
    flags: batch.flags[i],
    keyLength: batch.keyLength[i],
    elements: batch.elements[i],
    expires: !Number.isNaN(batch.expireAt[i]),
  };
}

/** Prints a key, if it is intact. @returns what is wrong with it otherwise. */
async function printRow(
  file: RdbFile,
  scan: FileScan,
  row: Row,
  options: DecodeOptions,
  output: Output,
): Promise<Problem | undefined> {
  try {
    const entry = openEntry(file, row.typeOffset, row.end);
    if (options.match) {
      const name = textSlice(entry.key, 0, entry.key.length);
      if (!matchesGlob(options.match, name, 0, name.length)) return undefined;
    }
    // A value is checked before the first byte of it is printed, so that no line is left half done.
    if (!options.keysOnly) verifyEntry(entry, row.typeOffset);
    const head = readKeyHead(file.source, row.offset, row.typeOffset, file.header);
    const { server } = scan.facts;
    const elements = row.elements === COUNT_UNKNOWN ? 0 : row.elements;
    const embedded = (row.flags & FLAG_INTEGER) === 0 && elements <= embeddedLimit(server, row.keyLength, row.expires);
    const facts = {
      db: row.db,
      type: row.typeName,
      encoding: encodingOf(row.type, row.flags, embedded, server),
      expireAt: row.expires ? head.expireAt : undefined,
      idle: head.idleSeconds,
      freq: head.freq,
      metadata: head.metadata,
    };
    for (const piece of keyLine(entry, facts, !options.keysOnly)) {
      if (output.write(piece)) await output.flush();
      if (output.closed) return undefined;
    }
    output.write('\n');
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.toProblem(row.typeOffset);
  }
}
