/** Glob patterns over bytes, as the KEYS and SCAN commands match them. */

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const DASH = 0x2d;

/**
 * True if the bytes from `start` to `end` match the pattern: `*` any bytes, `?` one byte, `[a-z]` and `[^a-z]` one of
 * a class, `\` takes the next byte literally. Takes time in proportion to pattern times text, never more.
 */
export function matchesGlob(pattern: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let p = 0;
  // Where to go on when the bytes after the last star do not match: the star takes one byte more.
  let starPattern = -1;
  let starText = 0;
  for (;;) {
    if (p < pattern.length && pattern[p] === STAR) {
      starPattern = ++p;
      starText = at;
      continue;
    }
    if (at >= end && p >= pattern.length) return true;
    if (at < end && p < pattern.length) {
      const width = matchOne(pattern, p, bytes[at]);
      if (width > 0) {
        p += width;
        at++;
        continue;
      }
    }
    if (starPattern < 0 || starText >= end) return false;
    p = starPattern;
    at = ++starText;
  }
}

/** Matches one byte against the element at `p`. @returns the bytes of that element, 0 if it does not match. */
function matchOne(pattern: Uint8Array, p: number, byte: number): number {
  switch (pattern[p]) {
    case QUESTION:
      return 1;
    case BACKSLASH:
      if (p + 1 < pattern.length) return pattern[p + 1] === byte ? 2 : 0;
      return byte === BACKSLASH ? 1 : 0;
    case OPEN:
      return matchClass(pattern, p, byte);
    default:
      return pattern[p] === byte ? 1 : 0;
  }
}

function matchClass(pattern: Uint8Array, open: number, byte: number): number {
  let p = open + 1;
  const negated = pattern[p] === CARET;
  if (negated) p++;
  let found = false;
  for (; p < pattern.length && pattern[p] !== CLOSE; p++) {
    if (pattern[p] === BACKSLASH && p + 1 < pattern.length) {
      p++;
      if (pattern[p] === byte) found = true;
    } else if (pattern[p + 1] === DASH && p + 2 < pattern.length) {
      const low = Math.min(pattern[p], pattern[p + 2]);
      const high = Math.max(pattern[p], pattern[p + 2]);
      if (byte >= low && byte <= high) found = true;
      p += 2;
    } else if (pattern[p] === byte) {
      found = true;
    }
  }
  if (found === negated) return 0;
  return Math.min(p + 1, pattern.length) - open;
}
