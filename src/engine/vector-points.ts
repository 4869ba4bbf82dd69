/** The elements of a vector set as points: near each other where their vectors point the same way. */
import type { PagedCollection } from '../dataset/paging.js';
import { project } from '../dataset/projection.js';
import type { VectorElement } from '../decoder/rdb/modules/view.js';
import type { VectorPoints } from '../viewer-protocol.js';

/** The most elements and components that are looked at. */
const ELEMENTS = 2000;
const COMPONENTS = 4_000_000;
/** How far from the middle the outermost point is. */
const EXTENT = 80;

/** Projects the first elements; of a large set, as many as can be looked at. */
export function* vectorPoints(items: PagedCollection<VectorElement>): Generator<void, VectorPoints> {
  let components = new Float32Array(0);
  let dimension = 0;
  let count = 0;
  let left = 0;
  yield* items.read(0, Number.POSITIVE_INFINITY, ({ vector }) => {
    if (count === 0) {
      dimension = vector.length;
      const most = Math.min(ELEMENTS, Math.floor(COMPONENTS / Math.max(1, dimension)));
      components = new Float32Array(dimension * Math.max(1, most));
    }
    if (dimension === 0 || (count + 1) * dimension > components.length) {
      left++;
      return;
    }
    components.set(vector, count++ * dimension);
  });
  const { x, y, shares } = yield* project(components.subarray(0, count * dimension), dimension);
  const scale = EXTENT / Math.max(1e-9, ...x.map(Math.abs), ...y.map(Math.abs));
  return {
    longitudes: x.map((place) => place * scale),
    latitudes: y.map((place) => place * scale),
    positions: Uint32Array.from({ length: count }, (_, i) => i),
    left,
    shares,
  };
}
