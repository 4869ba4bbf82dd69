/** Which connection a key of a restore goes through: the one with most room, or that of the node which has its slot. */
import { SLOTS, slotOf } from '../dataset/slots.js';
import type { ClusterAccess } from './cluster-lane.js';
import { nodeAddress, type SlotOwners, slotOwners } from './cluster-topology.js';
import type { Connection } from './connection.js';
import { ServerError } from './errors.js';
import { RestoreLane } from './restore-lane.js';
import type { KeyTaker } from './restore-replies.js';
import type { WireBuffers } from './wire-buffer.js';

/** The connections of a restore. */
export interface RestoreRoutes {
  /** True if keys have nodes of their own, and there is database 0 only. */
  readonly clustered: boolean;
  /** All connections, and in a cluster those to the primaries that have slots. */
  readonly lanes: readonly RestoreLane[];
  readonly primaries: readonly RestoreLane[];
  /** The lane for a key, whether it is full or not. @throws ServerError if no node has its slot. */
  laneFor(name: Uint8Array, start: number, end: number): RestoreLane;
  /** The lane to a node that another one has named. @param node `host:port`. */
  laneTo(node: string): Promise<RestoreLane>;
  /** Asks anew which node has which slots. */
  refresh(): Promise<void>;
}

/** Connections to one server. */
export class ServerRoutes implements RestoreRoutes {
  readonly clustered = false;
  readonly lanes: readonly RestoreLane[];
  private current: RestoreLane;

  constructor(connections: readonly Connection[], seconds: number, taker: KeyTaker, buffers: WireBuffers) {
    this.lanes = connections.map((connection) => new RestoreLane(connection, seconds, taker, buffers));
    [this.current] = this.lanes;
  }

  get primaries(): readonly RestoreLane[] {
    return [this.lanes[0]];
  }

  laneFor(): RestoreLane {
    // A buffer that was begun is filled before another one is.
    if (this.current.full || this.current.out.size === 0) {
      this.current = this.lanes.reduce((least, lane) => (lane.load < least.load ? lane : least));
    }
    return this.current;
  }

  async laneTo(): Promise<RestoreLane> {
    return this.current;
  }

  async refresh(): Promise<void> {}
}

/** Connections to the nodes of a cluster. */
export class ClusterRoutes implements RestoreRoutes {
  readonly clustered = true;
  private readonly nodes = new Map<string, RestoreLane>();
  private owners: SlotOwners = [];
  private readonly bySlot: (RestoreLane | undefined)[] = new Array(SLOTS).fill(undefined);

  private constructor(
    private readonly access: ClusterAccess,
    private readonly seconds: number,
    private readonly taker: KeyTaker,
    private readonly buffers: WireBuffers,
  ) {}

  /** Connects to all nodes that have slots. @throws ServerError if one cannot be reached. */
  static async open(
    access: ClusterAccess,
    seconds: number,
    taker: KeyTaker,
    buffers: WireBuffers,
  ): Promise<ClusterRoutes> {
    const routes = new ClusterRoutes(access, seconds, taker, buffers);
    await routes.refresh();
    return routes;
  }

  get lanes(): readonly RestoreLane[] {
    return [...this.nodes.values()];
  }

  get primaries(): readonly RestoreLane[] {
    return [...new Set(this.bySlot)].filter((lane) => lane !== undefined);
  }

  laneFor(name: Uint8Array, start: number, end: number): RestoreLane {
    const slot = slotOf(name.subarray(start, end));
    const lane = this.bySlot[slot];
    if (!lane) throw new ServerError('refused', this.access.control.address, `no node has the slot ${slot}`);
    return lane;
  }

  async laneTo(node: string): Promise<RestoreLane> {
    const known = this.nodes.get(node);
    if (known) return known;
    const { access } = this;
    const connection = await access.connect(nodeAddress(access.address, node));
    const lane = new RestoreLane(connection, this.seconds, this.taker, this.buffers);
    this.nodes.set(node, lane);
    return lane;
  }

  async refresh(): Promise<void> {
    this.owners = await slotOwners(this.access.control, this.access.address);
    for (const owner of new Set(this.owners)) if (owner !== undefined) await this.laneTo(owner);
    for (const [slot, owner] of this.owners.entries()) {
      this.bySlot[slot] = owner === undefined ? undefined : this.nodes.get(owner);
    }
  }
}
