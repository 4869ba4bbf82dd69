/**
 * What the structures of a server take, as `MEMORY USAGE key SAMPLES 0` counts them: sizes of the structs by version,
 * rounded by the allocator where that version asks it. Servers before 4.0 have no such command and are counted the
 * same way.
 */
import type { BlobKind } from '../../decoder/rdb/layout.js';
import { type Allocator, allocatorOf } from './allocator.js';
import { sdsSize, sdsSize8 } from './sds.js';
import type { TableType } from './spread.js';
import type { MemoryTarget } from './target.js';

/** Sizes of the structs that a version works with, in bytes. */
interface Structs {
  readonly object: number;
  readonly dict: number;
  readonly dictEntry: number;
  readonly quicklist: number;
  readonly quicklistNode: number;
  readonly zset: number;
  readonly skiplist: number;
  readonly stream: number;
  readonly group: number;
  readonly consumer: number;
  readonly pending: number;
  readonly tree: number;
}

/** How the key stands beside its value. */
type KeyPlace =
  /** A string of its own, in a dictionary entry. */
  | 'entry'
  /** In one allocation with the dictionary entry (Valkey 8.0). */
  | 'in-entry'
  /** In one allocation with the header of the value (Redis 8.2, Valkey 8.1 and later). */
  | 'in-object';

/** Lengths of strings whose cost is kept. */
const KEPT = 512;

export class MemoryModel {
  readonly structs: Structs;
  private readonly place: KeyPlace;
  /** True if the tables of Valkey 8.1 are used instead of dictionaries. */
  private readonly hashtables: boolean;
  /** True if the server counts what it has asked for instead of asking the allocator. */
  private readonly counted: boolean;
  /** What a server reports for a request: as the allocator says, where it asks. */
  private readonly round: Allocator;
  private readonly roundBlob: Allocator;
  /** For nodes of skiplists, which all versions ask about. */
  private readonly roundNode: Allocator;
  readonly roundTree: Allocator;
  private readonly elements = new Float64Array(KEPT);
  private readonly scoredMembers = new Float64Array(KEPT);

  /** True if compact structures are listpacks, not ziplists. */
  readonly listpacks: boolean;
  /** True if lists are quicklists, and if short ones are one listpack. */
  readonly quicklists: boolean;
  readonly listListpacks: boolean;
  readonly hasExpiringListpacks: boolean;
  /** Header of a list of separate nodes. */
  readonly linkedList = 48;
  /** Header of a listpack with field expiry. */
  readonly expiringListpack: number;
  /** True if room is set aside for entries to come in the last node of a stream. */
  readonly reservesNodes = true;

  constructor(readonly target: MemoryTarget) {
    const { make, level, allocator } = target;
    const real = allocatorOf(allocator);
    const isValkey = make === 'valkey';
    this.hashtables = isValkey && level >= 801;
    this.counted = make === 'redis' && level >= COUNTED_SINCE;
    this.round = make === 'keydb' || level >= 600 ? real : exact;
    this.roundBlob = level >= 700 && !this.counted ? real : exact;
    this.roundNode = allocator === 'libc' && make !== 'keydb' && level < 602 ? withPrefix : real;
    this.roundTree = this.counted ? exact : real;
    if (isValkey ? level >= 801 : make === 'redis' && level >= 802) this.place = 'in-object';
    else this.place = isValkey && level >= 800 ? 'in-entry' : 'entry';
    this.listpacks = level >= 700;
    this.quicklists = level >= 302;
    this.listListpacks = level >= 702;
    this.hasExpiringListpacks = make === 'redis' && level >= 704;
    this.expiringListpack = this.counted ? 24 : this.round(32);
    this.structs = structsOf(target);
    for (let length = 0; length < KEPT; length++) {
      this.elements[length] = this.elementSize(length);
      this.scoredMembers[length] = this.scoredSize(length);
    }
  }

  /** The name of the compact encoding that is used for a type. */
  compactName(type: TableType): 'listpack' | 'ziplist' | 'zipmap' {
    if (this.listpacks) return 'listpack';
    return type === 'hash' && this.target.level < 206 ? 'zipmap' : 'ziplist';
  }

