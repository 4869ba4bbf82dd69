/** The data of servers for tests: what they hold, and commands as files have them. */
import assert from 'node:assert/strict';
import type { TestServer } from './server.js';

/** What a server calls all that it holds; equal for equal data. */
export async function digest(server: TestServer): Promise<unknown> {
  const reply = await server.command('DEBUG', 'DIGEST');
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : reply;
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
