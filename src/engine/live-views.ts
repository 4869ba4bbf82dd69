/** The views that editors have of one kind of rows: arranged on request, and kept up with what is found meanwhile. */
import type { Requests } from './requests.js';
import { CancelToken } from './scheduler.js';

/** A view that takes in new rows. */
export interface LiveView<Spec> {
  /** What it shows; undefined before it was asked to show anything. */
  readonly spec: Spec | undefined;
  /** Rows that are there and not taken in. */
  readonly behind: number;
  /** True if they can be taken in without arranging anew. */
  readonly canGrow: boolean;
  arrange(spec: Spec): Generator<number>;
  grow(): Generator<number>;
}

/** A view that an editor has. */
interface OpenView<View> {
  readonly view: View;
  /** Cancels the work for what the view was last asked to show. */
  token: CancelToken;
  /** True while new rows are taken in. */
  arranging: boolean;
  /** Requests under way that make the view show something else. */
  setting: number;
}

/** Milliseconds between two words on what a search has found. */
const GREW_MS = 150;

/** All views of a kind, by the numbers that editors give them. */
export class LiveViews<Spec, View extends LiveView<Spec>> {
  private readonly views = new Map<number, OpenView<View>>();

  /**
   * @param make makes an empty view; it calls back when a search that goes on has found more, maybe among what is shown.
   * @param tell says that a view has more rows, or others.
   */
  constructor(
    private readonly requests: Requests,
    private readonly make: (grew: (fresh: boolean, reordered?: boolean) => void) => View,
    private readonly tell: (number: number, view: View, reordered: boolean) => void,
  ) {}

  /** The view of a number; made if there is none. */
  get(number: number): View {
    return this.entry(number).view;
  }

  private entry(number: number): OpenView<View> {
    let entry = this.views.get(number);
    if (!entry) {
      let told = 0;
      const view = this.make((fresh, reordered = fresh) => {
        const now = Date.now();
        if (!fresh && now - told < GREW_MS) return;
        told = now;
        this.tell(number, view, reordered);
      });
      entry = { view, token: new CancelToken(), arranging: false, setting: 0 };
      this.views.set(number, entry);
    }
    return entry;
  }

  /**
   * Makes a view show something; earlier work for it is cancelled.
   *
   * @param ready what to wait for before the first rows can be given.
   * @param settled tells whether all rows are known by now.
   */
  async set(
    number: number,
    spec: Spec,
    token: CancelToken,
    id: number,
    ready: Promise<void> | undefined,
    settled: () => boolean,
  ): Promise<View> {
    const entry = this.entry(number);
    entry.token.cancel();
    entry.token = token;
    // Until this is done, new rows are not taken into what the view showed before.
    entry.setting++;
    try {
      if (ready) await ready;
      const arranging = entry.view.arrange(spec);
      // The order of the file needs no work, and the first rows are wanted at once.
      const first = arranging.next();
      if (!first.done) await this.requests.job(arranging, token, id);
      // Rows that were found meanwhile.
      if (settled() && entry.view.behind > 0) {
        await this.requests.job(entry.view.canGrow ? entry.view.grow() : entry.view.arrange(spec), token, id);
      }
    } finally {
      entry.setting--;
    }
    return entry.view;
  }

  close(number: number): void {
    this.views.get(number)?.token.cancel();
    this.views.delete(number);
  }

  /** Cancels all work for views. */
  cancel(): void {
    for (const { token } of this.views.values()) token.cancel();
  }

  /**
   * Lets views that can take in what was found since do so; others are arranged anew once most rows are new.
   *
   * @param length rows that are there.
   */
  grow(length: number): void {
    for (const [number, entry] of this.views) {
      const { view } = entry;
      if (view.behind === 0) continue;
      if (view.canGrow) void this.rearrange(number, entry, view.grow(), false);
      else if (view.spec && view.behind > length / 2) void this.rearrange(number, entry, view.arrange(view.spec), true);
    }
  }

  /** Takes new rows into a view, unless that is going on already or the view is asked to show something else. */
  private async rearrange(
    number: number,
    entry: OpenView<View>,
    work: Generator<unknown, void>,
    reordered: boolean,
  ): Promise<void> {
    if (entry.arranging || entry.setting > 0) return;
    entry.arranging = true;
    try {
      await this.requests.scheduler.run(work, entry.token);
      this.tell(number, entry.view, reordered);
    } catch {
      // Cancelled, or the disk failed: the scan or the next request says so.
    } finally {
      entry.arranging = false;
    }
  }

  /** Brings all views up to what is known, once no more rows are being found. */
  async finish(): Promise<void> {
    await Promise.all(
      [...this.views].map(async ([number, entry]) => {
        const { view } = entry;
        while (entry.arranging || entry.setting > 0) await this.requests.pause(this.requests.life);
        if (!view.spec) return;
        if (view.behind === 0) this.tell(number, view, false);
        else await this.rearrange(number, entry, view.canGrow ? view.grow() : view.arrange(view.spec), !view.canGrow);
      }),
    );
  }

  /** Does something to each view, and tells of it that its rows look otherwise. */
  async each(work: (view: View) => Generator<unknown, void>): Promise<void> {
    await Promise.all([...this.views].map(([number, entry]) => this.rearrange(number, entry, work(entry.view), true)));
  }

  /** Tells of all views that their rows look otherwise. */
  tellAll(): void {
    for (const [number, { view }] of this.views) this.tell(number, view, true);
  }
}