  /** True if a type can be kept in a kind of compact structure. */
  has(type: TableType, kind: BlobKind): boolean {
    if (kind === 'intset') return type === 'set';
    if (type === 'set') return kind === 'listpack' && this.target.level >= 702;
    return kind === this.compactName(type);
  }

  /** Key, dictionary entry and header of a value that is not in one allocation with them. */
  base(keyLength: number, expires: boolean): number {
    const { make, level } = this.target;
    switch (this.place) {
      case 'entry': {
        // 4.0 measures the argument of the command, not the key itself.
        const key = level < 500 && make === 'redis' ? sdsSize8(keyLength) : this.round(sdsSize(keyLength));
        return this.structs.object + this.structs.dictEntry + key;
      }
      case 'in-entry':
        return this.structs.object + this.round(24 + sdsSize(keyLength));
      case 'in-object': {
        // Valkey 8.1 counts neither the key nor what the allocator adds.
        if (make === 'valkey' && level < 900) return 16;
        const size = 16 + metas(keyLength, expires) + 1 + sdsSize(keyLength);
        return make === 'redis' && level >= KEY_COUNTED_SINCE ? size : this.round(size);
      }
    }
  }

  /** The encoding of a string value. */
  stringEncoding(length: number, integer: boolean, keyLength: number, expires: boolean): 'int' | 'embstr' | 'raw' {
    if (integer) return 'int';
    const { make, level } = this.target;
    let embedded: boolean;
    if (this.place === 'in-object') {
      embedded = this.together(length, keyLength, expires) <= (make === 'valkey' && level >= 900 ? 128 : 64);
    } else if (make === 'keydb') {
      embedded = length <= 48;
    } else {
      embedded = level >= 300 && length <= (level < 302 ? 39 : 44);
    }
    return embedded ? 'embstr' : 'raw';
  }

  /** Header, key and value in one allocation. */
  private together(length: number, keyLength: number, expires: boolean): number {
    const { make, level } = this.target;
    // An embedded value needs no pointer to it.
    const header = make === 'valkey' && level >= 900 ? 8 : 16;
    return header + metas(keyLength, expires) + 1 + sdsSize(keyLength) + sdsSize8(length);
  }

  /** A string value with its key. */
  string(encoding: 'int' | 'embstr' | 'raw', length: number, keyLength: number, expires: boolean): number {
    const { make, level } = this.target;
    if (encoding === 'embstr' && this.place === 'in-object')
      return this.round(this.together(length, keyLength, expires));
    const base = this.base(keyLength, expires);
    if (encoding === 'int') return base;
    if (encoding === 'embstr') {
      return base + (level >= 700 && make !== 'keydb' ? this.round(16 + sdsSize8(length)) - 16 : length + 2);
    }
    return base + this.rawString(length);
  }

  private rawString(length: number): number {
    if (this.place === 'entry' || this.place === 'in-entry') return this.round(sdsSize8(length));
    return this.elementSize(length);
  }

  /** A string in a table: a member, a field, a value. */
  element(length: number): number {
    return length < KEPT ? this.elements[length] : this.elementSize(length);
  }

  private elementSize(length: number): number {
    if (this.counted && length < 32) return sdsSize(length);
    return this.round(sdsSize(length));
  }

  member(length: number): number {
    return this.element(length);
  }

  /** A hash field and its value, without what {@link table} counts. */
  pair(field: number, value: number, expires: boolean): number {
    if (this.hashtables) return this.entry(field, value, expires);
    return this.element(field) + this.element(value) + (expires ? 18 : 0);
  }

  /** A field in one allocation with its value, where both are short. */
  private entry(field: number, value: number, expires: boolean): number {
    const meta = expires ? 8 : 0;
    const together = meta + sdsSize(field) + sdsSize8(value);
    if (together <= 128) return this.round(together);
    return this.round(meta + 8 + sdsSize8(field)) + this.round(sdsSize(value));
  }

  /** A member of a skiplist with its node. Levels are drawn by lot: this is the mean. */
  scored(length: number): number {
    return length < KEPT ? this.scoredMembers[length] : this.scoredSize(length);
  }

