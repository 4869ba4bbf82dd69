/** Filters of commands as data: what is set, what it is called, and what is left when a part of it is taken away. */
import type { AofSummary, CommandFilter, CommandGroup } from '../../src/aof-protocol.js';
import type { KeyPattern } from '../../src/protocol.js';

/** Names of commands that have a chip without being asked for. */
const CHIPS = 8;

/** A filter with parts of it replaced; those that are undefined are taken away. */
export function changedFilter(
  filter: CommandFilter,
  part: { readonly [Name in keyof CommandFilter]?: CommandFilter[Name] | undefined },
): CommandFilter {
  return Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined));
}

/** Adds a value to a list, or takes it out; undefined instead of an empty list. */
export function toggled<Value>(list: readonly Value[] | undefined, value: Value): readonly Value[] | undefined {
  const known = list ?? [];
  const changed = known.includes(value) ? known.filter((one) => one !== value) : [...known, value];
  return changed.length === 0 ? undefined : changed;
}

/** A range with one end replaced; undefined if both are open. */
export function changedRange(
  range: readonly [from: number | null, to: number | null] | undefined,
  end: 0 | 1,
  value: number | undefined,
): readonly [from: number | null, to: number | null] | undefined {
  const [from, to] = range ?? [null, null];
  const changed: readonly [number | null, number | null] = end === 0 ? [value ?? null, to] : [from, value ?? null];
  return changed[0] === null && changed[1] === null ? undefined : changed;
}

/** The pattern of a search box as commands are filtered by it. */
export function keyFilter(pattern: KeyPattern | undefined): CommandFilter['key'] {
  if (!pattern) return undefined;
  const { mode, text, ignoreCase } = pattern;
  return { mode: mode === 'substring' ? 'text' : mode, text, matchCase: !ignoreCase };
}

/** The other way round. */
export function keyPattern(key: CommandFilter['key']): KeyPattern | undefined {
  return key && { mode: key.mode === 'text' ? 'substring' : key.mode, text: key.text, ignoreCase: !key.matchCase };
}

/** The commands that have a chip: the most frequent, and those that are chosen; and the rest. */
export function chipsOf(names: AofSummary['names'], chosen: readonly string[]) {
  const shown = names.filter(({ name }, i) => i < CHIPS || chosen.includes(name));
  return { shown, rest: names.filter((one) => !shown.includes(one)) };
}

/** How many commands of each group a file has, the most frequent first. */
export function groupCounts(names: AofSummary['names']): readonly (readonly [group: CommandGroup, commands: number])[] {
  const counts = new Map<CommandGroup, number>();
  for (const { group, commands } of names) counts.set(group, (counts.get(group) ?? 0) + commands);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
