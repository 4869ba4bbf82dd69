/** Dumps to measure with: a mix of types as applications keep them, written by a real `redis-server`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Bytes of commands that are sent at once. */
const CHUNK = 1024 * 1024;

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

/** Sends commands as fast as the server takes them, without replies. */
class Client {
  private readonly buffer = Buffer.allocUnsafe(CHUNK + 65536);
  private used = 0;

  private constructor(private readonly socket: net.Socket) {}

  static async connect(path: string): Promise<Client> {
    for (let attempt = 0; ; attempt++) {
      try {
        const socket = await new Promise<net.Socket>((resolve, reject) => {
          const open = net.connect(path, () => resolve(open));
          open.once('error', reject);
        });
        return new Client(socket);
      } catch (error) {
        if (attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** True if it is time to send. */
  get full(): boolean {
    return this.used >= CHUNK;
  }

  /** Adds a command. */
  command(...words: (string | number)[]): void {
    let text = `*${words.length}\r\n`;
    for (const word of words) {
      const plain = String(word);
      text += `$${plain.length}\r\n${plain}\r\n`;
    }
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  async send(): Promise<void> {
    const bytes = Buffer.from(this.buffer.subarray(0, this.used));
    this.used = 0;
    if (!this.socket.write(bytes)) await new Promise<void>((resolve) => this.socket.once('drain', resolve));
  }

  /** Sends one command and waits for its reply. @returns the first line of it. */
  async ask(...words: string[]): Promise<string> {
    this.command(...words);
    const reply = new Promise<string>((resolve) =>
      this.socket.once('data', (data) => resolve(String(data).split('\r\n')[0])),
    );
    await this.send();
    return reply;
  }

  close(): void {
    this.socket.destroy();
  }
}

const WORDS =
  'amber birch cobalt delta ember fjord garnet heron iris juniper krill lumen maple nimbus onyx pine quartz raven'.split(
    ' ',
  );

/** Numbers that look random and are the same each time. */
function sequence(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
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
