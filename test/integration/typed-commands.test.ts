/** Commands that somebody types for a server: what goes over the wire, what they may do by its own words, what it says of itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latin1 } from '../../src/decoder/bytes.js';
import { parseServerAddress } from '../../src/server/address.js';
import { type CommandRisk, riskOf } from '../../src/server/command-risk.js';
import type { Connection } from '../../src/server/connection.js';
import { ServerError } from '../../src/server/errors.js';
import { type Exchange, KEPT, TypedCommands } from '../../src/server/exchange.js';
import { connectTo } from '../../src/server/node/connect.js';
import { askOverview } from '../../src/server/overview.js';
import { replyText } from '../../src/server/reply-text.js';
import { parseTypedLine } from '../../src/server/typed-line.js';
import { freePort } from './ports.js';
import { TestServer } from './server.js';

function argv(line: string): readonly Uint8Array[] {
  const typed = parseTypedLine(line);
  assert.ok('argv' in typed);
  return typed.argv;
}

function connect(server: TestServer): Promise<Connection> {
  return connectTo(parseServerAddress(`unix://${server.socketPath}`));
}

const shown = ({ reply }: Exchange) => replyText(reply, 100).lines.join('\n');

describe('typed commands', () => {
  it('are sent as RESP, and what comes back is kept as it came', async () => {
    const server = await TestServer.start();
    const typed = new TypedCommands(await connect(server), () => 0);
    const set = await typed.run(argv('SET "a key" 1'));
    assert.equal(latin1(set.request), '*3\r\n$3\r\nSET\r\n$5\r\na key\r\n$1\r\n1\r\n');
    assert.equal(latin1(set.received), '+OK\r\n');
    assert.equal(shown(await typed.run(argv('INCR "a key"'))), '(integer) 2');
    assert.equal(shown(await typed.run(argv('NOSUCH'))).slice(0, 27), '(error) ERR unknown command');
    // What a connection is, stays: a transaction, a database, RESP3.
    assert.equal(shown(await typed.run(argv('MULTI'))), 'OK');
    assert.equal(shown(await typed.run(argv('GET "a key"'))), 'QUEUED');
    assert.equal(shown(await typed.run(argv('EXEC'))), '1) "2"');
    assert.match(shown(await typed.run(argv('HELLO 3'))), /"proto" => \(integer\) 3/);
    assert.match(latin1((await typed.run(argv('CONFIG GET maxmemory'))).received), /^%1\r\n/);
    typed.close();
  });

  it('keep only the beginning of a long reply, and refuse one without end', async () => {
    const server = await TestServer.start();
    const typed = new TypedCommands(await connect(server), () => 0);
    await typed.run(argv(`SETRANGE long ${KEPT * 4} x`));
    const long = await typed.run(argv('GET long'));
    assert.equal(long.received.length, KEPT);
    assert.equal(long.receivedBytes, KEPT * 4 + 1 + `$${KEPT * 4 + 1}\r\n`.length + 2);
    await typed.run(argv(`SETRANGE longer ${20 * 1024 * 1024} x`));
    await assert.rejects(
      typed.run(argv('GET longer')),
      (error) => error instanceof ServerError && ['reply-size', 'protocol'].includes(error.code),
    );
    assert.equal(typed.isOpen, false);
    await assert.rejects(typed.run(argv('PING')), ServerError);
  });

  it('end with the connection', async () => {
    const server = await TestServer.start();
    const typed = new TypedCommands(await connect(server), () => 0);
    const waiting = typed.run(argv('BLPOP nothing 0'));
    typed.close();
    await assert.rejects(waiting, (error) => error instanceof ServerError && error.code === 'closed');
  });
});

describe('what a typed command may do', () => {
  const CASES: readonly (readonly [line: string, risk: CommandRisk])[] = [
    ['GET k', 'read'],
    ['info', 'read'],
    ['KEYS *', 'read'],
    ['CONFIG GET save', 'read'],
    ['CLIENT LIST', 'read'],
    ['OBJECT ENCODING k', 'read'],
    ['CLUSTER NODES', 'read'],
    ['SLOWLOG GET', 'read'],
    ['HELLO 3', 'read'],
    ['SET k v', 'write'],
    ['del k', 'write'],
    ['ZUNIONSTORE a 1 b', 'write'],
    ['EVAL "return 1" 0', 'write'],
    ['SCRIPT FLUSH', 'write'],
    ['FLUSHALL', 'steer'],
    ['SWAPDB 0 1', 'steer'],
    ['CONFIG SET save ""', 'steer'],
    ['SHUTDOWN', 'steer'],
    ['CLIENT KILL TYPE normal', 'steer'],
    ['DEBUG SLEEP 1', 'steer'],
    ['REPLICAOF NO ONE', 'steer'],
    ['NOSUCH k', 'unknown'],
    ['MONITOR', 'stream'],
    ['subscribe c', 'stream'],
    ['CLIENT REPLY OFF', 'stream'],
    ['AUTH secret', 'password'],
    ['HELLO 3 AUTH default secret', 'password'],
    ['CONFIG SET requirepass secret', 'password'],
    ['ACL SETUSER ann on >secret', 'password'],
    ['MIGRATE host 6379 k 0 10 AUTH secret', 'password'],
    ['ACL SETUSER ann on', 'steer'],
    ['CONFIG GET requirepass', 'read'],
  ];

  it('is told by the server', async () => {
    const connection = await connect(await TestServer.start());
    for (const [line, risk] of CASES) assert.equal(await riskOf(connection, argv(line)), risk, line);
    connection.close();
  });

  it('is not known where the server may not be asked', async () => {
    const server = await TestServer.start();
    await server.command('ACL', 'SETUSER', 'default', '-command');
    const connection = await connect(server);
    assert.equal(await riskOf(connection, argv('GET k')), 'unknown');
    connection.close();
  });
});

describe('the overview of a real primary', () => {
  it('has its keys, its files and its replica', async () => {
    const port = await freePort();
    const primary = await TestServer.start(
      '--port',
      String(port),
      '--appendonly',
      'yes',
      '--save',
      '3600 1',
      ...['--repl-diskless-sync-delay', '0'],
    );
    await primary.commands([
      ['SET', 'a', '1'],
      ['SET', 'b', '1', 'EX', '1000'],
      ['SELECT', '3'],
      ['SET', 'c', '1'],
    ]);
    const replica = await TestServer.start('--replicaof', '127.0.0.1', String(port));
    const connections = [await connect(primary), await connect(replica)];
    while ((await askOverview(connections[0])).replication.replicas[0]?.state !== 'online');
    const seen = await askOverview(connections[0]);
    assert.deepEqual(seen.databases, [
      { db: 0, keys: 2, expires: 1 },
      { db: 3, keys: 1, expires: 0 },
    ]);
    assert.ok((seen.usedMemory ?? 0) > 0);
    assert.equal(seen.persistence.aof, true);
    assert.equal(seen.persistence.lastSaveOk, true);
    assert.match(seen.replication.id ?? '', /^[0-9a-f]{40}$/);
    assert.equal(seen.replication.backlog?.active, true);
    const other = await askOverview(connections[1]);
    assert.equal(other.role, 'replica');
    assert.equal(other.replication.link?.primary, `127.0.0.1:${port}`);
    for (const connection of connections) connection.close();
  });
});
