/** Inline commands as a real server splits them: the same arguments, and the same lines refused. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { decodeResp } from '../../src/decoder/resp/decoder.js';
import { splitInline } from '../../src/decoder/resp/inline.js';
import { seededRandom } from '../unit/support/random.js';
import { TestServer } from './server.js';

/** No zero byte: a server does not find the end of a line behind one. */
const PIECES = ['"', '"', "'", "'", '\\', '\\x', '4', '1', 'n', 'q', ' ', ' ', '\t', '\v', '\r', '\xff', 'ab'];

describe('a line of arguments', async () => {
  const server = await TestServer.start();

  /** Sends a line as it is. @returns the bytes of the replies, until the server closes the connection. */
  async function send(lines: Buffer): Promise<Buffer> {
    const socket = connect(server.socketPath);
    const parts: Buffer[] = [];
    socket.on('data', (data) => parts.push(data));
    socket.write(lines);
    await once(socket, 'close');
    return Buffer.concat(parts);
  }

  it('is split as the server splits it', async () => {
    const seed = Date.now() % 2 ** 31;
    const random = seededRandom(seed);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const tail = Array.from({ length: 1 + random(12) }, () => PIECES[random(PIECES.length)]).join('');
      const line = Buffer.from(`RPUSH k . ${tail}`, 'latin1');
      const { tokens, unbalanced } = splitInline(line);
      const replies = decodeResp(
        await send(Buffer.concat([line, Buffer.from('\r\nLRANGE k 1 -1\r\nDEL k\r\nQUIT\r\n')])),
      );
      const where = `seed ${seed}, ${JSON.stringify(tail)}`;
      if (unbalanced) {
        refused++;
        const [error] = replies;
        assert.ok(error.type === 'error', where);
        assert.match(Buffer.from(error.bytes).toString(), /unbalanced quotes/, where);
        continue;
      }
      const list = replies[1];
      assert.ok(list.type === 'array', where);
      const held = list.items.map((item) => (item.type === 'bulk' ? item.bytes : undefined));
      assert.deepEqual(
        held,
        tokens.slice(3).map((token) => token.bytes),
        where,
      );
    }
    assert.ok(refused > 20 && refused < 280, `${refused} lines were refused`);
  });
});
