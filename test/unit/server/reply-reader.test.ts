/** Replies that are only counted: whole, cut at every byte, and damaged. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReplayMemory } from '../../../src/decoder/replay/memory.js';
import {
  REPLY_ERROR,
  REPLY_NULL,
  REPLY_QUEUED,
  REPLY_VALUE,
  ReplyFormatError,
  ReplyReader,
} from '../../../src/server/reply-reader.js';

type Heard = (number | readonly [text: string, element: number])[];

/** What is heard of a stream that comes in pieces. */
function heard(pieces: readonly Uint8Array[], memory?: ReplayMemory): Heard {
  const all: Heard = [];
  const reader = new ReplyReader(
    {
      reply: (kind) => void all.push(kind),
      values: (count) => void all.push(...Array<number>(count).fill(REPLY_VALUE)),
      error: (text, element) => void all.push([text, element]),
    },
    memory,
  );
  for (const piece of pieces) reader.push(piece);
  return all;
}

const CASES: readonly (readonly [stream: string, heard: Heard])[] = [
  ['+OK\r\n', [REPLY_VALUE]],
  ['+QUEUED\r\n', [REPLY_QUEUED]],
  [':-5\r\n:12\r\n', [REPLY_VALUE, REPLY_VALUE]],
  ['+OK\r\n:1\r\n+OKAY\r\n+OK\r\n', [REPLY_VALUE, REPLY_VALUE, REPLY_VALUE, REPLY_VALUE]],
  ['+OK\r\n-ERR no\r\n+OK\r\n', [REPLY_VALUE, ['ERR no', -1], REPLY_ERROR, REPLY_VALUE]],
  ['*2\r\n+OK\r\n+OK\r\n+OK\r\n$2\r\n+O\r\n+OK\r\n', [REPLY_VALUE, REPLY_VALUE, REPLY_VALUE, REPLY_VALUE]],
  ['$5\r\nab\r\nc\r\n$0\r\n\r\n', [REPLY_VALUE, REPLY_VALUE]],
  ['$-1\r\n*-1\r\n', [REPLY_NULL, REPLY_NULL]],
  ['*0\r\n', [REPLY_VALUE]],
  ['-ERR no\r\n', [['ERR no', -1], REPLY_ERROR]],
  ['*3\r\n+OK\r\n-WRONGTYPE x\r\n:1\r\n', [['WRONGTYPE x', 1], REPLY_VALUE]],
  ['*2\r\n*2\r\n:1\r\n$1\r\nx\r\n*1\r\n-E deep\r\n+OK\r\n', [['E deep', 1], REPLY_VALUE, REPLY_VALUE]],
  ['*2\r\n$-1\r\n*0\r\n:7\r\n', [REPLY_VALUE, REPLY_VALUE]],
];

describe('the reader of replies', () => {
  for (const [stream, expected] of CASES) {
    it(`counts ${JSON.stringify(stream)}, wherever it is cut`, () => {
      const bytes = Buffer.from(stream);
      assert.deepEqual(heard([bytes]), expected);
      assert.deepEqual(heard([...bytes].map((byte) => Uint8Array.of(byte))), expected);
      for (let at = 1; at < bytes.length; at++) {
        assert.deepEqual(heard([bytes.subarray(0, at), bytes.subarray(at)]), expected, `cut at ${at}`);
      }
    });
  }

  const memory = new ReplayMemory();
  for (const [stream, expected] of CASES) {
    it(`counts ${JSON.stringify(stream)} among many, wherever it is cut`, () => {
      const many = Array<number>(40).fill(REPLY_VALUE);
      const bytes = Buffer.from(`${'+OK\r\n:17\r\n'.repeat(20)}${stream}${'+OK\r\n:7\r\n'.repeat(20)}`);
      const all = [...many, ...expected, ...many];
      assert.deepEqual(heard([bytes], memory), all);
      for (let at = 1; at < bytes.length; at++) {
        assert.deepEqual(heard([bytes.subarray(0, at), bytes.subarray(at)], memory), all, `cut at ${at}`);
      }
    });
  }

  it('takes more at once than the memory holds', () => {
    const bytes = Buffer.from('+OK\r\n'.repeat(30_000));
    assert.deepEqual(heard([bytes], memory), Array<number>(30_000).fill(REPLY_VALUE));
  });

  for (const stream of [
    'x\r\n',
    '+OK\n',
    '$\r\n',
    '$-2\r\n',
    '$1x\r\n',
    '*99999999999\r\n',
    '%1\r\n',
    '*1\r\n'.repeat(200),
  ]) {
    it(`refuses ${JSON.stringify(stream.slice(0, 20))}`, () => {
      assert.throws(() => heard([Buffer.from(stream)]), ReplyFormatError);
    });
  }

  it('does not keep a line without an end', () => {
    const piece = Buffer.alloc(300_000, 'x');
    assert.throws(() => heard([Buffer.from('+'), piece, piece, piece, piece]), ReplyFormatError);
  });
});
