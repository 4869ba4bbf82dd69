/** The way to the nodes of a cluster: a lane to each, commands by slot, transactions whole, and redirects followed. */
import type { ServerAddress } from './address.js';
import { ClusterRouter } from './cluster-router.js';
import { nodeAddress, type SlotOwners, slotOwners } from './cluster-topology.js';
import { type Connection, encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import { ADDED, COMMAND, COPY, type PendingCommand, type ReplayLane, type SendUnit } from './replay-lane.js';
import type { OnlyPlaces } from './replay-options.js';
import type { ReplayTally } from './replay-tally.js';
import { ServerLane } from './server-lane.js';

/** What a cluster is reached by. */
export interface ClusterAccess {
  readonly address: ServerAddress;
  /** Opens a connection to a node. */
  connect(address: ServerAddress): Promise<Connection>;
  /** Asks for the slots. */
  readonly control: Connection;
  pause(ms: number): Promise<void>;
}

/** How often a command is sent again, and how long is waited where a slot is on its way. */
const ATTEMPTS = 100;
const WAIT_MS = 100;

function inOrder(commands: readonly PendingCommand[]): PendingCommand[] {
  return [...commands].sort((a, b) => a.part - b.part || a.offset - b.offset);
}

/** Lanes to all nodes. */
export class ClusterLane implements ReplayLane {
  db = 0;
  private readonly lanes = new Map<string, ServerLane>();
  private redirects: SendUnit[] = [];
  /** What a node has said of a cluster that is down, and stays so. */
  private down: string | undefined;
  /** Takes the commands, with their arguments. */
  readonly router: ClusterRouter;

  private constructor(
    private readonly access: ClusterAccess,
    private readonly tally: ReplayTally,
    private owners: SlotOwners,
    private readonly limit: number | undefined,
    only: OnlyPlaces | undefined,
  ) {
    this.router = new ClusterRouter(tally, (slot, items) => this.deliver(slot, items), only);
  }

  /** Finds the nodes and connects to those that have slots. @param only what a former replay left undone. @throws ServerError if one cannot be reached. */
  static async open(
    access: ClusterAccess,
    tally: ReplayTally,
    limit?: number,
    only?: OnlyPlaces,
  ): Promise<ClusterLane> {
    const owners = await slotOwners(access.control, access.address);
    const lane = new ClusterLane(access, tally, owners, limit, only);
    try {
      await lane.connectAll();
    } catch (error) {
      lane.close();
      throw error;
    }
    return lane;
  }

  get full(): boolean {
    return this.redirects.length > 0 || this.down !== undefined || this.all.some((lane) => lane.full);
  }

  /** What a node has said that takes no more commands for now. */
  get refusal(): string | undefined {
    if (this.down !== undefined) return this.down;
    const lane = this.all.find(({ refusal }) => refusal !== undefined);
    return lane && `${lane.address}: ${lane.refusal}`;
  }

  get firstRefused(): PendingCommand | undefined {
    return this.pending[0];
  }

  /** What was sent but has no reply, and what another node was to do but was not sent to it. */
  get pending(): readonly PendingCommand[] {
    return inOrder([...this.unsure, ...this.undone]);
  }

  /** What was sent to a node but has no reply, or cannot be told from what was done behind it. */
  get unsure(): readonly PendingCommand[] {
    return inOrder(this.all.flatMap((lane) => lane.unsure));
  }

  /** What a node has refused: it takes none, or another one has the keys, which has not got it yet. */
  get undone(): readonly PendingCommand[] {
    const redirected = this.redirects.flatMap(({ slot, items }) => items.map((item) => ({ ...item, slot })));
    return inOrder([...redirected, ...this.all.flatMap((lane) => lane.undone)]);
  }

  /** Waits for the replies of all nodes that are not lost. */
  async settle(): Promise<void> {
    await Promise.all(
      this.all.map((lane) =>
        lane.drained().catch((error: unknown) => {
          if (!(error instanceof ServerError)) throw error;
        }),
      ),
    );
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
    const redirected = (unit: SendUnit) => {
      this.redirects.push(unit);
    };
    const lane = new ServerLane(connection, this.tally, { limit: this.limit, redirected });
    this.lanes.set(owner, lane);
    return lane;
  }

  /** Sends what belongs together to the node of a slot, or a command to all nodes. */
  private deliver(slot: number, items: SendUnit['items']): void {
    if (slot >= 0) {
      this.laneOf(slot).sendUnit({ slot, items }, false);
      return;
    }
    const nodes = [...new Map(this.owners.map((owner, own) => [owner ?? '', own]))];
    for (const [i, [, own]] of nodes.entries()) {
      const kind = i === nodes.length - 1 ? COMMAND : COPY;
      this.laneOf(own).sendUnit({ slot: own, items: items.map((item) => ({ ...item, kind })) }, false);
    }
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

  discard(): void {
    this.router.discard();
  }

  async ready(): Promise<void> {
    for (const lane of this.all) await lane.ready();
    if (this.redirects.length > 0 && this.refusal === undefined) await this.follow();
  }

  async drained(): Promise<void> {
    for (const lane of this.all) await lane.drained();
    while (this.redirects.length > 0 && this.refusal === undefined) await this.follow();
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
    for (const [i, unit] of units.entries()) {
      for (let attempt = 0; unit.redirect !== undefined; attempt++) {
        // Until it is on its way again, it is one of those that are not done.
        this.redirects = units.slice(i);
        if (this.refusal !== undefined) return;
        if (attempt < ATTEMPTS) await this.again(unit, unit.redirect, attempt, units.slice(i + 1));
        else if (/^CLUSTERDOWN\b/.test(unit.redirect)) this.down = unit.redirect;
        else this.giveUp(unit, unit.redirect);
      }
      this.redirects = units.slice(i + 1);
    }
  }

  private async again(unit: SendUnit, text: string, attempt: number, later: SendUnit[]): Promise<void> {
    const [word, , node] = text.split(' ');
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
    this.redirects = later;
    unit.redirect = undefined;
    lane.sendUnit(unit, true);
    await lane.drained();
  }

  private giveUp(unit: SendUnit, text: string): void {
    unit.redirect = undefined;
    for (const { name, part, offset } of unit.items) this.tally.fail(text, name, part, offset);
  }
}
