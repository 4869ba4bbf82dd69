/** Going through names: in every form that a file stores them in, near and far apart, in one pass. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRows, nameOf, visitNames } from '../../../src/dataset/names.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, characters } from '../support/bytes.js';
import { type Indexed, indexed, progress } from '../support/indexed.js';
import { seededRandom } from '../support/random.js';
import { compressed, file, integer, key, string } from '../support/rdb-writer.js';
import { ShortReads } from '../support/scanned.js';

function visited({ source, index }: Indexed, rows = allRows(index.length)): [row: number, name: string][] {
  const seen: [number, string][] = [];
  for (const _ of visitNames(source, index, rows, (from, start, end, row) => {
    seen.push([row, characters(from.subarray(start, end))]);
  }));
  return seen;
}

const longName = 'n'.repeat(20_000);
const hugeName = 'h'.repeat(600_000);
const FORMS: readonly (readonly [stored: Uint8Array, name: string])[] = [
  [string(''), ''],
  [string('', 14), ''],
  [string('a'), 'a'],
  [string('a', 64), 'a'],
  [string('x'.repeat(63)), 'x'.repeat(63)],
  [string('x'.repeat(64)), 'x'.repeat(64)],
  [string('b', 14), 'b'],
  [string('b', 32), 'b'],
  [string('\x00\xff'), '\x00\xff'],
  [integer(-5, 8), '-5'],
  [integer(-300, 16), '-300'],
  [integer(2 ** 31 - 1, 32), '2147483647'],
  [compressed('c'.repeat(500)), 'c'.repeat(500)],
  [string(longName), longName],
  [compressed(longName), longName],
  [string(hugeName), hugeName],
  [string('last'), 'last'],
];

describe('names', () => {
  const content = file(
    'REDIS0011',
    FORMS.map(([stored]) => bytes(0, stored, string('v'))),
  );

  it('are read in every form', () => {
    const made = indexed(content);
    const expected = FORMS.map(([, name], row) => [row, name]);
    assert.deepEqual(visited(made), expected);
    assert.deepEqual(
      FORMS.map((_, row) => characters(nameOf(made.source, made.index, row))),
      FORMS.map(([, name]) => name),
    );
  });

  it('are read from a source that gives little at a time', () => {
    const { index } = indexed(content);
    const made = { ...indexed(content), source: new ShortReads(content, 7), index };
    assert.deepEqual(
      visited(made).map(([, name]) => name),
      FORMS.map(([, name]) => name),
    );
  });

  it('are given for the rows that are asked for', () => {
    const made = indexed(content);
    const wanted = [1, 4, 9, 12, 16];
    const rows = { length: wanted.length, at: (i: number) => wanted[i] };
    assert.deepEqual(
      visited(made, rows),
      wanted.map((row) => [row, FORMS[row][1]]),
    );
    assert.deepEqual(visited(made, allRows(0)), []);
  });

  it('are cut where no more of them is wanted', () => {
    const { source, index } = indexed(content);
    for (const [row, [, name]] of FORMS.entries()) {
      if (/^-?\d+$/.test(name)) continue;
      for (const limit of [0, 1, 63, 64, 600, 30_000]) {
        const cut = characters(nameOf(source, index, row, limit));
        assert.equal(cut, name.slice(0, limit), `row ${row}, limit ${limit}`);
      }
    }
  });

  it('are found at every place of the windows in which the file is read', () => {
    const random = seededRandom(3);
    // Values of many sizes, some larger than a window, so that names stand at its ends in every way.
    const names = Array.from({ length: 3000 }, (_, i) => `${'k'.repeat(random(90))}${i}`);
    const records = names.map((name) => key(0, name, string(new Uint8Array(random(50) === 0 ? 9000 : random(400)))));
    const made = indexed(file('REDIS0011', records));
    assert.deepEqual(
      visited(made).map(([, name]) => name),
      names,
    );
    const every40 = { length: 75, at: (i: number) => i * 40 };
    assert.deepEqual(
      visited(made, every40).map(([, name]) => name),
      names.filter((_, i) => i % 40 === 0),
    );
  });

  it('let others have their turn in a long pass, and tell how many are done', () => {
    const names = Array.from({ length: 40 }, (_, i) => `${'k'.repeat(40_000)}${i}`);
    const { source, index } = indexed(
      file(
        'REDIS0011',
        names.map((name) => key(0, name, string('v'))),
      ),
    );
    const { told } = progress(visitNames(source, index, allRows(40), () => {}));
    assert.ok(told.length >= 3, `${told.length} turns`);
    assert.ok(told.every((done, i) => done > (told[i - 1] ?? 0) && done < 40));
  });

  it('that are damaged match nothing and stop nothing', () => {
    const damaged = bytes(0xc3, 3, 50, 0xff, 0xff, 0xff);
    const made = indexed(
      new MemorySource(file('REDIS0011', bytes(0, damaged, string('v')), key(0, 'next', string('v')))),
    );
    assert.deepEqual(visited(made), [
      [0, ''],
      [1, 'next'],
    ]);
    assert.equal(nameOf(made.source, made.index, 0).length, 0);
  });
});
