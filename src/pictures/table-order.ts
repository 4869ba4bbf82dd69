/** The order of the rows of a table: by any of its columns. */
import type { Cell, Table, TableRow } from './shapes.js';

/** The rows in the order of a column; as they are without one. */
export function sortedRows(
  { rows, columns }: Table,
  sort: { readonly column: number; readonly descending: boolean } | undefined,
): readonly TableRow[] {
  if (!sort || !columns[sort.column]) return rows;
  const direction = sort.descending ? -1 : 1;
  const numeric = rows.some(({ cells }) => cells[sort.column]?.value !== undefined);
  const compare = (a: Cell, b: Cell): number => {
    if (!numeric) return direction * a.text.localeCompare(b.text);
    // What is not known comes last in both directions.
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined);
    return direction * (a.value - b.value);
  };
  return [...rows].sort((a, b) => compare(a.cells[sort.column], b.cells[sort.column]));
}
