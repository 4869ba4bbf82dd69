/** Bits of strings, in memory and read by the page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Text } from '../../../src/decoder/rdb/string.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { countBits, findBit } from '../../../src/engine/bits.js';
import { seededRandom } from '../support/random.js';

function run<Result>(work: Generator<void, Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** A string of a few set bits that takes more than one page. */
function sparse(bits: readonly number[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const bit of bits) bytes[bit >> 3] |= 0x80 >> (bit & 7);
  return bytes;
}

describe('the bits of a string', () => {
  const size = 3_000_000;
  const bits = [0, 7, 8, 63, 8_388_607, 8_388_608, 20_000_001, 8 * size - 1];
  const bytes = sparse(bits, size);
  const long: Text = { length: size, source: new MemorySource(bytes), fileOffset: 0 };

  for (const [title, text] of [
    ['in memory', bytes],
    ['read by the page', long],
  ] as const) {
    it(`are counted and found, forwards and backwards: ${title}`, () => {
      assert.equal(run(countBits(text)), bits.length);
      const found: number[] = [];
      for (let at = run(findBit(text, 0, 1, false)); at !== null; at = run(findBit(text, at + 1, 1, false)))
        found.push(at);
      assert.deepEqual(found, bits);
      const back: number[] = [];
      for (let at = run(findBit(text, 8 * size, 1, true)); at !== null; at = run(findBit(text, at - 1, 1, true))) {
        back.unshift(at);
      }
      assert.deepEqual(back, bits);
      assert.equal(run(findBit(text, 7, 0, false)), 9);
      assert.equal(run(findBit(text, 8, 0, true)), 6);
      assert.equal(run(findBit(text, -1, 1, true)), null);
      assert.equal(run(findBit(new Uint8Array(0), 0, 1, false)), null);
    });
  }

  it('are found as a plain loop finds them', () => {
    const seed = 77;
    const random = seededRandom(seed);
    const few = Uint8Array.from({ length: 40 }, () => (random(3) === 0 ? random(256) : random(2) * 255));
    const at = (bit: number) => (few[bit >> 3] >> (7 - (bit & 7))) & 1;
    for (let from = 0; from < 320; from++) {
      for (const value of [0, 1] as const) {
        let next = from;
        while (next < 320 && at(next) !== value) next++;
        let before = from;
        while (before >= 0 && at(before) !== value) before--;
        assert.equal(run(findBit(few, from, value, false)), next < 320 ? next : null, `seed ${seed}, ${from}`);
        assert.equal(run(findBit(few, from, value, true)), before >= 0 ? before : null, `seed ${seed}, ${from}`);
      }
    }
  });
});
