/** Restoring a dump into a server, against `redis-cli --pipe` with the same RESTORE commands prepared. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { restoreCommand } from '../src/dataset/key-commands.js';
import { openEntry } from '../src/decoder/rdb/entry.js';
import { writeCommand } from '../src/decoder/resp/writer.js';
import { FileSource } from '../src/engine/node/file-source.js';
import { restoreStretches } from '../src/server/restore-stretches.js';
import { inTurns, type Timing } from './processes.js';

const PAYLOAD_LIMIT = 1 << 28;

/** Writes the RESTORE commands of a dump of one database as they go over the wire. */
function prepare(dump: string, target: string): void {
  const source = new FileSource(dump);
  const out = openSync(target, 'w');
  for (const { file, keys } of restoreStretches(source)) {
    const rows = Array.from({ length: keys.count }, (_, i) => keys.row(i));
    const commands = rows.map(({ typeOffset, end, expireAt }) =>
      writeCommand(
        restoreCommand({ file, entry: openEntry(file, typeOffset, end), end, expireAt, limit: PAYLOAD_LIMIT }),
      ),
    );
    if (commands.length > 0) writeSync(out, Buffer.concat(commands));
  }
  closeSync(out);
  source.close();
}

/**
 * Measures all in turns, each into an empty server: our ways, then `redis-cli`.
 *
 * @param cli the program of the command line.
 * @param dump whose keys are all in database 0.
 */
export async function measureRestore(cli: string, dump: string, rounds: number): Promise<Timing[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-restore-'));
  const socket = path.join(folder, 'socket');
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  try {
    const prepared = path.join(folder, 'restore.resp');
    prepare(dump, prepared);
    while (!existsSync(socket)) await sleep(20);
    const empty = { name: 'FLUSHALL', command: 'redis-cli', args: ['-s', socket, 'FLUSHALL', 'SYNC'] };
    const pipe = `exec redis-cli -s '${socket}' --pipe < '${prepared}'`;
    const restore = (name: string, ...options: string[]) => ({
      name,
      command: process.execPath,
      args: [cli, 'restore', dump, '--to', `unix://${socket}`, '--yes', ...options],
    });
    const timings = await inTurns(
      [
        empty,
        restore('restore'),
        empty,
        restore('restore --by-replication', '--by-replication'),
        empty,
        { name: 'redis-cli --pipe, RESTORE prepared', command: 'sh', args: ['-c', pipe] },
      ],
      rounds,
    );
    return timings.filter(({ program }) => program !== empty);
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
