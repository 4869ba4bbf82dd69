/** Reads numbers and bytes one after the other; where the bytes end, it says how many are missing. */
import { endsEarly } from './decoder.js';

/** A place in bytes that moves forward. */
export class Reader {
  private readonly view: DataView;
  at = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  private step(count: number): number {
    if (count > this.left) throw endsEarly(this.at, count - this.left);
    const { at } = this;
    this.at += count;
    return at;
  }

  u8(): number {
    return this.bytes[this.step(1)];
  }

  u16(little = false): number {
    return this.view.getUint16(this.step(2), little);
  }

  u32(little = false): number {
    return this.view.getUint32(this.step(4), little);
  }

  i8(): number {
    return this.view.getInt8(this.step(1));
  }

  i16(little = false): number {
    return this.view.getInt16(this.step(2), little);
  }

  i32(little = false): number {
    return this.view.getInt32(this.step(4), little);
  }

  u64(little = false): bigint {
    return this.view.getBigUint64(this.step(8), little);
  }

  i64(little = false): bigint {
    return this.view.getBigInt64(this.step(8), little);
  }

  f32(little = false): number {
    return this.view.getFloat32(this.step(4), little);
  }

  f64(little = false): number {
    return this.view.getFloat64(this.step(8), little);
  }

  /** The next bytes, not copied. */
  take(count: number): Uint8Array {
    const at = this.step(count);
    return this.bytes.subarray(at, at + count);
  }

  /** The bytes up to a byte, which is passed too. */
  until(byte: number): Uint8Array {
    const end = this.bytes.indexOf(byte, this.at);
    if (end < 0) throw endsEarly(this.bytes.length, 1);
    const taken = this.bytes.subarray(this.at, end);
    this.at = end + 1;
    return taken;
  }
}

/** A double as text; with a point where it would look like an integer. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A float of 32 bits: the shortest text that gives it back. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return doubleText(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return doubleText(Number(text));
  }
  return doubleText(value);
}

/** What browsers and Node have in common, as far as it is needed here. */
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes in UTF-8; undefined if they are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

/** True if bytes stand at the start of others. */
export function startsWith(bytes: Uint8Array, ...start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
