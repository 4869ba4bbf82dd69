/** Looking for a text in the strings of a value, long ones page by page. */
import { isLong, type Text } from '../decoder/rdb/string.js';
import { readFully } from '../decoder/source.js';
import { parseDisplayText } from '../format/display.js';
import { compileKeyPattern } from './key-pattern.js';

const PAGE = 256 * 1024;
/** Bytes of the longest character. */
const CHARACTER = 4;

/** Makes a test for strings that contain a text; ASCII letters match in either case. */
export function textMatcher(search: string): (text: Text) => boolean {
  const matches = compileKeyPattern({ mode: 'substring', text: search, ignoreCase: true });
  // Letters of the other case may take other numbers of bytes.
  const reach = 3 * parseDisplayText(search).length + CHARACTER;
  return (text) => {
    if (!isLong(text)) return matches(text, 0, text.length);
    const page = new Uint8Array(PAGE + reach);
    // Pages overlap by what a match can stand across their border.
    for (let at = 0; at < text.length; at += PAGE) {
      const read = readFully(text.source, at, page);
      if (matches(page, at === 0 ? 0 : wholeCharacter(page, read), read)) return true;
    }
    return false;
  };
}

/** Where a page goes on with a whole character: the rest of one that began before it was seen with the page before. */
function wholeCharacter(page: Uint8Array, end: number): number {
  let at = 0;
  while (at < CHARACTER - 1 && at < end && (page[at] & 0xc0) === 0x80) at++;
  return at;
}
