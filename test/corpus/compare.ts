/** Compares what the decoder makes of a dump with what the server that wrote it said was in it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeLines } from './decode-lines.js';

/** One line of a ground truth, or of the decoder. */
export type Truth = Record<string, unknown>;

/** What the comparison of a dump found. */
export interface Comparison {
  readonly keys: number;
  /** Keys whose encoding the file determines and which were compared. */
  readonly encodings: number;
  readonly typeCodes: ReadonlySet<number>;
  readonly mismatches: readonly string[];
}

/** The numbers that JSON cannot hold exactly become text, so that they compare exactly. */
export function parseLine(line: string): Truth {
  return JSON.parse(line.replace(/([:,[])(-?\d{16,})(?=[,}\]])/g, '$1"$2"')) as Truth;
}

/** The ground truth of a variant, by database and key. */
export function readTruth(folder: string, name: string): Map<string, Truth> {
  const file = path.join(folder, name);
  const bytes = readFileSync(file);
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const truth = new Map<string, Truth>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const key = parseLine(line);
    truth.set(`${key.db} ${key.key}`, key);
  }
  return truth;
}

/** True if the folder holds a dump with its ground truth. */
export function isVariant(folder: string): boolean {
  return existsSync(path.join(folder, 'summary.json')) && existsSync(path.join(folder, 'dump.rdb'));
}

/** Decodes the dump of a variant and compares every key. */
export function compareVariant(folder: string): Comparison {
  const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as {
    truth: string;
    label: string;
    aux?: [string, string][];
    functions?: unknown[];
    checksum: string;
    magic: string;
  };
  const truth = readTruth(folder, summary.truth);
  const mismatches: string[] = [];
  const decoded = decodeLines(path.join(folder, 'dump.rdb'));
  for (const problem of decoded.problems) mismatches.push(`problem: ${problem}`);
  if (decoded.magic !== summary.magic) mismatches.push(`magic ${decoded.magic} instead of ${summary.magic}`);
  let encodings = 0;
  const seen = new Set<string>();
  for (const line of decoded.lines) {
    const key = parseLine(line);
    const name = `${key.db} ${key.key}`;
    const expected = truth.get(name);
    if (seen.has(name)) mismatches.push(`${name}: twice`);
    seen.add(name);
    if (!expected) {
      mismatches.push(`${name}: not in the truth`);
      continue;
    }
    for (const field of ['type', 'expireAtMs', 'metadata'] as const) {
      if (JSON.stringify(key[field]) !== JSON.stringify(expected[field])) {
        mismatches.push(
          `${name}: ${field} ${JSON.stringify(key[field])} instead of ${JSON.stringify(expected[field])}`,
        );
      }
    }
    if (expected.freq !== undefined && key.freq !== expected.freq) {
      mismatches.push(`${name}: freq ${key.freq} instead of ${expected.freq}`);
    }
    if (key.idle !== undefined && !(Math.abs(Number(key.idle) - Number(expected.idle)) <= 2)) {
      mismatches.push(`${name}: idle ${key.idle} instead of ${expected.idle}`);
    }
    if (tellsEncoding(expected, summary.label)) {
      encodings++;
      if (key.encoding !== expected.encoding) {
        mismatches.push(`${name}: ${key.type} encoding ${key.encoding} instead of ${expected.encoding}`);
      }
    }
    const difference = differs(key.type as string, key.value, expected.value, summary.label.startsWith('redis-5.0'));
    if (difference) mismatches.push(`${name}: ${key.type}: ${difference}`);
  }
  for (const name of truth.keys()) if (!seen.has(name)) mismatches.push(`${name}: missing`);
  return { keys: seen.size, encodings, typeCodes: decoded.typeCodes, mismatches };
}

/** True where the file determines the encoding that the server had. */
function tellsEncoding(key: Truth, label: string): boolean {
  // A string that was changed in place stays raw, however short; the file has only its bytes.
  if (key.type === 'string') return key.encoding === 'int';
  // 2.2 wrote everything as if it were large; 5.0 had no name for the encoding of streams.
  if (label === 'redis-2.2.15') return false;
  return key.encoding !== null && key.encoding !== undefined && key.encoding !== 'unknown' && key.type !== 'list';
}

