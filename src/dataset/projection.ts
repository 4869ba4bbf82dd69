/** Vectors of many dimensions in a plane: along the two directions in which they are spread most (principal components). */

/** Where vectors are in the plane. */
export interface Projection {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** How much of the spread the two directions tell, from 0 to 1 each. */
  readonly shares: readonly [number, number];
}

/** Rounds in which a direction is found: more make no difference that could be seen. */
const ROUNDS = 40;

/**
 * Projects vectors by their direction, as their similarity is measured. Yields after each round.
 *
 * @param components of all vectors, one behind the other; they are normalised and centred in place.
 */
export function* project(components: Float32Array, dimension: number): Generator<void, Projection> {
  const count = Math.floor(components.length / Math.max(1, dimension));
  const spread = centre(components, dimension, count);
  const first = yield* direction(components, dimension, count, undefined);
  const second = yield* direction(components, dimension, count, first.axis);
  const share = (strength: number) => (spread > 0 ? strength / spread : 0);
  return { x: first.places, y: second.places, shares: [share(first.strength), share(second.strength)] };
}

/** Makes all vectors one long, and their mean zero. @returns the sum of the squares of what is left. */
function centre(components: Float32Array, dimension: number, count: number): number {
  const mean = new Float64Array(dimension);
  for (let row = 0; row < count; row++) {
    const vector = components.subarray(row * dimension, (row + 1) * dimension);
    let squares = 0;
    for (const component of vector) squares += component * component;
    // What is no number, or too large for one, has no direction.
    const scale = squares > 0 && Number.isFinite(squares) ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < dimension; i++) {
      vector[i] = scale === 0 ? 0 : vector[i] * scale;
      mean[i] += vector[i] / count;
    }
  }
  let spread = 0;
  for (let at = 0; at < count * dimension; at++) {
    components[at] -= mean[at % dimension];
    spread += components[at] * components[at];
  }
  return spread;
}

/** The direction of most spread, by power iteration. @param other a direction that it must be at a right angle to. */
function* direction(
  components: Float32Array,
  dimension: number,
  count: number,
  other: Float64Array | undefined,
): Generator<void, { axis: Float64Array; places: Float64Array; strength: number }> {
  let axis = unit(
    Float64Array.from({ length: dimension }, (_, i) => Math.sin(i + 1)),
    other,
  );
  const places = new Float64Array(count);
  let strength = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(dimension);
    strength = 0;
    for (let row = 0; row < count; row++) {
      const start = row * dimension;
      let place = 0;
      for (let i = 0; i < dimension; i++) place += components[start + i] * axis[i];
      for (let i = 0; i < dimension; i++) next[i] += components[start + i] * place;
      places[row] = place;
      strength += place * place;
    }
    if (round < ROUNDS - 1) axis = unit(next, other);
    yield;
  }
  return { axis, places, strength };
}

/** A direction one long, without what of it lies along another. */
function unit(axis: Float64Array, other: Float64Array | undefined): Float64Array {
  let along = 0;
  if (other) for (let i = 0; i < axis.length; i++) along += axis[i] * other[i];
  let squares = 0;
  for (let i = 0; i < axis.length; i++) {
    axis[i] -= along * (other?.[i] ?? 0);
    squares += axis[i] * axis[i];
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return axis.map((component) => component * scale);
}
