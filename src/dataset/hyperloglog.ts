/** HyperLogLog values: recognising them among strings, and the number of elements that they stand for. */

const HEADER = 16;
const REGISTERS = 16384;
const DENSE_BYTES = HEADER + (REGISTERS * 6) / 8;
const Q = 50;
const ALPHA_INF = 0.7213475204444817;

/** What a HyperLogLog says. */
export interface HyperLogLog {
  readonly encoding: 'dense' | 'sparse';
  /** The estimated number of different elements. */
  readonly estimate: number;
  /** True if the server had stored this estimate with the value. */
  readonly cached: boolean;
  /** The value of each of the 16,384 registers. */
  readonly registers: Uint8Array;
}

/** The most bytes that a HyperLogLog can have: the dense form; a sparse one is converted before it gets larger. */
export const HYPERLOGLOG_BYTES = DENSE_BYTES;

/** Reads a string as HyperLogLog. @returns undefined if it is none, or damaged. */
export function readHyperLogLog(bytes: Uint8Array): HyperLogLog | undefined {
  if (bytes.length < HEADER || String.fromCharCode(...bytes.subarray(0, 4)) !== 'HYLL') return undefined;
  const dense = bytes[4] === 0;
  if ((!dense && bytes[4] !== 1) || (dense && bytes.length !== DENSE_BYTES)) return undefined;
  const registers = dense ? denseRegisters(bytes) : sparseRegisters(bytes);
  if (!registers) return undefined;
  const encoding = dense ? 'dense' : 'sparse';
  const cached = (bytes[15] & 0x80) === 0;
  if (!cached) return { encoding, estimate: estimate(histogramOf(registers)), cached, registers };
  const view = new DataView(bytes.buffer, bytes.byteOffset + 8, 8);
  return { encoding, estimate: Number(view.getBigUint64(0, true)), cached, registers };
}

/** The value of each register: six bits, least significant bit first. */
function denseRegisters(bytes: Uint8Array): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (let register = 0; register < REGISTERS; register++) {
    const bit = register * 6;
    const at = HEADER + (bit >> 3);
    const shift = bit & 7;
    const next = at + 1 < bytes.length ? bytes[at + 1] : 0;
    registers[register] = ((bytes[at] >> shift) | (next << (8 - shift))) & 63;
  }
  return registers;
}

/** Runs of registers: zeros in one or two bytes, or one to four of a value; they must add up to all registers. */
function sparseRegisters(bytes: Uint8Array): Uint8Array | undefined {
  const registers = new Uint8Array(REGISTERS);
  let register = 0;
  for (let at = HEADER; at < bytes.length; at++) {
    const byte = bytes[at];
    let run: number;
    let value = 0;
    if (byte < 0x40) {
      run = byte + 1;
    } else if (byte < 0x80) {
      if (++at >= bytes.length) return undefined;
      run = (((byte & 0x3f) << 8) | bytes[at]) + 1;
    } else {
      run = (byte & 3) + 1;
      value = ((byte >> 2) & 31) + 1;
    }
    if (register + run > REGISTERS) return undefined;
    registers.fill(value, register, register + run);
    register += run;
  }
  return register === REGISTERS ? registers : undefined;
}

/** How many registers have each value. */
function histogramOf(registers: Uint8Array): number[] {
  const histogram = new Array<number>(64).fill(0);
  for (const value of registers) histogram[value]++;
  return histogram;
}

/** The estimator of Redis 5.0 and later (Ertl). */
function estimate(histogram: readonly number[]): number {
  const m = REGISTERS;
  let z = m * tau((m - histogram[Q + 1]) / m);
  for (let j = Q; j >= 1; j--) z = (z + histogram[j]) * 0.5;
  z += m * sigma(histogram[0] / m);
  return Math.round((ALPHA_INF * m * m) / z);
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = -1; before !== z; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = -1; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
