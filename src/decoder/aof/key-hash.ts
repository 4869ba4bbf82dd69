/** The hash by which keys that commands name are told apart: 64 bits in two halves, over the database and the name. */

const FIRST = 2654435761;
const SECOND = 1597334677;

/** Hashes names that come in pieces: {@link start}, {@link add} for each piece, {@link end}, then `low` and `high`. */
export class KeyHash {
  low = 0;
  high = 0;

  /** Begins a name of a database. */
  start(db: number): void {
    this.low = Math.imul(db, FIRST) ^ 0x1656_67b1;
    this.high = Math.imul(db, SECOND) ^ 0x27d4_eb2f;
  }

  /** Adds the bytes from `from` to `to`. */
  add(bytes: Uint8Array, from: number, to: number): void {
    let { low, high } = this;
    for (let i = from; i < to; i++) {
      const byte = bytes[i];
      low = Math.imul(low ^ byte, FIRST);
      high = Math.imul(high ^ byte, SECOND);
    }
    this.low = low;
    this.high = high;
  }

  /** Ends the name: `low` and `high` are its hash, each from 0 to 2^32 − 1. */
  end(): void {
    const low =
      Math.imul(this.low ^ (this.low >>> 16), 2246822507) ^ Math.imul(this.high ^ (this.high >>> 13), 3266489909);
    const high = Math.imul(this.high ^ (this.high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    this.low = low >>> 0;
    this.high = high >>> 0;
  }
}

/** The hash of one name of a database, as a scan gives it. */
export function hashKey(db: number, name: Uint8Array): { readonly low: number; readonly high: number } {
  const hash = new KeyHash();
  hash.start(db);
  hash.add(name, 0, name.length);
  hash.end();
  return { low: hash.low, high: hash.high };
}
