/** What is wrong with wire text, with the ways to mend it. */
import { latin1 } from '../decoder/bytes.js';
import { phrase } from '../decoder/errors.js';
import { splitInline } from '../decoder/resp/inline.js';
import type { Fix, TextDiagnostic, TextRange } from '../language-protocol.js';
import { type Lines, lineAt, rangeOf, rangeOfLine } from './lines.js';
import { diagnostic, fixOf, messageOf, shortText } from './messages.js';
import type { RespNode, RespProblem, RespText } from './resp-text.js';

/** The most that a document is told: what follows is seldom about something else. */
const MOST = 500;

/** The diagnostics of a document. */
export function respDiagnostics(text: RespText): TextDiagnostic[] {
  const { lines, nodes, problems } = text;
  const altered = problems.find(({ code }) => code === 'other-line-ends');
  // With CR LF everywhere arguments would be changed that have line ends of their own.
  if (!altered && lines.lineEnd === 'lf' && nodes.some(({ kind }) => kind === 'aggregate' || kind === 'string')) {
    return [lostLineEnds(lines)];
  }
  // One of these is enough: it is about the document.
  const told = problems.filter((problem) => problem.code !== 'other-line-ends' || problem === altered).slice(0, MOST);
  const found = told.map((problem) => diagnosticOf(lines, problem));
  const unbalanced = nodes
    .filter(({ kind }) => kind === 'inline')
    .slice(0, MOST)
    .flatMap((node) => inlineDiagnostics(lines, node));
  return [...bytesLost(lines), ...found, ...unbalanced];
}

/** A file whose CRs were taken away, as version control can do it. */
function lostLineEnds(lines: Lines): TextDiagnostic {
  const fix: Fix = { title: phrase('Change all line ends to CR LF'), changes: [], crlf: true };
  const message = phrase(
    'The lines end with LF; RESP needs CR LF. Something, such as the autocrlf setting of Git, may have changed the line ends of the file.',
  );
  return diagnostic('line-ends', 'error', rangeOfLine(lines, 0), message, fix);
}

/** Says once that bytes did not survive, at the first of them. */
function bytesLost(lines: Lines): TextDiagnostic[] {
  if (lines.replaced[lines.count] === 0) return [];
  let line = 0;
  while (lines.replaced[line + 1] === 0) line++;
  const message = phrase(
    'Bytes that are no UTF-8 are shown as U+FFFD here, so lengths of arguments with such bytes cannot be checked.',
  );
  return [diagnostic('not-utf8', 'information', rangeOfLine(lines, line), message)];
}

function headerRange(lines: Lines, { start, headerEnd }: RespNode): TextRange {
  return rangeOf(lines, start, Math.min(headerEnd, start + 1000));
}

/** A fix that replaces the number in a header. */
function numberFix(lines: Lines, { start, headerEnd }: RespNode, title: ReturnType<typeof phrase>, value: number): Fix {
  return fixOf(title, { range: rangeOf(lines, start + 1, headerEnd), text: String(value) });
}

function diagnosticOf(lines: Lines, problem: RespProblem): TextDiagnostic {
  const { code, node } = problem;
  const range = headerRange(lines, node);
  const body = shortText(lines.bytes.subarray(node.start + 1, node.headerEnd), 40);
  switch (problem.code) {
    case 'length': {
      const message =
        problem.found === 1
          ? phrase('The length says {0} bytes, the argument has 1.', node.declared ?? 0)
          : phrase('The length says {0} bytes, the argument has {1}.', node.declared ?? 0, problem.found);
      const fix = numberFix(lines, node, phrase('Change the length to {0}', problem.found), problem.found);
      return diagnostic(code, 'error', range, message, fix);
    }
    case 'count': {
      const title = phrase('Change the count to {0}', problem.found);
      const message =
        problem.found === 1
          ? phrase('The count says {0}, but 1 element follows.', node.declared ?? 0)
          : phrase('The count says {0}, but {1} elements follow.', node.declared ?? 0, problem.found);
      return diagnostic(code, 'error', range, message, numberFix(lines, node, title, problem.found));
    }
    case 'bad-length': {
      const message = phrase('"{0}" is no length: it must be a number from 0 up, without sign or leading zeros.', body);
      const fixes =
        problem.found === null
          ? []
          : [numberFix(lines, node, phrase('Change it to {0}', problem.found), problem.found)];
      return diagnostic(code, 'error', range, message, ...fixes);
    }
    case 'other-line-ends': {
      const message = phrase(
        'Editors show all line ends of a document alike, but this argument has others. Saving the document would change it.',
      );
      return diagnostic(code, 'information', range, message);
    }
    case 'cut-off':
      return diagnostic(code, 'error', range, cutOffMessage(lines, node));
    case 'number':
      return diagnostic(code, 'error', range, phrase('"{0}" is no value of the type {1}.', body, node.type));
    case 'mark':
      return diagnostic(code, 'error', range, phrase('This mark ends a streamed value, but none is open.'));
    case 'garbage':
      return diagnostic(code, 'error', range, garbageMessage(lines, node));
  }
}

function cutOffMessage(lines: Lines, node: RespNode): ReturnType<typeof phrase> {
  if (node.kind === 'aggregate') {
    const { length } = node.children;
    return phrase('The document ends before all {0} elements have come: {1} are there.', node.declared ?? '?', length);
  }
  if (node.kind === 'string' && node.dataStart > node.start && node.declared !== null) {
    const there = node.dataEnd - node.dataStart;
    if (there < node.declared) {
      return phrase('The document ends inside this argument: {0} of {1} bytes are there.', there, node.declared);
    }
    if (there === node.declared) return phrase('The document ends without the CR LF behind this argument.');
  }
  if (latin1(lines.bytes, node.start, node.start + 1) === '$') {
    return phrase('The document ends inside this argument.');
  }
  return phrase('The document ends inside this value.');
}

function garbageMessage(lines: Lines, node: RespNode): ReturnType<typeof phrase> {
  const count = lineAt(lines, node.end) - lineAt(lines, node.start) + 1;
  return count === 1
    ? phrase('A command or value should start here; this line is neither.')
    : phrase('A command or value should start here; the next {0} lines are neither.', count);
}

function inlineDiagnostics(lines: Lines, node: RespNode): TextDiagnostic[] {
  const { unbalanced } = splitInline(lines.bytes, node.start, node.end);
  if (!unbalanced) return [];
  const range = rangeOf(lines, unbalanced.at, node.end);
  return [diagnostic(unbalanced.code, 'error', range, messageOf({ code: unbalanced.code, args: [] }))];
}
