/** The setting with the servers: what it makes of right entries, and what it says of wrong ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addressLabel,
  addressOf,
  entryOf,
  identityOf,
  isSameConnection,
  targetOf,
} from '../../../src/extension/servers/configured-server.js';
import { parseNode, readServers } from '../../../src/extension/servers/server-settings.js';
import { fill } from '../../../src/format/messages.js';

/** The one server of a setting without problems. */
function server(entry: object) {
  const { servers, problems } = readServers([entry]);
  assert.deepEqual(problems, []);
  assert.equal(servers.length, 1);
  return servers[0];
}

/** What is said of an entry. */
function problem(entry: unknown): string {
  const { servers, problems } = readServers([entry]);
  assert.deepEqual(servers, []);
  assert.equal(problems.length, 1);
  return fill(problems[0].template, problems[0].args);
}

describe('a configured server', () => {
  it('needs nothing: without a host it is the one of this machine', () => {
    const { name, endpoint, mode, ...rest } = server({});
    assert.equal(name, '127.0.0.1:6379');
    assert.deepEqual(endpoint, { kind: 'tcp', host: '127.0.0.1', port: 6379 });
    assert.equal(mode, 'standalone');
    assert.deepEqual(rest, { database: 0, databases: [], sentinels: [], protected: false });
  });

  it('has all that the setting can say', () => {
    const full = server({
      name: 'production',
      host: 'redis.example.org',
      port: 6380,
      username: 'ann',
      database: 2,
      tls: { ca: '/ca.pem', cert: '/c.pem', key: '/k.pem', serverName: 'redis', verify: false },
      databases: { 0: 3, 1: 4 },
      mode: 'cluster',
      protected: true,
      color: 'red',
    });
    assert.deepEqual(full, {
      name: 'production',
      endpoint: { kind: 'tcp', host: 'redis.example.org', port: 6380 },
      tls: { caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem', serverName: 'redis', verify: false },
      username: 'ann',
      database: 2,
      databases: [
        [0, 3],
        [1, 4],
      ],
      mode: 'cluster',
      sentinels: [],
      protected: true,
      color: 'red',
    });
    assert.equal(addressLabel(full), 'rediss://redis.example.org:6380');
    assert.equal(addressOf(full).db, 0);
  });

  it('can be reached by a socket, by IPv6, or by TLS with what the system trusts', () => {
    assert.deepEqual(server({ socket: '/run/redis.sock' }).endpoint, { kind: 'unix', path: '/run/redis.sock' });
    assert.deepEqual(server({ host: '[::1]' }).endpoint, { kind: 'tcp', host: '::1', port: 6379 });
    assert.equal(addressLabel(server({ host: '::1', tls: true })), 'rediss://[::1]:6379');
    assert.equal(server({ tls: false }).tls, undefined);
  });

  it('can be watched by Sentinels, who have an address and a password of their own', () => {
    const watched = server({
      name: 'main',
      mode: 'sentinel',
      host: 'one',
      masterName: 'mymaster',
      sentinels: ['two', '[::2]:5000'],
      username: 'ann',
    });
    assert.equal(addressLabel(watched), 'mymaster @ redis://one:26379');
    const target = targetOf(watched, { password: 'data', sentinelPassword: 'watch' });
    assert.deepEqual(target.sentinel, {
      masterName: 'mymaster',
      addresses: [
        { endpoint: { kind: 'tcp', host: 'one', port: 26379 }, db: 0 },
        { endpoint: { kind: 'tcp', host: 'two', port: 26379 }, db: 0 },
        { endpoint: { kind: 'tcp', host: '::2', port: 5000 }, db: 0 },
      ],
      password: 'watch',
    });
    assert.equal(target.address.username, 'ann');
    assert.equal(target.password, 'data');
    assert.notEqual(identityOf(watched), identityOf(watched, 'sentinel'));
  });

  it('is written back as the entry that makes the same server', () => {
    for (const entry of [
      { name: 'a', host: 'h', port: 7000 },
      { name: 'b', socket: '/s', database: 3, color: 'blue' },
      { name: 'c', host: '::1', port: 1, tls: { ca: '/ca', verify: false }, databases: { 1: 2 }, protected: true },
      {
        name: 'd',
        host: 'h',
        port: 26379,
        mode: 'sentinel',
        masterName: 'm',
        sentinels: ['[::1]:5', 'x:6'],
        sentinelUsername: 'w',
      },
      { name: 'e', host: 'h', port: 7000, tls: {}, mode: 'cluster', username: 'ann' },
    ]) {
      assert.deepEqual(entryOf(server(entry)), entry);
    }
  });

  it('is the same to connect to, whatever it is called and looks like', () => {
    const place = { name: 'a', host: 'h' };
    assert.ok(isSameConnection(server(place), server({ ...place, name: 'b', color: 'red', protected: true })));
    for (const other of [{ host: 'i' }, { username: 'ann' }, { tls: true }, { mode: 'cluster' }, { database: 1 }]) {
      assert.ok(!isSameConnection(server(place), server({ ...place, ...other })));
    }
  });

  it('keeps its password when it is renamed, but not when it moves or has another user', () => {
    const place = { name: 'a', host: 'h' };
    assert.equal(identityOf(server(place)), identityOf(server({ ...place, name: 'b', protected: true })));
    for (const other of [{ host: 'i' }, { port: 1 }, { username: 'ann' }, { tls: true }]) {
      assert.notEqual(identityOf(server(place)), identityOf(server({ ...place, ...other })));
    }
  });
});

describe('a wrong entry', () => {
  it('is named with its field, what is in it, and what it takes', () => {
    assert.match(problem({ port: 70000 }), /field port cannot be 70000\. It takes 1…65535/);
    assert.match(problem({ port: '6379' }), /field port cannot be "6379"/);
    assert.match(problem({ mode: 'clustered' }), /field mode .*standalone, cluster, sentinel/);
    assert.match(problem({ color: 'pink' }), /field color .*red, orange/);
    assert.match(problem({ protected: 'yes' }), /field protected .*true, false/);
    assert.match(problem({ databases: { a: 1 } }), /field databases cannot be \{"a":1\}/);
    assert.match(problem({ databases: { 0: -1 } }), /field databases/);
    assert.match(problem({ database: 1.5 }), /field database/);
    assert.match(problem({ name: 7 }), /field name/);
    assert.match(problem({ tls: 'yes' }), /field tls/);
    assert.match(problem({ mode: 'sentinel', masterName: 'm', sentinels: ['a b'] }), /field sentinels cannot be "a b"/);
    assert.match(problem('redis://localhost'), /no object/);
    assert.match(problem({ mode: 'sentinel' }), /masterName/);
    assert.match(problem({ socket: '/s', port: 1 }), /socket and also a host/);
    assert.match(problem({ socket: '/s', tls: true }), /no TLS/);
    assert.match(problem({ tls: { cert: '/c' } }), /both/);
  });

  it('never has a password repeated in what is said of it', () => {
    assert.match(problem({ password: 'secret' }), /secret storage/);
    assert.doesNotMatch(problem({ password: 'geheim' }), /geheim/);
    assert.doesNotMatch(problem({ host: 'ann:geheim@host' }), /geheim/);
  });

  it('leaves the others alone', () => {
    const { servers, problems } = readServers([{ name: 'a' }, { name: 'a', port: 1 }, null, { name: 'b', port: 2 }]);
    assert.deepEqual(
      servers.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(
      problems.map(({ entry }) => entry),
      [2, 3],
    );
    assert.match(fill(problems[0].template, problems[0].args), /name a already/);
  });

  it('can be the setting itself', () => {
    assert.deepEqual(readServers(undefined), { servers: [], problems: [] });
    assert.equal(readServers({ name: 'a' }).problems[0].entry, 0);
  });
});

describe('a node', () => {
  it('is a host with or without a port', () => {
    assert.deepEqual(parseNode('host'), { host: 'host', port: 26379 });
    assert.deepEqual(parseNode(' host:1 '), { host: 'host', port: 1 });
    assert.deepEqual(parseNode('[::1]:2'), { host: '::1', port: 2 });
    for (const text of ['', 'a:b', 'a:0', 'a:70000', 'u@h', 'a b', '::1'])
      assert.equal(parseNode(text), undefined, text);
  });
});
