/** A run of the command line: reads the arguments, runs a command, says what went wrong. */
import { NoAofError } from '../dataset/aof/aof-set.js';
import { NotAFileError } from '../engine/node/file-source.js';
import { TransferError } from '../server/capture-transfer.js';
import { ServerError } from '../server/errors.js';
import { FileExistsError } from '../server/node/capture-files.js';
import { ReplayInputError } from '../server/replay-errors.js';
import { aofCheck } from './aof-check.js';
import { aofInfo } from './aof-info.js';
import { capture } from './capture.js';
import { check } from './check.js';
import { commands } from './commands.js';
import { decode } from './decode.js';
import { diff } from './diff.js';
import { exportFile } from './export.js';
import { release } from './export-arguments.js';
import { fileKind, isRdbFile, readAs } from './file-kind.js';
import { info } from './info.js';
import { memory } from './memory.js';
import { memoryArguments } from './memory-arguments.js';
import { FileChangedError } from './open-file.js';
import { onlyFile, readOptions, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { type RepairOptions, repair } from './repair.js';
import { replay } from './replay.js';
import { report } from './report.js';
import { restore } from './restore.js';
import { USAGE, UsageError } from './usage.js';

declare const VERSION: string;

/**
 * Runs the command line.
 *
 * @param args the arguments behind the name of the program.
 * @param complain takes what goes to standard error, with line ends.
 * @returns the exit status.
 */
export async function run(args: string[], output: Output, complain: (text: string) => void): Promise<number> {
  try {
    return await obey(args, output, complain);
  } catch (error) {
    complain(`redis-persistence: ${explain(error)}\n`);
    return 2;
  }
}

async function obey(args: string[], output: Output, complain: (text: string) => void): Promise<number> {
  // Has options of its own.
  if (args[0] === 'replay') {
    return args.includes('--help') ? print(USAGE, output) : replay(args.slice(1), output, complain);
  }
  if (args[0] === 'capture') {
    return args.includes('--help') ? print(USAGE, output) : capture(args.slice(1), output, complain);
  }
  if (args[0] === 'restore') {
    return args.includes('--help') ? print(USAGE, output) : restore(args.slice(1), output, complain);
  }
  if (args[0] === 'diff') {
    return args.includes('--help') ? print(USAGE, output) : diff(args.slice(1), output, complain);
  }
  if (args[0] === 'export') return exportFile(args.slice(1), output.stream, complain);
  if (args[0] === 'memory') {
    if (args.includes('--help')) return print(USAGE, output);
    const { file, ...options } = memoryArguments(args.slice(1));
    if (readAs(file) === 'aof' && !isRdbFile(file)) throw new UsageError(`${file} is an AOF: memory reads RDB files`);
    return memory(file, options, output, complain);
  }
  if (args[0] === 'report') {
    return args.includes('--help') ? print(USAGE, output) : report(args.slice(1), output);
  }
  const { values, positionals } = parse(args);
  if (values.help) return print(USAGE, output);
  if (values.version) return print(`${VERSION}\n`, output);
  const [command, ...files] = positionals;
  if (command === undefined) throw new UsageError('no command was given; --help lists them');
  const file = onlyFile(command, files);
  const only = (name: string, given: unknown, of: string) => {
    if (given !== undefined && command !== of) throw new UsageError(`--${name} is an option of ${of}`);
  };
  for (const name of ['db', 'match', 'type', 'value', 'keys-only'] as const) only(name, values[name], 'decode');
  for (const name of ['deep', 'shallow'] as const) only(name, values[name], 'info');
  only('history', values.history, 'commands');
  only('target', values.target, 'check');
  for (const name of REPAIR_OPTIONS) only(name, values[name], 'repair');
  switch (command) {
    case 'info':
      if (readAs(file) === 'aof') return aofInfo(file, output);
      return info(file, { deep: values.shallow ? false : values.deep }, output);
    case 'decode':
      if (readAs(file) === 'aof' && !isRdbFile(file)) {
        throw new UsageError(`${file} is an AOF: commands prints what is in it`);
      }
      return decode(
        file,
        {
          db: values.db === undefined ? undefined : wholeNumber('db', values.db),
          match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
          type: values.type,
          value: values.value,
          keysOnly: values['keys-only'] ?? false,
        },
        output,
        complain,
      );
    case 'commands':
      if (fileKind(file) === 'rdb') throw new UsageError(`${file} is an RDB file: decode prints its keys`);
      return commands(file, { history: values.history ?? false }, output, complain);
    case 'check':
      if (readAs(file) !== 'aof')
        return check(file, output, values.target === undefined ? undefined : release(values.target));
      if (values.target !== undefined) throw new UsageError('--target is for RDB files');
      return aofCheck(file, output);
    case 'repair':
      return repair(file, repairOptions(values), output, complain);
    default:
      throw new UsageError(`there is no command ${command}; --help lists them`);
  }
}

function parse(args: string[]) {
  return readOptions(args, {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    value: { type: 'string' },
    'keys-only': { type: 'boolean' },
    deep: { type: 'boolean' },
    shallow: { type: 'boolean' },
    history: { type: 'boolean' },
    target: { type: 'string' },
    out: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'cut-tail': { type: 'boolean' },
    'cut-at-time': { type: 'string' },
    'drop-damage': { type: 'boolean' },
    'restore-crs': { type: 'boolean' },
  });
}

const REPAIR_OPTIONS = ['out', 'dry-run', 'cut-tail', 'cut-at-time', 'drop-damage', 'restore-crs'] as const;

function repairOptions(values: ReturnType<typeof parse>['values']): RepairOptions {
  const ways = (['cut-tail', 'cut-at-time', 'drop-damage', 'restore-crs'] as const).filter((name) => values[name]);
  if (ways.length > 1)
    throw new UsageError(`--${ways[0]} and --${ways[1]} cannot be combined: repair what was written`);
  if (!values.out && !values['dry-run']) throw new UsageError('repair needs --out NEW, or --dry-run');
  const [way = 'cut-tail'] = ways;
  const time = values['cut-at-time'] === undefined ? undefined : seconds(values['cut-at-time']);
  return { way, time, out: values.out, dryRun: values['dry-run'] ?? false };
}

/** Seconds since the epoch, from a number or from a date as Date reads it. */
function seconds(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  if (!Number.isSafeInteger(time)) throw new UsageError(`--cut-at-time takes seconds or a date, not ${text}`);
  return time;
}

async function print(text: string, output: Output): Promise<number> {
  output.write(text);
  await output.end();
  return 0;
}

/** Errors whose message is for the user. */
const OURS = [
  UsageError,
  NotAFileError,
  FileChangedError,
  NoAofError,
  ServerError,
  ReplayInputError,
  TransferError,
  FileExistsError,
];

/** What happened, for the person at the terminal. */
function explain(error: unknown): string {
  if (OURS.some((type) => error instanceof type)) return (error as Error).message;
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path} does not exist`;
  if (code === 'EACCES') return `${path} may not be read`;
  if (code !== undefined) return message;
  return stack ?? String(error);
}
