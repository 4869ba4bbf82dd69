/**
 * Hashes: value types 4 (fields one by one), 9 (zipmap), 13 (ziplist), 16 (listpack); with field expiry 22 to 25 of
 * Redis and 22 of Valkey.
 */
import { latin1 } from '../../bytes.js';
import type { Cursor } from '../../cursor.js';
import { DecodeError } from '../../errors.js';
import { type BlobReader, narrow } from '../blobs/reader.js';
import type { BlobKind } from '../layout.js';
import { readCount, readLength64 } from '../length.js';
import { readText } from '../string.js';
import type { Collection, HashField, Millis } from '../value-model.js';
import type { ValueType } from '../value-type.js';
import { counted, inBlob } from '../walkers.js';

const PAIRS: ValueType['layout'] = [
  {
    step: 'repeat',
    each: 'element',
    body: [
      { step: 'string', name: 'field' },
      { step: 'string', name: 'value' },
    ],
    counts: true,
  },
];

/** Hash types that Redis and Valkey share. */
export const HASH_TYPES: readonly ValueType[] = [
  {
    code: 4,
    name: 'HASH',
    type: 'hash',
    encoding: 'hashtable',
    since: 1,
    writers: 'all versions',
    layout: PAIRS,
    open: (cursor) => {
      const count = readCount(cursor, 'the hash', 2);
      return { type: 'hash', items: counted(cursor, count, readPair) };
    },
  },
  compactHash(9, 'HASH_ZIPMAP', 'zipmap', 'zipmap', 2, 'Redis 2.4'),
  compactHash(13, 'HASH_ZIPLIST', 'ziplist', 'ziplist', 4, 'Redis 2.6 to 6.2'),
  compactHash(16, 'HASH_LISTPACK', 'listpack', 'listpack', 10, 'Redis 7.0 and later, Valkey'),
];

/** Hash types with field expiry, as Redis writes them. */
export const REDIS_HASH_TYPES: readonly ValueType[] = [
  {
    code: 22,
    name: 'HASH_METADATA_PRE_GA',
    type: 'hash',
    encoding: 'hashtable',
    since: 12,
    writers: 'release candidates of Redis 7.4',
    layout: [
      {
        step: 'repeat',
        each: 'element',
        body: [
          { step: 'length', name: 'field-expiry' },
          { step: 'string', name: 'field' },
          { step: 'string', name: 'value' },
        ],
        counts: true,
      },
    ],
    open: (cursor) => {
      const count = readCount(cursor, 'the hash', 3);
      return {
        type: 'hash',
        items: counted(cursor, count, (at) => withExpiry(readLength64(at, 'the field expiry'), at)),
      };
    },
  },
  expiringListpack(23, 'HASH_LISTPACK_EX_PRE_GA', false, 'release candidates of Redis 7.4'),
  {
    code: 24,
    name: 'HASH_METADATA',
    type: 'hash',
    encoding: 'hashtable',
    since: 12,
    writers: 'Redis 7.4 and later',
    layout: [
      { step: 'bytes', name: 'earliest-expiry', as: 'time', count: 8 },
      {
        step: 'repeat',
        each: 'element',
        body: [
          { step: 'length', name: 'field-expiry' },
          { step: 'string', name: 'field' },
          { step: 'string', name: 'value' },
        ],
        counts: true,
      },
    ],
    open: (cursor) => {
      const least = cursor.i64le('the field expiry');
      const count = readCount(cursor, 'the hash', 3);
      return {
        type: 'hash',
        items: counted(cursor, count, (at) => {
          // 0 means none; otherwise the distance from the earliest expiry of the hash, plus 1.
          const distance = readLength64(at, 'the field expiry');
          return withExpiry(distance === 0n ? 0n : least + distance - 1n, at);
        }),
      };
    },
  },
  expiringListpack(25, 'HASH_LISTPACK_EX', true, 'Redis 7.4 and later'),
];

/** Hash types with field expiry, as Valkey writes them. */
export const VALKEY_HASH_TYPES: readonly ValueType[] = [
  {
    code: 22,
    name: 'HASH_2',
    type: 'hash',
    encoding: 'hashtable',
    since: 80,
    writers: 'Valkey 9.0 and later',
    layout: [
      {
        step: 'repeat',
        each: 'element',
        body: [
          { step: 'string', name: 'field' },
          { step: 'string', name: 'value' },
          { step: 'bytes', name: 'field-expiry', as: 'time', count: 8 },
        ],
        counts: true,
      },
    ],
    open: (cursor) => {
      const count = readCount(cursor, 'the hash', 10);
      return {
        type: 'hash',
        items: counted(cursor, count, (at) => {
          const pair = readPair(at);
          const expireAt = at.i64le('the field expiry');
          return expireAt === -1n ? pair : { ...pair, expireAt: narrow(expireAt) };
        }),
      };
    },
  },
];

function readPair(cursor: Cursor): HashField {
  return { field: readText(cursor, 'the hash field'), value: readText(cursor, 'the hash value') };
}

/** Reads field and value behind an expiry; 0 means none. */
function withExpiry(expireAt: bigint, cursor: Cursor): HashField {
  const pair = readPair(cursor);
  return expireAt === 0n ? pair : { ...pair, expireAt: narrow(expireAt) };
}

function compactHash(
  code: number,
  name: string,
  encoding: string,
  kind: BlobKind,
  since: number,
  writers: string,
): ValueType {
  return {
    code,
    name,
    type: 'hash',
    encoding,
    since,
    writers,
    // A zipmap counts pairs, the others count fields and values.
    layout: [{ step: 'blob', kind, per: kind === 'zipmap' ? 1 : 2, roles: ['field', 'value'] }],
    open: (cursor) => {
      const items: Collection<HashField> = inBlob(cursor, kind, 2, 'the hash', (reader, more) => {
        const field = reader.text();
        more();
        return { field, value: reader.text() };
      });
      return { type: 'hash', items };
    },
  };
}

/** A listpack of field, value, expiry in ms (absolute; 0 means none); since the release, an earliest expiry before it. */
function expiringListpack(code: number, name: string, earliest: boolean, writers: string): ValueType {
  return {
    code,
    name,
    type: 'hash',
    encoding: 'listpackex',
    since: 12,
    writers,
    layout: earliest
      ? [
          { step: 'bytes', name: 'earliest-expiry', as: 'time', count: 8 },
          { step: 'blob', kind: 'listpack', per: 3, roles: ['field', 'value', 'field-expiry'] },
        ]
      : [{ step: 'blob', kind: 'listpack', per: 3, roles: ['field', 'value', 'field-expiry'] }],
    open: (cursor) => {
      if (earliest) cursor.skip(8, 'the field expiry');
      const items: Collection<HashField> = inBlob(cursor, 'listpack', 3, 'the hash', (reader, more, fileOffset) => {
        const field = reader.text();
        more();
        const value = reader.text();
        more();
        const expireAt = readExpiry(reader, fileOffset);
        return expireAt === 0 ? { field, value } : { field, value, expireAt };
      });
      return { type: 'hash', items };
    },
  };
}

function readExpiry(reader: BlobReader, offset: number): Millis {
  if (reader.integer === undefined) {
    const text = reader.text();
    throw new DecodeError('bad-field-expiry', offset, text instanceof Uint8Array ? `"${latin1(text)}"` : '…');
  }
  return reader.integer;
}
