/** How fast something goes, over the last seconds. */

/** Milliseconds that are looked back, and between two marks. */
const WINDOW_MS = 5000;
const MARK_MS = 250;

/** The rate of something that is counted. */
export class Rate {
  private readonly marks: { readonly time: number; readonly count: number }[] = [];

  /** @param now milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number) {
    this.marks.push({ time: now(), count: 0 });
  }

  /** So many a second. @param count all of them until now. */
  of(count: number): number {
    const { marks } = this;
    const time = this.now();
    const [first] = marks;
    const rate = time > first.time ? ((count - first.count) * 1000) / (time - first.time) : 0;
    if (time - (marks.at(-1)?.time ?? 0) >= MARK_MS) marks.push({ time, count });
    while (marks.length > 1 && time - marks[0].time > WINDOW_MS) marks.shift();
    return rate;
  }
}
