/**
 * The keys that commands name: each with what its commands add up to, and a chain through all places that name it, so
 * that the history of a key needs no pass over the file. About 55 bytes a key and 12 a mention.
 */

/** Rows of a chunk of the columns. */
const CHUNK_BITS = 14;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_ROWS - 1;

/** The end of a chain. */
const NONE = 0xffffffff;

interface KeyChunk {
  readonly hashLow: Uint32Array;
  readonly hashHigh: Uint32Array;
  readonly db: Uint32Array;
  /** Where the name stands first: offset in the part of its first command. */
  readonly nameOffset: Float64Array;
  readonly nameBytes: Uint32Array;
  readonly commands: Uint32Array;
  readonly bytes: Float64Array;
  readonly largest: Float64Array;
  readonly firstMention: Uint32Array;
  readonly lastMention: Uint32Array;
}

interface MentionChunk {
  readonly command: Uint32Array;
  readonly key: Uint32Array;
  /** The next mention of the same key. */
  readonly next: Uint32Array;
}

/** A mention of a key as a scan tells it. */
export interface Mention {
  /** Number of the command. */
  readonly command: number;
  /** Bytes of the command. */
  readonly size: number;
  readonly db: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  readonly nameOffset: number;
  readonly nameBytes: number;
}

/**
 * All keys that commands name, by number in the order of their first mention. Keys are told apart by 64 bits of hash
 * over database and name: among ten million keys two share one with a chance of three in a million, and what would be
 * wrong then is a count on the screen.
 */
export class TouchedKeys {
  private readonly keyChunks: KeyChunk[] = [];
  private readonly mentionChunks: MentionChunk[] = [];
  private slots = new Int32Array(1 << 12).fill(-1);
  private keyCount = 0;
  private mentionCount = 0;

  /** Number of keys. */
  get length(): number {
    return this.keyCount;
  }

  /** Number of mentions: commands, each as often as it names different keys. */
  get mentions(): number {
    return this.mentionCount;
  }

  /** Bytes that the tables take. */
  get memory(): number {
    return (
      this.keyChunks.length * CHUNK_ROWS * 52 + this.mentionChunks.length * CHUNK_ROWS * 12 + this.slots.byteLength
    );
  }

  /** Enters a mention; commands come in ascending order. A key that a command names twice is entered once. */
  add(mention: Mention): void {
    const key = this.keyOf(mention);
    const chunk = this.keyChunks[key >>> CHUNK_BITS];
    const at = key & CHUNK_MASK;
    const last = chunk.lastMention[at];
    if (last !== NONE && this.mentionCommand(last) === mention.command) return;
    const number = this.mentionCount++;
    if ((number & CHUNK_MASK) === 0) this.mentionChunks.push(newMentionChunk());
    const own = this.mentionChunks[number >>> CHUNK_BITS];
    own.command[number & CHUNK_MASK] = mention.command;
    own.key[number & CHUNK_MASK] = key;
    own.next[number & CHUNK_MASK] = NONE;
    if (last === NONE) chunk.firstMention[at] = number;
    else this.mentionChunks[last >>> CHUNK_BITS].next[last & CHUNK_MASK] = number;
    chunk.lastMention[at] = number;
    chunk.commands[at]++;
    chunk.bytes[at] += mention.size;
    if (mention.size > chunk.largest[at]) chunk.largest[at] = mention.size;
  }

