/** Where a replay goes on: from the report of an earlier one, or from a place that was named. */
import { placeKey } from './cluster-router.js';
import { fileMark } from './file-mark.js';
import { ReplayInputError } from './replay-errors.js';
import type { InputPart, ReplayInput } from './replay-input.js';
import type { ReplayOptions } from './replay-options.js';
import type { LeftCommands, ReplayPlace, ResumePoint, SlotPlaces, Unacknowledged } from './replay-report.js';

/** A place to go on from. */
export type StartPlace = NonNullable<ReplayOptions['resume']>;

/** A place to go on from, with what its file is told by. */
export function resumePointAt(input: Pick<ReplayInput, 'parts' | 'file'>, place: ReplayPlace): ResumePoint {
  const { part, file, offset } = place;
  const bytes = input.parts.find((candidate) => candidate.part === part)?.bytes ?? 0;
  const source = input.file(part);
  return { part, file, offset, bytes, ...(source ? { mark: fileMark(source, bytes, offset) } : {}) };
}

/** What of a report says how to go on. */
export interface ResumeInfo {
  readonly resume: ResumePoint;
  readonly unacknowledged?: Unacknowledged | undefined;
}

/**
 * What a report says of going on.
 *
 * @param value a report that was written down, or anything.
 * @returns `nothing-left` for a report of a replay that came to its end, undefined for what is no report.
 */
export function parseResumeInfo(value: unknown): ResumeInfo | 'nothing-left' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { resume, unacknowledged } = value as Partial<Record<keyof ResumeInfo, unknown>>;
  if (resume === undefined) return 'outcome' in value ? 'nothing-left' : undefined;
  if (!isPlace(resume) || !isCount((resume as Partial<ResumePoint>).bytes)) return undefined;
  const { left, mark = '' } = resume as ResumePoint;
  if (typeof mark !== 'string') return undefined;
  if (left !== undefined && (!isPlace(left.upTo) || !isSlotPlaces(left.unsure) || !isSlotPlaces(left.undone))) {
    return undefined;
  }
  if (unacknowledged === undefined) return { resume: resume as ResumePoint };
  const { count, from, to, harmless } = (unacknowledged ?? {}) as Partial<Unacknowledged>;
  if (!isCount(count) || !isPlace(from) || !isPlace(to) || typeof harmless !== 'boolean') return undefined;
  return { resume: resume as ResumePoint, unacknowledged: unacknowledged as Unacknowledged };
}

function isPlace(value: unknown): value is ReplayPlace {
  const { part, file, offset } = (value ?? {}) as Partial<ReplayPlace>;
  return isCount(part) && typeof file === 'string' && isCount(offset);
}

function isSlotPlaces(value: unknown): value is SlotPlaces {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (list) =>
      Array.isArray(list) &&
      list.every((item: unknown) => Array.isArray(item) && item.length === 2 && isCount(item[0]) && isCount(item[1])),
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * The place to go on from.
 *
 * @param choice what to do with the commands of which nobody knows if they were done; without it those that can be done
 * again are.
 * @throws ReplayInputError if the files are others, or a choice is needed.
 */
export function resumePlace(
  { resume, unacknowledged }: ResumeInfo,
  choice: 'retry' | 'skip' | undefined,
  input: Pick<ReplayInput, 'parts' | 'file'>,
): StartPlace {
  const { parts } = input;
  const part = partNamed(resume.file, parts);
  if (part.bytes < resume.bytes) throw new ReplayInputError('resume-file', resume.file, resume.bytes, part.bytes);
  const source = input.file(part.part);
  if (source && resume.mark !== undefined && fileMark(source, resume.bytes, resume.offset) !== resume.mark) {
    throw new ReplayInputError('resume-other', resume.file, resume.offset);
  }
  if (unacknowledged && choice === undefined && !unacknowledged.harmless) {
    throw new ReplayInputError('unacknowledged', unacknowledged.count);
  }
  if (resume.left) return startOf(part.part, resume, resume.left, choice === 'skip', parts);
  if (!unacknowledged) return { part: part.part, offset: resume.offset };
  if (choice !== 'skip') return { part: part.part, offset: resume.offset };
  const { to } = unacknowledged;
  return { part: partNamed(to.file, parts).part, offset: to.offset + 1 };
}

function startOf(
  part: number,
  { offset }: ResumePoint,
  { upTo, unsure, undone }: LeftCommands,
  skips: boolean,
  parts: readonly InputPart[],
): StartPlace {
  const slots = new Map<string, Set<number>>();
  for (const places of skips ? [undone] : [unsure, undone]) {
    for (const [file, list] of Object.entries(places)) {
      const number = partNamed(file, parts).part;
      for (const [at, slot] of list) {
        const key = placeKey(number, at);
        slots.set(key, (slots.get(key) ?? new Set()).add(slot));
      }
    }
  }
  return { part, offset, only: { part: partNamed(upTo.file, parts).part, offset: upTo.offset, slots } };
}

/** The part that is a file. @throws ReplayInputError `resume-part` if there is none. */
export function partNamed(file: string, parts: readonly InputPart[]): InputPart {
  const part = parts.find((candidate) => candidate.file === file);
  if (!part) throw new ReplayInputError('resume-part', file);
  return part;
}
