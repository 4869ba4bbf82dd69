/** Counts what becomes of the commands of a replay, and groups the errors. */
import type { NameTable } from '../decoder/aof/command-names.js';
import type { InputPart } from './replay-input.js';
import type { ErrorGroup, ReplayPlace, SkipReason } from './replay-report.js';

/** Groups of errors, and places of a group, that are kept; more are only counted. */
const GROUP_LIMIT = 200;
const PLACE_LIMIT = 1000;

/** The counts of one replay. */
export class ReplayTally {
  read = 0;
  sent = 0;
  applied = 0;
  failed = 0;
  skipped = 0;
  keysRestored = 0;
  bytesSent = 0;
  moreErrors = 0;
  /** Milliseconds in which it stood. */
  stoodMs = 0;
  private readonly groups = new Map<string, ErrorGroup>();
  private readonly skips = new Map<SkipReason, Map<string, number>>();
  private readonly files: ReadonlyMap<number, string>;

  constructor(
    private readonly names: NameTable,
    parts: readonly InputPart[],
  ) {
    this.files = new Map(parts.map(({ part, file }) => [part, file]));
  }

  place(part: number, offset: number): ReplayPlace {
    return { part, file: this.files.get(part) ?? '', offset };
  }

  /** A command that is not sent. @param name number of its name. */
  skip(reason: SkipReason, name: number): void {
    this.skipped++;
    const names = this.skips.get(reason) ?? new Map<string, number>();
    this.skips.set(reason, names);
    const text = this.names.name(name);
    // Names that no table knows can be as many as there are commands.
    const key = names.has(text) || names.size < GROUP_LIMIT ? text : '…';
    names.set(key, (names.get(key) ?? 0) + 1);
  }

  get skipCounts(): Partial<Record<SkipReason, Record<string, number>>> {
    return Object.fromEntries([...this.skips].map(([reason, names]) => [reason, Object.fromEntries(names)]));
  }

  /**
   * A command that failed.
   *
   * @param text the error as the server says it: `CODE message`.
   * @param count commands that failed by it.
   */
  fail(text: string, name: number, part: number, offset: number, count = 1): void {
    this.failed += count;
    const command = this.names.name(name);
    const key = `${command} ${text}`;
    let group = this.groups.get(key);
    if (!group) {
      if (this.groups.size >= GROUP_LIMIT) {
        this.moreErrors += count;
        return;
      }
      const code = /^\S+/.exec(text)?.[0] ?? '';
      group = { code, message: text, command, count: 0, places: [] };
      this.groups.set(key, group);
    }
    group.count += count;
    if (group.places.length < PLACE_LIMIT) group.places.push(this.place(part, offset));
  }

  /** The groups, those with most errors first. */
  get errors(): ErrorGroup[] {
    return [...this.groups.values()].sort((a, b) => b.count - a.count);
  }
}
