/** Where a replay goes on: from the report of an earlier one, or from a place that was named. */
import { ReplayInputError } from './replay-errors.js';
import type { InputPart } from './replay-input.js';
import type { ReplayPlace, ResumePoint, Unacknowledged } from './replay-report.js';

/** A place to go on from. */
export type StartPlace = Pick<ReplayPlace, 'part' | 'offset'>;

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
  if (unacknowledged === undefined) return { resume: resume as ResumePoint };
  const { count, from, to, harmless } = (unacknowledged ?? {}) as Partial<Unacknowledged>;
  if (!isCount(count) || !isPlace(from) || !isPlace(to) || typeof harmless !== 'boolean') return undefined;
  return { resume: resume as ResumePoint, unacknowledged: unacknowledged as Unacknowledged };
}

function isPlace(value: unknown): value is ReplayPlace {
  const { part, file, offset } = (value ?? {}) as Partial<ReplayPlace>;
  return isCount(part) && typeof file === 'string' && isCount(offset);
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
  parts: readonly InputPart[],
): StartPlace {
  const part = partNamed(resume.file, parts);
  if (part.bytes < resume.bytes) throw new ReplayInputError('resume-file', resume.file, resume.bytes, part.bytes);
  if (!unacknowledged) return { part: part.part, offset: resume.offset };
  if (choice === undefined && !unacknowledged.harmless) {
    throw new ReplayInputError('unacknowledged', unacknowledged.count);
  }
  if (choice !== 'skip') return { part: part.part, offset: resume.offset };
  const { to } = unacknowledged;
  return { part: partNamed(to.file, parts).part, offset: to.offset + 1 };
}

/** The part that is a file. @throws ReplayInputError `resume-part` if there is none. */
export function partNamed(file: string, parts: readonly InputPart[]): InputPart {
  const part = parts.find((candidate) => candidate.file === file);
  if (!part) throw new ReplayInputError('resume-part', file);
  return part;
}
