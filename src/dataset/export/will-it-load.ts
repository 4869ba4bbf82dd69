/** What keeps a server from loading a file: its version, types and opcodes that the server does not know, damage. */
import { type Phrase, phrase } from '../../decoder/errors.js';
import type { Header } from '../../decoder/rdb/header.js';
import {
  OP_EXPIRETIME_MS,
  OP_FREQ,
  OP_FUNCTION_PRE_GA,
  OP_IDLE,
  OP_KEY_META,
  OP_MODULE_AUX,
  OP_SLOT_INFO,
  opcodes,
} from '../../decoder/rdb/opcodes.js';
import { readRecord } from '../../decoder/rdb/records.js';
import type { ByteSource } from '../../decoder/source.js';
import type { FileFacts } from '../file-facts.js';
import type { DatabaseCount, KeyIndex, Kind } from '../key-index.js';
import { LAST_SHARED_VERSION } from '../server-versions.js';
import { knowsFieldExpiry } from './format-commands.js';
import { type ExportTarget, familyOf, isSameVersion, readsAsIs } from './target.js';

/** What an export for the server does with it. */
export type Remedy = 'converted' | 'left-out' | 'dropped' | 'none';

/** Something that the server does not take, or needs something for. */
export interface LoadFinding {
  /** False if the server loads it where it is set up for it. */
  readonly stops: boolean;
  readonly what: Phrase;
  /** How often it occurs; where first, in bytes from the start of the file. */
  readonly count: number;
  readonly offset: number;
  readonly remedy: Remedy;
}

/** The databases that a server has unless it is told otherwise. */
const DATABASES = 16;

/** RDB versions that brought something. */
const MODULES = 8;
const STREAMS = 9;

/** What has to be known of the keys: an index, or one that has the first key of each sort only. */
export type LoadedKeys = Pick<
  KeyIndex,
  'length' | 'kind' | 'typeOffset' | 'head' | 'expireAt' | 'idle' | 'freq' | 'kinds' | 'databaseRuns'
> & { readonly databases: readonly Pick<DatabaseCount, 'db'>[] };

/** Rows between two chances for others. */
const SLICE = 1 << 16;

/**
 * Finds everything that a server would stop at. Yields now and then.
 *
 * @param facts of the whole file, problems of values included as far as they are known.
 * @param target whose settings are those that it comes with.
 * @returns what was found, what stops the server first; nothing for a file that it loads.
 */
export function* willItLoad(
  source: ByteSource,
  facts: FileFacts,
  index: LoadedKeys,
  target: ExportTarget,
): Generator<void, readonly LoadFinding[]> {
  const header = facts.fileHeader;
  if (!header) return [{ stops: true, what: phrase('the file is no RDB'), count: 1, offset: 0, remedy: 'none' }];
  const rows = yield* firstOfEach(index, header);
  const found = [
    ...versionFindings(header, target),
    ...kindsByType(index, rows).flatMap(({ kind, place }) => kindFindings(kind, place, header, target)),
    ...opcodeFindings(source, facts, header, target),
    ...headFindings(rows, header, target),
    ...databaseFindings(index),
    ...damageFindings(facts),
  ];
  return found.sort((a, b) => Number(b.stops) - Number(a.stops));
}

/** True if the server loads the file as it comes. */
export function loads(findings: readonly LoadFinding[]): boolean {
  return !findings.some(({ stops }) => stops);
}

/** Where something occurs first, and how often. */
interface Place {
  count: number;
  offset: number;
}

interface RowFacts {
  /** Offset of the first key of each kind. */
  readonly kinds: number[];
  readonly expiries: Place;
  readonly idle: Place;
  readonly freq: Place;
  readonly metadata: Place;
}

function* firstOfEach(index: LoadedKeys, { family, version }: Header): Generator<void, RowFacts> {
  const none = () => ({ count: 0, offset: 0 });
  const rows = { kinds: [] as number[], expiries: none(), idle: none(), freq: none(), metadata: none() };
  const mayHaveMetadata = family === 'redis' && version >= 13;
  const meet = (place: Place, row: number) => {
    if (place.count++ === 0) place.offset = index.typeOffset(row) - index.head(row);
  };
  for (let row = 0; row < index.length; row++) {
    rows.kinds[index.kind(row)] ??= index.typeOffset(row);
    const expires = !Number.isNaN(index.expireAt(row));
    const idle = index.idle(row);
    const freq = index.freq(row);
    if (expires) meet(rows.expiries, row);
    if (idle >= 0) meet(rows.idle, row);
    if (freq >= 0) meet(rows.freq, row);
    if (mayHaveMetadata) {
      const access = freq >= 0 ? 2 : idle >= 0 ? (idle < 64 ? 2 : idle < 16384 ? 3 : 6) : 0;
      if (index.head(row) !== (expires ? 9 : 0) + access) meet(rows.metadata, row);
    }
    if (row % SLICE === 0) yield;
  }
  return rows;
}

function versionFindings(header: Header, target: ExportTarget): LoadFinding[] {
  const { family, version, magic } = header;
  const offset = family === 'valkey' ? 6 : 5;
  const stop = (what: Phrase): LoadFinding[] => [{ stops: true, what, count: 1, offset, remedy: 'converted' }];
  if (isSameVersion(header, target)) return [];
  if (family === 'valkey' && familyOf(target) !== 'valkey') {
    return stop(phrase('the file begins with {0}, which the server does not know', magic));
  }
  if (familyOf(target) === 'valkey' && family === 'redis') {
    return version > LAST_SHARED_VERSION
      ? stop(phrase('RDB version {0} is one of Redis that Valkey refuses', version))
      : [];
  }
  if (version <= target.rdbVersion) return [];
  return stop(
    phrase('RDB version {0} is newer than {1}, the newest that the server reads', version, target.rdbVersion),
  );
}

