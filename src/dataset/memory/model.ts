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

/** Lengths of strings whose cost is kept once it is known; none is 0. */
const KEPT = 512;

export class MemoryModel {
  readonly structs: Structs;
  private readonly place: KeyPlace;
  /** True if the tables of Valkey 8.1 are used instead of dictionaries. */
  private readonly hashtables: boolean;
  /** True if the server counts what it has asked for instead of asking the allocator. */
  private readonly counted: boolean;
  /** What a server reports for a request: as the allocator says, where it asks. */
  /** Bytes that the allocator takes for a request. */
  readonly round: Allocator;
  private readonly roundBlob: Allocator;
  /** For nodes of skiplists, which all versions ask about. */
  private readonly roundNode: Allocator;
  readonly roundTree: Allocator;
  /** True if the server knows what its radix trees take. */
  readonly measuresTrees: boolean;
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
  /** True if the room counts that is set aside for entries to come in the last node of a stream. */
  readonly reservesNodes: boolean;

  constructor(readonly target: MemoryTarget) {
    const { make, level, allocator } = target;
    const real = allocatorOf(allocator);
    const isValkey = make === 'valkey';
    this.hashtables = isValkey && level >= 801;
    this.counted = make === 'redis' && level >= COUNTED_SINCE;
    this.round = make === 'keydb' || level >= 600 ? real : exact;
    this.roundBlob = level >= 700 && !this.counted ? real : exact;
    this.roundNode = allocator === 'libc' && make !== 'keydb' && level < 602 ? withPrefix : real;
    this.measuresTrees = this.counted || this.hashtables;
    this.roundTree = make === 'redis' && level >= KEY_COUNTED_SINCE ? exact : real;
    if (isValkey ? level >= 801 : make === 'redis' && level >= 802) this.place = 'in-object';
    else this.place = isValkey && level >= 800 ? 'in-entry' : 'entry';
    this.reservesNodes = make !== 'keydb' && !this.counted && !countsUsedBytes(level, target.patch);
    this.listpacks = level >= 700;
    this.quicklists = level >= 302;
    this.listListpacks = level >= 702;
    this.hasExpiringListpacks = make === 'redis' && level >= 704;
    this.expiringListpack = this.counted ? 24 : this.round(32);
    const structs = structsOf(target);
    // From 8.6 on these are asked for, too.
    this.structs = this.counted
      ? {
          ...structs,
          quicklist: this.roundStruct(structs.quicklist),
          quicklistNode: this.roundStruct(structs.quicklistNode),
        }
      : structs;
  }

