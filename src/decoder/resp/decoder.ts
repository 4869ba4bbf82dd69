/** Reads RESP2 and RESP3 piece by piece: bytes in, whole values out, wherever the pieces end. */
import { latin1 } from '../bytes.js';
import { byteName, DecodeError, type Phrase, phrase } from '../errors.js';
import { splitInline } from './inline.js';
import { type RespLimits, SERVER_LIMITS } from './limits.js';
import { parseBigNumber, parseCount, parseDouble, parseInteger } from './numbers.js';
import type { Attribute, Pair, Place, RespValue } from './values.js';

/**
 * What the stream is: `replies` has values of any type, `requests` what a server takes of a client (arrays of bulk
 * strings, and any other line is an inline command), `any` both: a line that begins with no type byte is a command.
 */
export type RespInput = 'replies' | 'requests' | 'any';

export interface RespOptions {
  readonly input?: RespInput;
  readonly limits?: Partial<RespLimits>;
  /** Offset of the first byte, for places and errors. */
  readonly offset?: number;
}

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

/** The types whose header says how many elements follow, by their type byte; a map and an attribute count pairs. */
const AGGREGATES: Readonly<Record<string, Aggregate['type']>> = {
  '*': 'array',
  '~': 'set',
  '>': 'push',
  '%': 'map',
  '|': 'attribute',
};
const STRINGS: Readonly<Record<string, Body['type']>> = { $: 'bulk', '!': 'bulk-error', '=': 'verbatim', ';': 'chunk' };
const TYPE_BYTES = '+-:$*_#,(!=%~>|;.';

/** An aggregate whose elements are being read. */
interface Aggregate extends Level {
  readonly type: 'array' | 'set' | 'push' | 'map' | 'attribute';
  readonly offset: number;
  /** Values that it will have; infinite for a streamed one. */
  readonly count: number;
  readonly items: RespValue[];
}

/** A string whose bytes are being read. */
interface Body {
  readonly type: 'bulk' | 'bulk-error' | 'verbatim' | 'chunk';
  readonly offset: number;
  readonly length: number;
  /** Grows with what comes: a length alone takes no memory. */
  bytes: Uint8Array;
  filled: number;
}

/** A streamed string whose chunks are being read. */
interface StreamedString {
  readonly offset: number;
  readonly chunks: Uint8Array[];
  total: number;
}

/** A place where values go: an aggregate, or the stream itself. */
interface Level {
  /** Attributes of the value that comes next. */
  attributes: Attribute<Place>[];
}

/** Reads a stream. After an error it must not be used any more. */
export class RespDecoder {
  private readonly input: RespInput;
  private readonly limits: RespLimits;
  /** Aggregates that are open, the outermost first; an explicit stack, because the stream says how deep they go. */
  private readonly open: Aggregate[] = [];
  private readonly outside: Level = { attributes: [] };
  private body: Body | undefined;
  private streamed: StreamedString | undefined;
  /** The start of a line whose end has not come. */
  private line: Uint8Array = EMPTY;
  private lineFilled = 0;
  /** Offset of the next byte that was not looked at. */
  private position: number;
  /** Offset behind the last whole value. */
  private began: number;

  /** @param emit gets each value as soon as it is whole, also those before an error. */
  constructor(
    private readonly emit: (value: RespValue) => void,
    options: RespOptions = {},
  ) {
    this.input = options.input ?? 'replies';
    this.limits = { ...SERVER_LIMITS, ...options.limits };
    this.position = options.offset ?? 0;
    this.began = this.position;
  }

  /** Offset behind the last whole value: where reading can begin again. */
  get offset(): number {
    return this.began;
  }

  /**
   * Takes the next bytes; they may be used for something else when this returns.
   *
   * @throws DecodeError `resp-…`, `quote-…` with the offset of what is wrong.
   */
  push(bytes: Uint8Array): void {
    const base = this.position;
    for (let at = 0; at < bytes.length; ) {
      at = this.body ? this.takeBody(this.body, bytes, at) : this.takeLine(bytes, at);
      this.position = base + at;
    }
  }

  /** Ends the stream. @throws DecodeError `resp-cut-off` if that is in the middle of a value. */
  finish(): void {
    if (this.position > this.began) throw new DecodeError('resp-cut-off', this.position, this.began);
  }

