/** A cluster of real servers for tests. */
import { freePorts } from './ports.js';
import { TestServer } from './server.js';

/** Nodes that know each other, each with a third of the slots. */
export interface Cluster {
  readonly nodes: readonly TestServer[];
  readonly ids: readonly string[];
  readonly ports: readonly number[];
  readonly url: string;
}

/** Starts three nodes; they run until somebody stops them. */
export async function startCluster(): Promise<Cluster> {
  const nodes: TestServer[] = [];
  const ids: string[] = [];
  const ports = await freePorts(6);
  for (const i of [0, 1, 2]) {
    const node = await TestServer.startForGood(
      ...['--port', String(ports[i]), '--cluster-enabled', 'yes', '--cluster-port', String(ports[i + 3])],
    );
    nodes.push(node);
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(i * 5461), String(i === 2 ? 16383 : i * 5461 + 5460));
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
    ids.push(Buffer.from((await node.command('CLUSTER', 'MYID')) as Uint8Array).toString());
  }
  for (const i of [1, 2]) {
    await nodes[0].command('CLUSTER', 'MEET', '127.0.0.1', String(ports[i]), String(ports[i + 3]));
  }
  for (const node of nodes) {
    for (;;) {
      const info = Buffer.from((await node.command('CLUSTER', 'INFO')) as Uint8Array).toString();
      if (/cluster_state:ok/.test(info) && /cluster_slots_ok:16384/.test(info)) break;
    }
  }
  return { nodes, ids, ports, url: `redis://127.0.0.1:${ports[0]}` };
}
