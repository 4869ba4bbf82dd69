/** Sorting by name: any bytes, any number of passes over the file, names of all lengths and with long equal starts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NameArena, sortByName } from '../../../src/dataset/sort-names.js';
import { bytes } from '../support/bytes.js';
import { finish, indexed, namesOf, progress, stringsFile } from '../support/indexed.js';
import { compareNames } from '../support/keyspace.js';
import { type Random, seededRandom } from '../support/random.js';

/** Names that share starts of many lengths, with bytes at both ends of their range. */
function randomNames(random: Random, count: number): string[] {
  const alphabet = ['\x00', '\x01', 'a', 'b', '\xfe', '\xff'];
  const starts = ['', 'a', 'abcde', 'abcdef', 'abcdefg', 'x'.repeat(70), `${'x'.repeat(70)}\x00`];
  return Array.from({ length: count }, () => {
    const end = Array.from({ length: random(9) }, () => alphabet[random(alphabet.length)]).join('');
    return starts[random(starts.length)] + end;
  });
}

/** The order of a stable sort. */
function expectedOrder(names: readonly string[]): number[] {
  return [...names.keys()].sort((a, b) => compareNames(names[a], names[b]) || a - b);
}

function sorted(names: readonly string[]): number[] {
  const arena = new NameArena(1);
  for (const [row, name] of names.entries()) {
    const text = bytes('..', name, '..');
    arena.add(text, 2, text.length - 2, row);
  }
  finish(arena.sort());
  return [...arena.rowsInOrder()];
}

describe('names in memory', () => {
  it('are sorted bytewise, equal ones in the order in which they came', () => {
    // Around the sizes at which another way of sorting takes over.
    for (const count of [0, 1, 2, 15, 16, 17, 100, 1000, 4096, 4097, 9000]) {
      const names = randomNames(seededRandom(count + 1), count);
      assert.deepEqual(sorted(names), expectedOrder(names), `${count} names`);
    }
  });

  it('are sorted if all of them are equal, or all start with the same many bytes', () => {
    for (const length of [0, 1, 5, 6, 7, 12, 1000]) {
      const equal = Array.from({ length: 2000 }, () => 'y'.repeat(length));
      assert.deepEqual(sorted(equal), [...equal.keys()], `length ${length}`);
      const numbered = Array.from({ length: 2000 }, (_, i) => `${'y'.repeat(length)}${(i * 7919) % 2000}`);
      assert.deepEqual(sorted(numbered), expectedOrder(numbered), `length ${length}, numbered`);
    }
  });

  it('are shorter before longer, also where the longer goes on with zeros', () => {
    const zeros = Array.from({ length: 40 }, (_, i) => '\x00'.repeat(39 - i));
    assert.deepEqual(sorted(zeros), expectedOrder(zeros));
  });
});

describe('names in a file', () => {
  it('are sorted in one pass or in many, as memory allows', () => {
    const random = seededRandom(4);
    const names = [...new Set(randomNames(random, 1500))];
    const file = indexed(stringsFile(names, names.slice(0, 300)));
    const all = namesOf(
      file,
      Array.from({ length: file.index.length }, (_, row) => row),
    );
    assert.equal(all.length, names.length + 300);
    const some = Uint32Array.from([...all.keys()].filter((row) => row % 3 !== 0));
    for (const budget of [1 << 20, 10_000, 1500]) {
      const order = finish(sortByName(file.source, file.index, undefined, all.length, budget));
      assert.deepEqual([...order], expectedOrder(all), `budget ${budget}`);
      const { result, told } = progress(sortByName(file.source, file.index, some, some.length, budget));
      assert.deepEqual(
        [...result],
        expectedOrder(all).filter((row) => row % 3 !== 0),
        `budget ${budget}, some`,
      );
      assert.ok(told.every((done) => done >= 0 && done <= 1));
    }
  });

  it('are sorted also if nothing divides them into parts', () => {
    const file = indexed(stringsFile(['same'], ['same'], ['same', 'other']));
    const order = finish(sortByName(file.source, file.index, undefined, 4, 1));
    assert.deepEqual([...order], [3, 0, 1, 2]);
  });
});
