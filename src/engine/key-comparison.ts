/** One key in both files: its facts and the parts of its value side by side. */
import type { ComparedFact, ComparedRow, ComparedText, CompareSide, KeyComparison } from '../compare-protocol.js';
import { type AlignedPart, type AlignedRow, alignedParts } from '../dataset/compare/aligned.js';
import { ABSENT, type Comparison, damageIn } from '../dataset/compare/comparison.js';
import type { Field } from '../dataset/compare/parts.js';
import { openRow, type Side } from '../dataset/compare/side.js';
import { sameType } from '../dataset/compare/value-equal.js';
import type { KeyFact } from '../dataset/key-index.js';
import { DecodeError, phrase } from '../decoder/errors.js';
import type { Entry } from '../decoder/rdb/entry.js';
import { type Text, textSlice } from '../decoder/rdb/string.js';
import type { BytePage, ItemCell } from '../protocol.js';
import { bigCell, problemInfo, scoreCell, textCell, timeCell } from './cells.js';
import { changedParts, nameBytes } from './compare-view.js';
import { NoSuchPartError } from './value-sessions.js';

/** The most rows that are given at once. */
const ROW_LIMIT = 1000;

/** A key that is looked at. */
export interface OpenComparison {
  readonly info: KeyComparison;
  readonly parts: readonly AlignedPart[];
  /** The rows of each part that differ. */
  readonly changed: readonly (readonly AlignedRow[])[];
}

/** Opens a key. Yields now and then. */
export function* openComparison(comparison: Comparison, difference: number): Generator<void, OpenComparison> {
  if (!(difference >= 0 && difference < comparison.length)) throw new NoSuchPartError(`difference ${difference}`);
  const leftRow = comparison.leftRow(difference);
  const rightRow = comparison.rightRow(difference);
  let problem: KeyComparison['problem'] = null;
  let parts: AlignedPart[] = [];
  try {
    parts = yield* partsOf(comparison, leftRow, rightRow);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    problem = yield* problemOf(comparison, leftRow, rightRow, error);
  }
  const info: KeyComparison = {
    difference,
    key: textCell(nameBytes(comparison, difference), 2000),
    kind: comparison.kind(difference),
    changed: changedParts(comparison, difference),
    facts: factsOf(comparison, leftRow, rightRow),
    parts: parts.map(({ name, shape, fields, keys, rows, changes, whole }) => {
      return { name, shape, fields, keys, shown: shownFields(rows, fields.length), rows: rows.length, changes, whole };
    }),
    problem,
  };
  return { info, parts, changed: parts.map(({ rows }) => rows.filter(({ status }) => status !== 'same')) };
}

/** Positions of the fields that some element has. */
function shownFields(rows: readonly AlignedRow[], fields: number): number[] {
  const has = (row: AlignedRow, field: number) => row.left?.[field] !== undefined || row.right?.[field] !== undefined;
  return Array.from({ length: fields }, (_, field) => field).filter((field) => rows.some((row) => has(row, field)));
}

function* partsOf(comparison: Comparison, leftRow: number, rightRow: number): Generator<void, AlignedPart[]> {
  const { left, right, seed } = comparison;
  const open = (side: Side, row: number): Entry | undefined => (row === ABSENT ? undefined : openRow(side, row));
  const [a, b] = [open(left, leftRow), open(right, rightRow)];
  if (!a || !b || sameType(a, b)) return yield* alignedParts(a, b, seed);
  // Values of two types: what is of one is not in the other.
  return [...(yield* alignedParts(a, undefined, seed)), ...(yield* alignedParts(undefined, b, seed))];
}

/** Finds out which of two values is the damaged one. */
function* problemOf(
  { left, right, seed }: Comparison,
  leftRow: number,
  rightRow: number,
  error: DecodeError,
): Generator<void, KeyComparison['problem']> {
  const rowOf = (side: Side) => (offset: number) => side.index.rowAt(offset);
  const inLeft = leftRow === ABSENT ? undefined : yield* damageIn(left, leftRow, seed);
  if (inLeft) return { side: 'left', problem: problemInfo(inLeft, rowOf(left)) };
  const offset = rightRow === ABSENT ? undefined : right.index.typeOffset(rightRow);
  return { side: 'right', problem: problemInfo(error.toProblem(offset), rowOf(right)) };
}

