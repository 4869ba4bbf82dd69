/** Connections to real servers: plain, TLS, Unix sockets, users and passwords, and servers that do not let us in. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { parseServerAddress } from '../../src/server/address.js';
import { stringOf } from '../../src/server/connection.js';
import { ServerError } from '../../src/server/errors.js';
import { type ConnectOptions, connectTo } from '../../src/server/node/connect.js';
import { tempFolder } from '../unit/support/temp.js';
import { makeCertificate } from './certificates.js';
import { freePort } from './ports.js';
import { TestServer } from './server.js';

const folder = tempFolder();

/** Connects and asks who we are. */
async function whoAmI(url: string, options: ConnectOptions = {}): Promise<string | undefined> {
  const connection = await connectTo(parseServerAddress(url), options);
  try {
    return stringOf(await connection.command('ACL', 'WHOAMI'));
  } finally {
    connection.close();
  }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ServerError) return error.code;
    throw error;
  }
  return 'none';
}

/** A server that answers every read with the next of some texts. */
async function scripted(...replies: string[]): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const left = [...replies];
    socket.on('data', () => {
      const next = left.shift();
      if (next === undefined) socket.destroy();
      else if (next !== '') socket.write(next);
    });
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('a connection', () => {
  it('is made over a Unix socket and over TCP, and selects the database of the address', async () => {
    const port = await freePort();
    const server = await TestServer.start('--port', String(port));
    await server.commands([
      ['SELECT', '5'],
      ['SET', 'k', 'v'],
    ]);
    for (const url of [`redis://localhost:${port}/5`, `unix://${server.socketPath}?db=5`]) {
      const connection = await connectTo(parseServerAddress(url));
      assert.equal(stringOf(await connection.command('GET', 'k')), 'v', url);
      connection.close();
    }
    assert.equal(await failure(connectTo(parseServerAddress(`redis://localhost:${port}/99`))), 'reply');
  });

  it('logs in as a user, and says what is wrong with a password', async () => {
    const server = await TestServer.start();
    await server.command('ACL', 'SETUSER', 'ann', 'on', '>secret', '~*', '+acl|whoami');
    await server.command('CONFIG', 'SET', 'requirepass', 'master');
    const url = `unix://${server.socketPath}`;
    assert.equal(await whoAmI(url, { password: 'master' }), 'default');
    assert.equal(await whoAmI(`${url}?user=ann`, { password: 'secret' }), 'ann');
    assert.equal(await failure(whoAmI(url)), 'auth-required');
    assert.equal(await failure(whoAmI(url, { password: 'other' })), 'wrong-password');
    assert.equal(await failure(whoAmI(`${url}?user=bob`, { password: 'secret' })), 'wrong-password');
  });

  it('is made over TLS where the certificate is trusted', async () => {
    const { cert, key } = makeCertificate(folder);
    const port = await freePort();
    await TestServer.start(
      ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
      ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
    );
    assert.equal(await whoAmI(`rediss://localhost:${port}?cacert=${cert}`), 'default');
    assert.equal(await whoAmI(`rediss://127.0.0.1:${port}?cacert=${cert}&sni=localhost`), 'default');
    assert.equal(await whoAmI(`rediss://localhost:${port}?insecure=true`), 'default');
    assert.equal(await failure(whoAmI(`rediss://localhost:${port}`)), 'certificate');
    const { cert: other } = makeCertificate(folder, 'other-');
    assert.equal(await failure(whoAmI(`rediss://localhost:${port}?cacert=${other}`)), 'certificate');
    assert.equal(await failure(whoAmI(`rediss://localhost:${port}?cacert=${cert}&sni=other.example`)), 'certificate');
    assert.equal(await failure(whoAmI(`rediss://localhost:${port}?cacert=/nowhere.pem`)), 'tls-file');
  });

  it('says that a server does not speak TLS', async () => {
    const port = await freePort();
    await TestServer.start('--port', String(port));
    assert.equal(await failure(whoAmI(`rediss://localhost:${port}`, { connectSeconds: 1 })), 'no-tls');
  });

  it('says that nobody listens', async () => {
    assert.equal(await failure(whoAmI(`redis://127.0.0.1:${await freePort()}`)), 'unreachable');
    assert.equal(await failure(whoAmI('unix:///nowhere/socket')), 'unreachable');
  });
});

describe('a connection to a server that knows no HELLO', () => {
  const unknown = "-ERR unknown command 'HELLO'\r\n";

  it('is made with AUTH', async () => {
    const url = await scripted(unknown, '+OK\r\n', '+PONG\r\n', '$3\r\nold\r\n');
    assert.equal(await whoAmI(url, { password: 'secret' }), 'old');
  });

  it('is made where no password is set, though one is given', async () => {
    const url = await scripted(unknown, '-ERR Client sent AUTH, but no password is set\r\n', '+PONG\r\n', '+old\r\n');
    assert.equal(await whoAmI(url, { password: 'secret' }), 'old');
  });

  it('says that the server wants a password, or knows no users', async () => {
    assert.equal(
      await failure(whoAmI(await scripted(unknown, '-NOAUTH Authentication required.\r\n'))),
      'auth-required',
    );
    const url = await scripted(unknown, "-ERR wrong number of arguments for 'auth' command\r\n");
    assert.equal(await failure(whoAmI(url.replace('//', '//ann@'), { password: 'secret' })), 'no-users');
  });
});

describe('a connection that goes wrong', () => {
  it('ends with the reason, for every command that waits', async () => {
    const closing = await connectTo(parseServerAddress(await scripted('+OK\r\n')));
    const all = [closing.ask('GET', 'a'), closing.ask('GET', 'b')].map(failure);
    assert.deepEqual(await Promise.all(all), ['closed', 'closed']);
    assert.equal(await failure(closing.ask('GET', 'c')), 'closed');
  });

  it('does not wait forever', async () => {
    const url = await scripted('+OK\r\n', '');
    const silent = await connectTo(parseServerAddress(url), { replySeconds: 0.05 });
    assert.equal(await failure(silent.ask('GET', 'a')), 'timeout');
  });

  it('is told from a server that speaks something else', async () => {
    assert.equal(
      await failure(connectTo(parseServerAddress(await scripted('HTTP/1.1 400 Bad Request\r\n\r\n')))),
      'protocol',
    );
  });
});
