/** `commands`: every command of an AOF as JSON Lines, in the order in which a server runs them, in constant memory. */
import { AofScan } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { argumentSpans, argumentsIn } from '../decoder/aof/argument-spans.js';
import { AFTER_DAMAGE, type CommandBatch } from '../decoder/aof/command-batch.js';
import { fromLatin1 } from '../decoder/bytes.js';
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
  const part = asciiJson(file);
  for (let first = 0; first < rows.length && !output.closed; ) {
    const start = rows[first].offset;
    let last = first;
    while (last < rows.length && rows[last].offset + rows[last].size <= start + WHOLE_LIMIT) last++;
    if (last === first) {
      await printLong(source, part, rows[first], output);
      first++;
      continue;
    }
    const bytes = new Uint8Array(rows[last - 1].offset + rows[last - 1].size - start);
    readFully(source, start, bytes);
    if (output.write(shortLines(bytes, start, rows.slice(first, last), part))) await output.flush();
    first = last;
  }
}

const ALPHABET = fromLatin1('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const QUOTE = 0x22;
const COMMA = 0x2c;
const PADDING = 0x3d;

/**
 * The lines of commands that are in memory. A string for each argument would take most of the time, so they are put
 * together as bytes.
 *
 * @param start offset in the file of the first of the bytes.
 */
function shortLines(bytes: Uint8Array, start: number, rows: readonly Row[], part: string): string {
  // Base64 makes four of three; an argument has a header of six bytes or more, and here two quotes, a comma and padding.
  const sizes = rows.reduce((sum, { size }) => sum + 2 * size + 128 + part.length, 0);
  const line = Buffer.allocUnsafe(sizes);
  let to = 0;
  for (const row of rows) {
    to += line.write(head(part, row), to, 'latin1');
    for (const { offset, length } of argumentsIn(bytes, row.offset - start)) {
      line[to++] = QUOTE;
      to = putBase64(bytes, offset, offset + length, line, to);
      line[to++] = QUOTE;
      line[to++] = COMMA;
    }
    // The last comma makes room for the end.
    to += line.write(']}\n', to - 1, 'latin1') - 1;
  }
  return line.toString('latin1', 0, to);
}

/** Puts bytes as Base64 into a buffer. @returns the index behind them. */
function putBase64(bytes: Uint8Array, from: number, end: number, target: Uint8Array, start: number): number {
  let to = start;
  let at = from;
  for (; at + 2 < end; at += 3) {
    const group = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    target[to++] = ALPHABET[group >> 18];
    target[to++] = ALPHABET[(group >> 12) & 63];
    target[to++] = ALPHABET[(group >> 6) & 63];
    target[to++] = ALPHABET[group & 63];
  }
  if (at < end) {
    const group = (bytes[at] << 16) | (at + 1 < end ? bytes[at + 1] << 8 : 0);
    target[to++] = ALPHABET[group >> 18];
    target[to++] = ALPHABET[(group >> 12) & 63];
    target[to++] = at + 1 < end ? ALPHABET[(group >> 6) & 63] : PADDING;
    target[to++] = PADDING;
  }
  return to;
}

function head(part: string, { offset, db, time, afterDamage }: Row): string {
  const damage = afterDamage ? '"afterDamage":true,' : '';
  return `{"offset":${offset},"part":${part},"db":${db},"ts":${time === 0 ? null : time},${damage}"argv":[`;
}

/** A text as JSON in which all is ASCII, whatever the text. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
