/** Listpacks: for the nodes of streams that are written anew. */
import { isLong, type Text, wholeText } from '../../decoder/rdb/string.js';

/** Elements that the count in the header can say. */
const COUNT_LIMIT = 65535;

/** Builds one listpack after the other. */
export class ListpackWriter {
  private bytes = new Uint8Array(8192);
  private size = 6;
  private elements = 0;

  /** Bytes that it has, without the end mark. */
  get length(): number {
    return this.size;
  }

  /** Begins anew. */
  clear(): void {
    this.size = 6;
    this.elements = 0;
  }

  private need(count: number): void {
    if (this.size + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.size + count, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
  }

  /** A number of 64 bits, signed. */
  integer(value: number | bigint): void {
    this.need(16);
    const start = this.size;
    const { bytes } = this;
    const number = Number(value);
    if (number >= 0 && number <= 127) {
      bytes[this.size++] = number;
    } else if (number >= -4096 && number <= 4095) {
      const wide = number & 0x1fff;
      bytes[this.size++] = 0xc0 | (wide >> 8);
      bytes[this.size++] = wide & 0xff;
    } else {
      const width = number >= -32768 && number <= 32767 ? 2 : number === (number | 0) ? 4 : 8;
      bytes[this.size++] = width === 2 ? 0xf1 : width === 4 ? 0xf3 : 0xf4;
      const wide = BigInt.asUintN(64, BigInt(value));
      for (let i = 0; i < width; i++) bytes[this.size++] = Number((wide >> BigInt(8 * i)) & 0xffn);
    }
    this.close(start);
  }

  /** A string; one that is a number is written as one, as servers do. */
  text(text: Text): void {
    const bytes = isLong(text) ? wholeText(text, 'the stream') : text;
    const integer = integerOf(bytes);
    if (integer !== undefined) {
      this.integer(integer);
      return;
    }
    this.need(bytes.length + 16);
    const start = this.size;
    const { length } = bytes;
    if (length < 64) {
      this.bytes[this.size++] = 0x80 | length;
    } else if (length < 4096) {
      this.bytes[this.size++] = 0xe0 | (length >> 8);
      this.bytes[this.size++] = length & 0xff;
    } else {
      this.bytes[this.size++] = 0xf0;
      for (let i = 0; i < 4; i++) this.bytes[this.size++] = (length >>> (8 * i)) & 0xff;
    }
    this.bytes.set(bytes, this.size);
    this.size += length;
    this.close(start);
  }

  /** Writes the size of the element behind it, to be read backwards. */
  private close(start: number): void {
    const size = this.size - start;
    const count = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
    let left = size;
    for (let i = count - 1; i >= 0; i--) {
      this.bytes[this.size + i] = (left % 128) | (i > 0 ? 0x80 : 0);
      left = Math.floor(left / 128);
    }
    this.size += count;
    this.elements++;
  }

  /** The whole listpack; valid until the next is begun. */
  finish(): Uint8Array {
    this.need(1);
    this.bytes[this.size] = 0xff;
    const view = new DataView(this.bytes.buffer);
    view.setUint32(0, this.size + 1, true);
    view.setUint16(4, Math.min(this.elements, COUNT_LIMIT), true);
    return this.bytes.subarray(0, this.size + 1);
  }
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
const DECIMAL = /^(?:0|-?[1-9]\d{0,18})$/;

function integerOf(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0 || bytes.length > 20) return undefined;
  const text = String.fromCharCode(...bytes);
  if (!DECIMAL.test(text)) return undefined;
  const value = BigInt(text);
  return value >= LEAST && value <= MOST ? value : undefined;
}
