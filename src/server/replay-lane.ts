/** The way to one server: commands out, each with what is known of it, and replies back, matched in their order. */
import { type Connection, encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import type { CommandBlock } from './replay-input.js';
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

/** What a command is for the one who waits for its reply. */
export const COMMAND = 0;
export const MULTI = 1;
export const EXEC = 2;
export const DISCARD = 3;
/** Not a command of the input: SELECT, ASKING. */
export const ADDED = 4;
/** A part of a command that was split, but not the last one. */
export const PIECE = 5;
/** A DISCARD that is no command of the input: a transaction was begun that will not be ended. */
export const ADDED_DISCARD = 6;

/** A further part of a command, on the way to another node: only its error counts. */
export const COPY = 7;

/** A command of a unit. */
export interface UnitItem extends PendingCommand {
  readonly bytes: Uint8Array;
  /** What a server would say of it, where nothing is sent. */
  readonly error?: string;
}

/** What is sent as one and, where a node of a cluster does not have its keys any more, sent again as one. */
export interface SendUnit {
  readonly slot: number;
  readonly items: readonly UnitItem[];
  /** What the node has said that does not have the keys. */
  redirect?: string | undefined;
}

/** Commands, and bytes, that may be on their way. */
const MOST_COMMANDS = 32 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
/** Places of a ring: room beyond the limit for what is added or split. */
const RING = 64 * 1024;
/** Commands of a transaction that are remembered, to say which of them failed. */
const MOST_QUEUED = 256 * 1024;

/** What a server says that takes no more commands for now: those that come next are refused alike. */
const REFUSING = /^(?:EXECABORT .*because of: )?(OOM|READONLY|LOADING|MISCONF|NOAUTH|NOREPLICAS|MASTERDOWN|BUSY)\b/;
/** What it says of a script that it has run in part. */
const IN_SCRIPT = /\bscript: /;

/** A command whose reply is outstanding. */
export interface PendingCommand {
  readonly part: number;
  readonly offset: number;
  readonly name: number;
  readonly kind: number;
  /** In a cluster the slot whose node has to do it. */
  readonly slot?: number;
}

/** Takes commands many at a time. */
export interface RunTaker {
  /** How many more may be on their way. */
  readonly room: number;
  /** Tells of commands that are about to be written. @param from the first row of them, `to` behind the last. */
  expectRun(block: CommandBlock, from: number, to: number): void;
}

/** What takes commands: a server, or for a dry run nobody. */
export interface ReplayLane {
  /** Database that is selected; −1 if it is not known. */
  db: number;
  /** True if nothing more should be sent before {@link ready}. */
  readonly full: boolean;
  /** Tells what is about to be written. @param bytes of the command. */
  expect(kind: number, name: number, part: number, offset: number, bytes: number, argv?: readonly Uint8Array[]): void;
  /** Set where commands need not be told one by one. */
  readonly runs?: RunTaker;
  write(bytes: Uint8Array, sent?: () => void): void;
  /** Waits until there is room. @throws ServerError if the connection is lost. */
  ready(): Promise<void>;
  /** Waits until all replies are there. @throws ServerError if the connection is lost. */
  drained(): Promise<void>;
  /** Gives up a transaction that was begun. @param part and `offset` of its MULTI. */
  discard(part: number, offset: number): void;
  /** What was sent but has no reply, the oldest first. */
  readonly pending: readonly PendingCommand[];
  /** What a server has said that takes no more commands for now, and the first command that it has refused. */
  readonly refusal?: string | undefined;
  readonly firstRefused?: PendingCommand | undefined;
  close(): void;
}

/** A lane to a server. */
export class ServerLane implements ReplayLane, ReplySink {
  db: number;
  readonly runs = this;
  private readonly transport: Transport;
  private readonly reader = new ReplyReader(this);
  private readonly kinds = new Uint8Array(RING);
  private readonly names = new Uint16Array(RING);
  private readonly parts = new Uint16Array(RING);
  private readonly offsets = new Float64Array(RING);
  private readonly sizes = new Float64Array(RING);
  private readonly units: (SendUnit | undefined)[] = [];
  private head = 0;
  private count = 0;
  private bytes = 0;
  private blocked = false;
  private failure: ServerError | undefined;
  private wake: (() => void) | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private heard = false;

  /** Commands that wait in a transaction of the server: names, parts and offsets; the first is its MULTI. */
  private queued: PendingCommand[] = [];
  private queueing = false;
  /** Commands that the server holds for the transaction, also those that are not remembered. */
  private held = 0;
  private elementErrors: { readonly text: string; readonly element: number }[] = [];
  private ownError: string | undefined;
  private pieceFailed = false;
  /** What the server has said when it began to refuse commands; those that were answered since, the first refused first. */
  refusal: string | undefined;
  private since: PendingCommand[] = [];
  /** Slots with commands that were refused, and that were done since; −1 for all of a server that stands alone. */
  private readonly refusedSlots = new Set<number>();
  private readonly appliedSlots = new Set<number>();

  /**
   * @param limit commands that may be on their way; 1 waits for each reply.
   * @param seconds without a reply after which the server counts as gone.
   */
  constructor(
    connection: Connection,
    private readonly tally: ReplayTally,
    private readonly limit = MOST_COMMANDS,
    private readonly seconds = 60,
    db = 0,
    /** Takes what another node of a cluster has to do. */
    private readonly redirected?: (unit: SendUnit) => void,
  ) {
    this.db = db;
    this.transport = connection.takeOver({
      borrows: true,
      data: (bytes) => this.take(bytes),
      drained: () => {
        this.blocked = false;
        this.wake?.();
      },
      closed: (error) => this.fail(error),
    });
    this.timer = setInterval(() => this.look(), this.seconds * 1000);
  }

  get address(): string {
    return this.transport.address;
  }

  /** Where the first command stands that was refused, with the MULTI that it belongs to. */
  get firstRefused(): PendingCommand | undefined {
    return this.since[0];
  }

  /** What was refused, and what was answered since, where some of it was done: to do the rest would change the order. */
  get doubtful(): readonly PendingCommand[] {
    return this.since.filter(({ slot = -1 }) => this.refusedSlots.has(slot) && this.appliedSlots.has(slot));
  }

  /** What was refused where nothing was done since, so that it can be done again. */
  get undone(): readonly PendingCommand[] {
    const open = new Set(this.queued);
    return this.since.filter(
      (command) =>
        !open.has(command) && this.refusedSlots.has(command.slot ?? -1) && !this.appliedSlots.has(command.slot ?? -1),
    );
  }

  /** What may have been done: it has no reply, or is {@link doubtful}. */
  get unsure(): readonly PendingCommand[] {
    const open = new Set(this.queued);
    return [...this.doubtful.filter((command) => !open.has(command)), ...this.queued, ...this.unanswered];
  }

  get full(): boolean {
    return (
      this.refusal !== undefined ||
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
    this.sizes[at] = bytes;
    this.count++;
    this.bytes += bytes;
    if (kind <= DISCARD) this.tally.sent++;
  }

  get room(): number {
    return this.full ? 0 : this.limit - this.count;
  }

  expectRun({ part, name, offset, size }: CommandBlock, from: number, to: number): void {
    const { names, offsets, sizes } = this;
    for (let row = from; row < to; ) {
      const at = (this.head + this.count) & (RING - 1);
      const next = Math.min(to, row + RING - at);
      const end = at + next - row;
      this.kinds.fill(COMMAND, at, end);
      this.parts.fill(part, at, end);
      names.set(name.subarray(row, next), at);
      offsets.set(offset.subarray(row, next), at);
      sizes.set(size.subarray(row, next), at);
      this.count += next - row;
      row = next;
    }
    for (let row = from; row < to; row++) this.bytes += size[row];
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
    return [...(this.refusal === undefined ? this.queued : this.since), ...this.unanswered];
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
    const first = this.since[0] ?? this.queued[0];
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
    return this.count + (this.queueing ? this.held + 1 : 0);
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
    if (this.count > 0 && !this.heard) this.fail(new ServerError('timeout', this.address, this.seconds));
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
    this.bytes -= this.sizes[at];
    const kind = this.kinds[at];
    const unit = this.units[at];
    if (unit) this.units[at] = undefined;
    if (kind === COMMAND && replyKind < REPLY_QUEUED && !this.pieceFailed && this.refusal === undefined) {
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
    if (this.isRefused(pending, replyKind, failed)) return;
    this.settle(pending, replyKind, failed, elements);
  }

  values(count: number): void {
    const { kinds, sizes } = this;
    let left = Math.min(count, this.count);
    if (this.pieceFailed || this.refusal !== undefined || this.units.length > 0) left = 0;
    let at = this.head;
    let bytes = 0;
    for (; left > 0 && kinds[at] === COMMAND; left--) {
      bytes += sizes[at];
      at = (at + 1) & (RING - 1);
    }
    const taken = (at - this.head) & (RING - 1);
    this.head = at;
    this.count -= taken;
    this.bytes -= bytes;
    this.tally.applied += taken;
    for (let i = taken; i < count; i++) this.reply(REPLY_VALUE);
  }

  /** True for an error of a server that takes no commands for now: the command is to be sent again, it has not failed. */
  private isRefused(pending: PendingCommand, replyKind: number, failed: string | undefined): boolean {
    const { kind } = pending;
    if (this.refusal === undefined) {
      const refuses = failed !== undefined && REFUSING.test(failed) && !IN_SCRIPT.test(failed);
      if (!refuses || kind === ADDED || kind === ADDED_DISCARD) return false;
      this.refusal = failed;
      this.since.push(...this.queued);
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
    if (kind === EXEC) {
      this.queueing = false;
      this.queued = [];
    }
    return true;
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
    this.queueing = false;
    this.queued = [];
    let begun = this.since.length;
    while (begun > 0 && this.since[begun - 1].kind !== MULTI) begun--;
    this.since.length = Math.max(0, begun - 1);
    this.redirected(unit);
    return true;
  }

  private settle(
    pending: PendingCommand,
    replyKind: number,
    failed: string | undefined,
    elements: readonly { readonly text: string; readonly element: number }[],
  ): void {
    const { kind } = pending;
    if (failed !== undefined) {
      this.refused(pending, failed);
      return;
    }
    if (this.queueing && replyKind === REPLY_QUEUED) this.hold(pending);
    else if (kind === MULTI && !this.queueing) {
      this.queueing = true;
      this.queued = [pending];
      this.held = 0;
    } else if (kind === EXEC || kind === DISCARD || kind === ADDED_DISCARD) {
      if (kind === EXEC && replyKind !== REPLY_NULL) this.executed(elements);
      if (kind !== ADDED_DISCARD) this.tally.applied++;
      this.queueing = false;
      this.queued = [];
    } else if (kind <= DISCARD) {
      // If one of its pieces has failed, the command as a whole is no success.
      if (this.pieceFailed) this.tally.failed++;
      else this.tally.applied++;
      this.pieceFailed = false;
    }
  }

  /** A command waits in the transaction. */
  private hold(pending: PendingCommand): void {
    if (this.queued.length < MOST_QUEUED) this.queued.push(pending);
    if (pending.kind <= DISCARD) this.held++;
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
    if (kind !== EXEC) return;
    // None of its commands was done.
    this.tally.failed += this.held;
    this.queueing = false;
    this.queued = [];
  }

  /** The server has run a transaction: the errors are those of its commands. */
  private executed(elements: readonly { readonly text: string; readonly element: number }[]): void {
    let failed = 0;
    for (const { text, element } of elements) {
      // Before the commands stands their MULTI.
      const of = this.queued[element + 1] ?? this.queued[0];
      const count = of.kind <= DISCARD ? 1 : 0;
      this.tally.fail(text, of.name, of.part, of.offset, count);
      failed += count;
    }
    this.tally.applied += 1 + this.held - failed;
  }
}