/** The kinds of keys, those of one value type and module together, whatever their encodings. */
function kindsByType({ kinds }: LoadedKeys, rows: RowFacts): { readonly kind: Kind; readonly place: Place }[] {
  const types = new Map<string, { readonly kind: Kind; readonly place: Place }>();
  for (const [i, kind] of kinds.entries()) {
    const name = `${kind.valueType.code} ${kind.type}`;
    const known = types.get(name);
    const offset = rows.kinds[i] ?? 0;
    if (known) {
      known.place.count += kind.keys;
      known.place.offset = Math.min(known.place.offset, offset);
    } else {
      types.set(name, { kind, place: { count: kind.keys, offset } });
    }
  }
  return [...types.values()];
}

function kindFindings(kind: Kind, place: Place, header: Header, target: ExportTarget): LoadFinding[] {
  const { valueType, type } = kind;
  if (readsAsIs(valueType, header, target)) {
    if (valueType.code !== 7) return [];
    const what = phrase('values of type {0} need the module that they are of', type);
    return [{ stops: false, what, ...place, remedy: 'none' }];
  }
  const what = phrase('the server does not know value type {0} ({1})', valueType.code, valueType.name);
  return [{ stops: true, what, ...place, remedy: remedyFor(kind, target) }];
}

/** What an export does with values of a type that the server does not know. */
function remedyFor({ valueType: { type, code } }: Kind, target: ExportTarget): Remedy {
  switch (type) {
    case 'module':
      return 'left-out';
    case 'stream':
      return target.rdbVersion < STREAMS ? 'left-out' : 'converted';
    case 'hash':
      // A hash whose fields have all lost their expiry is written as any other.
      return code >= 22 && code <= 25 && !knowsFieldExpiry(target) ? 'left-out' : 'converted';
    case 'array':
    case 'gcra':
    case 'cronjob':
      return 'left-out';
    default:
      return 'converted';
  }
}

/** True if the server knows an opcode of the file. */
function knowsOpcode(code: number, header: Header, target: ExportTarget): boolean {
  const opcode = opcodes(header.family)[code];
  if (!opcode) return false;
  if (code === OP_FUNCTION_PRE_GA) return false;
  // Valkey reads what Redis says of slots, and does nothing with it.
  if (code === OP_SLOT_INFO && target.make === 'valkey') return target.level >= 900;
  if (opcode.since > LAST_SHARED_VERSION && header.family !== familyOf(target)) return false;
  return opcode.since <= target.rdbVersion;
}

function opcodeFindings(source: ByteSource, facts: FileFacts, header: Header, target: ExportTarget): LoadFinding[] {
  const places = new Map<number, Place>();
  const modules = new Map<string, Place>();
  for (const [i, code] of facts.recordCodes.entries()) {
    const offset = facts.recordOffsets[i];
    count(places, code, offset);
    if (code !== OP_MODULE_AUX) continue;
    const { content } = readRecord(source, offset, header.family);
    if (content.kind === 'module-aux') count(modules, content.module.name, offset);
  }
  const found: LoadFinding[] = [];
  for (const [code, place] of places) {
    if (knowsOpcode(code, header, target)) continue;
    const name = opcodes(header.family)[code]?.name ?? '';
    const remedy = code === OP_FUNCTION_PRE_GA && target.rdbVersion >= 10 ? 'converted' : 'dropped';
    found.push({
      stops: true,
      what: phrase('the server does not know opcode {0} ({1})', code, name),
      ...place,
      remedy,
    });
  }
  if (target.rdbVersion < MODULES) return found;
  for (const [name, place] of modules) {
    found.push({ stops: false, what: phrase('data of module {0} need that module', name), ...place, remedy: 'none' });
  }
  return found;
}

function count<Kind>(places: Map<Kind, Place>, kind: Kind, offset: number): void {
  const place = places.get(kind);
  if (place) place.count++;
  else places.set(kind, { count: 1, offset });
}

/** What stands before the type byte of keys. */
function headFindings(rows: RowFacts, header: Header, target: ExportTarget): LoadFinding[] {
  const found: LoadFinding[] = [];
  const check = (code: number, name: string, place: Place, remedy: Remedy) => {
    if (place.count === 0 || knowsOpcode(code, header, target)) return;
    const what = phrase('the server does not know opcode {0} ({1})', code, name);
    found.push({ stops: true, what, ...place, remedy });
  };
  // Versions before 3 have their expiries in seconds.
  if (header.version >= 3) check(OP_EXPIRETIME_MS, 'EXPIRETIME_MS', rows.expiries, 'converted');
  check(OP_IDLE, 'IDLE', rows.idle, 'dropped');
  check(OP_FREQ, 'FREQ', rows.freq, 'dropped');
  check(OP_KEY_META, 'KEY_META', rows.metadata, 'dropped');
  return found;
}

function databaseFindings(index: LoadedKeys): LoadFinding[] {
  const high = index.databases.filter(({ db }) => db >= DATABASES);
  if (high.length === 0) return [];
  const most = Math.max(...high.map(({ db }) => db));
  let offset = 0;
  for (const { start, db } of index.databaseRuns()) {
    if (db < DATABASES) continue;
    offset = index.typeOffset(start);
    break;
  }
  const what = phrase('database {0} needs the setting databases to be more than that; it is {1}', most, DATABASES);
  return [{ stops: false, what, count: high.length, offset, remedy: 'none' }];
}

function damageFindings({ problems, moreProblems }: FileFacts): LoadFinding[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [];
  const offset = Math.min(...errors.map((problem) => problem.offset));
  const what = phrase('the file is damaged');
  return [{ stops: true, what, count: errors.length + moreProblems, offset, remedy: 'left-out' }];
}