  private keyOf(mention: Mention): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = mention.hashLow & mask; ; slot = (slot + 1) & mask) {
      const key = slots[slot];
      if (key < 0) {
        const added = this.addKey(mention);
        slots[slot] = added;
        if (this.keyCount * 2 > slots.length) this.growSlots();
        return added;
      }
      const chunk = this.keyChunks[key >>> CHUNK_BITS];
      const at = key & CHUNK_MASK;
      if (chunk.hashLow[at] === mention.hashLow && chunk.hashHigh[at] === mention.hashHigh) return key;
    }
  }

  private addKey(mention: Mention): number {
    const key = this.keyCount++;
    const at = key & CHUNK_MASK;
    if (at === 0) this.keyChunks.push(newKeyChunk());
    const chunk = this.keyChunks[key >>> CHUNK_BITS];
    chunk.hashLow[at] = mention.hashLow;
    chunk.hashHigh[at] = mention.hashHigh;
    chunk.db[at] = mention.db;
    chunk.nameOffset[at] = mention.nameOffset;
    chunk.nameBytes[at] = mention.nameBytes;
    chunk.firstMention[at] = NONE;
    chunk.lastMention[at] = NONE;
    return key;
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let key = 0; key < this.keyCount; key++) {
      let slot = this.keyChunks[key >>> CHUNK_BITS].hashLow[key & CHUNK_MASK] & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = key;
    }
    this.slots = slots;
  }

  /** The key of a hash; undefined if no command names it. */
  find(hashLow: number, hashHigh: number): number | undefined {
    const mask = this.slots.length - 1;
    for (let slot = hashLow & mask; ; slot = (slot + 1) & mask) {
      const key = this.slots[slot];
      if (key < 0) return undefined;
      const chunk = this.keyChunks[key >>> CHUNK_BITS];
      const at = key & CHUNK_MASK;
      if (chunk.hashLow[at] === hashLow && chunk.hashHigh[at] === hashHigh) return key;
    }
  }

  // Columns by key.

  db(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].db[key & CHUNK_MASK];
  }

  /** Where the name stands in the part of the first command that names it, and its bytes. */
  nameOffset(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].nameOffset[key & CHUNK_MASK];
  }

  nameBytes(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].nameBytes[key & CHUNK_MASK];
  }

  /** Number of commands that name the key. */
  commands(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].commands[key & CHUNK_MASK];
  }

  /** Bytes of all commands that name the key. */
  bytes(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].bytes[key & CHUNK_MASK];
  }

  /** Bytes of the largest of them. */
  largest(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].largest[key & CHUNK_MASK];
  }

  firstCommand(key: number): number {
    return this.mentionCommand(this.firstMention(key));
  }

  lastCommand(key: number): number {
    return this.mentionCommand(this.lastMention(key));
  }

  firstMention(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].firstMention[key & CHUNK_MASK];
  }

  lastMention(key: number): number {
    return this.keyChunks[key >>> CHUNK_BITS].lastMention[key & CHUNK_MASK];
  }

  // Mentions, in the order of the commands.

  mentionCommand(mention: number): number {
    return this.mentionChunks[mention >>> CHUNK_BITS].command[mention & CHUNK_MASK];
  }

  mentionKey(mention: number): number {
    return this.mentionChunks[mention >>> CHUNK_BITS].key[mention & CHUNK_MASK];
  }

  /** The next mention of the same key; undefined behind the last. */
  nextMention(mention: number): number | undefined {
    const next = this.mentionChunks[mention >>> CHUNK_BITS].next[mention & CHUNK_MASK];
    return next === NONE ? undefined : next;
  }

  /** The first mention by a command or one behind it: {@link mentions} if there is none. */
  mentionFrom(command: number): number {
    let low = 0;
    let high = this.mentionCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.mentionCommand(middle) < command) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The keys that a command names, in the order of its arguments, each once. */
  keysOf(command: number): number[] {
    const keys: number[] = [];
    for (let at = this.mentionFrom(command); at < this.mentionCount && this.mentionCommand(at) === command; at++) {
      keys.push(this.mentionKey(at));
    }
    return keys;
  }
}

function newKeyChunk(): KeyChunk {
  return {
    hashLow: new Uint32Array(CHUNK_ROWS),
    hashHigh: new Uint32Array(CHUNK_ROWS),
    db: new Uint32Array(CHUNK_ROWS),
    nameOffset: new Float64Array(CHUNK_ROWS),
    nameBytes: new Uint32Array(CHUNK_ROWS),
    commands: new Uint32Array(CHUNK_ROWS),
    bytes: new Float64Array(CHUNK_ROWS),
    largest: new Float64Array(CHUNK_ROWS),
    firstMention: new Uint32Array(CHUNK_ROWS),
    lastMention: new Uint32Array(CHUNK_ROWS),
  };
}

function newMentionChunk(): MentionChunk {
  return {
    command: new Uint32Array(CHUNK_ROWS),
    key: new Uint32Array(CHUNK_ROWS),
    next: new Uint32Array(CHUNK_ROWS),
  };
}