  /** A struct that the server asks the allocator about, until it counts what it has asked for. */
  private roundStruct(size: number): number {
    return this.target.level >= KEY_COUNTED_SINCE ? size : this.round(size);
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
        let key = level < 500 && make === 'redis' ? sdsSize8(keyLength) : this.round(sdsSize(keyLength));
        // KeyDB shares the key with those who wait for it, and counts them in its header.
        if (make === 'keydb') key = this.round(11 + keyLength + 1);
        return this.structs.object + this.structs.dictEntry + key;
      }
      case 'in-entry':
        return this.structs.object + this.round(17 + sdsSize8(keyLength));
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
      embedded =
        make === 'valkey' && level >= 900
          ? length <= 255 && this.together(length, keyLength, expires) <= 128
          : // The header of a long name is not considered.
            16 + (expires ? 8 : 0) + keyLength + 3 + length + 4 <= 64;
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
    const base = this.base(keyLength, expires);
    // An object is never smaller than with a pointer to its value, even if it needs none.
    if (encoding === 'embstr' && this.place === 'in-object') {
      return Math.max(base, this.round(this.together(length, keyLength, expires)));
    }
    if (encoding === 'int') return base;
    if (encoding === 'embstr') {
      return base + (level >= 700 && make !== 'keydb' ? this.round(16 + sdsSize8(length)) - 16 : length + 2);
    }
    return base + this.rawString(length);
  }

  /** A string value that is not in one allocation with its header, without what {@link base} counts. */
  rawString(length: number): number {
    if (this.place === 'entry' || this.place === 'in-entry') return this.round(sdsSize8(length));
    return this.elementSize(length);
  }

  /** A string with its header, as modules hold them. */
  stringObject(length: number): number {
    return length <= 44 ? this.round(16 + sdsSize8(length)) : 16 + this.round(sdsSize8(length));
  }

  /** What a key of a module costs beside what the module reports. */
  moduleBase(keyLength: number, expires: boolean): number {
    return this.base(keyLength, expires) - (this.place === 'in-object' ? 0 : this.structs.object);
  }

  /** A string in a table: a member, a field, a value. */
  element(length: number): number {
    if (length >= KEPT) return this.elementSize(length);
    if (this.elements[length] === 0) this.elements[length] = this.elementSize(length);
    return this.elements[length];
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
    if (this.counted) return this.countedPair(field, value, expires);
    return this.element(field) + this.element(value) + (expires ? 18 : 0);
  }

  /** The same in Redis 8.6 and later: a value has a pointer to it, or stands behind its field where both are short. */
  private countedPair(field: number, value: number, expires: boolean): number {
    const meta = expires ? 16 : 0;
    const together = (expires ? sdsSize8(field) : sdsSize(field)) + sdsSize8(value);
    if (together <= 128) return meta + together;
    return meta + 8 + sdsSize8(field) + this.elementSize(value);
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
    if (length >= KEPT) return this.scoredSize(length);
    if (this.scoredMembers[length] === 0) this.scoredMembers[length] = this.scoredSize(length);
    return this.scoredMembers[length];
  }

  private scoredSize(length: number): number {
    const { make, level } = this.target;
    if (make === 'valkey' && level >= 900) return mean((levels) => this.round(16 + 16 * levels + 1 + sdsSize(length)));
    if (this.counted) return mean((levels) => this.roundStruct(16 + 16 * levels + sdsSize(length)));
    return mean((levels) => this.roundNode(24 + 16 * levels)) + this.elementSize(length);
  }

  /** Table and entries, without the elements themselves; for a sorted set with the header of its skiplist. */
  table(type: TableType, count: number, expiring: number): number {
    const { structs } = this;
    const table = this.hashtables
      ? this.hashtable(type, count, expiring)
      : structs.dict + this.entries(type, count) + 8 * this.buckets(type, count);
    if (type !== 'zset') return table;
    const { make, level } = this.target;
    if (make === 'valkey' && level >= 900) return structs.zset + 528 + table;
    // 4.0 counts neither the dictionary nor the skiplist.
    if (make === 'redis' && level < 500) return structs.zset + table - structs.dict;
    return (
      structs.zset + structs.skiplist + this.roundNode(24 + 16 * (make === 'redis' && level < 600 ? 64 : 32)) + table
    );
  }

  /** Entries of a dictionary. */
  private entries(type: TableType, count: number): number {
    if (type !== 'set' || this.place !== 'in-entry') return this.structs.dictEntry * count;
    // Valkey 8.0 needs no entry for a member that has a bucket for itself: those behind others need one.
    const buckets = this.buckets(type, count);
    const used = buckets * (1 - (1 - 1 / buckets) ** count);
    return 16 * (count - used);
  }

  /** Buckets of a dictionary. Where one has grown a little while ago, the old ones are still there. */
  private buckets(type: TableType, count: number): number {
    let size = 4;
    while (size < count) size *= 2;
    const before = size / 2;
    return this.target.asSaved && size > 4 && count <= before * this.moving(type) ? size + before : size;
  }

  /**
   * Up to which part of its new size a table has its old buckets, too: each command moves some of them, and those
   * that look for a field first move more.
   */
  private moving(type: TableType): number {
    const { make, level } = this.target;
    if (make === 'keydb' || level < 704) return type === 'set' ? 1.65 : 1.4;
    return type === 'set' && make === 'redis' ? 1.2 : 1;
  }

  /** A table of Valkey 8.1 and later: buckets of 64 bytes with up to seven entries, more of them behind full ones. */
  private hashtable(type: TableType, count: number, expiring: number): number {
    const { asSaved, level } = this.target;
    let buckets = 1;
    // Tables that are made for a number of elements, as those of sets are, are less full than those that grew.
    const grown = asSaved && type !== 'set';
    while (grown ? buckets * 7 < count : buckets * 32 < count * 5) buckets *= 2;
    let all = buckets + overflowing(count, buckets);
    const before = buckets / 2;
    if (grown && before >= 1 && count - 7 * before < before * 0.6) all += before;
    return (
      (level >= 900 ? 80 : 72) +
      64 * all +
      (type === 'hash' && level >= 900 ? 8 : 0) +
      (expiring > 1 ? 8 + 8 * expiring : 0)
    );
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

  /** A listpack of a stream. */
  streamNode(length: number): number {
    return this.reservesNodes ? this.roundNode(length) : length;
  }

  /** A radix tree of ids. @param bytes of its nodes. */
  tree(keys: number, nodes: number, bytes: number): number {
    // Older servers guess what a node takes.
    return this.measuresTrees ? this.roundTree(this.structs.tree) + bytes : 16 * keys + 244 * nodes;
  }

  // Trees of names of groups and consumers, which only some versions count.

  nameTree(): number {
    return this.counted ? this.roundTree(this.structs.tree) : 0;
  }

  emptyNameTree(): number {
    return this.counted ? this.nameTree() + this.roundTree(4) : 0;
  }

  /** A name in such a tree, about: a node for its bytes and one for its end. */
  name(length: number): number {
    return this.counted ? this.roundTree(8 * Math.ceil((4 + length) / 8) + 8) + this.roundTree(16) : 0;
  }

  /** Pending entries in the order of their delivery, about. */
  pendingByTime(pending: number): number {
    return this.counted && pending > 0 ? 64 * pending + 16 : 0;
  }

  consumerName(length: number): number {
    return this.counted ? this.elementSize(length) : length;
  }
}

