/** The programs of the project as tests start them: the command line and the engine, beside the test or in its thread. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Writable } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Output } from '../../../src/cli/output.js';
import { run } from '../../../src/cli/run.js';
import { EngineClient, type EngineConnection, type EngineWorker } from '../../../src/engine/client.js';
import { serveEngine } from '../../../src/engine/node/serve.js';
import type { EngineStart } from '../../../src/engine/start.js';
import type {
  AnswerMessage,
  ErrorInfo,
  EventMessage,
  Params,
  RequestKind,
  Result,
  Summary,
} from '../../../src/protocol.js';

/** The file of a program. */
export function program(name: 'cli' | 'cli-start' | 'engine' | 'jobs'): string {
  return path.join(process.env.TEST_PROGRAMS ?? '', `${name}.cjs`);
}

/** What a run of the command line gave. */
export interface CliRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line, in this process. */
export async function cli(...args: readonly string[]): Promise<CliRun> {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(piece);
      done();
    },
  });
  let stderr = '';
  const status = await run([...args], new Output(stream), (text) => {
    stderr += text;
  });
  return { status, stdout: Buffer.concat(pieces).toString(), stderr };
}

/** Runs the command line in a process of its own. */
export function cliProcess(...args: readonly string[]): CliRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program('cli'), ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

/** What an answer to a request was. */
export type Outcome<Kind extends RequestKind> =
  | { readonly result: Result<Kind> }
  | { readonly error: ErrorInfo }
  | { readonly cancelled: true };

/** An engine in a thread, as editors use it. */
function threadEngine(start: EngineStart): EngineWorker {
  const worker = new Worker(program('engine'), { workerData: { start } });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onError: (listener) => void worker.on('error', (error) => listener(error.message)),
    terminate: () => void worker.terminate(),
  };
}

/** An engine behind a port of this thread: messages are copied as those of a thread are. */
function portEngine(start: EngineStart): EngineWorker {
  const { port1, port2 } = new MessageChannel();
  serveEngine(structuredClone(start), port2);
  return {
    post: (message) => port1.postMessage(message),
    onMessage: (listener) => void port1.on('message', listener),
    onError: () => {},
    terminate: () => port1.close(),
  };
}

/** An engine as editors use it, and everything that it has told. */
export class TestEngine {
  readonly client: EngineClient;
  readonly events: EventMessage[] = [];
  /** Why the engine could not go on. */
  failure: string | undefined;
  private readonly connection: EngineConnection;
  private readonly waiting = new Map<number, (message: AnswerMessage) => void>();
  private readonly wishes = new Set<() => void>();
  private nextId = 1;

  /** @param inThread starts it in a thread, which takes as long as some tests; else it answers from this one. */
  constructor(start: EngineStart, inThread = false) {
    this.client = new EngineClient(inThread ? threadEngine : portEngine, start, (reason) => {
      this.failure = reason;
      this.look();
    });
    this.connection = this.client.connect((message) => this.take(message));
  }

  private take(message: AnswerMessage | EventMessage): void {
    if ('event' in message) {
      this.events.push(message);
      this.look();
      return;
    }
    const settle = this.waiting.get(message.id);
    if (!settle) throw new Error(`request ${message.id} was answered twice`);
    this.waiting.delete(message.id);
    settle(message);
  }

  private look(): void {
    for (const wish of [...this.wishes]) wish();
  }

  /** Sends a request. @returns its number, to cancel it, and its answer whatever that is. */
  send<Kind extends RequestKind>(kind: Kind, params: Params<Kind>): { id: number; answer: Promise<Outcome<Kind>> } {
    const id = this.nextId++;
    const answer = new Promise<AnswerMessage>((resolve) => this.waiting.set(id, resolve));
    this.connection.send({ id, request: kind, params });
    return { id, answer: answer as Promise<unknown> as Promise<Outcome<Kind>> };
  }

  cancel(id: number): void {
    this.connection.send({ cancel: id });
  }

  /** Asks for something that must be given. */
  async ask<Kind extends RequestKind>(kind: Kind, params: Params<Kind>): Promise<Result<Kind>> {
    const outcome = await this.send(kind, params).answer;
    if ('result' in outcome) return outcome.result;
    throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
  }

  /** Waits for an event, of those that came before too. */
  async event<Event extends EventMessage>(isIt: (event: EventMessage) => event is Event): Promise<Event> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.events.find(isIt);
        if (found === undefined && this.failure === undefined) return;
        this.wishes.delete(look);
        if (found) resolve(found);
        else reject(new Error(this.failure));
      };
      this.wishes.add(look);
      look();
    });
  }

  /** Waits until the file is scanned and its checksum compared. */
  async ready(): Promise<Summary> {
    type Told = Extract<EventMessage, { event: 'summary' }>;
    const { summary } = await this.event(
      (event): event is Told =>
        event.event === 'summary' && event.summary.state !== 'scanning' && event.summary.checksum !== 'pending',
    );
    return summary;
  }

  close(): void {
    this.client.close();
  }
}

/** Runs a test with an engine, and closes it. */
export async function withEngine(
  start: EngineStart,
  test: (engine: TestEngine) => Promise<void>,
  inThread?: boolean,
): Promise<void> {
  const engine = new TestEngine(start, inThread);
  try {
    await test(engine);
  } finally {
    engine.close();
  }
}
