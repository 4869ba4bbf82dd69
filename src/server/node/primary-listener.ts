/** Listening for a replica at a port of this machine. */
import net from 'node:net';
import type { Connection } from '../connection.js';
import type { PrimaryListener } from '../primary-door.js';
import { ReplicationError } from '../replication-errors.js';
import { SocketTransport } from './transport.js';

/** Where a replica finds us. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Addresses that a host may have for others only: behind a router, or around a container. */
const NOT_OURS = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

/** Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`. @throws ReplicationError `listen-address`. */
export function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.%a-z]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const bare = net.isIPv6(text) ? text : undefined;
  const host = bare ?? bracketed ?? plain;
  const port = bare === undefined && digits !== undefined ? Number(digits) : 0;
  if (host === undefined || port > 65535) throw new ReplicationError('listen-address', text);
  return { host, port };
}

/** An address as it is compared: IPv4 in the clothes of IPv6 is IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The addresses of both ends of a connection, where it is one of the internet protocol. */
export function endsOf({ transport }: Connection): { readonly own?: string; readonly peer?: string } {
  if (!(transport instanceof SocketTransport)) return {};
  const own = plainAddress(transport.socket.localAddress);
  const peer = plainAddress(transport.socket.remoteAddress);
  return own === undefined || peer === undefined ? {} : { own, peer };
}

/**
 * Listens where an address leads; at all addresses of this machine if it is none of its own.
 *
 * @throws ReplicationError `listen-failed`.
 */
export async function listenForReplica({ host, port }: ListenAddress): Promise<PrimaryListener> {
  const server = net.createServer();
  try {
    await listenAt(server, port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    try {
      if (!NOT_OURS.has(code ?? '')) throw error;
      await listenAt(server, port);
    } catch (failure) {
      const { code: reason, message } = failure as NodeJS.ErrnoException;
      throw new ReplicationError('listen-failed', `${host}:${port}`, reason ?? message);
    }
  }
  const listener: PrimaryListener = {
    port: (server.address() as net.AddressInfo).port,
    connected: (transport) => transport.close(),
    close: () => void server.close(),
  };
  server.on('connection', (socket) => {
    const peer = plainAddress(socket.remoteAddress);
    listener.connected(new SocketTransport(socket, peer ?? '', true), peer);
  });
  // Whoever goes away before we have heard of them is nobody.
  server.on('error', () => {});
  return listener;
}

function listenAt(server: net.Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
