/**
 * Hashes of Redis 8.10 whose field names are kept once for many keys: value types 29 and 31 carry the names (DUMP
 * payloads), 30 and 32 refer to a template of the file.
 */
import type { Cursor } from '../../cursor.js';
import { DecodeError, phrase } from '../../errors.js';
import { readCount, readLength, readLength64 } from '../length.js';
import { type Blob, readBlob, readText, type Text } from '../string.js';
import type { Collection, HashField, Walker } from '../value-model.js';
import type { ValueContext, ValueType } from '../value-type.js';
import { collect, inBlob, openBlob } from '../walkers.js';

export const HASH_TEMPLATE_TYPES: readonly ValueType[] = [
  {
    code: 29,
    name: 'HASH_TMPL_LP',
    type: 'hash',
    encoding: 'template listpack',
    since: 15,
    writers: 'Redis 8.10 and later (DUMP)',
    layout: [{ step: 'template-names' }, { step: 'string', name: 'values', holds: 'listpack', roles: ['value'] }],
    open: (cursor) => {
      const names = readNames(cursor);
      return { type: 'hash', items: valuesInListpack(cursor, () => names) };
    },
  },
  {
    code: 30,
    name: 'HASH_TMPL_LP_REF',
    type: 'hash',
    encoding: 'template listpack',
    since: 15,
    writers: 'Redis 8.10 and later',
    layout: [{ step: 'blob', kind: 'listpack', per: 1, less: 1, roles: ['value'] }],
    open: (cursor, context) => ({ type: 'hash', items: valuesInListpack(cursor, (id, at) => named(context, id, at)) }),
  },
  {
    code: 31,
    name: 'HASH_TMPL_ARRAY',
    type: 'hash',
    encoding: 'template array',
    since: 15,
    writers: 'Redis 8.10 and later (DUMP)',
    layout: [
      { step: 'template-names' },
      { step: 'repeat-counted', each: 'element', body: [{ step: 'string', name: 'value' }] },
    ],
    open: (cursor) => {
      const names = readNames(cursor);
      return { type: 'hash', items: valuesInFile(cursor, names) };
    },
  },
  {
    code: 32,
    name: 'HASH_TMPL_ARRAY_REF',
    type: 'hash',
    encoding: 'template array',
    since: 15,
    writers: 'Redis 8.10 and later',
    layout: [{ step: 'template-values' }],
    open: (cursor, context) => {
      const at = cursor.fileOffset;
      const names = named(context, readLength64(cursor, 'the hash template'), at);
      return { type: 'hash', items: valuesInFile(cursor, names) };
    },
  },
];

function named(context: ValueContext, id: bigint, offset: number): readonly Text[] {
  const names = context.template(id);
  if (!names) throw new DecodeError('unknown-template', offset, String(id));
  return names;
}

/** Reads the names that a self-contained value carries: format 0 is a listpack, format 1 strings one by one. */
function readNames(cursor: Cursor): readonly Text[] {
  const offset = cursor.fileOffset;
  const format = readLength(cursor, 'the hash template');
  if (format === 0) {
    return collect(inBlob(cursor, 'listpack', 1, 'the hash template', (reader) => reader.text()));
  }
  if (format !== 1) throw new DecodeError('bad-hash-template', offset, phrase('names in format {0}', format));
  return readTemplateNames(cursor);
}

/** Reads a count and that many names. */
export function readTemplateNames(cursor: Cursor): readonly Text[] {
  const count = readCount(cursor, 'the hash template');
  const names: Text[] = [];
  for (let i = 0; i < count; i++) names.push(readText(cursor, 'the hash field'));
  return names;
}

function valuesInFile(cursor: Cursor, names: readonly Text[]): Collection<HashField> {
  const start = cursor.offset;
  return {
    count: names.length,
    walk(from) {
      const own = cursor.fork(from?.offset ?? start);
      let index = from?.index ?? 0;
      return {
        next() {
          if (index >= names.length) return undefined;
          return { field: names[index++], value: readText(own, 'the hash value') };
        },
        mark: () => ({ index, offset: own.offset, inner: 0 }),
      };
    },
  };
}

/** Values behind a template id in a listpack. @param names gives the field names for the id. */
function valuesInListpack(
  cursor: Cursor,
  names: (id: bigint, offset: number) => readonly Text[],
): Collection<HashField> {
  const offset = cursor.offset;
  const blob = readBlob(cursor, 'the hash');
  return {
    count: undefined,
    walk: (from) => walkListpack(blob, offset, names, from?.inner ?? 0, from?.index ?? 0),
  };
}

function walkListpack(
  blob: Blob,
  offset: number,
  namesOf: (id: bigint, offset: number) => readonly Text[],
  inner: number,
  from: number,
): Walker<HashField> {
  const first = openBlob('listpack', blob);
  if (!first.read() || first.integer === undefined) {
    throw new DecodeError('bad-hash-template', blob.fileOffset, phrase('it does not start with a template id'));
  }
  const names = namesOf(BigInt(first.integer), blob.fileOffset);
  const reader = inner === 0 ? first : openBlob('listpack', blob, inner);
  let index = from;
  return {
    next() {
      if (!reader.read()) {
        if (index !== names.length) {
          throw new DecodeError(
            'bad-hash-template',
            blob.fileOffset,
            phrase('{0} values for {1} names', index, names.length),
          );
        }
        return undefined;
      }
      if (index >= names.length) {
        throw new DecodeError(
          'bad-hash-template',
          blob.fileOffset,
          phrase('more values than its {0} names', names.length),
        );
      }
      return { field: names[index++], value: reader.text() };
    },
    mark: () => ({ index, offset, inner: reader.inner }),
  };
}
