/** Cluster slots: known values, and hash tags. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SLOTS, slotOf } from '../../../src/dataset/slots.js';
import { bytes } from '../support/bytes.js';
import { seededBytes } from '../support/random.js';

/** As CLUSTER KEYSLOT answers. */
const KNOWN: readonly (readonly [key: string, slot: number])[] = [
  ['', 0],
  ['123456789', 0x31c3],
  ['foo', 12182],
  ['bar', 5061],
  ['hello', 866],
  ['somekey', 11058],
  ['foo{hash_tag}', 2515],
  ['bar{hash_tag}', 2515],
  ['hash_tag', 2515],
  ['{user1000}.following', 3443],
  ['{user1000}.followers', 3443],
  ['user1000', 3443],
  ['foo{{bar}}zap', 4015],
  ['{bar', 4015],
  ['foo{}{bar}', 8363],
];

describe('the slot of a key', () => {
  for (const [key, slot] of KNOWN)
    it(`${key || 'of no bytes'} is ${slot}`, () => assert.equal(slotOf(bytes(key)), slot));

  it('is that of what stands between the first { and the next }', () => {
    assert.equal(slotOf(bytes('a{foo}b{bar}')), slotOf(bytes('foo')));
    assert.equal(slotOf(bytes('foo{{bar}}zap')), slotOf(bytes('{bar')));
    assert.equal(slotOf(bytes('}{foo}')), slotOf(bytes('foo')));
  });

  it('is that of the whole name if nothing stands there', () => {
    assert.notEqual(slotOf(bytes('foo{}{bar}')), slotOf(bytes('bar')));
    assert.notEqual(slotOf(bytes('foo{bar')), slotOf(bytes('bar')));
  });

  it('is one of all, whatever the bytes', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 2000; seed++) {
      const slot = slotOf(seededBytes(seed % 30, seed));
      assert.ok(Number.isInteger(slot) && slot >= 0 && slot < SLOTS);
      seen.add(slot);
    }
    assert.ok(seen.size > 1500);
  });
});
