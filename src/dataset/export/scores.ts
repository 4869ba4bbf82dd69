/** Scores of sorted sets as servers of today print them: the shortest decimal that gives the number back. */
import { latin1, parseScore } from '../../decoder/bytes.js';
import { scoreText } from '../key-json.js';
import { type ElementReader, UnusualValueError } from './element-reader.js';
import type { OutBuffer } from './out-buffer.js';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Digits that a double holds whatever they are. */
const EXACT_DIGITS = 15;

/**
 * Writes the score at hand.
 *
 * @param inElement true if it is the element of the reader, false if it stands behind it.
 * @throws UnusualValueError if it is no number.
 */
export function scoreOf(reader: ElementReader, inElement: boolean, out: OutBuffer): void {
  if (!inElement) {
    const { score } = reader;
    if (Number.isInteger(score) && score > 0 && score < 1e15) out.decimal(score);
    else out.ascii(scoreText(score));
    return;
  }
  const { bytes, start, end } = reader;
  if (isShortest(bytes, start, end)) {
    out.copy(bytes, start, end);
    return;
  }
  if (end - start > 400) throw new UnusualValueError();
  const score = parseScore(latin1(bytes, start, end));
  if (score === undefined) throw new UnusualValueError();
  out.ascii(scoreText(score));
}

/** True if the text is what a number with few digits is printed as: no exponent, no zeros that could be left out. */
function isShortest(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first > EXACT_DIGITS + 1 || first === end) return false;
  let dot = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at];
    if (byte === DOT && dot < 0) dot = at;
    else if (byte < ZERO || byte > NINE) return false;
  }
  if (dot < 0) return bytes[first] !== ZERO || (end - first === 1 && first === start);
  // Numbers below 0.1 may be printed with an exponent.
  return (
    end - first <= EXACT_DIGITS && dot > first && bytes[first] !== ZERO && bytes[end - 1] !== ZERO && end - 1 > dot
  );
}
