/** RESP is read the same wherever its pieces end: every type and form, whole, cut at every byte, and byte by byte. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../../src/decoder/errors.js';
import { decodeResp, RespDecoder, type RespInput } from '../../../../src/decoder/resp/decoder.js';
import type { RespData, RespValue } from '../../../../src/decoder/resp/values.js';
import { writeCommand, writeResp } from '../../../../src/decoder/resp/writer.js';
import { bytes } from '../../support/bytes.js';
import { RESP_SAMPLES } from './samples.js';

/** What reading gave: values, and the error that ended it. */
interface Reading {
  readonly values: readonly RespValue[];
  readonly error?: string;
}

/** Reads bytes in pieces that end at some places. */
function read(content: Uint8Array, cuts: readonly number[], input: RespInput = 'replies'): Reading {
  const values: RespValue[] = [];
  const decoder = new RespDecoder((value) => values.push(value), { input });
  try {
    let from = 0;
    for (const cut of [...cuts, content.length]) {
      // A buffer of its own that is overwritten afterwards: nothing of it may be kept.
      const piece = Buffer.from(content.subarray(from, cut));
      decoder.push(piece);
      piece.fill(0x21);
      from = cut;
    }
    decoder.finish();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { values, error: `${error.code} ${error.offset}` };
  }
  return { values };
}

const everyByte = (content: Uint8Array) => Array.from(content, (_, at) => at);

/** Reads bytes in every way. @returns what all of them gave. */
function readEveryWay(content: Uint8Array, input?: RespInput): Reading {
  const whole = read(content, [], input);
  assert.deepEqual(read(content, everyByte(content), input), whole, 'byte by byte');
  for (let at = 0; at <= content.length; at++) assert.deepEqual(read(content, [at], input), whole, `cut at ${at}`);
  return whole;
}

