/** The options of `replay`, as they are written on the command line. */
import type { KnownCommandGroup } from '../decoder/aof/command-table.js';
import type { ReplayOptions } from '../server/replay-options.js';
import type { ServerMode } from '../server/target.js';
import { modeNamed } from './connect.js';
import { onlyFile, readOptions, WRITE_OPTIONS, wholeNumber } from './options.js';
import { UsageError } from './usage.js';

/** What `replay` was asked for. */
export interface ReplayArguments {
  readonly file: string;
  readonly to: string;
  /** What the server is expected to be. */
  readonly mode: ServerMode | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** File to write the report to. */
  readonly report: string | undefined;
  /** A report to go on from, or FILE:OFFSET. */
  readonly resume: string | undefined;
  readonly unacknowledged: 'retry' | 'skip' | undefined;
  /** FILE:OFFSET or OFFSET. */
  readonly untilOffset: string | undefined;
  readonly options: ReplayOptions;
}

const GROUPS: readonly (KnownCommandGroup | 'unknown')[] = [
  'write',
  'script',
  'transaction',
  'admin',
  'read',
  'unknown',
];

/**
 * Reads the arguments behind `replay`.
 *
 * @throws UsageError for what cannot be meant.
 */
export function replayArguments(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parse(args);
  const file = onlyFile('replay', positionals);
  if (values.to === undefined) throw new UsageError('replay needs --to URL, the server to write to');
  if (values.rate !== undefined && values.speed !== undefined) {
    throw new UsageError('--rate and --speed cannot be combined');
  }
  const { unacknowledged } = values;
  if (unacknowledged !== undefined && unacknowledged !== 'retry' && unacknowledged !== 'skip') {
    throw new UsageError(`--unacknowledged takes retry or skip, not ${unacknowledged}`);
  }
  if (unacknowledged !== undefined && values.resume === undefined) {
    throw new UsageError('--unacknowledged says how to go on: it needs --resume');
  }
  return {
    file,
    to: values.to,
    mode: values.mode === undefined ? undefined : modeNamed(values.mode),
    yes: values.yes ?? false,
    dryRun: values['dry-run'] ?? false,
    report: values.report,
    resume: values.resume,
    unacknowledged,
    untilOffset: values['until-offset'],
    options: optionsOf(values),
  };
}

function parse(args: readonly string[]) {
  return readOptions(args, {
    ...WRITE_OPTIONS,
    unacknowledged: { type: 'string' },
    from: { type: 'string' },
    through: { type: 'string' },
    'until-time': { type: 'string' },
    'until-offset': { type: 'string' },
    db: { type: 'string', multiple: true },
    match: { type: 'string' },
    command: { type: 'string', multiple: true },
    group: { type: 'string', multiple: true },
    admin: { type: 'boolean' },
    'commands-only': { type: 'boolean' },
    'add-prefix': { type: 'string' },
    'remove-prefix': { type: 'string' },
    rate: { type: 'string' },
    speed: { type: 'string' },
    'stop-at-error': { type: 'boolean' },
  });
}

type Values = ReturnType<typeof parse>['values'];

function optionsOf(values: Values): ReplayOptions {
  const from = values.from === undefined ? undefined : count('from', values.from);
  const to = values.through === undefined ? undefined : count('through', values.through);
  const time = values['until-time'];
  const dbs = words(values.db).map((text) => wholeNumber('db', text));
  const commands = words(values.command).map((name) => name.toUpperCase());
  const groups = words(values.group).map(groupNamed);
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(time === undefined ? {} : { untilTime: seconds(time) }),
    ...(dbs.length === 0 ? {} : { dbs: new Set(dbs) }),
    ...(values.match === undefined ? {} : { keys: utf8(values.match) }),
    ...(commands.length === 0 ? {} : { commands: new Set(commands) }),
    ...(groups.length === 0 ? {} : { groups: new Set(groups) }),
    admin: values.admin ?? false,
    commandsOnly: values['commands-only'] ?? false,
    dbMap: new Map(words(values['db-map']).map(mapping)),
    ...(values['add-prefix'] === undefined ? {} : { addPrefix: utf8(values['add-prefix']) }),
    ...(values['remove-prefix'] === undefined ? {} : { removePrefix: utf8(values['remove-prefix']) }),
    ...(values.rate === undefined ? {} : { rate: positive('rate', values.rate) }),
    ...(values.speed === undefined ? {} : { speed: positive('speed', values.speed) }),
    stopAtError: values['stop-at-error'] ?? false,
  };
}

/** The words of an option that can be given several times, or with commas. */
function words(given: readonly string[] | undefined): string[] {
  return (given ?? []).flatMap((text) => text.split(',')).filter((word) => word !== '');
}

function groupNamed(text: string): KnownCommandGroup | 'unknown' {
  const group = GROUPS.find((name) => name === text.toLowerCase());
  if (!group) throw new UsageError(`there is no group ${text}; there are ${GROUPS.join(', ')}`);
  return group;
}

function mapping(text: string): readonly [number, number] {
  const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (from === undefined) throw new UsageError(`--db-map takes FROM:TO, two database numbers, not ${text}`);
  return [wholeNumber('db-map', from), wholeNumber('db-map', to)];
}

function count(option: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`--${option} takes the number of a command, not ${text}`);
  return Number(text);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`--${option} takes a number above 0, not ${text}`);
  return value;
}

/** Seconds since the epoch, from a number or from a date as Date reads it. */
function seconds(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  if (!Number.isSafeInteger(time)) throw new UsageError(`--until-time takes seconds or a date, not ${text}`);
  return time;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