  /** Takes bytes up to the end of a line. @returns the index behind what was taken. */
  private takeLine(bytes: Uint8Array, at: number): number {
    const before = this.lineFilled;
    const start = this.position - before;
    const first = before > 0 ? this.line[0] : bytes[at];
    const inline = this.isInline(first);
    // One byte for the type, two for the line end.
    const most = inline ? this.limits.inlineLength + 2 : this.limits.lineLength + 3;
    const until = Math.min(bytes.length, at + most - before);
    const found = bytes.subarray(at, until).indexOf(LF);
    const next = found < 0 ? until : at + found + 1;
    const line = found >= 0 && before === 0 ? bytes.subarray(at, next) : this.addToLine(bytes, at, next);
    if (!inline) this.checkLine(line, start, before);
    if (found < 0) {
      if (line.length >= most) throw this.tooLong(inline, start);
      return next;
    }
    this.lineFilled = 0;
    this.position = start + line.length;
    const end = line.length - (line.length > 1 && line[line.length - 2] === CR ? 2 : 1);
    if (end - (inline ? 0 : 1) > most - (inline ? 2 : 3)) throw this.tooLong(inline, start);
    const place = { offset: start, size: line.length };
    const value = inline
      ? this.takeInline(line.subarray(0, end), place)
      : this.takeHeader(line.subarray(0, end), place);
    if (value) this.complete(value);
    return next;
  }

  private addToLine(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const filled = this.lineFilled + to - from;
    if (filled > this.line.length) this.line = grown(this.line, this.lineFilled, filled);
    this.line.set(bytes.subarray(from, to), this.lineFilled);
    this.lineFilled = filled;
    return this.line.subarray(0, filled);
  }

  private tooLong(inline: boolean, start: number): DecodeError {
    const { inlineLength, lineLength } = this.limits;
    return new DecodeError('resp-line-too-long', start, inline ? inlineLength : lineLength);
  }

  private isInline(first: number): boolean {
    if (this.open.length > 0 || this.outside.attributes.length > 0 || this.streamed) return false;
    if (this.input === 'requests') return first !== 0x2a;
    return this.input === 'any' && !TYPE_BYTES.includes(String.fromCharCode(first));
  }

  /**
   * Checks what there is of a line: its type byte, and that CR and LF stand at its end only.
   *
   * @param checked how many bytes of it were checked before.
   */
  private checkLine(line: Uint8Array, start: number, checked: number): void {
    const type = String.fromCharCode(line[0]);
    if (this.input === 'requests' && this.open.length > 0 && type !== '$') {
      throw new DecodeError('resp-not-bulk', start, byteName(line[0]));
    }
    if (!TYPE_BYTES.includes(type)) throw new DecodeError('resp-type', start, byteName(line[0]));
    if (this.streamed && type !== ';') throw new DecodeError('resp-place', start, byteName(line[0]));
    const from = Math.max(0, checked - 1);
    const cr = line.indexOf(CR, from);
    const lf = line.indexOf(LF, from);
    if (lf >= 0 && (cr < 0 || lf < cr)) throw new DecodeError('resp-line-end', start + lf, byteName(LF));
    if (cr >= 0 && cr + 1 < line.length && line[cr + 1] !== LF) {
      throw new DecodeError('resp-line-end', start + cr + 1, byteName(line[cr + 1]));
    }
  }

  private takeInline(line: Uint8Array, place: Place): RespValue | undefined {
    const { tokens, unbalanced } = splitInline(line);
    if (unbalanced) throw new DecodeError(unbalanced.code, place.offset + unbalanced.at);
    if (tokens.length > 0) return { type: 'inline', arguments: tokens.map(({ bytes }) => bytes), ...place };
    // A blank line keeps a connection alive.
    this.began = this.position;
    return undefined;
  }

  /** @returns the value that the line is; undefined if it only begins or ends one. */
  private takeHeader(line: Uint8Array, place: Place): RespValue | undefined {
    const type = String.fromCharCode(line[0]);
    if (type === '+' || type === '-') {
      return { type: type === '+' ? 'simple' : 'error', bytes: new Uint8Array(line.subarray(1)), ...place };
    }
    const text = latin1(line, 1);
    if (Object.hasOwn(STRINGS, type)) return this.openString(STRINGS[type], text, place);
    if (Object.hasOwn(AGGREGATES, type)) return this.openAggregate(AGGREGATES[type], text, place);
    return type === '.' ? this.endStreamed(text, place) : scalar(type, text, place);
  }