/** A value without places. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const { offset, size, ...rest } = value as Record<string, unknown>;
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, bare(part)]));
}

describe('a RESP value', () => {
  for (const { title, bytes: content, values } of RESP_SAMPLES) {
    it(`is read wherever pieces end: ${title}`, () => {
      const reading = readEveryWay(content);
      assert.equal(reading.error, undefined);
      assert.deepEqual(reading.values.map(bare), values);
    });
  }

  it('has the offset and the size of its bytes', () => {
    const content = bytes('+OK\r\n|1\r\n+a\r\n:1\r\n*2\r\n$1\r\nx\r\n*?\r\n:12\r\n.\r\n$?\r\n;1\r\na\r\n;0\r\n');
    const [ok, array, streamed] = decodeResp(content, { offset: 1000 });
    assert.deepEqual([ok.offset, ok.size], [1000, 5]);
    assert.deepEqual([array.offset, array.size], [1017, 23]);
    assert.deepEqual(
      array.attributes?.map(({ offset, size }) => [offset, size]),
      [[1005, 12]],
    );
    assert.ok(array.type === 'array');
    assert.deepEqual(
      array.items.map(({ offset, size }) => [offset, size]),
      [
        [1021, 7],
        [1028, 12],
      ],
    );
    assert.deepEqual([streamed.offset, streamed.size], [1040, 15]);
    for (const { offset, size } of [ok, array, streamed]) {
      const own = content.subarray(offset - 1000, offset - 1000 + size);
      assert.equal(decodeResp(own).length, 1);
    }
  });

  it('is cut off if the data end inside it, wherever that is', () => {
    for (const { title, bytes: content, values } of RESP_SAMPLES) {
      if (values.length > 1) continue;
      for (let end = 1; end < content.length; end++) {
        const { error } = read(content.subarray(0, end), []);
        assert.equal(error, `resp-cut-off ${end}`, `${title}, ${end} bytes`);
      }
    }
  });
});

describe('writing RESP', () => {
  for (const { title, bytes: content, written } of RESP_SAMPLES) {
    it(`gives back what was read: ${title}`, () => {
      const values = decodeResp(content);
      const again = Buffer.concat(values.map((value) => writeResp(value)));
      if (written !== false) assert.equal(again.toString('latin1'), Buffer.from(content).toString('latin1'));
      assert.deepEqual(decodeResp(again).map(bare), values.map(bare));
    });
  }

  it('writes values that were never read', () => {
    const value: RespData = {
      type: 'map',
      pairs: [
        [
          { type: 'bulk', bytes: bytes('k') },
          { type: 'integer', value: -5n },
        ],
      ],
    };
    assert.equal(Buffer.from(writeResp(value)).toString(), '%1\r\n$1\r\nk\r\n:-5\r\n');
  });

  it('writes a command as servers do, with lengths of any number of digits', () => {
    const command = Buffer.from(writeCommand([bytes('SET'), bytes(''), bytes('x'.repeat(1000))])).toString();
    assert.equal(command, `*3\r\n$3\r\nSET\r\n$0\r\n\r\n$1000\r\n${'x'.repeat(1000)}\r\n`);
    for (const count of [1, 9, 10, 99, 100, 1001]) {
      const argv = Array.from({ length: count }, (_, i) => bytes(String(i)));
      const items = argv.map((argument) => ({ type: 'bulk', bytes: argument }) as const);
      assert.deepEqual(writeCommand(argv), writeResp({ type: 'array', items }));
    }
  });

  it('writes inline commands that are read as the same arguments', () => {
    for (const argv of [['PING'], ['SET', 'a b', '', '\r\n'], ['*1', '"'], ['', "'"], ['#', '\u00ff\u0000']]) {
      const value = { type: 'inline', arguments: argv.map((argument) => bytes(argument)) } as const;
      assert.deepEqual(decodeResp(writeResp(value), { input: 'any' }).map(bare), [value]);
    }
  });

  it('refuses what RESP cannot say', () => {
    const refused: RespData[] = [
      { type: 'simple', bytes: bytes('a\nb') },
      { type: 'error', bytes: bytes('a\rb') },
      { type: 'verbatim', format: 'text', bytes: bytes('') },
      { type: 'bulk', bytes: bytes('ab'), chunks: [1] },
      { type: 'bulk', bytes: bytes('a'), chunks: [1, 0] },
      { type: 'inline', arguments: [] },
    ];
    for (const value of refused) assert.throws(() => writeResp(value), RangeError);
  });
});

/** Damaged streams: how many values come first, and the error with its offset. */
const DAMAGED: readonly (readonly [content: string, values: number, error: string])[] = [
  ['hello\r\n', 0, 'resp-type 0'],
  ['+OK\r\n\r\n', 1, 'resp-type 5'],
  ['+a\nb\r\n', 0, 'resp-line-end 2'],
  ['+a\rb\r\n', 0, 'resp-line-end 3'],
  ['+a\r\r\n', 0, 'resp-line-end 3'],
  [':\r\n', 0, 'resp-number 0'],
  [':1.5\r\n', 0, 'resp-number 0'],
  [':9223372036854775808\r\n', 0, 'resp-number 0'],
  [':-9223372036854775809\r\n', 0, 'resp-number 0'],
  [': 1\r\n', 0, 'resp-number 0'],
  ['#true\r\n', 0, 'resp-number 0'],
  ['_x\r\n', 0, 'resp-number 0'],
  [',1e\r\n', 0, 'resp-number 0'],
  [',.\r\n', 0, 'resp-number 0'],
  ['(1.0\r\n', 0, 'resp-number 0'],
  ['(\r\n', 0, 'resp-number 0'],
  ['$-2\r\n', 0, 'resp-length 0'],
  ['$+1\r\na\r\n', 0, 'resp-length 0'],
  ['$01\r\na\r\n', 0, 'resp-length 0'],
  ['$\r\n', 0, 'resp-length 0'],
  ['$5\r\nhello!\r\n', 0, 'resp-bulk-end 9'],
  ['$5\r\nhello\n\n', 0, 'resp-bulk-end 9'],
  ['$5\r\nhello\r\r', 0, 'resp-bulk-end 10'],
  ['$2\r\na\r\n', 0, 'resp-bulk-end 6'],
  ['!-1\r\n', 0, 'resp-length 0'],
  ['=-1\r\n', 0, 'resp-length 0'],
  ['=3\r\ntxt\r\n', 0, 'resp-verbatim 0'],
  ['=5\r\ntxt-a\r\n', 0, 'resp-verbatim 0'],
  ['*-2\r\n', 0, 'resp-length 0'],
  ['~-1\r\n', 0, 'resp-length 0'],
  ['%-1\r\n', 0, 'resp-length 0'],
  ['>?\r\n', 0, 'resp-length 0'],
  ['|?\r\n', 0, 'resp-length 0'],
  ['!?\r\n', 0, 'resp-length 0'],
  ['+a\r\n*1\r\n>1\r\n:1\r\n', 1, 'resp-place 8'],
  ['.\r\n', 0, 'resp-place 0'],
  ['*1\r\n.\r\n', 0, 'resp-place 4'],
  ['*?\r\n|0\r\n.\r\n', 0, 'resp-place 8'],
  ['*?\r\n.x\r\n', 0, 'resp-place 4'],
  [';1\r\na\r\n', 0, 'resp-place 0'],
  ['$?\r\n$1\r\na\r\n', 0, 'resp-place 4'],
  ['%?\r\n:1\r\n.\r\n', 0, 'resp-odd-map 8'],
];

