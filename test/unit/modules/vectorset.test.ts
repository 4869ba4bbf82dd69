/** Vector sets: what VINFO says, damage, hostile counts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collect } from '../../../src/decoder/rdb/walkers.js';
import {
  END,
  join,
  joinAll,
  refuses,
  refusesEveryCut,
  string,
  survivesEveryChange,
  uint,
  viewOf,
} from './support/items.js';
import { fieldsOf, plainText } from './support/plain.js';

const NAME = 'vectorset';

/** The bits of a quantisation range of 1 and a length of 2. */
const SCALE = (0x3f800000n << 32n) | 0x40000000n;

function element(name: string, attributes: string, id: number, level: number): Uint8Array {
  const links = Array.from({ length: level + 1 }, () => [0, 16]).flat();
  const parameters = [id, level, ...links, SCALE];
  return join(
    string(name),
    string(attributes),
    string(Uint8Array.of(127, 0)),
    uint(parameters.length),
    ...parameters.map((parameter) => uint(parameter)),
  );
}

function vectorset(elements: readonly Uint8Array[], count: number | bigint = elements.length): Uint8Array {
  return joinAll([...[2, count, 1, 2].map(uint), ...elements, END]);
}

const FEW = vectorset([element('a', '', 3, 0), element('b', '{"x":1}', 9, 2), element('c', '{}', 7, 1)]);

describe('a vector set', () => {
  it('has the fields of VINFO', () => {
    assert.deepEqual(fieldsOf(viewOf(NAME, 0, FEW)), {
      'quant-type': 'int8',
      'hnsw-m': 16,
      'vector-dim': 2,
      'projection-input-dim': 0,
      size: 3,
      'max-level': 2,
      'attributes-count': 2,
      'hnsw-max-node-uid': 9,
    });
  });

  it('that is large is not walked for its fields', () => {
    const many = Array.from({ length: 1001 }, (_, i) => element(`e${i}`, '', i, 0));
    const fields = fieldsOf(viewOf(NAME, 0, vectorset(many))) as Record<string, unknown>;
    assert.equal(fields.size, 1001);
    assert.equal('max-level' in fields, false);
  });

  it('gives its elements', () => {
    const view = viewOf(NAME, 0, FEW);
    assert.equal(view?.kind, 'vectorset');
    const elements = collect(view.elements).map(({ name, attributes, vector, level }) => [
      plainText(name),
      attributes && plainText(attributes),
      vector,
      level,
    ]);
    assert.deepEqual(elements, [
      ['a', undefined, [2, 0], 0],
      ['b', '{"x":1}', [2, 0], 2],
      ['c', '{}', [2, 0], 1],
    ]);
  });

  it('shows the elements before a damaged one', () => {
    const view = viewOf(NAME, 0, FEW.slice(0, -8));
    assert.equal(view?.kind, 'vectorset');
    assert.equal(view.fields.length, 5);
    const walker = view.elements.walk();
    assert.ok(walker.next() && walker.next());
    assert.throws(() => walker.next());
  });

  it('that is damaged is refused', () => {
    refusesEveryCut(NAME, 0, FEW);
    survivesEveryChange(NAME, 0, FEW);
    refuses(NAME, 0, vectorset([element('a', '', 1, 0)], 2n ** 63n), /it ends where/);
    refuses(NAME, 0, vectorset([element('a', '', 1, 0), element('b', '', 2, 0)], 1), /more parts/);
  });
});
