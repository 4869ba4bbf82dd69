/** How large keys are: a histogram in powers of two by type, with percentiles. */
import { type Amount, Amounts, type AnalysedKeys, eachRow, typesOf } from './keys.js';

/** A part of the scale. */
export interface SizeBucket extends Amount {
  /** Bytes of keys in it, both ends included. */
  readonly min: number;
  readonly max: number;
  /** Keys by type, in the order of {@link SizeDistribution.types}. */
  readonly byType: readonly number[];
}

/** Percentiles of sizes, in bytes: 1.6 % too high at most. */
export interface Percentiles {
  readonly type: string;
  readonly keys: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface SizeDistribution {
  /** The types that occur, the most frequent first. */
  readonly types: readonly string[];
  /** From the first that holds a key to the last. */
  readonly buckets: readonly SizeBucket[];
  /** Of all keys, and of each type. */
  readonly percentiles: readonly Percentiles[];
}

/** Fine buckets in a power of two. */
const FINE = 64;
const POWERS = 54;

/** Measures sizes. @param by bytes in the file, or memory. Yields between 0 and 1, how much is done. */
export function* sizeDistribution(keys: AnalysedKeys, by: 'bytes' | 'memory'): Generator<number, SizeDistribution> {
  const { index } = keys;
  const { types, typeOfKind } = typesOf(index);
  const amounts = new Amounts(POWERS);
  const coarse = new Float64Array(POWERS * types.length);
  // Module types may be many, and each has its own fine scale.
  const fine = types.map(() => new Uint32Array(FINE * POWERS));
  const sums = new Float64Array(types.length);
  const counts = new Float64Array(types.length);
  const greatest = new Float64Array(types.length);
  yield* eachRow(keys, (row, bytes, memory) => {
    const size = by === 'bytes' ? bytes : memory;
    const power = powerOf(size);
    const type = typeOfKind[index.kind(row)];
    amounts.add(power, bytes, memory);
    coarse[power * types.length + type]++;
    fine[type][fineBucket(size, power)]++;
    sums[type] += size;
    counts[type]++;
    if (size > greatest[type]) greatest[type] = size;
  });
  const order = types.map((_, i) => i).filter((i) => counts[i] > 0);
  order.sort((a, b) => counts[b] - counts[a]);
  const used = Array.from({ length: POWERS }, (_, power) => power).filter((power) => amounts.keys[power] > 0);
  const buckets: SizeBucket[] = [];
  for (let power = used[0] ?? 0; power <= (used.at(-1) ?? -1); power++) {
    buckets.push({
      ...amounts.at(power),
      min: power === 0 ? 0 : 2 ** power,
      max: 2 ** (power + 1) - 1,
      byType: order.map((type) => coarse[power * types.length + type]),
    });
  }
  const all = new Uint32Array(FINE * POWERS);
  for (const one of fine) for (let i = 0; i < all.length; i++) all[i] += one[i];
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const percentiles = [
    percentilesOf('', all, sum(counts), sum(sums), Math.max(0, ...greatest)),
    ...order.map((type) => percentilesOf(types[type], fine[type], counts[type], sums[type], greatest[type])),
  ];
  return { types: order.map((type) => types[type]), buckets, percentiles };
}

/** The power of two that a size is in, at least 0. */
function powerOf(size: number): number {
  if (size < 2) return 0;
  return size < 2 ** 31 ? 31 - Math.clz32(size) : Math.min(POWERS - 1, 62 - Math.clz32(size / 2 ** 31));
}

/** The fine bucket of a size: exact up to 64 bytes. */
function fineBucket(size: number, power: number): number {
  if (size < FINE) return Math.floor(size);
  return power * FINE + Math.floor((size / 2 ** power - 1) * FINE);
}

/** The greatest size of a fine bucket. */
function fineMax(bucket: number): number {
  if (bucket < FINE) return bucket;
  const power = Math.floor(bucket / FINE);
  return Math.ceil(2 ** power * (1 + ((bucket % FINE) + 1) / FINE)) - 1;
}

function percentilesOf(type: string, fine: Uint32Array, keys: number, sum: number, max: number): Percentiles {
  const at = (share: number) => {
    let left = Math.max(1, Math.ceil(keys * share));
    for (let bucket = 0; bucket < fine.length; bucket++) {
      left -= fine[bucket];
      if (left <= 0) return Math.min(max, fineMax(bucket));
    }
    return 0;
  };
  const mean = keys === 0 ? 0 : sum / keys;
  return { type, keys, mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), max };
}
