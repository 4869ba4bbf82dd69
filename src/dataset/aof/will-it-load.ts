/** What keeps a server of a release from loading an AOF: its RDB, commands that the release does not have, forms that came later. */
import { commandNamed } from '../../decoder/aof/command-table.js';
import { type Phrase, phrase } from '../../decoder/errors.js';
import { SliceSource } from '../../decoder/rdb/string.js';
import type { ExportTarget } from '../export/target.js';
import { type LoadFinding, willItLoad } from '../export/will-it-load.js';
import { FileScan } from '../file-scan.js';
import { KeyIndex } from '../key-index.js';
import type { AofSet } from './aof-set.js';
import type { CommandIndex } from './command-index.js';
import type { PartScan } from './part-scan.js';
import type { Judgement } from './verdict.js';

/** Something that the server does not take, and where. */
export interface AofLoadFinding extends LoadFinding {
  /** The part that the offset is in; null for the manifest. */
  readonly part: number | null;
  readonly file: string;
  /** In the RDB that the part begins with, whose export has the remedy; a command; or what the file itself is. */
  readonly where: 'rdb' | 'command' | 'file';
}

/** An AOF that was scanned whole. */
export interface ScannedAof {
  readonly set: AofSet;
  readonly parts: readonly PartScan[];
  readonly judgement: Judgement | undefined;
  readonly index: CommandIndex;
}

/** The release of Redis with the last commands that are also those of Valkey, which began as it. */
const SHARED_LEVEL = 702;
/** KeyDB has the commands of this release, and its own. */
const KEYDB_LEVEL = 602;
/** Releases that brought a form of file: an RDB at the start, a manifest with several files and times. */
const RDB_IN_AOF = 400;
const MANIFEST = 700;

/** Later commands of Redis that Valkey has, too, by the release of Valkey that brought them. */
const SHARED_LATER: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      ...['HEXPIRE', 'HEXPIREAT', 'HEXPIRETIME', 'HPERSIST', 'HPEXPIRE', 'HPEXPIREAT', 'HPEXPIRETIME', 'HPTTL', 'HTTL'],
      ...['HGETEX', 'HSETEX'],
    ].map((name) => [name, 900]),
  ),
  HGETDEL: 901,
  MSETEX: 901,
};

/** Rows and steps between two chances for others. */
const SLICE = 1 << 16;

/**
 * Finds everything that a server of a release would stop at, in the order in which it comes to it; behind that what it
 * loads where it is set up for it. Yields now and then.
 *
 * Options that came later than their commands are not looked at: servers load a command that they refuse, and go on.
 */
export function* aofWillLoad(aof: ScannedAof, target: ExportTarget): Generator<void, readonly AofLoadFinding[]> {
  const found: AofLoadFinding[] = [...formFindings(aof, target)];
  const loaded = aof.parts.filter(({ part }) => part.role !== 'history');
  for (const scan of loaded) found.push(...(yield* rdbFindings(scan, target)));
  found.push(...(yield* commandFindings(aof, loaded, target)));
  // As a server comes to them: the manifest, then part after part.
  return found.sort(
    (a, b) => Number(b.stops) - Number(a.stops) || (a.part ?? -1) - (b.part ?? -1) || a.offset - b.offset,
  );
}

function finding(
  file: string,
  part: number | null,
  what: Phrase,
  { stops = true, count = 1, offset = 0, where = 'file' }: Partial<AofLoadFinding> = {},
): AofLoadFinding {
  return { stops, what, count, offset, remedy: 'none', part, file, where };
}

/** What the files are, whatever is in them. */
function formFindings({ set, parts, judgement, index }: ScannedAof, target: ExportTarget): AofLoadFinding[] {
  const level = redisLevelOf(target);
  const found: AofLoadFinding[] = [];
  const { manifest } = set;
  if (manifest && level < MANIFEST) {
    found.push(finding(manifest.file, null, phrase('the server knows no manifest, and no AOF of several files')));
  }
  if (judgement && judgement.verdict !== 'loads') {
    const { cut, reason, verdict } = judgement;
    const part = cut ? set.parts[cut.part] : undefined;
    const stops = verdict === 'refused';
    const file = part?.file ?? manifest?.file ?? set.parts[0]?.file ?? '';
    found.push(finding(file, part?.part ?? null, reason, { stops, offset: cut?.at ?? 0 }));
  }
  for (const { part, rdb } of parts) {
    if (rdb && part.role === 'single' && level < RDB_IN_AOF) {
      found.push(finding(part.file, part.part, phrase('the server reads no RDB at the start of an AOF')));
    }
  }
  const timed = level < MANIFEST && index.timeRange !== null ? firstTimed(index) : undefined;
  if (timed !== undefined) {
    const { part } = index.rangeOf(timed);
    const what = phrase('the server stops at annotations of times; this command follows one');
    found.push(finding(set.parts[part].file, part, what, { offset: index.offset(timed), where: 'command' }));
  }
  return found;
}

