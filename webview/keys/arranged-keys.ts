/** The keys of a view as the engine has arranged them: how many, their rows, and how far the work is that was asked for. */
import type { GridRow, Result, RowPlace, ViewSpec, ViewState } from '../../src/protocol.js';
import { PAGE_ROWS } from '../../src/view-spec.js';
import { ask, onEvent, RequestError } from '../connection.js';
import { PageCache } from '../grid/page-cache.js';
import { Cancelled, type Running } from '../running.js';
import { message } from '../strings.js';

/** Milliseconds of work after which its progress is shown. */
const PROGRESS_MS = 300;

/** What is told of them. */
export interface ArrangedKeysHost {
  /** The number of the view. */
  view(): number;
  /** Something is to be drawn anew. */
  changed(): void;
  /** Rows are others, or more. */
  rowsChanged(): void;
  /** Rows have come that were asked for. */
  rowsCame(): void;
  /** A search that goes on, or has just ended, puts rows in between: what stands at a position will stand elsewhere. */
  comesBetween(): void;
}

/** The keys of one view. */
export class ArrangedKeys {
  state: ViewState = { total: 0, keys: 0, bytes: 0, memory: null, growing: true };
  /** Why they could not be arranged as was wanted; empty if they could. */
  problem = '';
  /** How far the work is, from 0 to 1; below 0 if there is none that takes long. */
  progress = -1;
  /** True from a change of what is wanted until it is shown. */
  arranging = false;
  /** True if rows were shown before all of them were found: what was done with those stays. */
  streamed = false;
  readonly cache: PageCache<GridRow>;
  private running: Running<Result<'view.set'>> | undefined;
  private arranged = 0;

  constructor(private readonly host: ArrangedKeysHost) {
    this.cache = new PageCache<GridRow>(
      (from, count) => {
        const running = ask('view.rows', { view: host.view(), from, count });
        return { answer: running.answer.then(({ rows }) => rows), cancel: () => running.cancel() };
      },
      () => {
        host.rowsChanged();
        host.rowsCame();
      },
      (error) => this.showError(error),
    );
  }

  /** Takes in what the engine tells by itself. @returns what stops that. */
  listen(): () => void {
    return onEvent((event) => {
      if (event.event !== 'view' || event.view !== this.host.view()) return;
      if (event.reordered && this.arranging) {
        this.streamed = true;
        this.host.comesBetween();
      }
      if (event.reordered) this.cache.invalidate();
      this.take(event.state);
    });
  }

  /**
   * Asks for the rows that filter, order and layout call for.
   *
   * @param first the same, if it was asked before.
   * @param done what belongs to it once they are there; not called if something else has been asked since.
   */
  async arrange(
    spec: ViewSpec,
    first: Running<Result<'view.set'>> | undefined,
    done: () => Promise<void>,
  ): Promise<void> {
    this.cancel();
    const mine = ++this.arranged;
    this.problem = '';
    this.arranging = true;
    this.streamed = false;
    this.host.changed();
    const onProgress = this.afterAWhile(() => mine === this.arranged);
    const view = this.host.view();
    const running = first ?? ask('view.set', { view, spec, count: PAGE_ROWS }, onProgress);
    this.running = running;
    try {
      const { rows, ...state } = await running.answer;
      if (mine !== this.arranged) return;
      if (this.streamed) this.host.comesBetween();
      this.cache.invalidate();
      if (rows.length > 0) this.cache.fill(rows);
      this.take(state);
      // What was told of the view before this was there has been heard by nobody.
      if (first && (state.growing || state.memory === null)) await this.askState();
      await done();
    } catch (error) {
      if (mine === this.arranged) this.showError(error);
    } finally {
      if (mine === this.arranged) {
        this.arranging = false;
        this.setProgress(-1);
      }
    }
  }

  /** Gives up what is being arranged. */
  cancel(): void {
    this.running?.cancel();
  }

  /** Asks how many there are now. */
  async askState(): Promise<void> {
    this.take((await ask('view.rows', { view: this.host.view(), from: 0, count: 0 }).answer).state);
  }

  /** The row at a position, which may have to be fetched. */
  async rowAt(position: number): Promise<GridRow | undefined> {
    const known = this.cache.row(position);
    if (known || position < 0) return known;
    return (await ask('view.rows', { view: this.host.view(), from: position, count: 1 }).answer).rows[0];
  }

  /** The position of a key; null if it is not shown. */
  async locate(row: number): Promise<number | null> {
    return (await ask('view.locate', { view: this.host.view(), row }).answer).position;
  }

  /** The positions of rows as the view is open; null for those that cannot be seen. */
  async positionsOf(places: readonly RowPlace[]): Promise<readonly (number | null)[]> {
    return (await ask('view.places', { view: this.host.view(), places }).answer).positions;
  }

  /** The position of the folder that a row is in: the nearest above it that is less deep; undefined if none is known. */
  parentOf(position: number, depth: number): number | undefined {
    for (let at = position - 1; at >= 0; at--) {
      const row = this.cache.row(at);
      if (!row) return undefined;
      if (row.kind === 'folder' && row.depth < depth) return at;
    }
    return undefined;
  }

  /** Opens or closes a folder. */
  async expand(folder: number, expanded: boolean): Promise<void> {
    try {
      const params = { view: this.host.view(), folder, expanded };
      const state = await ask(
        'view.expand',
        params,
        this.afterAWhile(() => true),
      ).answer;
      this.cache.invalidate();
      this.take(state);
    } catch (error) {
      this.showError(error);
    } finally {
      this.setProgress(-1);
    }
  }

  /** Says why something could not be done. */
  showError(error: unknown): void {
    if (error instanceof Cancelled) return;
    this.problem = error instanceof RequestError ? message(error.info) : String(error);
    this.host.changed();
  }

  private afterAWhile(isWanted: () => boolean): (done: number) => void {
    const started = performance.now();
    return (done) => {
      if (isWanted() && performance.now() - started > PROGRESS_MS) this.setProgress(done);
    };
  }

  private setProgress(done: number): void {
    this.progress = done;
    this.host.changed();
  }

  private take(state: ViewState): void {
    this.state = state;
    this.host.changed();
    this.host.rowsChanged();
  }
}
