/** The entries of a stream that is in memory, without an object for any of them; streams with groups are left to the decoder. */
import { ElementReader, UnusualValueError } from './element-reader.js';

/** The stream types that have nothing behind their groups. */
const COUNTED_CODES: ReadonlySet<number> = new Set([19, 21]);
const FIRST_CODE = 15;

const DELETED = 1;
const SAME_FIELDS = 2;
const SAFE = Number.MAX_SAFE_INTEGER;

/** True for type bytes whose streams can be read. */
export function isUsualStream(code: number): boolean {
  return code === FIRST_CODE || COUNTED_CODES.has(code);
}

/** Reads one stream after the other. */
export class StreamReader {
  /** The value of a field, once {@link nextField} has found it. */
  readonly elements = new ElementReader();
  /** The id of the entry. */
  ms = 0;
  seq = 0;
  /** Fields of the entry. */
  fields = 0;
  /** The name of the field: the bytes of `nameBytes` from `nameStart` to `nameEnd`. */
  nameBytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  /** What stands behind the entries; the counters are −1 where there are none. */
  length = 0;
  lastMs = 0;
  lastSeq = 0;
  firstMs = 0;
  firstSeq = 0;
  deletedMs = 0;
  deletedSeq = 0;
  added = -1;

  private code = 0;
  private nodes = 0;
  private inNode = false;
  private masterMs = 0;
  private masterSeq = 0;
  private masterFields = 0;
  private starts = new Int32Array(16);
  private ends = new Int32Array(16);
  private same = false;
  private field = 0;
  private counted = 0;

  /** @throws UnusualValueError */
  open(code: number, bytes: Uint8Array, at: number, limit: number): void {
    this.code = code;
    this.elements.openParts(bytes, at, limit);
    this.nodes = this.elements.takeNumber();
    this.inNode = false;
    this.counted = 0;
  }

  /** Moves to the next entry; all fields of the one before must have been read. @returns false behind the last. */
  nextEntry(): boolean {
    for (;;) {
      if (!this.inNode) {
        if (this.nodes === 0) return this.finish();
        this.nodes--;
        this.openNode();
      }
      if (!this.elements.nextInListpack()) {
        this.inNode = false;
        continue;
      }
      const flags = this.elements.number;
      if (flags !== (flags & 3)) throw new UnusualValueError();
      this.ms = this.masterMs + this.integer();
      this.seq = this.masterSeq + this.integer();
      if (!(this.ms >= 0 && this.ms <= SAFE && this.seq >= 0 && this.seq <= SAFE)) throw new UnusualValueError();
      this.same = (flags & SAME_FIELDS) !== 0;
      this.fields = this.same ? this.masterFields : this.integer();
      this.field = 0;
      if ((flags & DELETED) === 0) {
        this.counted++;
        return true;
      }
      while (this.nextField());
    }
  }

  /** Moves to the next field of the entry. @returns false behind the last. */
  nextField(): boolean {
    const { elements } = this;
    if (this.field === this.fields) {
      // The number of elements, for those who go backwards.
      this.integer();
      return false;
    }
    if (this.same) {
      this.nameStart = this.starts[this.field];
      this.nameEnd = this.ends[this.field];
    } else {
      this.text();
      this.nameStart = elements.start;
      this.nameEnd = elements.end;
    }
    this.nameBytes = this.nodeBytes;
    this.field++;
    if (!elements.nextInListpack()) throw new UnusualValueError();
    return true;
  }

  private nodeBytes: Uint8Array = new Uint8Array(0);

  private openNode(): void {
    const { elements } = this;
    elements.takeString();
    const { bytes, start, end } = elements;
    if (end - start !== 16) throw new UnusualValueError();
    this.masterMs = wide(bytes, start);
    this.masterSeq = wide(bytes, start + 8);
    elements.takeListpack();
    this.integer();
    this.integer();
    const fields = this.integer();
    if (fields > this.starts.length) {
      if (fields > 4096) throw new UnusualValueError();
      this.starts = new Int32Array(fields);
      this.ends = new Int32Array(fields);
    }
    for (let i = 0; i < fields; i++) {
      this.text();
      this.starts[i] = elements.start;
      this.ends[i] = elements.end;
    }
    this.masterFields = fields;
    if (this.integer() !== 0) throw new UnusualValueError();
    this.inNode = true;
  }

  /** Moves to an element that is a number. */
  private integer(): number {
    const { elements } = this;
    if (!elements.nextInListpack() || Number.isNaN(elements.number)) throw new UnusualValueError();
    return elements.number;
  }

  /** Moves to an element that is a string in the listpack: it stays where it is while the node is read. */
  private text(): void {
    const { elements } = this;
    if (!elements.nextInListpack() || !Number.isNaN(elements.number) || elements.isScratch)
      throw new UnusualValueError();
    this.nodeBytes = elements.bytes;
  }

  private finish(): boolean {
    const { elements } = this;
    this.length = elements.takeNumber();
    this.lastMs = elements.takeNumber();
    this.lastSeq = elements.takeNumber();
    this.added = -1;
    if (COUNTED_CODES.has(this.code)) {
      this.firstMs = elements.takeNumber();
      this.firstSeq = elements.takeNumber();
      this.deletedMs = elements.takeNumber();
      this.deletedSeq = elements.takeNumber();
      this.added = elements.takeNumber();
    }
    const groups = elements.takeNumber();
    if (groups !== 0 || this.counted !== this.length || !elements.atEnd) throw new UnusualValueError();
    return false;
  }
}

/** A number of eight bytes, the highest first. @throws UnusualValueError if it has more than 53 bits. */
function wide(bytes: Uint8Array, at: number): number {
  const high = bytes[at] * 0x1000000 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
  const low = bytes[at + 4] * 0x1000000 + ((bytes[at + 5] << 16) | (bytes[at + 6] << 8) | bytes[at + 7]);
  if (high > 0x1fffff) throw new UnusualValueError();
  return high * 0x100000000 + low;
}
