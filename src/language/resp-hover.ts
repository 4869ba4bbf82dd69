/** What is under the pointer in wire text. */
import { latin1 } from '../decoder/bytes.js';
import { phrase } from '../decoder/errors.js';
import type { HelpPart, TextHover } from '../language-protocol.js';
import { argumentHelp, commandHelp } from './command-help.js';
import { rangeOf } from './lines.js';
import { shortText } from './messages.js';
import { commandOfNode } from './resp-commands.js';
import { typeName } from './resp-outline.js';
import type { RespNode, RespText } from './resp-text.js';

/** The node that holds an offset; nodes are in order and do not overlap. */
function nodeAt(nodes: readonly RespNode[], offset: number): RespNode | undefined {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle].end < offset) low = middle + 1;
    else high = middle;
  }
  const node = nodes[low];
  return node && node.start <= offset ? node : undefined;
}

/** Explains what stands at an offset: the command, an argument of it, a value, an annotation. */
export function respHover({ lines, nodes }: RespText, offset: number): TextHover | null {
  const node = nodeAt(nodes, offset);
  if (!node || node.kind === 'garbage' || node.kind === 'preamble') return null;
  const whole = rangeOf(lines, node.start, node.headerEnd);
  if (node.kind === 'comment') {
    const seconds = /^#TS:(\d{1,12})$/.exec(latin1(lines.bytes, node.start, node.headerEnd))?.[1];
    if (seconds === undefined) return null;
    const time = new Date(Number(seconds) * 1000).toISOString();
    return { range: whole, parts: [{ phrase: phrase('The commands that follow ran at {0} or later.', time) }] };
  }
  const command = commandOfNode(lines, node);
  if (!command) return valueHover(lines, node, offset);
  const known: HelpPart[] = command.entry
    ? commandHelp(command.entry)
    : [{ phrase: phrase('The command {0} is not known here.', shortText(command.argv[0])) }];
  const argument = node.children.findIndex(({ start, end }) => offset >= start && offset <= end);
  if (argument < 0) {
    const counted: HelpPart = { phrase: phrase('{0} arguments, the name included.', command.argv.length) };
    return { range: whole, parts: [...known, counted] };
  }
  const { start, end, dataStart, dataEnd } = node.children[argument];
  const range = rangeOf(lines, start, end);
  if (argument === 0) return { range, parts: known };
  const isKey = command.keys.includes(argument);
  const size = lines.exact || dataEnd < dataStart ? dataEnd - dataStart : (node.children[argument].declared ?? 0);
  const parts = argumentHelp(argument, command.argv.length, size, isKey);
  return { range, parts: [...parts, ...known.slice(0, 1)] };
}

function valueHover(lines: RespText['lines'], node: RespNode, offset: number): TextHover | null {
  let inner = node;
  for (let child: RespNode | undefined = node; child; ) {
    inner = child;
    child = child.children.find(({ start, end }) => offset >= start && offset <= end);
  }
  if (inner.kind === 'inline') return null;
  const size: HelpPart[] =
    inner.kind === 'line' || inner.declared === null
      ? []
      : [
          {
            phrase:
              inner.kind === 'string' ? phrase('{0} bytes', inner.declared) : phrase('{0} elements', inner.declared),
          },
        ];
  return { range: rangeOf(lines, inner.start, inner.headerEnd), parts: [{ phrase: typeName(inner) }, ...size] };
}
