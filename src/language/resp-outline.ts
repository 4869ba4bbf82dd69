/** Outline and folding of wire text: commands, transactions around theirs, an RDB at the start. */
import { phrase } from '../decoder/errors.js';
import type { Phrase } from '../format/messages.js';
import type { TextRange, TextSymbol } from '../language-protocol.js';
import { type Lines, lineAt, rangeOf } from './lines.js';
import { shortText } from './messages.js';
import { commandOfNode, nameOf, type TextCommandNode } from './resp-commands.js';
import type { RespNode, RespText } from './resp-text.js';

/** Editors draw all entries of an outline, so there is a limit. */
const MOST_SYMBOLS = 5000;
/** Commands with more lines than this can be folded. */
const LONG = 10;

/** A symbol whose end and children may still come. */
interface OpenTransaction {
  readonly start: number;
  readonly selection: TextRange;
  readonly children: TextSymbol[];
  commands: number;
}

/** The outline of a document; what is beyond the limit is one last entry. */
export function respSymbols({ lines, nodes }: RespText): TextSymbol[] {
  const symbols: TextSymbol[] = [];
  let transaction: OpenTransaction | undefined;
  let count = 0;
  let end = 0;
  const close = (at: number) => {
    if (!transaction) return;
    const { start, selection, children, commands } = transaction;
    const detail = commands === 1 ? phrase('1 command') : phrase('{0} commands', commands);
    const range = rangeOf(lines, start, at);
    symbols.push({ kind: 'transaction', name: 'MULTI', detail, range, selection, children });
    transaction = undefined;
  };
  for (const [i, node] of nodes.entries()) {
    if (node.kind === 'comment' || node.kind === 'garbage') continue;
    if (count++ >= MOST_SYMBOLS) {
      const range = rangeOf(lines, node.start, nodes[nodes.length - 1].end);
      const selection = rangeOf(lines, node.start, node.headerEnd);
      close(end);
      const name = phrase('{0} more', nodes.length - i);
      return [...symbols, { kind: 'value', name, detail: '', range, selection, children: [] }];
    }
    const command = commandOfNode(lines, node);
    const name = command?.entry?.name;
    if (name === 'MULTI') {
      close(end);
      transaction = { start: node.start, selection: selectionOf(lines, node), children: [], commands: 0 };
    } else if (transaction && (name === 'EXEC' || name === 'DISCARD')) {
      close(node.end);
    } else {
      (transaction?.children ?? symbols).push(symbolOf(lines, node, command));
      if (transaction) transaction.commands++;
    }
    end = node.end;
  }
  close(end);
  return symbols;
}

function selectionOf(lines: Lines, node: RespNode): TextRange {
  return rangeOf(lines, node.start, node.headerEnd);
}

function symbolOf(lines: Lines, node: RespNode, command: TextCommandNode | undefined): TextSymbol {
  const range = rangeOf(lines, node.start, node.end);
  const selection = selectionOf(lines, node);
  const children: TextSymbol[] = [];
  if (node.kind === 'preamble') {
    return { kind: 'preamble', name: phrase('RDB preamble'), detail: '', range, selection: range, children };
  }
  if (!command) return { kind: 'value', ...valueName(lines, node), range, selection, children };
  const [key = command.argv.length > 1 ? 1 : -1] = command.keys;
  const detail = key < 0 ? '' : shortText(command.argv[key]);
  return { kind: 'command', name: nameOf(command, shortText), detail, range, selection, children };
}

const TYPE_NAMES: Readonly<Record<string, Phrase>> = {
  '+': phrase('simple string'),
  '-': phrase('simple error'),
  ':': phrase('integer'),
  $: phrase('bulk string'),
  '*': phrase('array'),
  _: phrase('null'),
  '#': phrase('boolean'),
  ',': phrase('double'),
  '(': phrase('big number'),
  '!': phrase('bulk error'),
  '=': phrase('verbatim string'),
  '%': phrase('map'),
  '~': phrase('set'),
  '>': phrase('push'),
  '|': phrase('attribute'),
};

/** The type of a value in words. */
export function typeName({ type }: RespNode): Phrase {
  return TYPE_NAMES[type] ?? phrase('value');
}

function valueName({ bytes }: Lines, node: RespNode): { name: string | Phrase; detail: string } {
  if (node.kind === 'inline') return { name: shortText(bytes.subarray(node.start, node.end)), detail: '' };
  const content =
    node.kind === 'string'
      ? bytes.subarray(node.dataStart, node.dataEnd)
      : bytes.subarray(node.start + 1, node.headerEnd);
  return { name: typeName(node), detail: shortText(content) };
}

/** What can be folded: transactions, and commands of many lines. Each from its first to its last line. */
export function respFolds({ lines, nodes }: RespText): (readonly [number, number])[] {
  const folds: (readonly [number, number])[] = [];
  let opened: number | undefined;
  for (const node of nodes) {
    const first = lineAt(lines, node.start);
    const last = lineAt(lines, node.end);
    if (last - first > LONG || (node.kind === 'preamble' && last > first)) folds.push([first, last]);
    const name = node.kind === 'aggregate' ? commandOfNode(lines, node)?.entry?.name : undefined;
    if (name === 'MULTI') opened = first;
    if (name === 'EXEC' && opened !== undefined) {
      folds.push([opened, last]);
      opened = undefined;
    }
  }
  return folds;
}