function factsOf({ left, right }: Comparison, leftRow: number, rightRow: number): ComparedFact[] {
  const a = leftRow === ABSENT ? undefined : left.index.fact(leftRow);
  const b = rightRow === ABSENT ? undefined : right.index.fact(rightRow);
  const both = a !== undefined && b !== undefined;
  /** @param counts whether another one is a difference of the keys; the size in a file is none. */
  const fact = (name: ComparedFact['name'], cell: (fact: KeyFact) => ItemCell, counts = false): ComparedFact => {
    const [from, to] = [a ? cell(a) : null, b ? cell(b) : null];
    return { name, left: from, right: to, changed: counts && both && JSON.stringify(from) !== JSON.stringify(to) };
  };
  const facts = [
    fact(phrase('Type'), ({ kind }) => kind.type, true),
    fact(phrase('Encoding'), ({ kind }) => kind.encoding),
    fact(phrase('Elements'), ({ elements }) => elements ?? null, true),
    fact(phrase('Bytes in the file'), ({ size }) => size),
    fact(phrase('Expires (UTC)'), ({ expireAt }) => timeCell(expireAt), true),
    fact(phrase('Idle (s)'), ({ idle }) => idle ?? null),
    fact(phrase('Frequency'), ({ freq }) => freq ?? null),
  ];
  return facts.filter(({ left: from, right: to }, i) => i < 4 || from !== null || to !== null);
}

/** Rows of a part. */
export function comparedRows(
  open: OpenComparison,
  part: number,
  changedOnly: boolean,
  from: number,
  count: number,
): ComparedRow[] {
  const rows = rowsOf(open, part, changedOnly).slice(Math.max(0, from), Math.max(0, from + Math.min(count, ROW_LIMIT)));
  return rows.map(({ status, left, right, leftIndex, rightIndex }) => ({
    status,
    leftIndex: leftIndex ?? null,
    rightIndex: rightIndex ?? null,
    left: left?.map(fieldCell) ?? null,
    right: right?.map(fieldCell) ?? null,
  }));
}

function rowsOf({ parts, changed }: OpenComparison, part: number, changedOnly: boolean): readonly AlignedRow[] {
  const rows = changedOnly ? changed[part] : parts[part]?.rows;
  if (!rows) throw new NoSuchPartError(`part ${part}`);
  return rows;
}

/** Pairs of an entry that a cell shows. */
const SHOWN_PAIRS = 8;

function fieldCell(field: Field): ItemCell {
  if (field === undefined) return null;
  if (isText(field)) return textCell(field);
  if ('time' in field) return timeCell(field.time);
  if ('word' in field) return field.word;
  if ('pairs' in field) {
    const pairs = field.pairs.slice(0, SHOWN_PAIRS).map(([a, b]) => [textCell(a, 100), textCell(b, 100)] as const);
    return { pairs, more: field.pairs.length - pairs.length };
  }
  return typeof field.number === 'bigint' ? bigCell(field.number) : scoreCell(field.number);
}

const isText = (field: Exclude<Field, undefined>): field is Text => field instanceof Uint8Array || 'source' in field;

/** Bytes of a string of one side; none where it is not there. */
export function comparedBytes(open: OpenComparison, text: ComparedText, side: CompareSide, count: number): BytePage {
  const row = rowsOf(open, text.part, text.changedOnly)[text.row];
  const field = row?.[side]?.[text.field];
  if (field === undefined) return { from: 0, bytes: new Uint8Array(0), total: 0 };
  if (!isText(field)) throw new NoSuchPartError(`text of element ${text.row}`);
  return { from: 0, bytes: textSlice(field, 0, count).slice(), total: field.length };
}
