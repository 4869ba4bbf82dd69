/**
 * Bytes as text for the screen. Keys and values are bytes and may be hostile: whatever would be invisible, ambiguous
 * or change the direction of the text is written as an escape, so that two different keys never look the same.
 *
 * Printable UTF-8 stays as it is. `\\` is a backslash, `\n` `\r` `\t` are control characters, `\xHH` is a byte that is
 * no part of valid UTF-8 or an ASCII control character, `\u{H…}` any other character that cannot be seen for itself.
 * Where a text is in normal form C, equal looks are equal bytes; where it is not, whatever a normal form would write
 * in another way is escaped: combining marks, letters of Hangul, signs such as that of Ångström.
 */

const BACKSLASH = 0x5c;

/** A piece of decoded text: its code point, or the byte that is no UTF-8. */
interface Piece {
  /** Code point; −1 for an invalid byte. */
  readonly code: number;
  /** Bytes taken, 1 to 4. */
  readonly size: number;
}

/** Decodes one character of strict UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
export function decodeUtf8(bytes: Uint8Array, at: number, end: number): Piece {
  const first = bytes[at];
  if (first < 0x80) return { code: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > end) return INVALID;
  let code = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes[at + i];
    if ((next & 0xc0) !== 0x80) return INVALID;
    code = (code << 6) | (next & 0x3f);
  }
  if ((size === 3 && code < 0x800) || (size === 4 && (code < 0x10000 || code > 0x10ffff))) return INVALID;
  if (code >= 0xd800 && code <= 0xdfff) return INVALID;
  return { code, size };
}

const INVALID: Piece = { code: -1, size: 1 };

/** Characters that cannot be seen, or that change how others are shown: control, format, space, ignorable. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
/** Characters that are drawn over the one before. */
const MARK = /\p{M}/u;
/** Letters of Hangul that are drawn into one syllable with the one before. */
const JAMO = /[\u1160-\u11ff\ud7b0-\ud7ff]/u;

/**
 * Bytes as text for the screen.
 *
 * @param most stop after about this many characters.
 * @returns the text, and whether all bytes are in it.
 */
export function displayText(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): { text: string; whole: boolean } {
  let text = '';
  let at = 0;
  let normal: boolean | undefined;
  const mayShow = (character: string) => {
    normal ??= isNormal(bytes, most);
    // A mark over nothing or over a space looks like a character of its own.
    if (MARK.test(character)) return normal && at > 0 && bytes[at - 1] !== 0x20;
    return normal || (character.normalize('NFC') === character && !JAMO.test(character));
  };
  const end = bytes.length;
  while (at < end && text.length < most) {
    const byte = bytes[at];
    if (byte > 0x20 && byte < 0x7f && byte !== BACKSLASH) {
      text += String.fromCharCode(byte);
      at++;
      continue;
    }
    if (byte === 0x20) {
      // A space at the start or end, or next to another, would not be seen or not be counted.
      const seen = at > 0 && at + 1 < end && bytes[at - 1] !== 0x20 && bytes[at + 1] !== 0x20;
      text += seen ? ' ' : '\\x20';
      at++;
      continue;
    }
    const { code, size } = decodeUtf8(bytes, at, end);
    if (code < 0) text += hexEscape(byte);
    else if (code === BACKSLASH) text += '\\\\';
    else if (code < 0x20 || code === 0x7f) text += CONTROLS.get(code) ?? hexEscape(code);
    else text += displayCharacter(code, mayShow);
    at += size;
  }
  return { text, whole: at >= end };
}

function displayCharacter(code: number, mayShow: (character: string) => boolean): string {
  const character = String.fromCodePoint(code);
  return UNSEEN.test(character) || !mayShow(character) ? `\\u{${code.toString(16)}}` : character;
}

/** True if what is shown of a text is in normal form C, so that no other bytes look the same. */
function isNormal(bytes: Uint8Array, most: number): boolean {
  let text = '';
  for (let at = 0; at < bytes.length && text.length <= most; ) {
    const { code, size } = decodeUtf8(bytes, at, bytes.length);
    text += code < 0 ? '?' : String.fromCodePoint(code);
    at += size;
  }
  return text.normalize('NFC') === text;
}

const CONTROLS: ReadonlyMap<number, string> = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
]);

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/**
 * The bytes that a text of {@link displayText} stands for; also what somebody types into a search box, where a
 * backslash that starts no escape stands for itself.
 */
export function parseDisplayText(text: string): Uint8Array {
  const bytes: number[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|([nrt\\]))/y;
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) {
      at = pattern.lastIndex;
      const [, hex, point, letter] = match;
      if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
      else if (point !== undefined) pushUtf8(Math.min(Number.parseInt(point, 16), 0x10ffff), bytes);
      else bytes.push(letter === 'n' ? 10 : letter === 'r' ? 13 : letter === 't' ? 9 : BACKSLASH);
      continue;
    }
    const code = text.codePointAt(at) ?? 0;
    pushUtf8(code, bytes);
    at += code > 0xffff ? 2 : 1;
  }
  return Uint8Array.from(bytes);
}

/** Text as UTF-8; unpaired surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(character.codePointAt(0) ?? 0, bytes);
  return Uint8Array.from(bytes);
}

function pushUtf8(point: number, bytes: number[]): void {
  const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
  if (code < 0x80) {
    bytes.push(code);
  } else if (code < 0x800) {
    bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  } else {
    bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
}

/** True if all bytes are valid UTF-8 and none is a control character other than tab and line ends. */
export function isReadableText(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte < 0x80) {
      if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false;
      at++;
      continue;
    }
    const { code, size } = decodeUtf8(bytes, at, bytes.length);
    // A character that the end of a page cuts in two is not held against the text.
    if (code < 0) return bytes.length - at < 4 && isCutCharacter(bytes, at);
    at += size;
  }
  return true;
}

function isCutCharacter(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size <= bytes.length) return false;
  for (let i = at + 1; i < bytes.length; i++) if ((bytes[i] & 0xc0) !== 0x80) return false;
  return true;
}
