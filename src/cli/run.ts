/** A run of the command line: reads the arguments, runs a command, says what went wrong. */
import { parseArgs } from 'node:util';
import { NotAFileError } from '../engine/node/file-source.js';
import { check } from './check.js';
import { decode } from './decode.js';
import { info } from './info.js';
import { FileChangedError } from './open-file.js';
import type { Output } from './output.js';
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
  const { values, positionals } = parse(args);
  if (values.help) return print(USAGE, output);
  if (values.version) return print(`${VERSION}\n`, output);
  const [command, file, ...rest] = positionals;
  if (command === undefined) throw new UsageError('no command was given; --help lists them');
  if (file === undefined) throw new UsageError(`${command} needs a file`);
  if (rest.length > 0) throw new UsageError(`${rest[0]} is one argument too many`);
  const only = (name: string, given: unknown, of: string) => {
    if (given !== undefined && command !== of) throw new UsageError(`--${name} is an option of ${of}`);
  };
  for (const name of ['db', 'match', 'type', 'keys-only'] as const) only(name, values[name], 'decode');
  for (const name of ['deep', 'shallow'] as const) only(name, values[name], 'info');
  switch (command) {
    case 'info':
      return info(file, { deep: values.shallow ? false : values.deep }, output);
    case 'decode':
      return decode(
        file,
        {
          db: values.db === undefined ? undefined : databaseNumber(values.db),
          match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
          type: values.type,
          keysOnly: values['keys-only'] ?? false,
        },
        output,
        complain,
      );
    case 'check':
      return check(file, output);
    default:
      throw new UsageError(`there is no command ${command}; --help lists them`);
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        db: { type: 'string' },
        match: { type: 'string' },
        type: { type: 'string' },
        'keys-only': { type: 'boolean' },
        deep: { type: 'boolean' },
        shallow: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function databaseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--db takes a number, not ${text}`);
  return Number(text);
}

async function print(text: string, output: Output): Promise<number> {
  output.write(text);
  await output.end();
  return 0;
}

/** What happened, for the person at the terminal. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof NotAFileError || error instanceof FileChangedError) {
    return error.message;
  }
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path} does not exist`;
  if (code === 'EACCES') return `${path} may not be read`;
  if (code !== undefined) return message;
  return stack ?? String(error);
}
