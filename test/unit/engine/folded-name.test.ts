/** Names with their ids left out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldedName } from '../../../src/engine/folded-name.js';

describe('a folded name', () => {
  const cases: readonly (readonly [name: string, folded: string])[] = [
    ['user:4711:cart', 'user:*:cart'],
    ['user:4712:cart', 'user:*:cart'],
    ['session:0b8e6f4e-2f7c-4c3b-9a62-0a1b2c3d4e5f', 'session:*'],
    ['sha/9f86d081884c7d65/blob', 'sha/*/blob'],
    ['order#2024-05-06', 'order#*'],
    ['plain', 'plain'],
    ['v2:index', 'v2:index'],
    ['{user1000}.following', '{*}.following'],
    ['', ''],
  ];
  for (const [name, folded] of cases) {
    it(`has no ids: ${name || '(empty)'}`, () => {
      assert.equal(foldedName(new TextEncoder().encode(name)), folded);
    });
  }

  it('is of the start of a long name, and of bytes that are no text', () => {
    assert.ok(foldedName(new Uint8Array(100_000).fill(0x61)).length <= 210);
    assert.equal(foldedName(Uint8Array.from([0xff, 0x3a, 0x31])), '\\xff:*');
  });
});
