/** Which commands a server has, and which of them the user of a connection may call. */
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';

/** What COMMAND says of a command. */
export interface ServerCommand {
  /** In lower case; of a subcommand `xgroup|create`. */
  readonly name: string;
  /** Number of arguments with the name; a negative one means at least as many. */
  readonly arity: number;
  /** ACL categories without their @. */
  readonly categories: ReadonlySet<string>;
}

/** The commands of a server by name in lower case. */
export type ServerCommands = ReadonlyMap<string, ServerCommand>;

/** The commands of a server; undefined where it does not tell them. @throws what the connection throws. */
export async function commandsOf(connection: Connection): Promise<ServerCommands | undefined> {
  const reply = await connection.ask('COMMAND');
  if (errorText(reply) !== undefined) return undefined;
  const commands = new Map<string, ServerCommand>();
  const left = [...itemsOf(reply)];
  for (let entry = left.pop(); entry; entry = left.pop()) {
    const items = itemsOf(entry);
    const name = stringOf(items[0])?.toLowerCase();
    if (name === undefined) continue;
    const categories = itemsOf(items[6]).map((item) => (stringOf(item) ?? '').replace(/^@/, ''));
    commands.set(name, { name, arity: Number(stringOf(items[1]) ?? 0), categories: new Set(categories) });
    left.push(...itemsOf(items[9]));
  }
  return commands.size === 0 ? undefined : commands;
}

/** What a user may call. */
export type Permission = (command: ServerCommand, subcommand: ServerCommand | undefined) => boolean;

/**
 * What a user may call, by the rules that ACL GETUSER tells.
 *
 * @returns undefined where the user may not ask for it, or the server has no users.
 */
export async function permissionOf(connection: Connection, user: string): Promise<Permission | undefined> {
  const reply = await connection.ask('ACL', 'GETUSER', user);
  if (errorText(reply) !== undefined) return undefined;
  const rules = rulesIn(itemsOf(reply).map(stringOf));
  // Selectors give more commands; each is a list of its own.
  const at = itemsOf(reply).findIndex((item) => stringOf(item) === 'selectors');
  const selectors = at < 0 ? [] : itemsOf(itemsOf(reply)[at + 1]).map((item) => rulesIn(itemsOf(item).map(stringOf)));
  const all = [rules, ...selectors].filter((rule) => rule !== undefined);
  if (all.length === 0) return undefined;
  return (command, subcommand) => all.some((rule) => mayCall(rule, command, subcommand));
}

function rulesIn(fields: readonly (string | undefined)[]): string | undefined {
  const at = fields.indexOf('commands');
  return at < 0 ? undefined : fields[at + 1];
}

/**
 * Applies the rules of an ACL in their order: `+@all`, `-@dangerous`, `+get`, `-config|set`.
 *
 * @param rules as ACL GETUSER writes them, with blanks between.
 */
export function mayCall(rules: string, command: ServerCommand, subcommand?: ServerCommand): boolean {
  let allowed = false;
  for (const rule of rules.toLowerCase().split(' ')) {
    const adds = rule.startsWith('+');
    if (!adds && !rule.startsWith('-')) continue;
    const what = rule.slice(1);
    const own = subcommand ?? command;
    const hit = what.startsWith('@')
      ? what === '@all' || own.categories.has(what.slice(1))
      : what === command.name || what === subcommand?.name;
    if (hit) allowed = adds;
  }
  return allowed;
}
