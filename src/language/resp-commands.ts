/** The commands in wire text: their arguments, keys and transactions. */
import { type CommandEntry, keyArguments, lookUpCommand, subcommandOf } from '../decoder/aof/command-table.js';
import { inlineArguments } from '../decoder/resp/inline.js';
import { type Lines, linesOfBytes, linesOfText } from './lines.js';
import { parseRespText, type RespNode, type RespText } from './resp-text.js';

/** A command of a text, known or not. */
export interface TextCommandNode {
  readonly node: RespNode;
  /** The bytes of the arguments, the name first; never empty. */
  readonly argv: readonly Uint8Array[];
  /** What is known of it: of the subcommand where there is one. */
  readonly entry: CommandEntry | undefined;
  /** Numbers of the arguments that are keys. */
  readonly keys: readonly number[];
}

/** Reads wire text with the table of commands. @param content text of a document, or bytes of a file. */
export function readRespText(content: string | Uint8Array, aof: boolean): RespText {
  const lines = typeof content === 'string' ? linesOfText(content) : linesOfBytes(content);
  return parseRespText(lines, aof, (bytes, from, length) => lookUpCommand(bytes, from, length) !== undefined);
}

/** The node as a command: an array of strings, or an inline command; undefined for any other. */
export function commandOfNode(lines: Lines, node: RespNode): TextCommandNode | undefined {
  const argv = argumentsOf(lines, node);
  if (!argv || argv.length === 0) return undefined;
  const [name] = argv;
  const command = lookUpCommand(name, 0, name.length);
  const entry = command && argv.length > 1 ? (subcommandOf(command, argv[1]) ?? command) : command;
  const keys = command ? keyArguments(command, argv.length, (i) => argv[i]) : [];
  return { node, argv, entry, keys };
}

function argumentsOf({ bytes }: Lines, node: RespNode): Uint8Array[] | undefined {
  if (node.kind === 'aggregate' && node.type === '*') {
    if (node.children.some(({ kind }) => kind !== 'string')) return undefined;
    return node.children.map(({ dataStart, dataEnd }) => bytes.subarray(dataStart, dataEnd));
  }
  if (node.kind !== 'inline') return undefined;
  try {
    return inlineArguments(bytes.subarray(node.start, node.end));
  } catch {
    // Quotes that do not close: not a command that anybody could run.
    return undefined;
  }
}

/** The name as it is shown: in upper case, with the subcommand. */
export function nameOf({ argv, entry }: TextCommandNode, show: (bytes: Uint8Array) => string): string {
  return entry?.name ?? show(argv[0]);
}
