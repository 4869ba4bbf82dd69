/** A tree of values as JSON, for copying, and paths in it. */
import { utf8Bytes } from '../../format/display.js';
import { base64 } from '../base64.js';
import type { Member, TreeNode } from './decoder.js';
import { utf8 } from './reader.js';

/** The name of a value in its container, as text. */
export function memberName({ name }: Member, position: number): string {
  if (name === undefined) return String(position);
  return typeof name === 'string' ? name : scalarText(name);
}

/** A value that holds no other as text; one that does by what it is. */
export function scalarText(node: TreeNode): string {
  if (node.text !== undefined && !node.children) return node.text;
  if (node.bytes) return node.kind === 'string' ? (utf8(node.bytes) ?? base64(node.bytes)) : base64(node.bytes);
  return node.kind === 'object' ? '{…}' : '[…]';
}

const JSON_WORDS: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function leafJson(node: TreeNode): string {
  const text = scalarText(node);
  if (node.kind === 'number' && NUMBER.test(text)) return text;
  if (node.kind === 'word' && node.type === '') {
    const word = JSON_WORDS[text] ?? text;
    if (/^(?:null|true|false)$/.test(word)) return word;
  }
  return JSON.stringify(text);
}

/** Characters of JSON that are made at most. */
const TEXT_LIMIT = 32 * 1024 * 1024;

interface Open {
  readonly node: TreeNode;
  readonly named: boolean;
  next: number;
}

/**
 * A tree as JSON: numbers exact as they are, binary data in base64, words and names that JSON does not know as strings.
 *
 * @returns undefined if it is longer than what can be copied.
 */
export function treeJsonWithin(root: TreeNode, limit = TEXT_LIMIT): string | undefined {
  const pieces: string[] = [];
  let length = 0;
  const add = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  const stack: Open[] = [];
  const begin = (node: TreeNode) => {
    if (!node.children) {
      add(leafJson(node));
      return;
    }
    // A mapping has names for all; an object of a class can also hold what has none.
    const named = node.kind === 'object' && node.children.every(({ name }) => name !== undefined);
    stack.push({ node, named, next: 0 });
    add(named ? '{' : '[');
  };
  begin(root);
  while (stack.length > 0 && length <= limit) {
    const open = stack[stack.length - 1];
    const member = open.node.children?.[open.next];
    if (!member) {
      add(open.named ? '}' : ']');
      stack.pop();
      continue;
    }
    if (open.next > 0) add(',');
    if (open.named) add(`${JSON.stringify(memberName(member, open.next))}:`);
    open.next++;
    begin(member.value);
  }
  return length > limit ? undefined : pieces.join('');
}

/** A tree as JSON, whole. */
export function treeJson(root: TreeNode): string {
  return treeJsonWithin(root, Number.POSITIVE_INFINITY) ?? '';
}

/** The node at the end of a path of positions; undefined if there is none. */
export function nodeAt(root: TreeNode, path: readonly number[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const position of path) node = node?.children?.[position]?.value;
  return node;
}

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** A path as programs write it: `$.user["first name"][3]`. */
export function pathText(root: TreeNode, path: readonly number[]): string {
  let text = '$';
  let node: TreeNode | undefined = root;
  for (const position of path) {
    const member: Member | undefined = node?.children?.[position];
    if (!member) break;
    const name = memberName(member, position);
    if (member.name === undefined) text += `[${position}]`;
    else text += PLAIN_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    node = member.value;
  }
  return text;
}

/** The bytes of a value that can be looked at by themselves: of a string or of binary data, or the text of another. */
export function nodeBytes(node: TreeNode): Uint8Array {
  return node.bytes ?? utf8Bytes(node.text ?? '');
}