function firstTimed(index: CommandIndex): number | undefined {
  for (let row = 0; row < index.length; row++) if (index.time(row) > 0 && !index.rangeOf(row).history) return row;
  return undefined;
}

/** The release of Redis that a server goes by. */
function redisLevelOf({ make, level }: ExportTarget): number {
  return make === 'keydb' ? KEYDB_LEVEL : level;
}

/** What is in the RDB of a part. */
function* rdbFindings({ part, rdb, rdbBytes, rdbDamaged }: PartScan, target: ExportTarget) {
  const { source, file } = part;
  // What is damaged has been judged already.
  if (!source || !rdb || rdbDamaged) return [];
  const own = new SliceSource(source, 0, rdbBytes);
  let index: KeyIndex | undefined;
  const scan = new FileScan(own, (batch, types, facts) => {
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  });
  while (scan.step()) yield;
  const { facts } = scan;
  const found = yield* willItLoad(own, facts, index ?? new KeyIndex(facts.server), target);
  return found.map((one): AofLoadFinding => ({ ...one, part: part.part, file, where: 'rdb' }));
}

/** Why a command is told of: one for all commands of a module. */
interface Reason {
  readonly what: Phrase;
  readonly stops: boolean;
}

/** Commands that the release does not have, each with how often it comes. */
function* commandFindings({ index }: ScannedAof, loaded: readonly PartScan[], target: ExportTarget) {
  const modules = new Map<string, Reason>();
  const reasons: (Reason | undefined)[] = [];
  for (const { number } of index.namesByCount()) reasons[number] = reasonFor(index.nameText(number), target, modules);
  if (reasons.every((reason) => !reason)) return [];
  const found: AofLoadFinding[] = [];
  for (const { part } of loaded) {
    const places = new Map<Reason, { count: number; readonly offset: number }>();
    const [from, to] = index.commandsOf(part.part) ?? [0, 0];
    for (let row = from; row < to; row++) {
      if (row % SLICE === 0) yield;
      const reason = reasons[index.name(row)];
      if (!reason) continue;
      const place = places.get(reason);
      if (place) place.count++;
      else places.set(reason, { count: 1, offset: index.offset(row) });
    }
    for (const [{ what, stops }, place] of places) {
      found.push(finding(part.file, part.part, what, { stops, ...place, where: 'command' }));
    }
  }
  return found;
}

function reasonFor(name: string, target: ExportTarget, modules: Map<string, Reason>): Reason | undefined {
  const since = commandNamed(name)?.since;
  if (since === undefined) {
    // A command of no server is in the verdict; one of a module that is not known may well be known to the server.
    return name.includes('.')
      ? { what: phrase('the command {0} needs the module that it is of', name), stops: false }
      : undefined;
  }
  const module = moduleOf(since);
  if (module === undefined) {
    return hasCommand(name, since, target)
      ? undefined
      : { what: phrase('the server does not know the command {0}', name), stops: true };
  }
  const known = modules.get(module) ?? { what: phrase('commands of {0} need that module', module), stops: false };
  modules.set(module, known);
  return known;
}

/** The module of a command, by what brought it; undefined for one of a server. */
function moduleOf(since: string): string | undefined {
  const make = since.replace(/ ?[\d.]+$/, '');
  return make === '' || make === 'Valkey' || make === 'KeyDB' ? undefined : make;
}

/** True if a release has a command. @param since what brought it: `7.4.0` of Redis, `Valkey 9.0.0`, `KeyDB 6.0`. */
function hasCommand(name: string, since: string, target: ExportTarget): boolean {
  const [, make = '', major, minor = '0'] = /^(?:(\w+) )?(\d+)(?:\.(\d+))?/.exec(since) ?? [];
  const level = Number(major) * 100 + Number(minor);
  if (make === 'KeyDB') return target.make === 'keydb';
  if (make === 'Valkey') return target.make === 'valkey' && target.level >= level;
  if (target.make !== 'valkey') return redisLevelOf(target) >= level;
  return level <= SHARED_LEVEL || target.level >= (SHARED_LATER[name] ?? Number.POSITIVE_INFINITY);
}
