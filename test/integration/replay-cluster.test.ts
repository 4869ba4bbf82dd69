/** Replays into a cluster of three nodes: every key where it belongs, also while slots move. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { slotOf } from '../../src/dataset/slots.js';
import { tempFolder } from '../unit/support/temp.js';
import { freePorts } from './ports.js';
import { addressOf, aof, keysOf, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const file = path.join(folder, `${files++}.aof`);
  writeFileSync(file, bytes);
  return file;
}

/** The digest of every key of some servers. */
async function digests(servers: readonly TestServer[]): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const server of servers) {
    const keys = await server.command('KEYS', '*');
    assert.ok(Array.isArray(keys));
    const values = await server.commands(keys.map((key) => ['DEBUG', 'DIGEST-VALUE', key as Uint8Array]));
    for (const [i, key] of keys.entries()) {
      found.set(Buffer.from(key as Uint8Array).toString('latin1'), String(values[i]));
    }
  }
  return found;
}

function sorted(map: Map<string, unknown>): [string, unknown][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

interface Cluster {
  readonly nodes: readonly TestServer[];
  readonly ids: readonly string[];
  readonly ports: readonly number[];
  readonly url: string;
}

/** Starts three nodes, each with a third of the slots. */
async function startCluster(): Promise<Cluster> {
  const nodes: TestServer[] = [];
  const ids: string[] = [];
  const ports = await freePorts(6);
  for (const i of [0, 1, 2]) {
    const node = await TestServer.start(
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

describe('a replay into a cluster', () => {
  it('puts every key where it belongs, and leaves out what no node can do', async () => {
    const { nodes, url } = await startCluster();
    const commands: string[][] = [];
    for (let i = 0; i < 3000; i++) {
      commands.push(['RPUSH', `list:${i % 700}`, `item ${i}`], ['SET', `key:${i}`, `v${i}`]);
      if (i % 50 === 0) commands.push(['MULTI'], ['INCR', `{${i}}:a`], ['APPEND', `{${i}}:b`, 'x'], ['EXEC']);
      if (i % 90 === 0) commands.push(['DEL', `key:${i}`, `key:${i - 1}`], ['MSET', `m:${i}`, '1', `n:${i}`, '2']);
    }
    const file = fileOf(aof(...commands));
    const single = await TestServer.start();
    await replayed(reportFile, file, addressOf(single));
    const { status, report } = await replayed(reportFile, file, url);
    assert.deepEqual([status, report.failed, report.skipped], [0, 0, 0]);
    assert.deepEqual(sorted(await digests(nodes)), sorted(await digests([single])));
    const refused = aof(
      ['RENAME', 'a', 'b'],
      ['MULTI'],
      ['SET', 'a', '1'],
      ['SET', 'b', '1'],
      ['EXEC'],
      ['EVAL', 'return 1', '0'],
      ['SELECT', '1'],
      ['SET', 'c', '1'],
    );
    const left = (await replayed(reportFile, fileOf(refused), url)).report;
    assert.deepEqual(left.skips, {
      'cross-slot': { RENAME: 1, MULTI: 1, SET: 2, EXEC: 1 },
      'unknown-keys': { EVAL: 1 },
      'cluster-database': { SET: 1 },
    });
    assert.equal(left.sent, 0);
  });

  it('follows keys whose slot is moving, and those whose slot has moved', async () => {
    const { nodes, ids, ports, url } = await startCluster();
    const slot = slotOf(Buffer.from('{move}'));
    const from = Math.min(2, Math.floor(slot / 5461));
    const to = (from + 1) % 3;
    await nodes[from].command('SET', '{move}:here', '1');
    await nodes[to].command('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', ids[from]);
    await nodes[from].command('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', ids[to]);
    const moving = aof(['APPEND', '{move}:new', 'a'], ['APPEND', '{move}:here', '2'], ['APPEND', '{move}:new', 'b']);
    const { status, report } = await replayed(reportFile, fileOf(moving), url);
    assert.deepEqual([status, report.applied, report.sent], [0, 3, 3]);
    await nodes[from].command('MIGRATE', '127.0.0.1', String(ports[to]), '{move}:here', '0', '5000');
    // The node that is asked for the slots does not know yet that they have moved.
    for (const i of [to, from]) await nodes[i].command('CLUSTER', 'SETSLOT', String(slot), 'NODE', ids[to]);
    const moved = aof(['MULTI'], ['APPEND', '{move}:new', 'c'], ['EXEC'], ['APPEND', '{move}:new', 'd']);
    const after = await replayed(reportFile, fileOf(moved), url);
    assert.deepEqual([after.status, after.report.applied, after.report.failed], [0, 4, 0]);
    const [value] = await nodes[to].commands([['GET', '{move}:new']]);
    assert.equal(Buffer.from(value as Uint8Array).toString(), 'abcd');
    assert.ok(!(await keysOf(nodes[from])).includes('{move}:new'));
  });
});
