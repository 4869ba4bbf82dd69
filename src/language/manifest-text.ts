/** AOF manifests as text: links to the parts, what is wrong with ways to mend it, and what a line means. */
import { type ManifestLine, type ManifestType, parseManifest } from '../decoder/aof/manifest.js';
import { type Problem, type ProblemCode, phrase } from '../decoder/errors.js';
import type { Phrase } from '../format/messages.js';
import type { Fix, TextDiagnostic, TextHover, TextLink, TextRange, TextSymbol } from '../language-protocol.js';
import { type Lines, lineAt, linesOfText, rangeOf, rangeOfLine } from './lines.js';
import { diagnostic, fixOf, messageOf } from './messages.js';

/** A manifest, and the files beside it. */
export interface ManifestText {
  readonly lines: Lines;
  readonly entries: readonly ManifestLine[];
  readonly problems: readonly Problem[];
  /** null if it is not known what there is. */
  readonly files: ReadonlySet<string> | null;
}

/** Reads a document. */
export function readManifestText(text: string, files: readonly string[] | null): ManifestText {
  const lines = linesOfText(text);
  const { lines: entries, problems } = parseManifest(lines.bytes);
  return { lines, entries, problems, files: files && new Set(files) };
}

/** Names of the parts, each a link to its file. */
export function manifestLinks({ lines, entries, files }: ManifestText): TextLink[] {
  return entries
    .filter(({ fileName }) => files?.has(fileName) ?? true)
    .map(({ fileName, fileSpan }) => ({ range: rangeOf(lines, ...fileSpan), file: fileName }));
}

/** The diagnostics of a document. */
export function manifestDiagnostics(text: ManifestText): TextDiagnostic[] {
  const { lines, problems } = text;
  const refused = problems.map((problem) => problemDiagnostic(lines, problem, text.entries));
  return [...refused, ...missingParts(text), ...gaps(text), ...repeatedFiles(text)];
}

/** The problems that concern one value and not the whole line. */
const OF_VALUE: ReadonlySet<ProblemCode> = new Set([
  'manifest-path',
  'manifest-type',
  'manifest-sequence',
  'manifest-quotes',
]);

function problemDiagnostic(lines: Lines, problem: Problem, entries: readonly ManifestLine[]): TextDiagnostic {
  const { code, offset } = problem;
  const line = lineAt(lines, offset);
  const entry = entries.find(({ seqSpan }) => seqSpan[0] === offset);
  const range = OF_VALUE.has(code) ? rangeOf(lines, offset, endOfValue(lines, offset, line)) : rangeOfLine(lines, line);
  return diagnostic(code, 'error', range, messageOf(problem), ...fixesOf(lines, problem, line, entry));
}

function endOfValue({ bytes, end }: Lines, offset: number, line: number): number {
  const blank = bytes.indexOf(0x20, offset);
  return blank >= 0 && blank < end[line] ? blank : end[line];
}

/** What can be done without losing data. */
function fixesOf(lines: Lines, problem: Problem, line: number, entry: ManifestLine | undefined): Fix[] {
  const { code, args } = problem;
  if (code === 'manifest-blank-line') return [fixOf(phrase('Remove the blank line'), removal(lines, line))];
  if (code === 'manifest-no-line-end') {
    const [, , endLine, endCharacter] = rangeOfLine(lines, line);
    const range: TextRange = [endLine, endCharacter, endLine, endCharacter];
    return [fixOf(phrase('Add the line end'), { range, text: '\n' })];
  }
  if (code === 'manifest-sequence' && entry && typeof args[1] === 'number') {
    const next = args[1] + 1;
    return [
      fixOf(phrase('Change the sequence number to {0}', next), {
        range: rangeOf(lines, ...entry.seqSpan),
        text: String(next),
      }),
    ];
  }
  return [];
}

/** Takes a line away with its line end. */
function removal(lines: Lines, line: number): { range: TextRange; text: string } {
  const next = line + 1 < lines.count ? lines.start[line + 1] : lines.bytes.length;
  return { range: rangeOf(lines, lines.start[line], next), text: '' };
}

