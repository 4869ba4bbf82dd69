/** A run of the command line: reads the arguments, runs a command, says what went wrong. */
import { onlyFile, readOptions, wholeNumber } from './options.js';
import type { Output } from './output.js';
import type { RepairOptions } from './repair.js';
import { USAGE, UsageError } from './usage.js';

declare const VERSION: string;

/**
 * Runs the command line. What only one command needs is set up when that command is asked for: it is most of the program.
 *
 * @param args the arguments behind the name of the program.
 * @param complain takes what goes to standard error, with line ends.
 * @returns the exit status.
 */
export async function run(args: string[], output: Output, complain: (text: string) => void): Promise<number> {
  try {
    return await obey(args, output, complain);
  } catch (error) {
    complain(`redis-persistence: ${await explain(error)}\n`);
    return 2;
  }
}

async function obey(args: string[], output: Output, complain: (text: string) => void): Promise<number> {
  const [first = '', ...rest] = args;
  const own = OWN_OPTIONS.get(first);
  if (own) {
    // The help of export is a text of its own.
    if (first !== 'export' && args.includes('--help')) return print(USAGE, output);
    return (await own())(rest, output, complain);
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
  const { fileKind, isRdbFile, readAs } = await import('./file-kind.js');
  switch (command) {
    case 'info': {
      if (readAs(file) === 'aof') return (await import('./aof-info.js')).aofInfo(file, output);
      const { info } = await import('./info.js');
      return info(file, { deep: values.shallow ? false : values.deep }, output);
    }
    case 'decode': {
      if (readAs(file) === 'aof' && !isRdbFile(file)) {
        throw new UsageError(`${file} is an AOF: commands prints what is in it`);
      }
      const { decode } = await import('./decode.js');
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
    }
    case 'commands': {
      if (fileKind(file) === 'rdb') throw new UsageError(`${file} is an RDB file: decode prints its keys`);
      const { commands } = await import('./commands.js');
      return commands(file, { history: values.history ?? false }, output, complain);
    }
    case 'check': {
      const { release } = await import('./export-arguments.js');
      const target = values.target === undefined ? undefined : release(values.target);
      if (readAs(file) === 'aof') return (await import('./aof-check.js')).aofCheck(file, output, target);
      return (await import('./check.js')).check(file, output, target);
    }
    case 'repair': {
      const { repair } = await import('./repair.js');
      return repair(file, repairOptions(values), output, complain);
    }
    default:
      throw new UsageError(`there is no command ${command}; --help lists them`);
  }
}

type Complain = (text: string) => void;
type Command = (args: string[], output: Output, complain: Complain) => Promise<number>;

/** Commands with options of their own. */
const OWN_OPTIONS: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ['replay', async () => (await import('./replay.js')).replay],
  ['capture', async () => (await import('./capture.js')).capture],
  ['restore', async () => (await import('./restore.js')).restore],
  ['diff', async () => (await import('./diff.js')).diff],
  ['export', exportCommand],
  ['memory', memoryCommand],
  ['report', async () => (await import('./report.js')).report],
]);

async function exportCommand(): Promise<Command> {
  const { exportFile } = await import('./export.js');
  return (args, output, complain) => exportFile(args, output.stream, complain);
}

async function memoryCommand(): Promise<Command> {
  const [{ memoryArguments }, { memory }] = await Promise.all([import('./memory-arguments.js'), import('./memory.js')]);
  const { isRdbFile, readAs } = await import('./file-kind.js');
  return (args, output, complain) => {
    const { file, ...options } = memoryArguments(args);
    if (readAs(file) === 'aof' && !isRdbFile(file)) throw new UsageError(`${file} is an AOF: memory reads RDB files`);
    return memory(file, options, output, complain);
  };
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

/** What happened, for the person at the terminal. */
async function explain(error: unknown): Promise<string> {
  if (error instanceof UsageError || (await messageErrors()).some((type) => error instanceof type)) {
    return (error as Error).message;
  }
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path} does not exist`;
  if (code === 'EACCES') return `${path} may not be read`;
  if (code !== undefined) return message;
  return stack ?? String(error);
}

/** Errors whose message is for the user. */
async function messageErrors() {
  const [{ NotAFileError }, { FileChangedError }, { NoAofError }, { ServerError }] = await Promise.all([
    import('../engine/node/file-source.js'),
    import('./open-file.js'),
    import('../dataset/aof/aof-set.js'),
    import('../server/errors.js'),
  ]);
  const [{ ReplayInputError }, { TransferError }, { FileExistsError }] = await Promise.all([
    import('../server/replay-errors.js'),
    import('../server/capture-transfer.js'),
    import('../server/node/capture-files.js'),
  ]);
  return [NotAFileError, FileChangedError, NoAofError, ServerError, ReplayInputError, TransferError, FileExistsError];
}
