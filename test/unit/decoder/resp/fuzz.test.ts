/**
 * RESP with random damage: reading it throws nothing that is not a problem of the stream, gives the same over pieces,
 * leaves alone what stands before the damage, and what was read can be written.
 *
 * FUZZ_ROUNDS is the number of damaged streams, FUZZ_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../../src/decoder/errors.js';
import { decodeResp, RespDecoder, type RespInput } from '../../../../src/decoder/resp/decoder.js';
import type { RespValue } from '../../../../src/decoder/resp/values.js';
import { writeResp } from '../../../../src/decoder/resp/writer.js';
import { type Random, seededRandom } from '../../support/random.js';
import { RESP_SAMPLES } from './samples.js';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 3000);
const INPUTS: readonly RespInput[] = ['replies', 'requests', 'any'];
const TELLING = '+-:$*_#,(!=%~>|;.?0123456789\r\n"\'\\ ';
const LIMITS = { depth: 20, elements: 1000, bulkLength: 5000, lineLength: 200, inlineLength: 200 };

/** Some samples one after the other. @returns them and where each begins. */
function stream(random: Random): Buffer {
  return Buffer.concat(Array.from({ length: 1 + random(6) }, () => RESP_SAMPLES[random(RESP_SAMPLES.length)].bytes));
}

function damage(content: Buffer, random: Random): { changed: Buffer; first: number } {
  const at = random(content.length);
  const end = Math.min(content.length, at + random(10));
  const added = Buffer.from(
    Array.from({ length: random(4) }, () =>
      random(4) === 0 ? random(256) : TELLING.charCodeAt(random(TELLING.length)),
    ),
  );
  return { changed: Buffer.concat([content.subarray(0, at), added, content.subarray(end)]), first: at };
}

function read(content: Uint8Array, cuts: readonly number[], input: RespInput): { values: RespValue[]; error: string } {
  const values: RespValue[] = [];
  const decoder = new RespDecoder((value) => values.push(value), { input, limits: LIMITS });
  try {
    let from = 0;
    for (const cut of [...cuts, content.length]) {
      decoder.push(content.slice(from, cut));
      from = cut;
    }
    decoder.finish();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    assert.ok(error.offset >= 0 && error.offset <= content.length, error.message);
    assert.doesNotMatch(error.message.replace(/".*"/, ''), /\{\d\}|undefined|\[object/);
    return { values, error: `${error.message} (${error.offset})` };
  }
  return { values, error: '' };
}

function check(random: Random): void {
  const content = stream(random);
  const { changed, first } = damage(content, random);
  for (const input of INPUTS) {
    const whole = read(changed, [], input);
    const cuts = Array.from({ length: random(8) }, () => random(changed.length + 1)).sort((a, b) => a - b);
    assert.deepEqual(read(changed, cuts, input), whole, `${input}, cut at ${cuts.join(' ')}`);
    const before = ({ offset, size }: RespValue) => offset + size <= first;
    const intact = read(content, [], input).values.filter(before);
    assert.deepEqual(whole.values.slice(0, intact.length), intact);
    for (const value of whole.values) {
      const [again, ...more] = decodeResp(writeResp(value), { input: 'any' });
      assert.equal(more.length, 0);
      assert.deepEqual(writeResp(again), writeResp(value));
    }
  }
}

describe('RESP with random damage', () => {
  it('is read without harm', { timeout: 60_000 + ROUNDS * 1000 }, (test) => {
    test.diagnostic(`FUZZ_SEED=${SEED} FUZZ_ROUNDS=${ROUNDS}`);
    for (let round = 0; round < ROUNDS; round++) {
      try {
        check(seededRandom(SEED + round));
      } catch (error) {
        throw new Error(`again with FUZZ_SEED=${SEED + round} FUZZ_ROUNDS=1`, { cause: error });
      }
    }
  });
});
