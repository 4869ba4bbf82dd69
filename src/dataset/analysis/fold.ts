/**
 * Folding of ids in key names: `user:123:cart` belongs to `user:*:cart`. A part of a name is folded by what it looks
 * like: numbers, dates, addresses, hashes, UUIDs, random tokens; and such behind a word, as in `order-123`.
 */
import { displayText, parseDisplayText } from '../../format/display.js';

/** Parts of names longer than this are always folded: nobody groups keys by them. */
export const SEGMENT_LIMIT = 128;
/** Parts of a name that are looked at; what is deeper belongs to the last of them. */
export const DEPTH_LIMIT = 16;

/** A part of a name as it is grouped: bytes, and whether something that was folded stands behind them. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly folded: boolean;
}

/**
 * What of a part of a name is kept: its length if all of it is, else `-1 - n` where `n` bytes stand before what is
 * folded.
 */
export function foldSegment(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  if (length > SEGMENT_LIMIT || isId(bytes, start, end)) return -1;
  let tries = 0;
  for (let at = start + 1; at < end - 1 && tries < TAILS; at++) {
    if (CLASS[bytes[at]] !== MARK) continue;
    tries++;
    if (isId(bytes, at + 1, end)) return -1 - (at + 1 - start);
  }
  // A word with a long number behind it, without anything between them.
  let digits = end;
  while (digits > start && CLASS[bytes[digits - 1]] === DIGIT) digits--;
  if (end - digits >= LONG_NUMBER && digits - start >= 2) return -1 - (digits - start);
  return length;
}

/** Places in one part at which an id is looked for behind a word. */
const TAILS = 8;
/** Digits of a number that is an id even if it follows a word directly. */
const LONG_NUMBER = 5;
/** The shortest hash, and the shortest of letters alone. */
const HASH = 8;
const LETTER_HASH = 16;
/** The shortest random token. */
const TOKEN = 12;

const OTHER = 0;
const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;
/** What stands between words. */
const MARK = 4;
const CLASS = new Uint8Array(256);
for (const [kind, characters] of [
  [DIGIT, '0123456789'],
  [LOWER, 'abcdefghijklmnopqrstuvwxyz'],
  [UPPER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [MARK, '-_.#=@/+~,|'],
] as const) {
  for (const character of characters) CLASS[character.charCodeAt(0)] = kind;
}

/** True for a byte that numbers, dates, times and addresses are made of. */
const NUMERIC = Uint8Array.from({ length: 256 }, (_, byte) =>
  '0123456789-._/+,TZwW'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** True if the bytes are a number, a date, an address, a hash, a UUID or a random token. */
function isId(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let marks = 0;
  let others = 0;
  let notNumeric = 0;
  let notHex = 0;
  let changes = 0;
  let before = MARK;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    const kind = CLASS[byte];
    if (kind === DIGIT) digits++;
    else if (kind === MARK) marks++;
    else if (kind === OTHER) others++;
    if (!NUMERIC[byte]) notNumeric++;
    const letter = byte | 0x20;
    if (kind !== DIGIT && byte !== 0x2d && !(letter >= 0x61 && letter <= 0x66)) notHex++;
    // A capital letter begins a word; any other change within letters and digits does not.
    if (kind !== before && kind !== MARK && before !== MARK && !(before === UPPER && kind === LOWER)) changes++;
    before = kind;
  }
  if (others > 0) return false;
  const length = end - start;
  const first = CLASS[bytes[start]];
  if (digits > 0 && notNumeric === 0 && (first === DIGIT || (length > 1 && bytes[start] === 0x2d))) return true;
  const plain = length - marks;
  if (notHex === 0 && ((plain >= HASH && digits > 0) || (plain >= LETTER_HASH && marks === 0))) return true;
  return length >= TOKEN && digits > 0 && changes * 4 >= length;
}

/** A part of a name as text: `*` stands for what was folded, and nothing else does. */
export function segmentText({ bytes, folded }: Segment): string {
  const { text } = displayText(bytes);
  return text.replaceAll('*', '\\x2a') + (folded ? '*' : '');
}

/** The part of a name that a text of {@link segmentText} stands for. */
export function parseSegment(text: string): Segment {
  const folded = text.endsWith('*');
  return { bytes: parseDisplayText(folded ? text.slice(0, -1) : text), folded };
}

/** A step from a namespace into one that is in it. */
export interface NamespaceStep {
  /** As {@link segmentText} writes it. */
  readonly text: string;
  /** If given, only these are namespaces of their own here, and all other parts are folded into `*`. */
  readonly keep?: readonly string[];
}

/** The keys of a namespace, for a filter. */
export interface NamespaceFilter {
  readonly separator: string;
  readonly path: readonly NamespaceStep[];
  /** True for the keys that have no further parts. */
  readonly whole?: boolean;
}

/** The text of a path, as it is shown: `user:*:cart`. */
export function pathText(path: readonly NamespaceStep[], separator: string): string {
  return path.map(({ text }) => text).join(separator);
}

/** The end of the part of a name that begins at `start`: where the next separator begins, or the end. */
export function segmentEnd(bytes: Uint8Array, start: number, end: number, separator: Uint8Array): number {
  const { length } = separator;
  if (length === 0) return end;
  const first = separator[0];
  for (let at = start; at <= end - length; at++) {
    if (bytes[at] !== first) continue;
    let i = 1;
    while (i < length && bytes[at + i] === separator[i]) i++;
    if (i === length) return at;
  }
  return end;
}

/** The test whether a name is in a namespace. */
export function namespaceMatcher(filter: NamespaceFilter): (bytes: Uint8Array, start: number, end: number) => boolean {
  const separator = parseDisplayText(filter.separator);
  const steps = filter.path.slice(0, DEPTH_LIMIT).map(({ text, keep }) => ({
    wanted: parseSegment(text),
    keep: keep?.map(parseSegment),
  }));
  return (bytes, start, end) => {
    let from = start;
    for (let i = 0; i < steps.length; i++) {
      if (from > end) return false;
      const to = segmentEnd(bytes, from, end, separator);
      if (!isStep(steps[i], bytes, from, to)) return false;
      from = to === end ? end + 1 : to + separator.length;
    }
    // Behind the deepest part that is looked at, the rest of a name does not matter.
    return filter.whole !== true || from > end || steps.length === DEPTH_LIMIT;
  };
}

function isStep(
  { wanted, keep }: { readonly wanted: Segment; readonly keep: readonly Segment[] | undefined },
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const kept = foldSegment(bytes, start, end);
  if (!keep) return isSegment(wanted, bytes, start, kept);
  const named = keep.some((one) => isSegment(one, bytes, start, kept));
  if (wanted.folded && wanted.bytes.length === 0) return !named;
  return named && isSegment(wanted, bytes, start, kept);
}

function isSegment(segment: Segment, bytes: Uint8Array, start: number, kept: number): boolean {
  const length = kept < 0 ? -1 - kept : kept;
  if (segment.folded !== kept < 0 || segment.bytes.length !== length) return false;
  for (let i = 0; i < length; i++) if (segment.bytes[i] !== bytes[start + i]) return false;
  return true;
}
