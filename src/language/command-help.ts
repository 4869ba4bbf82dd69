/** What the table of commands says of a command, as text for people. */
import { type CommandEntry, summaryOf, syntaxOf } from '../decoder/aof/command-table.js';
import { phrase } from '../decoder/errors.js';
import type { HelpPart } from '../language-protocol.js';

/** Name, arguments, summary, and where the command comes from. */
export function commandHelp(entry: CommandEntry): HelpPart[] {
  const parts: HelpPart[] = [{ code: `${entry.name} ${syntaxOf(entry)}`.trimEnd() }, { plain: `${summaryOf(entry)}.` }];
  // Releases of Redis are given as a number alone, others with their name.
  const since = /^\d/.test(entry.since) ? `Redis ${entry.since}` : entry.since;
  if (since !== '') parts.push({ phrase: phrase('Since {0}.', since) });
  if (entry.writes) parts.push({ phrase: phrase('It changes keys.') });
  if (entry.subcommands.length > 0) {
    const names = entry.subcommands.map(({ name }) => name.slice(entry.name.length + 1)).join(', ');
    parts.push({ phrase: phrase('Subcommands: {0}.', names) });
  }
  return parts;
}

/** An argument: which of how many, how many bytes it has, and whether it is a key. */
export function argumentHelp(index: number, count: number, bytes: number, isKey: boolean): HelpPart[] {
  const size = bytes === 1 ? phrase('1 byte') : phrase('{0} bytes', bytes);
  const place = isKey
    ? phrase('Argument {0} of {1}, the name of a key.', index, count - 1)
    : phrase('Argument {0} of {1}.', index, count - 1);
  return [{ phrase: place }, { phrase: size }];
}
