/** What types and encodings take, and which keys are about to change to an encoding that costs more. */

import { keyMemory } from '../memory/column.js';
import { type Amount, Amounts, type AnalysedKeys, eachRow } from './keys.js';

/** Keys of one type and encoding. */
export interface EncodingShare extends Amount {
  readonly type: string;
  readonly encoding: string | null;
  /** Elements of all of them; of strings, their bytes. */
  readonly elements: number;
  readonly expiring: number;
}

/** Keys that are a few elements away from another encoding. */
export interface NearThreshold extends Amount {
  readonly type: string;
  readonly encoding: string;
  /** What they change to. */
  readonly becomes: string;
  /** The setting that says when. */
  readonly setting: string;
  /** The most elements of the compact encoding, and from how many on keys are counted. */
  readonly limit: number;
  readonly from: number;
  /** Bytes of memory that it costs if all of them change; about. */
  readonly cost: number;
}

/** The most elements that values keep their compact encoding with. */
export interface EntryLimits {
  readonly hashEntries: number;
  readonly zsetEntries: number;
  readonly intsetEntries: number;
  readonly setEntries: number;
}

export const DEFAULT_ENTRY_LIMITS: EntryLimits = {
  hashEntries: 512,
  zsetEntries: 128,
  intsetEntries: 512,
  setEntries: 128,
};

export interface TypeShares {
  /** The most bytes first. */
  readonly shares: readonly EncodingShare[];
  readonly near: readonly NearThreshold[];
}

/** Keys of which is measured what they would cost in the other encoding; the rest is taken to cost as much. */
const MEASURED = 100;
/** Keys with at least this share of the elements that are allowed are near the limit. */
const NEAR = 0.9;

interface Threshold {
  readonly type: string;
  readonly encodings: readonly string[];
  readonly limit: keyof EntryLimits;
  readonly becomes: string;
  readonly setting: string;
  /**
   * Where memory is not estimated: bytes that an element costs more behind the limit: the entry of a hash table (24) with its share of the buckets
   * (12) and headers and rounding of strings of their own, against the headers in the compact encoding.
   */
  readonly cost: number;
}

const THRESHOLDS: readonly Threshold[] = [
  {
    type: 'hash',
    encodings: ['listpack', 'ziplist', 'zipmap', 'listpackex'],
    limit: 'hashEntries',
    becomes: 'hashtable',
    setting: 'hash-max-listpack-entries',
    cost: 50,
  },
  {
    type: 'zset',
    encodings: ['listpack', 'ziplist'],
    limit: 'zsetEntries',
    becomes: 'skiplist',
    setting: 'zset-max-listpack-entries',
    cost: 92,
  },
  {
    type: 'set',
    encodings: ['intset'],
    limit: 'intsetEntries',
    becomes: 'hashtable',
    setting: 'set-max-intset-entries',
    cost: 48,
  },
  {
    type: 'set',
    encodings: ['listpack'],
    limit: 'setEntries',
    becomes: 'hashtable',
    setting: 'set-max-listpack-entries',
    cost: 42,
  },
];

/** Counts keys by type and encoding. Yields between 0 and 1, how much is done. */
export function* typeShares(
  keys: AnalysedKeys,
  limits: EntryLimits = keys.index.costs?.target.limits ?? DEFAULT_ENTRY_LIMITS,
): Generator<number, TypeShares> {
  const { index } = keys;
  const { kinds } = index;
  const amounts = new Amounts(kinds.length);
  const elements = new Float64Array(kinds.length);
  const expiring = new Float64Array(kinds.length);
  const near = new Amounts(kinds.length);
  const nearElements = new Float64Array(kinds.length);
  const nearRows: number[][] = kinds.map(() => []);
  const thresholds = kinds.map(({ type, encoding }) =>
    THRESHOLDS.find((one) => one.type === type && encoding !== null && one.encodings.includes(encoding)),
  );
  const limitOf = Float64Array.from(thresholds, (one) => (one ? limits[one.limit] : Number.POSITIVE_INFINITY));
  const fromOf = limitOf.map((limit) => Math.ceil(limit * NEAR));
  yield* eachRow(keys, (row, bytes, memory) => {
    const kind = index.kind(row);
    const count = index.elements(row);
    amounts.add(kind, bytes, memory);
    if (count > 0) elements[kind] += count;
    if (!Number.isNaN(index.expireAt(row))) expiring[kind]++;
    if (count >= fromOf[kind] && count <= limitOf[kind]) {
      near.add(kind, bytes, memory);
      nearElements[kind] += count;
      if (nearRows[kind].length < MEASURED) nearRows[kind].push(row);
    }
  });
  const all = kinds.map((_, kind) => kind).filter((kind) => amounts.keys[kind] > 0);
  // Values of one encoding can have several types in the file.
  const shares = new Map<string, EncodingShare>();
  for (const kind of all) {
    const { type, encoding } = kinds[kind];
    const own = amounts.at(kind);
    const known = shares.get(`${type} ${encoding}`);
    shares.set(`${type} ${encoding}`, {
      type,
      encoding,
      keys: own.keys + (known?.keys ?? 0),
      bytes: own.bytes + (known?.bytes ?? 0),
      memory: own.memory + (known?.memory ?? 0),
      elements: elements[kind] + (known?.elements ?? 0),
      expiring: expiring[kind] + (known?.expiring ?? 0),
    });
  }
  return {
    shares: [...shares.values()].sort((a, b) => b.bytes - a.bytes),
    near: all.flatMap((kind): NearThreshold[] => {
      const threshold = thresholds[kind];
      if (!threshold || near.keys[kind] === 0) return [];
      const { becomes, setting } = threshold;
      const { type, encoding } = kinds[kind];
      return [
        {
          ...near.at(kind),
          type,
          encoding: encoding ?? '',
          becomes,
          setting,
          limit: limitOf[kind],
          from: fromOf[kind],
          cost: Math.round(
            crossingCost(keys, threshold, nearRows[kind], near.keys[kind]) ?? nearElements[kind] * threshold.cost,
          ),
        },
      ];
    }),
  };
}

/**
 * What some keys cost more in memory if their type had no compact encoding: measured by the model that the estimates
 * of the keys are from.
 *
 * @param rows some of them, and `all` how many there are.
 * @returns undefined where memory is not estimated.
 */
function crossingCost(
  { file, index }: AnalysedKeys,
  { limit }: Threshold,
  rows: readonly number[],
  all: number,
): number | undefined {
  const { costs } = index;
  if (!costs || rows.length === 0 || costs.length < index.length) return undefined;
  const { target } = costs;
  const changed = { ...target, asSaved: false, limits: { ...target.limits, setEntries: 0, [limit]: 0 } };
  let more = 0;
  for (const row of rows) more += keyMemory(file.source, index, row, changed).bytes - costs.at(row);
  return Math.max(0, (more * all) / rows.length);
}
