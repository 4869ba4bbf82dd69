/** Bytes of a value as a text that can be compared line by line: JSON indented, text as it is, other bytes in hex. */

import { decodeUtf8 } from './display.js';

/** A text, and the language that it is in. */
export interface ReadableText {
  readonly text: string;
  readonly language: 'json' | 'plaintext';
}

/** Bytes of a line of hex. */
const LINE = 16;
/** Characters that are made into text at once. */
const PART = 4096;

/** Makes a text of bytes. */
export function readableText(bytes: Uint8Array): ReadableText {
  const text = utf8Text(bytes);
  if (text === undefined) return { text: hexText(bytes), language: 'plaintext' };
  const json = indentedJson(text);
  return json === undefined ? { text, language: 'plaintext' } : { text: json, language: 'json' };
}

/** The text that bytes are; undefined if they are none, or hold characters that no text has. */
function utf8Text(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let codes: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = decodeUtf8(bytes, at, bytes.length);
    if (code < 0 || (code < 0x20 && (code < 0x09 || code > 0x0d))) return undefined;
    codes.push(code);
    at += size;
    if (codes.length === PART) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  return parts.join('') + String.fromCodePoint(...codes);
}

/** The bytes in lines of hex, with the characters that they are. */
function hexText(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const part = [...bytes.subarray(at, at + LINE)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(LINE * 3)} ${characters}`);
  }
  return lines.join('\n');
}

/** An object or array of JSON with a line for each member, its numbers as they are written; undefined for anything else. */
export function indentedJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
  let depth = 0;
  let out = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [i, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      const empty = tokens[i + 1] === '}' || tokens[i + 1] === ']';
      depth++;
      out += empty ? token : token + line();
    } else if (token === '}' || token === ']') {
      const before = tokens[i - 1];
      depth--;
      out += before === '{' || before === '[' ? token : line() + token;
    } else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  }
  return out;
}
