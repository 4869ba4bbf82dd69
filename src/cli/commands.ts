/** `commands`: every command of an AOF as JSON Lines, in the order in which a server runs them, in constant memory. */
import { AofScan } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { argumentSpans, argumentsIn } from '../decoder/aof/arguments.js';
import { AFTER_DAMAGE, type CommandBatch } from '../decoder/aof/command-batch.js';
import { problemMessage } from '../decoder/errors.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import { withAof } from './open-aof.js';
import type { Output } from './output.js';

export interface CommandsOptions {
  /** History parts too, which servers do not load. */
  readonly history: boolean;
}

/** A command that is printed in one piece; longer ones are read and printed in pieces. */
const WHOLE_LIMIT = 1024 * 1024;
/** Bytes of a long argument that are read at once: a multiple of three, so that the pieces of Base64 join. */
const PIECE = 3 * 64 * 1024;

/** What is remembered of a command between the scan and its output. */
interface Row {
  readonly offset: number;
  readonly size: number;
  readonly db: number;
  readonly time: number;
  readonly afterDamage: boolean;
}

/** Prints the commands. @param complain takes a line for each problem. @returns the exit status. */
export function commands(
  path: string,
  options: CommandsOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  return withAof(path, (set) => printCommands(path, set, options, output, complain));
}

async function printCommands(
  path: string,
  set: AofSet,
  { history }: CommandsOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const shown = { ...set, parts: set.parts.filter(({ role }) => history || role !== 'history') };
  let rows: Row[] = [];
  let current = 0;
  const scan = new AofScan(shown, (part, batch) => {
    current = part;
    for (let i = 0; i < batch.length; i++) rows.push(rowOf(batch, i));
  });
  for (let more = true; more && !output.closed; ) {
    more = scan.step();
    const { file, source } = set.parts[current];
    if (source) await printRows(source, file, rows, output);
    rows = [];
  }
  await output.end();
  const { problems } = scan;
  for (const problem of problems) {
    const file = problem.part === null ? path : set.parts[problem.part].file;
    complain(`${file}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  }
  return problems.length > 0 ? 1 : 0;
}

function rowOf(batch: CommandBatch, i: number): Row {
  return {
    offset: batch.offset[i],
    size: batch.size[i],
    db: batch.db[i],
    time: batch.time[i],
    afterDamage: (batch.flags[i] & AFTER_DAMAGE) !== 0,
  };
}

/** Prints the commands that one step of the scan found: neighbours, read back together as far as they are short. */
async function printRows(source: ByteSource, file: string, rows: readonly Row[], output: Output): Promise<void> {
  const part = JSON.stringify(file);
  for (let first = 0; first < rows.length && !output.closed; ) {
    const start = rows[first].offset;
    let last = first;
    while (last < rows.length && rows[last].offset + rows[last].size <= start + WHOLE_LIMIT) last++;
    if (last === first) {
      await printLong(source, part, rows[first], output);
      first++;
      continue;
    }
    const bytes = Buffer.alloc(rows[last - 1].offset + rows[last - 1].size - start);
    readFully(source, start, bytes);
    for (let i = first; i < last; i++) {
      const argv: string[] = [];
      for (const { offset, length } of argumentsIn(bytes, rows[i].offset - start)) {
        argv.push(bytes.toString('base64', offset, offset + length));
      }
      // Base64 needs no escapes.
      if (output.write(`${head(part, rows[i])}"${argv.join('","')}"]}\n`)) await output.flush();
      if (output.closed) return;
    }
    first = last;
  }
}

function head(part: string, { offset, db, time, afterDamage }: Row): string {
  const damage = afterDamage ? '"afterDamage":true,' : '';
  return `{"offset":${offset},"part":${part},"db":${db},"ts":${time === 0 ? null : time},${damage}"argv":[`;
}

/** Prints a command that is too long to be held in memory, an argument of which may be too. */
async function printLong(source: ByteSource, part: string, row: Row, output: Output): Promise<void> {
  output.write(head(part, row));
  const piece = Buffer.alloc(PIECE);
  let separator = '"';
  for (const { offset, length } of argumentSpans(source, row.offset)) {
    output.write(separator);
    for (let at = 0; at < length && !output.closed; at += PIECE) {
      const count = readFully(source, offset + at, piece.subarray(0, Math.min(PIECE, length - at)));
      if (output.write(piece.toString('base64', 0, count))) await output.flush();
    }
    separator = '","';
  }
  output.write('"]}\n');
}
