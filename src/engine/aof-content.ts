/** What is known of the opened files of an AOF: their scan, the index of their commands, where bytes are no commands. */

import type { AofProblem, AofSummary, PartInfo } from '../aof-protocol.js';
import { AofScan, type PartProblem } from '../dataset/aof/aof-scan.js';
import { type CommandFilter, CommandSelection } from '../dataset/aof/command-filter.js';
import { CommandIndex } from '../dataset/aof/command-index.js';
import type { PartScan } from '../dataset/aof/part-scan.js';
import type { ByteSource } from '../decoder/source.js';
import type { AofFiles } from './aof-files.js';
import { problemInfo } from './cells.js';
import { CommandDetails } from './command-detail.js';
import type { Damage, ListData } from './command-list.js';

/** Names of commands that a summary lists. */
const NAME_LIMIT = 500;
/** Problems that a summary lists. */
const PROBLEM_LIMIT = 1000;

/** The content of one set of files, from when they were opened. */
export class AofContent implements ListData {
  readonly index: CommandIndex;
  readonly scan: AofScan;
  readonly details: CommandDetails;
  /** Why the files could not be read to their end. */
  failure: string | undefined;
  private begun = 0;
  private damageList: readonly Damage[] = [];
  private damageState = '';
  private selection: { readonly key: string; readonly selection: CommandSelection } | undefined;

  constructor(readonly opened: AofFiles) {
    const scan = new AofScan(
      opened.set,
      (part, batch) => {
        this.beginParts(part);
        index.add(batch);
      },
      { keys: true, checksum: true },
    );
    const index = new CommandIndex(scan.names);
    this.scan = scan;
    this.index = index;
    this.details = new CommandDetails(this.files, index);
  }

  /** The bytes of a part, as far as it was scanned. */
  readonly files = (part: number): ByteSource | undefined => {
    return (this.scan.parts[part]?.part ?? this.opened.set.parts[part])?.source ?? undefined;
  };

  /** Does the next stretch of the scan. @returns false when it is over. */
  step(): boolean {
    const goesOn = this.scan.step();
    if (!goesOn) this.beginParts(this.opened.set.parts.length - 1);
    return goesOn;
  }

  /** Begins the parts up to one; those without commands too, so that each has its place. */
  private beginParts(last: number): void {
    for (; this.begun <= last; this.begun++) {
      this.index.beginPart(this.begun, this.opened.set.parts[this.begun].role === 'history');
    }
  }

  /** True if the last part can be scanned on when it has grown. */
  get canGrow(): boolean {
    return this.scan.done && (this.scan.parts.at(-1)?.canGrow ?? false);
  }

  /** Goes on with the last part, as its file is now. The caller goes on with {@link step}. */
  grow(): void {
    this.scan.grow(this.opened.growLast());
    this.damageState = '';
  }

  /** Bytes that are no commands, in the order of the commands before which they stand. */
  get damages(): readonly Damage[] {
    const { parts } = this.scan;
    const state = `${parts.map(({ damage }) => damage.length).join()} ${this.index.length}`;
    if (state !== this.damageState) {
      this.damageState = state;
      this.damageList = parts.flatMap((scan) => this.damagesOf(scan));
    }
    return this.damageList;
  }

  private damagesOf({ part: { part }, damage }: PartScan): Damage[] {
    const { index } = this;
    const end = index.commandsOf(part)?.[1] ?? index.length;
    return damage.map(({ offset, bytes, problem }) => ({
      before: index.commandAt(part, offset) ?? end,
      part,
      offset,
      bytes,
      problem: { ...problemInfo(problem, () => undefined), part },
    }));
  }

  /** The commands that pass a filter: the last ones asked for are kept, as several pictures ask for the same. */
  *select(filter: CommandFilter): Generator<number, CommandSelection> {
    const key = JSON.stringify(filter);
    let kept = this.selection?.key === key ? this.selection.selection : undefined;
    if (!kept) {
      kept = new CommandSelection(this.files, this.index, filter);
      yield* kept.cover();
      this.selection = { key, selection: kept };
    } else if (kept.covered < this.index.length) {
      // Two requests must not cover the same commands at once.
      this.selection = undefined;
      yield* kept.cover();
      this.selection = { key, selection: kept };
    }
    return kept;
  }

  /** What is known so far. */
  summary(state: AofSummary['state'], following: boolean): AofSummary {
    const { scan, index } = this;
    const judgement = state === 'scanning' ? undefined : scan.judgement;
    const problems = scan.problems;
    const shown = problems.slice(0, PROBLEM_LIMIT).map(aofProblem);
    if (this.failure !== undefined) {
      const problem = { code: 'read-error', severity: 'error', offset: 0, args: [this.failure] } as const;
      shown.push({ ...problemInfo(problem, () => undefined), part: scan.parts.at(-1)?.part.part ?? null });
    }
    return {
      state,
      bytes: scan.bytes,
      scanned: scan.scanned,
      parts: this.opened.set.parts.map(({ part }) => this.partInfo(part)),
      commands: index.length,
      loadedCommands: scan.commands,
      commandsAfterDamage: scan.commandsAfterDamage,
      preambleKeys: scan.preambleKeys,
      keysTouched: index.keys.length,
      timeRange: scan.timeRange ?? null,
      verdict: judgement?.verdict ?? null,
      verdictReason: judgement?.reason ?? null,
      cut: judgement?.cut ?? null,
      names: index
        .namesByCount()
        .slice(0, NAME_LIMIT)
        .map(({ number, commands, bytes }) => {
          return { name: index.nameText(number), group: index.groupOf(number), commands, bytes };
        }),
      databases: index.databases,
      problems: shown,
      moreProblems: scan.moreProblems + Math.max(0, problems.length - PROBLEM_LIMIT),
      transactions: index.transactions.length,
      following,
      indexBytes: index.memory,
      inMemory: this.opened.inMemory,
    };
  }

  private partInfo(number: number): PartInfo {
    const { file, role, seq, source } = this.opened.set.parts[number];
    const scan = this.scan.parts[number];
    return {
      part: number,
      file,
      role,
      seq,
      bytes: scan?.bytes ?? source?.size ?? 0,
      rdbBytes: scan?.rdbBytes ?? 0,
      rdbKeys: scan?.rdbKeys ?? 0,
      commands: scan?.commandsShown ?? 0,
      firstCommand: this.index.commandsOf(number)?.[0] ?? this.index.length,
      validUpTo: scan?.validUpTo ?? 0,
      timeRange: scan?.timeRange ?? null,
      missing: source === null,
    };
  }
}

function aofProblem(problem: PartProblem): AofProblem {
  return { ...problemInfo(problem, () => undefined), part: problem.part };
}
