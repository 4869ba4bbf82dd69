/** Dumps to measure with: a mix of types as applications keep them, written by a real `redis-server`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, sequence, WORDS } from './client.js';

/**
 * Makes a dump of so many keys unless it is there already.
 *
 * @param folder where dumps are kept.
 * @returns its path.
 * @throws if there is no `redis-server`, or if it ends with another number of keys.
 */
export async function dumpOf(keys: number, folder: string): Promise<string> {
  const file = path.join(folder, `dump-${keys}.rdb`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  console.log(`Making a dump of ${keys.toLocaleString('en')} keys with redis-server; it is kept in ${folder}.`);
  // The path of a socket has to be short.
  const sockets = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const socket = path.join(sockets, 'redis.sock');
  const made = `dump-${keys}.partial.rdb`;
  const settings = { port: '0', unixsocket: socket, dir: folder, dbfilename: made, save: '', loglevel: 'warning' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const failed = new Promise<never>((_, reject) => {
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with status ${code}`)));
    });
    failed.catch(() => {});
    const client = await Promise.race([Client.connect(socket), failed]);
    await Promise.race([fill(client, keys), failed]);
    const count = await client.ask('DBSIZE');
    if (count !== `:${keys}`) throw new Error(`redis-server has ${count} keys instead of ${keys}`);
    await Promise.race([client.ask('SAVE'), failed]);
    client.close();
    renameSync(path.join(folder, made), file);
    return file;
  } finally {
    server.removeAllListeners('exit');
    server.kill('SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
  }
}

/**
 * Fills the server. Of 100 keys: 36 JSON documents, 14 counters, 10 sessions, 18 hashes, 8 sets, 6 lists, 6 sorted
 * sets, 2 streams; every second one with an expiry.
 */
async function fill(client: Client, keys: number): Promise<void> {
  const next = sequence(20_24);
  const word = () => WORDS[next(WORDS.length)];
  // Far in the future, so that none is gone before the dump is written, and the same each time.
  const expiry = () => 4_000_000_000_000 + next(1_000_000_000);
  client.command('CLIENT', 'REPLY', 'OFF');
  for (let i = 0; i < keys; i++) {
    const kind = i % 100;
    const until = i & 1 ? ['PXAT', expiry()] : [];
    let key: string | undefined;
    if (kind < 36) {
      const profile = {
        id: i,
        name: `${word()} ${word()}`,
        email: `${word()}.${next(100_000)}@example.com`,
        since: `20${10 + next(16)}-0${1 + next(9)}-${10 + next(18)}`,
        active: next(2) === 1,
        score: next(10_000) / 100,
        tags: [word(), word()],
      };
      client.command('SET', `user:${i}:profile`, JSON.stringify(profile), ...until);
    } else if (kind < 50) {
      client.command('SET', `page:${word()}:${i}:hits`, next(1_000_000), ...until);
    } else if (kind < 60) {
      let token = '';
      for (let k = 0; k < 6; k++) token += next(0x1000000).toString(16);
      client.command('SET', `session:${i.toString(36)}`, token, ...until);
    } else if (kind < 78) {
      key = `cart:${i}`;
      const fields: (string | number)[] = [];
      for (let k = 0; k < 3 + next(5); k++) fields.push(`${word()}-${k}`, next(2) ? next(5000) : `${word()} ${word()}`);
      client.command('HSET', key, ...fields);
    } else if (kind < 86) {
      key = `group:${i}:members`;
      const members: (string | number)[] = [];
      for (let k = 0; k < 4 + next(12); k++) members.push(kind < 82 ? next(1_000_000) : `user-${next(1_000_000)}`);
      client.command('SADD', key, ...members);
    } else if (kind < 92) {
      key = `feed:${i}`;
      const items: string[] = [];
      for (let k = 0; k < 3 + next(10); k++) items.push(`${word()}/${word()}/${next(100_000)}`);
      client.command('RPUSH', key, ...items);
    } else if (kind < 98) {
      key = `board:${word()}:${i}`;
      const scores: (string | number)[] = [];
      for (let k = 0; k < 4 + next(10); k++)
        scores.push(next(100_000) / (kind < 95 ? 1 : 16), `player-${next(100_000)}`);
      client.command('ZADD', key, ...scores);
    } else {
      key = `events:${i}`;
      for (let k = 0; k < 2 + next(3); k++)
        client.command('XADD', key, `${1_700_000_000_000 + i}-${k}`, 'type', word(), 'amount', next(1000));
    }
    if (key && i & 1) client.command('PEXPIREAT', key, expiry());
    if (client.full) await client.send();
  }
  client.command('CLIENT', 'REPLY', 'ON');
  const on = await client.ask('PING');
  if (!on.startsWith('+')) throw new Error(`redis-server answered ${on}`);
}
