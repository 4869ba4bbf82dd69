/** The engine of an AOF: owns its open files, answers requests about their commands, and follows a server that writes. */

import type {
  Amplification,
  AofRequests,
  AofSummary,
  CommandListRow,
  CommandViewSpec,
  TouchedKey,
  TouchedViewSpec,
} from '../aof-protocol.js';
import { largestCommands, mostAmplified, sumByName, timeline } from '../dataset/aof/analysis.js';
import type { CommandFilter, CommandSelection } from '../dataset/aof/command-filter.js';
import { commandsText, keyNamesText } from '../dataset/aof/command-text.js';
import { keyName } from '../dataset/aof/key-names.js';
import { sumByNamespace } from '../dataset/aof/key-namespaces.js';
import { keyTotals } from '../dataset/aof/key-totals.js';
import { StretchReader } from '../dataset/aof/part-files.js';
import { aofWillLoad } from '../dataset/aof/will-it-load.js';
import { parseTarget } from '../dataset/export/target.js';
import { loads } from '../dataset/export/will-it-load.js';
import { hashKey } from '../decoder/aof/key-hash.js';
import type { ExportRequests } from '../export-protocol.js';
import { displayText, parseDisplayText } from '../format/display.js';
import type { MemoryChoice } from '../memory-protocol.js';
import type { AnswerMessage, CancelMessage, EventMessage, RequestMessage } from '../protocol.js';
import { AofContent } from './aof-content.js';
import type { AofPlatform, AofState } from './aof-files.js';
import { outputHandlers } from './aof-outputs.js';
import { BaseRdb } from './base-rdb.js';
import { textCell } from './cells.js';
import { commandSet } from './chosen.js';
import { CommandList } from './command-list.js';
import { commandRow, listRows } from './command-rows.js';
import { DecodeSessions } from './decode-sessions.js';
import { FileChangedError } from './error-info.js';
import { TARGETS } from './exports.js';
import { HEAD_START_BYTES, HeadStart } from './head-start.js';
import { LiveViews } from './live-views.js';
import { partFields } from './part-fields.js';
import { type Handler, Requests } from './requests.js';
import { CancelledError, type CancelToken } from './scheduler.js';
import { TouchedList } from './touched-list.js';
import { NoSuchPartError } from './value-sessions.js';

/** Milliseconds between two summaries, and between two looks at the files. */
const SUMMARY_MS = 100;
const WATCH_MS = 1000;
/** New commands are shown at once up to this number. */
const FIRST_COMMANDS = 200;
/** The most rows and bytes that are given at once. */
const ROW_LIMIT = 1000;
const BYTE_LIMIT = 1 << 20;
/** The most characters that are copied at once. */
const COPY_LIMIT = 64 * 1024 * 1024;
/** The most rows of a list of the largest, and the most buckets of a timeline. */
const TOP_LIMIT = 1000;
const NAME_BYTES = 2048;

/** What is asked of the AOF itself, not of an RDB in it. */
type OwnRequests = AofRequests & Pick<ExportRequests, 'export.targets'>;

