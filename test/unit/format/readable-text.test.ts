/** Bytes as texts that are compared line by line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indentedJson, readableText } from '../../../src/format/readable-text.js';
import { seededRandom } from '../support/random.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));

describe('a text to compare', () => {
  it('is JSON with a line for each member, numbers as they are written', () => {
    const { text, language } = readableText(bytes('{"a":[1.0,12345678901234567890,"x\\"]"],"b":{},"c":[],"d":[{}]}'));
    assert.equal(language, 'json');
    assert.equal(
      text,
      [
        '{',
        '  "a": [',
        '    1.0,',
        '    12345678901234567890,',
        '    "x\\"]"',
        '  ],',
        '  "b": {},',
        '  "c": [],',
        '  "d": [',
        '    {}',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  it('is the text itself where it is no JSON', () => {
    for (const text of ['', 'plain', 'grün\n日本', '{not json', '17']) {
      assert.deepEqual(readableText(bytes(text)), { text, language: 'plaintext' });
    }
    const long = 'ä'.repeat(20_000);
    assert.equal(readableText(bytes(long)).text, long);
  });

  it('is hex where it is no text', () => {
    const { text } = readableText(bytes('a\x00\xff0123456789abcdef', 'latin1'));
    assert.equal(
      text,
      '00000000  61 00 ff 30 31 32 33 34 35 36 37 38 39 61 62 63  a..0123456789abc\n' +
        '00000010  64 65 66                                         def',
    );
  });

  it('means the same as the JSON that it is made of', () => {
    const random = seededRandom(7);
    const value = (depth: number): unknown => {
      switch (depth > 3 ? random(3) : random(5)) {
        case 0:
          return random(1000) / 8;
        case 1:
          return `"\\{}[],: ${random(9)}`;
        case 2:
          return [true, false, null][random(3)];
        case 3:
          return Array.from({ length: random(4) }, () => value(depth + 1));
        default:
          return Object.fromEntries(Array.from({ length: random(4) }, (_, i) => [`k:${i}`, value(depth + 1)]));
      }
    };
    for (let run = 0; run < 200; run++) {
      const made = [value(0)];
      assert.deepEqual(JSON.parse(indentedJson(JSON.stringify(made)) ?? ''), made);
    }
  });
});
