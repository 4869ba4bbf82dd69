/** The options of `export`, as they are written on the command line. */
import { readFileSync } from 'node:fs';
import {
  EXPORT_FORMATS,
  type ExpiryChange,
  type ExportFormat,
  type ExportOptions,
  type SlotRange,
  type Split,
} from '../dataset/export/options.js';
import { type ExportTarget, parseTarget, targetOfVersion } from '../dataset/export/target.js';
import { SLOTS } from '../dataset/slots.js';
import { latin1 } from '../decoder/bytes.js';
import { readOptions, wholeNumber } from './options.js';
import { UsageError } from './usage.js';

/** What `export` was asked for. */
export interface ExportArguments {
  readonly files: readonly string[];
  /** Undefined for standard output. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly options: ExportOptions;
}

/** Reads the arguments behind `export`. @throws UsageError for what cannot be meant. */
export function exportArguments(args: readonly string[]): ExportArguments {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) throw new UsageError('export needs a file');
  const out = values.out === '-' ? undefined : values.out;
  const format = formatOf(values.format, out);
  const split = splitOf(values['split-db'], values['split-slots']);
  if (split && out === undefined && !values['dry-run'])
    throw new UsageError('to write several files, export needs --out FILE');
  if (positionals.length > 1 && values['keep-duplicates'] !== undefined) duplicatesOf(values['keep-duplicates']);
  only('restore', values.restore, format, ['resp', 'redis-cli']);
  only('flat', values.flat, format, ['csv']);
  only('base64', values.base64, format, ['json', 'jsonl']);
  if (values['rdb-version'] !== undefined && values.target !== undefined) {
    throw new UsageError('--rdb-version and --target cannot be combined: a server has one RDB version');
  }
  return {
    files: positionals,
    out,
    force: values.force ?? false,
    dryRun: values['dry-run'] ?? false,
    options: {
      format,
      target: targetOf(values.target, values['rdb-version']),
      db: values.db === undefined ? undefined : wholeNumber('db', values.db),
      match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
      type: values.type,
      keys: keysOf(values.key, values['keys-from']),
      slots: values.slots?.flatMap((text) => text.split(',')).map(slotRange),
      expiredBefore: values['skip-expired'] ? Date.now() : undefined,
      expiry: expiryOf(values['drop-ttl'], values['shift-ttl']),
      split,
      seed: values.anonymise ?? undefined,
      base64: values.base64,
      flat: values.flat,
      restore: values.restore,
      dropFieldExpiry: values['drop-field-ttl'],
      functions: values['no-functions'] ? false : values.functions ? true : undefined,
      duplicates: duplicatesOf(values['keep-duplicates']),
    },
  };
}

