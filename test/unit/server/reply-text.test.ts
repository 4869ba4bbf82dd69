/** Replies as people read them, and the bytes of the wire as lines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RespDecoder } from '../../../src/decoder/resp/decoder.js';
import type { RespValue } from '../../../src/decoder/resp/values.js';
import { replyText, wireLines } from '../../../src/server/reply-text.js';
import { parseTypedLine } from '../../../src/server/typed-line.js';
import { bytes } from '../support/bytes.js';

function value(...wire: (string | Uint8Array)[]): RespValue {
  const values: RespValue[] = [];
  new RespDecoder((one) => values.push(one)).push(bytes(...wire));
  assert.equal(values.length, 1);
  return values[0];
}

const text = (...wire: (string | Uint8Array)[]) => replyText(value(...wire), 100).lines.join('\n');

describe('a reply', () => {
  const CASES: readonly (readonly [wire: string, text: string])[] = [
    ['+OK\r\n', 'OK'],
    ['-ERR no\x1b[0m\r\n', '(error) ERR no\\x1b[0m'],
    [':42\r\n', '(integer) 42'],
    ['$-1\r\n', '(nil)'],
    ['*-1\r\n', '(nil)'],
    ['_\r\n', '(nil)'],
    ['$0\r\n\r\n', '""'],
    ['$3\r\na"b\r\n', '"a\\"b"'],
    ['$2\r\n\xff\x00\r\n', '"\\xff\\x00"'],
    ['$5\r\nGr\xc3\xbc\xc3\r\n', '"Gr\\xc3\\xbc\\xc3"'],
    ['$4\r\nGr\xc3\xbc\r\n', '"Grü"'],
    ['#t\r\n', '(true)'],
    [',1.5\r\n', '(double) 1.5'],
    ['(12345678901234567890\r\n', '(big number) 12345678901234567890'],
    ['*0\r\n', '(empty array)'],
    ['~0\r\n', '(empty set)'],
    ['%0\r\n', '(empty map)'],
    ['*2\r\n:1\r\n*2\r\n+a\r\n+b\r\n', '1) (integer) 1\n2) 1) a\n   2) b'],
    ['%2\r\n+a\r\n:1\r\n+b\r\n*2\r\n:2\r\n:3\r\n', '1# a => (integer) 1\n2# b => 1) (integer) 2\n      2) (integer) 3'],
    ['~1\r\n$1\r\nx\r\n', '1~ "x"'],
    ['=15\r\ntxt:Some string\r\n', '"Some string"'],
    ['$19\r\n# Server\r\na:1\tb\r\n\r\n\r\n', '# Server\na:1\tb\n'],
  ];
  for (const [wire, expected] of CASES) {
    it(`of ${JSON.stringify(wire)} is ${JSON.stringify(expected)}`, () => assert.equal(text(wire), expected));
  }

  it('is cut at a number of lines, also within what is nested', () => {
    const wire = '*3\r\n*2\r\n:1\r\n:2\r\n:3\r\n:4\r\n';
    assert.deepEqual(replyText(value(wire), 2), { lines: ['1) 1) (integer) 1', '   2) (integer) 2'], whole: false });
    assert.equal(replyText(value(wire), 4).whole, true);
    assert.equal(replyText(value('$4\r\na\nb\n\r\n'), 1).whole, false);
  });

  it('shows the beginning of a long string, with its length', () => {
    assert.match(text('$5000\r\n', 'x'.repeat(5000), '\r\n'), /^"x{4096}"… \(5000 B\)$/);
  });
});

describe('the bytes of the wire', () => {
  it('are lines, with what cannot be seen escaped', () => {
    const wire = bytes('*2\r\n$3\r\nGET\r\n$4\r\n\xff\r\x00 \r\n');
    assert.deepEqual(wireLines(wire, 100), { lines: ['*2', '$3', 'GET', '$4', '\\xff\\r\\x00 '], whole: true });
    assert.deepEqual(wireLines(wire, 2), { lines: ['*2', '$3'], whole: false });
    assert.deepEqual(wireLines(bytes('+PO'), 9), { lines: ['+PO'], whole: true });
  });
});

describe('a typed line', () => {
  it('is split as redis-cli splits it', () => {
    const line = parseTypedLine('SET "a b\\x00" \'c\' ü');
    assert.ok('argv' in line);
    assert.deepEqual(
      line.argv.map((argument) => Buffer.from(argument).toString('latin1')),
      ['SET', 'a b\0', 'c', '\xc3\xbc'],
    );
    assert.deepEqual(parseTypedLine('  '), { argv: [] });
    assert.deepEqual(parseTypedLine('GET "a'), { unbalanced: 'quote-not-closed' });
    assert.deepEqual(parseTypedLine('GET "a"b'), { unbalanced: 'quote-not-followed-by-blank' });
  });
});