  private openString(type: Body['type'], text: string, place: Place): RespValue | undefined {
    const { offset } = place;
    if (type === 'bulk' && this.input !== 'requests') {
      if (text === '-1') return { type: 'null', form: 'bulk', ...place };
      if (text === '?') {
        this.streamed = { offset, chunks: [], total: 0 };
        return undefined;
      }
    }
    if (type === 'chunk' && !this.streamed) throw new DecodeError('resp-place', offset, phrase('a chunk of a string'));
    const length = parseCount(text);
    if (length === undefined) throw new DecodeError('resp-length', offset, shown(text));
    const total = length + (this.streamed?.total ?? 0);
    if (total > this.limits.bulkLength) {
      throw new DecodeError('resp-bulk-too-long', offset, total, this.limits.bulkLength);
    }
    if (this.streamed && length === 0) return this.endStreamedString(this.streamed);
    this.body = { type, offset, length, bytes: EMPTY, filled: 0 };
    return undefined;
  }

  /** Takes bytes of a string and the CR LF behind them. @returns the index behind what was taken. */
  private takeBody(body: Body, bytes: Uint8Array, at: number): number {
    const { length } = body;
    let index = at;
    if (body.filled < length) {
      const count = Math.min(length - body.filled, bytes.length - index);
      const filled = body.filled + count;
      if (filled > body.bytes.length) body.bytes = grown(body.bytes, body.filled, filled, length);
      body.bytes.set(bytes.subarray(index, index + count), body.filled);
      body.filled = filled;
      index += count;
    }
    // The two bytes of the line end are counted as filled, too.
    for (; index < bytes.length && body.filled < length + 2; index++, body.filled++) {
      if (bytes[index] === (body.filled === length ? CR : LF)) continue;
      throw new DecodeError('resp-bulk-end', this.position + index - at, length, byteName(bytes[index]));
    }
    if (body.filled < length + 2) return index;
    this.body = undefined;
    this.position += index - at;
    const value = this.takeString(body);
    if (value) this.complete(value);
    return index;
  }

  private takeString({ type, offset, bytes }: Body): RespValue | undefined {
    const place = { offset, size: this.position - offset };
    if (type === 'chunk') {
      this.streamed?.chunks.push(bytes);
      if (this.streamed) this.streamed.total += bytes.length;
      return undefined;
    }
    if (type !== 'verbatim') return { type, bytes, ...place };
    if (bytes[3] !== COLON) throw new DecodeError('resp-verbatim', offset);
    return { type, format: latin1(bytes, 0, 3), bytes: bytes.subarray(4), ...place };
  }

  private endStreamedString({ offset, chunks, total }: StreamedString): RespValue {
    this.streamed = undefined;
    const bytes = new Uint8Array(total);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const sizes = chunks.map(({ length }) => length);
    return { type: 'bulk', bytes, chunks: sizes, offset, size: this.position - offset };
  }

  private openAggregate(type: Aggregate['type'], text: string, place: Place): RespValue | undefined {
    const { offset } = place;
    const requests = this.input === 'requests';
    if (requests && /^(?:0|-[1-9]\d*)$/.test(text)) {
      // Servers ignore empty commands.
      this.began = this.position;
      return undefined;
    }
    if (type === 'array' && text === '-1') return { type: 'null', form: 'array', ...place };
    if (type === 'push' && this.open.length > 0) {
      throw new DecodeError('resp-place', offset, phrase('a push within another value'));
    }
    const streamed = text === '?' && !requests && type !== 'push' && type !== 'attribute';
    const count = streamed ? Number.POSITIVE_INFINITY : parseCount(text);
    if (count === undefined) throw new DecodeError('resp-length', offset, shown(text));
    if (!streamed && count > this.limits.elements) {
      throw new DecodeError('resp-elements', offset, count, this.limits.elements);
    }
    if (this.open.length >= this.limits.depth) throw new DecodeError('resp-depth', offset, this.limits.depth);
    const values = type === 'map' || type === 'attribute' ? count * 2 : count;
    this.open.push({ type, offset, count: values, items: [], attributes: [] });
    return count === 0 ? this.closeAggregate() : undefined;
  }

  /** Takes the mark that ends a streamed aggregate. */
  private endStreamed(text: string, { offset }: Place): RespValue | undefined {
    const aggregate = this.open.at(-1);
    const fits = aggregate?.count === Number.POSITIVE_INFINITY && aggregate.attributes.length === 0 && text === '';
    if (!fits) throw new DecodeError('resp-place', offset, phrase('the end of a streamed value'));
    if (aggregate.type === 'map' && aggregate.items.length % 2 === 1) throw new DecodeError('resp-odd-map', offset);
    return this.closeAggregate();
  }