/** Parts that are not there. A history part may be gone: servers only delete it. */
function missingParts({ lines, entries, files }: ManifestText): TextDiagnostic[] {
  if (!files) return [];
  return entries
    .filter(({ fileName }) => !files.has(fileName))
    .map((entry) => {
      const range = rangeOf(lines, ...entry.fileSpan);
      const line = lineAt(lines, entry.offset);
      if (entry.type === 'h') {
        const fix = fixOf(phrase('Remove the line of {0}', entry.fileName), removal(lines, line));
        const message = phrase('The history file {0} is not there; servers do not need it.', entry.fileName);
        return diagnostic('missing-history', 'warning', range, message, fix);
      }
      const message = phrase('The file {0} is not there; servers do not start without it.', entry.fileName);
      return diagnostic('missing-part', 'error', range, message);
    });
}

/** Sequence numbers of incremental files that are left out: servers load it, but a part may have been lost. */
function gaps({ lines, entries }: ManifestText): TextDiagnostic[] {
  const found: TextDiagnostic[] = [];
  let before: ManifestLine | undefined;
  for (const entry of entries) {
    if (entry.type !== 'i') continue;
    if (before && entry.seq > before.seq + 1) {
      const next = before.seq + 1;
      const message =
        entry.seq === next + 1
          ? phrase('The incremental file with the sequence number {0} is not listed before this one.', next)
          : phrase(
              'The incremental files with the sequence numbers {0} to {1} are not listed before this one.',
              next,
              entry.seq - 1,
            );
      const range = rangeOf(lines, ...entry.seqSpan);
      const fix = fixOf(phrase('Change the sequence number to {0}', next), { range, text: String(next) });
      found.push(diagnostic('sequence-gap', 'warning', range, message, fix));
    }
    before = entry;
  }
  return found;
}

function repeatedFiles({ lines, entries }: ManifestText): TextDiagnostic[] {
  const seen = new Set<string>();
  const found: TextDiagnostic[] = [];
  for (const { fileName, fileSpan } of entries) {
    if (seen.has(fileName)) {
      const message = phrase('The file {0} is listed more than once.', fileName);
      found.push(diagnostic('repeated-file', 'warning', rangeOf(lines, ...fileSpan), message));
    }
    seen.add(fileName);
  }
  return found;
}

const MEANINGS: Readonly<Record<ManifestType, Phrase>> = {
  b: phrase('The base file: what the keys were when the AOF was last rewritten. Servers load it first.'),
  h: phrase('A history file: replaced by a rewrite and about to be deleted. Servers do not load it.'),
  i: phrase('An incremental file: the commands since the rewrite, or since the incremental file before it.'),
};

/** What a line means. */
export function manifestHover({ lines, entries, files }: ManifestText, offset: number): TextHover | null {
  const line = lineAt(lines, offset);
  const entry = entries.find((one) => lineAt(lines, one.offset) === line);
  if (!entry) return null;
  const parts = [{ phrase: MEANINGS[entry.type] }, { phrase: phrase('Sequence number {0}.', entry.seq) }];
  const { startOffset, endOffset, fileName } = entry;
  if (startOffset !== undefined)
    parts.push({ phrase: phrase('It begins at the replication offset {0}.', String(startOffset)) });
  if (endOffset !== undefined)
    parts.push({ phrase: phrase('It ends at the replication offset {0}.', String(endOffset)) });
  if (files && !files.has(fileName)) parts.push({ phrase: phrase('The file is not there.') });
  return { range: rangeOfLine(lines, line), parts };
}

/** The outline: the parts. */
export function manifestSymbols({ lines, entries }: ManifestText): TextSymbol[] {
  return entries.map(({ offset, fileName, fileSpan, type, seq }) => ({
    kind: 'file',
    name: fileName,
    detail: `${type} ${seq}`,
    range: rangeOfLine(lines, lineAt(lines, offset)),
    selection: rangeOf(lines, ...fileSpan),
    children: [],
  }));
}
