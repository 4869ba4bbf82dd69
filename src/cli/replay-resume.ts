/** Where a replay goes on: from the report of an earlier one, or from a place that was named. */
import { existsSync, readFileSync } from 'node:fs';
import { ReplayInputError } from '../server/replay-errors.js';
import type { InputPart } from '../server/replay-input.js';
import type { ReplayPlace, ReplayReport } from '../server/replay-report.js';
import { UsageError } from './usage.js';

type Place = Pick<ReplayPlace, 'part' | 'offset'>;

/**
 * The place to go on from.
 *
 * @param text a file with a report, or FILE:OFFSET.
 * @param choice what to do with the commands of which nobody knows if they were done.
 * @throws ReplayInputError if the files are others, or a choice is needed.
 */
export function resumePlace(text: string, choice: 'retry' | 'skip' | undefined, parts: readonly InputPart[]): Place {
  if (!existsSync(text) && /:\d+$/.test(text)) return placeNamed('resume', text, parts);
  const { resume, unacknowledged } = readReport(text);
  if (!resume) throw new UsageError(`${text} has no resume point: nothing was left to do`);
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

/** A place written as FILE:OFFSET, or OFFSET where there is one file. @throws UsageError if there is no such place. */
export function placeNamed(option: string, text: string, parts: readonly InputPart[]): Place {
  const [, file, digits] = /^(?:(.*):)?(\d{1,15})$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`--${option} takes OFFSET or FILE:OFFSET, not ${text}`);
  if (file === undefined && parts.length > 1) {
    throw new UsageError(`--${option} needs FILE:OFFSET, for there are ${parts.length} files`);
  }
  const part = file === undefined ? parts[0] : partNamed(file, parts);
  return { part: part.part, offset: Number(digits) };
}

function partNamed(file: string, parts: readonly InputPart[]): InputPart {
  const part = parts.find((candidate) => candidate.file === file);
  if (!part) throw new ReplayInputError('resume-part', file);
  return part;
}

function readReport(file: string): Pick<ReplayReport, 'resume' | 'unacknowledged'> {
  const text = readFileSync(file, 'utf8');
  try {
    const report = JSON.parse(text) as Pick<ReplayReport, 'resume' | 'unacknowledged'>;
    const { resume } = report;
    if (resume && (typeof resume.file !== 'string' || !(resume.offset >= 0))) throw new SyntaxError('no resume point');
    return report;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file} is no report of a replay`);
  }
}
