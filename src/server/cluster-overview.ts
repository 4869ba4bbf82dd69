/** What a node of a cluster says of the cluster: its state, its nodes and their slots. */
import { latin1 } from '../decoder/bytes.js';
import { type Connection, errorText } from './connection.js';
import { parseInfo } from './facts.js';

/** A node, as another one sees it. */
export interface ClusterNode {
  readonly id: string;
  /** `host:port`. */
  readonly address: string;
  readonly role: 'primary' | 'replica';
  /** It is the node that was asked. */
  readonly isMyself: boolean;
  /** `ok`; `failing` as the asked node thinks, `failed` as all think; `disconnected` from the asked node. */
  readonly health: 'ok' | 'failing' | 'failed' | 'disconnected';
  readonly slots: number;
  /** Of a replica: the id of its primary. */
  readonly primary: string | undefined;
}

export interface ClusterOverview {
  /** The cluster takes commands. */
  readonly ok: boolean;
  readonly slotsAssigned: number;
  /** Primaries in the order of their slots, each followed by its replicas. */
  readonly nodes: readonly ClusterNode[];
}

/** Asks a node; undefined where it may not be asked. @throws what the connection throws. */
export async function askCluster(connection: Connection): Promise<ClusterOverview | undefined> {
  const info = await connection.ask('CLUSTER', 'INFO');
  const nodes = await connection.ask('CLUSTER', 'NODES');
  if (errorText(info) !== undefined || errorText(nodes) !== undefined) return undefined;
  const text = (reply: typeof info) => (reply.type === 'bulk' || reply.type === 'verbatim' ? latin1(reply.bytes) : '');
  return clusterOverview(text(info), text(nodes));
}

/** What CLUSTER INFO and CLUSTER NODES say. */
export function clusterOverview(info: string, nodes: string): ClusterOverview {
  const fields = parseInfo(info);
  return {
    ok: fields.get('cluster_state') === 'ok',
    slotsAssigned: Number(fields.get('cluster_slots_assigned') ?? 0) || 0,
    nodes: inOrder(nodes.split('\n').flatMap(nodeOf)),
  };
}

interface PlacedNode extends ClusterNode {
  readonly firstSlot: number;
}

/** `id host:port@bus[,name] flags primary ping pong epoch link slot…`. */
function nodeOf(line: string): PlacedNode[] {
  const [id, place, flagText, primary, , , , link, ...ranges] = line.trim().split(' ');
  if (link === undefined) return [];
  const flags = new Set(flagText.split(','));
  if (flags.has('noaddr') || flags.has('handshake')) return [];
  const slots = ranges.map((range) => /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range)).filter((match) => match !== null);
  return [
    {
      id,
      address: addressIn(place),
      role: flags.has('slave') || flags.has('replica') ? 'replica' : 'primary',
      isMyself: flags.has('myself'),
      health: flags.has('fail')
        ? 'failed'
        : flags.has('fail?')
          ? 'failing'
          : link === 'connected'
            ? 'ok'
            : 'disconnected',
      slots: slots.reduce((sum, [, first, last]) => sum + Number(last ?? first) - Number(first) + 1, 0),
      primary: primary === '-' ? undefined : primary,
      firstSlot: slots.length === 0 ? Number.POSITIVE_INFINITY : Number(slots[0][1]),
    },
  ];
}

/** Without the port of the bus; a host name, where there is one, says more than an address. */
function addressIn(place: string): string {
  const [address, name] = place.split(',');
  const plain = address.replace(/@\d+$/, '');
  const colon = plain.lastIndexOf(':');
  const host = name || plain.slice(0, colon);
  return `${host.includes(':') ? `[${host}]` : host}${plain.slice(colon)}`;
}

function inOrder(nodes: readonly PlacedNode[]): ClusterNode[] {
  const primaries = nodes
    .filter(({ role }) => role === 'primary')
    .sort((a, b) => (a.firstSlot === b.firstSlot ? 0 : a.firstSlot - b.firstSlot));
  const known = new Set(primaries.map(({ id }) => id));
  const replicasOf = (id: string) => nodes.filter(({ role, primary }) => role === 'replica' && primary === id);
  const orphans = nodes.filter(({ role, primary }) => role === 'replica' && !known.has(primary ?? ''));
  const all = [...primaries.flatMap((primary) => [primary, ...replicasOf(primary.id)]), ...orphans];
  return all.map(({ firstSlot: _, ...node }) => node);
}
