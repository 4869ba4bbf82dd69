/**
 * JSON as a tree that keeps every number as it is written: parsed without recursion, so that depth cannot break it,
 * and without doubles, so that large integers stay exact.
 */

export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonNode])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number' | 'word'; readonly text: string };

/** The most nodes of a tree: more is shown as text. */
const NODE_LIMIT = 500_000;

type Open =
  | { readonly kind: 'object'; readonly members: [string, JsonNode][]; name: string | undefined }
  | { readonly kind: 'array'; readonly items: JsonNode[] };

const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** Parses text as JSON. @returns undefined if it is none, or too large for a tree. */
export function parseJson(text: string): JsonNode | undefined {
  const stack: Open[] = [];
  let at = 0;
  let nodes = 0;
  let root: JsonNode | undefined;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** Puts a finished value where it belongs. @returns false if none is allowed there. */
  const place = (value: JsonNode): boolean => {
    const open = stack[stack.length - 1];
    if (!open) {
      if (root) return false;
      root = value;
    } else if (open.kind === 'array') {
      open.items.push(value);
    } else {
      if (open.name === undefined) return false;
      open.members.push([open.name, value]);
      open.name = undefined;
    }
    return true;
  };
  /** A string with its quotes. No expression: it would need a stack as deep as the string is long. */
  const string = (): string | undefined => {
    if (text[at] !== '"') return undefined;
    for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
      let backslashes = 0;
      while (text[end - 1 - backslashes] === '\\') backslashes++;
      if (backslashes % 2 === 1) continue;
      const literal = text.slice(at, end + 1);
      at = end + 1;
      return stringOf(literal);
    }
    return undefined;
  };
  const name = (open: Open): boolean => {
    if (open.kind !== 'object') return true;
    match(SPACE);
    open.name = string();
    if (open.name === undefined) return false;
    match(SPACE);
    if (text[at] !== ':') return false;
    at++;
    return true;
  };
  for (;;) {
    // A value starts here.
    match(SPACE);
    if (++nodes > NODE_LIMIT) return undefined;
    const char = text[at];
    if (char === '{' || char === '[') {
      at++;
      const open: Open = char === '{' ? { kind: 'object', members: [], name: undefined } : { kind: 'array', items: [] };
      match(SPACE);
      if (text[at] === (char === '{' ? '}' : ']')) {
        at++;
        if (!place(close(open))) return undefined;
      } else {
        stack.push(open);
        if (!name(open)) return undefined;
        continue;
      }
    } else if (char === '"') {
      const value = string();
      if (value === undefined || !place({ kind: 'string', value })) return undefined;
    } else {
      const number = match(NUMBER);
      const word = number === undefined ? match(WORD) : undefined;
      if (number !== undefined && number !== '') {
        if (!place({ kind: 'number', text: number })) return undefined;
      } else if (word !== undefined) {
        if (!place({ kind: 'word', text: word })) return undefined;
      } else {
        return undefined;
      }
    }
    // A value has ended: what it is in goes on, or ends too.
    for (;;) {
      match(SPACE);
      const open = stack[stack.length - 1];
      if (!open) return at === text.length ? root : undefined;
      const next = text[at++];
      if (next === ',') {
        if (!name(open)) return undefined;
        break;
      }
      if (next !== (open.kind === 'object' ? '}' : ']')) return undefined;
      stack.pop();
      if (!place(close(open))) return undefined;
    }
  }
}

/** The string of a literal; undefined if it has an escape that JSON does not know. */
function stringOf(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

function close(open: Open): JsonNode {
  return open.kind === 'object' ? { kind: 'object', members: open.members } : { kind: 'array', items: open.items };
}
