/** Random numbers and bytes that are the same for the same seed, so that a failing case can be repeated. */

/** A generator of whole numbers from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** Makes a generator (xorshift, 32 bits). */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

/** Random bytes. */
export function seededBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random(256));
}
