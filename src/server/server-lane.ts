/** The way to one server: commands out, each with what is known of it, and replies back, matched in their order. */

import type { ReplayMemory } from '../decoder/replay/memory.js';
import { type Connection, encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import { LaneRefusals } from './lane-refusals.js';
import { type ElementError, LaneTransaction } from './lane-transaction.js';
import type { CommandBlock } from './replay-input.js';
import {
  ADDED,
  ADDED_DISCARD,
  COMMAND,
  DISCARD,
  EXEC,
  MULTI,
  type PendingCommand,
  PIECE,
  type ReplayLane,
  type SendUnit,
} from './replay-lane.js';
import type { ReplayTally } from './replay-tally.js';
import {
  REPLY_ERROR,
  REPLY_NULL,
  REPLY_QUEUED,
  REPLY_VALUE,
  ReplyFormatError,
  ReplyReader,
  type ReplySink,
} from './reply-reader.js';
import type { Transport } from './transport.js';

/** Commands, and bytes, that may be on their way. */
const MOST_COMMANDS = 32 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
/** Commands, and bytes, of which it is noted only when the last of them is answered. */
const MARK_COMMANDS = 256;
const MARK_BYTES = 64 * 1024;
/** Places of a ring: room beyond the limit for what is added or split. */
const RING = 64 * 1024;

/** Seconds without a reply after which a server counts as gone. */
const SILENT_SECONDS = 60;

/** What is special about a lane. */
export interface LaneOptions {
  /** Commands that may be on their way; 1 waits for each reply. */
  readonly limit?: number | undefined;
  /** Takes what another node of a cluster has to do. */
  readonly redirected?: (unit: SendUnit) => void;
  /** What most replies are taken with. */
  readonly memory?: ReplayMemory | undefined;
}

/** A lane to a server. */
export class ServerLane implements ReplayLane, ReplySink {
  db: number;
  readonly runs = this;
  private readonly transport: Transport;
  private readonly reader: ReplyReader;
  private readonly kinds = new Uint8Array(RING);
  private readonly names = new Uint16Array(RING);
  private readonly parts = new Uint16Array(RING);
  private readonly offsets = new Float64Array(RING);
  private readonly units: (SendUnit | undefined)[] = [];
  private head = 0;
  private count = 0;
  /** Those of them that are no {@link COMMAND}. */
  private others = 0;
  /** Bytes on their way, and of stretches of commands how many are not answered, and all of their bytes. */
  private bytes = 0;
  private readonly marks: { left: number; bytes: number }[] = [];
  private blocked = false;
  private failure: ServerError | undefined;
  private wake: (() => void) | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private heard = false;

  private readonly transaction: LaneTransaction;
  private readonly refusals: LaneRefusals;
  private elementErrors: ElementError[] = [];
  private ownError: string | undefined;
  private pieceFailed = false;

  private readonly limit: number;
  private readonly redirected: ((unit: SendUnit) => void) | undefined;

  constructor(
    connection: Connection,
    private readonly tally: ReplayTally,
    { limit = MOST_COMMANDS, redirected, memory }: LaneOptions = {},
  ) {
    this.db = 0;
    this.limit = limit;
    this.redirected = redirected;
    this.reader = new ReplyReader(this, memory);
    this.transaction = new LaneTransaction(tally);
    this.refusals = new LaneRefusals(this.transaction);
    this.transport = connection.takeOver({
      borrows: true,
      data: (bytes) => this.take(bytes),
      drained: () => {
        this.blocked = false;
        this.wake?.();
      },
      closed: (error) => this.fail(error),
    });
    this.timer = setInterval(() => this.look(), SILENT_SECONDS * 1000);
  }

  get address(): string {
    return this.transport.address;
  }

  get refusal(): string | undefined {
    return this.refusals.text;
  }

  /** Where the first command stands that was refused, with the MULTI that it belongs to. */
  get firstRefused(): PendingCommand | undefined {
    return this.refusals.first;
  }

  /** What was refused, or answered since, where some of it was done: to do the rest would change the order. */
  get doubtful(): readonly PendingCommand[] {
    return this.refusals.doubtful;
  }

  /** What was refused where nothing was done since, so that it can be done again. */
  get undone(): readonly PendingCommand[] {
    return this.refusals.undone;
  }

  /** What may have been done: it has no reply, or is {@link doubtful}. */
  get unsure(): readonly PendingCommand[] {
    const { queued } = this.transaction;
    const open = new Set(queued);
    return [...this.doubtful.filter((command) => !open.has(command)), ...queued, ...this.unanswered];
  }

  get full(): boolean {
    return (
      this.refusals.text !== undefined ||
      this.blocked ||
      this.count >= this.limit ||
      this.bytes >= MOST_BYTES ||
      this.failure !== undefined
    );
  }

  expect(kind: number, name: number, part: number, offset: number, bytes: number): void {
    const at = (this.head + this.count) & (RING - 1);
    if (this.count === RING) throw new RangeError('more commands on their way than there is room for');
    this.kinds[at] = kind;
    this.names[at] = name;
    this.parts[at] = part;
    this.offsets[at] = offset;
    this.count++;
    if (kind !== COMMAND) this.others++;
    this.mark(1, bytes);
    if (kind <= DISCARD) this.tally.sent++;
  }

  get room(): number {
    return this.full ? 0 : this.limit - this.count;
  }

  /** Notes commands that are on their way. */
  private mark(commands: number, bytes: number): void {
    this.bytes += bytes;
    const last = this.marks.at(-1);
    if (!last || last.left + commands > MARK_COMMANDS || last.bytes + bytes > MARK_BYTES) {
      this.marks.push({ left: commands, bytes });
      return;
    }
    last.left += commands;
    last.bytes += bytes;
  }

  /** Notes that the oldest commands are answered. */
  private unmark(commands: number): void {
    for (let left = commands; left > 0; ) {
      const [mark] = this.marks;
      const taken = Math.min(left, mark.left);
      mark.left -= taken;
      left -= taken;
      if (mark.left > 0) continue;
      this.bytes -= mark.bytes;
      this.marks.shift();
    }
  }

  expectRun({ part, name, offset, start, size }: CommandBlock, from: number, to: number): void {
    const { names, offsets } = this;
    for (let row = from; row < to; ) {
      const at = (this.head + this.count) & (RING - 1);
      const next = Math.min(to, row + RING - at);
      const end = at + next - row;
      this.kinds.fill(COMMAND, at, end);
      this.parts.fill(part, at, end);
      names.set(name.subarray(row, next), at);
      offsets.set(offset.subarray(row, next), at);
      this.count += next - row;
      row = next;
    }
    this.mark(to - from, start[to - 1] + size[to - 1] - start[from]);
    this.tally.sent += to - from;
  }

  /** Sends a unit. @param again true if it was counted before. */
  sendUnit(unit: SendUnit, again: boolean): void {
    for (const { kind, name, part, offset, bytes } of unit.items) {
      this.units[(this.head + this.count) & (RING - 1)] = unit;
      this.expect(kind, name, part, offset, bytes.length);
      if (again && kind <= DISCARD) this.tally.sent--;
      this.write(bytes);
    }
  }

  discard(part: number, offset: number): void {
    this.expect(ADDED_DISCARD, 0, part, offset, 0);
    this.write(encodeCommand('DISCARD'));
  }

  write(bytes: Uint8Array, sent?: () => void): void {
    this.tally.bytesSent += bytes.length;
    if (!this.transport.write(bytes, sent)) this.blocked = true;
  }

  async ready(): Promise<void> {
    while (this.full) {
      if (this.failure) throw this.failure;
      if (this.refusal !== undefined) return;
      await this.woken();
    }
  }

  async drained(): Promise<void> {
    while (this.count > 0) {
      if (this.failure) throw this.failure;
      await this.woken();
    }
    if (this.failure) throw this.failure;
  }

  /** What was sent but has no reply, the oldest first; a transaction whose EXEC has none is there from its MULTI on. */
  get pending(): PendingCommand[] {
    return [...this.refusals.answered, ...this.unanswered];
  }

  private get unanswered(): PendingCommand[] {
    const found: PendingCommand[] = [];
    for (let i = 0; i < this.count; i++) {
      const at = (this.head + i) & (RING - 1);
      const kind = this.kinds[at];
      if (kind !== ADDED && kind !== ADDED_DISCARD) {
        found.push(this.commandAt(at));
      }
    }
    return found;
  }

  /** The first of {@link pending}. */
  get oldest(): PendingCommand | undefined {
    const first = this.refusals.first ?? this.transaction.queued[0];
    if (first) return first;
    for (let i = 0; i < this.count; i++) {
      const at = (this.head + i) & (RING - 1);
      const kind = this.kinds[at];
      if (kind !== ADDED && kind !== ADDED_DISCARD) return this.commandAt(at);
    }
    return undefined;
  }

  /** How many are pending, and what was added to them. */
  get outstanding(): number {
    return this.count + this.transaction.size;
  }

  private commandAt(at: number, unit = this.units[at]): PendingCommand {
    const command = { part: this.parts[at], offset: this.offsets[at], name: this.names[at], kind: this.kinds[at] };
    return unit ? { ...command, slot: unit.slot } : command;
  }

  close(): void {
    clearInterval(this.timer);
    this.transport.close();
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private take(bytes: Uint8Array): void {
    this.heard = true;
    try {
      this.reader.push(bytes);
    } catch (error) {
      if (!(error instanceof ReplyFormatError)) throw error;
      this.fail(new ServerError('protocol', this.address, error.message));
    }
    this.wake?.();
  }

  /** Notices that a server does not answer any more. */
  private look(): void {
    if (this.count > 0 && !this.heard) this.fail(new ServerError('timeout', this.address, SILENT_SECONDS));
    this.heard = false;
  }

  private fail(error: ServerError): void {
    this.failure ??= error;
    this.close();
    this.wake?.();
  }

  error(text: string, element: number): void {
    if (element < 0) this.ownError = text;
    else this.elementErrors.push({ text, element });
  }

  reply(replyKind: number): void {
    if (this.count === 0) {
      this.fail(new ServerError('protocol', this.address, this.ownError ?? 'a reply that nothing was asked for'));
      return;
    }
    const at = this.head;
    this.head = (at + 1) & (RING - 1);
    this.count--;
    this.unmark(1);
    const kind = this.kinds[at];
    if (kind !== COMMAND) this.others--;
    const unit = this.units[at];
    if (unit) this.units[at] = undefined;
    if (kind === COMMAND && replyKind < REPLY_QUEUED && !this.pieceFailed && this.refusals.text === undefined) {
      this.tally.applied++;
      if (this.elementErrors.length > 0) this.elementErrors = [];
      return;
    }
    const pending = this.commandAt(at, unit);
    const failed = replyKind === REPLY_ERROR ? (this.ownError ?? '') : undefined;
    const elements = this.elementErrors;
    this.ownError = undefined;
    this.elementErrors = [];
    if (failed !== undefined && /^ERR Protocol error/.test(failed)) {
      this.tally.fail(failed, pending.name, pending.part, pending.offset);
      this.fail(new ServerError('protocol', this.address, failed));
      return;
    }
    if (unit && failed !== undefined && this.isRedirected(unit, kind, failed)) return;
    if (this.refusals.take(pending, replyKind, failed)) return;
    this.settle(pending, replyKind, failed, elements);
  }

  values(count: number): void {
    const special = this.pieceFailed || this.refusals.text !== undefined || this.units.length > 0;
    const taken = special ? 0 : Math.min(count, this.others === 0 ? this.count : this.commandsAhead(count));
    this.head = (this.head + taken) & (RING - 1);
    this.count -= taken;
    this.unmark(taken);
    this.tally.applied += taken;
    for (let i = taken; i < count; i++) this.reply(REPLY_VALUE);
  }

  /** How many of the oldest are a {@link COMMAND} each. @param most of them that are looked at. */
  private commandsAhead(most: number): number {
    const end = Math.min(most, this.count);
    let found = 0;
    while (found < end && this.kinds[(this.head + found) & (RING - 1)] === COMMAND) found++;
    return found;
  }

  /** True for an error that says that another node is to be asked. */
  private isRedirected(unit: SendUnit, kind: number, text: string): boolean {
    if (!this.redirected) return false;
    if (/^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/.test(text)) {
      unit.redirect ??= text;
      if (unit.items.length === 1) this.redirected(unit);
      return true;
    }
    if (kind !== EXEC || unit.redirect === undefined) return false;
    // The transaction was refused because of it.
    this.transaction.end();
    this.refusals.forgetTransaction();
    this.redirected(unit);
    return true;
  }

  private settle(
    pending: PendingCommand,
    replyKind: number,
    failed: string | undefined,
    elements: readonly ElementError[],
  ): void {
    const { kind } = pending;
    const { transaction } = this;
    if (failed !== undefined) {
      this.refused(pending, failed);
      return;
    }
    if (transaction.isOpen && replyKind === REPLY_QUEUED) transaction.hold(pending);
    else if (kind === MULTI && !transaction.isOpen) transaction.begin(pending);
    else if (kind === EXEC || kind === DISCARD || kind === ADDED_DISCARD) {
      if (kind === EXEC && replyKind !== REPLY_NULL) transaction.executed(elements);
      if (kind !== ADDED_DISCARD) this.tally.applied++;
      transaction.end();
    } else if (kind <= DISCARD) {
      // If one of its pieces has failed, the command as a whole is no success.
      if (this.pieceFailed) this.tally.failed++;
      else this.tally.applied++;
      this.pieceFailed = false;
    }
  }

  /** A command has failed. */
  private refused(pending: PendingCommand, text: string): void {
    const { kind } = pending;
    if (kind === ADDED || kind === ADDED_DISCARD) {
      this.fail(new ServerError('reply', this.address, kind === ADDED ? 'SELECT' : 'DISCARD', text));
      return;
    }
    this.tally.fail(text, pending.name, pending.part, pending.offset, kind === PIECE ? 0 : 1);
    this.pieceFailed = kind === PIECE;
    if (kind === EXEC) this.transaction.aborted();
  }
}
