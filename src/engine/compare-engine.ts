/** The engine of a comparison: owns two files, compares them, and answers requests about what differs. */
import type {
  ChangeTotals,
  CompareFileInfo,
  CompareRequests,
  CompareSide,
  CompareSummary,
  NamespaceRow,
} from '../compare-protocol.js';
import { type Comparison, compareSides } from '../dataset/compare/comparison.js';
import { differenceLine } from '../dataset/compare/difference-json.js';
import { type NamespaceChange, namespaceChanges } from '../dataset/compare/namespace-changes.js';
import { inNameOrder } from '../dataset/compare/order.js';
import { type Side, scanSide } from '../dataset/compare/side.js';
import { TooLargeError } from '../dataset/key-text.js';
import type { ByteSource } from '../decoder/source.js';
import { displayText, parseDisplayText } from '../format/display.js';
import type { AnswerMessage, CancelMessage, ErrorInfo, EventMessage, RequestMessage } from '../protocol.js';
import { problemInfo } from './cells.js';
import { CompareView, differenceRow, nameBytes } from './compare-view.js';
import { errorInfo, FileChangedError } from './error-info.js';
import { comparedBytes, comparedRows, type OpenComparison, openComparison } from './key-comparison.js';
import { type Handler, Requests } from './requests.js';
import { CancelledError, CancelToken } from './scheduler.js';
import { NoSuchPartError } from './value-sessions.js';

/** One of the files that are compared. */
export interface CompareFile {
  readonly source: ByteSource;
  /** True if bytes of it may have been overwritten since it was opened. */
  changed(): boolean;
  close(): void;
}

/** What differs between Node and the browser. */
export interface ComparePlatform {
  /** Calls back after messages that wait have been delivered. */
  defer(callback: () => void): void;
  now(): number;
  /** Calls back every so often. */
  every(ms: number, callback: () => void): () => void;
}

/** Milliseconds between two summaries, and between two looks at the files. */
const SUMMARY_MS = 100;
const WATCH_MS = 2000;
/** The most rows that are given at once. */
const ROW_LIMIT = 1000;
/** Bytes of a string that are given at once. */
const BYTE_LIMIT = 16 * 1024 * 1024;
/** The most characters that are copied at once. */
const COPY_LIMIT = 64 * 1024 * 1024;
/** Elements of a key in what is copied as JSON. */
const COPIED_CHANGES = 1000;
/** What the reading of each file is of the whole work. */
const READING = 0.15;

