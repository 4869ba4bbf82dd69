/** Keeps what is selected and what is at the upper edge where they are, while a search puts rows in between. */
import type { GridRow, RowPlace } from '../../src/protocol.js';
import { NOTHING, type Selection } from '../grid/selection.js';

/** What is moved: the table. */
interface MovedTable {
  selected: Selection;
  scrollPosition: number;
  readonly updateComplete: Promise<unknown>;
}

/** The view whose places are kept. */
export interface KeptPlacesHost {
  table(): MovedTable | null;
  readonly keys: {
    readonly cache: { freshRow(position: number): GridRow | undefined };
    positionsOf(places: readonly RowPlace[]): Promise<readonly (number | null)[]>;
  };
  /** The row with the focus, wherever it stands. */
  selected(): RowPlace | undefined;
  /** Resolves when the table knows how many rows there are now. */
  updated(): Promise<unknown>;
  /** What is selected stands elsewhere. */
  moved(): void;
}

/** The places of one view. */
export class KeptPlaces {
  private keeping = false;
  private again = false;

  constructor(private readonly host: KeptPlacesHost) {}

  /** Is to be called before the rows are taken for others. */
  async keep(): Promise<void> {
    // What is on its way is asked for once more: by now it may be right no longer.
    this.again = true;
    const { host } = this;
    const table = host.table();
    if (this.keeping || !table) return;
    this.keeping = true;
    try {
      const { selected: selection, scrollPosition: scroll } = table;
      const selected = host.selected();
      // At the very top, what is found is to be seen.
      const top = scroll > 0 ? placeOf(host.keys.cache.freshRow(Math.floor(scroll))) : undefined;
      const places = [selected, top].flatMap((place) => place ?? []);
      let positions: readonly (number | null)[] = [];
      while (this.again) {
        this.again = false;
        positions = await host.keys.positionsOf(places);
      }
      await host.updated();
      await table.updateComplete;
      const topAt = top ? positions.at(-1) : null;
      // What the user has chosen meanwhile stays.
      if (table.selected === selection) this.select(table, selected ? (positions[0] ?? null) : null);
      if (table.scrollPosition === scroll && typeof topAt === 'number') table.scrollPosition = topAt + (scroll % 1);
    } finally {
      this.keeping = false;
    }
  }

  private select(table: MovedTable, at: number | null): void {
    const selection: Selection = at === null ? NOTHING : { ranges: [[at, at]], focus: at, anchor: at };
    table.selected = selection;
    this.host.moved();
  }
}

function placeOf(row: GridRow | undefined): RowPlace | undefined {
  if (row?.kind === 'key') return { row: row.row };
  return row?.kind === 'folder' ? { folder: row.folder } : undefined;
}
