/** Bits and points of values against what BITCOUNT, BITPOS and GEOPOS of a real server say. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { geoPoint, looksLikeGeo } from '../../src/dataset/geohash.js';
import { countBits, findBit } from '../../src/engine/bits.js';
import { seededRandom } from '../unit/support/random.js';
import { type Reply, TestServer } from './server.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

function run<Result>(work: Generator<void, Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

function textOf(reply: Reply | undefined): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : String(reply);
}

describe(`values that mean more than strings (TEST_SEED=${SEED})`, async () => {
  const server = await TestServer.start();
  const random = seededRandom(SEED);

  it('are points where GEOPOS says', async () => {
    for (let i = 0; i < 500; i++) {
      const longitude = (random(360_000_000) - 180_000_000) / 1e6;
      const latitude = (random(170_000_000) - 85_000_000) / 1e6;
      await server.command('GEOADD', 'places', String(longitude), String(latitude), `m${i}`);
      const score = Number(textOf(await server.command('ZSCORE', 'places', `m${i}`)));
      const [place] = (await server.command('GEOPOS', 'places', `m${i}`)) as Reply[];
      const [x, y] = (place as Reply[]).map((part) => Number(textOf(part)));
      const point = geoPoint(score);
      assert.ok(Math.abs((point?.longitude ?? 999) - x) < 1e-9, `${point?.longitude} is ${x}`);
      assert.ok(Math.abs((point?.latitude ?? 999) - y) < 1e-9, `${point?.latitude} is ${y}`);
      // The corner that is too small a score for geohashes is a 256th of the map.
      const isCorner = longitude < -180 + 360 / 16 && latitude < -85.05112878 * (1 - 2 / 16);
      assert.equal(looksLikeGeo([score]), !isCorner, `${longitude}, ${latitude}`);
    }
  });

  it('have the bits that BITCOUNT and BITPOS say', async () => {
    for (let i = 0; i < 50; i++) await server.command('SETBIT', 'bits', String(random(100_000)), '1');
    const bytes = (await server.command('GET', 'bits')) as Uint8Array;
    assert.equal(run(countBits(bytes)), Number(await server.command('BITCOUNT', 'bits')));
    for (let from = 0; from < bytes.length; from += 997) {
      for (const value of [0, 1] as const) {
        const said = Number(await server.command('BITPOS', 'bits', String(value), String(from), '-1'));
        assert.equal(run(findBit(bytes, 8 * from, value, false)) ?? -1, said, `${value} from byte ${from}`);
      }
    }
  });
});
