/** Lists: value types 1 (elements one by one), 10 (ziplist), 14 and 18 (quicklist of ziplists, of listpacks). */
import type { Cursor } from '../../cursor.js';
import { DecodeError } from '../../errors.js';
import type { BlobReader } from '../blobs/reader.js';
import { readCount, readLength } from '../length.js';
import { readBlob, readText, type Text } from '../string.js';
import type { Collection, Mark, Walker } from '../value-model.js';
import type { ValueType } from '../value-type.js';
import { counted, inBlob, openBlob } from '../walkers.js';

/** Container of a quicklist 2 node that is one element. */
const CONTAINER_PLAIN = 1;
/** Container of a quicklist 2 node that is a listpack of elements. */
const CONTAINER_PACKED = 2;

export const LIST_TYPES: readonly ValueType[] = [
  {
    code: 1,
    name: 'LIST',
    type: 'list',
    encoding: 'linkedlist',
    since: 1,
    writers: 'Redis up to 3.0',
    layout: [{ step: 'repeat', each: 'element', body: [{ step: 'string' }], counts: true }],
    open: (cursor) => {
      const count = readCount(cursor, 'the list');
      return { type: 'list', items: counted(cursor, count, (at) => readText(at, 'the list element')) };
    },
  },
  {
    code: 10,
    name: 'LIST_ZIPLIST',
    type: 'list',
    encoding: 'ziplist',
    since: 2,
    writers: 'Redis 2.4 to 3.0',
    layout: [{ step: 'blob', kind: 'ziplist', per: 1, roles: ['element'] }],
    open: (cursor) => ({ type: 'list', items: inBlob(cursor, 'ziplist', 1, 'the list', (reader) => reader.text()) }),
  },
  {
    code: 14,
    name: 'LIST_QUICKLIST',
    type: 'list',
    encoding: 'quicklist',
    since: 7,
    writers: 'Redis 3.2 to 6.2',
    layout: [
      {
        step: 'repeat',
        name: 'nodes',
        each: 'node',
        body: [{ step: 'blob', kind: 'ziplist', per: 1, roles: ['element'] }],
      },
    ],
    open: (cursor) => ({ type: 'list', items: quicklist(cursor, false) }),
  },
  {
    code: 18,
    name: 'LIST_QUICKLIST_2',
    type: 'list',
    encoding: 'quicklist',
    since: 10,
    writers: 'Redis 7.0 and later, Valkey',
    layout: [{ step: 'repeat', name: 'nodes', each: 'node', body: [{ step: 'quicklist-node' }] }],
    open: (cursor) => ({ type: 'list', items: quicklist(cursor, true) }),
  },
];

/** The elements of a quicklist; the count in front of it is the number of nodes, so theirs is unknown. */
function quicklist(cursor: Cursor, containers: boolean): Collection<Text> {
  const nodes = readCount(cursor, 'the list', containers ? 2 : 1);
  const start = cursor.offset;
  return {
    count: undefined,
    walk: (from) => new QuicklistWalker(cursor.fork(from?.offset ?? start), nodes, containers, from),
  };
}

/** Walks through the nodes of a quicklist. A mark names the node's offset and the position in it. */
class QuicklistWalker implements Walker<Text> {
  private index: number;
  private nodesLeft: number;
  /** The packed node being read; undefined between nodes. */
  private reader: BlobReader | undefined;
  private nodeOffset: number;

  constructor(
    private readonly cursor: Cursor,
    nodes: number,
    private readonly containers: boolean,
    from: Mark | undefined,
  ) {
    this.index = from?.index ?? 0;
    this.nodeOffset = cursor.offset;
    // Which node a mark is in is not in it; a damaged count is met on a walk from the start.
    this.nodesLeft = from instanceof QuicklistMark ? from.nodesLeft : nodes;
    if (from !== undefined && from.inner > 0) this.openNode(from.inner);
  }

  next(): Text | undefined {
    for (;;) {
      if (this.reader) {
        if (this.reader.read()) {
          this.index++;
          return this.reader.text();
        }
        this.reader = undefined;
      }
      if (this.nodesLeft <= 0) {
        this.nodeOffset = this.cursor.offset;
        return undefined;
      }
      const plain = this.openNode(0);
      if (plain) {
        this.index++;
        return plain;
      }
    }
  }

  /** Opens the node at the cursor and moves behind it. @returns the element of a plain node. */
  private openNode(inner: number): Text | undefined {
    const cursor = this.cursor;
    this.nodeOffset = cursor.offset;
    this.nodesLeft--;
    if (this.containers) {
      const fileOffset = cursor.fileOffset;
      const container = readLength(cursor, 'the list node');
      if (container === CONTAINER_PLAIN) return readText(cursor, 'the list element');
      if (container !== CONTAINER_PACKED) throw new DecodeError('bad-quicklist', fileOffset, container);
    }
    const blob = readBlob(cursor, 'the list node');
    this.reader = openBlob(this.containers ? 'listpack' : 'ziplist', blob, inner);
    return undefined;
  }

  mark(): Mark {
    if (this.reader) return new QuicklistMark(this.index, this.nodeOffset, this.reader.inner, this.nodesLeft + 1);
    return new QuicklistMark(this.index, this.cursor.offset, 0, this.nodesLeft);
  }
}

/** A mark in a quicklist, which also knows how many nodes follow. */
class QuicklistMark implements Mark {
  constructor(
    readonly index: number,
    readonly offset: number,
    readonly inner: number,
    readonly nodesLeft: number,
  ) {}
}
