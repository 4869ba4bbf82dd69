/** A replay of a million commands against `redis-cli --pipe`, into the same server in the same run. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTurns, type Timing } from './processes.js';

const COMMANDS = 1_000_000;

/** Writes commands as a server writes them. */
async function writeAof(file: string): Promise<void> {
  const stream = createWriteStream(file);
  for (let i = 0; i < COMMANDS; ) {
    const lines: string[] = [];
    for (let end = Math.min(COMMANDS, i + 10_000); i < end; i++) {
      const argv = ['SET', `key:${i}`, `value of the key ${i}`];
      lines.push(`*3\r\n${argv.map((argument) => `$${argument.length}\r\n${argument}\r\n`).join('')}`);
    }
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

/**
 * Measures both in turns. The keys are there before the first round, so that all rounds do the same.
 *
 * @param cli the program of the command line.
 */
export async function measureReplay(cli: string, rounds: number): Promise<Timing[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-replay-'));
  const socket = path.join(folder, 'socket');
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  try {
    const file = path.join(folder, 'commands.aof');
    await writeAof(file);
    while (!existsSync(socket)) await sleep(20);
    const pipe = `exec redis-cli -s '${socket}' --pipe < '${file}'`;
    spawnSync('sh', ['-c', pipe], { stdio: 'ignore' });
    return await inTurns(
      [
        { name: 'replay', command: process.execPath, args: [cli, 'replay', file, '--to', `unix://${socket}`, '--yes'] },
        { name: 'redis-cli --pipe', command: 'sh', args: ['-c', pipe] },
      ],
      rounds,
    );
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
