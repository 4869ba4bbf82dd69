/** Sentinels for tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts a Sentinel, and waits until it listens; it is stopped at the end of the tests. @param lines of its configuration. */
export async function startSentinel(port: number, lines: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'persistence-sentinel-'));
  const file = path.join(folder, 'sentinel.conf');
  writeFileSync(file, `${[`port ${port}`, `dir ${folder}`, ...lines].join('\n')}\n`);
  const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  after(() => {
    sentinel.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      // It does not listen yet.
      await sleep(20);
    } finally {
      socket.destroy();
    }
  }
}
