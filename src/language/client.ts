/** The other side of the language worker: sends documents before the requests about them, and hands on the answers. */
import type {
  DocumentText,
  FromLanguageWorker,
  LanguageParams,
  LanguageRequestKind,
  LanguageResult,
  ToLanguageWorker,
} from '../language-protocol.js';

/** A worker, of either platform. */
export interface LanguageWorker {
  post(message: ToLanguageWorker): void;
  onMessage(listener: (message: FromLanguageWorker) => void): void;
  /** The worker died of an error. */
  onError(listener: (message: string) => void): void;
  terminate(): void;
}

/** What is known of a document beside its text. */
export type DocumentHead = Omit<DocumentText, 'text'>;

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Talks to one worker, which is started when it is first needed. */
export class LanguageClient {
  private worker: LanguageWorker | undefined;
  private readonly sent = new Map<string, string>();
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(private readonly startWorker: () => LanguageWorker) {}

  /**
   * Asks about a document, which is sent first unless the worker has this version of it.
   *
   * @param text gives the text; it is not asked for where the worker has it, because that takes time.
   */
  about<Kind extends Exclude<LanguageRequestKind, 'convert'>>(
    document: DocumentHead,
    text: () => string,
    request: Kind,
    params: Omit<LanguageParams<Kind>, 'uri'>,
  ): Promise<LanguageResult<Kind>> {
    const worker = this.running();
    const state = JSON.stringify([document.version, document.language, document.files]);
    if (this.sent.get(document.uri) !== state) {
      worker.post({ document: { ...document, text: text() } });
      this.sent.set(document.uri, state);
    }
    return this.ask(request, { ...params, uri: document.uri } as unknown as LanguageParams<Kind>);
  }

  /** Asks for something that needs no document. */
  ask<Kind extends LanguageRequestKind>(request: Kind, params: LanguageParams<Kind>): Promise<LanguageResult<Kind>> {
    const worker = this.running();
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: (result) => resolve(result as LanguageResult<Kind>), reject });
      worker.post({ id, request, params } as ToLanguageWorker);
    });
  }

  /** Forgets a document that was closed. */
  close(uri: string): void {
    if (this.sent.delete(uri)) this.worker?.post({ close: uri });
  }

  dispose(): void {
    this.fail('the worker was stopped');
    this.worker?.terminate();
    this.worker = undefined;
  }

  private running(): LanguageWorker {
    if (this.worker) return this.worker;
    const worker = this.startWorker();
    worker.onMessage((message) => this.receive(message));
    worker.onError((reason) => {
      // The next request starts another one.
      this.worker = undefined;
      this.sent.clear();
      this.fail(reason);
    });
    this.worker = worker;
    return worker;
  }

  private receive(message: FromLanguageWorker): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) pending?.reject(new Error(message.error));
    else pending?.resolve(message.result);
  }

  private fail(reason: string): void {
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of waiting) reject(new Error(reason));
  }
}