function differs(type: string, actual: unknown, expected: unknown, approximate: boolean): string | undefined {
  switch (type) {
    case 'zset':
      return zsetDiffers(actual as [string, string][], expected as [string, string][]);
    case 'stream':
      return streamDiffers(actual as Truth, expected as Truth, approximate);
    case 'vectorset':
      return vectorsDiffer(actual as Truth, expected as Truth);
    default:
      return same(actual, expected);
  }
}

function same(actual: unknown, expected: unknown): string | undefined {
  const a = JSON.stringify(actual);
  const e = JSON.stringify(expected);
  return a === e ? undefined : `${a?.slice(0, 300)} instead of ${e?.slice(0, 300)}`;
}

/** Scores as numbers; the order is theirs, then the bytes'. */
function zsetDiffers(actual: [string, string][], expected: [string, string][]): string | undefined {
  const normal = (rows: [string, string][]) =>
    rows.map(([member, score]) => [member, Number(score.replace('inf', 'Infinity'))]);
  return same(normal(actual).map(String), normal(expected).map(String));
}

function streamDiffers(actual: Truth, expected: Truth, approximate: boolean): string | undefined {
  for (const field of ['entries', 'length', 'lastId', 'firstId', 'maxDeletedId', 'entriesAdded']) {
    const difference = same(actual[field], expected[field]);
    if (difference && !(field === 'firstId' && expected.length === 0)) return `${field}: ${difference}`;
  }
  if (expected.extra) {
    const difference = same(actual.extra, expected.extra);
    if (difference) return `extra: ${difference}`;
  }
  const times = new Set(['deliveryTimeMs', 'seenTimeMs', 'activeTimeMs']);
  return deepDiffers(actual.groups, expected.groups, 'groups', (field, a, e) => {
    return approximate && times.has(field) && Math.abs(Number(a) - Number(e)) <= 50;
  });
}

/** Compares field by field; fields that the truth does not have are not compared. */
function deepDiffers(
  actual: unknown,
  expected: unknown,
  at: string,
  near: (field: string, actual: unknown, expected: unknown) => boolean,
): string | undefined {
  if (typeof expected !== 'object' || expected === null) {
    const field = at.slice(at.lastIndexOf('.') + 1);
    return near(field, actual, expected) ? undefined : same(actual, expected) && `${at}: ${same(actual, expected)}`;
  }
  if (typeof actual !== 'object' || actual === null) return `${at}: missing`;
  if (Array.isArray(expected) && (actual as unknown[]).length !== expected.length) {
    return `${at}: ${(actual as unknown[]).length} instead of ${expected.length}`;
  }
  for (const [field, value] of Object.entries(expected)) {
    // A mark of the truth about itself.
    if (field === 'approx') continue;
    const difference = deepDiffers((actual as Truth)[field], value, `${at}.${field}`, near);
    if (difference) return difference;
  }
  return undefined;
}

/** Vectors are compared as floats: the server prints them after its own arithmetic. */
function vectorsDiffer(actual: Truth, expected: Truth): string | undefined {
  const elements = (truth: Truth) => truth.elements as { element: string; vector: string[]; attributes?: string }[];
  const a = elements(actual);
  const byName = new Map(a.map((element) => [element.element, element]));
  if (a.length !== elements(expected).length) return `${a.length} elements`;
  for (const element of elements(expected)) {
    const own = byName.get(element.element);
    if (!own) return `element ${element.element} is missing`;
    if (same(own.attributes, element.attributes ?? undefined)) return `attributes of ${element.element}`;
    for (const [i, component] of element.vector.entries()) {
      const difference = Math.abs(Number(own.vector[i]) - Number(component));
      if (!(difference <= 1e-6 * Math.max(1, Math.abs(Number(component))))) {
        return `${element.element}[${i}]: ${own.vector[i]} instead of ${component}`;
      }
    }
  }
  const info = actual.info as Truth;
  for (const [field, value] of Object.entries(expected.info as Truth)) {
    if (info[field] !== undefined && info[field] !== value) return `${field} ${info[field]} instead of ${value}`;
  }
  return undefined;
}
