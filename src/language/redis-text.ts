/** Typed commands (`.redis`): what is wrong with them, and what helps to type them. */
import {
  allCommands,
  type CommandEntry,
  keyArguments,
  lookUpCommand,
  subcommandOf,
  summaryOf,
  syntaxOf,
} from '../decoder/aof/command-table.js';
import { latin1 } from '../decoder/bytes.js';
import { phrase } from '../decoder/errors.js';
import { type CommandText, parseCommandText, type TextCommand } from '../decoder/resp/command-text.js';
import type {
  CompletionEntry,
  Completions,
  HelpPart,
  Signature,
  TextDiagnostic,
  TextHover,
  TextRange,
} from '../language-protocol.js';
import { argumentHelp, commandHelp } from './command-help.js';
import { type Lines, lineAt, linesOfText, rangeOf } from './lines.js';
import { diagnostic, messageOf, shortText } from './messages.js';
import { partOfArgument, syntaxParts } from './syntax-words.js';

/** A document of commands. */
export interface RedisText {
  readonly lines: Lines;
  readonly text: CommandText;
}

const MOST = 500;

/** Reads a document. */
export function readRedisText(text: string): RedisText {
  const lines = linesOfText(text);
  return { lines, text: parseCommandText(lines.bytes) };
}

/** What is known of a command, of its subcommand if it names one. */
function entryOf({ tokens }: TextCommand): { command: CommandEntry; entry: CommandEntry } | undefined {
  if (tokens.length === 0) return undefined;
  const [name, second] = tokens;
  const command = lookUpCommand(name.bytes, 0, name.bytes.length);
  if (!command) return undefined;
  return { command, entry: (second && subcommandOf(command, second.bytes)) ?? command };
}

/** The diagnostics of a document. */
export function redisDiagnostics({ lines, text }: RedisText): TextDiagnostic[] {
  const found: TextDiagnostic[] = text.problems.slice(0, MOST).map((problem) => {
    const line = lineAt(lines, problem.offset);
    const range = rangeOf(lines, problem.offset, lines.end[line]);
    return diagnostic(problem.code, 'error', range, messageOf(problem));
  });
  for (const command of text.commands) {
    if (found.length >= MOST) break;
    const problem = command.damaged ? undefined : commandDiagnostic(lines, command);
    if (problem) found.push(problem);
  }
  return found;
}

function commandDiagnostic(lines: Lines, command: TextCommand): TextDiagnostic | undefined {
  const { tokens } = command;
  const known = entryOf(command);
  const [name, second] = tokens;
  const range = rangeOf(lines, name.start, name.end);
  if (!known) {
    return diagnostic(
      'unknown-command',
      'information',
      range,
      phrase('The command {0} is not known here.', shortText(name.bytes)),
    );
  }
  const { entry } = known;
  if (second && entry.subcommands.length > 0) {
    const message = phrase('{0} has no subcommand {1} that is known here.', entry.name, shortText(second.bytes));
    return diagnostic('unknown-subcommand', 'information', rangeOf(lines, second.start, second.end), message);
  }
  const { arity } = entry;
  const fits = arity >= 0 ? tokens.length === arity : tokens.length >= -arity;
  // An arity of 0 says nothing.
  if (fits || arity === 0) return undefined;
  return diagnostic(
    'arity',
    'warning',
    rangeOf(lines, name.start, tokens[tokens.length - 1].end),
    arityMessage(entry, tokens.length),
  );
}

/** How many arguments there should be, without the words of the name. */
function arityMessage(entry: CommandEntry, count: number): ReturnType<typeof phrase> {
  const words = entry.name.split(' ').length;
  const given = Math.max(0, count - words);
  const wanted = Math.abs(entry.arity) - words;
  if (entry.arity < 0) {
    return wanted === 1
      ? phrase('{0} needs at least 1 argument, {1} are given.', entry.name, given)
      : phrase('{0} needs at least {1} arguments, {2} are given.', entry.name, wanted, given);
  }
  return wanted === 1
    ? phrase('{0} needs 1 argument, {1} are given.', entry.name, given)
    : phrase('{0} needs {1} arguments, {2} are given.', entry.name, wanted, given);
}

/** The command whose line holds an offset. */
function commandAt({ text }: RedisText, offset: number): TextCommand | undefined {
  let low = 0;
  let high = text.commands.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (text.commands[middle].end < offset) low = middle + 1;
    else high = middle;
  }
  const command = text.commands[low];
  return command && command.start <= offset ? command : undefined;
}