/** The first releases of Redis that count what they ask for, and that count the key so. */
const COUNTED_SINCE = 806;
const KEY_COUNTED_SINCE = 808;

/** True for releases that count the bytes of listpacks in streams instead of asking the allocator. */
function countsUsedBytes(level: number, patch: number): boolean {
  return level < 602 || (level === 602 && patch < 12) || (level === 700 && patch < 10);
}

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

/** Buckets that are chained behind full ones, on average: an entry is as likely in one bucket as in another. */
function overflowing(count: number, buckets: number): number {
  const mean = count / buckets;
  let chance = Math.exp(-mean);
  let sum = 0;
  for (let entries = 1; entries <= 40; entries++) {
    chance *= mean / entries;
    // The last place of a full bucket points to the next.
    if (entries > 7) sum += chance * Math.ceil((entries - 7) / 6);
  }
  return sum * buckets;
}

function structsOf({ make, level }: MemoryTarget): Structs {
  const counted = make === 'redis' && level >= COUNTED_SINCE;
  return {
    object: make === 'keydb' ? 24 : 16,
    dict: make === 'keydb' ? 112 : level < 700 ? 96 : 56,
    dictEntry: 24,
    quicklist: make === 'redis' && level >= KEY_COUNTED_SINCE ? 48 : 40,
    quicklistNode: level >= 700 ? 40 : 32,
    zset: 16,
    skiplist: 32,
    stream: level < 602 ? 0 : counted ? 160 : level >= 700 ? 80 : 40,
    group: counted ? 64 : level >= 700 ? 40 : 32,
    consumer: level >= 702 ? 32 : 24,
    pending: counted ? 64 : 24,
    tree: make === 'redis' && level >= KEY_COUNTED_SINCE ? 40 : 32,
  };
}
