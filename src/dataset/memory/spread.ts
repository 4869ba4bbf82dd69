/** Counts the elements of a value as a table keeps them and, beside that, as a compact structure would. */
import type { ElementSink } from '../blob-elements.js';
import { decimalDigits } from '../record-bytes.js';
import type { CompactSize } from './compact-size.js';
import type { MemoryModel } from './model.js';

export type TableType = 'hash' | 'set' | 'zset';

export class Spread implements ElementSink {
  /** Bytes of the elements in a table, without the table. */
  bytes = 0;
  /** Entries so far: fields and values, members and scores. */
  entries = 0;
  /** Hash fields with an expiry. */
  expiring = 0;
  /** Bytes of the longest field, value or member. */
  longest = 0;
  /** Entries that one element takes. */
  counted = 1;
  private type: TableType = 'set';
  private turn = 0;
  private field = 0;
  private value = 0;

  constructor(
    private readonly model: MemoryModel,
    private readonly compact: CompactSize,
  ) {}

  /** Begins anew. @param per entries that one element takes. */
  restart(type: TableType, per: number): void {
    this.type = type;
    this.counted = per;
    this.bytes = 0;
    this.entries = 0;
    this.expiring = 0;
    this.longest = 0;
    this.turn = 0;
    this.compact.restart(this.model.compactName(type) === 'listpack');
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    this.compact.text(bytes, start, end);
    this.take(end - start, true);
  }

  integer(value: number | bigint): void {
    const digits = typeof value === 'number' ? decimalDigits(value) : String(value).length;
    this.compact.number(value, digits);
    this.take(digits, value !== 0);
  }

  /** A text of which only the length counts. */
  longText(length: number): void {
    this.compact.add(length);
    this.take(length, true);
  }

  /** Says of the field that was taken last that it has an expiry. */
  expireLast(field: number, value: number): void {
    this.expiring++;
    this.bytes += this.model.pair(field, value, true) - this.model.pair(field, value, false);
  }

  /** @param given for an expiry: true if it is one. */
  private take(length: number, given: boolean): void {
    const { model, turn } = this;
    this.entries++;
    this.turn = turn + 1 === this.counted ? 0 : turn + 1;
    if (this.type === 'set') {
      this.bytes += model.member(length);
    } else if (this.type === 'zset') {
      if (turn === 1) return;
      this.bytes += model.scored(length);
    } else if (turn === 0) {
      this.field = length;
    } else if (turn === 1) {
      this.value = length;
      this.bytes += model.pair(this.field, length, false);
    } else {
      if (given) this.expireLast(this.field, this.value);
      return;
    }
    if (length > this.longest) this.longest = length;
  }
}
