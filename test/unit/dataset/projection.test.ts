/** Vectors in a plane: what is spread most is seen, whatever the dimension and whatever the numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Projection, project } from '../../../src/dataset/projection.js';
import { seededRandom } from '../support/random.js';

function projected(vectors: readonly (readonly number[])[]): Projection {
  const work = project(Float32Array.from(vectors.flat()), vectors[0]?.length ?? 0);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

const distance = ({ x, y }: Projection, a: number, b: number) => Math.hypot(x[a] - x[b], y[a] - y[b]);

describe('the projection of vectors', () => {
  it('keeps groups apart, and together what is alike', () => {
    const seed = 42;
    const random = seededRandom(seed);
    // Three groups, each along an axis of its own of 64, with some noise.
    const vectors = Array.from({ length: 90 }, (_, i) =>
      Array.from({ length: 64 }, (_, axis) => (axis === (i % 3) * 20 ? 10 : 0) + random(100) / 100),
    );
    const plane = projected(vectors);
    for (let i = 3; i < 90; i++) {
      const own = distance(plane, i, i % 3);
      assert.ok(own < 0.2, `seed ${seed}: ${i} is ${own} from its group`);
      for (const other of [1, 2]) assert.ok(distance(plane, i, (i + other) % 3) > 1, `seed ${seed}: ${i}`);
    }
    assert.ok(plane.shares[0] + plane.shares[1] > 0.9 && plane.shares[0] >= plane.shares[1] - 0.01);
  });

  it('looks at directions, not at lengths', () => {
    const plane = projected([
      [1, 0],
      [1000, 0],
      [0, 1],
      [0, 1e-6],
    ]);
    assert.ok(distance(plane, 0, 1) < 1e-6 && distance(plane, 2, 3) < 1e-6 && distance(plane, 0, 2) > 1);
  });

  it('gives numbers for vectors that have no direction', () => {
    for (const vectors of [
      [[0, 0, 0]],
      [[Number.NaN, 1]],
      [
        [3e38, 3e38],
        [Number.POSITIVE_INFINITY, 1],
      ],
      [[5]],
      [[]],
      [],
    ]) {
      const { x, y, shares } = projected(vectors);
      for (const number of [...x, ...y, ...shares])
        assert.ok(Number.isFinite(number), `${JSON.stringify(vectors)}: ${number}`);
    }
  });
});
