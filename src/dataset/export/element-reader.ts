/**
 * The elements of a value that is in memory, without an object for any of them: what makes an export fast. It takes the
 * usual forms of values as they should be, and gives up on everything else; the decoder then reads the value instead,
 * and knows what is wrong with it.
 */
import { DecodeError } from '../../decoder/errors.js';
import { lzfCanHold, lzfInto } from '../../decoder/lzf.js';

/** A value that has to be read by the decoder. */
export class UnusualValueError extends Error {
  override readonly name = 'UnusualValueError';
}

const UNUSUAL = new UnusualValueError();

/** How elements stand in the value. */
const PLAIN = 0;
const LISTPACK = 1;
const ZIPLIST = 2;
const INTSET = 3;
/** Strings with a double behind each. */
const SCORED = 4;
/** Nodes that are ziplists, and nodes that say what they are. */
const QUICKLIST = 5;
const QUICKLIST_2 = 6;

const NONE = -1;
/** Form by type byte; −1 for those that are left to the decoder. */
const FORMS = new Int8Array(256).fill(NONE);
for (const code of [0, 1, 2, 4]) FORMS[code] = PLAIN;
for (const code of [16, 17, 20]) FORMS[code] = LISTPACK;
for (const code of [10, 12, 13]) FORMS[code] = ZIPLIST;
FORMS[11] = INTSET;
FORMS[5] = SCORED;
FORMS[14] = QUICKLIST;
FORMS[18] = QUICKLIST_2;

/** The longest text of an integer: 20 characters. */
const SCRATCH = 24;
/** Bytes that a compressed string may have to be read at once. */
const WHOLE_LIMIT = 1024 * 1024;

const ZERO = 0x30;
const MINUS = 0x2d;

/** True for type bytes whose values can be read at all. */
export function isUsual(code: number): boolean {
  return FORMS[code] !== NONE;
}

/** Reads one value after the other. An element is the bytes of {@link bytes} from {@link start} to {@link end}. */
export class ElementReader {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** The score behind the element, for type 5. */
  score = 0;
  /** The element as a number if it is stored as one of up to 32 bits, else NaN. */
  number = Number.NaN;

  private form = PLAIN;
  /** The file's bytes, the place of the next one and the end of the value. */
  private file: Uint8Array = new Uint8Array(0);
  private at = 0;
  private limit = 0;
  /** Elements or nodes that are left; −1 where only the end mark tells. */
  private left = 0;
  /** The compact structure that is being read. */
  private blob: Uint8Array = new Uint8Array(0);
  private blobAt = 0;
  private blobEnd = 0;
  private blobForm = PLAIN;
  private width = 0;
  private readonly digits = new Uint8Array(SCRATCH);
  private element = new Uint8Array(4096);
  private node = new Uint8Array(4096);
  private view: DataView = new DataView(new ArrayBuffer(8));
  private viewed: Uint8Array | undefined;

  /**
   * Begins with a value.
   *
   * @param code type byte, one that {@link isUsual}.
   * @param bytes hold the value from `at` to `limit`.
   * @throws UnusualValueError
   */
  open(code: number, bytes: Uint8Array, at: number, limit: number): void {
    this.form = FORMS[code];
    this.file = bytes;
    this.at = at;
    this.limit = limit;
    this.left = 0;
    this.blobForm = NONE;
    switch (this.form) {
      case PLAIN:
      case SCORED:
        this.left = code === 0 ? 1 : this.length() * (code === 4 ? 2 : 1);
        break;
      case QUICKLIST:
      case QUICKLIST_2:
        this.left = this.length();
        break;
      case NONE:
        throw UNUSUAL;
      default:
        this.openBlob(this.form);
    }
  }

