/** What hashes, sets and sorted sets cost: compact while they are small, else a table or a skiplist. */
import type { BlobKind } from '../../decoder/rdb/layout.js';
import { eachElement } from '../blob-elements.js';
import { INTEGER, type RecordBytes } from '../record-bytes.js';
import { CompactSize } from './compact-size.js';
import type { MemoryModel } from './model.js';
import { Spread, type TableType } from './spread.js';

/** The result of measuring a value. */
export interface ValueCost {
  /** The encoding that the target uses; null where that is not known. */
  encoding: string | null;
  /** Number of elements, −1 where it is not known. */
  elements: number;
  /** Bytes without the key and what stands in front of it. */
  bytes: number;
}

/** Where the expiry of a hash field stands: nowhere, in front of it as a length, or behind its value in eight bytes. */
export type FieldExpiry = 'none' | 'before' | 'behind';

/** The most bytes of a compact structure that are opened to see what another encoding would take. */
const OPEN_LIMIT = 64 * 1024 * 1024;

/** Measures hashes, sets and sorted sets for one target. */
export class TableValues {
  private readonly compact = new CompactSize();
  private readonly spread: Spread;

  constructor(private readonly model: MemoryModel) {
    this.spread = new Spread(model, this.compact);
  }

  /** A hash whose fields stand in the file one by one. */
  hash(bytes: RecordBytes, expiry: FieldExpiry, cost: ValueCost): void {
    const { model, spread } = this;
    const count = bytes.number();
    const folds = count <= this.foldsUpTo('hash');
    spread.restart('hash', 2);
    for (let i = 0; i < count; i++) {
      let expires = expiry === 'before' && bytes.number() !== 0;
      const field = bytes.string();
      if (folds) this.fold(bytes);
      const value = bytes.string();
      if (folds) this.fold(bytes);
      if (expiry === 'behind') expires = !bytes.isMinusOne();
      if (!folds) {
        if (expires) spread.expiring++;
        spread.bytes += model.pair(field, value, expires);
      } else if (expires) {
        spread.expireLast(field, value);
      }
    }
    this.decide('hash', count, folds, cost);
  }

  /** A set whose members stand in the file one by one. */
  set(bytes: RecordBytes, cost: ValueCost): void {
    const { model, spread } = this;
    const count = bytes.number();
    const folds = count <= this.foldsUpTo('set');
    spread.restart('set', 1);
    for (let i = 0; i < count; i++) {
      const length = bytes.string();
      if (folds) this.fold(bytes);
      else spread.bytes += model.member(length);
    }
    this.decide('set', count, folds, cost);
  }

  /** A sorted set whose members stand in the file one by one. @param binary scores as doubles, not as text. */
  zset(bytes: RecordBytes, binary: boolean, cost: ValueCost): void {
    const { model, spread } = this;
    const count = bytes.number();
    const folds = count <= this.foldsUpTo('zset');
    spread.restart('zset', 2);
    for (let i = 0; i < count; i++) {
      const length = bytes.string();
      if (folds) {
        this.fold(bytes);
        this.foldScore(binary ? bytes.double() : bytes.textScore());
      } else {
        spread.bytes += model.scored(length);
        if (binary) bytes.skip(8);
        else bytes.textScore();
      }
    }
    this.decide('zset', count, folds, cost);
  }

  /** Gives the string that was read last to both counts. */
  private fold(bytes: RecordBytes): void {
    if (bytes.kind === INTEGER) {
      this.spread.integer(bytes.integer);
      return;
    }
    const text = bytes.bytes(OPEN_LIMIT);
    if (text) this.spread.text(text, 0, text.length);
    else this.spread.longText(bytes.length);
  }

  private foldScore(score: number): void {
    if (Number.isSafeInteger(score)) this.spread.integer(score);
    else this.spread.longText(Number.isFinite(score) ? String(score).length : score > 0 ? 3 : 4);
  }

