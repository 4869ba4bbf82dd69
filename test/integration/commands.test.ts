/** What is copied of keys, given to a real server: it builds the same keys with the same values. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Command, keyCommands, restoreCommand } from '../../src/dataset/key-commands.js';
import { keysText } from '../../src/dataset/key-text.js';
import { nameOf } from '../../src/dataset/names.js';
import { openEntry } from '../../src/decoder/rdb/entry.js';
import { FileSource } from '../../src/engine/node/file-source.js';
import { finish, indexed } from '../unit/support/indexed.js';
import { randomData } from './random-data.js';
import { type Reply, TestServer } from './server.js';

/** Another one with every run; the number of a failed run repeats it. */
const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
const KEYS = 400;
const COPY_LIMIT = 1 << 28;

/** What a server says of a key: everything of its value that a client can see, but how long ago a consumer was there. */
async function described(server: TestServer, key: Uint8Array): Promise<unknown> {
  const type = await server.command('TYPE', key);
  const parts: Reply[] = [await server.command('DEBUG', 'DIGEST-VALUE', key), await server.command('PEXPIRETIME', key)];
  if (type === '+stream') parts.push(withoutTimes(await server.command('XINFO', 'STREAM', key, 'FULL', 'COUNT', '0')));
  return plain([type, ...parts]);
}

/** Replies with the times of consumers and the sizes of inner structures taken out. */
function withoutTimes(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply;
  const kept: Reply[] = [];
  for (let i = 0; i < reply.length; i++) {
    const name = reply[i] instanceof Uint8Array ? Buffer.from(reply[i] as Uint8Array).toString() : '';
    if (/^(seen-time|active-time|radix-tree-keys|radix-tree-nodes)$/.test(name)) i++;
    else kept.push(withoutTimes(reply[i]));
  }
  return kept;
}

function plain(reply: unknown): unknown {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('latin1');
  return Array.isArray(reply) ? reply.map(plain) : reply;
}

/** Everything that a server holds, by database and name. */
async function everything(server: TestServer): Promise<Map<string, unknown>> {
  const all = new Map<string, unknown>();
  for (const db of ['0', '5']) {
    await server.command('SELECT', db);
    for (const key of (await server.command('KEYS', '*')) as Uint8Array[]) {
      all.set(`${db} ${Buffer.from(key).toString('latin1')}`, await described(server, key));
    }
  }
  return all;
}

async function refused(server: TestServer, commands: readonly Command[]): Promise<void> {
  const replies = await server.commands(commands);
  for (const [i, reply] of replies.entries()) {
    const line = commands[i].map((arg) => Buffer.from(arg).toString('latin1').slice(0, 60)).join(' ');
    assert.ok(typeof reply !== 'string' || !reply.startsWith('-'), `${JSON.stringify(line)}: ${String(reply)}`);
  }
}

describe(`keys of random data (TEST_SEED=${SEED})`, async () => {
  const server = await TestServer.start();
  const other = await TestServer.start();
  await server.commands(randomData(SEED, KEYS));
  const expected = await everything(server);
  const source = new FileSource(await server.save());
  const { file, index, problems } = indexed(source);
  const rows = Array.from({ length: index.length }, (_, row) => row);

  /** Where the commands of a row come from. */
  const placeOf = (row: number) => {
    const fact = index.fact(row);
    const end = fact.offset + fact.size;
    return { file, entry: openEntry(file, fact.typeOffset, end), end, expireAt: fact.expireAt, limit: COPY_LIMIT };
  };

  it('are all in the dump', () => {
    assert.deepEqual(problems, []);
    assert.equal(index.length, expected.size);
    assert.ok(new Set(index.kinds.map((kind) => kind.type)).size === 6, 'every type is there');
  });

  it('have the payload that DUMP gives', async () => {
    for (const row of rows) {
      const fact = index.fact(row);
      await server.command('SELECT', String(fact.db));
      const dumped = (await server.command('DUMP', nameOf(source, index, row))) as Uint8Array;
      const payload = restoreCommand(placeOf(row))[3];
      // A server writes members of hash tables in the order of the moment: the same payload, or one of the same parts.
      if (fact.kind.encoding === 'hashtable') assert.equal(payload.length, dumped.length, `row ${row}`);
      else assert.deepEqual(payload, dumped, `row ${row}: ${fact.kind.type} ${fact.kind.encoding}`);
    }
  });

  it('are restored by a server that has none of them', async () => {
    await other.command('FLUSHALL');
    for (const row of rows) {
      await other.command('SELECT', String(index.fact(row).db));
      await refused(other, [restoreCommand(placeOf(row))]);
    }
    assert.deepEqual(await everything(other), expected);
  });

  it('are built by commands', async () => {
    await other.command('FLUSHALL');
    for (const row of rows) {
      await other.command('SELECT', String(index.fact(row).db));
      await refused(other, [...keyCommands(placeOf(row))]);
    }
    assert.deepEqual(await everything(other), expected);
  });

  for (const format of ['commands', 'restore'] as const) {
    it(`are built by redis-cli from what is copied as ${format}`, async () => {
      await other.command('FLUSHALL');
      const { text, keys } = finish(keysText(file, index, rows, format, COPY_LIMIT));
      assert.equal(keys, rows.length);
      const printed = other.cli(text);
      assert.doesNotMatch(printed, /^\(?(ERR|error|WRONGTYPE|BUSYKEY|Invalid)/im);
      assert.deepEqual(await everything(other), expected);
    });
  }

  it('have names that redis-cli finds as they are copied', () => {
    const lines = rows.slice(0, 100).map((row) => {
      const [command] = finish(keysText(file, index, [row], 'restore', COPY_LIMIT))
        .text.split('\n')
        .slice(-1);
      const name = /^RESTORE ((?:"(?:[^"\\]|\\.)*")|\S+) /.exec(command)?.[1];
      assert.ok(name, command.slice(0, 100));
      return `SELECT ${index.fact(row).db}\nEXISTS ${name}`;
    });
    const counts = server
      .cli(`${lines.join('\n')}\n`)
      .split('\n')
      .filter((line) => line !== 'OK');
    assert.deepEqual(counts, new Array(100).fill('1'));
  });
});
