/** Looking for a text in strings: in short ones, and in long ones wherever the border of a page is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textMatcher } from '../../../src/dataset/text-search.js';
import type { Text } from '../../../src/decoder/rdb/string.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes } from '../support/bytes.js';

/** Bytes of a page of the search. */
const PAGE = 256 * 1024;

/** A long string of dots with a text somewhere. */
function long(text: Uint8Array, at: number, length = 3 * PAGE): Text {
  const content = new Uint8Array(length).fill(0x2e);
  content.set(text, at);
  return { length, source: new MemorySource(content), fileOffset: 0 };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('a search in strings', () => {
  it('finds a text in either case of its letters', () => {
    const matches = textMatcher('Needle');
    assert.equal(matches(utf8('a needle')), true);
    assert.equal(matches(utf8('NEEDLE')), true);
    assert.equal(matches(utf8('needl')), false);
    assert.equal(textMatcher('ÉTÉ')(utf8("l'été")), true);
  });

  it('finds bytes that are written as escapes, and no letters that look like them', () => {
    assert.equal(textMatcher('\\x00\\xff')(bytes('a', 0, 0xff)), true);
    assert.equal(textMatcher('\\xff')(utf8('ÿ')), false);
    assert.equal(textMatcher('\\xff')(bytes(0xff)), true);
  });

  it('finds a text at every place around the border of a page', () => {
    for (const [search, there] of [
      ['needle', 'NEEDLE'],
      ['Straẞe', 'straße'],
      ['straße', 'STRAẞE'],
      ['日本', '日本'],
    ]) {
      const matches = textMatcher(search);
      const found = utf8(there);
      for (let at = PAGE - found.length - 4; at <= PAGE + 4; at++) {
        assert.equal(matches(long(found, at)), true, `${search} at ${at}`);
      }
      assert.equal(matches(long(found, 3 * PAGE - found.length)), true, `${search} at the end`);
      assert.equal(matches(long(found.subarray(0, -1), 3 * PAGE - found.length)), false, `${search}, not whole`);
    }
  });

  it('takes no half of a character for another one', () => {
    // The second byte of é alone would be the sign ©.
    const matches = textMatcher('©');
    for (let at = PAGE - 4; at <= PAGE + 4; at++) assert.equal(matches(long(utf8('é'), at)), false, `é at ${at}`);
    assert.equal(matches(long(utf8('©'), PAGE - 1)), true);
  });
});
