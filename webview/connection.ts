/** The webview's side of the protocol: requests with answers, and events. */
import type {
  AnswerMessage,
  ErrorInfo,
  EventMessage,
  Params,
  RequestKind,
  RequestMessage,
  Result,
} from '../src/protocol.js';
import type { LagReady } from '../src/servers-protocol.js';
import { Cancelled, type Running } from './running.js';

/** What the editor gives a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** A request was answered with an error. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(readonly info: ErrorInfo) {
    super(info.template);
  }
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((done: number) => void) | undefined;
}

const api = acquireVsCodeApi();
const pending = new Map<number, Pending>();
const listeners = new Set<(event: EventMessage) => void>();
let nextId = 1;

window.addEventListener('message', ({ data }: MessageEvent<AnswerMessage | EventMessage>) => {
  if ('event' in data) {
    if (data.event === 'progress') pending.get(data.id)?.onProgress?.(data.done);
    else for (const listener of listeners) listener(data);
    return;
  }
  const request = pending.get(data.id);
  pending.delete(data.id);
  if ('result' in data) request?.resolve(data.result);
  else if ('error' in data) request?.reject(new RequestError(data.error));
  else request?.reject(new Cancelled());
});

/** Asks the extension or the engine. */
export function ask<Kind extends RequestKind>(
  kind: Kind,
  params: Params<Kind>,
  onProgress?: (done: number) => void,
): Running<Result<Kind>> {
  const id = nextId++;
  const answer = new Promise<Result<Kind>>((resolve, reject) => {
    pending.set(id, { resolve: resolve as (result: unknown) => void, reject, onProgress });
  });
  api.postMessage({ id, request: kind, params } satisfies RequestMessage<Kind>);
  return { answer, cancel: () => api.postMessage({ cancel: id }) };
}

/** Says something that has no answer. */
export function tell(message: LagReady): void {
  api.postMessage(message);
}

/** Listens to events. @returns a function that stops it. */
export function onEvent(listener: (event: EventMessage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the webview remembers while its tab is closed and opened with the window. */
export function savedState<State>(): State | undefined {
  return api.getState() as State | undefined;
}

export function saveState(state: unknown): void {
  api.setState(state);
}
