/** The requests to an engine: each gets exactly one answer, can be cancelled, and can tell how far its work is. */
import type { AnswerMessage, CancelMessage, EventMessage, RequestMessage } from '../protocol.js';
import { errorInfo } from './error-info.js';
import { CancelledError, CancelToken, Scheduler } from './scheduler.js';
import { NoSuchPartError } from './value-sessions.js';

/** Milliseconds between two words on how far a request is. */
const PROGRESS_MS = 100;

/** Answers one kind of request. */
export type Handler = (params: unknown, token: CancelToken, id: number) => unknown;

/** What the requests of an engine need of it. */
export interface RequestHost {
  /** Calls back after messages that wait have been delivered. */
  defer(callback: () => void): void;
  now(): number;
  /** Calls back every so often. */
  every(ms: number, callback: () => void): () => void;
  send(message: AnswerMessage | EventMessage): void;
  /** What answers a request; undefined for an unknown one. */
  handler(request: string): Handler | undefined;
  /** Called before a request is answered and before its answer is sent. @throws if it cannot be given any more. */
  guard(request: string): void;
  /** The error to tell instead of one that a handler threw. */
  reason(error: unknown): unknown;
}

/** The requests that are under way, and the work for them. */
export class Requests {
  readonly scheduler: Scheduler;
  /** Cancelled when the engine is closed. */
  readonly life = new CancelToken();
  private readonly pending = new Map<number, CancelToken>();

  constructor(private readonly host: RequestHost) {
    this.scheduler = new Scheduler(
      (callback) => host.defer(callback),
      () => host.now(),
    );
  }

  /** Cancels everything; nothing is answered any more. */
  close(): void {
    this.life.cancel();
    for (const token of this.pending.values()) token.cancel();
  }

  /** Takes a message. */
  receive(message: RequestMessage | CancelMessage): void {
    if ('cancel' in message) this.pending.get(message.cancel)?.cancel();
    else void this.answer(message);
  }

  private async answer({ id, request, params }: RequestMessage): Promise<void> {
    const { host } = this;
    const token = new CancelToken();
    this.pending.set(id, token);
    try {
      const handler = host.handler(request);
      if (!handler) throw new NoSuchPartError(`request ${request}`);
      host.guard(request);
      const result = await handler(params, token, id);
      if (this.life.cancelled) return;
      // What was read while the file was overwritten may be of one state or the other.
      host.guard(request);
      host.send({ id, result });
    } catch (error) {
      if (!this.life.cancelled) this.sendFailure(id, error);
    } finally {
      this.pending.delete(id);
    }
  }

  private sendFailure(id: number, error: unknown): void {
    if (error instanceof CancelledError) this.host.send({ id, cancelled: true });
    else this.host.send({ id, error: errorInfo(this.host.reason(error)) });
  }

  /** Runs a job for a request, telling how far it is. */
  job<Result>(generator: Generator<unknown, Result>, token: CancelToken, id?: number): Promise<Result> {
    let told = 0;
    let last = this.host.now();
    return this.scheduler.run(generator, token, (progress) => {
      if (id === undefined || typeof progress !== 'number' || progress <= told) return;
      const now = this.host.now();
      if (now - last < PROGRESS_MS) return;
      last = now;
      told = progress;
      this.host.send({ event: 'progress', id, done: Math.min(1, progress) });
    });
  }

  /** Lets other work go on for a moment. @throws CancelledError if the token or the engine is cancelled meanwhile. */
  pause(token: CancelToken): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.host.every(20, () => {
        stop();
        if (token.cancelled || this.life.cancelled) reject(new CancelledError());
        else resolve();
      });
    });
  }
}
