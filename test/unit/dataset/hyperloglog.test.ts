/** HyperLogLogs: told from other strings, their registers counted as in the server, damaged ones refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HYPERLOGLOG_BYTES, readHyperLogLog } from '../../../src/dataset/hyperloglog.js';
import { bytes, little } from '../support/bytes.js';
import { seededRandom } from '../support/random.js';

const REGISTERS = 16384;
/** In the last byte of the stored estimate: it is out of date. */
const STALE = 0x80;

const header = (encoding: number, estimate: bigint | 'stale') =>
  bytes('HYLL', encoding, 0, 0, 0, estimate === 'stale' ? [little(0, 7), STALE] : little(estimate, 8));

/** The dense form of registers: six bits each, least significant first. */
function dense(registers: readonly number[], estimate: bigint | 'stale' = 'stale'): Uint8Array {
  const packed = new Uint8Array((REGISTERS * 6) / 8);
  for (const [i, value] of registers.entries()) {
    for (let bit = 0; bit < 6; bit++) {
      if ((value >> bit) & 1) packed[(i * 6 + bit) >> 3] |= 1 << ((i * 6 + bit) & 7);
    }
  }
  return bytes(header(0, estimate), packed);
}

/** The sparse form: runs of equal registers. */
function sparse(registers: readonly number[], estimate: bigint | 'stale' = 'stale'): Uint8Array {
  const runs: number[] = [];
  for (let from = 0; from < registers.length; ) {
    let to = from;
    const most = registers[from] === 0 ? REGISTERS : 4;
    while (to < registers.length && registers[to] === registers[from] && to - from < most) to++;
    const run = to - from - 1;
    if (registers[from] > 0) runs.push(0x80 | ((registers[from] - 1) << 2) | run);
    else if (run < 64) runs.push(run);
    else runs.push(0x40 | (run >> 8), run & 0xff);
    from = to;
  }
  return bytes(header(1, estimate), runs);
}

/** Registers after so many different elements, as a good hash gives them. */
function registersOf(elements: number, seed: number): number[] {
  const random = seededRandom(seed);
  const registers = new Array<number>(REGISTERS).fill(0);
  for (let i = 0; i < elements; i++) {
    const at = random(REGISTERS);
    let zeros = 1;
    while (zeros < 51 && random(2) === 0) zeros++;
    registers[at] = Math.max(registers[at], zeros);
  }
  return registers;
}

describe('a HyperLogLog', () => {
  it('gives the estimate that the server has stored', () => {
    const value = dense(registersOf(10, 1), 12345n);
    const registers = Uint8Array.from(registersOf(10, 1));
    assert.deepEqual(readHyperLogLog(value), { encoding: 'dense', estimate: 12345, cached: true, registers });
  });

  it('of no elements stands for none', () => {
    const none = new Array<number>(REGISTERS).fill(0);
    const empty = { estimate: 0, cached: false, registers: new Uint8Array(REGISTERS) };
    assert.deepEqual(readHyperLogLog(sparse(none)), { encoding: 'sparse', ...empty });
    assert.deepEqual(readHyperLogLog(dense(none)), { encoding: 'dense', ...empty });
  });

  it('is near the number of elements, the same in both forms', () => {
    for (const elements of [1, 2, 10, 100, 1000, 20_000, 100_000]) {
      const registers = registersOf(elements, elements);
      const fromDense = readHyperLogLog(dense(registers));
      assert.ok(fromDense && Math.abs(fromDense.estimate - elements) <= Math.max(1, elements * 0.04), `${elements}`);
      // The sparse form has no values beyond 32.
      const small = registers.map((value) => Math.min(value, 32));
      assert.equal(readHyperLogLog(sparse(small))?.estimate, readHyperLogLog(dense(small))?.estimate);
    }
  });

  it('has values wherever the bits of a register lie in its bytes', () => {
    for (const at of [0, 1, 2, 3, 4, REGISTERS - 2, REGISTERS - 1]) {
      const registers = new Array<number>(REGISTERS).fill(0);
      registers[at] = 9;
      assert.equal(readHyperLogLog(dense(registers))?.estimate, 1, `register ${at}`);
    }
  });

  it('is none if it is damaged', () => {
    const whole = sparse(registersOf(100, 5));
    const denseWhole = dense(registersOf(100, 5));
    assert.equal(denseWhole.length, HYPERLOGLOG_BYTES);
    for (const [what, value] of [
      ['empty', bytes()],
      ['its name alone', bytes('HYLL')],
      ['another name', bytes('HYLX', whole.subarray(4))],
      ['another encoding', bytes('HYLL', 2, whole.subarray(5))],
      ['too few registers', whole.subarray(0, -1)],
      ['too many registers', bytes(whole, 0)],
      ['a run cut in two', bytes(header(1, 'stale'), 0x7f)],
      ['dense, a byte short', denseWhole.subarray(0, -1)],
      ['dense, a byte too long', bytes(denseWhole, 0)],
    ] as const) {
      assert.equal(readHyperLogLog(value), undefined, what);
    }
  });

  it('with impossible registers gives a number all the same', () => {
    const estimate = readHyperLogLog(dense(new Array<number>(REGISTERS).fill(63)))?.estimate;
    assert.equal(typeof estimate, 'number');
    assert.ok(!Number.isNaN(estimate));
  });
});
