/** Lines of arguments: they are split as servers split them, and any arguments can be written as a line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inlineArgument, inlineArguments, splitInline } from '../../../../src/decoder/resp/inline.js';
import { bytes, characters } from '../../support/bytes.js';
import { seededBytes } from '../../support/random.js';

const split = (line: string) => splitInline(bytes(line)).tokens.map((token) => characters(token.bytes));

const LINES: readonly (readonly [line: string, ...argv: string[]])[] = [
  [''],
  [' \t \v\f'],
  ['PING', 'PING'],
  ['  set  k\tv ', 'set', 'k', 'v'],
  ['"a b" \'c d\'', 'a b', 'c d'],
  ['""', ''],
  ["'' x", '', 'x'],
  ['ab"c d"', 'abc d'],
  ["ab'c d' e", 'abc d', 'e'],
  ['"\\n\\r\\t\\b\\a"', '\n\r\t\b\x07'],
  ['"\\x41\\xfF\\x00"', 'A\xff\0'],
  ['"\\x4" "\\xg0"', 'x4', 'xg0'],
  ['"\\\\\\"\\q"', '\\"q'],
  ["'\\'\\n\\\\ '", "'\\n\\\\ "],
  ['a\\nb \\"', 'a\\nb'],
  ['"a"\v"b"', 'a', 'b'],
  ['a\vb', 'a\vb'],
  ['a b\0c d', 'a', 'b'],
  ['a\rb', 'a', 'b'],
];

describe('a line of arguments', () => {
  for (const [line, ...argv] of LINES) {
    it(`is split: ${JSON.stringify(line)}`, () => assert.deepEqual(split(line), argv));
  }

  it('has arguments with places, quotes included', () => {
    const { tokens } = splitInline(bytes('xx set  "a b" c xx'), 2, 15);
    assert.deepEqual(
      tokens.map(({ start, end }) => [start, end]),
      [
        [3, 6],
        [8, 13],
        [14, 15],
      ],
    );
  });

  it('with quotes that do not close has the arguments before them', () => {
    for (const [line, count, code, at, start] of [
      ['a "b', 1, 'quote-not-closed', 2, 2],
      ["a 'b\\'", 1, 'quote-not-closed', 2, 2],
      ['a "b\\"', 1, 'quote-not-closed', 2, 2],
      ['a x"b c', 1, 'quote-not-closed', 3, 2],
      ['"', 0, 'quote-not-closed', 0, 0],
      ['"a\0"', 0, 'quote-not-closed', 0, 0],
      ['"a"b', 0, 'quote-not-followed-by-blank', 2, 0],
      ["a 'b''c'", 1, 'quote-not-followed-by-blank', 4, 2],
    ] as const) {
      const { tokens, unbalanced } = splitInline(bytes(line));
      assert.equal(tokens.length, count, line);
      assert.deepEqual(unbalanced, { code, at, start }, line);
      assert.throws(() => inlineArguments(bytes(line), 100), { code, offset: 100 + at });
    }
  });
});

describe('an argument in a line', () => {
  it('has quotes only where it needs them', () => {
    for (const [argument, text] of [
      ['appendonly.aof.1.incr.aof', 'appendonly.aof.1.incr.aof'],
      ['', '""'],
      ['a b', '"a b"'],
      ["it's", '"it\'s"'],
      ['"\\', '"\\"\\\\"'],
      ['\n\r\t\b\x07\0\x7f\xff', '"\\n\\r\\t\\b\\a\\x00\\x7f\\xff"'],
    ]) {
      assert.equal(inlineArgument(bytes(argument)), text);
    }
  });

  it('comes back exactly', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const every = [all, bytes(1, '23'), ...Array.from({ length: 300 }, (_, seed) => seededBytes(seed % 40, seed))];
    assert.deepEqual(inlineArguments(bytes(every.map(inlineArgument).join(' '))), every);
  });
});
