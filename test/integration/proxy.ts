/** Proxies between a client and a server, which cut, hold back or slow down what goes through them. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';
import { ReplyReader } from '../../src/server/reply-reader.js';
import type { TestServer } from './server.js';

/** What a proxy does with a connection. */
export interface ProxyRules {
  /** Bytes of requests that are passed on; what comes later is lost, and the connection with it when all is answered. */
  readonly requestBytes?: number;
  /** Bytes of requests that are passed on; what comes later waits, and so does who has sent it. */
  readonly holdAfter?: number;
  /** Bytes of requests after which replies are lost. */
  readonly replyAfter?: number;
  /** Bytes that are passed on at once, each way, before others get their turn. */
  readonly trickle?: number;
}

/** A proxy that listens. */
export class TestProxy {
  /** Commands of all connections that were passed on whole, and replies to them. */
  requests = 0;
  /** True when it holds back what comes. */
  holds = false;
  replies = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: TestServer,
    private readonly rules: ProxyRules,
  ) {}

  port = 0;

  static async start(server: TestServer, rules: ProxyRules): Promise<TestProxy> {
    const proxy = new TestProxy(server, rules);
    const listener = createServer((client) => proxy.serve(client)).listen(0, '127.0.0.1');
    after(() => {
      proxy.cut();
      listener.close();
    });
    await once(listener, 'listening');
    proxy.port = (listener.address() as { port: number }).port;
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  private serve(client: Socket): void {
    const upstream = connect(this.server.socketPath);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const { holdAfter = Number.POSITIVE_INFINITY } = this.rules;
    const { requestBytes = Number.POSITIVE_INFINITY, replyAfter = Number.POSITIVE_INFINITY, trickle } = this.rules;
    let came = 0;
    let cut = false;
    let rest = '';
    let requests = 0;
    let replies = 0;
    const finish = () => {
      // Ended and not destroyed: what still comes from the client would make a reset of that, which loses replies.
      if (cut && requests === replies) client.end();
    };
    const values = (count: number) => {
      replies += count;
      this.replies += count;
    };
    const reader = new ReplyReader({ error: () => {}, reply: () => values(1), values });
    const pass = async (from: Socket, to: Socket, bytes: Buffer) => {
      if (!trickle) {
        to.write(bytes);
        return;
      }
      from.pause();
      for (let at = 0; at < bytes.length; at += trickle) {
        await new Promise<void>((resolve) => to.write(bytes.subarray(at, at + trickle), () => resolve()));
      }
      from.resume();
    };
    client.on('data', (data: Buffer) => {
      if (cut || this.holds) return;
      came += data.length;
      // Whole commands are passed on where something is to be cut: tests send none that hold such a line.
      rest += data.toString('latin1');
      const counts = Math.min(requestBytes, holdAfter) < Number.POSITIVE_INFINITY;
      const whole = counts ? wholeCommands(rest) : { end: rest.length, count: 0 };
      const passed = rest.slice(0, whole.end);
      rest = rest.slice(whole.end);
      requests += whole.count;
      this.requests += whole.count;
      void pass(client, upstream, Buffer.from(passed, 'latin1'));
      cut = came >= requestBytes;
      this.holds = came >= holdAfter;
      if (this.holds) client.pause();
      finish();
    });
    upstream.on('data', (data: Buffer) => {
      reader.push(data);
      if (came < replyAfter) void pass(upstream, client, data);
      finish();
    });
  }
}

/** How many whole commands a text begins with, and where the last of them ends. */
function wholeCommands(text: string): { end: number; count: number } {
  let end = 0;
  let count = 0;
  for (;;) {
    const [head, argc] = /^\*(\d+)\r\n/.exec(text.slice(end, end + 32)) ?? [];
    if (head === undefined) return { end, count };
    let at = end + head.length;
    for (let left = Number(argc); left > 0; left--) {
      const [line, length] = /^\$(\d+)\r\n/.exec(text.slice(at, at + 32)) ?? [];
      if (line === undefined) return { end, count };
      at += line.length + Number(length) + 2;
      if (at > text.length) return { end, count };
    }
    end = at;
    count++;
  }
}
