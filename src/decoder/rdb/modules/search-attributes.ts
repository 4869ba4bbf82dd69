/** The fields that a search index covers, as its definition has them. */
import { bitNames, listOf, named, withoutNul } from './fields.js';
import type { ItemReader } from './items.js';
import { readVectorIndex } from './search-vectors.js';
import type { ViewField } from './view.js';

const WITH_PATH = 18;
const WITH_COORDINATES = 23;

const TEXT = 0x1n;
const TAG = 0x8n;
const VECTOR = 0x10n;
const GEOSHAPE = 0x20n;

const TYPES = [
  [TEXT, 'TEXT'],
  [0x2n, 'NUMERIC'],
  [0x4n, 'GEO'],
  [TAG, 'TAG'],
  [VECTOR, 'VECTOR'],
  [GEOSHAPE, 'GEOSHAPE'],
] as const;
const ALL_TYPES = 0x3fn;

/** A field of all types at once: what belongs to each of them is there. */
const DYNAMIC = 0x10n;

const FLAGS = [
  [0x1n, 'SORTABLE'],
  [0x20n, 'UNF'],
  [0x2n, 'NOSTEM'],
  [0x8n, 'PHONETIC'],
  [0x4n, 'NOINDEX'],
  [0x40n, 'WITHSUFFIXTRIE'],
  [0x100n, 'INDEXEMPTY'],
  [0x200n, 'INDEXMISSING'],
] as const;

const CASE_SENSITIVE = 0x1n;

const COORDINATES = ['FLAT', 'SPHERICAL'] as const;

/** Reads the definition of a field. @returns undefined if it has a type whose parts are not known. */
export function readAttribute(items: ItemReader): ViewField[] | undefined {
  const { version } = items.module;
  const name = withoutNul(items.text());
  const path = version >= WITH_PATH && items.flag() ? withoutNul(items.text()) : name;
  const types = items.unsigned();
  const options = items.unsigned();
  // Where the value stands among those that are kept for sorting; -1 for none.
  items.unsigned();
  if (types & ~ALL_TYPES) return undefined;
  const has = (type: bigint) => (types & type) !== 0n;
  const dynamic = (options & DYNAMIC) !== 0n;
  const names = bitNames(TYPES, types);
  const fields: ViewField[] = [
    { name: 'identifier', value: path },
    { name: 'attribute', value: name },
    ...(names.length === 1 && !dynamic
      ? [{ name: 'type', value: names[0] }]
      : [
          { name: 'type', value: '<DYNAMIC>' },
          { name: 'types', value: listOf(names) },
        ]),
  ];
  const flags = bitNames(FLAGS, options);
  if (has(TEXT) || dynamic) {
    items.unsigned();
    fields.push({ name: 'WEIGHT', value: items.double() });
  }
  if (has(TAG) || dynamic) {
    if (items.unsigned() & CASE_SENSITIVE) flags.unshift('CASESENSITIVE');
    fields.push({ name: 'SEPARATOR', value: items.text() });
  }
  if (has(VECTOR)) {
    const vector = readVectorIndex(items);
    if (!vector) return undefined;
    fields.push(...vector);
  }
  if (version >= WITH_COORDINATES && (has(GEOSHAPE) || dynamic)) {
    fields.push({ name: 'coord_system', value: named(COORDINATES, items.unsigned()) });
  }
  return [...fields, { name: 'flags', value: listOf(flags) }];
}
