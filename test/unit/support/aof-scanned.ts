/** Runs the scan of an AOF over pieces of any size and keeps everything that it tells; and reads one naively. */
import type { CommandBatch } from '../../../src/decoder/aof/command-batch.js';
import { NameTable } from '../../../src/decoder/aof/command-names.js';
import { type AofFault, AofScanner } from '../../../src/decoder/aof/scan.js';
import { latin1 } from '../../../src/decoder/bytes.js';
import type { Problem } from '../../../src/decoder/errors.js';

/** A command as the scan tells of it. */
export interface ScannedCommand {
  readonly offset: number;
  readonly size: number;
  readonly argc: number;
  readonly name: string;
  readonly db: number;
  readonly time: number;
  readonly flags: number;
  readonly keys: readonly {
    readonly offset: number;
    readonly bytes: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** Everything that a scan told. */
export interface ScannedAof {
  readonly commands: readonly ScannedCommand[];
  readonly problems: readonly Problem[];
  readonly fault: AofFault | undefined;
  readonly validUpTo: number;
  readonly openEnd: number;
  readonly counted: number;
  readonly db: number;
  readonly timeRange: readonly [number, number] | undefined;
  readonly transaction: { readonly offset: number; readonly commands: number } | undefined;
  readonly unknownCommand: { readonly offset: number; readonly name: string } | undefined;
}

const NAMES = new NameTable();

/** The commands of a batch. */
export function commandsOf(batch: CommandBatch, names: NameTable): ScannedCommand[] {
  const keys: ScannedCommand['keys'][number][][] = Array.from({ length: batch.length }, () => []);
  for (let i = 0; i < batch.keys.length; i++) {
    keys[batch.keys.command[i]].push({
      offset: batch.keys.offset[i],
      bytes: batch.keys.bytes[i],
      low: batch.keys.hashLow[i],
      high: batch.keys.hashHigh[i],
    });
  }
  return keys.map((own, i) => ({
    offset: batch.offset[i],
    size: batch.size[i],
    argc: batch.argc[i],
    name: names.name(batch.name[i]),
    db: batch.db[i],
    time: batch.time[i],
    flags: batch.flags[i],
    keys: own,
  }));
}

/**
 * Scans the commands of a file.
 *
 * @param cuts ascending offsets at which it is cut into pieces.
 * @param size what the scanner is told of the size of the file.
 */
export function scanAof(bytes: Uint8Array, cuts: Iterable<number> = [], size = bytes.length): ScannedAof {
  const commands: ScannedCommand[] = [];
  const problems: Problem[] = [];
  const scanner = new AofScanner(
    {
      commands: (batch) => commands.push(...commandsOf(batch, NAMES)),
      problem: (problem) => problems.push(problem),
    },
    { size, keys: true, names: NAMES },
  );
  // One buffer for all pieces, overwritten each time, as a file is read.
  const buffer = new Uint8Array(bytes.length);
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    buffer.fill(0xff);
    buffer.set(bytes.subarray(at, cut));
    if (!scanner.stopped) scanner.push(buffer, 0, cut - at);
    at = cut;
  }
  scanner.finish();
  const { fault, validUpTo, openEnd, db, timeRange, transaction, unknownCommand } = scanner;
  const counted = scanner.commands;
  return {
    commands,
    problems,
    fault,
    validUpTo,
    openEnd,
    counted,
    db,
    timeRange,
    transaction,
    unknownCommand,
  };
}

/** A command with its arguments, one character a byte. */
export interface PlainCommand {
  readonly offset: number;
  readonly size: number;
  readonly argv: readonly string[];
  readonly db: number;
  readonly time: number;
}

/** Reads the commands of a well-formed AOF as simply as can be; stops at what it does not understand. */
export function readPlainly(bytes: Uint8Array): PlainCommand[] {
  const text = latin1(bytes);
  const commands: PlainCommand[] = [];
  let at = 0;
  let db = 0;
  let time = 0;
  const line = (): string => {
    const end = text.indexOf('\r\n', at);
    const found = end < 0 ? '' : text.slice(at, end);
    at = end < 0 ? text.length : end + 2;
    return found;
  };
  while (at < text.length) {
    const offset = at;
    const head = line();
    if (head.startsWith('#')) {
      time = Number(/^#TS:(\d+)$/.exec(head)?.[1] ?? time);
      continue;
    }
    if (!/^\*\d+$/.test(head)) break;
    const argv: string[] = [];
    for (let i = Number(head.slice(1)); i > 0; i--) {
      const header = line();
      const length = Number(header.slice(1));
      if (!/^\$\d+$/.test(header) || text.slice(at + length, at + length + 2) !== '\r\n') return commands;
      argv.push(text.slice(at, at + length));
      at += length + 2;
    }
    commands.push({ offset, size: at - offset, argv, db, time });
    if (/^select$/i.test(argv[0])) db = Number(argv[1]);
  }
  return commands;
}

/** The bytes of a command. */
export function resp(...argv: (string | Uint8Array)[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from(`*${argv.length}\r\n`)];
  for (const argument of argv) {
    const bytes = Buffer.from(argument);
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return new Uint8Array(Buffer.concat(parts));
}
