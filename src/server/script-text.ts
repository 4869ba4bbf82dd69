/** What a script would have a server do that steers it or empties databases, as far as its text names it. */
import { type CommandEntry, commandNamed, subcommandOf } from '../decoder/aof/command-table.js';
import { sameWord } from '../decoder/aof/words.js';
import { fromLatin1, latin1 } from '../decoder/bytes.js';

/** Bytes of a script that are looked at; no program is longer, and what is may hide anything. */
const TEXT_LIMIT = 4 * 1024 * 1024;
/** A word between quotes or in long brackets. */
const QUOTED = /(['"[])([a-z][a-z._-]{2,30})(?:['"]|\]=*\])/gi;
/** Words of these are told wherever they stand; the names of others mean something else as well, and count in a call. */
const PLAIN = /^(?:FLUSHALL|FLUSHDB|SWAPDB|SHUTDOWN|REPLICAOF|SLAVEOF|BGREWRITEAOF)$/i;
const BLANKS = ' \t\r\n';

/** A command that runs or loads a script. */
interface ScriptCommand {
  /** The program, where it stands in the command. */
  readonly text?: Uint8Array | undefined;
  /** What the program is given: it may call what an argument names. */
  readonly words: readonly Uint8Array[];
}

/** The script of a command; undefined for one that neither runs nor loads one. */
function scriptOf(entry: CommandEntry, argv: readonly Uint8Array[]): ScriptCommand | undefined {
  const words = argv.slice(2);
  switch (entry.name) {
    case 'EVAL':
    case 'EVAL_RO':
      return { text: argv[1], words };
    case 'EVALSHA':
    case 'EVALSHA_RO':
    case 'FCALL':
    case 'FCALL_RO':
      return { words };
    case 'SCRIPT':
    case 'FUNCTION':
      return argv.length > 2 && sameWord(argv[1], 'LOAD') ? { text: argv.at(-1), words: [] } : undefined;
    default:
      return undefined;
  }
}

/** True for commands that may run or load a script, whatever their arguments are. */
export function mayHoldScript(entry: CommandEntry): boolean {
  return entry.group === 'script' && /^(?:EVAL|FCALL|SCRIPT|FUNCTION)/.test(entry.name);
}

/** What is told of a command by its script. */
export interface ScriptLook {
  /** The first command that it names which steers the server or empties databases. */
  readonly admin?: string;
}

/** Looks at the script of a command. @returns undefined for a command without one. */
export function lookAtScript(entry: CommandEntry, argv: readonly Uint8Array[]): ScriptLook | undefined {
  const script = scriptOf(entry, argv);
  if (!script) return undefined;
  const { text, words } = script;
  const admin = (text && adminInText(text)) ?? words.map(plainName).find((name) => name !== undefined);
  return admin === undefined ? {} : { admin };
}

function plainName(word: Uint8Array): string | undefined {
  const name = word.length <= 16 ? latin1(word) : '';
  return PLAIN.test(name) ? name.toUpperCase() : undefined;
}

/** The first command that a program names; `…` for a program that is too long to be looked at. */
function adminInText(bytes: Uint8Array): string | undefined {
  if (bytes.length > TEXT_LIMIT) return '…';
  const text = latin1(bytes);
  for (const match of text.matchAll(QUOTED)) {
    const [whole, , word] = match;
    if (PLAIN.test(word)) return word.toUpperCase();
    const entry = commandNamed(word);
    if (entry && isCalled(text, match.index) && steers(entry, text, match.index + whole.length)) return entry.name;
  }
  return undefined;
}

/** True if what stands before a quoted word is `call(`, with or without the bracket. */
function isCalled(text: string, quote: number): boolean {
  let at = quote - 1;
  while (at >= 0 && `${BLANKS}([=`.includes(text[at])) at--;
  return at >= 3 && text.slice(at - 3, at + 1).toLowerCase() === 'call';
}

/** @param behind where the text goes on: a subcommand may follow. */
function steers(entry: CommandEntry, text: string, behind: number): boolean {
  if (entry.dangerous || entry.name === 'MIGRATE') return true;
  const dangerous = entry.subcommands.filter((sub) => sub.dangerous);
  if (dangerous.length === 0) return false;
  let at = behind;
  while (at < text.length && `${BLANKS},[='"`.includes(text[at])) at++;
  const [word] = /^[a-z-]*/i.exec(text.slice(at, at + 40)) ?? [''];
  const sub = subcommandOf(entry, fromLatin1(word));
  return sub === undefined || dangerous.includes(sub);
}
