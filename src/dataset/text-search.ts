/** Looking for a text in the strings of a value, long ones page by page. */
import { isLong, type Text } from '../decoder/rdb/string.js';
import { readFully } from '../decoder/source.js';
import { parseDisplayText } from '../format/display.js';
import { compileKeyPattern } from './key-pattern.js';

const PAGE = 256 * 1024;

/** Makes a test for strings that contain a text; ASCII letters match in either case. */
export function textMatcher(search: string): (text: Text) => boolean {
  const matches = compileKeyPattern({ mode: 'substring', text: search, ignoreCase: true });
  const reach = parseDisplayText(search).length - 1;
  return (text) => {
    if (!isLong(text)) return matches(text, 0, text.length);
    const page = new Uint8Array(PAGE + reach);
    // Pages overlap by what a match can stand across their border.
    for (let at = 0; at < text.length; at += PAGE) {
      const read = readFully(text.source, at, page);
      if (matches(page, 0, read)) return true;
    }
    return false;
  };
}
