/** What is made of CLUSTER INFO and CLUSTER NODES: of several releases, with nodes that failed and slots on their way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clusterOverview } from '../../../src/server/cluster-overview.js';

const INFO = 'cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_known_nodes:4\r\n';
const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const D = 'd'.repeat(40);

describe('the overview of a cluster', () => {
  it('has primaries by their slots, each with its replicas', () => {
    const { ok, slotsAssigned, nodes } = clusterOverview(
      INFO,
      [
        `${C} 10.0.0.3:7002@17002 slave ${A} 0 1795847279000 1 connected`,
        `${B} 10.0.0.2:7001@17001,two.example master - 0 1795847279000 2 connected 8192-16383`,
        `${A} 127.0.0.1:7000@17000 myself,master - 0 1795847279000 1 connected 0-8190 8191 [93-<-${B}]`,
        `${D} :0@0 master,noaddr - 1 1 0 disconnected`,
        '',
      ].join('\n'),
    );
    assert.deepEqual([ok, slotsAssigned], [true, 16384]);
    assert.deepEqual(
      nodes.map(({ address, role, slots, isMyself }) => [address, role, slots, isMyself]),
      [
        ['127.0.0.1:7000', 'primary', 8192, true],
        ['10.0.0.3:7002', 'replica', 0, false],
        ['two.example:7001', 'primary', 8192, false],
      ],
    );
  });

  it('says which nodes are not well', () => {
    const { ok, nodes } = clusterOverview(
      'cluster_state:fail\n',
      [
        `${A} ::1:7000@17000 master,fail - 0 0 1 disconnected 0-1`,
        `${B} 10.0.0.2:7001 master,fail? - 0 0 1 connected 2-3`,
        `${C} 10.0.0.3:7001 slave ${D} 0 0 1 disconnected`,
        'nonsense',
      ].join('\n'),
    );
    assert.equal(ok, false);
    assert.deepEqual(
      nodes.map(({ address, health }) => [address, health]),
      [
        ['[::1]:7000', 'failed'],
        ['10.0.0.2:7001', 'failing'],
        ['10.0.0.3:7001', 'disconnected'],
      ],
    );
  });
});
