/** Bytes on the screen: every byte can be told, nothing hostile gets through, two different keys never look the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, displayText, isReadableText, parseDisplayText, utf8Bytes } from '../../../src/format/display.js';
import { bytes } from '../support/bytes.js';
import { seededBytes, seededRandom } from '../support/random.js';

const shown = (text: string | Uint8Array) => displayText(typeof text === 'string' ? utf8Bytes(text) : text).text;

describe('bytes on the screen', () => {
  const CASES: readonly (readonly [what: string, from: string | Uint8Array, text: string])[] = [
    ['letters', 'user:1', 'user:1'],
    ['letters of any script', 'ключ:日本:é:🚀', 'ключ:日本:é:🚀'],
    ['a backslash', 'a\\b', 'a\\\\b'],
    ['a backslash in front of what looks like an escape', 'a\\x41', 'a\\\\x41'],
    ['line ends and tabs', 'a\n\r\tb', 'a\\n\\r\\tb'],
    ['control characters', bytes(0, 0x1b, 0x7f), '\\x00\\x1b\\x7f'],
    ['a byte that is no UTF-8', bytes('a', 0xff, 'b'), 'a\\xffb'],
    ['a character that is cut off', bytes(0xe2, 0x82), '\\xe2\\x82'],
    ['an overlong form', bytes(0xc0, 0xaf, 0xe0, 0x80, 0xaf), '\\xc0\\xaf\\xe0\\x80\\xaf'],
    ['a surrogate', bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['what lies beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    ['a space between words', 'a b', 'a b'],
    ['spaces at the ends and next to each other', ' a  b ', '\\x20a\\x20\\x20b\\x20'],
    ['a space alone', ' ', '\\x20'],
    ['a space that does not break', 'a\u00a0b', 'a\\u{a0}b'],
    ['what has no width', 'a\u200bb\u200d\ufeff', 'a\\u{200b}b\\u{200d}\\u{feff}'],
    ['what turns the direction of the text', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['a control character beyond ASCII', 'a\u0085', 'a\\u{85}'],
    ['a character of private use, and one that is not assigned', '\ue000\u{e0fff}', '\\u{e000}\\u{e0fff}'],
    ['a filler that looks like nothing', '\u3164', '\\u{3164}'],
    ['a selector of variants', '☎\ufe0f', '☎\\u{fe0f}'],
    ['a mark that has no letter of its own', 'x\u0301', 'x\u0301'],
    ['a mark that a letter could have in it', 'e\u0301', 'e\\u{301}'],
    ['a mark over nothing', '\u0301a', '\\u{301}a'],
    ['a mark over a space', 'a \u0301', 'a \\u{301}'],
    ['a sign that is a letter in normal form', '10 \u212b', '10 \\u{212b}'],
    ['a syllable', '\uac00', '\uac00'],
    ['a syllable in letters', '\u1100\u1161', '\u1100\\u{1161}'],
  ];
  for (const [what, from, text] of CASES) it(`show ${what}`, () => assert.equal(shown(from), text));

  it('can be read back from what is shown', () => {
    for (const [, from] of CASES) {
      const original = typeof from === 'string' ? utf8Bytes(from) : from;
      assert.deepEqual(parseDisplayText(shown(original)), original);
    }
    for (let seed = 0; seed < 2000; seed++) {
      const original = hostile(seed);
      assert.deepEqual(parseDisplayText(shown(original)), original, `seed ${seed}`);
    }
  });

  it('never look the same, also in normal form, unless they are the same', () => {
    const seen = new Map<string, string>();
    for (let seed = 0; seed < 5000; seed++) {
      const original = Buffer.from(hostile(seed)).toString('hex');
      const look = shown(hostile(seed)).normalize('NFC');
      const other = seen.get(look);
      assert.ok(other === undefined || other === original, `seed ${seed}: ${other} and ${original} look as ${look}`);
      seen.set(look, original);
    }
  });

  it('are escaped to the end of a long text that is not in normal form', () => {
    const long = 'é'.repeat(5000);
    assert.ok(shown(`${long}e\u0301`).endsWith('e\\u{301}'));
    assert.equal(shown(long), long);
  });

  it('stop after the characters that there is room for, and say so', () => {
    assert.deepEqual(displayText(utf8Bytes('abcdef'), 3), { text: 'abc', whole: false });
    assert.deepEqual(displayText(utf8Bytes('abc'), 3), { text: 'abc', whole: true });
    assert.deepEqual(displayText(bytes(0, 0), 3), { text: '\\x00', whole: false });
    assert.deepEqual(displayText(new Uint8Array(0), 3), { text: '', whole: true });
  });

  it('show nothing that could be taken for markup of the page or a line of its own', () => {
    for (let byte = 0; byte < 256; byte++) {
      assert.doesNotMatch(shown(bytes('a', byte, 'b')), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, `byte ${byte}`);
    }
  });
});

/** Short byte strings out of what is alike: pieces of UTF-8, escapes, marks, spaces, random bytes. */
function hostile(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const parts = [
    'a',
    'x',
    '\\',
    '\\x41',
    '41',
    ' ',
    '\n',
    'é',
    'e',
    '\u0301',
    '\u0323',
    '\u212b',
    'Å',
    '{',
    '}',
    '\u200b',
  ];
  const pieces: (string | Uint8Array)[] = [
    ...parts,
    '\u1100',
    '\u1161',
    '\uac00',
    '\\u{301}',
    '🚀',
    bytes(0xff),
    bytes(0xc3),
  ];
  let made = new Uint8Array(0);
  for (let left = 1 + random(4); left > 0; left--) {
    const piece = random(8) === 0 ? seededBytes(2, seed) : pieces[random(pieces.length)];
    made = Uint8Array.from([...made, ...(typeof piece === 'string' ? utf8Bytes(piece) : piece)]);
  }
  return made;
}

