/** Rows that were fetched, a page at a time; pages that are far from what is looked at are forgotten. */
import { PAGE_ROWS } from '../../src/view-spec.js';
import { Cancelled, type Running } from '../running.js';

/** Pages that are kept. */
const KEEP = 60;

/** Fetches rows from a position on. */
export type Fetch<Row> = (from: number, count: number) => Running<readonly Row[]>;

interface Page<Row> {
  rows: readonly Row[] | undefined;
  running: Running<readonly Row[]> | undefined;
  /** True for rows of before a change: they are shown until the new ones are there. */
  stale: boolean;
  /** True if they could not be fetched: they are not asked for again before something changes. */
  failed: boolean;
  used: number;
}

/** The rows of a list, as far as they are known. */
export class PageCache<Row> {
  private pages = new Map<number, Page<Row>>();
  private clock = 0;

  /**
   * @param onChange is called when rows have come.
   * @param onError is called when rows could not be fetched.
   */
  constructor(
    private fetch: Fetch<Row>,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The row at a position; undefined while it is not known. */
  row(position: number): Row | undefined {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.rows?.[position % PAGE_ROWS];
  }

  /** The same, if it is known as it is now. */
  freshRow(position: number): Row | undefined {
    const page = this.pages.get(Math.floor(position / PAGE_ROWS));
    return page && !page.stale ? page.rows?.[position % PAGE_ROWS] : undefined;
  }

  /** Takes in the first page, which has come with something else. */
  fill(rows: readonly Row[]): void {
    this.pages.set(0, { rows, running: undefined, stale: false, failed: false, used: this.clock });
    this.onChange();
  }

  /** True if the row at a position could not be fetched. */
  failed(position: number): boolean {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.failed ?? false;
  }

  /** Sees to it that rows are known, or will be: those from `first` to before `end`, and a little around them. */
  want(first: number, end: number, total: number): void {
    this.clock++;
    const from = Math.floor(Math.max(0, first) / PAGE_ROWS);
    const to = Math.floor(Math.max(0, Math.min(end, total) - 1) / PAGE_ROWS);
    for (const [number, page] of this.pages) {
      // What is on its way for a place that was left is not waited for.
      if (page.running && (number < from - 1 || number > to + 1)) {
        page.running.cancel();
        page.running = undefined;
        if (!page.rows) this.pages.delete(number);
      }
    }
    for (let number = from; number <= to; number++) this.load(number, total);
    this.forget();
  }

  private load(number: number, total: number): void {
    let page = this.pages.get(number);
    if (!page) {
      page = { rows: undefined, running: undefined, stale: false, failed: false, used: this.clock };
      this.pages.set(number, page);
    }
    page.used = this.clock;
    const expected = Math.min(PAGE_ROWS, total - number * PAGE_ROWS);
    if (page.running || page.failed || (page.rows && !page.stale && page.rows.length >= expected)) return;
    const running = this.fetch(number * PAGE_ROWS, PAGE_ROWS);
    page.running = running;
    const mine = page;
    running.answer.then(
      (rows) => {
        if (mine.running !== running) return;
        mine.running = undefined;
        mine.rows = rows;
        mine.stale = false;
        this.onChange();
      },
      (error: unknown) => {
        if (mine.running !== running) return;
        mine.running = undefined;
        if (error instanceof Cancelled) {
          // A page that was forgotten meanwhile may have a successor.
          if (!mine.rows && this.pages.get(number) === mine) this.pages.delete(number);
          return;
        }
        mine.failed = true;
        this.onChange();
        this.onError(error);
      },
    );
  }

  private forget(): void {
    if (this.pages.size <= KEEP) return;
    const byUse = [...this.pages].sort(([, a], [, b]) => a.used - b.used);
    for (const [number, page] of byUse.slice(0, this.pages.size - KEEP)) {
      page.running?.cancel();
      this.pages.delete(number);
    }
  }

  /** All rows may have changed: they are fetched again, and shown as they were until then. */
  invalidate(): void {
    for (const page of this.pages.values()) {
      page.stale = true;
      page.failed = false;
      page.running = undefined;
    }
  }

  /** Nothing is known any more. */
  clear(fetch = this.fetch): void {
    for (const page of this.pages.values()) page.running?.cancel();
    this.pages = new Map();
    this.fetch = fetch;
  }
}
