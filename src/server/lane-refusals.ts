/** A server that takes no more commands for now: what it has refused, and what it has done all the same since then. */
import type { LaneTransaction } from './lane-transaction.js';
import { ADDED, ADDED_DISCARD, DISCARD, EXEC, MULTI, type PendingCommand } from './replay-lane.js';
import { REPLY_NULL, REPLY_QUEUED } from './reply-reader.js';

/** What a server says that takes no more commands for now: those that come next are refused alike. */
const REFUSING = /^(?:EXECABORT .*because of: )?(OOM|READONLY|LOADING|MISCONF|NOAUTH|NOREPLICAS|MASTERDOWN|BUSY)\b/;
/** What it says of a script that it has run in part. */
const IN_SCRIPT = /\bscript: /;

/** The refusals of one connection. */
export class LaneRefusals {
  /** What the server has said when it began to refuse commands. */
  text: string | undefined;
  /** The commands that were answered since, the first refused first, with the MULTI that it belongs to. */
  private since: PendingCommand[] = [];
  /** Slots with commands that were refused, and that were done since; −1 for all of a server that stands alone. */
  private readonly refusedSlots = new Set<number>();
  private readonly appliedSlots = new Set<number>();

  constructor(private readonly transaction: LaneTransaction) {}

  get first(): PendingCommand | undefined {
    return this.since[0];
  }

  /** What was refused, and what was answered since, where some of it was done: to do the rest would change the order. */
  get doubtful(): readonly PendingCommand[] {
    return this.since.filter(({ slot = -1 }) => this.refusedSlots.has(slot) && this.appliedSlots.has(slot));
  }

  /** What was refused where nothing was done since, so that it can be done again. */
  get undone(): readonly PendingCommand[] {
    const open = new Set(this.transaction.queued);
    return this.since.filter(
      (command) =>
        !open.has(command) && this.refusedSlots.has(command.slot ?? -1) && !this.appliedSlots.has(command.slot ?? -1),
    );
  }

  /** What was answered, but may have to be done again, with what waits in the transaction; the oldest first. */
  get answered(): readonly PendingCommand[] {
    return this.text === undefined ? this.transaction.queued : this.since;
  }

  /** True for an error of a server that takes no commands for now: the command is to be sent again, it has not failed. */
  take(pending: PendingCommand, replyKind: number, failed: string | undefined): boolean {
    const { kind } = pending;
    if (this.text === undefined) {
      const refuses = failed !== undefined && REFUSING.test(failed) && !IN_SCRIPT.test(failed);
      if (!refuses || kind === ADDED || kind === ADDED_DISCARD) return false;
      this.text = failed;
      this.since.push(...this.transaction.queued);
    }
    if (kind === ADDED || kind === ADDED_DISCARD) return failed !== undefined;
    this.since.push(pending);
    const { slot = -1 } = pending;
    if (failed === undefined) {
      const waits = replyKind === REPLY_QUEUED || replyKind === REPLY_NULL || kind === MULTI || kind === DISCARD;
      if (!waits) this.appliedSlots.add(slot);
      return false;
    }
    this.refusedSlots.add(slot);
    if (kind === EXEC) this.transaction.end();
    return true;
  }

  /** Another node does the transaction that was answered last, from its MULTI on. */
  forgetTransaction(): void {
    let begun = this.since.length;
    while (begun > 0 && this.since[begun - 1].kind !== MULTI) begun--;
    this.since.length = Math.max(0, begun - 1);
  }
}
