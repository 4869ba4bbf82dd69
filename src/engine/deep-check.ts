/** The deep check: reads every value as a server would, and looks for names that stand in the file twice. */
import { findDuplicateKeys } from '../dataset/duplicate-keys.js';
import type { FileFacts } from '../dataset/file-facts.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { DecodeError, type Problem } from '../decoder/errors.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { steps as verifySteps } from '../decoder/rdb/verify.js';
import type { Summary } from '../protocol.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';

/** The part of the check that reads values; the rest looks for keys that stand in the file twice. */
const VALUES_PART = 0.9;

/** What the check needs of the engine. */
export interface DeepCheckHost {
  readonly requests: Requests;
  readonly facts: FileFacts;
  file(): RdbFile;
  index(): KeyIndex;
  /** True when the file is scanned and its checksum known. */
  isRead(): boolean;
  /** @throws FileChangedError if what is read now may not belong to the file that was scanned. */
  checkFile(): void;
  /** Called now and then; `atOnce` when the check begins or ends. */
  tell(atOnce: boolean): void;
}

/** The check of one file, which is done once, and what it has found. */
export class DeepCheck {
  state: Summary['verified'] = 'no';
  /** Keys whose values were read. */
  keys = 0;
  private readonly damaged = new Set<number>();
  /** What has been reported: twice the row, and one more for a name that occurs twice. */
  private readonly faults = new Set<number>();
  private running: Promise<void> | undefined;

  constructor(private readonly host: DeepCheckHost) {}

  /** True if the value of a key was found damaged, or its name stands in the file twice. */
  isDamaged(row: number): boolean {
    return this.damaged.has(row);
  }

  /** Checks all keys, unless that was done; who asks while it runs waits for the same check. */
  async run(token: CancelToken, id: number): Promise<{ problems: number; keys: number }> {
    if (this.state !== 'done') {
      this.running ??= this.begin(token, id).finally(() => {
        this.running = undefined;
      });
      await this.running;
    }
    const { facts } = this.host;
    return { problems: facts.problems.length + facts.moreProblems, keys: this.host.index().length };
  }

  private async begin(token: CancelToken, id: number): Promise<void> {
    const { requests } = this.host;
    this.state = 'running';
    try {
      while (!this.host.isRead()) await requests.pause(token);
      await requests.job(this.steps(), token, id);
      this.state = 'done';
    } catch (error) {
      this.state = 'no';
      throw error;
    } finally {
      this.host.tell(true);
    }
  }

  private *steps(): Generator<number> {
    const index = this.host.index();
    const file = this.host.file();
    this.keys = 0;
    for (let row = 0; row < index.length; row++) {
      const fact = index.fact(row);
      const done = (VALUES_PART * row) / index.length;
      try {
        const entry = openEntry(file, fact.typeOffset, fact.offset + fact.size);
        for (const _ of verifySteps(entry, fact.typeOffset)) yield done;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        // In a file that was overwritten meanwhile it is no damage.
        this.host.checkFile();
        this.report(row, error.toProblem(fact.typeOffset));
      }
      this.keys = row + 1;
      if (row % 64 === 0) {
        this.host.tell(false);
        yield done;
      }
    }
    const duplicates = findDuplicateKeys(file.source, index, (problem, row) => this.report(row, problem));
    for (const done of duplicates) yield VALUES_PART + (1 - VALUES_PART) * done;
  }

  /** Notes what is wrong with a key; once, however often a check is begun. */
  private report(row: number, problem: Problem): void {
    const fault = 2 * row + (problem.code === 'duplicate-key' ? 1 : 0);
    if (this.faults.has(fault)) return;
    this.faults.add(fault);
    this.damaged.add(row);
    this.host.facts.problem(problem);
  }
}