describe('damage of a RESP stream', () => {
  for (const [content, count, error] of DAMAGED) {
    it(`is found at its offset wherever pieces end: ${JSON.stringify(content)}`, () => {
      const reading = readEveryWay(bytes(content));
      assert.equal(reading.values.length, count);
      assert.equal(reading.error, error);
    });
  }
});

describe('what a server takes of a client', () => {
  const argumentsOf = (value: unknown) =>
    (value as { arguments: Uint8Array[] }).arguments.map((a) => String.fromCharCode(...a));

  it('are arrays of bulk strings and lines', () => {
    const content = bytes('*1\r\n$4\r\nPING\r\nset k "a b"\r\n\r\n  \n*0\r\n*-1\r\n*-5\r\n+x y\n*1\r\n$1\r\na\r\n');
    const { values, error } = readEveryWay(content, 'requests');
    assert.equal(error, undefined);
    assert.deepEqual(
      values.map(({ type, offset, size }) => [type, offset, size]),
      [
        ['array', 0, 14],
        ['inline', 14, 13],
        ['inline', 46, 5],
        ['array', 51, 11],
      ],
    );
    assert.deepEqual(argumentsOf(values[1]), ['set', 'k', 'a b']);
    assert.deepEqual(argumentsOf(values[2]), ['+x', 'y']);
  });

  it('are no other types within an array, and no nulls', () => {
    for (const [content, error] of [
      ['*1\r\n:1\r\n', 'resp-not-bulk 4'],
      ['*1\r\n*0\r\n', 'resp-not-bulk 4'],
      ['*1\r\n$-1\r\n', 'resp-length 4'],
      ['*?\r\n', 'resp-length 0'],
      ['*1\r\n$?\r\n', 'resp-length 4'],
      ['a "b\r\n', 'quote-not-closed 2'],
      ['a "b"c\r\n', 'quote-not-followed-by-blank 4'],
    ]) {
      assert.equal(readEveryWay(bytes(content), 'requests').error, error, content);
    }
  });

  it('and replies are both read where either can come', () => {
    const { values, error } = readEveryWay(bytes('PING\r\n+PONG\r\n*1\r\n:1\r\nQUIT\n'), 'any');
    assert.equal(error, undefined);
    assert.deepEqual(
      values.map(({ type }) => type),
      ['inline', 'simple', 'array', 'inline'],
    );
    assert.equal(readEveryWay(bytes('*1\r\nPING\r\n'), 'any').error, 'resp-type 4');
  });
});
