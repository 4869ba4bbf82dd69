/** What is looked at before the first write: whether a server takes writes at all, and whether it has room for them. */
import type { ServerAddress } from './address.js';
import { nodeAddress, slotOwners } from './cluster-topology.js';
import { type Connection, stringOf } from './connection.js';
import { type DatabaseFacts, factsOf, parseInfo, type ServerFacts, targetDoubt } from './facts.js';
import { ReplayInputError } from './replay-errors.js';
import type { ServerMode } from './target.js';

/** Memory that keys of an RDB take beside their bytes: the name, the entry of the table, and what is rounded up. */
const BYTES_OF_KEY = 80;
/** Values take more room in memory than in a file. */
const GROWTH = 1.25;

/** About how many bytes of memory keys take. @param bytes that they have in a file. @param keys how many they are. */
export function memoryOfKeys(bytes: number, keys: number): number {
  return Math.round(bytes * GROWTH + keys * BYTES_OF_KEY);
}

/** A word of caution, which forbids nothing. Sizes are in bytes. */
export type TargetCaution =
  /** Nothing is evicted: when the memory is full, all further writes are refused. */
  | { readonly kind: 'memory'; readonly used: number; readonly limit: number; readonly needed: number }
  /** When the memory is full, keys are evicted, those that are written now or those that were there. */
  | {
      readonly kind: 'eviction';
      readonly used: number;
      readonly limit: number;
      readonly needed: number;
      readonly policy: string;
    };

/** What may go wrong with what is about to be written. @param facts of a cluster those of all nodes together. */
export function cautionsFor(facts: ServerFacts, needed: number): readonly TargetCaution[] {
  const { usedMemory: used = 0, maxMemory: limit = 0, evictionPolicy: policy = 'noeviction' } = facts;
  if (limit === 0 || used + needed <= limit) return [];
  const sizes = { used, limit, needed };
  return [policy === 'noeviction' ? { kind: 'memory', ...sizes } : { kind: 'eviction', ...sizes, policy }];
}

/** How servers are reached to be asked. */
export interface FactsAccess {
  readonly address: ServerAddress;
  readonly control: Connection;
  connect(address: ServerAddress): Promise<Connection>;
}

/**
 * What is known of a server that is to be written to; of a cluster, keys and memory are those of all its primaries.
 *
 * @param mode what it was said to be; undefined if nobody has said it.
 * @throws ReplayInputError for a server that must not be written to, ServerError what the connections throw.
 */
export async function factsForWriting(access: FactsAccess, mode?: ServerMode): Promise<ServerFacts> {
  const facts = await factsOf(access.control);
  if (facts.mode !== 'cluster' || facts.loading) {
    const doubt = targetDoubt(facts);
    if (doubt) throw new ReplayInputError(doubt, facts.address);
  }
  if (mode === 'cluster' && facts.mode !== 'cluster') throw new ReplayInputError('no-cluster', facts.address);
  if (mode !== undefined && mode !== 'cluster' && facts.mode === 'cluster') {
    throw new ReplayInputError('is-cluster', facts.address);
  }
  return facts.mode === 'cluster' ? clusterFacts(access, facts) : facts;
}

async function clusterFacts({ address, control, connect }: FactsAccess, seed: ServerFacts): Promise<ServerFacts> {
  const state = parseInfo(stringOf(await control.command('CLUSTER', 'INFO')) ?? '').get('cluster_state');
  const owners = await slotOwners(control, address);
  if (state !== 'ok' || owners.includes(undefined)) throw new ReplayInputError('cluster-down', seed.address);
  const nodes: ServerFacts[] = [];
  for (const owner of new Set(owners)) {
    if (owner === undefined) continue;
    const connection = await connect(nodeAddress(address, owner));
    try {
      nodes.push(await factsOf(connection));
    } finally {
      connection.close();
    }
  }
  const sum = (of: (node: ServerFacts) => number | undefined) => nodes.reduce((all, node) => all + (of(node) ?? 0), 0);
  const loading = nodes.find((node) => node.loading);
  if (loading) throw new ReplayInputError('loading', loading.address);
  // One node without a limit takes what the others do not.
  const limited = nodes.every(({ maxMemory = 0 }) => maxMemory > 0);
  const policies = new Set(nodes.map(({ evictionPolicy }) => evictionPolicy));
  const keys = sum(({ databases }) => keysOf(databases));
  return {
    ...seed,
    role: 'master',
    loading: false,
    databases: keys > 0 ? [{ db: 0, keys }] : [],
    usedMemory: sum(({ usedMemory }) => usedMemory),
    maxMemory: limited ? sum(({ maxMemory }) => maxMemory) : 0,
    evictionPolicy: policies.has('noeviction') ? 'noeviction' : seed.evictionPolicy,
    nodes: nodes.length,
  };
}

/** Keys of all databases. */
export function keysOf(databases: readonly DatabaseFacts[]): number {
  return databases.reduce((sum, { keys }) => sum + keys, 0);
}
