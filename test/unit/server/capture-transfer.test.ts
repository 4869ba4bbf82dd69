/** What a primary sends to a capture, in pieces of every size: answers, both forms of the RDB, the commands behind it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CaptureStream } from '../../../src/server/capture-stream.js';
import { TransferError, TransferReader } from '../../../src/server/capture-transfer.js';
import { bytes, characters } from '../support/bytes.js';
import { file, key, string } from '../support/rdb-writer.js';

const MARK = '0123456789abcdef0123456789abcdef01234567';
const REPLID = 'f'.repeat(40);
/** Has the mark in its data. */
const RDB = file('REDIS0010', [key(0, MARK, string(`${MARK}\r\n`))]);
const COMMANDS = '*1\r\n$4\r\nPING\r\n';

/** What a transfer gives. */
function received(input: Uint8Array, piece: number, answered = true): string[] {
  const told: string[] = [];
  let rdb = '';
  let stream = '';
  const reader = new TransferReader(
    {
      answer: (answer) => told.push(JSON.stringify(answer)),
      rdb: (part, total) => {
        rdb += characters(part);
        if (total !== undefined) assert.equal(total, RDB.length);
      },
      rdbEnd: (db) => told.push(`rdb ${rdb === characters(RDB)} ${db}`),
      stream: (part) => {
        stream += characters(part);
      },
    },
    answered,
  );
  for (let at = 0; at < input.length; at += piece) reader.push(input.slice(at, at + piece));
  return [...told, stream];
}

const FULL = JSON.stringify({ kind: 'full', replid: REPLID, offset: 14 });

describe('a transfer', () => {
  const CASES: readonly (readonly [name: string, input: Uint8Array, expected: string[], answered?: boolean])[] = [
    [
      'with a length',
      bytes('\n\n', `+FULLRESYNC ${REPLID} 14\r\n`, '\n', `$${RDB.length}\r\n`, RDB, COMMANDS),
      [FULL, 'rdb true 0', COMMANDS],
    ],
    [
      'with an end mark, which is in the data too',
      bytes(`+FULLRESYNC ${REPLID} 14\r\n`, `$EOF:${MARK}\r\n`, RDB, MARK, COMMANDS),
      [FULL, 'rdb true 0', COMMANDS],
    ],
    [
      'that continues',
      bytes(`+CONTINUE ${REPLID}\r\n`, COMMANDS),
      [JSON.stringify({ kind: 'continue', replid: REPLID }), COMMANDS],
    ],
    [
      'that names another connection for the RDB',
      bytes('+DUALCHANNELSYNC\r\n', '+OK\r\n', `+CONTINUE ${REPLID}\r\n`, COMMANDS),
      ['{"kind":"channel"}', '{"kind":"joined"}', JSON.stringify({ kind: 'continue', replid: REPLID }), COMMANDS],
    ],
    [
      'that names another connection for the RDB, and goes on with the commands',
      bytes('+RDBCHANNELSYNC 77\r\n', COMMANDS),
      ['{"kind":"channel","main":"77"}', COMMANDS],
    ],
    [
      'on that connection',
      bytes('\n', `$ENDOFF:14 ${REPLID} 0 77\r\n`, `$EOF:${MARK}\r\n`, RDB, MARK),
      [
        JSON.stringify({ kind: 'sync' }),
        JSON.stringify({ kind: 'channel-start', replid: REPLID, offset: 14, db: 0, client: '77' }),
        'rdb true 0',
        '',
      ],
      false,
    ],
    [
      'after SYNC',
      bytes('\n', `$${RDB.length}\r\n`, RDB, COMMANDS),
      [JSON.stringify({ kind: 'sync' }), 'rdb true 0', COMMANDS],
      false,
    ],
  ];
  for (const [name, input, expected, answered] of CASES) {
    it(`${name} is read in pieces of any size`, () => {
      for (let piece = 1; piece <= input.length; piece++) {
        assert.deepEqual(received(input, piece, answered), expected, `pieces of ${piece}`);
      }
    });
  }

  const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
    ['-NOPERM this user has no permissions\r\n', /^NOPERM this user/],
    [`+FULLRESYNC ${REPLID} 1\r\n-ERR it failed\r\n`, /^ERR it failed/],
    [`+FULLRESYNC ${REPLID} 1\r\n$-5\r\n`, /no head of an RDB/],
    [`+FULLRESYNC ${REPLID} 1\r\n$EOF:${MARK}\r\n${characters(RDB)}${'x'.repeat(40)}`, /other bytes than the end mark/],
    [`+FULLRESYNC ${REPLID} 1\r\n$EOF:${MARK}\r\nREDIS0010\xc8${'x'.repeat(80)}`, /cannot be followed to its end/],
    ['x'.repeat(70_000), /a line that does not end/],
  ];
  for (const [text, message] of REFUSED) {
    it(`is refused: ${message.source}`, () => {
      assert.throws(
        () => received(bytes(text), 7),
        (error) => error instanceof TransferError && message.test(error.message),
      );
    });
  }
});

describe('the commands of a capture', () => {
  const command = (...argv: string[]) =>
    `*${argv.length}\r\n${argv.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`;
  const input = [
    command('PING'),
    '\n',
    command('SET', 'a', '\r\n'),
    command('REPLCONF', 'GETACK', '*'),
    command('MULTI'),
    command('INCR', 'b'),
    command('PUBLISH', 'c', 'd'),
    command('EXEC'),
    command('MULTI'),
    command('INCR', 'e'),
  ].join('');

  it('are those of an AOF, with whole transactions, in pieces of any size', () => {
    for (let piece = 1; piece <= input.length; piece++) {
      let written = '';
      let asked = 0;
      const write = (part: Uint8Array) => {
        written += characters(part);
      };
      const stream = new CaptureStream(100, 3, write, () => asked++);
      for (let at = 0; at < input.length; at += piece) stream.push(bytes(input.slice(at, at + piece)));
      const expected = [['SELECT', '3'], ['SET', 'a', '\r\n'], ['MULTI'], ['INCR', 'b'], ['EXEC']];
      assert.equal(written, expected.map((argv) => command(...argv)).join(''));
      assert.deepEqual([stream.offset, asked], [100 + input.length, 1]);
    }
  });

  it('go on behind the last whole one after a broken link', () => {
    let written = '';
    const write = (part: Uint8Array) => {
      written += characters(part);
    };
    const stream = new CaptureStream(0, 0, write, () => {});
    const [first, second] = [command('SET', 'a', '1'), command('SET', 'b', '2')];
    stream.push(bytes(first + second.slice(0, 9)));
    assert.equal(stream.offset, first.length);
    stream.restart();
    stream.push(bytes(second));
    assert.equal(written, command('SELECT', '0') + first + second);
  });
});