  /** Moves to the next element. @returns false at the end. @throws UnusualValueError */
  next(): boolean {
    for (;;) {
      if (this.blobForm !== NONE) {
        if (this.nextInBlob()) return true;
        this.blobForm = NONE;
        if (this.form !== QUICKLIST && this.form !== QUICKLIST_2) return this.finish();
      }
      if (this.left <= 0) return this.finish();
      this.left--;
      switch (this.form) {
        case PLAIN:
          this.string();
          return true;
        case SCORED:
          this.string();
          this.readScore();
          return true;
        case QUICKLIST:
          this.openBlob(ZIPLIST);
          break;
        default: {
          const container = this.length();
          if (container === 1) {
            this.string();
            return true;
          }
          if (container !== 2) throw UNUSUAL;
          this.openBlob(LISTPACK);
        }
      }
    }
  }

  /** The value must end where the scan says. */
  private finish(): boolean {
    if (this.at !== this.limit) throw UNUSUAL;
    return false;
  }

  /** Begins with a value whose parts are asked for one by one. */
  openParts(bytes: Uint8Array, at: number, limit: number): void {
    this.file = bytes;
    this.at = at;
    this.limit = limit;
  }

  /** True if all parts of the value have been read. */
  get atEnd(): boolean {
    return this.at === this.limit;
  }

  /** True if the element is a number that was written out: it is gone with the next one. */
  get isScratch(): boolean {
    return this.bytes === this.digits;
  }

  /** Reads a string, which is the element then. @throws UnusualValueError */
  takeString(): void {
    this.string();
  }

  /** Begins with a listpack, of which {@link nextInListpack} gives the elements. @throws UnusualValueError */
  takeListpack(): void {
    this.openBlob(LISTPACK);
  }

  /** Reads a number of up to 53 bits in length encoding. @throws UnusualValueError */
  takeNumber(): number {
    if (this.file[this.at] !== 0x81) return this.length();
    if (this.at + 9 > this.limit) throw UNUSUAL;
    const view = this.viewOf(this.file);
    const high = view.getUint32(this.at + 1);
    if (high > 0x1fffff) throw UNUSUAL;
    this.at += 9;
    return high * 0x100000000 + view.getUint32(this.at - 4);
  }

  private length(): number {
    const { file } = this;
    const first = file[this.at];
    if (first < 0x40) {
      this.at++;
    } else if (first < 0x80) {
      this.at += 2;
    } else if (first === 0x80) {
      this.at += 5;
    } else {
      throw UNUSUAL;
    }
    if (this.at > this.limit) throw UNUSUAL;
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | file[this.at - 1];
    return file[this.at - 4] * 0x1000000 + ((file[this.at - 3] << 16) | (file[this.at - 2] << 8) | file[this.at - 1]);
  }

  private string(): void {
    const first = this.file[this.at];
    if (first < 0xc0) {
      const length = this.length();
      this.bytes = this.file;
      this.start = this.at;
      this.at += length;
      this.end = this.at;
      if (this.at > this.limit) throw UNUSUAL;
      return;
    }
    if (first === 0xc3) {
      this.element = this.decompress(this.element);
      this.bytes = this.element;
      this.start = 0;
      this.end = this.decompressed;
      return;
    }
    const { file } = this;
    const at = this.at + 1;
    this.at = at + (first === 0xc0 ? 1 : first === 0xc1 ? 2 : 4);
    if (first > 0xc3 || this.at > this.limit) throw UNUSUAL;
    if (first === 0xc0) this.integer((file[at] << 24) >> 24);
    else if (first === 0xc1) this.integer(((file[at] | (file[at + 1] << 8)) << 16) >> 16);
    else this.integer(file[at] | (file[at + 1] << 8) | (file[at + 2] << 16) | (file[at + 3] << 24));
  }

  private decompressed = 0;

  /** Decompresses the string at hand. @param into is used if it is large enough. */
  private decompress(into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    this.at++;
    const stored = this.length();
    const length = this.length();
    const start = this.at;
    this.at += stored;
    if (this.at > this.limit || length > WHOLE_LIMIT || !lzfCanHold(stored, length)) throw UNUSUAL;
    const target = into.length >= length ? into : new Uint8Array(Math.max(length, into.length * 2));
    try {
      if (lzfInto(this.file, start, this.at, target, length, 0) !== length) throw UNUSUAL;
    } catch (error) {
      throw error instanceof DecodeError ? UNUSUAL : error;
    }
    this.decompressed = length;
    return target;
  }

