/** Documents for tests of the language service, and how a quick fix changes them. */
import type { Phrase } from '../../../src/format/messages.js';
import { sentence } from '../../../src/format/messages.js';
import type { Fix, TextRange } from '../../../src/language-protocol.js';

/** The English words of a message. */
export function words(message: string | Phrase): string {
  return typeof message === 'string' ? message : sentence(message.phrase, message.args, (english) => english);
}

/** The text that a range of a document holds. */
export function textIn(text: string, [startLine, startCharacter, endLine, endCharacter]: TextRange): string {
  return text.slice(indexOf(text, startLine, startCharacter), indexOf(text, endLine, endCharacter));
}

function indexOf(text: string, line: number, character: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf('\n', at) + 1;
  return at + character;
}

/** The document after a fix, as an editor would change it. */
export function fixed(text: string, fix: Fix): string {
  let result = text;
  for (const { range, text: added } of [...fix.changes].reverse()) {
    const [startLine, startCharacter, endLine, endCharacter] = range;
    const start = indexOf(result, startLine, startCharacter);
    result = result.slice(0, start) + added + result.slice(indexOf(result, endLine, endCharacter));
  }
  return fix.crlf ? result.replace(/\r?\n/g, '\r\n') : result;
}

/** A command as wire text. */
export function wire(...argv: readonly string[]): string {
  const parts = argv.map((argument) => `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`);
  return `*${argv.length}\r\n${parts.join('')}`;
}
