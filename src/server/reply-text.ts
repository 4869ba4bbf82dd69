/** Replies as people read them, in the manner of redis-cli. */
import { latin1 } from '../decoder/bytes.js';
import { doubleText } from '../decoder/resp/numbers.js';
import type { RespValue } from '../decoder/resp/values.js';
import { displayText, isReadableText } from '../format/display.js';
import { quoteArgument } from '../format/redis-cli.js';

/** The text of a reply: as many lines as were wanted, and whether those are all. */
export interface ReplyText {
  readonly lines: readonly string[];
  readonly whole: boolean;
}

/** Characters of a string that are shown. */
const STRING_LIMIT = 4096;

/**
 * Writes a reply as lines.
 *
 * @param most lines; what is beyond them is left out.
 */
export function replyText(value: RespValue, most: number): ReplyText {
  const text = value.type === 'bulk' || value.type === 'verbatim' ? value.bytes : undefined;
  // Reports such as that of INFO are texts of many lines.
  if (text?.includes(0x0a) && isReadableText(text)) {
    const lines = new TextDecoder().decode(text).split(/\r?\n/).map(shownLine);
    if (lines.at(-1) === '') lines.pop();
    return { lines: lines.slice(0, most), whole: lines.length <= most };
  }
  const lines: string[] = [];
  const whole = write(value, '', '', lines, most);
  return { lines, whole };
}

/** Tabs stay; whatever else could not be seen is escaped. */
function shownLine(line: string): string {
  return line
    .split('\t')
    .map((piece) => displayText(new TextEncoder().encode(piece), STRING_LIMIT).text.replaceAll('\\x20', ' '))
    .join('\t');
}

/** The depth of a reply is bounded by the decoder. @returns false if lines were left out. */
function write(value: RespValue, first: string, rest: string, lines: string[], most: number): boolean {
  if (lines.length >= most) return false;
  if (value.type === 'map') {
    if (value.pairs.length === 0) return put(lines, `${first}(empty map)`);
    return each(value.pairs.length, '#', first, rest, (i, head, indent) => {
      const [key, item] = value.pairs[i];
      const label = oneLine(key);
      if (label === undefined) {
        return write(key, head, indent, lines, most) && write(item, `${indent}=> `, `${indent}   `, lines, most);
      }
      return write(item, `${head}${label} => `, `${indent}   `, lines, most);
    });
  }
  if (value.type === 'array' || value.type === 'set' || value.type === 'push') {
    const { items, type } = value;
    if (items.length === 0) return put(lines, `${first}(empty ${type})`);
    const sign = { array: ')', set: '~', push: '>' }[type];
    return each(items.length, sign, first, rest, (i, head, indent) => write(items[i], head, indent, lines, most));
  }
  return put(lines, first + (oneLine(value) ?? ''));
}

function put(lines: string[], line: string): boolean {
  lines.push(line);
  return true;
}

function each(
  count: number,
  sign: string,
  first: string,
  rest: string,
  item: (i: number, head: string, indent: string) => boolean,
): boolean {
  const width = String(count).length;
  for (let i = 0; i < count; i++) {
    const number = `${String(i + 1).padStart(width)}${sign} `;
    if (!item(i, (i === 0 ? first : rest) + number, rest + ' '.repeat(number.length))) return false;
  }
  return true;
}

/** A value on a line; undefined for one that has others in it. */
function oneLine(value: RespValue): string | undefined {
  switch (value.type) {
    case 'simple':
      return displayText(value.bytes, STRING_LIMIT).text;
    case 'error':
    case 'bulk-error':
      return `(error) ${displayText(value.bytes, STRING_LIMIT).text}`;
    case 'integer':
      return `(integer) ${value.value}`;
    case 'double':
      return `(double) ${doubleText(value.value)}`;
    case 'bignum':
      return `(big number) ${value.value}`;
    case 'boolean':
      return value.value ? '(true)' : '(false)';
    case 'null':
      return '(nil)';
    case 'bulk':
    case 'verbatim':
      return quoted(value.bytes);
    case 'inline':
      return value.arguments.map(quoted).join(' ');
    default:
      return undefined;
  }
}

/** In quotes; UTF-8 that can be read stays as it is. */
function quoted(bytes: Uint8Array): string {
  const cut = bytes.length > STRING_LIMIT;
  const shown = cut ? bytes.subarray(0, STRING_LIMIT) : bytes;
  const text = displayText(shown).text;
  const plain = !text.includes('\\') && !text.includes('"') ? `"${text}"` : quoteArgument(shown);
  return cut ? `${plain}… (${bytes.length} B)` : plain;
}

/** Bytes of the wire as lines of text: what cannot be seen is escaped, and a line ends where the bytes end one. */
export function wireLines(bytes: Uint8Array, most: number): ReplyText {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (lines.length >= most) return { lines, whole: false };
    const lf = bytes.indexOf(0x0a, at);
    const end = lf < 0 ? bytes.length : lf;
    const stop = end > at && bytes[end - 1] === 0x0d ? end - 1 : end;
    lines.push(wireLine(bytes.subarray(at, stop)));
    at = end + 1;
  }
  return { lines, whole: true };
}

function wireLine(bytes: Uint8Array): string {
  const ascii = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  const text = ascii ? latin1(bytes) : displayText(bytes).text.replaceAll('\\x20', ' ');
  return text.length > STRING_LIMIT ? `${text.slice(0, STRING_LIMIT)}…` : text;
}