  private readScore(): void {
    if (this.at + 8 > this.limit) throw UNUSUAL;
    this.score = this.viewOf(this.file).getFloat64(this.at, true);
    this.at += 8;
    if (Number.isNaN(this.score)) throw UNUSUAL;
  }

  private viewOf(bytes: Uint8Array): DataView {
    if (this.viewed !== bytes) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
  }

  private openBlob(form: number): void {
    const first = this.file[this.at];
    if (first === 0xc3) {
      this.node = this.decompress(this.node);
      this.blob = this.node;
      this.blobAt = 0;
      this.blobEnd = this.decompressed;
      this.viewed = undefined;
    } else {
      if (first >= 0xc0) throw UNUSUAL;
      const length = this.length();
      this.blob = this.file;
      this.blobAt = this.at;
      this.at += length;
      this.blobEnd = this.at;
      if (this.at > this.limit) throw UNUSUAL;
    }
    this.blobForm = form;
    const size = this.blobEnd - this.blobAt;
    if (size < 7) throw UNUSUAL;
    const { blob, blobAt } = this;
    const head = (blob[blobAt] | (blob[blobAt + 1] << 8) | (blob[blobAt + 2] << 16) | (blob[blobAt + 3] << 24)) >>> 0;
    switch (form) {
      case LISTPACK:
        if (head !== size) throw UNUSUAL;
        this.blobAt += 6;
        break;
      case ZIPLIST:
        if (head !== size || size < 11) throw UNUSUAL;
        this.blobAt += 10;
        break;
      default: {
        this.width = head;
        this.blobAt += 8;
        if ((head !== 2 && head !== 4 && head !== 8) || size < 8 || (size - 8) % head !== 0) throw UNUSUAL;
      }
    }
  }

  private nextInBlob(): boolean {
    switch (this.blobForm) {
      case LISTPACK:
        return this.nextInListpack();
      case ZIPLIST:
        return this.nextInZiplist();
      default:
        return this.nextInIntset();
    }
  }

  /** Makes sure that the compact structure has so many bytes from its place on, and an end mark behind them. */
  private blobHas(count: number): void {
    if (this.blobAt + count >= this.blobEnd) throw UNUSUAL;
  }

  /** Moves to the next element of a listpack. @returns false at its end. @throws UnusualValueError */
  nextInListpack(): boolean {
    const { blob } = this;
    const begin = this.blobAt;
    if (begin >= this.blobEnd) throw UNUSUAL;
    const first = blob[begin];
    if (first < 0x80) {
      this.blobHas(2);
      this.integer(first);
      this.blobAt = begin + 2;
      return true;
    }
    if (first < 0xc0) {
      const length = first & 0x3f;
      this.blobHas(length + 2);
      this.bytes = blob;
      this.number = Number.NaN;
      this.start = begin + 1;
      this.end = this.start + length;
      this.blobAt = this.end + 1;
      return true;
    }
    if (first === 0xff) {
      if (begin + 1 !== this.blobEnd) throw UNUSUAL;
      return false;
    }
    this.wideInListpack(first, begin);
    return true;
  }

  private wideInListpack(first: number, begin: number): void {
    const { blob } = this;
    this.blobHas(2);
    if (first < 0xe0) {
      this.integer(((((first & 0x1f) << 8) | blob[begin + 1]) << 19) >> 19);
      this.blobAt = begin + 3;
      this.blobHas(0);
    } else if (first < 0xf0) {
      this.stringInListpack(begin, 2, ((first & 0x0f) << 8) | blob[begin + 1]);
    } else if (first === 0xf0) {
      this.blobHas(5);
      this.stringInListpack(begin, 5, this.viewOf(blob).getUint32(begin + 1, true));
    } else if (first <= 0xf4) {
      const width = first === 0xf4 ? 8 : first - 0xef;
      this.blobHas(width + 2);
      this.integerOf(blob, begin + 1, width);
      this.blobAt = begin + width + 2;
    } else {
      throw UNUSUAL;
    }
  }

