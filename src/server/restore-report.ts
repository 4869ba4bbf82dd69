/** What a restore did: counts, errors by their text with the keys that they met, and from where it can go on. */
import { DecodeError } from '../decoder/errors.js';
import { readKeyName } from '../decoder/rdb/entry.js';
import { textSlice } from '../decoder/rdb/string.js';
import type { ByteSource } from '../decoder/source.js';
import { displayText } from '../format/display.js';
import { fileMark } from './file-mark.js';
import { ReplayInputError } from './replay-errors.js';
import type { RestoreRow } from './restore-keys.js';

/** From where a restore goes on that was stopped or lost its connection. */
export interface ResumePoint {
  /** Bytes of the file, to tell whether it is the same. */
  readonly bytes: number;
  /** What its bytes before {@link from} are told by: see {@link fileMark}. */
  readonly mark?: string;
  /** Offset of the first key that was not begun. */
  readonly from: number;
  /** Keys before it whose replies did not come. */
  readonly pending: readonly PendingKey[];
}

/** A key of which it is not known whether it was restored. */
export interface PendingKey {
  /** Offset of its record. */
  readonly offset: number;
  /** True if it was being built by commands: what there is of it may be half, and is ours. */
  readonly begun: boolean;
}

/** Where a restore that runs could go on if it were cut off now. */
export interface RestoreCheckpoint {
  readonly resume: ResumePoint;
  /** True if keys are being built by commands: one that was begun since may be half there. */
  readonly builds: boolean;
}

/** An error, and where it was met. */
export interface ErrorGroup {
  readonly error: string;
  readonly count: number;
  /** The first of them. */
  readonly keys: readonly FailedKey[];
}

/** A key, or a function library, that was not restored. */
export interface FailedKey {
  readonly db: number;
  readonly name: string;
  /** Offset of its record in the file. */
  readonly offset: number;
}

/** The result of a restore. */
export interface RestoreReport {
  /** Keys that were asked for, those of the file that the filter takes. */
  readonly keys: number;
  /** Keys that were restored with the bytes of the file, and those that were built by commands. */
  readonly restored: number;
  readonly built: number;
  /** Keys that were left alone because the server has them. */
  readonly existing: number;
  /** Keys that were left out because their time is over. */
  readonly expired: number;
  readonly failed: number;
  readonly functions: number;
  /** Function libraries that were left alone because the server has them. */
  readonly existingFunctions: number;
  readonly errors: readonly ErrorGroup[];
  /** Why it did not come to the end. */
  readonly stopped?: string;
  readonly resume?: ResumePoint;
}

/** What a server says of a key that it has, for keys that are not given to it. */
export const BUSYKEY = 'BUSYKEY Target key name already exists.';

/** Keys of an error that are named. */
const NAMED_KEYS = 100;
/** Bytes of a name that are shown. */
const NAME_BYTES = 256;

/** Collects errors. */
export class RestoreErrors {
  private readonly groups = new Map<string, { count: number; keys: FailedKey[] }>();

  constructor(private readonly source: ByteSource) {}

  /** Notes an error of a key. */
  ofKey(error: string, row: RestoreRow): void {
    this.add(error, () => ({ db: row.db, name: this.nameAt(row.typeOffset), offset: row.offset }));
  }

  /** Notes an error of a function library. */
  ofFunction(error: string, name: string, offset: number): void {
    this.add(error, () => ({ db: 0, name, offset }));
  }

  private add(error: string, where: () => FailedKey): void {
    let group = this.groups.get(error);
    if (!group) {
      group = { count: 0, keys: [] };
      this.groups.set(error, group);
    }
    group.count++;
    if (group.keys.length < NAMED_KEYS) group.keys.push(where());
  }

  private nameAt(typeOffset: number): string {
    try {
      return displayText(textSlice(readKeyName(this.source, typeOffset), 0, NAME_BYTES)).text;
    } catch (error) {
      // A name that cannot be read is a reason why a key fails.
      if (error instanceof DecodeError) return '';
      throw error;
    }
  }

  /** All errors, the most frequent first. */
  list(): ErrorGroup[] {
    const all = [...this.groups].map(([error, { count, keys }]) => ({ error, count, keys }));
    return all.sort((a, b) => b.count - a.count);
  }
}

/** A resume point, with what its file is told by. */
export function restorePoint(source: ByteSource, from: number, pending: readonly PendingKey[]): ResumePoint {
  return { bytes: source.size, mark: fileMark(source, source.size, from), from, pending };
}

/** Makes sure that a file is the one of a resume point. @param name of it. @throws ReplayInputError `resume-other`. */
export function checkRestorePoint({ bytes, mark, from }: ResumePoint, source: ByteSource, name: string): void {
  if (bytes !== source.size) throw new ReplayInputError('resume-file', name, bytes, source.size);
  if (mark !== undefined && mark !== fileMark(source, bytes, from)) {
    throw new ReplayInputError('resume-other', name, from);
  }
}

/** A resume point as it was written. @returns undefined if it is none. */
export function parseResumePoint(value: unknown): ResumePoint | undefined {
  const { bytes, mark, from, pending } = (value ?? {}) as Partial<Record<keyof ResumePoint, unknown>>;
  if (mark !== undefined && typeof mark !== 'string') return undefined;
  if (!isOffset(bytes) || !isOffset(from) || !Array.isArray(pending)) return undefined;
  const keys: PendingKey[] = [];
  for (const item of pending as unknown[]) {
    const { offset, begun } = (item ?? {}) as Partial<Record<keyof PendingKey, unknown>>;
    if (!isOffset(offset) || typeof begun !== 'boolean') return undefined;
    keys.push({ offset, begun });
  }
  return { bytes, from, pending: keys, ...(mark === undefined ? {} : { mark }) };
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
