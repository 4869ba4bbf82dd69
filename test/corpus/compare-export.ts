/** Compares what exports hold with what the dump holds that they were made of. */
import { openPlainKeys } from '../../src/dataset/export/plain/plain-keys.js';
import type { LeftOut, Loss } from '../../src/dataset/export/report.js';
import type { ExportTarget } from '../../src/dataset/export/target.js';
import { MemorySource } from '../../src/decoder/source.js';
import { parseLine, type Truth } from './compare.js';
import { type Decoded, decodeSource } from './decode-lines.js';
import { exportBytes } from './export-bytes.js';

/** What came of the exports of a dump. */
export interface ExportComparison {
  readonly keys: number;
  readonly leftOut: ReadonlyMap<LeftOut, number>;
  readonly losses: ReadonlyMap<Loss, number>;
  readonly mismatches: readonly string[];
}

/** What a key is compared by: everything but its encoding, and the order in which elements stand. */
export function comparable(key: Truth): string {
  const { encoding: _, ...rest } = key;
  const value = rest.value;
  if (Array.isArray(value) && ['set', 'hash', 'zset'].includes(String(rest.type))) {
    rest.value = value.map((item) => JSON.stringify(item)).sort();
  }
  if (rest.type === 'hash' && Array.isArray(rest.memberExpiresAtMs)) rest.memberExpiresAtMs.sort();
  return JSON.stringify(rest);
}

/** A line whose strings may hold anything: numbers that JSON cannot hold exactly become text, but not those in strings. */
export function parseReadable(line: string): Truth {
  const exact = line.replace(/"(?:[^"\\]|\\.)*"|(?<=[:,[])-?\d{16,}(?=[,}\]])/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  );
  return JSON.parse(exact) as Truth;
}

/** Keys by database and name. */
function byName(keys: readonly Truth[]): Map<string, Truth> {
  return new Map(keys.map((key) => [`${key.db} ${key.key}`, key]));
}

/** Exports a dump as an RDB for the server that wrote it, and as JSON in both ways; nothing may be different. */
export function compareSame(bytes: Uint8Array, trusted: boolean): ExportComparison {
  const decoded = decodeSource(new MemorySource(bytes));
  const mismatches: string[] = [];
  const rdb = exportBytes(bytes, { format: 'rdb' }, trusted);
  const again = decodeSource(new MemorySource(rdb.bytes));
  if (again.magic !== decoded.magic) mismatches.push(`magic ${again.magic} instead of ${decoded.magic}`);
  mismatches.push(...again.problems.map((problem) => `the RDB: ${problem}`));
  mismatches.push(...difference(again, decoded, 'RDB'));
  for (const base64 of [true, false]) {
    const json = exportBytes(bytes, { format: 'jsonl', base64 }, trusted, { openPlain: openPlainKeys });
    const keys = json.bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (base64 ? parseLine(line) : binaryKey(parseReadable(line))));
    mismatches.push(...differenceOf(keys, decoded.lines.map(parseLine), base64 ? 'Base64' : 'JSON'));
  }
  const count = <Kind>(all: readonly { readonly kind: Kind; readonly count: number }[]) =>
    new Map(all.map(({ kind, count: times }) => [kind, times]));
  const { leftOut, losses, keys } = rdb.report;
  return { keys, leftOut: count(leftOut), losses: count(losses), mismatches };
}

/** Exports a dump for a server, and compares what can be. */
export function compareFor(bytes: Uint8Array, target: ExportTarget): ExportComparison {
  const decoded = decodeSource(new MemorySource(bytes));
  const { bytes: written, report } = exportBytes(bytes, { format: 'rdb', target, dropFieldExpiry: true });
  const again = decodeSource(new MemorySource(written));
  const mismatches = again.problems.map((problem) => `the RDB: ${problem}`);
  const wanted = byName(decoded.lines.map(parseLine));
  let compared = 0;
  for (const line of again.lines) {
    const key = parseLine(line);
    const expected = wanted.get(`${key.db} ${key.key}`);
    if (!expected) {
      mismatches.push(`${key.db} ${key.key}: made up`);
      continue;
    }
    compared++;
    const own = comparable(reduced(key, expected, target));
    const other = comparable(reduced(expected, key, target));
    if (own !== other) mismatches.push(`${key.db} ${key.key}: ${own.slice(0, 300)} instead of ${other.slice(0, 300)}`);
  }
  const left = report.leftOut.reduce((sum, { count }) => sum + count, 0);
  if (compared + left !== decoded.lines.length) {
    mismatches.push(`${compared} keys and ${left} left out of ${decoded.lines.length}`);
  }
  const count = <Kind>(all: readonly { readonly kind: Kind; readonly count: number }[]) => {
    const counts = new Map<Kind, number>();
    for (const { kind, count: times } of all) counts.set(kind, (counts.get(kind) ?? 0) + times);
    return counts;
  };
  return { keys: compared, leftOut: count(report.leftOut), losses: count(report.losses), mismatches };
}

/** RDB versions that brought something. */
const ACCESS = 9;
const MILLISECONDS = 3;