  /** Puts a whole value where it belongs: out, or into the aggregate that is open and may be whole by it. */
  private complete(value: RespValue): void {
    for (let next: RespValue | undefined = value; next; ) {
      const aggregate: Aggregate | undefined = this.open.at(-1);
      const level: Level = aggregate ?? this.outside;
      const { attributes } = level;
      const whole: RespValue = attributes.length > 0 ? { ...next, attributes } : next;
      if (attributes.length > 0) level.attributes = [];
      next = undefined;
      if (!aggregate) {
        this.began = this.position;
        this.emit(whole);
        continue;
      }
      aggregate.items.push(whole);
      if (aggregate.items.length === aggregate.count) next = this.closeAggregate();
      else if (aggregate.count === Number.POSITIVE_INFINITY) this.checkStreamed(aggregate, whole.offset);
    }
  }

  private checkStreamed({ type, items }: Aggregate, offset: number): void {
    const count = type === 'map' ? Math.ceil(items.length / 2) : items.length;
    if (count > this.limits.elements) throw new DecodeError('resp-elements', offset, count, this.limits.elements);
  }

  /** Closes the innermost aggregate. @returns it; undefined if it is an attribute, which waits for its value. */
  private closeAggregate(): RespValue | undefined {
    const aggregate = this.open.pop();
    if (!aggregate) return undefined;
    const { type, offset, items, count } = aggregate;
    const place = { offset, size: this.position - offset };
    if (type === 'attribute') {
      (this.open.at(-1) ?? this.outside).attributes.push({ pairs: pairsOf(items), ...place });
      return undefined;
    }
    const streamed = count === Number.POSITIVE_INFINITY ? { streamed: true } : {};
    if (type === 'map') return { type, pairs: pairsOf(items), ...streamed, ...place };
    return { type, items, ...streamed, ...place };
  }
}

/**
 * All values of a stream that is there as a whole.
 *
 * @throws DecodeError as {@link RespDecoder} does, also if the last value is not whole.
 */
export function decodeResp(bytes: Uint8Array, options: RespOptions = {}): RespValue[] {
  const values: RespValue[] = [];
  const decoder = new RespDecoder((value) => values.push(value), options);
  decoder.push(bytes);
  decoder.finish();
  return values;
}

const EMPTY = new Uint8Array(0);

/** Makes a buffer larger, so that many small pieces cost no more than one large one. */
function grown(bytes: Uint8Array, filled: number, wanted: number, most = Number.POSITIVE_INFINITY): Uint8Array {
  const larger = new Uint8Array(Math.min(most, Math.max(wanted, bytes.length * 2, 64)));
  larger.set(bytes.subarray(0, filled));
  return larger;
}

function pairsOf(items: readonly RespValue[]): Pair<Place>[] {
  const pairs: Pair<Place>[] = [];
  for (let i = 0; i + 1 < items.length; i += 2) pairs.push([items[i], items[i + 1]]);
  return pairs;
}

/** The values that are one line, but for text: null, boolean, and numbers. */
function scalar(type: string, text: string, place: Place): RespValue {
  switch (type) {
    case '_':
      if (text !== '') throw wrong(text, place, phrase('null'));
      return { type: 'null', form: 'null', ...place };
    case '#':
      if (text !== 't' && text !== 'f') throw wrong(text, place, phrase('boolean'));
      return { type: 'boolean', value: text === 't', ...place };
    case ':': {
      const value = parseInteger(text);
      if (value === undefined) throw wrong(text, place, phrase('integer'));
      return { type: 'integer', value, ...place };
    }
    case ',': {
      const value = parseDouble(text);
      if (value === undefined) throw wrong(text, place, phrase('double'));
      return { type: 'double', value, ...place };
    }
    default: {
      const value = parseBigNumber(text);
      if (value === undefined) throw wrong(text, place, phrase('big number'));
      return { type: 'bignum', value, ...place };
    }
  }
}

function wrong(text: string, { offset }: Place, what: Phrase): DecodeError {
  return new DecodeError('resp-number', offset, shown(text), what);
}

/** Text of a line for a message: its start, with what is not printable escaped. */
function shown(text: string): string {
  const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return start.replace(/[^\x20-\x7e\u2026]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
