/** Typed commands to RESP and back. */
import { latin1 } from '../decoder/bytes.js';
import { phrase } from '../decoder/errors.js';
import { commandLine, parseCommandText } from '../decoder/resp/command-text.js';
import { inlineArgument } from '../decoder/resp/inline.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { displayText } from '../format/display.js';
import type { Phrase } from '../format/messages.js';
import type { Conversion } from '../language-protocol.js';
import { lineAt, linesOfBytes, linesOfText } from './lines.js';
import { commandOfNode, readRespText } from './resp-commands.js';

declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** The most reasons that are given. */
const MOST = 20;

/**
 * An argument as one types it. Text that can be read for itself stays as it is, other bytes are escaped; both are read
 * as the same bytes again.
 */
export function readableArgument(bytes: Uint8Array): string {
  const plain = inlineArgument(bytes);
  if (!plain.startsWith('"')) return plain;
  const { text } = displayText(bytes);
  // With no escape in it, what is shown is the text itself.
  if (bytes.length === 0 || text.includes('\\')) return plain;
  return /[\s"']/.test(text) ? `"${text.replace(/"/g, '\\"')}"` : text;
}

/** The commands of a text as RESP. Lines with quotes that do not close are left out and named. */
export function convertToResp(content: string | Uint8Array): Conversion {
  const lines = typeof content === 'string' ? linesOfText(content) : linesOfBytes(content);
  const { commands, problems } = parseCommandText(lines.bytes);
  const whole = commands.filter(({ damaged }) => !damaged);
  const parts = whole.map(({ tokens }) => writeCommand(tokens.map(({ bytes }) => bytes)));
  const reasons = problems.slice(0, MOST).map(({ offset }) => {
    return phrase('Line {0} was left out: its quotes are not balanced.', lineAt(lines, offset) + 1);
  });
  const written: string[] = [];
  for (const [i, part] of parts.entries()) {
    const text = textOf(part);
    if (text !== undefined) written.push(text);
    else
      reasons.push(
        phrase('Line {0} was left out: it has bytes that no text can hold.', lineAt(lines, whole[i].start) + 1),
      );
  }
  return { text: written.join(''), commands: written.length, problems: reasons.slice(0, MOST) };
}

/** The text that bytes are in UTF-8; undefined if they are not, or if an editor would change their line ends. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /\r(?!\n)|(?<!\r)\n/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The commands of wire text as lines; annotations become comments. What is no command is left out and named. */
export function convertToCommands(content: string | Uint8Array, aof: boolean): Conversion {
  const { lines, nodes, problems } = readRespText(content, aof);
  const damaged = new Set(problems.filter(({ code }) => code !== 'other-line-ends').map(({ node }) => node));
  const isDamaged = (node: (typeof nodes)[number]) =>
    damaged.has(node) || node.children.some((child) => damaged.has(child));
  const written: string[] = [];
  const reasons: Phrase[] = [];
  let commands = 0;
  for (const node of nodes) {
    if (node.kind === 'comment') {
      written.push(latin1(lines.bytes, node.start, node.headerEnd));
      continue;
    }
    if (node.kind === 'preamble') {
      reasons.push(phrase('The RDB at the start was left out: it holds keys, not commands.'));
      continue;
    }
    const command = commandOfNode(lines, node);
    if (command && !isDamaged(node)) {
      written.push(commandLine(command.argv, readableArgument));
      commands++;
    } else if (reasons.length < MOST) {
      const line = lineAt(lines, node.start) + 1;
      reasons.push(
        command
          ? phrase('The command at line {0} was left out: it is damaged.', line)
          : phrase('The value at line {0} was left out: it is no command.', line),
      );
    }
  }
  return { text: written.map((line) => `${line}\n`).join(''), commands, problems: reasons };
}
