/** Fields of the format as rows of a tree: what a walk tells, gathered around a byte. */
import { DecodeError } from '../decoder/errors.js';
import type { Compressed, FieldEvent, FieldValue, FieldWalk } from '../decoder/rdb/fields/events.js';
import { FIELD_NAMES } from '../decoder/rdb/fields/names.js';
import type { ItemCell } from '../protocol.js';
import type { FieldRow } from '../viewer-protocol.js';
import { bigCell, errorPhrase, idCell, scoreCell, textCell, timeCell } from './cells.js';

/** Rows of one answer. */
const ROW_LIMIT = 4000;

type MutableRow = { -readonly [Key in keyof FieldRow]: FieldRow[Key] };

/** The rows of a walk. */
export interface GatheredFields {
  readonly rows: readonly FieldRow[];
  /** The compressed strings among them, by where their data begin. */
  readonly compressed: ReadonlyMap<number, Compressed>;
  readonly error: DecodeError | undefined;
}

/**
 * Runs a walk and keeps its fields as rows. A container is kept when a field in it is.
 *
 * @param end where the record ends: damage is shown up to there.
 */
export function* gatherFields(walk: FieldWalk, start: number, end: number): Generator<void, GatheredFields> {
  const rows: MutableRow[] = [];
  const compressed = new Map<number, Compressed>();
  /** The containers that are open, and which of them are rows already. */
  const open: { readonly event: Extract<FieldEvent, { kind: 'open' }>; row: MutableRow | undefined }[] = [];
  let error: DecodeError | undefined;
  let told = start;
  const show = () => {
    for (const [depth, container] of open.entries()) {
      if (container.row) continue;
      const { event } = container;
      container.row = rowOf(event, depth, event.end, true);
      rows.push(container.row);
    }
  };
  try {
    for (const event of walk) {
      if (!event) {
        yield;
      } else if (event.kind === 'open') {
        open.push({ event, row: undefined });
      } else if (event.kind === 'close') {
        const closed = open.pop();
        if (closed?.row) closed.row.end ??= event.end;
      } else {
        show();
        if (event.compressed) compressed.set(event.start, event.compressed);
        rows.push(rowOf(event, open.length, event.end, false));
        told = event.end;
        if (rows.length >= ROW_LIMIT) break;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof DecodeError)) throw thrown;
    error = thrown;
    show();
    rows.push({
      depth: open.length,
      name: FIELD_NAMES.damage,
      index: null,
      start: told,
      end: Math.max(told, end),
      value: errorPhrase(thrown),
      container: false,
      decompressed: null,
      damaged: true,
    });
  }
  return { rows, compressed, error };
}

function rowOf(
  event: Exclude<FieldEvent, { kind: 'close' }>,
  depth: number,
  end: number | null,
  container: boolean,
): MutableRow {
  const { name, start, value } = event;
  return {
    depth,
    name: ('label' in event ? event.label : undefined) ?? FIELD_NAMES[name],
    index: ('index' in event ? event.index : undefined) ?? null,
    start,
    end,
    value: value === undefined ? null : valueCell(value),
    container,
    decompressed: event.kind === 'field' && event.compressed ? event.compressed.source.size : null,
    damaged: false,
  };
}

/** What a field says, as a cell. */
function valueCell(value: FieldValue): ItemCell {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? value : scoreCell(value);
    case 'bigint':
      return bigCell(value);
    case 'string':
      return value;
    default:
      break;
  }
  if ('time' in value) return timeCell(value.time);
  if ('id' in value) return idCell(value.id);
  const cell = textCell(value.bytes, 120);
  return { ...cell, bytes: value.length, cut: cell.cut || value.length > value.bytes.length };
}

/** A row for a stretch of the file that no walk tells of. */
export function plainRow(name: FieldRow['name'], start: number, end: number): FieldRow {
  return {
    depth: 0,
    name,
    index: null,
    start,
    end,
    value: null,
    container: false,
    decompressed: null,
    damaged: false,
  };
}