  /**
   * A value in one compact structure.
   *
   * @param per entries of the structure that one element takes.
   * @param count number of elements, −1 where it is not known.
   */
  blob(bytes: RecordBytes, kind: BlobKind, type: TableType, per: number, count: number, cost: ValueCost): void {
    const { model, spread } = this;
    const length = bytes.string();
    const stays = count <= this.staysUpTo(type, kind) && (count >= 0 || model.target.asSaved);
    const blob = stays && model.has(type, kind) ? undefined : bytes.bytes(OPEN_LIMIT);
    if (blob) {
      spread.restart(type, per);
      if (eachElement(kind, blob, spread)) {
        const elements = Math.floor(spread.entries / per);
        // Loading looks at the number of elements only: they were short enough for the server that wrote them.
        if (kind !== 'intset') spread.longest = 0;
        this.decide(type, elements, true, cost);
        return;
      }
    }
    cost.elements = count < 0 ? this.counted(bytes, kind, per) : count;
    cost.encoding = per === 3 ? 'listpackex' : kind;
    cost.bytes =
      kind === 'intset' ? model.intset(length) : model.blob(length) + (per === 3 ? model.expiringListpack : 0);
  }

  /** The number of elements of a structure that is too large to say it; −1 if it is too large to be opened. */
  private counted(bytes: RecordBytes, kind: BlobKind, per: number): number {
    const blob = bytes.bytes(OPEN_LIMIT);
    if (!blob) return -1;
    const { compact } = this;
    compact.restart(true);
    return eachElement(kind, blob, compact) ? Math.floor(compact.entries / per) : -1;
  }

  /** The number of elements up to which a value that stands in the file one by one may become compact; −1 for none. */
  foldsUpTo(type: TableType): number {
    if (this.model.target.asSaved) return -1;
    return Math.max(this.mostEntries(type, 'listpack'), this.mostEntries(type, 'intset'));
  }

  /** The number of elements up to which a compact structure, if the target has it, stays what it is. */
  staysUpTo(type: TableType, kind: BlobKind): number {
    return this.model.target.asSaved ? Number.POSITIVE_INFINITY : this.mostEntries(type, kind);
  }

  /** The most elements that a value may have in a compact structure. */
  private mostEntries(type: TableType, kind: BlobKind): number {
    const { limits } = this.model.target;
    if (type === 'hash') return limits.hashEntries;
    if (type === 'zset') return limits.zsetEntries;
    return kind === 'intset' ? limits.intsetEntries : this.model.has('set', kind) ? limits.setEntries : 0;
  }

  /** Chooses the encoding. @param folds true if the compact size was counted, too. */
  private decide(type: TableType, count: number, folds: boolean, cost: ValueCost): void {
    const { model, spread, compact } = this;
    const { limits } = model.target;
    cost.elements = count;
    if (folds && type === 'set' && compact.integers && count <= limits.intsetEntries) {
      cost.encoding = 'intset';
      cost.bytes = model.intset(compact.intset);
    } else if (folds && this.fits(type, count)) {
      if (spread.expiring > 0) {
        cost.encoding = 'listpackex';
        // An expiry takes nine bytes and a length behind them; where there is none, one and that.
        const expiries = spread.counted === 3 ? 0 : 10 * spread.expiring + 2 * (count - spread.expiring);
        cost.bytes = model.expiringListpack + model.blob(compact.bytes + expiries);
      } else {
        cost.encoding = model.compactName(type);
        cost.bytes = model.blob(compact.bytes);
      }
    } else {
      cost.encoding = type === 'zset' ? 'skiplist' : 'hashtable';
      cost.bytes = spread.bytes + model.table(type, count, spread.expiring);
    }
  }

  private fits(type: TableType, count: number): boolean {
    const { model, spread } = this;
    const { limits } = model.target;
    if (type === 'hash' && spread.expiring > 0 && !model.hasExpiringListpacks) return false;
    if (type === 'hash') return count <= limits.hashEntries && spread.longest <= limits.hashValue;
    if (type === 'zset') return count <= limits.zsetEntries && spread.longest <= limits.zsetValue;
    return model.has('set', 'listpack') && count <= limits.setEntries && spread.longest <= limits.setValue;
  }
}
