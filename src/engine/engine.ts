/** The engine: owns one open file, answers requests about it, and does the long work on it in slices. */

import type { AnalysisRequests } from '../analysis-protocol.js';
import type { BytesDecoder } from '../dataset/decoders/decoder.js';
import type { FileFacts } from '../dataset/file-facts.js';
import { type ChecksumState, FileScan } from '../dataset/file-scan.js';
import { KeyIndex } from '../dataset/key-index.js';
import { keysText } from '../dataset/key-text.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import type { ExportRequests } from '../export-protocol.js';
import { parseDisplayText } from '../format/display.js';
import type { MemoryChoice, MemoryRequests } from '../memory-protocol.js';
import type {
  AnswerMessage,
  CancelMessage,
  CopyFormat,
  EngineRequests,
  EventMessage,
  GridRow,
  Place,
  RequestMessage,
  Summary,
  ViewSpec,
} from '../protocol.js';
import type { ViewerRequests } from '../viewer-protocol.js';
import { Analysis } from './analysis.js';
import type { Output } from './aof-files.js';
import { keySet } from './chosen.js';
import { countElements } from './count-elements.js';
import { DecodeSessions } from './decode-sessions.js';
import { DeepCheck } from './deep-check.js';
import { FileChangedError } from './error-info.js';
import { chosenInput, type ExportHost, exportHandlers, loadHandlers, type ShownRdb } from './exports.js';
import { FieldPages } from './field-pages.js';
import { findKey, placeAt } from './file-place.js';
import { FileRecords } from './file-records.js';
import { reportHead, savedAt, scanSummary } from './file-summary.js';
import { GridView, needsMemory } from './grid-view.js';
import { HEAD_START_BYTES, HeadStart } from './head-start.js';
import { gridRow, type KeyRowsHost, keyRow } from './key-rows.js';
import { LiveViews } from './live-views.js';
import { MemoryEstimates } from './memory.js';
import { type Handler, Requests } from './requests.js';
import { CancelledError, type CancelToken } from './scheduler.js';
import { ValueMatches } from './value-matches.js';
import { NoSuchPartError, ValueSessions } from './value-sessions.js';
import { viewerHandlers } from './viewer-handlers.js';

/** What differs between Node and the browser. */
export interface Platform {
  /** Calls back after messages that wait have been delivered. */
  defer(callback: () => void): void;
  now(): number;
  /** Computes the checksum of the first bytes of the file, beside everything else. */
  checksum(length: number, onProgress: (done: number) => void): { readonly result: Promise<bigint>; cancel(): void };
  /** Whether the file is still the one that was opened: `changed` means that bytes of it may have been overwritten. */
  fileState(): 'same' | 'replaced' | 'changed' | 'gone';
  /** Calls back every so often, to look after the file. */
  every(ms: number, callback: () => void): () => void;
  /** Decoders of strings that it brings. */
  readonly decoders: readonly BytesDecoder[];
  /** Where files can be written; null if only those who ask can write. */
  readonly output: Output | null;
  /** True if a path leads to the file. */
  holds(path: string): boolean;
}

/** Milliseconds between two summaries, and between two looks at the file. */
const SUMMARY_MS = 100;
const WATCH_MS = 2000;
/** New keys are shown at once up to this number, then this often. */
const FIRST_KEYS = 200;
/** The most characters that are copied at once. */
const COPY_LIMIT = 64 * 1024 * 1024;
/** The most rows and bytes that are given at once. */
const ROW_LIMIT = 1000;
const BYTE_LIMIT = 1 << 20;

