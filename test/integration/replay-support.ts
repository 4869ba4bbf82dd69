/** What tests of replays have in common: servers that write AOFs, servers to replay into, and the command line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReplayReport } from '../../src/server/replay-report.js';
import { type CliRun, cli } from '../unit/support/programs.js';
import { TestServer } from './server.js';

export { aof, digest, keysOf } from './server-data.js';

/** A server that writes an AOF: every command is in the file when it is answered. */
export function startSource(...options: string[]): Promise<TestServer> {
  return TestServer.start('--appendonly', 'yes', '--appendfsync', 'always', '--aof-use-rdb-preamble', 'no', ...options);
}

/** The folder of a server. */
export async function folderOf(server: TestServer): Promise<string> {
  const reply = await server.command('CONFIG', 'GET', 'dir');
  assert.ok(Array.isArray(reply));
  return Buffer.from(reply[1] as Uint8Array).toString();
}

/** The AOF of a server in one file, where it is that. */
export async function incrementalFile(server: TestServer): Promise<string> {
  return path.join(await folderOf(server), 'appendonlydir', 'appendonly.aof.1.incr.aof');
}

/** The address of a server. */
export function addressOf(server: TestServer): string {
  return `unix://${server.socketPath}`;
}

/** A replay with its report. */
export interface ReplayRun extends CliRun {
  readonly report: ReplayReport;
}

/** Replays, without being asked. @param report the file for the report. */
export async function replayed(report: string, file: string, to: string, ...options: string[]): Promise<ReplayRun> {
  const run = await cli('replay', file, '--to', to, '--yes', '--report', report, ...options);
  assert.notEqual(run.status, 2, run.stderr);
  return { ...run, report: JSON.parse(readFileSync(report, 'utf8')) as ReplayReport };
}
