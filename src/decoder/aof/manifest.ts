/** The manifest of a multi-part AOF: which files belong together, read by the rules of a server's loader, and written. */
import { fromLatin1, latin1 } from '../bytes.js';
import type { Problem, ProblemCode } from '../errors.js';
import { inlineArgument, splitInline } from '../resp/inline.js';
import { sameWord } from './words.js';

/** What a file of a manifest is: base, history (to be deleted, not replayed), or incremental. */
export type ManifestType = 'b' | 'h' | 'i';

/** A pair of a line that is neither file, seq nor type: a key and its value. */
export type ManifestPair = readonly [key: Uint8Array, value: Uint8Array];

/** What a line says of a file. */
export interface ManifestEntry {
  /** Name of the file, in the folder of the manifest. */
  readonly fileName: string;
  readonly seq: number;
  readonly type: ManifestType;
  /** Replication offsets of an incremental file at its start and its end; since Redis 8.0. */
  readonly startOffset?: bigint;
  readonly endOffset?: bigint;
  /** All other pairs, as they stand in the line. */
  readonly others?: readonly ManifestPair[];
}

/** Stretch of a manifest: offsets of its first byte and of the byte behind it. */
export type Span = readonly [from: number, to: number];

/** A line that names a file. */
export interface ManifestLine extends ManifestEntry {
  /** Offset of the line, and its bytes with the line end. */
  readonly offset: number;
  readonly size: number;
  /** Where the values stand, quotes included. */
  readonly fileSpan: Span;
  readonly seqSpan: Span;
  readonly typeSpan: Span;
}

/** A manifest as it was read. */
export interface Manifest {
  /** The lines that name files, in the order of the manifest; those with a problem only as far as they can be used. */
  readonly lines: readonly ManifestLine[];
  /** What a server refuses the manifest for: the first is what it would say. */
  readonly problems: readonly Problem[];
}

/** Bytes of a line that servers read, its line end included. */
const LINE_LIMIT = 1024;
const LF = 0x0a;
const HASH = 0x23;

/**
 * True if a file is a manifest as `redis-check-aof` tells it: its first line that is no comment begins with `file`.
 *
 * @param start the file, or as much of it as holds the first line.
 */
export function looksLikeManifest(start: Uint8Array): boolean {
  let at = 0;
  while (start[at] === HASH) {
    const end = start.indexOf(LF, at);
    if (end < 0) return false;
    at = end + 1;
  }
  return latin1(start, at, Math.min(start.length, at + 5)) === 'file ';
}

/** Reads a manifest. Nothing in it makes this throw: what a server would refuse is among the problems. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const problems: Problem[] = [];
  const lines: ManifestLine[] = [];
  const problem = (code: ProblemCode, offset: number, ...args: Problem['args']) => {
    problems.push({ code, severity: 'error', offset, args });
  };
  if (bytes.length === 0) problem('manifest-empty', 0);
  let base: ManifestLine | undefined;
  let sequence = 0;
  for (let at = 0; at < bytes.length; ) {
    // As `fgets` does: what is beyond the limit is the next line.
    const found = bytes.subarray(at, at + LINE_LIMIT).indexOf(LF);
    const next = found < 0 ? Math.min(bytes.length, at + LINE_LIMIT) : at + found + 1;
    const offset = at;
    at = next;
    if (bytes[offset] === HASH) continue;
    if (found < 0) {
      problem(next === bytes.length ? 'manifest-no-line-end' : 'manifest-long-line', offset);
      if (next < bytes.length) continue;
    }
    const line = readLine(bytes, offset, next, problem);
    if (!line) continue;
    lines.push(line);
    if (line.type === 'b') {
      if (base) problem('manifest-two-bases', offset, base.fileName);
      base ??= line;
    } else if (line.type === 'i') {
      if (line.seq <= sequence) problem('manifest-sequence', line.seqSpan[0], line.seq, sequence);
      sequence = Math.max(sequence, line.seq);
    }
  }
  return { lines, problems };
}

function readLine(
  bytes: Uint8Array,
  offset: number,
  end: number,
  problem: (code: ProblemCode, offset: number, ...args: Problem['args']) => void,
): ManifestLine | undefined {
  let to = end;
  while (to > offset && isTrimmed(bytes[to - 1])) to--;
  const { tokens, unbalanced } = splitInline(bytes, offset, to);
  if (unbalanced) problem('manifest-quotes', unbalanced.at);
  if (unbalanced) return undefined;
  if (tokens.length === 0) {
    problem('manifest-blank-line', offset);
    return undefined;
  }
  if (tokens.length < 6 || tokens.length % 2 !== 0) {
    problem('manifest-tokens', offset, tokens.length);
    return undefined;
  }
  let fileName: string | undefined;
  let seq = 0;
  let type = '';
  let startOffset: bigint | undefined;
  let endOffset: bigint | undefined;
  const others: ManifestPair[] = [];
  const spans: Record<'file' | 'seq' | 'type', Span> = {
    file: [offset, to],
    seq: [offset, to],
    type: [offset, to],
  };
  for (let i = 0; i < tokens.length; i += 2) {
    const key = tokens[i].bytes;
    const value = tokens[i + 1].bytes;
    const span: Span = [tokens[i + 1].start, tokens[i + 1].end];
    if (sameWord(key, 'FILE')) {
      fileName = textOf(value);
      spans.file = span;
    } else if (sameWord(key, 'SEQ')) {
      seq = leadingNumber(value);
      spans.seq = span;
    } else if (sameWord(key, 'TYPE')) {
      type = latin1(value, 0, Math.min(1, value.length));
      spans.type = span;
    } else if (sameWord(key, 'STARTOFFSET')) startOffset = leadingInteger(value);
    else if (sameWord(key, 'ENDOFFSET')) endOffset = leadingInteger(value);
    else others.push([key, value]);
  }
  if (fileName === undefined || seq === 0 || type === '') {
    problem('manifest-incomplete', offset);
    return undefined;
  }
  if (/[/\\]/.test(fileName)) {
    problem('manifest-path', spans.file[0], fileName);
    return undefined;
  }
  if (type !== 'b' && type !== 'h' && type !== 'i') {
    problem('manifest-type', spans.type[0], type);
    return undefined;
  }
  return {
    offset,
    size: end - offset,
    fileName,
    seq,
    type,
    ...(startOffset === undefined ? {} : { startOffset }),
    ...(endOffset === undefined ? {} : { endOffset }),
    ...(others.length === 0 ? {} : { others }),
    fileSpan: spans.file,
    seqSpan: spans.seq,
    typeSpan: spans.type,
  };
}

/** Blanks that a server trims off a line. */
function isTrimmed(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LF;
}

