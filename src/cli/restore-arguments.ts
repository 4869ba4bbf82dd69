/** The options of `restore`, as they are written on the command line. */
import { readFileSync } from 'node:fs';
import type { RestoreOptions } from '../server/restore-options.js';
import { parseResumePoint, type ResumePoint } from '../server/restore-report.js';
import type { ServerMode } from '../server/target.js';
import { modeNamed } from './connect.js';
import { onlyFile, readOptions, WRITE_OPTIONS, wholeNumber } from './options.js';
import { UsageError } from './usage.js';

/** What `restore` was asked for. */
export interface RestoreArguments {
  readonly file: string;
  readonly to: string;
  /** What the server is expected to be. */
  readonly mode: ServerMode | undefined;
  readonly yes: boolean;
  /** File to write the report to. */
  readonly report: string | undefined;
  readonly options: Omit<RestoreOptions, 'verify'>;
  /** Has the server load the whole file by replication. */
  readonly replicated: boolean;
  /** Where the server reaches this machine for that. */
  readonly listen: string | undefined;
  /** Reads each value of the file before that. */
  readonly verify: boolean;
}

/** What replication cannot do: it gives a server the whole file, as it is. */
const NOT_REPLICATED = [
  'resume',
  'db-map',
  'db',
  'match',
  'type',
  'replace',
  'skip-existing',
  'keep-expired',
  'as-commands',
] as const;

/** Reads the arguments behind `restore`. @throws UsageError for what cannot be meant. */
export function restoreArguments(args: readonly string[]): RestoreArguments {
  const { values, positionals } = parse(args);
  const file = onlyFile('restore', positionals);
  if (values.to === undefined) throw new UsageError('restore needs --to URL, the server to write to');
  if (values.replace && values['skip-existing']) {
    throw new UsageError('--replace and --skip-existing cannot be combined');
  }
  const replicated = values['by-replication'] ?? false;
  const other = NOT_REPLICATED.find((name) => values[name] !== undefined);
  if (replicated && other) {
    throw new UsageError(`--by-replication gives the server the whole file as it is: there is no --${other} with it`);
  }
  for (const name of ['listen', 'verify'] as const) {
    if (!replicated && values[name] !== undefined) throw new UsageError(`--${name} is an option of --by-replication`);
  }
  return {
    replicated,
    listen: values.listen,
    verify: values.verify ?? false,
    file,
    to: values.to,
    mode: values.mode === undefined ? undefined : modeNamed(values.mode),
    yes: values.yes ?? false,
    report: values.report,
    options: {
      db: values.db === undefined ? undefined : wholeNumber('db', values.db),
      match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
      type: values.type,
      existing: values.replace ? 'replace' : values['skip-existing'] ? 'skip' : 'error',
      keepExpired: values['keep-expired'] ?? false,
      asCommands: values['as-commands'] ?? false,
      dbMap: new Map((values['db-map'] ?? []).flatMap((text) => text.split(',')).map(mapping)),
      dryRun: values['dry-run'] ?? false,
      resume: values.resume === undefined ? undefined : resumePointIn(values.resume),
    },
  };
}

function parse(args: readonly string[]) {
  return readOptions(args, {
    ...WRITE_OPTIONS,
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    replace: { type: 'boolean' },
    'skip-existing': { type: 'boolean' },
    'keep-expired': { type: 'boolean' },
    'as-commands': { type: 'boolean' },
    'by-replication': { type: 'boolean' },
    listen: { type: 'string' },
    verify: { type: 'boolean' },
  });
}

function mapping(text: string): readonly [number, number] {
  const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (from === undefined) throw new UsageError(`--db-map takes FROM:TO, two database numbers, not ${text}`);
  return [wholeNumber('db-map', from), wholeNumber('db-map', to)];
}

/** The resume point in the report of an earlier run. */
function resumePointIn(file: string): ResumePoint {
  const text = readFileSync(file, 'utf8');
  let report: { resume?: unknown } | null;
  try {
    report = JSON.parse(text) as { resume?: unknown } | null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file} is no report of a restore`);
  }
  if (report?.resume === undefined) throw new UsageError(`${file} has no resume point: nothing was left to do`);
  const point = parseResumePoint(report.resume);
  if (!point) throw new UsageError(`${file} is no report of a restore`);
  return point;
}