describe('what somebody types', () => {
  it('may hold escapes', () => {
    assert.deepEqual(parseDisplayText('a\\x00\\n\\r\\t\\\\\\u{e9}'), bytes('a', 0, '\n\r\t\\', 0xc3, 0xa9));
  });

  it('means itself where it is no escape', () => {
    for (const text of ['\\', 'C:\\dir', '\\x4', '\\xg0', '\\u{}', '\\u41', '\\q']) {
      assert.deepEqual(parseDisplayText(text), utf8Bytes(text), text);
    }
  });

  it('is UTF-8, and never invalid', () => {
    assert.deepEqual(parseDisplayText('é🚀'), bytes(0xc3, 0xa9, 0xf0, 0x9f, 0x9a, 0x80));
    assert.deepEqual(parseDisplayText('\ud800'), bytes(0xef, 0xbf, 0xbd));
    assert.deepEqual(parseDisplayText('\\u{d800}'), bytes(0xef, 0xbf, 0xbd));
    assert.deepEqual(parseDisplayText('\\u{ffffff}'), utf8Bytes('\u{10ffff}'));
  });
});

describe('UTF-8', () => {
  it('is decoded as Node decodes it, and refused where Node refuses it', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    for (let seed = 0; seed < 20_000; seed++) {
      const random = seededRandom(seed);
      const some = Uint8Array.from({ length: 1 + random(4) }, () =>
        random(3) === 0 ? random(256) : 0x80 + random(0x78),
      );
      const { code, size } = decodeUtf8(some, 0, some.length);
      if (code >= 0) {
        const text = strict.decode(some.subarray(0, size));
        assert.equal(text.codePointAt(0), code, `seed ${seed}`);
        continue;
      }
      assert.equal(size, 1);
      for (let end = 1; end <= some.length; end++) {
        assert.throws(() => strict.decode(some.subarray(0, end)), `seed ${seed}, ${end} bytes`);
      }
    }
  });
});

describe('readable text', () => {
  it('is UTF-8 without control characters other than tabs and line ends', () => {
    for (const text of ['', 'a', 'a\tb\r\nc', 'é🚀']) assert.equal(isReadableText(utf8Bytes(text)), true, text);
    for (const some of [bytes(0), bytes('a', 0x1b), bytes(0x7f), bytes('a', 0xff, 'bcdef'), bytes(0xc0, 0x80)]) {
      assert.equal(isReadableText(some), false, String(some));
    }
  });

  it('may end inside a character, as a page does', () => {
    assert.equal(isReadableText(bytes('a', 0xf0, 0x9f, 0x9a)), true);
    assert.equal(isReadableText(bytes('a', 0xc3)), true);
    assert.equal(isReadableText(bytes('a', 0xc3, 'b')), false);
    assert.equal(isReadableText(bytes('a', 0x9f)), false);
  });
});
