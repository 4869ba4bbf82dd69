/** The head start of the first rows: they get onto the screen before the rest of a large file is read. */

/** Of larger files, the first rows are shown before the rest is read: reading takes all the processors there are. */
export const HEAD_START_BYTES = 16 * 1024 * 1024;
/** Milliseconds that the first rows have to get onto the screen, and those after which nobody seems to want any. */
const HEAD_START_MS = 500;
const NOBODY_MS = 2000;

/** A wait for the first rows to be shown. */
export class HeadStart {
  private goOn: (() => void) | undefined;

  /** @param every calls back every so often. */
  constructor(private readonly every: (ms: number, callback: () => void) => () => void) {}

  /** Waits until the first rows have been asked for, and a little longer. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.every(NOBODY_MS, () => this.goOn?.());
      this.goOn = () => {
        this.goOn = undefined;
        stop();
        resolve();
      };
    });
  }

  /** The first rows are on their way to the screen. */
  rowsGiven(): void {
    const { goOn } = this;
    if (!goOn) return;
    const stop = this.every(HEAD_START_MS, () => {
      stop();
      goOn();
    });
  }

  /** Ends the wait. */
  end(): void {
    this.goOn?.();
  }
}
