/** Byte strings to look for, several at once, in bytes as they stand in a file. */

/** Every byte for itself, and with ASCII letters in lower case. */
const SAME = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const FOLD = SAME.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/** One of the byte strings. */
interface Needle {
  readonly wanted: Uint8Array;
  /** By what stands under its last byte, how far it can move on. */
  readonly shifts: Uint32Array;
  /** The bytes that are in it, each once. */
  readonly distinct: Uint8Array;
}

/** Finds any of some byte strings. */
export class Needles {
  private readonly map: Uint8Array;
  private readonly needles: readonly Needle[];
  /** Bytes of the shortest one, and by which pages have to overlap to hold the longest one whole. */
  readonly least: number;
  readonly reach: number;
  /** True if the text of a number can have one. */
  readonly numbers: boolean;
  /** For every byte, the call in which it was met last. */
  private readonly met = new Uint32Array(256);
  private calls = 0;

  /** @param ignoreCase of ASCII letters. */
  constructor(texts: readonly Uint8Array[], ignoreCase: boolean) {
    const map = ignoreCase ? FOLD : SAME;
    this.map = map;
    this.needles = texts.map((text) => {
      const wanted = text.map((byte) => map[byte]);
      const last = wanted.length - 1;
      const shifts = new Uint32Array(256).fill(Math.max(1, wanted.length));
      for (let i = 0; i < last; i++) {
        for (let byte = 0; byte < 256; byte++) if (map[byte] === wanted[i]) shifts[byte] = last - i;
      }
      return { wanted, shifts, distinct: Uint8Array.from(new Set(wanted)) };
    });
    this.least = Math.min(...texts.map(({ length }) => length));
    this.reach = Math.max(0, ...texts.map(({ length }) => length - 1));
    const digits = (text: Uint8Array) => text.every((byte) => (byte >= 0x30 && byte <= 0x39) || byte === 0x2d);
    this.numbers = texts.some(digits);
  }

  /** True if one of them is in the bytes from `start` to `end`. */
  test(bytes: Uint8Array, start: number, end: number): boolean {
    for (let i = 0; i < this.needles.length; i++) if (this.find(bytes, start, end, i) >= 0) return true;
    return false;
  }

  /**
   * Where one of them is first, by Horspool's algorithm: most bytes are never looked at.
   *
   * @returns −1 if it is not there.
   */
  find(bytes: Uint8Array, start: number, end: number, which = 0): number {
    const { map } = this;
    const { wanted, shifts } = this.needles[which];
    const { length } = wanted;
    if (length === 0) return start;
    const last = length - 1;
    const tail = wanted[last];
    for (let at = start + last; at < end; ) {
      const byte = bytes[at];
      if (map[byte] === tail) {
        let i = 0;
        const first = at - last;
        while (i < last && map[bytes[first + i]] === wanted[i]) i++;
        if (i === last) return first;
      }
      at += shifts[byte];
    }
    return -1;
  }

  /**
   * False if a text cannot have one of them whose LZF-compressed bytes stand from `start` to `end`: what comes out of
   * them went in as it is, byte by byte, at least once.
   */
  mayUnpack(bytes: Uint8Array, start: number, end: number): boolean {
    const { met, map } = this;
    const call = ++this.calls;
    for (let at = start; at < end; at++) met[map[bytes[at]]] = call;
    return this.needles.some(({ distinct }) => distinct.every((byte) => met[byte] === call));
  }
}
