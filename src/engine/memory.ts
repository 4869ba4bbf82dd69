/** The memory estimates of an open file: for which server, how far they are, and the work for them. */

import type { FileFacts } from '../dataset/file-facts.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { ALLOCATOR_NAMES } from '../dataset/memory/allocator.js';
import { MemoryColumn, measureRow, memorySteps } from '../dataset/memory/column.js';
import { Measurer } from '../dataset/memory/measure.js';
import { tableBytes } from '../dataset/memory/tables.js';
import { parseServerName, type TargetChoice, targetFor } from '../dataset/memory/target.js';
import { RecordBytes } from '../dataset/record-bytes.js';
import type { ByteSource } from '../decoder/source.js';
import type { MemoryChoice, MemoryInfo, MemoryRequests } from '../memory-protocol.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';

/** What is needed of the engine. */
export interface MemoryHost {
  readonly requests: Requests;
  readonly source: ByteSource;
  readonly facts: FileFacts;
  index(): KeyIndex;
  /** Called when all keys have been measured. */
  measured(): Promise<void>;
  /** Called when another server was chosen: what was measured is worth nothing. */
  changed(): void;
}

/** Keys of this size are measured at once when they are shown; larger ones when it is their turn. */
const AT_ONCE = 256 * 1024;
const RECORD_WINDOW = 16 * 1024;
const AUTO = 'auto';

type Handlers = {
  [Kind in keyof MemoryRequests]: (
    params: MemoryRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => Promise<MemoryRequests[Kind]['result']>;
};

export class MemoryEstimates {
  private choice: TargetChoice = {};
  private column: MemoryColumn | undefined;
  /** Measures single keys. */
  private single: { readonly measurer: Measurer; readonly record: RecordBytes } | undefined;
  /** The column that views have been told of, and the work for that. */
  private told: MemoryColumn | undefined;
  private telling: Promise<void> | undefined;
  /** Counts the choices, so that answers that were kept can be told to be of another. */
  version = 0;

  constructor(private readonly host: MemoryHost) {}

  /** The column of the index as it is now: of the server that is chosen. */
  private current(): MemoryColumn {
    const index = this.host.index();
    // The index is made anew when the server that wrote the file is known.
    if (!this.column || index.costs !== this.column) {
      this.column = new MemoryColumn(targetFor(this.host.facts.server, this.choice));
      this.single = undefined;
      index.costs = this.column;
    }
    return this.column;
  }

  /** Measures the keys that are not measured yet. Yields between 0 and 1, how much is done. */
  *measure(): Generator<number> {
    const index = this.host.index();
    const column = this.current();
    for (const rows of memorySteps(this.host.source, index, column)) {
      // Another server was chosen meanwhile.
      if (index.costs !== column) return;
      yield rows / index.length;
    }
    if (!this.complete || this.told === column) return;
    // Whoever asked for it: from now on it is known, and shown.
    this.told = column;
    this.telling = this.host.measured();
  }

  /** True when every key that is known has been measured. */
  get complete(): boolean {
    const { costs, length } = this.host.index();
    return costs !== undefined && costs.length === length;
  }

  /** Bytes of a key by its row; undefined until all keys are measured. */
  get known(): ((row: number) => number) | undefined {
    const { costs, length } = this.host.index();
    return costs && costs.length >= length ? (row) => costs.at(row) : undefined;
  }

  /** Bytes of all keys that are measured. */
  get total(): number {
    return this.current().total;
  }

  /** Bytes that a key costs; undefined while it is not known and would take long to find out. */
  at(row: number): number | undefined {
    const index = this.host.index();
    const known = this.current().at(row);
    if (!Number.isNaN(known)) return known;
    if (index.size(row) > AT_ONCE) return undefined;
    this.single ??= {
      measurer: new Measurer(this.current().target),
      record: new RecordBytes(this.host.source, RECORD_WINDOW),
    };
    return measureRow(this.single.measurer, this.single.record, index, row);
  }

  info(): MemoryInfo {
    const index = this.host.index();
    const { target, length, total } = this.current();
    const { make, level } = target;
    const { facts } = this.host;
    const version = this.choice.server ? levelText(level) : (facts.server.version ?? levelText(level));
    return {
      target: { make, version, auto: this.choice.server === undefined },
      allocator: target.allocator,
      keys: length,
      bytes: total,
      complete: length === index.length,
      tables: tableBytes(index, target),
      replicated: facts.auxValue('repl-id') !== undefined,
    };
  }

  /** Chooses the server; what was measured for another is forgotten. */
  configure({ target, allocator }: MemoryChoice): void {
    const server = target === AUTO ? undefined : parseServerName(target);
    const named = ALLOCATOR_NAMES.find((name) => name === allocator);
    const choice: TargetChoice = { ...(server ? { server } : {}), ...(named ? { allocator: named } : {}) };
    if (JSON.stringify(choice) === JSON.stringify(this.choice)) return;
    this.choice = choice;
    this.column = undefined;
    this.host.index().costs = undefined;
    this.version++;
    this.host.changed();
  }

  readonly handlers: Handlers = {
    'memory.measure': async (_, token, id) => {
      while (!this.complete) await this.host.requests.job(this.measure(), token, id);
      await this.telling;
      return this.info();
    },

    'memory.configure': async (choice) => {
      this.configure(choice);
      return {};
    },
  };
}

function levelText(level: number): string {
  return `${Math.floor(level / 100)}.${level % 100}`;
}
