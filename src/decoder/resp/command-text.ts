/** Commands as text: one a line, as one types them into redis-cli; `#` begins a line that is a comment. */
import { fromLatin1 } from '../bytes.js';
import type { Problem } from '../errors.js';
import { type InlineToken, inlineArgument, splitInline } from './inline.js';
import type { RespValue } from './values.js';
import { writeCommand } from './writer.js';

/** A line with a command. */
export interface TextCommand {
  /** The arguments, the name first, with the offsets from the start of the text; never empty. */
  readonly tokens: readonly InlineToken[];
  /** Offsets of the first byte of the line and of its line end. */
  readonly start: number;
  readonly end: number;
  /** True if quotes do not close, so that not all of the arguments are known. */
  readonly damaged: boolean;
}

/** The commands of a text and what is wrong with it. */
export interface CommandText {
  readonly commands: readonly TextCommand[];
  readonly problems: readonly Problem[];
}

const LF = 0x0a;
const CR = 0x0d;
const HASH = 0x23;

/** Reads all lines of a text; line ends are LF or CR LF. Damage of a line leaves the others alone. */
export function parseCommandText(bytes: Uint8Array): CommandText {
  const commands: TextCommand[] = [];
  const problems: Problem[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LF, start);
    const next = found < 0 ? bytes.length : found + 1;
    const lineEnd = found < 0 ? bytes.length : found;
    const end = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const command = isComment(bytes, start, end) ? undefined : parseLine(bytes, start, end, problems);
    if (command) commands.push(command);
    start = next;
  }
  return { commands, problems };
}

function isComment(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at < end && bytes[at] === HASH;
}

function parseLine(bytes: Uint8Array, start: number, end: number, problems: Problem[]): TextCommand | undefined {
  const { tokens, unbalanced } = splitInline(bytes, start, end);
  if (unbalanced) problems.push({ code: unbalanced.code, severity: 'error', offset: unbalanced.at, args: [] });
  const damaged = unbalanced !== undefined;
  return tokens.length > 0 || damaged ? { tokens, start, end, damaged } : undefined;
}

/**
 * A command as a line, without its line end. What comes back from {@link parseCommandText} are the same bytes.
 *
 * @param argv the arguments, the name first.
 * @param write how an argument is written; its text must be read as the same bytes by {@link splitInline}.
 */
export function commandLine(
  argv: readonly Uint8Array[],
  write: (bytes: Uint8Array) => string = inlineArgument,
): string {
  const [name, ...rest] = argv.map((argument) => write(argument));
  // A name that begins with # would make the line a comment.
  return [name?.startsWith('#') ? `"${name}"` : name, ...rest].join(' ');
}

/** The commands of a text as RESP; lines that are damaged are left out, and are among the problems. */
export function respOfCommandText(bytes: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly problems: readonly Problem[];
} {
  const { commands, problems } = parseCommandText(bytes);
  const parts = commands
    .filter(({ damaged }) => !damaged)
    .map(({ tokens }) => writeCommand(tokens.map((t) => t.bytes)));
  const target = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return { bytes: target, problems };
}

/**
 * The arguments of a value that is a command: an array of strings, or an inline command.
 *
 * @returns undefined for any other value. Simple strings and integers count as strings, as some clients send them.
 */
export function commandOf(value: RespValue): Uint8Array[] | undefined {
  if (value.type === 'inline') return [...value.arguments];
  if (value.type !== 'array' || value.items.length === 0) return undefined;
  const argv: Uint8Array[] = [];
  for (const item of value.items) {
    if (item.type === 'bulk' || item.type === 'simple' || item.type === 'verbatim') argv.push(item.bytes);
    else if (item.type === 'integer') argv.push(fromLatin1(String(item.value)));
    else return undefined;
  }
  return argv;
}
