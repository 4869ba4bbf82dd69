/** Exports of a dump, whole processes: beside the check of the same file by the server's own tool, and `cat`. */
import { spawnSync } from 'node:child_process';
import { inTurns, type Program, type Timing } from './processes.js';

/** The forms that are measured. */
const FORMATS = ['json', 'jsonl', 'resp', 'rdb', 'csv'] as const;

/** Runs them in turns. @param cli the built command line. */
export async function measureExports(cli: string, dump: string, rounds: number): Promise<readonly Timing[]> {
  const exports: Program[] = FORMATS.map((format) => ({
    name: `export --format ${format}`,
    command: process.execPath,
    args: [cli, 'export', dump, '--format', format],
  }));
  const peers: Program[] = [
    { name: 'redis-check-rdb', command: 'redis-check-rdb', args: [dump] },
    { name: 'rdb-cli json', command: 'rdb-cli', args: [dump, 'json'] },
    { name: 'rdb-cli resp', command: 'rdb-cli', args: [dump, 'resp'] },
    { name: 'cat', command: 'cat', args: [dump] },
  ];
  const there = peers.filter(
    ({ command }) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined,
  );
  return inTurns([...exports, ...there], rounds);
}
