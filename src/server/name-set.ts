/**
 * Whether names occur twice, told by hashes of 64 bits, which are sorted. Where they get too many, half of them are left
 * for another pass over the names, and so on.
 */

/** Hashes of a pass, 8 bytes each. */
const MOST = 1 << 22;
const FIRST = 1 << 12;

/** Takes names, in one pass over them or in more: {@link another} tells whether there is one to be made. */
export class NameSet {
  /** True if some hash was met twice: the names themselves have to be compared. */
  suspicious = false;
  /** Two halves of each hash. */
  private hashes = new Uint32Array(2 * FIRST);
  private count = 0;
  /** The hashes are divided into `parts`, a power of two; only those of `part` are kept in this pass. */
  private parts = 1;
  private part = 0;
  // Whoever makes a file cannot know which names have the same hash.
  private readonly seed = (Math.random() * 0x100000000) >>> 0;

  /** @param most hashes that there is room for. */
  constructor(private readonly most = MOST) {}

  /** Takes the name from `start` to `end`. @param db of the name: in another it is another one. */
  add(bytes: Uint8Array, start: number, end: number, db: number): void {
    let high = this.seed ^ db;
    let low = ~this.seed;
    for (let i = start; i < end; i++) {
      high = Math.imul(high ^ bytes[i], 0x9e3779b1);
      low = Math.imul(low ^ bytes[i], 0x5f356495) ^ (low >>> 15);
    }
    high = Math.imul(high ^ (high >>> 16) ^ db, 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    if ((low & (this.parts - 1)) !== this.part) return;
    if (2 * this.count === this.hashes.length) this.makeRoom();
    this.hashes[2 * this.count] = high;
    this.hashes[2 * this.count + 1] = low;
    this.count++;
  }

  /** Ends a pass. @returns true if the names have to be given again, false if that was the last of them. */
  another(): boolean {
    this.compare();
    this.count = 0;
    return !this.suspicious && ++this.part < this.parts;
  }

  private compare(): void {
    const { hashes, count } = this;
    new BigUint64Array(hashes.buffer, 0, count).sort();
    for (let at = 2; at < 2 * count && !this.suspicious; at += 2) {
      this.suspicious = hashes[at] === hashes[at - 2] && hashes[at + 1] === hashes[at - 1];
    }
  }

  private makeRoom(): void {
    if (this.count < this.most) {
      const larger = new Uint32Array(2 * this.hashes.length);
      larger.set(this.hashes);
      this.hashes = larger;
      return;
    }
    // Names that are equal would not get fewer.
    this.compare();
    this.parts *= 2;
    const { hashes } = this;
    let kept = 0;
    for (let at = 0; at < 2 * this.count; at += 2) {
      if ((hashes[at + 1] & (this.parts - 1)) !== this.part) continue;
      hashes[2 * kept] = hashes[at];
      hashes[2 * kept + 1] = hashes[at + 1];
      kept++;
    }
    this.count = this.suspicious ? 0 : kept;
  }
}
