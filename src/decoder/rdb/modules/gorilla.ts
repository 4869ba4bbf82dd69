/**
 * The compression of time series after the paper "Gorilla": the change of the distance between timestamps, and the
 * bits of a value that differ from the value before, in as few bits as they need.
 */
import type { Cursor } from '../../cursor.js';
import type { Sample } from './view.js';

/** Where the samples of a chunk stand, and what the sample before the next one was. */
export interface GorillaState {
  /** Bit of the data that is read next. */
  readonly position: number;
  readonly timestamp: bigint;
  /** Distance of the last two timestamps. */
  readonly delta: bigint;
  /** The bits of the last value, in two halves. */
  readonly high: number;
  readonly low: number;
  /** The bits of the last difference: how many there were, and how many zeros stood behind them. */
  readonly block: number;
  readonly trailing: number;
}

/** The state in which the sample after the first one is read. @param bits those of the first value, as a double. */
export function firstState(timestamp: bigint, bits: bigint): GorillaState {
  return {
    position: 0,
    timestamp,
    delta: 0n,
    high: Number(bits >> 32n),
    low: Number(bits & 0xffffffffn),
    block: 0,
    trailing: 32,
  };
}

/** Widths of a change of the distance, by the number of 1 bits before it (the first 1 says that there is a change). */
const WIDTHS = [5, 8, 11, 15, 32] as const;

/** Reads samples one after the other. */
export class GorillaReader {
  private readonly bits: BitReader;
  private timestamp: bigint;
  private delta: bigint;
  private high: number;
  private low: number;
  private block: number;
  private trailing: number;

  /**
   * @param cursor over the data of the chunk, which is as long as a multiple of 4 bytes.
   * @param limit number of bits of the data that are used.
   * @param damaged makes the error for data that do not hold what they should.
   */
  constructor(
    cursor: Cursor,
    limit: number,
    state: GorillaState,
    private readonly damaged: () => Error,
  ) {
    this.bits = new BitReader(cursor, state.position, limit, damaged);
    this.timestamp = state.timestamp;
    this.delta = state.delta;
    this.high = state.high;
    this.low = state.low;
    this.block = state.block;
    this.trailing = state.trailing;
  }

  get state(): GorillaState {
    const { timestamp, delta, high, low, block, trailing } = this;
    return { position: this.bits.position, timestamp, delta, high, low, block, trailing };
  }

  /** The sample that the state holds: the last one that was read, or the first of the chunk. */
  get sample(): Sample {
    return { timestamp: this.timestamp, value: doubleOf(this.high, this.low) };
  }

  /** Reads the next sample. */
  next(): void {
    if (this.bits.read(1) === 1) this.delta = BigInt.asIntN(64, this.delta + this.change());
    this.timestamp = BigInt.asUintN(64, this.timestamp + this.delta);
    if (this.bits.read(1) === 1) this.difference();
  }

  /** The change of the distance between timestamps: a signed number of the width that the bits before it tell. */
  private change(): bigint {
    for (const width of WIDTHS) {
      if (this.bits.read(1) === 1) continue;
      const shift = 32 - width;
      return BigInt((this.bits.read(width) << shift) >> shift);
    }
    const low = this.bits.read(32);
    return BigInt.asIntN(64, (BigInt(this.bits.read(32)) << 32n) | BigInt(low));
  }

  /** Reads the bits in which the value differs from the last one. */
  private difference(): void {
    if (this.bits.read(1) === 1) {
      const leading = this.bits.read(5);
      this.block = this.bits.read(6) + 1;
      this.trailing = 64 - leading - this.block;
      if (this.trailing < 0) throw this.damaged();
    }
    const low = this.bits.read(Math.min(this.block, 32));
    const high = this.bits.read(Math.max(0, this.block - 32));
    const shift = this.trailing;
    if (shift >= 32) {
      this.high = (this.high ^ (low << (shift - 32))) >>> 0;
    } else if (shift > 0) {
      this.high = (this.high ^ ((high << shift) | (low >>> (32 - shift)))) >>> 0;
      this.low = (this.low ^ (low << shift)) >>> 0;
    } else {
      this.high = (this.high ^ high) >>> 0;
      this.low = (this.low ^ low) >>> 0;
    }
  }
}

/** Reads numbers of some bits; the least significant bit of a byte comes first. */
class BitReader {
  /** Bits that were taken from the cursor and not yet read: `held` of them, the next one lowest. */
  private word = 0;
  private held = 0;

  constructor(
    private readonly cursor: Cursor,
    public position: number,
    private readonly limit: number,
    private readonly damaged: () => Error,
  ) {
    const within = position % 32;
    cursor.offset = (position - within) / 8;
    if (within > 0) {
      this.word = cursor.u32le('the module data') >>> within;
      this.held = 32 - within;
    }
  }

  /** The next bits as an unsigned number. @param count 0 to 32. */
  read(count: number): number {
    this.position += count;
    if (this.position > this.limit) throw this.damaged();
    if (count <= this.held) return this.take(count);
    const low = this.word;
    const had = this.held;
    this.word = this.cursor.u32le('the module data');
    this.held = 32;
    return (low | (this.take(count - had) << had)) >>> 0;
  }

  private take(count: number): number {
    this.held -= count;
    const { word } = this;
    // A shift by 32 would be one by 0.
    this.word = count === 32 ? 0 : word >>> count;
    return count === 32 ? word : word & ((1 << count) - 1);
  }
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/** The double whose bits these are. */
function doubleOf(high: number, low: number): number {
  DOUBLE.setUint32(0, high);
  DOUBLE.setUint32(4, low);
  return DOUBLE.getFloat64(0);
}
