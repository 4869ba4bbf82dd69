/**
 * Definitions of search indexes: the data that RediSearch keeps beside the keys (`ft_index0`), versions 17 to 27, of
 * RediSearch 2.0 to 8.10. The indexes themselves are not in the file: a server builds them when it loads.
 */
import { narrow } from '../blobs/reader.js';
import { bitNames, FieldList, listOf, Room, withoutNul } from './fields.js';
import type { ItemReader } from './items.js';
import { readAttribute } from './search-attributes.js';
import type { ViewField, ViewValue } from './view.js';

const OLDEST = 17;
const NEWEST = 27;
/** Since this version languages keep their numbers; in version 17 they changed from release to release. */
const WITH_STABLE_LANGUAGES = 18;
const WITH_INDEX_ALL = 24;

const TERM_OFFSETS = 0x1n;
const FIELD_FLAGS = 0x2n;
const CUSTOM_STOPWORDS = 0x8n;
const FREQUENCIES = 0x10n;
const BYTE_OFFSETS = 0x40n;
const SYNONYMS = 0x100n;
const TEMPORARY = 0x200n;

/** The options of FT.CREATE that are kept as flags. */
const OPTIONS = [
  [0x80n, 'MAXTEXTFIELDS'],
  [TEMPORARY, 'TEMPORARY'],
  [0x800n, 'ASYNC'],
  [0x1000n, 'SKIPINITIALSCAN'],
] as const;

const LANGUAGES = [
  'english',
  'arabic',
  'basque',
  'catalan',
  'chinese',
  'danish',
  'dutch',
  'finnish',
  'french',
  'german',
  'greek',
  'hindi',
  'hungarian',
  'italian',
  'indonesian',
  'irish',
  'lithuanian',
  'nepali',
  'norwegian',
  'portuguese',
  'romanian',
  'russian',
  'spanish',
  'swedish',
  'tamil',
  'turkish',
  'armenian',
  'serbian',
  'yiddish',
  'tagalog',
  'malay',
] as const;

/**
 * The index definitions, with the names of FT.INFO.
 *
 * @param items at the first part of the module data.
 * @returns undefined if the layout is not known: of this version, or of a type of field or vector index in it.
 * @throws DecodeError `bad-module-value` if the parts are not what the version says.
 */
export function searchIndexView(items: ItemReader): ViewField[] | undefined {
  const { version } = items.module;
  if (version < OLDEST || version > NEWEST) return undefined;
  const room = new Room();
  const indexes = new FieldList(room);
  // A record may be empty.
  const count = items.more() ? items.unsigned() : 0n;
  for (let left = count; left > 0n; left--) {
    const index = readIndex(items, room);
    if (!index) return undefined;
    indexes.add(index);
  }
  items.end();
  return indexes.fields('indexes');
}

function readIndex(items: ItemReader, room: Room): ViewField[] | undefined {
  const name = withoutNul(items.text());
  const flags = items.unsigned();
  const attributes = new FieldList(room);
  for (let left = items.unsigned(); left > 0n; left--) {
    const attribute = readAttribute(items);
    if (!attribute) return undefined;
    attributes.add(attribute);
  }
  const fields: ViewField[] = [
    { name: 'index_name', value: name },
    { name: 'index_options', value: listOf([...absentOptions(flags), ...bitNames(OPTIONS, flags)]) },
    { name: 'index_definition', value: readDefinition(items, room) },
    ...attributes.fields('attributes'),
  ];
  if (flags & CUSTOM_STOPWORDS) fields.push(...readList(items, room, 'stopwords_list', () => items.text()));
  if (flags & SYNONYMS) fields.push(...readList(items, room, 'synonyms', () => readSynonym(items, room)));
  // In ms; negative, and without meaning, for an index that is not temporary.
  const timeout = items.signed();
  if (flags & TEMPORARY) fields.push({ name: 'timeout', value: narrow(timeout) });
  const aliases = readList(items, room, 'aliases', () => withoutNul(items.text()));
  return [...fields, ...aliases];
}

/** Options of FT.CREATE that are kept as the absence of flags. */
function absentOptions(flags: bigint): string[] {
  const names: string[] = [];
  if (!(flags & FREQUENCIES)) names.push('NOFREQS');
  if (!(flags & FIELD_FLAGS)) names.push('NOFIELDS');
  if (!(flags & (TERM_OFFSETS | BYTE_OFFSETS))) names.push('NOOFFSETS');
  if (!(flags & BYTE_OFFSETS)) names.push('NOHL');
  return names;
}

/** Which keys the index is for, and what of them. */
function readDefinition(items: ItemReader, room: Room): ViewField[] {
  const fields: ViewField[] = [
    { name: 'key_type', value: withoutNul(items.text()) },
    ...readList(items, room, 'prefixes', () => withoutNul(items.text())),
    ...readOptional(items, 'filter'),
    ...readOptional(items, 'language_field'),
    ...readOptional(items, 'score_field'),
    ...readOptional(items, 'payload_field'),
    { name: 'default_score', value: items.double() },
    { name: 'default_language', value: languageName(items.unsigned(), items.module.version) },
  ];
  if (items.module.version >= WITH_INDEX_ALL) fields.push({ name: 'indexes_all', value: items.flag() });
  return fields;
}

function languageName(language: bigint, version: number): string | bigint {
  if (version < WITH_STABLE_LANGUAGES && language !== 0n) return language;
  return LANGUAGES[Number(language)] ?? language;
}

function readOptional(items: ItemReader, name: string): ViewField[] {
  return items.flag() ? [{ name, value: withoutNul(items.text()) }] : [];
}

function readSynonym(items: ItemReader, room: Room): ViewField[] {
  const term = withoutNul(items.text());
  const groups = readList(items, room, 'groups', () => withoutNul(items.text()));
  return [{ name: 'term', value: term }, ...groups];
}

/** Reads a count and as many values. */
function readList(items: ItemReader, room: Room, name: string, read: () => ViewValue): ViewField[] {
  const list = new FieldList(room);
  for (let left = items.unsigned(); left > 0n; left--) list.add(read());
  return list.fields(name);
}
