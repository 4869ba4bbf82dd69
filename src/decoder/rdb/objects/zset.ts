/** Sorted sets: value types 3 (scores as text), 5 (scores as doubles), 12 (ziplist) and 17 (listpack). */
import { latin1, parseScore } from '../../bytes.js';
import type { Cursor } from '../../cursor.js';
import { DecodeError, phrase } from '../../errors.js';
import type { BlobReader } from '../blobs/reader.js';
import type { BlobKind } from '../layout.js';
import { readCount } from '../length.js';
import { isLong, readText } from '../string.js';
import type { Collection, ScoredMember } from '../value-model.js';
import type { ValueType } from '../value-type.js';
import { counted, inBlob } from '../walkers.js';

export const ZSET_TYPES: readonly ValueType[] = [
  {
    code: 3,
    name: 'ZSET',
    type: 'zset',
    encoding: 'skiplist',
    since: 1,
    writers: 'Redis up to 3.2',
    layout: [
      {
        step: 'repeat',
        each: 'element',
        body: [
          { step: 'string', name: 'member' },
          { step: 'text-score', name: 'score' },
        ],
        counts: true,
      },
    ],
    open: (cursor) => {
      const count = readCount(cursor, 'the sorted set', 2);
      return {
        type: 'zset',
        items: counted(cursor, count, (at) => ({
          member: readText(at, 'the sorted set member'),
          score: readTextScore(at),
        })),
      };
    },
  },
  {
    code: 5,
    name: 'ZSET_2',
    type: 'zset',
    encoding: 'skiplist',
    since: 8,
    writers: 'Redis 4.0 and later, Valkey',
    layout: [
      {
        step: 'repeat',
        each: 'element',
        body: [
          { step: 'string', name: 'member' },
          { step: 'bytes', name: 'score', as: 'double', count: 8 },
        ],
        counts: true,
      },
    ],
    open: (cursor) => {
      const count = readCount(cursor, 'the sorted set', 9);
      return {
        type: 'zset',
        items: counted(cursor, count, (at) => {
          const member = readText(at, 'the sorted set member');
          const offset = at.fileOffset;
          const score = at.f64le('the score');
          if (Number.isNaN(score)) throw new DecodeError('bad-score', offset, 'NaN');
          return { member, score };
        }),
      };
    },
  },
  {
    code: 12,
    name: 'ZSET_ZIPLIST',
    type: 'zset',
    encoding: 'ziplist',
    since: 2,
    writers: 'Redis 2.4 to 6.2',
    layout: [{ step: 'blob', kind: 'ziplist', per: 2, roles: ['member', 'score'] }],
    open: (cursor) => ({ type: 'zset', items: compact(cursor, 'ziplist') }),
  },
  {
    code: 17,
    name: 'ZSET_LISTPACK',
    type: 'zset',
    encoding: 'listpack',
    since: 10,
    writers: 'Redis 7.0 and later, Valkey',
    layout: [{ step: 'blob', kind: 'listpack', per: 2, roles: ['member', 'score'] }],
    open: (cursor) => ({ type: 'zset', items: compact(cursor, 'listpack') }),
  },
];

/** The text form of scores: a length byte, or 253 to 255 for NaN and the infinities, then decimal text. */
function readTextScore(cursor: Cursor): number {
  const offset = cursor.fileOffset;
  const length = cursor.u8('the score');
  if (length === 255) return Number.NEGATIVE_INFINITY;
  if (length === 254) return Number.POSITIVE_INFINITY;
  if (length === 253) throw new DecodeError('bad-score', offset, 'NaN');
  const text = latin1(cursor.take(length, 'the score'));
  return scoreOf(text, offset);
}

function compact(cursor: Cursor, kind: BlobKind): Collection<ScoredMember> {
  return inBlob(cursor, kind, 2, 'the sorted set', (reader, more, fileOffset) => {
    const member = reader.text();
    more();
    return { member, score: readScore(reader, fileOffset) };
  });
}

function readScore(reader: BlobReader, offset: number): number {
  if (reader.integer !== undefined) return Number(reader.integer);
  const text = reader.text();
  return scoreOf(isLong(text) ? '' : latin1(text), offset);
}

function scoreOf(text: string, offset: number): number {
  const score = parseScore(text);
  if (score === undefined)
    throw new DecodeError('bad-score', offset, text === '' ? phrase('an empty text') : `"${printable(text)}"`);
  return score;
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
