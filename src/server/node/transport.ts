/** Streams to servers over sockets of Node: TCP, TLS and Unix sockets. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { addressText, type ServerAddress, type TlsOptions } from '../address.js';
import { ServerError } from '../errors.js';
import type { Transport, TransportListener } from '../transport.js';

/** Seconds until a server that says nothing counts as out of reach. */
export const CONNECT_SECONDS = 10;

/** Bytes of replies that are read at once. */
const READ_BYTES = 64 * 1024;

/** Before anybody listens there is nothing to hear. */
const NOBODY: TransportListener = { data: () => {}, drained: () => {}, closed: () => {} };

/**
 * Opens a stream.
 *
 * @param seconds until it must be open.
 * @throws ServerError `not-found`, `unreachable`, `connect-timeout`, `certificate`, `tls-file`, `no-tls`.
 */
export async function openTransport(address: ServerAddress, seconds = CONNECT_SECONDS): Promise<Transport> {
  const name = addressText(address);
  // Loaded for those who ask for it: most do not.
  const secure = address.tls ? (await import('node:tls')).connect : undefined;
  return new Promise((resolve, reject) => {
    let transport: SocketTransport | undefined;
    // One buffer for all that is read: millions of small replies would leave as many buffers to be collected.
    const buffer = new Uint8Array(READ_BYTES);
    const onread = {
      buffer,
      callback: (count: number) => {
        transport?.lend(buffer.subarray(0, count));
        return true;
      },
    };
    const socket = openSocket(address, onread, secure);
    const fail = (error: ServerError) => {
      socket.destroy();
      reject(error);
    };
    // A server without TLS takes the connection and waits for a line that never comes.
    let connected = false;
    socket.once('connect', () => {
      connected = true;
    });
    const timer = setTimeout(
      () => fail(connected ? new ServerError('no-tls', name) : new ServerError('connect-timeout', name, seconds)),
      seconds * 1000,
    );
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail(connectError(address, error));
    });
    socket.once(address.tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      transport = new SocketTransport(socket, name, address.tls !== undefined);
      resolve(transport);
    });
  });
}

function openSocket(
  address: ServerAddress,
  onread: net.OnReadOpts,
  secure: ((options: ConnectionOptions) => TLSSocket) | undefined,
): net.Socket {
  const { endpoint } = address;
  if (endpoint.kind === 'unix') return net.connect({ path: endpoint.path, onread });
  const { host, port } = endpoint;
  if (!address.tls || !secure) return net.connect({ host, port, noDelay: true, keepAlive: true, onread });
  return secure({ host, port, ...secureOptions(address.tls, host) });
}

function secureOptions(options: TlsOptions, host: string): ConnectionOptions {
  const servername = options.serverName ?? (net.isIP(host) ? undefined : host);
  return {
    rejectUnauthorized: options.verify,
    ...(servername ? { servername } : {}),
    ...(options.caFile ? { ca: readTlsFile(options.caFile) } : {}),
    ...(options.certFile ? { cert: readTlsFile(options.certFile) } : {}),
    ...(options.keyFile ? { key: readTlsFile(options.keyFile) } : {}),
  };
}

function readTlsFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ServerError('tls-file', file, error instanceof Error ? error.message : String(error));
  }
}

function connectError(address: ServerAddress, { code, message }: NodeJS.ErrnoException): ServerError {
  const name = addressText(address);
  const { endpoint } = address;
  if ((code === 'ENOTFOUND' || code === 'EAI_AGAIN') && endpoint.kind === 'tcp') {
    return new ServerError('not-found', name, endpoint.host);
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || (address.tls && code === 'ECONNRESET')) {
    return new ServerError('no-tls', name);
  }
  if (code && /CERT|SIGNED|ALTNAME|ISSUER|SIGNATURE/.test(code)) return new ServerError('certificate', name, message);
  return new ServerError('unreachable', name, code ?? message);
}

/** A socket that is connected. */
export class SocketTransport implements Transport {
  listener = NOBODY;
  private ended = false;

  constructor(
    readonly socket: net.Socket,
    readonly address: string,
    isTls: boolean,
  ) {
    socket.setNoDelay(true);
    if (isTls) socket.on('data', (bytes: Buffer) => this.listener.data(bytes));
    socket.on('drain', () => this.listener.drained());
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => this.end(`: ${code ?? message}`));
    socket.on('close', () => this.end(''));
  }

  /** Takes bytes that came. @param bytes are used again after the call. */
  lend(bytes: Uint8Array): void {
    const { listener } = this;
    if (!this.ended) listener.data(listener.borrows ? bytes : bytes.slice());
  }

  write(bytes: Uint8Array, sent?: () => void): boolean {
    if (this.ended) {
      if (sent) queueMicrotask(sent);
      return true;
    }
    return this.socket.write(bytes, sent && (() => sent()));
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.ended = true;
    this.socket.destroy();
  }

  private end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.socket.destroy();
    this.listener.closed(new ServerError('closed', this.address, reason));
  }
}
