/** What is made of INFO: of a primary with replicas, a replica, a server that loads, an old one, and of nonsense. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseInfo } from '../../../src/server/facts.js';
import { overviewOf } from '../../../src/server/overview.js';

const overview = (...lines: string[]) => overviewOf(parseInfo(lines.join('\r\n')));

describe('the overview of a primary', () => {
  const seen = overview(
    '# Server',
    'redis_version:7.0.15',
    'redis_mode:standalone',
    'uptime_in_seconds:77',
    'used_memory:1014080',
    'maxmemory:0',
    'maxmemory_policy:noeviction',
    'loading:0',
    'rdb_changes_since_last_save:12',
    'rdb_bgsave_in_progress:0',
    'rdb_last_save_time:1795847279',
    'rdb_last_bgsave_status:err',
    'aof_enabled:1',
    'aof_rewrite_in_progress:1',
    'aof_current_rewrite_time_sec:3',
    'aof_last_bgrewrite_status:ok',
    'aof_current_size:100',
    'aof_base_size:40',
    'role:master',
    'slave0:ip=127.0.0.1,port=7392,state=online,offset=9007199254740993,lag=1',
    'slave1:ip=::1,port=7393,state=wait_bgsave,offset=0,lag=0',
    'master_replid:334718bcec17a1a3fabc7a6734f71969cd2fa0cd',
    'master_repl_offset:9007199254740995',
    'repl_backlog_active:1',
    'repl_backlog_size:1048576',
    'repl_backlog_first_byte_offset:1',
    'repl_backlog_histlen:200',
    'db0:keys=3,expires=1,avg_ttl=0',
    'db12:keys=4,expires=0,avg_ttl=0,subexpiry=2',
  );

  it('has its version, its memory and the keys of its databases', () => {
    assert.deepEqual([seen.make, seen.version, seen.mode, seen.role], ['redis', '7.0.15', 'standalone', 'primary']);
    assert.deepEqual([seen.usedMemory, seen.maxMemory, seen.uptimeSeconds], [1014080, 0, 77]);
    assert.equal(seen.loading, undefined);
    assert.deepEqual(seen.databases, [
      { db: 0, keys: 3, expires: 1 },
      { db: 12, keys: 4, expires: 0 },
    ]);
  });

  it('says how its files are', () => {
    assert.deepEqual(seen.persistence, {
      lastSave: 1795847279,
      lastSaveOk: false,
      changesSinceSave: 12,
      saving: undefined,
      aof: true,
      rewriting: 3,
      rewriteScheduled: false,
      lastRewriteOk: true,
      lastWriteOk: true,
      aofSize: 100,
      aofBaseSize: 40,
    });
  });

  it('knows how far its replicas are, exactly', () => {
    assert.deepEqual(seen.replication.replicas, [
      { address: '127.0.0.1:7392', state: 'online', offset: 9007199254740993n, lagBytes: 2, lagSeconds: 1 },
      {
        address: '[::1]:7393',
        state: 'wait_bgsave',
        offset: 0n,
        lagBytes: Number(9007199254740995n),
        lagSeconds: 0,
      },
    ]);
    assert.deepEqual(seen.replication.backlog, { active: true, size: 1048576, firstOffset: 1n, used: 200 });
    assert.equal(seen.replication.link, undefined);
  });
});

describe('the overview of a replica', () => {
  it('has the link to its primary', () => {
    const { role, replication } = overview(
      'role:slave',
      'master_host:::1',
      'master_port:7391',
      'master_link_status:down',
      'master_last_io_seconds_ago:-1',
      'master_sync_in_progress:1',
      'master_sync_left_bytes:500',
      'slave_repl_offset:70',
      'master_link_down_since_seconds:9',
      'master_repl_offset:60',
    );
    assert.equal(role, 'replica');
    assert.equal(replication.offset, 70n);
    assert.deepEqual(replication.link, {
      primary: '[::1]:7391',
      up: false,
      lastIo: undefined,
      syncing: true,
      syncBytesLeft: 500,
      downSeconds: 9,
    });
  });
});

describe('the overview of other servers', () => {
  it('names Valkey, a cluster, a Sentinel, and what is being loaded', () => {
    const valkey = overview('redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.0.1', 'cluster_enabled:1');
    assert.deepEqual([valkey.make, valkey.version, valkey.mode], ['valkey', '8.0.1', 'cluster']);
    assert.equal(overview('redis_mode:sentinel').role, 'sentinel');
    assert.equal(overview('loading:1', 'loading_loaded_perc:12.34').loading, 12.34);
    assert.equal(overview('loading:1').loading, 0);
  });

  it('takes what makes no sense for what was not said', () => {
    const seen = overview(
      'used_memory:much',
      'rdb_last_save_time:-1',
      'db0:keys=x',
      'dbx:keys=1',
      'slave0:ip=1,state=online',
      'slave1:127.0.0.1,6379,online',
      'master_repl_offset:1e9',
      'repl_backlog_size:',
    );
    assert.equal(seen.usedMemory, undefined);
    assert.equal(seen.persistence.lastSave, undefined);
    assert.deepEqual(seen.databases, []);
    assert.deepEqual(seen.replication.replicas, []);
    assert.equal(seen.replication.offset, undefined);
    assert.equal(seen.replication.backlog, undefined);
    assert.deepEqual([seen.role, seen.version], ['primary', '']);
  });
});
