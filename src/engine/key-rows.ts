/** Rows of the grid, as it shows them: keys, folders of keys, and what is too much to be listed. */
import type { KeyIndex } from '../dataset/key-index.js';
import { nameOf } from '../dataset/names.js';
import type { ByteSource } from '../decoder/source.js';
import { displayText } from '../format/display.js';
import type { GridRow, KeyRow, ValuePattern } from '../protocol.js';
import { timeOf } from './cells.js';
import type { TreeRow } from './tree.js';
import type { ValueMatches } from './value-matches.js';

/** Characters of a name in the grid. */
const NAME_CHARACTERS = 500;

/** What rows are made of. */
export interface KeyRowsHost {
  readonly source: ByteSource;
  readonly matches: ValueMatches;
  index(): KeyIndex;
  /** Bytes of memory of a key; undefined while they are not known. */
  memoryAt(row: number): number | undefined;
  isDamaged(row: number): boolean;
}

/**
 * A row of a view.
 *
 * @param pattern what was searched for in values, whose place in this one is told.
 */
export function gridRow(host: KeyRowsHost, row: TreeRow, pattern: ValuePattern | undefined): GridRow {
  if (row.kind === 'rest') return { ...row, memory: known(row.memory) };
  if (row.kind === 'folder') {
    const { text, whole } = displayText(row.folder.name, NAME_CHARACTERS);
    const { keys, bytes, memory } = row.folder;
    const { depth, expanded } = row;
    const counts = { keys, bytes, memory: known(memory) };
    return { kind: 'folder', folder: row.id, name: text, nameCut: !whole, depth, expanded, ...counts };
  }
  const shown = keyRow(host, row.row, row.depth, row.pathLength);
  if (!pattern) return shown;
  return { ...shown, match: host.matches.of(host.index().fact(row.row), pattern) };
}

/** The row of a key. @param pathLength bytes of its name that folders above it show. */
export function keyRow(host: KeyRowsHost, row: number, depth: number, pathLength: number): KeyRow {
  const index = host.index();
  const fact = index.fact(row);
  // A few bytes more than characters fit, so that a name that is cut is known to be cut.
  const name = nameOf(host.source, index, row, pathLength + NAME_CHARACTERS + 8).subarray(pathLength);
  const { text, whole } = displayText(name, NAME_CHARACTERS);
  return {
    kind: 'key',
    row,
    name: text,
    nameCut: !whole,
    depth,
    type: fact.kind.type,
    encoding: fact.kind.encoding,
    elements: fact.elements ?? null,
    size: fact.size,
    memory: host.memoryAt(row) ?? null,
    offset: fact.offset,
    expireAt: fact.expireAt === undefined ? null : timeOf(fact.expireAt),
    db: fact.db,
    idle: fact.idle ?? null,
    freq: fact.freq ?? null,
    damaged: host.isDamaged(row),
  };
}

function known(memory: number): number | null {
  return Number.isNaN(memory) ? null : memory;
}
