// The commands as the grammars need them: names, subcommands, where the first key stands, and words of options.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const DATA = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../src/decoder/aof/command-data.ts');

/** Words of a syntax that are written as they stand: options, units, and the choices of an argument. */
const WORD = /(?<![\w-])[A-Z][A-Z0-9_.-]*(?![a-z])/g;

/** All commands, each with its subcommands: read from the data of the table. */
export function commands() {
  const all = new Map();
  let family = '';
  for (const line of readFileSync(DATA, 'utf8').split(/\n|`/)) {
    if (line.startsWith('@')) family = line.slice(1);
    const fields = line.split('\t');
    if (fields.length !== 7) continue;
    const [name, , , keys, , syntax] = fields;
    const [word, sub] = name.split(/ (.*)/);
    const command = all.get(word) ?? { name: word, subcommands: [] };
    all.set(word, command);
    const own = { family, ...keysOf(keys), options: [...new Set(syntax.match(WORD) ?? [])] };
    if (sub) command.subcommands.push({ name: sub, ...own });
    else Object.assign(command, own);
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where the first key stands, 0 for none; and whether all arguments from there on are keys. */
function keysOf(keys) {
  const [, first = '0', last, step] = /^(\d+)(?:,(-?\d+),(\d+)|\/0,1,0.*)?$/.exec(keys) ?? [];
  return { key: keys === '!sort' ? 1 : Number(first), keysOnly: last === '-1' && step === '1' };
}

/** A regular expression for any of some words, in any case of their letters. */
export function anyOf(words) {
  // Longer words first: an alternative that matches is taken, though a longer one would match, too.
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return `(?i:${sorted.map((word) => word.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')).join('|')})`;
}
