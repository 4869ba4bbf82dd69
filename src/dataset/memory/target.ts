/** The server that a memory estimate is for: its make, version, allocator and limits. */
import type { ServerInfo } from '../server-info.js';
import type { AllocatorName } from './allocator.js';
import { DEFAULT_LIMITS, type EncodingLimits } from './limits.js';

export interface MemoryTarget {
  readonly make: ServerInfo['make'];
  /** Major and minor version as one number: 702 for 7.2. */
  readonly level: number;
  /** The third number of the version, by which some releases of a level differ; a high one where it is not known. */
  readonly patch: number;
  readonly allocator: AllocatorName;
  readonly limits: EncodingLimits;
  /**
   * True if values keep the encoding that they have in the file: the target is the server that wrote it, whose limits
   * the file shows better than any default. False if the limits decide, as on loading.
   */
  readonly asSaved: boolean;
}

/** A make and version, as somebody names it. */
export interface ServerName {
  readonly make: ServerInfo['make'];
  readonly level: number;
  readonly patch: number;
}

/** What somebody chooses of a target; what is left out follows from the file. */
export interface TargetChoice {
  readonly server?: ServerName;
  readonly allocator?: AllocatorName;
  readonly limits?: Partial<EncodingLimits>;
}

/**
 * The target for a file.
 *
 * @param writer the server that wrote the file.
 */
export function targetFor(writer: ServerInfo, choice: TargetChoice = {}): MemoryTarget {
  const { make, level, patch } = choice.server ?? { ...writer, patch: patchOf(writer) };
  const limits = { ...DEFAULT_LIMITS, ...choice.limits };
  const given = Object.keys(choice.limits ?? {}).some((name) => !WITHOUT_ENCODING.has(name));
  const asSaved = make === writer.make && level === writer.level && !given;
  return { make, level, patch, allocator: choice.allocator ?? 'jemalloc', limits, asSaved };
}

/** The newest release where nothing is known. */
const NEWEST = 99;

/** Release candidates are older than every release: their third number is large, as if they came later. */
function patchOf({ version }: ServerInfo): number {
  const patch = Number(version?.split('.')[2] ?? NEWEST);
  return Number.isNaN(patch) ? NEWEST : patch >= 100 ? 0 : patch;
}

/** Limits that decide no encoding. */
const WITHOUT_ENCODING: ReadonlySet<string> = new Set<keyof EncodingLimits>([
  'listCompressDepth',
  'streamNodeBytes',
  'streamNodeEntries',
]);

const MAKES = ['redis', 'valkey', 'keydb'] as const;

/**
 * Reads the name of a server version: `7.2`, `7.2.4`, `redis-8.0`, `valkey-9.1`, `keydb-6.3`. Without a make it is
 * Redis.
 *
 * @returns undefined if it names none.
 */
export function parseServerName(text: string): ServerName | undefined {
  const found = /^(?:(redis|valkey|keydb)[-_ @:]?)?v?(\d{1,3})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?$/i.exec(text.trim());
  if (!found) return undefined;
  const make = MAKES.find((name) => name === found[1]?.toLowerCase()) ?? 'redis';
  const level = Number(found[2]) * 100 + Math.min(99, Number(found[3] ?? 0));
  const [from, to] = KNOWN_LEVELS[make];
  const patch = found[4] === undefined ? NEWEST : Number(found[4]);
  return level >= from && level <= to ? { make, level, patch } : undefined;
}

/** The first and the last level that a name can have; later ones are counted as the newest that is known. */
const KNOWN_LEVELS: Readonly<Record<ServerInfo['make'], readonly [number, number]>> = {
  redis: [200, 9999],
  valkey: [702, 9999],
  keydb: [500, 699],
};
