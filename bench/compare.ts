/** A dump and what a server makes of it a day later: measures how long it takes to say which keys differ. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from './client.js';
import { inTurns, type Program, type Timing } from './processes.js';

/** Of so many keys one is deleted, and one gets another value. */
const CHANGED_EVERY = 100;

/** Times `diff` over both dumps, and the servers' own tool that reads them and compares nothing. */
export async function measureCompare(cli: string, dump: string, keys: number, rounds: number): Promise<Timing[]> {
  const later = await laterDump(dump, keys);
  const programs: Program[] = [
    {
      name: '`diff --keys-only`',
      command: process.execPath,
      args: [cli, 'diff', dump, later, '--keys-only'],
      status: 1,
    },
    { name: '`diff`', command: process.execPath, args: [cli, 'diff', dump, later], status: 1 },
    {
      name: '`redis-check-rdb` over both, which compares nothing',
      command: 'sh',
      args: ['-c', `redis-check-rdb ${dump} && redis-check-rdb ${later}`],
    },
  ];
  return inTurns(programs, rounds);
}

/** Loads a dump into a server, changes keys, and saves it anew, unless that was done already. @returns its path. */
async function laterDump(dump: string, keys: number): Promise<string> {
  const file = dump.replace(/\.rdb$/, '-later.rdb');
  if (existsSync(file)) return file;
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  copyFileSync(dump, path.join(folder, 'dump.rdb'));
  const socket = path.join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--loglevel', 'warning'];
  const server = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const client = await Client.connect(socket);
    while (!(await client.ask('PING')).startsWith('+'));
    client.command('CLIENT', 'REPLY', 'OFF');
    for (let i = 0; i < keys; i += CHANGED_EVERY) {
      client.command('SET', `user:${i}:profile`, 'another value');
      client.command('DEL', `user:${i + 1}:profile`);
      client.command('HSET', `cart:${i + 60}`, 'new', i);
      if (client.full) await client.send();
    }
    client.command('CLIENT', 'REPLY', 'ON');
    await client.ask('PING');
    const saved = await client.ask('SAVE');
    if (saved !== '+OK') throw new Error(`redis-server answered ${saved}`);
    client.close();
    copyFileSync(path.join(folder, 'dump.rdb'), file);
    return file;
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
