/** What an element of a vector set opens: its nearest neighbours, what is known of its vector, its attributes. */
import { PagedCollection } from '../dataset/paging.js';
import { phrase } from '../decoder/errors.js';
import type { VectorElement } from '../decoder/rdb/modules/view.js';
import type { Text } from '../decoder/rdb/string.js';
import type { Collection } from '../decoder/rdb/value-model.js';
import { listed } from '../decoder/rdb/walkers.js';
import type { Fact } from '../protocol.js';
import { scoreCell, textCell } from './cells.js';
import type { OpenSection } from './sections.js';

/** Neighbours that are shown. */
const SHOWN = 100;
/** Components that are looked at: an element is compared with all others, one after the other. */
const COMPONENTS = 16_000_000;

interface Neighbour {
  readonly name: Text;
  readonly similarity: number;
}

/** The sections of an element. @param elements all of the set. */
export function vectorSections(element: VectorElement, elements: Collection<VectorElement>): OpenSection[] {
  const most = Math.max(1, Math.floor(COMPONENTS / Math.max(1, element.vector.length)));
  const { neighbours, compared } = nearest(element, elements, most);
  const norm = length(element.vector);
  const facts: Fact[] = [
    { name: phrase('Dimension'), value: element.vector.length },
    { name: phrase('Length of the vector'), value: scoreCell(rounded(norm)) },
    { name: phrase('Lowest component'), value: scoreCell(rounded(extreme(element.vector, Math.min))) },
    { name: phrase('Highest component'), value: scoreCell(rounded(extreme(element.vector, Math.max))) },
    { name: phrase('Elements compared'), value: compared },
  ];
  return [
    {
      info: {
        id: 'neighbours',
        title: phrase('Nearest elements'),
        kind: 'items',
        columns: ['rank', 'similarity', 'member'],
        count: neighbours.length,
      },
      items: new PagedCollection<unknown>(listed(neighbours)),
      cells: (item, position) => {
        const { name, similarity } = item as Neighbour;
        return [position + 1, similarity.toFixed(4), textCell(name)];
      },
      texts: (item) => [undefined, undefined, (item as Neighbour).name],
    },
    { info: { id: 'vector', title: phrase('Vector'), kind: 'facts', facts: [...facts, ...components(element)] } },
    ...(element.attributes === undefined
      ? []
      : [
          {
            info: {
              id: 'attributes',
              title: phrase('Attributes'),
              kind: 'text',
              bytes: element.attributes.length,
            } as const,
            text: element.attributes,
          },
        ]),
  ];
}

/** Components that are shown one by one. */
const SHOWN_COMPONENTS = 1024;

function components({ vector }: VectorElement): Fact[] {
  return vector.slice(0, SHOWN_COMPONENTS).map((component, i) => ({ name: String(i), value: scoreCell(component) }));
}

/** The elements whose direction is closest, by the similarity of VSIM: 1 for the same, 0 for the opposite. */
function nearest(element: VectorElement, elements: Collection<VectorElement>, most: number) {
  const neighbours: Neighbour[] = [];
  const own = length(element.vector);
  const walker = elements.walk();
  let compared = 0;
  for (let other = walker.next(); other && compared < most; other = walker.next()) {
    compared++;
    const { vector, name } = other;
    let dot = 0;
    for (let i = 0; i < vector.length; i++) dot += vector[i] * element.vector[i];
    const lengths = own * length(vector);
    const similarity = lengths === 0 ? 0 : (1 + dot / lengths) / 2;
    if (neighbours.length >= SHOWN && similarity <= neighbours[neighbours.length - 1].similarity) continue;
    let at = neighbours.length;
    while (at > 0 && neighbours[at - 1].similarity < similarity) at--;
    neighbours.splice(at, 0, { name, similarity });
    if (neighbours.length > SHOWN) neighbours.pop();
  }
  return { neighbours, compared };
}

function length(vector: readonly number[]): number {
  let sum = 0;
  for (const component of vector) sum += component * component;
  return Math.sqrt(sum);
}

function extreme(vector: readonly number[], pick: (a: number, b: number) => number): number {
  let found = vector[0] ?? 0;
  for (const component of vector) found = pick(found, component);
  return found;
}

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}
