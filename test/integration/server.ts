/** Real servers for tests: each in a folder of its own behind a Unix socket, stopped at the end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** A reply: a status or an error is given as text with its sign in front. */
export type Reply = Uint8Array | string | bigint | null | Reply[];

/** A command: its name and arguments. */
export type Args = readonly (string | Uint8Array)[];

/** A server that runs. */
export class TestServer {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'persistence-redis-'));
  private process: ChildProcess;
  private socket: Socket | undefined;
  private received: Buffer = Buffer.alloc(0);
  private readonly waiting: ((reply: Reply) => void)[] = [];

  private constructor(
    private readonly options: readonly string[],
    /** Another program than the one that the path leads to; it gets no option that only some releases have. */
    private readonly program?: string,
  ) {
    this.process = this.launch();
  }

  private launch(): ChildProcess {
    const own = ['--port', '0', '--unixsocket', this.socketPath, '--dir', this.folder, '--save', ''];
    const quiet = ['--daemonize', 'no', '--logfile', path.join(this.folder, 'log')];
    const debug = this.program === undefined ? ['--enable-debug-command', 'yes'] : [];
    return spawn(this.program ?? 'redis-server', [...own, ...quiet, ...debug, ...this.options], { stdio: 'ignore' });
  }

  /** Starts a server; it is stopped when the tests of the file have ended. */
  static async start(...options: string[]): Promise<TestServer> {
    const server = new TestServer(options);
    after(() => server.stop());
    await server.reach();
    return server;
  }

  /** Starts another program as a server. */
  static async startProgram(program: string, ...options: string[]): Promise<TestServer> {
    const server = new TestServer(options, program);
    after(() => server.stop());
    await server.reach();
    return server;
  }

  /** Starts a server that runs until somebody stops it. */
  static async startForGood(...options: string[]): Promise<TestServer> {
    const server = new TestServer(options);
    await server.reach();
    return server;
  }

  /** Waits until the server takes commands. */
  private async reach(): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`the server did not start:\n${this.log()}`);
      try {
        this.socket = connect(this.socketPath);
        await once(this.socket, 'connect');
        break;
      } catch {
        // The socket is not there yet, or nobody listens to it yet.
        await sleep(20);
      }
    }
    this.socket.on('data', (data) => this.take(data));
    while (String(await this.commands([['PING']])).startsWith('-LOADING'));
  }

  /** Ends the server at once, as a crash does. */
  async kill(): Promise<void> {
    this.socket?.destroy();
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  /** Starts it again after {@link kill}, with what it kept. */
  async restart(): Promise<void> {
    this.process = this.launch();
    await this.reach();
  }

  /** Connects anew, where the server may have closed the connection. */
  async reconnect(): Promise<void> {
    this.socket?.destroy();
    this.waiting.length = 0;
    this.received = Buffer.alloc(0);
    await this.reach();
  }

  get socketPath(): string {
    return path.join(this.folder, 'socket');
  }

  private log(): string {
    const file = path.join(this.folder, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Runs commands, all of them sent before the first reply is read. */
  async commands(all: Iterable<Args>): Promise<Reply[]> {
    const replies: Promise<Reply>[] = [];
    for (const args of all) {
      const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
      for (const arg of args) {
        const bytes = Buffer.from(arg);
        parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
      }
      replies.push(new Promise((resolve) => this.waiting.push(resolve)));
      this.socket?.write(Buffer.concat(parts));
    }
    return Promise.all(replies);
  }

  /** Runs a command. @throws the error that the server replies. */
  async command(...args: (string | Uint8Array)[]): Promise<Reply> {
    const [reply] = await this.commands([args]);
    if (typeof reply === 'string' && reply.startsWith('-')) throw new Error(`${String(args[0])}: ${reply}`);
    return reply;
  }

  private take(data: Buffer): void {
    this.received = this.received.length === 0 ? data : Buffer.concat([this.received, data]);
    let at = 0;
    for (;;) {
      const parsed = parseReply(this.received, at);
      if (!parsed) break;
      at = parsed.end;
      this.waiting.shift()?.(parsed.reply);
    }
    this.received = this.received.subarray(at);
  }

  /** Writes the dump. @returns its path. */
  async save(): Promise<string> {
    await this.command('SAVE');
    return path.join(this.folder, 'dump.rdb');
  }

  /** Pipes lines through redis-cli, as users do. @returns what it prints, without its last line end. */
  cli(input: string): string {
    const { stdout, stderr, status } = spawnSync('redis-cli', ['-s', this.socketPath], {
      input,
      encoding: 'latin1',
      maxBuffer: 1 << 28,
    });
    if (status !== 0 || stderr !== '') throw new Error(`redis-cli ended with ${status}: ${stderr}`);
    return stdout.trimEnd();
  }

  async stop(): Promise<void> {
    this.socket?.destroy();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Reads a reply of RESP2. @returns undefined if it has not come whole. */
function parseReply(data: Buffer, at: number): { reply: Reply; end: number } | undefined {
  const line = data.indexOf('\r\n', at);
  if (line < 0) return undefined;
  const text = data.toString('latin1', at + 1, line);
  const next = line + 2;
  const length = Number(text);
  switch (data[at]) {
    case 0x2b:
    case 0x2d:
      return { reply: data.toString('latin1', at, line), end: next };
    case 0x3a:
      return { reply: BigInt(text), end: next };
    case 0x24:
      if (length < 0) return { reply: null, end: next };
      if (data.length < next + length + 2) return undefined;
      return { reply: new Uint8Array(data.subarray(next, next + length)), end: next + length + 2 };
    default: {
      if (length < 0) return { reply: null, end: next };
      const items: Reply[] = [];
      let end = next;
      for (let i = 0; i < length; i++) {
        const item = parseReply(data, end);
        if (!item) return undefined;
        items.push(item.reply);
        end = item.end;
      }
      return { reply: items, end };
    }
  }
}