/** What is under the pointer: the command, or an argument of it. */
export function redisHover(document: RedisText, offset: number): TextHover | null {
  const command = commandAt(document, offset);
  if (!command) return null;
  const { tokens } = command;
  const index = tokens.findIndex(({ start, end }) => offset >= start && offset <= end);
  if (index < 0) return null;
  const token = tokens[index];
  const range = rangeOf(document.lines, token.start, token.end);
  const known = entryOf(command);
  const isName = index === 0 || (index === 1 && known !== undefined && known.entry !== known.command);
  if (isName) {
    const parts: HelpPart[] = known
      ? commandHelp(index === 0 && tokens.length === 1 ? known.command : known.entry)
      : [{ phrase: phrase('The command {0} is not known here.', shortText(token.bytes)) }];
    return { range, parts };
  }
  const keys = known ? keyArguments(known.command, tokens.length, (i) => tokens[i].bytes) : [];
  const help = argumentHelp(index, tokens.length, token.bytes.length, keys.includes(index));
  return { range, parts: known ? [...help, ...commandHelp(known.entry).slice(0, 1)] : help };
}

/** The arguments up to an offset; the last one is that which is being typed, and may be empty. */
function typedWords(
  document: RedisText,
  offset: number,
): { words: Uint8Array[]; start: number; end: number } | undefined {
  const { lines } = document;
  const line = lineAt(lines, offset);
  const before = lines.bytes.subarray(lines.start[line], offset);
  if (/^\s*#/.test(latin1(before, 0, Math.min(before.length, 1000)))) return undefined;
  const { commands } = parseCommandText(before);
  const tokens = commands[0]?.tokens ?? [];
  // Within quotes that are still open nothing is completed.
  if (commands[0]?.damaged) return undefined;
  const last = tokens.at(-1);
  const base = lines.start[line];
  if (last && base + last.end === offset) {
    return { words: tokens.map(({ bytes }) => bytes), start: base + last.start, end: endOfWord(lines, offset) };
  }
  const words = [...tokens.map(({ bytes }) => bytes), new Uint8Array(0)];
  return { words, start: offset, end: endOfWord(lines, offset) };
}

function endOfWord({ bytes }: Lines, offset: number): number {
  let end = offset;
  while (end < bytes.length && /[\w.-]/.test(String.fromCharCode(bytes[end]))) end++;
  return end;
}

/** What can be typed at an offset: a command, a subcommand, an option that is not there yet. */
export function redisCompletions(document: RedisText, offset: number): Completions | null {
  const typed = typedWords(document, offset);
  if (!typed) return null;
  const { words, start, end } = typed;
  const range: TextRange = rangeOf(document.lines, start, end);
  if (words.length === 1) return { range, entries: allCommands().map((entry) => completionOf(entry, 'command', 0)) };
  const command = lookUpCommand(words[0], 0, words[0].length);
  if (!command) return null;
  if (words.length === 2 && command.subcommands.length > 0) {
    const skip = command.name.length + 1;
    return { range, entries: command.subcommands.map((entry) => completionOf(entry, 'subcommand', skip)) };
  }
  const entry = subcommandOf(command, words[1]) ?? command;
  const used = new Set(words.slice(1, -1).map((word) => latin1(word).toUpperCase()));
  const entries: CompletionEntry[] = [];
  for (const { keywords, text, repeated } of syntaxParts(syntaxOf(entry))) {
    // Of alternatives one can be chosen.
    if (!repeated && keywords.some((word) => used.has(word))) continue;
    for (const label of keywords) {
      if (!entries.some((known) => known.label === label))
        entries.push({ label, kind: 'option', syntax: text, summary: '' });
    }
  }
  return entries.length === 0 ? null : { range, entries };
}

function completionOf(entry: CommandEntry, kind: CompletionEntry['kind'], skip: number): CompletionEntry {
  return { label: entry.name.slice(skip), kind, syntax: syntaxOf(entry), summary: summaryOf(entry) };
}

/** The arguments of the command at an offset, with the one that is being typed. */
export function redisSignature(document: RedisText, offset: number): Signature | null {
  const typed = typedWords(document, offset);
  if (!typed || typed.words.length < 2) return null;
  const { words } = typed;
  const command = lookUpCommand(words[0], 0, words[0].length);
  if (!command) return null;
  const entry = subcommandOf(command, words[1]) ?? command;
  const behind = words.slice(entry.name.split(' ').length).map((word) => latin1(word).toUpperCase());
  const syntax = syntaxOf(entry);
  if (syntax === '') return null;
  const parts = syntaxParts(syntax);
  const skip = entry.name.length + 1;
  return {
    label: `${entry.name} ${syntax}`,
    summary: summaryOf(entry),
    parameters: parts.map(({ start, end }) => [start + skip, end + skip] as const),
    active: behind.length === 0 ? -1 : partOfArgument(parts, behind),
  };
}
