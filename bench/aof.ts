/** An AOF to measure with: a base and an incremental file of mixed commands, written by a real `redis-server`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, sequence, WORDS } from './client.js';

/** Commands before the rewrite: they end in the base. */
const BEFORE = 50_000;

/**
 * Makes an AOF of about so many commands, 100 bytes each, unless it is there already.
 *
 * @param folder where such files are kept.
 * @returns the path of its manifest.
 * @throws if there is no `redis-server`, or if it ends.
 */
export async function aofOf(commands: number, folder: string): Promise<string> {
  const name = `aof-${commands}`;
  const manifest = path.join(folder, name, 'appendonly.aof.manifest');
  if (existsSync(manifest)) return manifest;
  mkdirSync(folder, { recursive: true });
  console.log(`Making an AOF of ${commands.toLocaleString('en')} commands with redis-server; it is kept in ${folder}.`);
  // The path of a socket has to be short.
  const sockets = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const socket = path.join(sockets, 'redis.sock');
  const made = `${name}.partial`;
  rmSync(path.join(folder, made), { recursive: true, force: true });
  const settings = {
    port: '0',
    unixsocket: socket,
    dir: folder,
    save: '',
    loglevel: 'warning',
    appendonly: 'yes',
    appenddirname: made,
    appendfsync: 'no',
    'auto-aof-rewrite-percentage': '0',
    'aof-timestamp-enabled': 'yes',
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
  const server = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const failed = new Promise<never>((_, reject) => {
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with status ${code}`)));
    });
    failed.catch(() => {});
    const client = await Promise.race([Client.connect(socket), failed]);
    await Promise.race([write(client, BEFORE), failed]);
    await Promise.race([client.ask('BGREWRITEAOF'), failed]);
    while (!existsSync(path.join(folder, made, 'appendonly.aof.2.base.rdb'))) await Promise.race([sleep(50), failed]);
    await Promise.race([write(client, commands), failed]);
    // The answer comes when all that was sent before has been written.
    await Promise.race([client.ask('SHUTDOWN', 'NOSAVE'), new Promise((resolve) => server.once('exit', resolve))]);
    client.close();
    renameSync(path.join(folder, made), path.join(folder, name));
    return manifest;
  } finally {
    server.removeAllListeners('exit');
    server.kill('SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** Sends commands: of 16, 5 SET with an expiry, 3 HSET, 2 ZADD, 2 LPUSH, 1 INCR, 1 SADD, 1 DEL and a transaction. */
async function write(client: Client, commands: number): Promise<void> {
  const next = sequence(20_25);
  const word = () => WORDS[next(WORDS.length)];
  const sentence = () => Array.from({ length: 10 }, word).join(' ');
  client.command('CLIENT', 'REPLY', 'OFF');
  for (let i = 0; i < commands; i++) {
    const kind = i % 16;
    const id = next(200_000);
    if (kind < 5) {
      const address = `${word()}.${next(100_000)}@example.com`;
      const tags = Array.from({ length: 6 }, word).join('","');
      const profile = `{"id":${id},"name":"${word()} ${word()}","email":"${address}","score":${next(10_000)},"tags":["${tags}"]}`;
      client.command('SET', `user:${id}:profile`, profile, 'PXAT', 4_000_000_000_000 + id);
    } else if (kind < 8)
      client.command(
        'HSET',
        `cart:${id}`,
        `${word()}-${next(9)}`,
        `${word()} ${next(5000)}`,
        'note',
        sentence(),
        'at',
        i,
      );
    else if (kind < 10) client.command('ZADD', `board:${word()}`, next(100_000), `player-${next(10_000)}`);
    else if (kind < 12) client.command('LPUSH', `feed:${next(5000)}`, `${word()}/${word()}/${i}: ${sentence()}`);
    else if (kind < 13) client.command('INCR', `page:${next(5000)}:hits`);
    else if (kind < 14) client.command('SADD', `group:${next(5000)}`, `user-${id}`);
    else if (kind < 15) client.command('DEL', `user:${id}:profile`);
    else {
      client.command('MULTI');
      client.command('INCRBY', `stock:${next(1000)}`, -1);
      client.command('RPUSH', `orders:${next(1000)}`, i);
      client.command('EXEC');
      // These are four commands.
      i += 3;
    }
    if (client.full) await client.send();
  }
  client.command('CLIENT', 'REPLY', 'ON');
  const on = await client.ask('PING');
  if (!on.startsWith('+')) throw new Error(`redis-server answered ${on}`);
}
