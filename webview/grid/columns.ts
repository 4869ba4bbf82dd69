/** What columns a table has, and by which of them it is sorted. */

/** A column of a table. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** Width in pixels. */
  readonly width: number;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
  /** True for the column that takes the width that is left. */
  readonly grows?: boolean;
}

/** The order of a table. */
export interface SortState {
  readonly column: string;
  readonly descending: boolean;
}
