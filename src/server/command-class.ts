/** What a replay does with a command by its name alone, before its arguments are looked at. */
import type { NameTable } from '../decoder/aof/command-names.js';
import { type CommandEntry, subcommandOf } from '../decoder/aof/command-table.js';
import { sameWord } from '../decoder/aof/words.js';
import { lookAtScript, mayHoldScript } from './script-text.js';

/** What is to be done with a command. */
export type CommandClass =
  | 'plain'
  /** Its subcommand, an option or the text of a script decides. */
  | 'look'
  | 'select'
  | 'multi'
  | 'exec'
  | 'discard'
  | 'admin'
  | 'connection';

const FRAMES: Readonly<Record<string, CommandClass>> = {
  SELECT: 'select',
  MULTI: 'multi',
  EXEC: 'exec',
  DISCARD: 'discard',
};

/** Commands that change what the connection is, so that replies no longer match commands, or that wait. */
const CONNECTION = new Set(
  `AUTH HELLO CLIENT QUIT RESET MONITOR SYNC PSYNC REPLCONF WAIT WAITAOF ASKING READONLY READWRITE SUBSCRIBE PSUBSCRIBE
   SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE WATCH UNWATCH`.split(/\s+/),
);

function classOfEntry(entry: CommandEntry): CommandClass {
  const frame = FRAMES[entry.name];
  if (frame) return frame;
  if (CONNECTION.has(entry.name)) return 'connection';
  if (entry.name === 'XREAD' || entry.name === 'XREADGROUP') return 'look';
  if (entry.flags.includes('blocking')) return 'connection';
  if (entry.name === 'MIGRATE') return 'admin';
  if (entry.subcommands.length > 0 || mayHoldScript(entry)) return 'look';
  return entry.group === 'admin' || entry.dangerous ? 'admin' : 'plain';
}

/** Keeps the classes of names by their numbers. */
export class CommandClasses {
  private readonly known: CommandClass[] = [];

  constructor(private readonly names: NameTable) {}

  /** The class of a name; unknown commands are `plain`, the server will say what it thinks of them. */
  of(number: number): CommandClass {
    const known = this.known[number];
    if (known) return known;
    const entry = this.names.entry(number);
    const found = entry ? classOfEntry(entry) : 'plain';
    // Numbers of unknown names can be shared by many, which are all of the same class.
    this.known[number] = found;
    return found;
  }
}

/** What the arguments of a command of the class `look` decide. @param argv all of them, the name first. */
export function lookAt(entry: CommandEntry, argv: readonly Uint8Array[]): 'plain' | 'admin' | 'script' | 'connection' {
  const script = lookAtScript(entry, argv);
  if (script) return script.admin === undefined ? 'plain' : 'script';
  if (entry.subcommands.length === 0) return argv.some((word) => sameWord(word, 'BLOCK')) ? 'connection' : 'plain';
  const sub = argv.length > 1 ? subcommandOf(entry, argv[1]) : undefined;
  if (entry.name === 'SCRIPT' && sub?.name === 'SCRIPT DEBUG') return 'connection';
  const { group, dangerous } = sub ?? entry;
  return group === 'admin' || dangerous ? 'admin' : 'plain';
}
