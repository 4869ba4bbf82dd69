/** What the arguments of all commands have in common: options as Node reads them, numbers, and the errors for what cannot be meant. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options of all commands that write to a server. */
export const WRITE_OPTIONS = {
  to: { type: 'string' },
  mode: { type: 'string' },
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  report: { type: 'string' },
  resume: { type: 'string' },
  'db-map': { type: 'string', multiple: true },
} as const satisfies Options;

/** Reads options and positional arguments. @throws UsageError for an option that there is not, or one without its value. */
export function readOptions<const Wanted extends Options>(args: readonly string[], options: Wanted) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The number that an option was given. @throws UsageError */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option} takes a number, not ${text}`);
  return Number(text);
}

/** The only file of a command. @throws UsageError */
export function onlyFile(command: string, [file, ...rest]: readonly string[]): string {
  if (file === undefined) throw new UsageError(`${command} needs a file`);
  if (rest.length > 0) throw new UsageError(`${rest[0]} is one argument too many`);
  return file;
}
