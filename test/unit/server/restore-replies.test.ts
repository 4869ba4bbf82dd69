/** Replies to a restore: each finds the one who waits for it, wherever the stream is divided, with and without WebAssembly. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RestoreMemory } from '../../../src/decoder/restore/memory.js';
import { RestoreKeys } from '../../../src/server/restore-keys.js';
import { RestoreReplies } from '../../../src/server/restore-replies.js';
import { bytes } from '../support/bytes.js';

const OK = '+OK\r\n';
const BUSY = '-BUSYKEY Target key name already exists.\r\n';
const memory = new RestoreMemory(0);

/** What is told of keys for which these replies come, in these pieces. */
function told(keys: RestoreKeys, pieces: readonly Uint8Array[], by?: RestoreMemory): string[] {
  const lines: string[] = [];
  let plain = 0;
  const flush = () => {
    if (plain > 0) lines.push(`${plain} restored`);
    plain = 0;
  };
  const replies = new RestoreReplies(
    {
      runRestored: (_, from, to) => {
        plain += to - from;
      },
      restored: (row, error) => {
        if (error === undefined) plain++;
        else {
          flush();
          lines.push(`${row.number}: ${error}`);
        }
      },
    },
    by,
  );
  replies.expectRun(keys, 0, keys.count);
  for (const piece of pieces) replies.read(piece);
  flush();
  assert.equal(replies.waiting, 0);
  return lines;
}

function keysOf(count: number): RestoreKeys {
  const keys = new RestoreKeys();
  for (let left = count; left > 0; left -= 1000) {
    keys.addFound(memory.columns, Math.min(left, 1000), 0);
  }
  keys.types = [{ type: 'string' } as never];
  return keys;
}

describe('replies to a restore', () => {
  const stream = bytes(OK, OK, BUSY, OK, OK, OK, '+ok\r\n', OK, BUSY, BUSY, OK);
  const expected = ['2 restored', '2: B', '5 restored', '8: B', '9: B', '1 restored'];
  const short = (lines: readonly string[]) => lines.map((line) => line.replace(/: B.*/, ': B'));

  for (const by of [memory, undefined]) {
    it(`reach their keys at every split, ${by ? 'counted in WebAssembly' : 'decoded one by one'}`, () => {
      const keys = keysOf(11);
      for (let at = 0; at <= stream.length; at++) {
        const pieces = [stream.subarray(0, at), stream.subarray(at)];
        assert.deepEqual(short(told(keys, pieces, by)), expected, `split at ${at}`);
      }
      const single = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
      assert.deepEqual(short(told(keys, single, by)), expected);
    });
  }

  it('may be more at once than are counted at once', () => {
    const keys = keysOf(40_001);
    const stream = bytes(OK.repeat(30_000), BUSY, OK.repeat(10_000));
    assert.deepEqual(short(told(keys, [stream], memory)), ['30000 restored', '30000: B', '10000 restored']);
  });
});
