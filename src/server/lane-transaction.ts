/** The transaction that a server has begun but not run: which of its commands failed is told only by the reply to EXEC. */
import { DISCARD, type PendingCommand } from './replay-lane.js';
import type { ReplayTally } from './replay-tally.js';

/** Commands of a transaction that are remembered, to say which of them failed. */
const MOST_QUEUED = 256 * 1024;

/** An error among the elements of the reply to EXEC. */
export interface ElementError {
  readonly text: string;
  readonly element: number;
}

/** The transactions of one connection, one after another. */
export class LaneTransaction {
  /** One has begun. */
  isOpen = false;
  /** Its commands; the first is its MULTI. */
  queued: PendingCommand[] = [];
  /** Commands that the server holds for it, also those that are not remembered. */
  private held = 0;

  constructor(private readonly tally: ReplayTally) {}

  begin(multi: PendingCommand): void {
    this.isOpen = true;
    this.queued = [multi];
    this.held = 0;
  }

  /** A command waits in it. */
  hold(pending: PendingCommand): void {
    if (this.queued.length < MOST_QUEUED) this.queued.push(pending);
    if (pending.kind <= DISCARD) this.held++;
  }

  /** How many commands wait, with its MULTI. */
  get size(): number {
    return this.isOpen ? this.held + 1 : 0;
  }

  /** The server has run it: the errors are those of its commands. */
  executed(errors: readonly ElementError[]): void {
    let failed = 0;
    for (const { text, element } of errors) {
      // Before the commands stands their MULTI.
      const of = this.queued[element + 1] ?? this.queued[0];
      const count = of.kind <= DISCARD ? 1 : 0;
      this.tally.fail(text, of.name, of.part, of.offset, count);
      failed += count;
    }
    this.tally.applied += 1 + this.held - failed;
  }

  /** Its EXEC was refused: none of its commands was done. */
  aborted(): void {
    this.tally.failed += this.held;
    this.end();
  }

  /** There is none any more. */
  end(): void {
    this.isOpen = false;
    this.queued = [];
  }
}
