/** What tests of replays have in common: servers that write AOFs, servers to replay into, and the command line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReplayReport } from '../../src/server/replay-report.js';
import { type CliRun, cli } from '../unit/support/programs.js';
import { TestServer } from './server.js';

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

/** What a server calls all that it holds; equal for equal data. */
export async function digest(server: TestServer): Promise<unknown> {
  const reply = await server.command('DEBUG', 'DIGEST');
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : reply;
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

/** Commands as they stand in an AOF. */
export function aof(...commands: readonly (readonly (string | Uint8Array)[])[]): Buffer {
  const parts: Buffer[] = [];
  for (const argv of commands) {
    parts.push(Buffer.from(`*${argv.length}\r\n`));
    for (const argument of argv) {
      const bytes = Buffer.from(argument);
      parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
    }
  }
  return Buffer.concat(parts);
}

/** The names of the keys of a database, in order. */
export async function keysOf(server: TestServer, db = 0): Promise<string[]> {
  await server.command('SELECT', String(db));
  const reply = await server.command('KEYS', '*');
  assert.ok(Array.isArray(reply));
  return reply.map((key) => Buffer.from(key as Uint8Array).toString('latin1')).sort();
}