/** Without what the server has no place for. */
function reduced(key: Truth, other: Truth, target: ExportTarget): Truth {
  const { metadata: _, memberExpiresAtMs, ...rest } = structuredClone(key) as Truth;
  if (target.make === 'keydb' && memberExpiresAtMs !== undefined) rest.memberExpiresAtMs = memberExpiresAtMs;
  if (target.rdbVersion >= 13 && target.rdbVersion < 80 && key.metadata && other.metadata) rest.metadata = key.metadata;
  if (target.rdbVersion < ACCESS) {
    rest.idle = undefined;
    rest.freq = undefined;
  }
  if (target.rdbVersion < MILLISECONDS && typeof rest.expireAtMs === 'number') {
    rest.expireAtMs = Math.ceil(rest.expireAtMs / 1000) * 1000;
  }
  if (rest.type === 'hash') {
    const pairs = rest.value as [string, string, number?][];
    const others = other.value as [string, string, number?][];
    // Fields lose their expiry where the server knows none.
    if (!others.some((pair) => pair.length > 2)) rest.value = pairs.map(([field, value]) => [field, value]);
  }
  if (rest.type === 'stream') rest.value = commonParts(rest.value as Truth, other.value as Truth);
  return rest;
}

/** A stream with what the other one says of itself too. */
function commonParts(stream: unknown, other: unknown): unknown {
  if (Array.isArray(stream)) return stream.map((item, i) => commonParts(item, (other as unknown[] | undefined)?.[i]));
  if (typeof stream !== 'object' || stream === null) return stream;
  const kept: Truth = {};
  for (const [name, value] of Object.entries(stream)) {
    const theirs = (other as Truth | undefined)?.[name];
    if (theirs !== undefined) kept[name] = commonParts(value, theirs);
  }
  return kept;
}

function difference(one: Decoded, other: Decoded, what: string): string[] {
  return differenceOf(one.lines.map(parseLine), other.lines.map(parseLine), what);
}

function differenceOf(keys: readonly Truth[], expected: readonly Truth[], what: string): string[] {
  const mismatches: string[] = [];
  const theirs = byName(expected);
  if (keys.length !== expected.length) mismatches.push(`${what}: ${keys.length} keys instead of ${expected.length}`);
  for (const [name, key] of byName(keys)) {
    const wanted = theirs.get(name);
    const own = comparable(key);
    const other = wanted ? comparable(wanted) : 'nothing';
    if (own !== other) mismatches.push(`${what}: ${name}: ${own.slice(0, 300)} instead of ${other.slice(0, 300)}`);
  }
  return mismatches;
}

/** A key of the readable JSON with all strings as Base64 again: read by the type, not by the code that wrote it. */
export function binaryKey(key: Truth): Truth {
  const result: Truth = { ...key, key: binary(key.key) };
  const { value } = key;
  switch (key.type) {
    case 'string':
      result.value = binary(value);
      break;
    case 'list':
    case 'set':
      result.value = (value as unknown[]).map(binary);
      break;
    case 'zset':
      result.value = (value as [unknown, string][]).map(([member, score]) => [binary(member), score]);
      break;
    case 'hash':
      result.value = (value as unknown[][]).map(([field, text, ...rest]) => [binary(field), binary(text), ...rest]);
      break;
    case 'stream':
      result.value = binaryStream(value as Truth);
      break;
    case 'vectorset':
    case 'cronjob':
    case 'array':
      result.value = binaryAll(value);
      break;
    default:
      result.value = binaryAll(value);
  }
  if (key.metadata) result.metadata = binaryAll(key.metadata);
  if (key.cron) result.cron = binaryAll(key.cron);
  if (Array.isArray(key.memberExpiresAtMs)) {
    result.memberExpiresAtMs = key.memberExpiresAtMs.map((pair) => [
      binary((pair as unknown[])[0]),
      (pair as unknown[])[1],
    ]);
  }
  return result;
}

function binary(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('base64');
  return (value as { base64: string }).base64;
}

/** Names of members whose strings are bytes, in values that have others too. */
const BYTES = new Set(['string', 'element', 'attributes', 'json', 'script', 'keys', 'args', 'KMT1', 'KMT2']);

function binaryAll(value: unknown, within = ''): unknown {
  if (typeof value === 'string') return BYTES.has(within) || /^KMT\d$/.test(within) ? binary(value) : value;
  if (Array.isArray(value)) return value.map((item) => binaryAll(item, within));
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value) return value.base64;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, binaryAll(item, name)]));
}

function binaryStream(stream: Truth): Truth {
  const entries = stream.entries as { id: string; fields: unknown[][] }[];
  const groups = stream.groups as Truth[];
  return {
    ...stream,
    entries: entries.map(({ id, fields }) => ({ id, fields: fields.map((pair) => pair.map(binary)) })),
    groups: groups.map((group) => ({
      ...group,
      name: binary(group.name),
      pending: (group.pending as Truth[]).map((entry) => ({
        ...entry,
        consumer: entry.consumer === null ? null : binary(entry.consumer),
      })),
      consumers: (group.consumers as Truth[]).map((consumer) => ({ ...consumer, name: binary(consumer.name) })),
    })),
  };
}
