/** TCP ports for servers that tests start. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** So many ports that nobody listens at. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0];
}
