/** Measuring what keys cost in memory: begun when somebody looks at it, with a word on how far it is, and stopped on request. */
import { html, nothing } from 'lit';
import type { Summary } from '../../src/protocol.js';
import { ask } from '../connection.js';
import { iconButton } from '../controls.js';
import type { Running } from '../running.js';
import { t } from '../strings.js';

/** Milliseconds of work after which its progress is shown. */
const PROGRESS_MS = 300;

/** The measuring of the file that is shown. */
export class Measuring {
  private running: Running<unknown> | undefined;
  /** From 0 to 1; −1 while it is not worth mentioning. */
  private done = -1;
  /** What was being measured when it was stopped. */
  private stopped: string | undefined;

  constructor(private readonly changed: () => void) {}

  /** Begins, unless everything is measured or somebody has stopped it. */
  begin(summary: Summary | undefined): void {
    if (summary?.state !== 'ready' || summary.memory.complete || this.running) return;
    const what = JSON.stringify([summary.memory.target, summary.memory.allocator]);
    if (this.stopped === what) return;
    this.stopped = undefined;
    const started = performance.now();
    const running = ask('memory.measure', {}, (done) => {
      if (performance.now() - started < PROGRESS_MS) return;
      this.done = done;
      this.changed();
    });
    this.running = running;
    void this.finish(running, what);
  }

  private async finish(running: Running<unknown>, what: string): Promise<void> {
    try {
      await running.answer;
    } catch {
      // Cancelled; or the file cannot be read any more, which is said elsewhere.
      this.stopped = what;
    }
    this.running = undefined;
    this.done = -1;
    this.changed();
  }

  render() {
    if (this.stopped !== undefined) {
      return html` <button class="link" @click=${() => this.again()}>${t('Measure memory')}</button>`;
    }
    if (this.done < 0) return nothing;
    return html` <span class="measuring" role="progressbar" aria-label=${t('Measuring memory')} aria-valuenow=${Math.round(this.done * 100)}
      >· ${t('measuring memory, {0} %', Math.floor(this.done * 100))}</span
    >${iconButton('close', t('Stop measuring memory'), () => this.running?.cancel())}`;
  }

  private again(): void {
    this.stopped = undefined;
    this.changed();
  }
}
