/** The connection to a server that is watched: it comes back by itself where that makes sense, and only there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { targetOf } from '../../src/extension/servers/configured-server.js';
import { ServerLink } from '../../src/extension/servers/server-link.js';
import { readServers } from '../../src/extension/servers/server-settings.js';
import type { Servers } from '../../src/extension/servers/servers.js';
import { ServerError } from '../../src/server/errors.js';
import { openTarget } from '../../src/server/node/open-target.js';
import { TestServer } from './server.js';

/** A link to a server, with the password that is kept for it; nobody is there to be asked. */
function linkTo(entry: object, passwords: { password?: string } = {}) {
  const [server] = readServers([entry]).servers;
  const kept: Pick<Servers, 'targetOf' | 'withPassword'> = {
    targetOf: async (one) => targetOf(one, passwords),
    withPassword: async (one, connect) => connect(targetOf(one, passwords)),
  };
  const states: string[] = [];
  const link = new ServerLink(
    server,
    kept as Servers,
    // The way by Sentinels is tested elsewhere: here they would all say that it is this server.
    async ({ sentinel: _, ...target }) => (await openTarget(target, { connectSeconds: 2 })).control,
    ({ state }) => states.push(state),
  );
  return { link, states };
}

const code = (link: ServerLink) => (link.error instanceof ServerError ? link.error.code : undefined);

describe('a server that is watched', () => {
  it('says what it is once it is connected, and nothing when it is left', async () => {
    const server = await TestServer.start();
    await server.command('SET', 'k', 'v');
    const { link, states } = linkTo({ socket: server.socketPath });
    assert.equal(link.state, 'idle');
    const { stay } = link;
    await link.connect();
    assert.deepEqual(states, ['connecting', 'connected']);
    assert.deepEqual(link.overview?.databases, [{ db: 0, keys: 1, expires: 0 }]);
    const { current } = link;
    await link.connect();
    assert.equal(link.current, current, 'it connects once');
    link.disconnect();
    assert.equal(link.overview, undefined);
    assert.equal(link.current, undefined);
    assert.notEqual(link.stay, stay);
  });

  it('is reached again when it comes back, but not before it is time', async () => {
    const server = await TestServer.start();
    const { link } = linkTo({ socket: server.socketPath });
    await link.connect();
    await server.kill();
    await link.refresh(Date.now());
    assert.equal(link.state, 'failed');
    assert.equal(code(link), 'closed');
    await server.restart();
    await link.refresh(Date.now());
    assert.equal(link.state, 'failed');
    await link.refresh(Date.now() + 60_000);
    assert.equal(link.state, 'connected');
    assert.equal(link.error, undefined);
    link.disconnect();
  });

  it('is not tried again where a person has to mend something', async () => {
    const server = await TestServer.start();
    await server.command('CONFIG', 'SET', 'requirepass', 'right');
    const { link } = linkTo({ socket: server.socketPath }, { password: 'wrong' });
    await link.connect();
    assert.equal(code(link), 'wrong-password');
    await server.command('CONFIG', 'SET', 'requirepass', '');
    await link.refresh(Date.now() + 60_000);
    assert.equal(link.state, 'failed');
    await link.connect();
    assert.equal(link.state, 'connected');
    link.disconnect();
  });

  it('can be used by somebody who may not ask how it is', async () => {
    const server = await TestServer.start();
    await server.command('ACL', 'SETUSER', 'ann', 'on', 'nopass', '~*', '+get', '+role', '+ping');
    const { link } = linkTo({ socket: server.socketPath, username: 'ann' }, { password: 'x' });
    await link.connect();
    assert.equal(link.state, 'connected');
    assert.equal(code(link), 'reply');
    assert.ok(link.current);
    link.disconnect();
  });

  it('is looked for anew when it is no primary any more for the Sentinels', async () => {
    const server = await TestServer.start();
    const { link } = linkTo({ socket: server.socketPath, mode: 'sentinel', masterName: 'main' });
    await link.connect();
    assert.equal(link.state, 'connected');
    await server.command('REPLICAOF', '127.0.0.1', '1');
    await link.refresh(Date.now());
    assert.equal(code(link), 'sentinel-role');
    await server.command('REPLICAOF', 'NO', 'ONE');
    await link.refresh(Date.now() + 60_000);
    assert.equal(link.state, 'connected');
    link.disconnect();
  });

  it('is left at once, also while it is being connected', async () => {
    const server = await TestServer.start();
    const { link } = linkTo({ socket: server.socketPath });
    const connecting = link.connect();
    link.disconnect();
    await connecting;
    assert.equal(link.state, 'idle');
    assert.equal(link.current, undefined);
  });
});
