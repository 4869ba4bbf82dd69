/** Random numbers and bytes that are the same for the same seed, so that a failing case can be repeated. */

/** A generator of whole numbers from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** Makes a generator (xorshift, 32 bits); seeds that are close to each other give nothing that is alike. */
export function seededRandom(seed: number): Random {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  let state = (mixed ^ (mixed >>> 16)) >>> 0 || 1;
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
