/** The way to the nodes of a cluster: a lane to each, commands by slot, transactions whole, and redirects followed. */
import type { CommandEntry } from '../decoder/aof/command-table.js';
import { writeCommand } from '../decoder/resp/writer.js';
import type { ServerAddress } from './address.js';
import { planCommand } from './cluster-plan.js';
import { nodeAddress, type SlotOwners, slotOwners } from './cluster-topology.js';
import { type Connection, encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import {
  ADDED,
  COMMAND,
  COPY,
  EXEC,
  MULTI,
  type PendingCommand,
  type ReplayLane,
  type SendUnit,
  ServerLane,
} from './replay-lane.js';
import type { SkipReason } from './replay-report.js';
import type { ReplayTally } from './replay-tally.js';

/** What a cluster is reached by. */
export interface ClusterAccess {
  readonly address: ServerAddress;
  /** Opens a connection to a node. */
  connect(address: ServerAddress): Promise<Connection>;
  /** Asks for the slots. */
  readonly control: Connection;
  pause(ms: number): Promise<void>;
}

/** Bytes of a transaction that is held until its EXEC. */
const TRANSACTION_LIMIT = 32 * 1024 * 1024;
/** How often a command is sent again, and how long is waited where a slot is on its way. */
const ATTEMPTS = 100;
const WAIT_MS = 100;

/** A transaction whose EXEC has not come yet. */
interface OpenTransaction {
  readonly items: SendUnit['items'][number][];
  slot: number | undefined;
  bytes: number;
  skip: SkipReason | undefined;
}

/** Lanes to all nodes. */
export class ClusterLane implements ReplayLane {
  db = 0;
  private readonly lanes = new Map<string, ServerLane>();
  private redirects: SendUnit[] = [];
  private transaction: OpenTransaction | undefined;

  private constructor(
    private readonly access: ClusterAccess,
    private readonly tally: ReplayTally,
    private owners: SlotOwners,
    private readonly limit: number | undefined,
  ) {}

  /** Finds the nodes and connects to those that have slots. @throws ServerError if one cannot be reached. */
  static async open(access: ClusterAccess, tally: ReplayTally, limit?: number): Promise<ClusterLane> {
    const owners = await slotOwners(access.control, access.address);
    const lane = new ClusterLane(access, tally, owners, limit);
    await lane.connectAll();
    return lane;
  }

  get full(): boolean {
    return this.redirects.length > 0 || this.all.some((lane) => lane.full);
  }

  get pending(): readonly PendingCommand[] {
    const all = [...this.all.flatMap((lane) => lane.pending), ...this.redirects.flatMap(({ items }) => items)];
    return all.sort((a, b) => a.part - b.part || a.offset - b.offset);
  }

  private get all(): ServerLane[] {
    return [...this.lanes.values()];
  }

  private async connectAll(): Promise<void> {
    for (const owner of new Set(this.owners)) if (owner !== undefined) await this.laneTo(owner);
  }

  private async laneTo(owner: string): Promise<ServerLane> {
    const known = this.lanes.get(owner);
    if (known) return known;
    const connection = await this.access.connect(nodeAddress(this.access.address, owner));
    const lane = new ServerLane(connection, this.tally, this.limit, undefined, 0, (unit) => {
      this.redirects.push(unit);
    });
    this.lanes.set(owner, lane);
    return lane;
  }

  private laneOf(slot: number): ServerLane {
    const lane = this.lanes.get(this.owners[slot] ?? '');
    if (!lane) throw new ServerError('refused', this.access.control.address, `no node has the slot ${slot}`);
    return lane;
  }

  /** Not used: commands come with their arguments. */
  expect(): void {
    throw new RangeError('a cluster needs the arguments of a command');
  }

  write(): void {
    this.expect();
  }

  /** Takes a MULTI, EXEC or DISCARD. */
  frame(kind: number, name: number, part: number, offset: number): void {
    if (kind === MULTI) this.transaction = { items: [], slot: undefined, bytes: 0, skip: undefined };
    const { transaction } = this;
    if (!transaction) {
      // It belongs to no transaction: a server would answer with an error.
      this.tally.skip('unknown-keys', name);
      return;
    }
    const word = kind === MULTI ? 'MULTI' : 'EXEC';
    if (kind === MULTI || kind === EXEC) {
      transaction.items.push({ kind, name, part, offset, bytes: encodeCommand(word) });
    }
    if (kind === MULTI || kind === COMMAND) return;
    this.transaction = undefined;
    const { items, slot, skip } = transaction;
    if (kind !== EXEC || skip || slot === undefined) {
      for (const item of items) this.tally.skip(skip ?? 'filter', item.name);
      return;
    }
    this.laneOf(slot).sendUnit({ slot, items }, false);
  }

  /** Sends a command where it belongs, or keeps it for its transaction. @returns why it is left out. */
  route(
    entry: CommandEntry | undefined,
    argv: readonly Uint8Array[],
    name: number,
    part: number,
    offset: number,
  ): SkipReason | undefined {
    const plan = planCommand(entry, argv);
    const { transaction } = this;
    if (transaction) return this.keep(transaction, plan, name, part, offset);
    if (typeof plan === 'string') return plan;
    const everywhere = plan.length === 1 && plan[0].slot < 0 ? this.all : undefined;
    const lanes = everywhere ?? plan.map(({ slot }) => this.laneOf(slot));
    for (const [i, lane] of lanes.entries()) {
      const { slot, argv: words } = plan[everywhere ? 0 : i];
      const kind = i === lanes.length - 1 ? COMMAND : COPY;
      lane.sendUnit({ slot, items: [{ kind, name, part, offset, bytes: writeCommand(words) }] }, false);
    }
    return undefined;
  }

  private keep(
    transaction: OpenTransaction,
    plan: ReturnType<typeof planCommand>,
    name: number,
    part: number,
    offset: number,
  ): undefined {
    const one = typeof plan !== 'string' && plan.length === 1 && plan[0].slot >= 0 ? plan[0] : undefined;
    const bytes = one && !transaction.skip ? writeCommand(one.argv) : new Uint8Array(0);
    transaction.items.push({ kind: COMMAND, name, part, offset, bytes });
    transaction.bytes += bytes.length;
    if (transaction.skip) return undefined;
    if (!one) transaction.skip = typeof plan === 'string' ? plan : 'cross-slot';
    else if (transaction.slot !== undefined && transaction.slot !== one.slot) transaction.skip = 'cross-slot';
    else if (transaction.bytes > TRANSACTION_LIMIT) transaction.skip = 'too-large';
    transaction.slot ??= one?.slot;
    return undefined;
  }

  discard(): void {
    this.transaction = undefined;
  }

  async ready(): Promise<void> {
    for (const lane of this.all) await lane.ready();
    if (this.redirects.length > 0) await this.follow();
  }

  async drained(): Promise<void> {
    for (const lane of this.all) await lane.drained();
    while (this.redirects.length > 0) await this.follow();
  }

  close(): void {
    for (const lane of this.all) lane.close();
  }

  /** Sends again what was redirected, one after the other in the order of the input, when nothing else is on its way. */
  private async follow(): Promise<void> {
    for (const lane of this.all) await lane.drained();
    const units = this.redirects.sort(
      (a, b) => a.items[0].part - b.items[0].part || a.items[0].offset - b.items[0].offset,
    );
    this.redirects = [];
    for (const [i, unit] of units.entries()) {
      for (let attempt = 0; unit.redirect !== undefined; attempt++) {
        if (attempt === ATTEMPTS) this.giveUp(unit, unit.redirect);
        else await this.again(unit, unit.redirect, attempt);
      }
      // What is not done yet must not be lost if the next one throws.
      this.redirects = units.slice(i + 1);
    }
    this.redirects = [];
  }

  private async again(unit: SendUnit, text: string, attempt: number): Promise<void> {
    const [word, , node] = text.split(' ');
    unit.redirect = undefined;
    const asks = word === 'ASK' && unit.items.length === 1 && node !== undefined;
    if (!asks) {
      // A slot that is on its way has its keys at both ends for a while.
      if (word !== 'MOVED' || attempt > 0) await this.access.pause(WAIT_MS);
      this.owners = await slotOwners(this.access.control, this.access.address);
      await this.connectAll();
    }
    const lane = asks ? await this.laneTo(node) : this.laneOf(unit.slot);
    const [{ part, offset }] = unit.items;
    if (asks) {
      const asking = encodeCommand('ASKING');
      lane.expect(ADDED, 0, part, offset, asking.length);
      lane.write(asking);
    }
    lane.sendUnit(unit, true);
    await lane.drained();
  }

  private giveUp(unit: SendUnit, text: string): void {
    unit.redirect = undefined;
    for (const { name, part, offset } of unit.items) this.tally.fail(text, name, part, offset);
  }
}
