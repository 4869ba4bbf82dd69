/** Problems of the decoder as messages for a document. */
import { isPart, type MessageArg, PROBLEM_TEMPLATES, type Problem } from '../decoder/errors.js';
import { displayText } from '../format/display.js';
import type { Phrase } from '../format/messages.js';
import type { Fix, TextChange, TextDiagnostic, TextRange } from '../language-protocol.js';

/** The message of a problem; names of parts of a file in it are phrases, so that they are translated. */
export function messageOf({ code, args }: Pick<Problem, 'code' | 'args'>): Phrase {
  return { phrase: PROBLEM_TEMPLATES[code], args: args.map(translatable) };
}

function translatable(arg: MessageArg): string | number | Phrase {
  return typeof arg === 'string' && isPart(arg) ? { phrase: arg, args: [] } : arg;
}

/** A diagnostic with fixes that change one range each. */
export function diagnostic(
  code: string,
  severity: TextDiagnostic['severity'],
  range: TextRange,
  message: Phrase,
  ...fixes: readonly Fix[]
): TextDiagnostic {
  return { code, severity, range, message, fixes };
}

/** A way to mend something by one change. */
export function fixOf(title: Phrase, change: TextChange): Fix {
  return { title, changes: [change] };
}

/** Bytes as a short text for a message or an outline. */
export function shortText(bytes: Uint8Array, most = 60): string {
  const { text, whole } = displayText(bytes.length > most * 4 ? bytes.subarray(0, most * 4) : bytes, most);
  return whole && bytes.length <= most * 4 ? text : `${text}…`;
}