type Handlers = {
  [Kind in keyof CompareRequests]: (
    params: CompareRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => CompareRequests[Kind]['result'] | Promise<CompareRequests[Kind]['result']>;
};

const NO_FILE: CompareFileInfo = { bytes: 0, keys: 0, magic: null, created: null, problems: [], moreProblems: 0 };
const NOTHING: ChangeTotals = { keys: 0, leftBytes: 0, rightBytes: 0 };

/** The engine of two files. */
export class CompareEngine {
  private readonly requests: Requests;
  private readonly sides: { left: Side | undefined; right: Side | undefined } = { left: undefined, right: undefined };
  private comparison: Comparison | undefined;
  private view: CompareView | undefined;
  private setting = new CancelToken();
  private opened: OpenComparison | undefined;
  private state: CompareSummary['state'] = 'reading';
  private done = 0;
  private failure: CompareSummary['failure'] = null;
  private summarySent = 0;
  private changed = false;
  private readonly stopWatching: () => void;
  /** Settled when there is a comparison; fails if there will be none. */
  private readonly ready: Promise<void>;

  /** @param send delivers messages to those who asked. */
  constructor(
    private readonly files: Readonly<Record<CompareSide, CompareFile>>,
    private readonly platform: ComparePlatform,
    private readonly send: (message: AnswerMessage | EventMessage) => void,
  ) {
    this.requests = new Requests({
      defer: (callback) => platform.defer(callback),
      now: () => platform.now(),
      every: (ms, callback) => platform.every(ms, callback),
      send,
      handler: (request) => this.handlers[request as keyof CompareRequests] as Handler | undefined,
      guard: (request) => {
        if (request !== 'compare.summary') this.checkFiles();
      },
      reason: (error) => {
        this.watch();
        return this.changed ? new FileChangedError() : error;
      },
    });
    this.stopWatching = platform.every(WATCH_MS, () => this.watch());
    this.ready = this.work();
    // Whoever asks for something hears why there is no answer.
    this.ready.catch(() => {});
  }

  /** Stops everything; nothing is answered any more. */
  close(): void {
    this.requests.close();
    this.stopWatching();
    this.files.left.close();
    this.files.right.close();
  }

  /** Takes a message. */
  receive(message: RequestMessage | CancelMessage): void {
    this.requests.receive(message);
  }

  private async work(): Promise<void> {
    let side: CompareSide | null = 'left';
    try {
      const left = await this.read('left', 0);
      side = 'right';
      const right = await this.read('right', READING);
      side = null;
      this.state = 'comparing';
      const before = 2 * READING;
      const comparison = await this.run(compareSides(left, right), before, 0.9 - before);
      const byName = await this.run(inNameOrder(comparison), 0.9, 0.1);
      this.checkFiles();
      this.comparison = comparison;
      this.view = new CompareView(comparison, byName);
      this.state = 'ready';
      this.done = 1;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      this.watch();
      this.state = 'failed';
      this.failure = { side, error: failureInfo(this.changed ? new FileChangedError() : error) };
      throw error;
    } finally {
      this.sendSummary(true);
    }
  }

  private async read(name: CompareSide, before: number): Promise<Side> {
    const side = await this.run(scanSide(this.files[name].source), before, READING);
    this.sides[name] = side;
    if (!side.file.header.magic) throw new NotAnRdbError();
    this.sendSummary(true);
    return side;
  }

  /** Runs a part of the work that is a share of the whole. */
  private run<Result>(work: Generator<number, Result>, before: number, share: number): Promise<Result> {
    return this.requests.scheduler.run(work, this.requests.life, (done) => {
      if (typeof done === 'number') this.done = before + share * Math.min(1, done);
      this.sendSummary(false);
    });
  }

  private watch(): void {
    if (this.changed) return;
    this.changed = this.files.left.changed() || this.files.right.changed();
    if (this.changed) this.send({ event: 'fileChanged', gone: false });
  }

  private checkFiles(): void {
    this.watch();
    if (this.changed) throw new FileChangedError();
  }

  private sendSummary(atOnce: boolean): void {
    const now = this.platform.now();
    if (!atOnce && now - this.summarySent < SUMMARY_MS) return;
    this.summarySent = now;
    this.send({ event: 'compareSummary', summary: this.summary() });
  }

  private summary(): CompareSummary {
    const counts = this.comparison?.counts;
    return {
      state: this.state,
      done: this.done,
      left: this.fileInfo('left'),
      right: this.fileInfo('right'),
      unchanged: counts?.unchangedKeys ?? 0,
      added: counts ? { keys: counts.addedKeys, leftBytes: 0, rightBytes: counts.addedBytes } : NOTHING,
      removed: counts ? { keys: counts.removedKeys, leftBytes: counts.removedBytes, rightBytes: 0 } : NOTHING,
      changed: counts
        ? { keys: counts.changedKeys, leftBytes: counts.changedLeftBytes, rightBytes: counts.changedRightBytes }
        : NOTHING,
      failure: this.failure,
    };
  }

  private fileInfo(name: CompareSide): CompareFileInfo {
    const side = this.sides[name];
    if (!side) return { ...NO_FILE, bytes: this.files[name].source.size };
    const { facts } = side.scan;
    const created = Number(facts.auxValue('ctime'));
    const inValues = this.comparison?.problems.filter((one) => one.side === name).map(({ problem }) => problem) ?? [];
    return {
      bytes: side.source.size,
      keys: side.index.length,
      magic: facts.fileHeader?.magic ?? null,
      created: created > 0 ? created * 1000 : null,
      problems: [...facts.problems, ...inValues].map((one) => problemInfo(one, (offset) => side.index.rowAt(offset))),
      moreProblems: facts.moreProblems,
    };
  }

  /** The comparison and its view, once they are there. */
  private async made(): Promise<{ readonly comparison: Comparison; readonly view: CompareView }> {
    await this.ready;
    const { comparison, view } = this;
    if (!comparison || !view) throw new NoSuchPartError('comparison');
    return { comparison, view };
  }

  private async open(difference: number, token: CancelToken): Promise<OpenComparison> {
    const { comparison } = await this.made();
    if (this.opened?.info.difference !== difference) {
      this.opened = await this.requests.job(openComparison(comparison, difference), token);
    }
    return this.opened;
  }

  private readonly handlers: Handlers = {
    'compare.summary': () => this.summary(),
    'compare.set': async ({ spec, count }, token, id) => {
      this.setting.cancel();
      this.setting = token;
      const { comparison, view } = await this.made();
      await this.requests.job(view.arrange(spec), token, id);
      return { total: view.total, rows: this.rows(comparison, view, 0, count) };
    },
    'compare.rows': async ({ from, count }) => {
      const { comparison, view } = await this.made();
      return { rows: this.rows(comparison, view, from, count) };
    },
    'compare.locate': async ({ difference }) => ({ position: (await this.made()).view.locate(difference) }),
    'compare.find': async ({ text, from }, token) => {
      const { view } = await this.made();
      return { position: await this.requests.job(view.find(parseDisplayText(text), from), token) };
    },
    'compare.namespaces': async ({ path, separator }, token, id) => {
      const { comparison, view } = await this.made();
      const prefix = parseDisplayText(path);
      const work = namespaceChanges(comparison, view.chosen, prefix, parseDisplayText(separator));
      const { namespaces, rest } = await this.requests.job(work, token, id);
      return {
        namespaces: namespaces.map((one) => namespaceRow(one, prefix.length)),
        more: rest ? sum(rest) : null,
      };
    },
    'compare.key': async ({ difference }, token) => (await this.open(difference, token)).info,
    'compare.elements': async ({ difference, part, changedOnly, from, count }, token) => {
      return { rows: comparedRows(await this.open(difference, token), part, changedOnly, from, count) };
    },
    'compare.bytes': async ({ text, side, count }, token) => {
      return comparedBytes(await this.open(text.difference, token), text, side, Math.min(count, BYTE_LIMIT));
    },
    'compare.copy': async ({ positions, format }, token) => {
      const { comparison, view } = await this.made();
      const differences = positions.flatMap(([from, to]) => [...view.at(from, to + 1 - from)]);
      return this.requests.job(copied(comparison, differences, format), token);
    },
  };

  private rows(comparison: Comparison, view: CompareView, from: number, count: number) {
    return [...view.at(from, Math.min(count, ROW_LIMIT))].map((difference) => differenceRow(comparison, difference));
  }
}

/** A file has no header of an RDB. */
class NotAnRdbError extends Error {
  override readonly name = 'NotAnRdbError';
}

function failureInfo(error: unknown): ErrorInfo {
  if (!(error instanceof NotAnRdbError)) return errorInfo(error);
  return {
    code: 'damaged',
    template: 'The file does not begin with an RDB. Only the keys of RDB files can be compared.',
    args: [],
  };
}

function* copied(comparison: Comparison, differences: readonly number[], format: 'names' | 'json') {
  const lines: string[] = [];
  let length = 0;
  for (const difference of differences) {
    const line =
      format === 'names'
        ? displayText(nameBytes(comparison, difference)).text
        : yield* differenceLine(comparison, difference, COPIED_CHANGES, () => {});
    length += line.length + 1;
    if (length > COPY_LIMIT) throw new TooLargeError(COPY_LIMIT);
    lines.push(line);
    yield;
  }
  return { text: lines.join('\n'), keys: lines.length };
}

function namespaceRow(change: NamespaceChange, prefix: number): NamespaceRow {
  const { path, inner, added, removed, changed } = change;
  return {
    name: inner ? displayText(path.subarray(prefix)).text : '',
    path: displayText(path).text,
    inner,
    added: { ...added },
    removed: { ...removed },
    changed: { ...changed },
  };
}

function sum({ added, removed, changed }: NamespaceChange): ChangeTotals {
  return {
    keys: added.keys + removed.keys + changed.keys,
    leftBytes: removed.leftBytes + changed.leftBytes,
    rightBytes: added.rightBytes + changed.rightBytes,
  };
}
