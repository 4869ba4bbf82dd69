/** Scores of sorted sets that GEOADD has written: 52 bits in which longitude and latitude take turns. */

/** The latitudes of Web Mercator, between which servers keep points. */
const LATITUDE_LIMIT = 85.05112878;
const SCORE_LIMIT = 2 ** 52;

/** A point on the earth, in degrees. */
export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** The bits at even positions of a number below 2^52, as a number below 2^26. */
function evenBits(score: bigint): number {
  let bits = 0;
  for (let i = 0; i < 26; i++) bits += Number((score >> BigInt(2 * i)) & 1n) * 2 ** i;
  return bits;
}

/** The point of a score, as GEOPOS gives it: the middle of its cell. @returns undefined if it is no geohash. */
export function geoPoint(score: number): GeoPoint | undefined {
  if (!Number.isInteger(score) || score < 0 || score >= SCORE_LIMIT) return undefined;
  const bits = BigInt(score);
  const cell = (half: number, limit: number) => -limit + (2 * limit * (half + 0.5)) / 2 ** 26;
  return { longitude: cell(evenBits(bits >> 1n), 180), latitude: cell(evenBits(bits), LATITUDE_LIMIT) };
}

/**
 * Scores below it are of the corner of the map where nobody lives, west of 157.5° W and south of 74.4° S: small numbers,
 * and times in ms, are among them.
 */
const LEAST = 2 ** 44;

/**
 * True if scores look like geohashes. They are 52-bit integers, most of them large; other scores seldom are.
 *
 * @param scores the first of the set.
 */
export function looksLikeGeo(scores: readonly number[]): boolean {
  return scores.length > 0 && scores.every((score) => geoPoint(score) !== undefined && score >= LEAST);
}
