/** Estimates of HyperLogLogs against what PFCOUNT of a real server says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHyperLogLog } from '../../src/dataset/hyperloglog.js';
import { seededRandom } from '../unit/support/random.js';
import { TestServer } from './server.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

describe(`the estimate of a HyperLogLog (TEST_SEED=${SEED})`, async () => {
  const server = await TestServer.start();

  it('is that of PFCOUNT, whether the server has stored it or not', async () => {
    const random = seededRandom(SEED);
    const met = new Set<string>();
    for (const elements of [0, 1, 2, 3, 10, 100, 500, 1000, 5000, 20_000, 100_000]) {
      const key = `h${elements}`;
      await server.command('PFADD', key);
      for (let left = elements; left > 0; left -= 1000) {
        const some = Array.from({ length: Math.min(1000, left) }, () => `${random(2 ** 31)} ${random(2 ** 31)}`);
        await server.command('PFADD', key, ...some);
      }
      const before = readHyperLogLog((await server.command('GET', key)) as Uint8Array);
      const count = Number(await server.command('PFCOUNT', key));
      const after = readHyperLogLog((await server.command('GET', key)) as Uint8Array);
      assert.equal(before?.estimate, count, `${elements} elements`);
      assert.equal(after?.estimate, count, `${elements} elements, stored`);
      for (const log of [before, after]) met.add(`${log?.encoding} ${log?.cached}`);
    }
    assert.deepEqual([...met].sort(), ['dense false', 'dense true', 'sparse false', 'sparse true']);
  });
});
