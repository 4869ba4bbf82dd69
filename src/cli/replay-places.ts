/** Places of a replay as they are written on the command line: a report to go on from, or FILE:OFFSET. */
import { existsSync, readFileSync } from 'node:fs';
import type { InputPart, ReplayInput } from '../server/replay-input.js';
import { parseResumeInfo, partNamed, resumePlace, type StartPlace } from '../server/replay-resume.js';
import { UsageError } from './usage.js';

/**
 * The place to go on from.
 *
 * @param text a file with a report, or FILE:OFFSET.
 * @param choice what to do with the commands of which nobody knows if they were done.
 * @throws ReplayInputError if the files are others, or a choice is needed.
 */
export function resumePlaceNamed(
  text: string,
  choice: 'retry' | 'skip' | undefined,
  input: Pick<ReplayInput, 'parts' | 'file'>,
): StartPlace {
  if (!existsSync(text) && /:\d+$/.test(text)) return placeNamed('resume', text, input.parts);
  const info = parseResumeInfo(readJson(text));
  if (info === 'nothing-left') throw new UsageError(`${text} has no resume point: nothing was left to do`);
  if (!info) throw new UsageError(`${text} is no report of a replay`);
  return resumePlace(info, choice, input);
}

/** A place written as FILE:OFFSET, or OFFSET where there is one file. @throws UsageError if there is no such place. */
export function placeNamed(option: string, text: string, parts: readonly InputPart[]): StartPlace {
  const [, file, digits] = /^(?:(.*):)?(\d{1,15})$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`--${option} takes OFFSET or FILE:OFFSET, not ${text}`);
  if (file === undefined && parts.length > 1) {
    throw new UsageError(`--${option} needs FILE:OFFSET, for there are ${parts.length} files`);
  }
  const part = file === undefined ? parts[0] : partNamed(file, parts);
  return { part: part.part, offset: Number(digits) };
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