  private stringInListpack(begin: number, head: number, length: number): void {
    const size = head + length;
    const back = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
    this.blobHas(size + back);
    this.bytes = this.blob;
    this.number = Number.NaN;
    this.start = begin + head;
    this.end = this.start + length;
    this.blobAt = this.end + back;
  }

  private nextInZiplist(): boolean {
    const { blob } = this;
    if (this.blobAt >= this.blobEnd) throw UNUSUAL;
    const previous = blob[this.blobAt];
    if (previous === 0xff) {
      if (this.blobAt + 1 !== this.blobEnd) throw UNUSUAL;
      return false;
    }
    this.blobAt += previous === 0xfe ? 5 : 1;
    this.blobHas(1);
    const at = this.blobAt;
    const first = blob[at];
    if (first < 0x40) this.stringInZiplist(at + 1, first);
    else if (first < 0x80) {
      this.blobHas(2);
      this.stringInZiplist(at + 2, ((first & 0x3f) << 8) | blob[at + 1]);
    } else if (first < 0xc0) {
      this.blobHas(5);
      this.stringInZiplist(at + 5, this.viewOf(blob).getUint32(at + 1, false));
    } else {
      this.integerInZiplist(first, at);
    }
    return true;
  }

  private stringInZiplist(start: number, length: number): void {
    this.blobHas(start - this.blobAt + length);
    this.bytes = this.blob;
    this.start = start;
    this.end = start + length;
    this.blobAt = this.end;
  }

  private integerInZiplist(first: number, at: number): void {
    if (first >= 0xf1 && first <= 0xfd) {
      this.integer((first & 0x0f) - 1);
      this.blobAt = at + 1;
      return;
    }
    const width =
      first === 0xc0 ? 2 : first === 0xd0 ? 4 : first === 0xe0 ? 8 : first === 0xf0 ? 3 : first === 0xfe ? 1 : 0;
    if (width === 0) throw UNUSUAL;
    this.blobHas(1 + width);
    this.integerOf(this.blob, at + 1, width);
    this.blobAt = at + 1 + width;
  }

  private nextInIntset(): boolean {
    if (this.blobAt >= this.blobEnd) return false;
    this.integerOf(this.blob, this.blobAt, this.width);
    this.blobAt += this.width;
    return true;
  }

  private integerOf(bytes: Uint8Array, at: number, width: number): void {
    switch (width) {
      case 1:
        this.integer((bytes[at] << 24) >> 24);
        break;
      case 2:
        this.integer(((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16);
        break;
      case 3:
        this.integer(((bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)) << 8) >> 8);
        break;
      case 4:
        this.integer(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
        break;
      default:
        this.longInteger(this.viewOf(bytes).getBigInt64(at, true));
    }
  }

  /** The element is a 32-bit integer. */
  private integer(value: number): void {
    const { digits } = this;
    this.number = value;
    let at = SCRATCH;
    if (value > -0x40000000 && value < 0x40000000) {
      // Arithmetic of small integers, which nearly all are.
      let left = value < 0 ? -value | 0 : value | 0;
      do {
        const rest = (left / 10) | 0;
        digits[--at] = ZERO + (left - rest * 10);
        left = rest;
      } while (left > 0);
    } else {
      let left = Math.abs(value);
      do {
        const rest = Math.floor(left / 10);
        digits[--at] = ZERO + (left - rest * 10);
        left = rest;
      } while (left > 0);
    }
    if (value < 0) digits[--at] = MINUS;
    this.bytes = digits;
    this.start = at;
    this.end = SCRATCH;
  }

  private longInteger(value: bigint): void {
    const text = String(value);
    this.number = Number.NaN;
    for (let i = 0; i < text.length; i++) this.digits[i] = text.charCodeAt(i);
    this.bytes = this.digits;
    this.start = 0;
    this.end = text.length;
  }
}