/** The integer at the start of a value, as `atoll` reads it; 0 if there is none. */
function leadingInteger(value: Uint8Array): bigint {
  const digits = /^[\t-\r ]*([+-]?\d{1,19})/.exec(latin1(value));
  return BigInt.asIntN(64, BigInt(digits?.[1].replace('+', '') ?? 0));
}

/** The same as a number; sequences are far from where it is not exact. */
function leadingNumber(value: Uint8Array): number {
  return Number(leadingInteger(value));
}

/** A file name as text: UTF-8, or one character a byte if it is not. */
function textOf(value: Uint8Array): string {
  const bytes = latin1(value);
  try {
    return decodeURIComponent(
      bytes.replace(/[^\w.-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch {
    return bytes;
  }
}

/** The bytes of a file name: the inverse of {@link textOf}. */
function nameBytes(name: string): Uint8Array {
  const escaped = encodeURIComponent(
    name.replace(/[\ud800-\udfff]/g, (unit, at: number) => (isPaired(name, at) ? unit : '\ufffd')),
  );
  return fromLatin1(
    escaped.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

function isPaired(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff || (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

/** The bytes of a manifest, as servers write it: base, history, incremental files. */
export function writeManifest(entries: readonly ManifestEntry[]): Uint8Array {
  const order = (['b', 'h', 'i'] as const).flatMap((type) => entries.filter((entry) => entry.type === type));
  return fromLatin1(order.map((entry) => `${lineText(entry)}\n`).join(''));
}

function lineText(entry: ManifestEntry): string {
  const pairs: [string, string][] = [
    ['file', inlineArgument(nameBytes(entry.fileName))],
    ['seq', String(entry.seq)],
    ['type', entry.type],
  ];
  if (entry.startOffset !== undefined) pairs.push(['startoffset', String(entry.startOffset)]);
  if (entry.endOffset !== undefined) pairs.push(['endoffset', String(entry.endOffset)]);
  for (const [key, value] of entry.others ?? []) pairs.push([inlineArgument(key), inlineArgument(value)]);
  return pairs.map(([key, value]) => `${key} ${value}`).join(' ');
}

/**
 * The files in the order of what happened: history as it was (by sequence, the base of one before its incremental
 * file), then what a server replays: the base, and the incremental files by sequence.
 */
export function replayOrder<Entry extends ManifestEntry>(entries: readonly Entry[]): Entry[] {
  const ranks: Readonly<Record<ManifestType, number>> = { h: 0, b: 1, i: 2 };
  const place = (entry: Entry) => [
    ranks[entry.type],
    entry.type === 'h' ? entry.seq : 0,
    isBaseName(entry.fileName) ? 0 : 1,
  ];
  return entries
    .map((entry, index) => ({ entry, key: [...place(entry), entry.seq, index] }))
    .sort((a, b) => {
      const at = a.key.findIndex((part, i) => part !== b.key[i]);
      return at < 0 ? 0 : a.key[at] - b.key[at];
    })
    .map(({ entry }) => entry);
}

/** True for the names of base files, which history keeps; an upgraded one has the name it had before. */
export function isBaseName(fileName: string): boolean {
  return !/\.incr\.aof$/i.test(fileName);
}