function parse(args: readonly string[]) {
  return readOptions(args, {
    format: { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    target: { type: 'string' },
    'rdb-version': { type: 'string' },
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    key: { type: 'string', multiple: true },
    'keys-from': { type: 'string' },
    slots: { type: 'string', multiple: true },
    'split-slots': { type: 'string' },
    'split-db': { type: 'boolean' },
    'skip-expired': { type: 'boolean' },
    'drop-ttl': { type: 'boolean' },
    'shift-ttl': { type: 'string' },
    anonymise: { type: 'string' },
    base64: { type: 'boolean' },
    flat: { type: 'boolean' },
    restore: { type: 'boolean' },
    'drop-field-ttl': { type: 'boolean' },
    functions: { type: 'boolean' },
    'no-functions': { type: 'boolean' },
    'keep-duplicates': { type: 'string' },
  });
}

/** The form that was named, or that the name of the file tells. */
function formatOf(named: string | undefined, out: string | undefined): ExportFormat {
  if (named !== undefined) {
    const format = EXPORT_FORMATS.find((one) => one === named);
    if (!format) throw new UsageError(`--format takes ${EXPORT_FORMATS.join(', ')}, not ${named}`);
    return format;
  }
  const ending = /\.(\w+)$/.exec(out ?? '')?.[1]?.toLowerCase();
  const told = {
    json: 'json',
    jsonl: 'jsonl',
    csv: 'csv',
    resp: 'resp',
    redis: 'redis-cli',
    rdb: 'rdb',
    md: 'markdown',
  } as const;
  const format = ending === undefined ? undefined : told[ending as keyof typeof told];
  if (!format) throw new UsageError(`export needs --format, one of ${EXPORT_FORMATS.join(', ')}`);
  return format;
}

function only(name: string, given: unknown, format: ExportFormat, formats: readonly ExportFormat[]): void {
  if (given !== undefined && !formats.includes(format)) {
    throw new UsageError(`--${name} is an option of the format ${formats.join(' and ')}`);
  }
}

function targetOf(named: string | undefined, version: string | undefined): ExportTarget | undefined {
  if (version !== undefined) {
    const rdbVersion = wholeNumber('rdb-version', version);
    if (rdbVersion < 1 || rdbVersion > 80 || (rdbVersion > 15 && rdbVersion < 80)) {
      throw new UsageError(`--rdb-version takes 1 to 15, or 80 for Valkey 9, not ${version}`);
    }
    return targetOfVersion(rdbVersion);
  }
  return named === undefined ? undefined : release(named);
}

/** The server that a text names. @throws UsageError if there is none. */
export function release(named: string): ExportTarget {
  const target = parseTarget(named);
  if (!target) throw new UsageError(`--target takes a release such as 7.2, valkey-8.0 or keydb, not ${named}`);
  return target;
}

function slotRange(text: string): SlotRange {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === undefined || Number(from) > Number(to) || Number(to) >= SLOTS) {
    throw new UsageError(`--slots takes ranges of 0 to ${SLOTS - 1} such as 0-5460, not ${text}`);
  }
  return { from: Number(from), to: Number(to) };
}

function splitOf(db: boolean | undefined, slots: string | undefined): Split | undefined {
  if (db && slots !== undefined) throw new UsageError('--split-db and --split-slots cannot be combined');
  if (db) return { kind: 'db' };
  if (slots === undefined) return undefined;
  const parts = wholeNumber('split-slots', slots);
  if (parts < 1 || parts > 1024) throw new UsageError(`--split-slots takes 1 to 1024, not ${slots}`);
  return { kind: 'slots', parts };
}

function expiryOf(drop: boolean | undefined, shift: string | undefined): ExpiryChange | undefined {
  if (drop && shift !== undefined) throw new UsageError('--drop-ttl and --shift-ttl cannot be combined');
  if (drop) return { kind: 'drop' };
  if (shift === undefined) return undefined;
  if (!/^[+-]?\d{1,12}$/.test(shift)) throw new UsageError(`--shift-ttl takes seconds such as +3600, not ${shift}`);
  return { kind: 'shift', ms: Number(shift) * 1000 };
}

function duplicatesOf(text: string | undefined): 'first' | 'last' | 'error' {
  if (text === undefined) return 'last';
  if (text !== 'first' && text !== 'last' && text !== 'error') {
    throw new UsageError(`--keep-duplicates takes first, last or error, not ${text}`);
  }
  return text;
}

/** The names that were given, and those that a file has, one a line: as they are, or in Base64 behind `base64:`. */
function keysOf(named: readonly string[] | undefined, file: string | undefined): ReadonlySet<string> | undefined {
  if (!named && file === undefined) return undefined;
  const keys = new Set<string>();
  for (const name of named ?? []) keys.add(latin1(new TextEncoder().encode(name)));
  if (file !== undefined) {
    for (const line of latin1(readFileSync(file)).split('\n')) {
      const name = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (name.startsWith('base64:')) keys.add(latin1(Buffer.from(name.slice(7), 'base64')));
      else if (name !== '') keys.add(name);
    }
  }
  return keys;
}
