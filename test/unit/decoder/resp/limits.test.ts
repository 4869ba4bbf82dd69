/** Limits of a RESP stream: what goes up to one is read, what goes beyond is refused where it says so, at no cost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../../src/decoder/errors.js';
import { decodeResp, RespDecoder, type RespOptions } from '../../../../src/decoder/resp/decoder.js';
import { SERVER_LIMITS } from '../../../../src/decoder/resp/limits.js';
import { bytes } from '../../support/bytes.js';

/** The error of a stream that has not ended; the same in one piece and byte by byte. */
function errorOf(content: Uint8Array, options: RespOptions): string | undefined {
  const found = [[content], Array.from(content, (byte) => bytes(byte))].map((pieces) => {
    const decoder = new RespDecoder(() => {}, options);
    try {
      for (const piece of pieces) decoder.push(piece);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return `${error.code} ${error.offset}`;
    }
    return undefined;
  });
  assert.equal(found[1], found[0]);
  return found[0];
}

interface Limit {
  readonly title: string;
  readonly options: RespOptions;
  readonly within: string;
  readonly beyond: string;
  readonly error: string;
}

const LIMITS: readonly Limit[] = [
  {
    title: 'the depth',
    options: { limits: { depth: 2 } },
    within: '*1\r\n%1\r\n:1\r\n:2\r\n',
    beyond: '*1\r\n%1\r\n~0\r\n',
    error: 'resp-depth 8',
  },
  {
    title: 'the depth, by attributes',
    options: { limits: { depth: 2 } },
    within: '|1\r\n:1\r\n*0\r\n:2\r\n',
    beyond: '|1\r\n|1\r\n|1\r\n',
    error: 'resp-depth 8',
  },
  {
    title: 'the elements of an array',
    options: { limits: { elements: 2 } },
    within: '*2\r\n:1\r\n:2\r\n',
    beyond: '*3\r\n',
    error: 'resp-elements 0',
  },
  {
    title: 'the pairs of a map',
    options: { limits: { elements: 2 } },
    within: '%2\r\n:1\r\n:1\r\n:2\r\n:2\r\n',
    beyond: '%3\r\n',
    error: 'resp-elements 0',
  },
  {
    title: 'the elements of a streamed set',
    options: { limits: { elements: 2 } },
    within: '~?\r\n:1\r\n:2\r\n.\r\n',
    beyond: '~?\r\n:1\r\n:2\r\n:3\r\n',
    error: 'resp-elements 12',
  },
  {
    title: 'the pairs of a streamed map',
    options: { limits: { elements: 1 } },
    within: '%?\r\n:1\r\n:1\r\n.\r\n',
    beyond: '%?\r\n:1\r\n:1\r\n:2\r\n',
    error: 'resp-elements 12',
  },
  {
    title: 'the bytes of a string',
    options: { limits: { bulkLength: 5 } },
    within: '$5\r\nhello\r\n',
    beyond: '$6\r\n',
    error: 'resp-bulk-too-long 0',
  },
  {
    title: 'the bytes of all chunks of a string',
    options: { limits: { bulkLength: 5 } },
    within: '$?\r\n;2\r\nhe\r\n;3\r\nllo\r\n;0\r\n',
    beyond: '$?\r\n;2\r\nhe\r\n;4\r\n',
    error: 'resp-bulk-too-long 12',
  },
  {
    title: 'the bytes of a line',
    options: { limits: { lineLength: 5 } },
    within: '+hello\r\n',
    beyond: '+hellos\r\n',
    error: 'resp-line-too-long 0',
  },
  {
    title: 'the bytes of a line that does not end',
    options: { limits: { lineLength: 5 } },
    within: '+hello\r\n',
    beyond: `+OK\r\n+${'x'.repeat(7)}`,
    error: 'resp-line-too-long 5',
  },
  {
    title: 'the bytes of an inline command',
    options: { input: 'requests', limits: { inlineLength: 5 } },
    within: 'a b c\r\n',
    beyond: 'a b cd\n',
    error: 'resp-line-too-long 0',
  },
  {
    title: 'the bytes of an inline command that does not end',
    options: { input: 'requests', limits: { inlineLength: 5 } },
    within: 'a b c\n',
    beyond: 'PING\nabcdefgh',
    error: 'resp-line-too-long 5',
  },
];

describe('a limit of a RESP stream', () => {
  for (const { title, options, within, beyond, error } of LIMITS) {
    it(`allows what it says and nothing more: ${title}`, () => {
      assert.equal(decodeResp(bytes(within), options).length, 1);
      assert.equal(errorOf(bytes(within), options), undefined);
      assert.equal(errorOf(bytes(beyond), options), error);
    });
  }

  it('is that of a server if nothing else is asked for', () => {
    const { elements, bulkLength, lineLength, depth } = SERVER_LIMITS;
    for (const [content, error] of [
      [`*${elements}\r\n`, undefined],
      [`*${elements + 1}\r\n`, 'resp-elements 0'],
      ['*9999999999999999\r\n', 'resp-elements 0'],
      ['*99999999999999999999\r\n', 'resp-length 0'],
      [`$${bulkLength}\r\nabc`, undefined],
      [`$${bulkLength + 1}\r\n`, 'resp-bulk-too-long 0'],
      [`+${'x'.repeat(lineLength + 2)}`, 'resp-line-too-long 0'],
      [`(${'9'.repeat(lineLength)}\r\n`, undefined],
      ['*1\r\n'.repeat(depth), undefined],
      ['*1\r\n'.repeat(depth + 1), `resp-depth ${depth * 4}`],
    ] as const) {
      assert.equal(errorOf(bytes(content), {}), error, content.slice(0, 30));
    }
  });

  it('lets a length take no memory before its bytes come', () => {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 100 }, () => new RespDecoder(() => {}));
    for (const decoder of decoders) decoder.push(bytes(`*2147483647\r\n$${SERVER_LIMITS.bulkLength}\r\nx`));
    assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000);
    assert.ok(decoders.every(({ offset }) => offset === 0));
  });
});