type Handlers = {
  [Kind in keyof OwnRequests]: (
    params: OwnRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => OwnRequests[Kind]['result'] | Promise<OwnRequests[Kind]['result']>;
};

/** Requests that can be answered without a look at the files. */
const WITHOUT_READING: ReadonlySet<string> = new Set<keyof OwnRequests>([
  'aof.summary',
  'aof.follow',
  'commands.close',
  'export.targets',
]);

/** The engine of one AOF. */
export class AofEngine {
  private readonly requests: Requests;
  private readonly decoded: DecodeSessions;
  private readonly commands: LiveViews<CommandViewSpec, CommandList>;
  private readonly touched: LiveViews<TouchedViewSpec, TouchedList>;
  private readonly headStart: HeadStart;
  private readonly stopWatching: () => void;
  private content: AofContent;
  /** What was shown before: open until the views show what is there now. */
  private retired: AofContent | undefined;
  /** The RDB that is shown, and one that is exported beside it. */
  private base: BaseRdb | undefined;
  private aside: BaseRdb | undefined;
  /** These two, and those that still finish what they have begun. */
  private readonly rdbs = new Set<BaseRdb>();
  /** The server that memory is estimated for, once somebody has chosen one. */
  private memory: MemoryChoice | undefined;
  private scanning = true;
  /** True while the engine takes in what has become of the files. */
  private following = true;
  private busy = true;
  private fileState: AofState = 'same';
  private summarySent = 0;
  private grownTo = 0;
  private begin: () => void = () => {};
  /** Settled when the first rows are known, or that there are none. */
  private readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });

  /**
   * @param send delivers messages to those who asked.
   * @throws NoAofError or the system's error if the files cannot be opened.
   */
  constructor(
    private readonly platform: AofPlatform,
    private readonly send: (message: AnswerMessage | EventMessage) => void,
  ) {
    this.decoded = new DecodeSessions(platform.decoders);
    this.requests = new Requests({
      defer: (callback) => platform.defer(callback),
      now: () => platform.now(),
      every: (ms, callback) => platform.every(ms, callback),
      send,
      handler: (request) => this.handlers[request as keyof OwnRequests] as Handler | undefined,
      guard: (request) => {
        if (!WITHOUT_READING.has(request)) this.checkFiles();
      },
      reason: (error) => {
        this.look();
        return this.fileState === 'changed' ? new FileChangedError() : error;
      },
    });
    const { requests } = this;
    const data = () => this.content;
    this.commands = new LiveViews(
      requests,
      () => new CommandList(data),
      (view, list, reordered) => {
        send({ event: 'commands', view, state: list.state(this.scanning), reordered });
      },
    );
    this.touched = new LiveViews(
      requests,
      () => new TouchedList(data),
      (view, list) => send({ event: 'touched', view, state: list.state(this.scanning), reordered: true }),
    );
    this.headStart = new HeadStart((ms, callback) => platform.every(ms, callback));
    this.content = new AofContent(platform.open());
    if (this.content.opened.inMemory) this.following = false;
    this.stopWatching = platform.every(WATCH_MS, () => void this.lookAfter());
    void this.work();
  }

  /** Stops everything; nothing is answered any more. */
  close(): void {
    this.requests.close();
    this.begin();
    this.headStart.end();
    this.stopWatching();
    this.commands.cancel();
    this.touched.cancel();
    for (const rdb of [...this.rdbs]) rdb.end();
    for (const content of new Set([this.content, this.retired])) content?.opened.close();
  }

  /** Takes a message: of an AOF it answers itself, of an RDB the engine of the part that was opened. */
  receive(message: RequestMessage | CancelMessage): void {
    if ('cancel' in message) {
      this.requests.receive(message);
      for (const rdb of this.rdbs) rdb.receive(message);
      return;
    }
    if (message.request === 'memory.configure') {
      this.memory = message.params as MemoryChoice;
      if (!this.base) {
        this.send({ id: message.id, result: {} });
        return;
      }
    }
    const rdb = (message.params as { readonly aside?: boolean }).aside ? this.aside : this.base;
    if (rdb && !(message.request in this.handlers)) rdb.receive(message);
    else this.requests.receive(message);
  }

  // What the engine does on its own: scan, and look after the files.

  private async work(): Promise<void> {
    const { content } = this;
    try {
      if (content.scan.bytes > HEAD_START_BYTES) {
        await this.requests.scheduler.run(this.firstSteps(content), this.requests.life);
        this.begin();
        await this.headStart.wait();
      }
      await this.requests.scheduler.run(this.steps(content), this.requests.life);
    } catch (error) {
      if (error instanceof CancelledError) return;
      content.failure = messageOf(error);
    }
    this.scanning = false;
    this.begin();
    await this.finish();
    this.busy = false;
  }

  /** Reads as far as it takes to fill a screen. */
  private *firstSteps(content: AofContent): Generator<void> {
    while (this.grownTo === 0 && content.step()) {
      this.progress();
      yield;
    }
    this.sendSummary(true);
  }

  private *steps(content: AofContent): Generator<void> {
    while (content.step()) {
      this.progress();
      yield;
    }
    this.sendSummary(true);
  }

  private progress(): void {
    const first = this.grownTo === 0 && this.content.index.length >= FIRST_COMMANDS;
    if (first) {
      this.growViews();
      this.begin();
    }
    this.sendSummary(first);
  }

  private growViews(): void {
    const { length } = this.content.index;
    this.grownTo = length;
    this.commands.grow(length);
    this.touched.grow(length);
  }

  /** Brings views and summary up to what is known. */
  private async finish(): Promise<void> {
    try {
      await Promise.all([this.commands.finish(), this.touched.finish()]);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
    this.grownTo = this.content.index.length;
    if (!this.requests.life.cancelled) this.sendSummary(true);
  }

  private sendSummary(atOnce: boolean): void {
    const now = this.platform.now();
    if (!atOnce && now - this.summarySent < SUMMARY_MS) return;
    this.summarySent = now;
    if (this.scanning && this.grownTo < this.content.index.length) this.growViews();
    this.send({ event: 'aof.summary', summary: this.summary() });
  }

  private summary(): AofSummary {
    const { content } = this;
    const failed = content.failure !== undefined && content.index.length === 0;
    return content.summary(this.scanning ? 'scanning' : failed ? 'failed' : 'ready', this.following);
  }

  /** Looks after the files, and tells once what makes that what is shown is not what is there. */
  private look(): AofState {
    if (this.fileState === 'changed') return 'changed';
    const state = this.content.opened.look();
    if (state !== this.fileState && (state === 'changed' || state === 'replaced' || state === 'gone')) {
      this.send({ event: 'fileChanged', gone: state === 'gone' });
    }
    this.fileState = state;
    return state;
  }

  /** Makes sure that what is read now belongs to the files that were scanned. */
  private checkFiles(): void {
    if (this.look() === 'changed') throw new FileChangedError();
  }

  /** Takes in what a server has written since. */
  private async lookAfter(): Promise<void> {
    if (this.requests.life.cancelled) return;
    const state = this.look();
    if (!this.following || this.busy || (state !== 'grown' && state !== 'set')) return;
    this.busy = true;
    try {
      if (state === 'grown' && this.content.canGrow) await this.grow();
      else await this.reopen();
      await this.finish();
    } catch (error) {
      if (!(error instanceof CancelledError)) {
        // What is there is still shown; why no more comes stands among the problems.
        this.content.failure = messageOf(error);
        this.sendSummary(true);
      }
    } finally {
      this.busy = false;
    }
  }

  private async grow(): Promise<void> {
    const { content } = this;
    content.grow();
    await this.requests.scheduler.run(
      (function* () {
        while (content.step()) yield;
      })(),
      this.requests.life,
    );
  }

  /** Indexes anew what the manifest names now. Until that is done, what was there before is shown. */
  private async reopen(): Promise<void> {
    const next = new AofContent(this.platform.open());
    try {
      await this.requests.scheduler.run(
        (function* () {
          while (next.step()) yield;
        })(),
        this.requests.life,
      );
    } catch (error) {
      next.opened.close();
      throw error;
    }
    // Views that are not arranged yet, and requests that are under way, read what was there before.
    const old = this.retired;
    this.retired = this.content;
    this.content = next;
    if (old) this.letGo(old);
  }

  // Answers.

  private readonly handlers: Handlers = {
    ...outputHandlers(() => ({
      requests: this.requests,
      content: () => this.content,
      isOpen: (content) => content === this.content || content === this.retired,
      whenRead: (token) => this.whenRead(token),
      output: this.platform.output,
    })),

    'aof.summary': () => this.summary(),

    'aof.follow': ({ on }) => {
      this.following = on && !this.content.opened.inMemory;
      this.sendSummary(true);
      return {};
    },

    'commands.set': async ({ view: number, spec, count = 0 }, token, id) => {
      const begun = count > 0 ? this.begun : undefined;
      const view = await this.commands.set(number, spec, token, id, begun, () => !this.scanning);
      return { ...view.state(this.scanning), rows: this.rowsOf(view, 0, count) };
    },

    'commands.rows': ({ view: number, from, count }) => {
      const view = this.commands.get(number);
      return { rows: this.rowsOf(view, from, count), state: view.state(this.scanning) };
    },

    'commands.close': ({ view }) => {
      this.commands.close(view);
      return {};
    },

    'commands.expand': async ({ view: number, command, expanded }, token, id) => {
      const view = this.commands.get(number);
      await this.requests.job(view.setExpanded(command, expanded), token, id);
      return view.state(this.scanning);
    },

    'commands.locate': async ({ view: number, command }, token, id) => {
      const view = this.commands.get(number);
      const position = await this.requests.job(view.locate(command), token, id);
      return { position: position ?? null, state: view.state(this.scanning) };
    },

    'commands.at': ({ part, offset }) => ({ command: this.content.index.commandAt(part, offset) ?? null }),

    'commands.copy': ({ view: number, positions, format }, token, id) => {
      const view = this.commands.get(number);
      const { files, index } = view.shown;
      const { parts } = this.content.opened.set;
      const fileOf = parts.length > 1 ? (part: number) => parts[part]?.file ?? '' : undefined;
      const rows = view.commandsAt(positions);
      return this.requests.job(commandsText(files, index, rows, format, COPY_LIMIT, fileOf), token, id);
    },

    'commands.chosen': ({ view: number, positions }, token, id) => {
      const view = this.commands.get(number);
      const { index } = view.shown;
      const firsts = this.content.opened.set.parts.map(
        ({ part }) => [part, index.commandsOf(part)?.[0] ?? index.length] as const,
      );
      return this.requests.job(commandSet(view.commandsAt(positions), index, firsts), token, id);
    },

    'command.open': ({ command }) => this.content.details.detail(command),

    'command.arguments': ({ command, from, count, search }, token, id) => {
      const page = this.content.details.arguments(command, from, Math.min(count, ROW_LIMIT), search);
      return this.requests.job(page, token, id);
    },

    'argument.open': ({ command, argument, chain, remembered }, token) => {
      const { details } = this.content;
      const { decoded } = this;
      const open = function* () {
        return yield* decoded.open(yield* details.string(command, argument), chain, remembered);
      };
      return this.requests.job(open(), token);
    },

    'argument.bytes': ({ handle, from, count }) => this.decoded.bytes(handle, from, Math.min(count, BYTE_LIMIT)),

    'argument.nodes': ({ handle, path, from, count }) => {
      return this.decoded.nodes(handle, path, from, Math.min(count, ROW_LIMIT));
    },

    'argument.copy': ({ handle, path, what }) => this.decoded.copy(handle, path, what),

    'command.bytes': ({ command, argument, from, count }, token, id) => {
      const page = this.content.details.bytes(command, argument, from, Math.min(count, BYTE_LIMIT));
      return this.requests.job(page, token, id);
    },

    'part.fields': ({ part, offset }, token) => this.requests.job(partFields(this.content, part, offset), token),

    'part.bytes': ({ part, from, count }) => {
      const source = this.content.files(part);
      if (!source) throw new NoSuchPartError(`part ${part}`);
      const bytes = new Uint8Array(Math.max(0, Math.min(count, BYTE_LIMIT, source.size - from)));
      return { from, bytes: bytes.subarray(0, source.read(from, bytes)), total: source.size };
    },

    'touched.set': async ({ view: number, spec, count = 0 }, token, id) => {
      const begun = count > 0 ? this.begun : undefined;
      const view = await this.touched.set(number, spec, token, id, begun, () => !this.scanning);
      return { ...view.state(this.scanning), rows: await this.keysOf(view, 0, count, token) };
    },

    'touched.rows': async ({ view: number, from, count }, token) => {
      const view = this.touched.get(number);
      return { rows: await this.keysOf(view, from, count, token), state: view.state(this.scanning) };
    },

    'touched.find': ({ text, db }) => {
      const { index } = this.content;
      const name = parseDisplayText(text);
      const dbs = db === null ? index.databases.map((database) => database.db) : [db];
      for (const own of dbs) {
        const { low, high } = hashKey(own, name);
        const keyId = index.keys.find(low, high);
        if (keyId !== undefined) return { keyId };
      }
      return { keyId: null };
    },

    'touched.locate': ({ view, keyId }) => ({ position: this.touched.get(view).locate(keyId) }),

    'touched.copy': ({ view: number, positions }, token, id) => {
      const view = this.touched.get(number);
      const { files, index } = view.shown;
      return this.requests.job(keyNamesText(files, index, view.keysAt(positions), COPY_LIMIT), token, id);
    },

    'analysis.timeline': async ({ buckets, axis, filter }, token, id) => {
      const counts = await this.analyse(filter, token, id, (content, selection) =>
        timeline(content.index, selection, axis, buckets),
      );
      return { axis, ...counts };
    },

    'analysis.commands': async ({ filter }, token, id) => {
      const { index } = this.content;
      const sums = await this.analyse(filter, token, id, (content, selection) => sumByName(content.index, selection));
      const commands = sums.map(({ number, commands: count, bytes }) => {
        return { name: index.nameText(number), group: index.groupOf(number), commands: count, bytes };
      });
      return { commands };
    },

    'analysis.namespaces': async ({ filter, separator, limit }, token, id) => {
      const border = parseDisplayText(separator === '' ? ':' : separator);
      const sums = await this.analyse(filter, token, id, function* ({ files, index }, selection) {
        const totals = yield* keyTotals(index, selection);
        return yield* sumByNamespace(files, index, totals, border);
      });
      const shown = sums.slice(0, Math.min(limit, TOP_LIMIT));
      const namespaces = shown.map(({ name, commands, keys, bytes }) => {
        return { name: name ? displayText(name, 200).text : '', commands, keys, bytes };
      });
      return { namespaces, more: sums.length - shown.length };
    },

    'analysis.largest': async ({ filter, limit }, token, id) => {
      const { content } = this;
      const rows = await this.analyse(filter, token, id, ({ index }, selection) =>
        largestCommands(index, selection, Math.min(limit, TOP_LIMIT)),
      );
      const reader = new StretchReader(content.files);
      return { rows: rows.map((row) => commandRow(content, reader, row)) };
    },

    'analysis.amplification': ({ filter, limit }, token, id) =>
      this.analyse(filter, token, id, function* ({ files, index }, selection) {
        const totals = yield* keyTotals(index, selection);
        const found = yield* mostAmplified(totals, Math.min(limit, TOP_LIMIT));
        const keys = found.map((key): Amplification => {
          const [bytes, largest] = [totals.bytes(key), totals.largest(key)];
          return {
            keyId: key,
            db: index.keys.db(key),
            name: textCell(keyName(files, index, key, NAME_BYTES)),
            commands: totals.commands(key),
            bytes,
            largest,
            factor: bytes / largest,
          };
        });
        return { keys };
      }),

    'export.targets': () => ({ targets: TARGETS }),

    'aof.loads': async ({ target: named }, token, id) => {
      const target = parseTarget(named);
      if (!target) throw new NoSuchPartError(named);
      await this.whenRead(token);
      const { opened, scan, index } = this.content;
      const aof = { set: opened.set, parts: scan.parts, judgement: scan.judgement, index };
      const findings = await this.requests.job(aofWillLoad(aof, target), token, id);
      return { loads: loads(findings), findings };
    },

    'base.open': async ({ part, aside = false }, token) => {
      const { content } = this;
      if (!aside && this.base?.content === content && this.base.part === part) return { part };
      if (!content.opened.set.parts[part]) throw new NoSuchPartError(`part ${part}`);
      while (!rdbKnown(content, part)) await this.requests.pause(token);
      const opened = new BaseRdb(content, part, this.platform, this.send, this.memory, aside, (rdb) => {
        this.rdbs.delete(rdb);
        this.letGo(rdb.content);
      });
      this.rdbs.add(opened);
      const which = aside ? 'aside' : 'base';
      this[which]?.close();
      this[which] = opened;
      return { part };
    },

    'base.leave': () => {
      this.aside?.close();
      this.aside = undefined;
      return {};
    },
  };

  /** Closes files that nobody reads any more. */
  private letGo(content: AofContent): void {
    if (content === this.content || content === this.retired) return;
    if (![...this.rdbs].some((rdb) => rdb.content === content)) content.opened.close();
  }

  /** Runs work over the commands that pass a filter. */
  private analyse<Result>(
    filter: CommandFilter,
    token: CancelToken,
    id: number,
    work: (content: AofContent, selection: CommandSelection) => Generator<number, Result>,
  ): Promise<Result> {
    const { content } = this;
    const steps = function* (): Generator<number, Result> {
      const selecting = content.select(filter);
      let selected = selecting.next();
      for (; !selected.done; selected = selecting.next()) yield selected.value / 2;
      const working = work(content, selected.value);
      let step = working.next();
      for (; !step.done; step = working.next()) yield (1 + step.value) / 2;
      return step.value;
    };
    return this.requests.job(steps(), token, id);
  }

  /** Waits until the files are read to their end. @throws CancelledError */
  private async whenRead(token: CancelToken): Promise<void> {
    while (this.scanning) await this.requests.pause(token);
  }

  private rowsOf(view: CommandList, from: number, count: number): CommandListRow[] {
    const rows = listRows(view.shown, view, view.rows(from, Math.min(count, ROW_LIMIT)));
    if (rows.length > 0) this.headStart.rowsGiven();
    return rows;
  }

  private async keysOf(view: TouchedList, from: number, count: number, token: CancelToken): Promise<TouchedKey[]> {
    const rows = await this.requests.job(view.rows(from, Math.min(count, ROW_LIMIT)), token);
    if (rows.length > 0) this.headStart.rowsGiven();
    return rows;
  }
}

/** True once the scan knows where the RDB of a part ends, or that there is none. */
function rdbKnown({ scan }: AofContent, part: number): boolean {
  const own = scan.parts[part];
  return own !== undefined && (own.done || own.rdb === undefined || own.rdb.complete);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
