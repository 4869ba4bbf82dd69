/** Counts the scripts that are about to be replayed, and finds those that name what steers a server. */
import type { CommandEntry } from '../decoder/aof/command-table.js';
import { DecodeError } from '../decoder/errors.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import { argumentsOf } from './command-frame.js';
import { rewrites } from './command-rewrite.js';
import type { ReplayOptions } from './replay-options.js';
import { lookAtScript, mayHoldScript } from './script-text.js';

/** What is known of the scripts of a stretch: commands that run or load one. */
export interface ScriptCounts {
  readonly count: number;
  /** Those that name a command which steers the server or empties databases, and the first of them. */
  readonly naming: number;
  readonly first: readonly ScriptPlace[];
  /** Commands whose scripts were not looked at before the replay. */
  readonly unread: number;
}

/** A script that names such a command. */
export interface ScriptPlace {
  readonly command: string;
  readonly file: string;
  readonly offset: number;
}

/** Scripts that are read before a replay, and places that are told. */
const READ_LIMIT = 100_000;
const PLACE_LIMIT = 3;
/** Bytes of a file that are at hand, and of a command that is read. */
const WINDOW = 256 * 1024;
const COMMAND_LIMIT = 8 * 1024 * 1024;

/** Counts. */
export class ScriptCounter {
  private count = 0;
  private naming = 0;
  private unread = 0;
  private readonly first: ScriptPlace[] = [];
  private window = new Uint8Array(0);
  private source: ByteSource | undefined;
  private base = 0;
  /** Filters by keys and other places leave all scripts out. */
  private readonly none: boolean;

  constructor(private readonly options: ReplayOptions) {
    this.none = rewrites(options, options);
  }

  /** True for a command that is to be handed on, by its name. */
  wants(entry: CommandEntry | undefined, db: number): entry is CommandEntry {
    if (!entry || this.none || !mayHoldScript(entry)) return false;
    const { commands, groups, dbs } = this.options;
    return (commands?.has(entry.name) ?? true) && (groups?.has(entry.group) ?? true) && (dbs?.has(db) ?? true);
  }

  /** Takes a command. @param file the name of its file, and `offset` where it stands there. */
  take(entry: CommandEntry, argv: readonly Uint8Array[], file: string, offset: number): void {
    const look = lookAtScript(entry, argv);
    if (!look) return;
    this.count++;
    if (look.admin === undefined) return;
    this.naming++;
    if (this.first.length < PLACE_LIMIT) this.first.push({ command: look.admin, file, offset });
  }

  /** Takes a command that stands in a file; what was overwritten since it was scanned counts as one that was not read. */
  takeFrom(source: ByteSource, entry: CommandEntry, file: string, offset: number, size: number): void {
    if (this.count >= READ_LIMIT || size > COMMAND_LIMIT) {
      this.count++;
      this.unread++;
      return;
    }
    try {
      this.take(entry, this.argumentsAt(source, offset, size), file, offset);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.count++;
      this.unread++;
    }
  }

  /** What was counted; undefined if there were none. */
  get counts(): ScriptCounts | undefined {
    const { count, naming, first, unread } = this;
    return count === 0 ? undefined : { count, naming, first, unread };
  }

  private argumentsAt(source: ByteSource, offset: number, size: number): Uint8Array[] {
    if (source !== this.source || offset < this.base || offset + size > this.base + this.window.length) {
      const bytes = new Uint8Array(Math.min(Math.max(size, WINDOW), source.size - offset));
      this.window = bytes.subarray(0, readFully(source, offset, bytes));
      this.source = source;
      this.base = offset;
    }
    const start = offset - this.base;
    return argumentsOf(this.window, start, Math.min(start + size, this.window.length));
  }
}