type Handlers = {
  [Kind in Exclude<
    keyof EngineRequests,
    keyof AnalysisRequests | keyof ExportRequests | keyof MemoryRequests | keyof ViewerRequests
  >]: (
    params: EngineRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => EngineRequests[Kind]['result'] | Promise<EngineRequests[Kind]['result']>;
};

/** Requests that can be answered without a look at the file. */
const WITHOUT_READING: ReadonlySet<string> = new Set<keyof EngineRequests>([
  'summary',
  'view.close',
  'export.targets',
  'export.read',
  'export.forget',
]);

/** The engine of one file. */
export class Engine {
  private readonly requests: Requests;
  private readonly scan: FileScan;
  private readonly index: { current: KeyIndex };
  private readonly views: LiveViews<ViewSpec, GridView>;
  private readonly values: ValueSessions;
  private readonly records: FileRecords;
  private readonly decoded: DecodeSessions;
  private readonly fields: FieldPages;
  private readonly stopWatching: () => void;
  private scanning = true;
  private checksum: ChecksumState | 'pending' = 'pending';
  private checksumDone = 0;
  private fileState: 'same' | 'replaced' | 'changed' | 'gone' = 'same';
  private readonly headStart: HeadStart;
  private summarySent = 0;
  private grownTo = 0;
  private begin: () => void = () => {};
  /** Settled when the first rows are known, or that there are none. */
  private readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });

  private readonly analysis: Analysis;
  private readonly estimates: MemoryEstimates;
  private readonly check: DeepCheck;
  private readonly rows: KeyRowsHost;

  /**
   * @param inMemory true if the source is a copy of the file in memory.
   * @param send delivers messages to those who asked.
   */
  constructor(
    private readonly source: ByteSource,
    private readonly inMemory: boolean,
    private readonly platform: Platform,
    private readonly send: (message: AnswerMessage | EventMessage) => void,
  ) {
    this.requests = new Requests({
      defer: (callback) => platform.defer(callback),
      now: () => platform.now(),
      every: (ms, callback) => platform.every(ms, callback),
      send,
      handler: (request) =>
        (this.handlers[request as keyof Handlers] ??
          this.estimates.handlers[request as keyof MemoryRequests] ??
          this.analysis.handlers[request as keyof AnalysisRequests] ??
          this.exports[request as keyof ExportRequests] ??
          this.viewers[request as keyof ViewerRequests]) as Handler | undefined,
      guard: (request) => {
        if (!WITHOUT_READING.has(request)) this.checkFile();
      },
      reason: (error) => {
        this.watch();
        return this.fileState === 'changed' ? new FileChangedError() : error;
      },
    });
    this.headStart = new HeadStart((ms, callback) => platform.every(ms, callback));
    this.views = new LiveViews(
      this.requests,
      (grew) => this.newView(grew),
      (number, view, reordered) => this.tellView(number, view, reordered),
    );
    this.index = { current: new KeyIndex({ make: 'redis', version: undefined, level: 0 }) };
    this.scan = new FileScan(source, (batch, types, facts) => {
      // The aux fields that name the server stand before the first key.
      if (this.index.current.length === 0) this.index.current = new KeyIndex(facts.server);
      this.index.current.add(batch, types);
    });
    const rowAt = (offset: number) => this.index.current.rowAt(offset);
    this.values = new ValueSessions(
      () => this.rdbFile(),
      (row) => this.factOf(row),
      rowAt,
      (row) => this.estimates.at(row),
    );
    this.records = new FileRecords(source, this.scan.facts);
    this.decoded = new DecodeSessions(platform.decoders);
    this.fields = new FieldPages({
      file: () => this.rdbFile(),
      placeAt: (offset) => this.placeAt(offset),
      factOf: (row) => this.factOf(row),
      endBefore: (offset) => this.index.current.endBefore(offset),
      rowAt,
    });
    this.estimates = new MemoryEstimates({
      requests: this.requests,
      source,
      facts: this.facts,
      index: () => this.index.current,
      measured: async () => {
        await this.views.each((view) => view.measured());
        this.sendSummary(true);
      },
      changed: () => {
        void this.views.each((view) => this.measuredAnew(view));
        this.sendSummary(true);
      },
    });
    this.check = new DeepCheck({
      requests: this.requests,
      facts: this.facts,
      file: () => this.rdbFile(),
      index: () => this.index.current,
      isRead: () => this.isRead,
      checkFile: () => this.checkFile(),
      tell: (atOnce) => {
        this.sendSummary(atOnce);
        if (atOnce) this.views.tellAll();
      },
    });
    this.rows = {
      source,
      matches: new ValueMatches(() => this.rdbFile()),
      index: () => this.index.current,
      memoryAt: (row) => this.estimates.at(row),
      isDamaged: (row) => this.check.isDamaged(row),
    };
    this.analysis = new Analysis({
      requests: this.requests,
      keys: () => ({
        file: this.rdbFile(),
        index: this.index.current,
        savedAt: savedAt(this.facts),
      }),
      memory: this.estimates,
      clock: () => ({ now: Date.now(), savedAt: savedAt(this.facts) }),
      problems: () => this.facts.problems,
      keyRow: (row) => keyRow(this.rows, row, 0, 0),
      head: () => reportHead(this.facts, this.index.current, this.source.size),
      send,
    });
    this.stopWatching = platform.every(WATCH_MS, () => this.watch());
    void this.work();
  }

  /** True when the file is scanned and its checksum known. */
  private get isRead(): boolean {
    return !this.scanning && this.checksum !== 'pending';
  }

  private get facts(): FileFacts {
    return this.scan.facts;
  }

  private rdbFile(): RdbFile {
    const header = this.facts.fileHeader ?? { magic: '', family: 'redis' as const, version: 0 };
    return { source: this.source, header, templates: this.scan.templates, keydb: this.facts.keydb };
  }

  private factOf(row: number) {
    if (!(row >= 0 && row < this.index.current.length)) throw new NoSuchPartError(`row ${row}`);
    return this.index.current.fact(row);
  }

  /** Stops everything; nothing is answered any more. */
  close(): void {
    this.requests.close();
    this.begin();
    this.headStart.end();
    this.stopWatching();
    this.views.cancel();
  }

  /** Chooses the server that memory is estimated for. */
  chooseMemory(choice: MemoryChoice): void {
    this.estimates.configure(choice);
  }

  /** Takes a message. */
  receive(message: RequestMessage | CancelMessage): void {
    this.requests.receive(message);
  }

  // What the engine does on its own: scan, checksum, looking after the file.

  private async work(): Promise<void> {
    let started: ReturnType<Engine['startChecksum']> | undefined;
    try {
      if (this.source.size > HEAD_START_BYTES) {
        await this.requests.scheduler.run(this.firstSteps(), this.requests.life);
        this.begin();
        await this.headStart.wait();
      }
      started = this.startChecksum();
      await this.requests.scheduler.run(this.scanSteps(), this.requests.life);
      this.scanning = false;
      this.begin();
      this.watch();
      await Promise.all([this.finishViews(), this.finishChecksum(started)]);
      await this.requests.scheduler.run(countElements(this.index.current, this.rdbFile()), this.requests.life);
    } catch (error) {
      started?.cancel();
      if (error instanceof CancelledError) return;
      this.scanning = false;
      this.begin();
      this.checksum = 'absent';
      this.watch();
      if (this.fileState !== 'changed') {
        // The disk or the network failed: what was read so far can still be looked at.
        const reason = error instanceof Error ? error.message : String(error);
        this.facts.problem({ code: 'read-error', severity: 'error', offset: this.scan.position, args: [reason] });
      }
      await this.finishViews();
    }
  }

  /** Reads as far as it takes to fill a screen. */
  private *firstSteps(): Generator<void> {
    while (this.grownTo === 0 && this.scan.step()) {
      this.scanProgress();
      yield;
    }
    // A file of a few large values has been read to its end.
    this.sendSummary(true);
  }

  private *scanSteps(): Generator<void> {
    // Of a file that is overwritten while it is scanned nothing is worth showing.
    while (this.fileState !== 'changed' && this.scan.step()) {
      this.scanProgress();
      yield;
    }
    this.sendSummary(true);
  }

  private scanProgress(): void {
    const { length } = this.index.current;
    const first = this.grownTo === 0 && length >= FIRST_KEYS;
    if (first) {
      this.growViews();
      this.begin();
    }
    this.sendSummary(first);
  }

  /** Begins with the checksum before it is known where it ends: almost always eight bytes before the end of the file. */
  private startChecksum() {
    return this.platform.checksum(Math.max(0, this.source.size - 8), (done) => {
      this.checksumDone = done;
      this.sendSummary(false);
    });
  }

  private async finishChecksum(started: { readonly result: Promise<bigint>; cancel(): void }): Promise<void> {
    const known = this.scan.checksumWithoutReading;
    if (known) {
      started.cancel();
      this.checksum = known;
    } else {
      const covered = this.scan.checkedBytes;
      let computed: bigint;
      if (covered === this.source.size - 8) {
        computed = await started.result;
      } else {
        started.cancel();
        computed = await this.platform.checksum(covered, () => {}).result;
      }
      // A file that was overwritten meanwhile has no checksum that means anything.
      this.watch();
      this.checksum = this.fileState === 'changed' ? 'absent' : this.scan.compareChecksum(computed);
    }
    this.checksumDone = 1;
    this.sendSummary(true);
  }

  private watch(): void {
    if (this.fileState === 'changed') return;
    const state = this.platform.fileState();
    if (state === this.fileState) return;
    this.fileState = state;
    if (state !== 'same') this.send({ event: 'fileChanged', gone: state === 'gone' });
  }

  /** Makes sure that what is read now belongs to the file that was scanned. */
  private checkFile(): void {
    this.watch();
    if (this.fileState === 'changed') throw new FileChangedError();
  }

  private sendSummary(atOnce: boolean): void {
    const now = this.platform.now();
    if (!atOnce && now - this.summarySent < SUMMARY_MS) return;
    this.summarySent = now;
    if (this.scanning || this.grownTo < this.index.current.length) this.growViews();
    this.send({ event: 'summary', summary: this.summary() });
  }

  private summary(): Summary {
    return {
      ...scanSummary(this.scan, this.index.current, this.source.size, this.scanning),
      memory: this.estimates.info(),
      checksum: this.checksum,
      checksumProgress: this.checksumDone,
      verified: this.check.state,
      verifiedKeys: this.check.keys,
      inMemory: this.inMemory,
    };
  }

  // Views.

  private growViews(): void {
    const { length } = this.index.current;
    this.grownTo = length;
    this.views.grow(length);
  }

  private async finishViews(): Promise<void> {
    await this.views.finish();
    this.sendSummary(true);
  }

  private tellView(number: number, view: GridView, reordered: boolean): void {
    this.send({ event: 'view', view: number, state: view.state(this.scanning), reordered });
  }

  /** Shows what it showed, for another server. */
  private *measuredAnew(view: GridView): Generator<number> {
    if (view.spec && needsMemory(view.spec)) yield* view.arrange(view.spec);
    else yield* view.measured();
  }

  /** @param grew is called when a search that goes on has found more. */
  private newView(grew: (fresh: boolean, reordered?: boolean) => void): GridView {
    const saved = savedAt(this.facts);
    return new GridView(
      () => this.rdbFile(),
      () => this.index.current,
      () => ({ now: Date.now(), savedAt: saved }),
      () => this.estimates.measure(),
      grew,
    );
  }

  /** Rows of a view as the grid shows them. */
  private rowsOf(view: GridView, from: number, count: number): GridRow[] {
    const pattern = view.spec?.filter.value;
    const rows = view.rows(from, Math.min(count, ROW_LIMIT)).map((row) => gridRow(this.rows, row, pattern));
    if (rows.length > 0) this.headStart.rowsGiven();
    return rows;
  }

  // Answers.

  private readonly viewers = viewerHandlers(() => ({
    requests: this.requests,
    values: this.values,
    decoded: this.decoded,
    fields: this.fields,
  }));

  private readonly shown: ShownRdb = {
    file: () => this.rdbFile(),
    facts: () => this.facts,
    index: () => this.index.current,
    view: (number) => this.views.get(number),
    trusted: () => this.checksum === 'ok',
  };

  private readonly exportHost = (): ExportHost & ShownRdb => ({
    ...this.shown,
    requests: this.requests,
    inputs: (spec) => chosenInput(this.shown, spec),
    whenRead: async (token) => {
      while (!this.isRead) await this.requests.pause(token);
    },
    check: () => this.checkFile(),
    output: this.platform.output,
    holds: (path) => this.platform.holds(path),
  });

  private readonly exports = { ...exportHandlers(this.exportHost), ...loadHandlers(this.exportHost) };

  private readonly handlers: Handlers = {
    summary: () => this.summary(),

    'view.set': async ({ view: number, spec, count = 0 }, token, id) => {
      const begun = count > 0 ? this.begun : undefined;
      const view = await this.views.set(number, spec, token, id, begun, () => !this.scanning);
      return { ...view.state(this.scanning), rows: this.rowsOf(view, 0, count) };
    },

    'view.close': ({ view }) => {
      this.views.close(view);
      return {};
    },

    'view.rows': ({ view: number, from, count }) => {
      const view = this.views.get(number);
      return { rows: this.rowsOf(view, from, count), state: view.state(this.scanning) };
    },

    'view.expand': async ({ view: number, folder, expanded }, token, id) => {
      const view = this.views.get(number);
      const total = Math.max(1, this.index.current.length);
      await this.requests.job(fraction(view.setExpanded(folder, expanded), total), token, id);
      return view.state(this.scanning);
    },

    'view.locate': async ({ view: number, row }, token, id) => {
      this.factOf(row);
      const view = this.views.get(number);
      const position = await this.requests.job(view.locate(row), token, id);
      return { position: position ?? null, state: view.state(this.scanning) };
    },

    'view.places': ({ view: number, places }) => {
      const view = this.views.get(number);
      return { positions: places.map((place) => view.positionOf(place) ?? null) };
    },

    'view.find': async ({ view: number, text, from }, token, id) => {
      const view = this.views.get(number);
      const position = await this.requests.job(view.find(parseDisplayText(text), from), token, id);
      return { position: position ?? null };
    },

    'key.find': async ({ text, db }, token) => {
      return {
        row: await this.requests.job(findKey(this.source, this.index.current, parseDisplayText(text), db), token),
      };
    },

    'value.open': ({ row }) => {
      return this.values.open(row);
    },

    'value.items': ({ row, section, from, count, search }, token) => {
      return this.requests.job(this.values.items(row, section, from, Math.min(count, ROW_LIMIT), search), token);
    },

    'value.sections': async ({ row, section, position }, token) => {
      return { sections: await this.requests.job(this.values.openElement(row, section, position), token) };
    },

    'value.bytes': ({ cell, from, count }, token) => {
      return this.requests.job(this.values.bytes(cell, from, Math.min(count, BYTE_LIMIT)), token);
    },

    'file.bytes': ({ from, count }) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(count, BYTE_LIMIT, this.source.size - from)));
      return { from, bytes: bytes.subarray(0, readFully(this.source, from, bytes)), total: this.source.size };
    },

    'file.records': ({ from, count, opcode }) => {
      return this.records.page(from, Math.min(count, ROW_LIMIT), opcode);
    },

    'file.functions': () => {
      return this.records.functions();
    },

    'file.place': ({ offset }) => this.placeAt(offset),

    copy: async ({ view: number, positions, format }, token, id) => {
      const view = this.views.get(number);
      return this.copy(view.keysAt(positions), format, token, id);
    },

    'copy.row': async ({ row, format }, token, id) => {
      this.factOf(row);
      return this.copy([row], format, token, id);
    },

    'view.chosen': async ({ view: number, positions }, token, id) => {
      const view = this.views.get(number);
      return this.requests.job(keySet(view.chosen(positions), this.index.current.length), token, id);
    },

    verify: (_, token, id) => this.check.run(token, id),
  };

  private copy(rows: Iterable<number>, format: CopyFormat, token: CancelToken, id: number) {
    return this.requests.job(keysText(this.rdbFile(), this.index.current, rows, format, COPY_LIMIT), token, id);
  }

  private placeAt(offset: number): Place {
    return placeAt(this.scan, this.index.current, this.records, this.source.size, offset);
  }
}

/** Turns counts of rows into parts of their number. */
function* fraction<Result>(generator: Generator<number, Result>, total: number): Generator<number, Result> {
  let step = generator.next();
  for (; !step.done; step = generator.next()) yield step.value / total;
  return step.value;
}
