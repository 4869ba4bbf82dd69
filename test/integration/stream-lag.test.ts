/** The lag of consumer groups against what XINFO GROUPS of a real server says, after whatever has happened to the stream. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withEngine } from '../unit/support/programs.js';
import { seededRandom } from '../unit/support/random.js';
import { type Reply, TestServer } from './server.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
const STREAMS = 60;

const textOf = (reply: Reply | undefined) =>
  reply instanceof Uint8Array ? Buffer.from(reply).toString() : String(reply);
const fieldsOf = (reply: Reply) => {
  const list = reply as Reply[];
  return new Map(list.flatMap((name, i) => (i % 2 === 0 ? [[textOf(name), list[i + 1]] as const] : [])));
};

describe(`the lag of consumer groups (TEST_SEED=${SEED})`, async () => {
  const program = process.env.TEST_SERVER;
  const server = await (program ? TestServer.startProgram(program) : TestServer.start());
  const random = seededRandom(SEED);

  it('is what the server says', async () => {
    for (let i = 0; i < STREAMS; i++) {
      const name = `stream:${i}`;
      const groups = new Set<string>();
      let next = 1;
      const add = async () => void (await server.command('XADD', name, `${next++}-1`, 'f', 'v'));
      await add();
      for (let step = 0; step < 25; step++) {
        const group = `g${random(3)}`;
        const what = random(12);
        if (what < 5) {
          await add();
        } else if (!groups.has(group)) {
          groups.add(group);
          await server.command('XGROUP', 'CREATE', name, group, random(2) === 0 ? '0' : '$');
        } else if (what < 10)
          await server.command('XREADGROUP', 'GROUP', group, 'c', 'COUNT', String(1 + random(4)), 'STREAMS', name, '>');
        else if (what < 11) await server.command('XDEL', name, `${1 + random(next)}-1`);
        else await server.command('XTRIM', name, 'MAXLEN', String(random(next)));
      }
    }
    const said = new Map<string, number | null>();
    for (let i = 0; i < STREAMS; i++) {
      const stream = `stream:${i}`;
      const first = (await server.command('XRANGE', stream, '-', '+', 'COUNT', '1')) as Reply[];
      const firstId = first.length > 0 ? Number.parseInt(textOf((first[0] as Reply[])[0]), 10) : 0;
      for (const one of (await server.command('XINFO', 'GROUPS', stream)) as Reply[]) {
        const group = fieldsOf(one);
        const last = Number.parseInt(textOf(group.get('last-delivered-id')), 10);
        // Before Redis 8, servers count there what was trimmed away, and nobody will be given any more.
        if (firstId === 0 || last < firstId) continue;
        const lag = group.get('lag');
        said.set(`${stream} ${textOf(group.get('name'))}`, lag === null || lag === undefined ? null : Number(lag));
      }
    }
    await server.command('SAVE');
    const dir = textOf(((await server.command('CONFIG', 'GET', 'dir')) as Reply[])[1]);
    await withEngine({ path: path.join(dir, 'dump.rdb') }, async (engine) => {
      await engine.ready();
      const { groups: listed } = await engine.ask('keyspace.streams', { filter: {} });
      const shown = new Map(listed.map(({ key, group, lag }) => [`${key} ${group}`, lag]));
      assert.ok(said.size > 20 && [...said.values()].some((lag) => lag === null));
      for (const [group, lag] of said) if (shown.has(group)) assert.equal(shown.get(group), lag, group);
      assert.ok([...said.keys()].filter((group) => shown.has(group)).length > 20);
    });
  });
});
