/** Rows of the command list as the webview draws them: with their key and the start of their arguments, read back. */

import type { CommandListRow, CommandRow, TransactionRow } from '../aof-protocol.js';
import { type CommandHead, readHead } from '../dataset/aof/command-head.js';
import { namesInOrder } from '../dataset/aof/key-history.js';
import { keyName } from '../dataset/aof/key-names.js';
import { StretchReader } from '../dataset/aof/part-files.js';
import { AFTER_DAMAGE } from '../decoder/aof/command-batch.js';
import { formatArgument } from '../format/redis-cli.js';
import type { Cell } from '../protocol.js';
import { textCell } from './cells.js';
import type { CommandList, ListData, ListItem } from './command-list.js';

/** Characters of arguments that a row shows. */
const PREVIEW_CHARACTERS = 300;
/** Bytes of a key that a row reads back where the key is not in the start of the command. */
const KEY_BYTES = 2048;

/** Rows of a view. */
export function listRows(data: ListData, list: CommandList, items: readonly ListItem[]): CommandListRow[] {
  const reader = new StretchReader(data.files);
  return items.map((item) => listRow(data, list, reader, item));
}

function listRow(data: ListData, list: CommandList, reader: StretchReader, item: ListItem): CommandListRow {
  switch (item.kind) {
    case 'damage': {
      const { part, offset, bytes, problem } = item.damage;
      return { kind: 'damage', part, offset, bytes, problem };
    }
    case 'transaction':
      return transactionRow(data, list, item.row, item.expanded);
    case 'command':
      return commandRow(data, reader, item.row, item.depth);
  }
}

/** The row of one command. */
export function commandRow(data: ListData, reader: StretchReader, row: number, depth = 0): CommandRow {
  const { index } = data;
  const { part, history } = index.rangeOf(row);
  const head = readHead(reader, index, row);
  // What is read through the reader is good until it reads again.
  const preview = previewOf(head, index.argc(row));
  const keys = index.keys.keysOf(row);
  return {
    kind: 'command',
    command: row,
    part,
    offset: index.offset(row),
    bytes: index.size(row),
    time: index.time(row) || null,
    db: index.db(row),
    name: head.name,
    group: index.groupOf(index.name(row)),
    key: keyCell(data, head, keys[0]),
    moreKeys: Math.max(0, keys.length - 1),
    preview,
    argc: index.argc(row),
    depth,
    damaged: (index.flags(row) & AFTER_DAMAGE) !== 0,
    history,
  };
}

/** The first key: as it stands in the start of the command, else as it stands where a command first names it. */
function keyCell({ files, index }: ListData, head: CommandHead, key: number | undefined): Cell | null {
  const argument = head.arguments[head.keyAt];
  if (argument && argument.bytes.length === argument.length) return textCell(argument.bytes);
  if (key === undefined) return null;
  const { text, cut } = textCell(keyName(files, index, key, KEY_BYTES));
  const bytes = index.keys.nameBytes(key);
  return { text, bytes, cut: cut || bytes > KEY_BYTES };
}

/** The arguments behind the name and the first key, as redis-cli would take them; an ellipsis where they go on. */
function previewOf({ arguments: args, keyAt, nameArguments }: CommandHead, argc: number): string {
  let text = '';
  for (const [i, { bytes, length }] of args.entries()) {
    if (i < nameArguments || i === keyAt) continue;
    const room = PREVIEW_CHARACTERS - text.length;
    const whole = bytes.length === length && length <= room;
    text += `${text === '' ? '' : ' '}${formatArgument(whole ? bytes : bytes.subarray(0, Math.max(0, room)))}`;
    if (!whole) return `${text}…`;
  }
  return args.length < argc ? `${text}${text === '' ? '' : ' '}…` : text;
}

function transactionRow(data: ListData, list: CommandList, row: number, expanded: boolean): TransactionRow {
  const { index } = data;
  const { part, history } = index.rangeOf(row);
  const { first, last, complete } = index.transactions.at(index.transactions.positionOf(row));
  const members = list.membersOf(row) ?? new Uint32Array(0);
  const counts = new Map<number, number>();
  for (const member of members) {
    const name = index.name(member);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    kind: 'transaction',
    command: first,
    part,
    offset: index.offset(first),
    bytes: index.offset(last) + index.size(last) - index.offset(first),
    time: index.time(first) || null,
    db: index.db(first),
    commands: members.length,
    names: namesInOrder(index, counts),
    expanded,
    complete,
    history,
  };
}