  private scoredSize(length: number): number {
    if (this.hashtables) return mean((levels) => this.roundNode(16 + 16 * levels + 1 + sdsSize(length)));
    return mean((levels) => this.roundNode(24 + 16 * levels)) + this.elementSize(length);
  }

  /** Table and entries, without the elements themselves; for a sorted set with the header of its skiplist. */
  table(type: TableType, count: number, expiring: number): number {
    const { structs } = this;
    const table = this.hashtables
      ? hashtable(count) + (expiring > 0 ? 8 : 0)
      : structs.dict + structs.dictEntry * count + 8 * this.buckets(count);
    if (type !== 'zset') return table;
    if (this.hashtables) return structs.zset + 528 + table;
    const { make, level } = this.target;
    // 4.0 counts neither the dictionary nor the skiplist.
    if (make === 'redis' && level < 500) return structs.zset + table - structs.dict;
    return (
      structs.zset + structs.skiplist + this.roundNode(24 + 16 * (make === 'redis' && level < 600 ? 64 : 32)) + table
    );
  }

  /** Buckets of a dictionary. Where one has just grown, the old ones are still there. */
  private buckets(count: number): number {
    let size = 4;
    while (size < count) size *= 2;
    if (!this.target.asSaved || size === 4) return size;
    const before = size / 2;
    return count < before * 1.63 + 1 ? size + before : size;
  }

  /** A compact structure of a hash, set, sorted set or list. */
  blob(length: number): number {
    return this.roundBlob(length);
  }

  intset(length: number): number {
    return this.roundBlob(length);
  }

  quicklistNode(length: number): number {
    return this.structs.quicklistNode + this.roundBlob(length);
  }

  /** A node that is compressed. @param length compressed bytes. */
  compressedNode(length: number): number {
    return this.structs.quicklistNode + this.roundBlob(length + 8);
  }

  /** An element of a list of separate nodes: the node, an object, a string. */
  listNode(length: number): number {
    return 24 + this.structs.object + sdsSize8(length);
  }

  streamNode(length: number): number {
    return this.target.level >= 602 ? this.roundNode(length) : length;
  }

  /** A radix tree of ids. @param bytes of its nodes. */
  tree(keys: number, nodes: number, bytes: number): number {
    const { tree } = this.structs;
    // Older servers guess what a node takes.
    return tree === 0 ? 16 * keys + 244 * nodes : this.roundTree(tree) + bytes;
  }
}

/** The first releases of Redis that count what they ask for, and that count the key so. */
const COUNTED_SINCE = 806;
const KEY_COUNTED_SINCE = 808;

/** What stands between the header of an object and its key. */
function metas(keyLength: number, expires: boolean): number {
  return expires || keyLength >= 128 ? 8 : 0;
}

const exact: Allocator = (size) => size;

/** Old servers on the C library keep the size in front of what they allocate. */
const withPrefix: Allocator = (size) => Math.ceil(size / 8) * 8 + 8;

/** The mean over the levels of a skiplist node: each further level has a quarter of the chance. */
function mean(size: (levels: number) => number): number {
  let sum = 0;
  let chance = 0.75;
  for (let levels = 1; levels <= 12; levels++) {
    sum += chance * size(levels);
    chance /= 4;
  }
  return sum;
}

/** Bytes of a table of Valkey 8.1 and later: buckets of 64 bytes with up to seven entries. */
function hashtable(count: number): number {
  let buckets = 1;
  while (buckets * 32 < count * 5) buckets *= 2;
  return 80 + 64 * buckets;
}

function structsOf({ make, level }: MemoryTarget): Structs {
  const isValkey = make === 'valkey';
  return {
    object: make === 'keydb' ? 24 : 16,
    dict: level < 700 ? 96 : 56,
    dictEntry: 24,
    quicklist: make === 'redis' && level >= COUNTED_SINCE ? 48 : 40,
    quicklistNode: level >= 700 ? 40 : 32,
    zset: 16,
    skiplist: 32,
    stream: level < 602 ? 0 : level >= 700 ? 80 : 40,
    group: level >= 700 ? 40 : 32,
    consumer: level >= 702 ? 32 : 24,
    pending: 24,
    tree: isValkey && level >= 801 ? 32 : make === 'redis' && level >= COUNTED_SINCE ? 40 : 0,
  };
}
