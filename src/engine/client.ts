/** The other side of an engine: passes messages between its worker and those who ask, each with its own numbers. */
import type {
  AnswerMessage,
  CancelMessage,
  ErrorInfo,
  EventMessage,
  Params,
  RequestKind,
  RequestMessage,
  Result,
} from '../protocol.js';
import type { EngineStart, WorkerMessage } from './start.js';

/** A worker, of either platform. */
export interface EngineWorker {
  post(message: RequestMessage | CancelMessage | { close: true }): void;
  onMessage(listener: (message: WorkerMessage) => void): void;
  /** The worker died of an error. */
  onError(listener: (message: string) => void): void;
  terminate(): void;
}

/** Starts a worker with an engine for a file. */
export type StartWorker = (start: EngineStart) => EngineWorker;

/** Somebody who asks the engine: a webview, or the extension itself. */
export interface EngineConnection {
  send(message: RequestMessage | CancelMessage): void;
  dispose(): void;
}

/** The engine could not answer. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(readonly info: ErrorInfo) {
    super(info.template);
  }
}

/** The engine was told that the answer is no longer wanted. */
export class RequestCancelledError extends Error {
  override readonly name = 'RequestCancelledError';
}

interface Pending {
  readonly owner: (message: AnswerMessage | EventMessage) => void;
  readonly id: number;
}

/** An engine that runs in a worker. */
export class EngineClient {
  private readonly worker: EngineWorker;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<(message: AnswerMessage | EventMessage) => void>();
  private nextId = 1;
  private failure: string | undefined;
  private closed = false;

  /** @param onFailure is told when the engine can do nothing more, with the reason. */
  constructor(
    startWorker: StartWorker,
    start: EngineStart,
    private readonly onFailure: (reason: string) => void,
  ) {
    this.worker = startWorker(start);
    this.worker.onMessage((message) => this.receive(message));
    this.worker.onError((reason) => this.fail(reason));
  }

  /** Connects somebody who asks. @param listener gets the answers to its requests, and all events. */
  connect(listener: (message: AnswerMessage | EventMessage) => void): EngineConnection {
    this.listeners.add(listener);
    return {
      send: (message) => this.forward(message, listener),
      dispose: () => {
        this.listeners.delete(listener);
        for (const [id, pending] of this.pending) if (pending.owner === listener) this.worker.post({ cancel: id });
      },
    };
  }

  /** Asks the engine. */
  request<Kind extends RequestKind>(
    kind: Kind,
    params: Params<Kind>,
    onProgress?: (done: number) => void,
  ): { readonly result: Promise<Result<Kind>>; cancel(): void } {
    const id = 1;
    let settle: (message: AnswerMessage) => void = () => {};
    const connection = this.connect((message) => {
      if (!('event' in message)) settle(message);
      else if (message.event === 'progress' && message.id === id) onProgress?.(message.done);
    });
    const result = new Promise<Result<Kind>>((resolve, reject) => {
      settle = (message) => {
        connection.dispose();
        if ('result' in message) resolve(message.result as Result<Kind>);
        else if ('error' in message) reject(new EngineError(message.error));
        else reject(new RequestCancelledError());
      };
    });
    connection.send({ id, request: kind, params } as RequestMessage);
    return { result, cancel: () => connection.send({ cancel: id }) };
  }

  private forward(
    message: RequestMessage | CancelMessage,
    owner: (message: AnswerMessage | EventMessage) => void,
  ): void {
    if ('cancel' in message) {
      for (const [id, pending] of this.pending) {
        if (pending.owner === owner && pending.id === message.cancel) this.worker.post({ cancel: id });
      }
      return;
    }
    if (this.failure !== undefined || this.closed) {
      owner({ id: message.id, error: failureInfo(this.failure ?? '') });
      return;
    }
    const id = this.nextId++;
    this.pending.set(id, { owner, id: message.id });
    this.worker.post({ ...message, id });
  }

  private receive(message: WorkerMessage): void {
    if ('failed' in message) {
      this.fail(message.failed);
      return;
    }
    if ('event' in message) {
      if (message.event === 'progress') {
        const pending = this.pending.get(message.id);
        pending?.owner({ ...message, id: pending.id });
        return;
      }
      for (const listener of [...this.listeners]) listener(message);
      return;
    }
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.pending.delete(message.id);
    pending.owner({ ...message, id: pending.id });
  }

  private fail(reason: string): void {
    if (this.failure !== undefined || this.closed) return;
    this.failure = reason;
    for (const { owner, id } of this.pending.values()) owner({ id, error: failureInfo(reason) });
    this.pending.clear();
    this.onFailure(reason);
  }

  /** Stops the engine and its worker. Requests that are under way are answered as cancelled. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const { owner, id } of this.pending.values()) owner({ id, cancelled: true });
    this.pending.clear();
    this.worker.post({ close: true });
    // The worker ends by itself when it has closed the file; one that hangs is ended.
    setTimeout(() => this.worker.terminate(), 1000);
  }
}

function failureInfo(reason: string): ErrorInfo {
  return { code: 'internal', template: 'The file cannot be read: {0}', args: [reason] };
}
