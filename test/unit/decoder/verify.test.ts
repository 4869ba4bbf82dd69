/** The deep check of values: what it finds in large ones, and that it can be done in slices. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { type Entry, openEntry } from '../../../src/decoder/rdb/entry.js';
import { steps, verifyEntry } from '../../../src/decoder/rdb/verify.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, double, type Part } from '../support/bytes.js';
import { listpack, lzfLiterals } from '../support/compact.js';
import { compressed, counted, file, key, length, string } from '../support/rdb-writer.js';
import { fileOf, ShortReads, scan } from '../support/scanned.js';

function entryOf(type: number, value: Part, mostRead?: number): Entry {
  const content = file('REDIS0011', key(type, 'key', value));
  const scanned = scan(content);
  const source = mostRead === undefined ? new MemorySource(content) : new ShortReads(content, mostRead);
  return openEntry(fileOf(source, scanned), scanned.keys[0].typeOffset, scanned.keys[0].end);
}

/** The message of what is wrong with a value; undefined if nothing is. */
function fault(entry: Entry): string | undefined {
  try {
    verifyEntry(entry, 9);
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.message;
  }
}

/** Compressed bytes of literal runs, one of which says that it is a back reference. */
function damagedRun(packed: Uint8Array): Uint8Array {
  const damaged = packed.slice();
  damaged[33 * 3000] = 0x20;
  return damaged;
}

const members = Array.from({ length: 10_000 }, (_, index) => `member:${index}`);

describe('the check of a value', () => {
  it('finds one element among many that occurs twice', () => {
    for (const at of [0, 5000, 9999]) {
      const twice = [...members, members[at]];
      const expected = (what: string) => `The ${what} holds "member:${at}" more than once.`;
      assert.equal(fault(entryOf(2, counted(twice.map((each) => string(each))))), expected('set'));
      const scored = twice.map((each) => [string(each), double(1)]);
      assert.equal(fault(entryOf(5, counted(scored))), expected('sorted set'));
      const fields = twice.map((each) => [string(each), string('v')]);
      assert.equal(fault(entryOf(4, counted(fields))), expected('hash'));
    }
  });

  it('finds nothing in what is sound', () => {
    assert.equal(fault(entryOf(2, counted(members.map((each) => string(each))))), undefined);
    assert.equal(fault(entryOf(1, counted(['a', 'a', 'a'].map((each) => string(each))))), undefined);
    assert.equal(fault(entryOf(20, string(listpack(['1', 'a', 2])))), undefined);
  });

  it('takes an integer and its text for the same element', () => {
    assert.equal(fault(entryOf(20, string(listpack(['1', 'a', 1])))), 'The set holds "1" more than once.');
  });

  it('compares long elements to their last byte', () => {
    const long = 'x'.repeat(100_000);
    const set = (other: string) => entryOf(2, counted([string(long), compressed(other)]), 10_000);
    assert.equal(fault(set(`${long}y`)), undefined);
    assert.equal(fault(set(`${long.slice(1)}y`)), undefined);
    assert.match(fault(set(long)) ?? '', /^The set holds "x{64}" more than once\.$/);
  });

  it('reads long strings to their end', () => {
    const content = new Uint8Array(100_000);
    const good = lzfLiterals(content);
    const bad = damagedRun(good);
    for (const [type, before] of [
      [0, []],
      [1, length(1)],
      [4, [length(1), string('f')]],
    ] as const) {
      assert.equal(fault(entryOf(type, [before, compressed(content, good)])), undefined, `type ${type}`);
      assert.match(fault(entryOf(type, [before, compressed(content, bad)])) ?? '', /^The compressed string is damaged/);
    }
  });

  it('reads long key names to their end', () => {
    const content = new Uint8Array(100_000);
    const bad = damagedRun(lzfLiterals(content));
    const damaged = file('REDIS0011', bytes(0, compressed(content, bad), string('v')));
    const scanned = scan(damaged);
    const entry = openEntry(fileOf(new MemorySource(damaged), scanned), 9);
    assert.match(fault(entry) ?? '', /^The compressed string is damaged/);
  });

  it('finds values without elements', () => {
    const empty: readonly (readonly [type: number, value: Part, what: string])[] = [
      [1, length(0), 'list'],
      [2, length(0), 'set'],
      [4, length(0), 'hash'],
      [5, length(0), 'sorted set'],
      [18, length(0), 'list'],
      [18, [length(1), length(2), string(listpack([]))], 'list'],
      [20, string(listpack([])), 'set'],
    ];
    for (const [type, value, what] of empty) {
      assert.equal(
        fault(entryOf(type, value)),
        `The ${what} has no elements; servers never write this, and drop the key when loading.`,
      );
    }
  });

  it('can be done in slices, with other work in between', () => {
    const slices = [...steps(entryOf(2, counted(members.map((each) => string(each)))), 9)];
    assert.ok(slices.length >= 2, `${slices.length} slices`);
  });
});
