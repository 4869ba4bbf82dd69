/** Bytes that elements would take in a compact structure, for values that another server keeps in another encoding. */
import { isCanonicalInteger, latin1 } from '../../decoder/bytes.js';
import { backlenSize, type ElementSink } from '../blob-elements.js';

/** Counts what elements take in a listpack or ziplist, and what would keep them out of one. */
export class CompactSize implements ElementSink {
  /** Bytes of the structure. */
  bytes = 0;
  /** Entries so far. */
  entries = 0;
  /** Bytes of the longest element as text. */
  longest = 0;
  /** True while every element is an integer, as a set of integers wants it. */
  integers = true;
  /** Bytes of an element of the smallest such set. */
  private width = 2;
  private previous = 0;
  private listpack = true;

  /** Begins anew. */
  restart(listpack: boolean): void {
    this.listpack = listpack;
    this.bytes = listpack ? 7 : 11;
    this.entries = 0;
    this.longest = 0;
    this.integers = true;
    this.width = 2;
    this.previous = 0;
  }

  /** Bytes of a set of integers with the elements so far. */
  get intset(): number {
    return 8 + this.width * this.entries;
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    // A structure keeps integers that are written as such as numbers.
    if (length <= 20 && isCanonicalInteger(bytes, start, end)) {
      const value = length < 16 ? Number(latin1(bytes, start, end)) : BigInt(latin1(bytes, start, end));
      this.number(value, length);
    } else {
      this.add(length);
    }
  }

  integer(value: number | bigint): void {
    this.number(value, String(value).length);
  }

  /** Adds a text that is no integer. @param length its bytes. */
  add(length: number): void {
    this.integers = false;
    if (length > this.longest) this.longest = length;
    let size: number;
    if (this.listpack) size = length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
    else size = length + (length < 64 ? 1 : length < 16384 ? 2 : 5);
    this.enter(size);
  }

  /** Adds an integer with its number of characters. */
  number(value: number | bigint, digits: number): void {
    if (digits > this.longest) this.longest = digits;
    const width = widthOf(value);
    if (width > this.width) this.width = width > 4 ? 8 : width > 2 ? 4 : 2;
    this.enter(this.listpack ? listpackInteger(value, width) : ziplistInteger(value, width));
  }

  private enter(size: number): void {
    this.entries++;
    if (this.listpack) {
      this.bytes += size + backlenSize(size);
    } else {
      const entry = size + (this.previous < 254 ? 1 : 5);
      this.bytes += entry;
      this.previous = entry;
    }
  }
}

/** Bytes of the smallest two's complement number: 1, 2, 3, 4 or 8. */
function widthOf(value: number | bigint): number {
  if (value >= -0x80 && value < 0x80) return 1;
  if (value >= -0x8000 && value < 0x8000) return 2;
  if (value >= -0x800000 && value < 0x800000) return 3;
  return value >= -0x80000000 && value < 0x80000000 ? 4 : 8;
}

function listpackInteger(value: number | bigint, width: number): number {
  if (value >= 0 && value <= 127) return 1;
  if (value >= -4096 && value <= 4095) return 2;
  return 1 + Math.max(2, width);
}

function ziplistInteger(value: number | bigint, width: number): number {
  return value >= 0 && value <= 12 ? 1 : 1 + width;
}
