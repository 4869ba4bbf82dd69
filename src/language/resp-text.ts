/** Reads wire text (RESP, AOF) that may be damaged: what it holds, and what is wrong, going on behind each damage. */
import { latin1 } from '../decoder/bytes.js';
import { parseBigNumber, parseDouble, parseInteger } from '../decoder/resp/numbers.js';
import type { Lines } from './lines.js';

/** A value, a comment, or bytes that are neither. */
export interface RespNode {
  readonly kind: 'aggregate' | 'string' | 'line' | 'inline' | 'comment' | 'preamble' | 'garbage';
  /** The type byte; '' where there is none. */
  readonly type: string;
  /** Offset of the type byte, and of the end of the line with it. */
  readonly start: number;
  readonly headerEnd: number;
  /** What the header says: bytes of a string, elements of an aggregate; null if it says no number. */
  readonly declared: number | null;
  /** Where the bytes of a string stand; of others the same as the header. */
  dataStart: number;
  dataEnd: number;
  /** Offset behind the last byte, without the last line end. */
  end: number;
  readonly children: RespNode[];
}

/** What is wrong at a node. */
export type RespProblem =
  /** The bytes of the string, as the document shows them, are not as many as the header says. */
  | { readonly code: 'length'; readonly node: RespNode; readonly found: number }
  /** The header says no length or count; `found` is what it should be. */
  | { readonly code: 'bad-length'; readonly node: RespNode; readonly found: number | null }
  | { readonly code: 'count'; readonly node: RespNode; readonly found: number }
  /** The document ends inside the node. */
  | { readonly code: 'cut-off'; readonly node: RespNode }
  | { readonly code: 'garbage'; readonly node: RespNode }
  /** The string is whole, but only if it has line ends other than those that the document shows. */
  | { readonly code: 'other-line-ends'; readonly node: RespNode }
  | { readonly code: 'number'; readonly node: RespNode }
  | { readonly code: 'mark'; readonly node: RespNode };

export interface RespText {
  readonly lines: Lines;
  /** In the order of the text. */
  readonly nodes: readonly RespNode[];
  readonly problems: readonly RespProblem[];
}

/** Tells whether the name of a command is a known one. */
export type IsCommandName = (bytes: Uint8Array, from: number, length: number) => boolean;

const HEADERS = '+-:$*_#,(!=%~>|;.';
const AGGREGATES = '*%~>|';
const STRINGS = '$!=;';
/** An array header and the header of its first bulk string, maybe behind an annotation: where a command begins. */
const COMMAND_START = /(?:#TS:\d{1,12}\r?\n)?\*\d{1,9}\r?\n\$\d{1,9}\r?\n/g;
const FIRST_SELECT = /^(?:#TS:\d+\r?\n)?\*2\r?\n\$6\r?\nSELECT\r?\n/i;
/** What ends an RDB: opcode 255 and a checksum of eight bytes. The opcode is never UTF-8, so text shows it as U+FFFD. */
const RDB_END = /\xff[\s\S]{8}$/;
const RDB_END_AS_TEXT = /\xef\xbf\xbd(?:[\0-\x7f]|[\xc0-\xff][\x80-\xbf]+){2,8}$/;
/** Interpretations of line ends that are tried for a string that no longer has its own. */
const MOST_CANDIDATES = 64;

/**
 * Reads a document.
 *
 * @param aof true if only commands and annotations can stand in it.
 */
export function parseRespText(lines: Lines, aof: boolean, isCommandName: IsCommandName): RespText {
  return new RespTextParser(lines, aof, isCommandName).parse();
}

/** An aggregate whose elements are being read, and how many there are; attributes are none. */
interface OpenNode {
  readonly node: RespNode;
  readonly wanted: number;
  elements: number;
  /** True while all elements are strings: those of a command. */
  strings: boolean;
}

/** Goes through the lines; each step takes at least one. */
class RespTextParser {
  private readonly nodes: RespNode[] = [];
  private readonly problems: RespProblem[] = [];
  /** Aggregates whose elements are being read, the outermost first. */
  private readonly open: OpenNode[] = [];
  private line = 0;
  /** Offset where the first line after a preamble begins: in the middle of one. */
  private firstLine = -1;
  private firstStart = 0;

  constructor(
    private readonly lines: Lines,
    private readonly aof: boolean,
    private readonly isCommandName: IsCommandName,
  ) {}

  parse(): RespText {
    const { lines, nodes, problems } = this;
    this.takePreamble();
    while (this.line < lines.count) {
      if (this.open.length === 0) this.takeTop();
      else this.takeElement();
    }
    this.closeAll();
    return { lines, nodes, problems };
  }

  private startOf(line: number): number {
    return line === this.firstLine ? this.firstStart : this.lines.start[line];
  }

  private typeAt(line: number): string {
    const start = this.startOf(line);
    return start < this.lines.end[line] ? String.fromCharCode(this.lines.bytes[start]) : '';
  }

  private bodyAt(line: number): string {
    const start = this.startOf(line) + 1;
    return start > this.lines.end[line]
      ? ''
      : latin1(this.lines.bytes, start, Math.min(this.lines.end[line], start + 64));
  }

  /** The number in a header, without sign or leading zeros; read for each line, so without making a text. */
  private countAt(line: number): number | undefined {
    const { bytes, end } = this.lines;
    const first = this.startOf(line) + 1;
    const last = end[line];
    if (last <= first || last - first > 15 || (bytes[first] === 0x30 && last - first > 1)) return undefined;
    let value = 0;
    for (let at = first; at < last; at++) {
      const digit = bytes[at] - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return value;
  }

  private isLast(line: number): boolean {
    return line === this.lines.count - 1;
  }

  /** True for an empty last line: the document ends with a line end. */
  private isEnd(line: number): boolean {
    return line >= this.lines.count || (this.isLast(line) && this.startOf(line) === this.lines.end[line]);
  }

  private node(kind: RespNode['kind'], line: number, declared: number | null = null): RespNode {
    const start = this.startOf(line);
    const headerEnd = this.lines.end[line];
    const type = kind === 'garbage' || kind === 'inline' || kind === 'comment' ? '' : this.typeAt(line);
    const children = kind === 'aggregate' ? [] : NONE;
    return { kind, type, start, headerEnd, declared, dataStart: start, dataEnd: headerEnd, end: headerEnd, children };
  }

  /** Takes an RDB file at the start: all up to the first command. */
  private takePreamble(): void {
    const { bytes } = this.lines;
    if (!/^(?:REDIS0|VALKEY)/.test(latin1(bytes, 0, Math.min(6, bytes.length)))) return;
    const at = this.endOfRdb();
    const end = at;
    const node = {
      kind: 'preamble',
      type: '',
      start: 0,
      headerEnd: end,
      declared: null,
      dataStart: 0,
      dataEnd: end,
    } as const;
    this.nodes.push({ ...node, end, children: [] });
    while (this.line < this.lines.count && this.lines.end[this.line] <= at) {
      if (this.lines.end[this.line] === at && at === bytes.length) break;
      this.line++;
    }
    if (at === bytes.length) this.line = this.lines.count;
    this.firstLine = this.line;
    this.firstStart = at;
  }

  /**
   * Where the RDB at the start ends. Keys in it may hold wire text, so its end mark decides; in a text, where many
   * bytes look like that, the SELECT with which servers begin.
   */
  private endOfRdb(): number {
    const { bytes, exact } = this.lines;
    const text = latin1(bytes);
    let found: number | undefined;
    for (const { index } of text.matchAll(COMMAND_START)) {
      const marked = (exact ? RDB_END : RDB_END_AS_TEXT).test(text.slice(Math.max(0, index - 27), index));
      if (marked && (exact || FIRST_SELECT.test(text.slice(index, index + 60)))) return index;
      if (marked) found ??= index;
    }
    return found ?? bytes.length;
  }

  private takeTop(): void {
    const { line } = this;
    const type = this.typeAt(line);
    if (type === '') {
      this.line++;
      return;
    }
    if (type === '#' && !/^[tf]$/.test(this.bodyAt(line))) {
      this.nodes.push(this.node('comment', line));
      this.line++;
      return;
    }
    const before = this.nodes.at(-1);
    if (type === '$' && before && this.isCommand(before) && before.children.length === before.declared) {
      // One argument more than the count says; the count is compared once more when all have been taken.
      this.takeExtra(before);
      return;
    }
    if (!HEADERS.includes(type) || (this.aof && type !== '*')) this.takeGarbage();
    else this.takeValue(type);
  }

  /** Takes bulk strings behind a command that is already complete. */
  private takeExtra(command: RespNode): void {
    while (this.line < this.lines.count && this.typeAt(this.line) === '$') {
      const node = this.takeString();
      command.children.push(node);
      command.end = node.end;
    }
    this.problems.push({ code: 'count', node: command, found: command.children.length });
  }

  private takeElement(): void {
    const top = this.open[this.open.length - 1];
    const type = this.typeAt(this.line);
    if (this.isEnd(this.line)) {
      this.closeAll();
      this.line++;
      return;
    }
    const newCommand =
      this.open.length === 1 && top.strings && this.beginsCommand(this.line) && this.isCommand(top.node);
    if (newCommand || (type === '#' && /^TS:/.test(this.bodyAt(this.line)))) {
      this.closeEarly();
      return;
    }
    if (type === '' || !HEADERS.includes(type)) {
      this.closeEarly();
      this.takeGarbage();
      return;
    }
    this.takeValue(type);
  }

  /** Ends aggregates that have fewer elements than they say. */
  private closeEarly(): void {
    const { node } = this.open[this.open.length - 1];
    this.endAll();
    this.problems.push({ code: 'count', node, found: countOf(node) });
  }

  /** Ends aggregates where the document ends. */
  private closeAll(): void {
    const inner = this.open.at(-1);
    if (!inner) return;
    const [{ node: outermost }] = this.open;
    this.endAll();
    if (!this.problems.some(({ code, node }) => code === 'cut-off' && node.start >= outermost.start)) {
      this.problems.push({ code: 'cut-off', node: inner.node });
    }
  }

  private endAll(): void {
    for (const { node } of this.open.reverse()) node.end = Math.max(node.end, lastEnd(node));
    this.open.length = 0;
  }

  private takeValue(type: string): void {
    const second = this.lines.bytes[this.startOf(this.line) + 1];
    if (STRINGS.includes(type) && !(type === '$' && second === 0x3f && this.bodyAt(this.line) === '?')) {
      const isNull = type === '$' && second === 0x2d && this.bodyAt(this.line) === '-1' && !this.aof;
      if (isNull) this.put(this.takeLine());
      else {
        const node = this.takeString();
        const streamed = this.open.at(-1)?.node;
        this.put(node);
        if (type === ';' && node.declared === 0 && streamed?.type === '$') this.close();
      }
    } else if (AGGREGATES.includes(type) || type === '$') {
      this.takeAggregate(type);
    } else if (type === '.') {
      const streamed = this.open.at(-1)?.node;
      const node = this.takeLine();
      if (streamed && this.isStreamed(streamed)) {
        streamed.end = node.end;
        this.close();
      } else {
        this.problems.push({ code: 'mark', node });
        this.put(node);
      }
    } else {
      this.put(this.takeLine());
    }
  }

  private isStreamed(node: RespNode): boolean {
    return this.lines.bytes[node.start + 1] === 0x3f;
  }

  private takeLine(): RespNode {
    const { line } = this;
    const node = this.node('line', line);
    const body = this.bodyAt(line);
    this.line++;
    if (this.isLast(line)) this.problems.push({ code: 'cut-off', node });
    else if (node.headerEnd - node.start < 60 && !isLineOf(node.type, body))
      this.problems.push({ code: 'number', node });
    return node;
  }

  private takeAggregate(type: string): void {
    const { line } = this;
    const body = this.bodyAt(line);
    if (body === '-1' && type === '*' && !this.aof) {
      this.put(this.takeLine());
      return;
    }
    const count = this.countAt(line) ?? null;
    const node = { ...this.node('aggregate', line, count) };
    this.line++;
    if (this.isLast(line)) {
      this.problems.push({ code: 'cut-off', node });
      this.nodes.push(node);
      return;
    }
    if (count === null && body !== '?') this.problems.push({ code: 'bad-length', node, found: this.countAhead() });
    if (count === 0) {
      this.put(node);
      return;
    }
    const top = this.open.at(-1);
    if (top) top.node.children.push(node);
    else this.nodes.push(node);
    const wanted = count === null ? Number.POSITIVE_INFINITY : count * (type === '%' || type === '|' ? 2 : 1);
    this.open.push({ node, wanted, elements: 0, strings: true });
  }

  /** Bulk strings up to the next array, without looking at what is in them: what a count that cannot be read should be. */
  private countAhead(): number | null {
    let count = 0;
    for (let line = this.line; line < this.lines.count && this.typeAt(line) !== '*'; line++) {
      if (line - this.line > 10_000) return null;
      if (this.typeAt(line) === '$' && this.countAt(line) !== undefined) count++;
    }
    return count === 0 ? null : count;
  }

  /** Puts a whole value into the aggregate that is open, or into the document. */
  private put(node: RespNode): void {
    const top = this.open.at(-1);
    if (!top) {
      this.nodes.push(node);
      return;
    }
    top.node.children.push(node);
    this.count(top, node);
  }

  /** Counts an element that is whole; the aggregate may be whole by it, and the one around that. */
  private count(around: OpenNode, element: RespNode): void {
    around.node.end = element.end;
    if (element.kind !== 'string') around.strings = false;
    if (element.type !== '|') around.elements++;
    if (around.elements >= around.wanted) this.close();
  }

  /** Closes the innermost aggregate, and those that are whole by it. */
  private close(): void {
    for (let closed = this.open.pop(); closed; ) {
      const top = this.open.at(-1);
      if (!top) return;
      top.node.end = closed.node.end;
      top.strings = false;
      if (closed.node.type !== '|') top.elements++;
      closed = top.elements >= top.wanted ? this.open.pop() : undefined;
    }
  }

  private takeString(): RespNode {
    const { line, lines } = this;
    const declared = this.countAt(line) ?? null;
    const node = this.node('string', line, declared);
    if (node.type === ';' && declared === 0) {
      this.line++;
      return node;
    }
    const first = line + 1;
    if (first >= lines.count) {
      this.line++;
      this.problems.push({ code: 'cut-off', node });
      return node;
    }
    const located = declared === null ? null : this.locate(first, declared);
    const last = located ?? Math.max(first, this.nextHeader(first) - 1);
    node.dataStart = lines.start[first];
    node.dataEnd = lines.end[Math.min(last, lines.count - 1)];
    node.end = node.dataEnd;
    this.line = Math.min(last, lines.count - 1) + 1;
    // Also where the string is whole but for its line end.
    if (last >= lines.count - 1) this.problems.push({ code: 'cut-off', node });
    else if (declared === null) this.problems.push({ code: 'bad-length', node, found: this.shownSize(first, last) });
    else if (!this.isDoubtful(first, last)) {
      const found = this.shownSize(first, last);
      if (located === null) this.problems.push({ code: 'length', node, found });
      else if (found !== declared) this.problems.push({ code: 'other-line-ends', node });
    }
    return node;
  }

  /** True if bytes between two lines did not survive, so that they cannot be counted. */
  private isDoubtful(first: number, last: number): boolean {
    return this.lines.replaced[last + 1] > this.lines.replaced[first];
  }

  /** Bytes from the start of a line to the end of another, as the document shows them; line ends are CR LF. */
  private shownSize(first: number, last: number): number {
    const { lines } = this;
    if (lines.exact) return lines.end[last] - lines.start[first];
    return lines.content[last + 1] - lines.content[first] + 2 * (last - first);
  }

  /** The fewest bytes that these lines may have had in the file. */
  private leastSize(first: number, last: number): number {
    const { lines } = this;
    if (lines.exact) return this.shownSize(first, last);
    const replaced = lines.replaced[last + 1] - lines.replaced[first];
    return lines.content[last + 1] - lines.content[first] + (last - first) - 2 * replaced;
  }

  /**
   * Finds the line with which a string ends.
   *
   * @returns null if it ends with none: the length is wrong, or the document ends before.
   */
  private locate(first: number, declared: number): number | null {
    const { lines } = this;
    if (this.shownSize(first, first) === declared) return first;
    if (this.shownSize(first, lines.count - 1) < declared) return null;
    // Most strings are short, so the steps begin small.
    let low = first;
    let step = 1;
    while (low + step < lines.count - 1 && this.shownSize(first, low + step) < declared) {
      low += step;
      step *= 2;
    }
    let high = Math.min(lines.count - 1, low + step);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shownSize(first, middle) >= declared) high = middle;
      else low = middle + 1;
    }
    if (this.shownSize(first, low) === declared) return low;
    // The document may show line ends and bytes that are no UTF-8 with more bytes than the file had.
    const most = Math.min(lines.count - 1, low + MOST_CANDIDATES);
    for (let last = low; last <= most && this.leastSize(first, last) <= declared; last++) {
      if (!this.isDoubtful(first, last) && last === first) continue;
      if (this.isEnd(last + 1) || this.looksLikeHeader(last + 1)) {
        return this.nextHeader(first, last) > last ? last : null;
      }
    }
    return null;
  }

  /** The next line, after the first line of a string, that begins something else. */
  private nextHeader(first: number, most = this.lines.count - 1): number {
    for (let line = first + 1; line <= most; line++) if (this.looksLikeHeader(line)) return line;
    return this.isEnd(most) ? most : most + 1;
  }

  private looksLikeHeader(line: number): boolean {
    const type = this.typeAt(line);
    if (type === '$' || type === '*') return this.countAt(line) !== undefined;
    if (type === '#') return /^TS:\d+$/.test(this.bodyAt(line));
    return type === ':' && !this.aof && parseInteger(this.bodyAt(line)) !== undefined;
  }

  private beginsCommand(line: number): boolean {
    if (this.typeAt(line) !== '*' || this.countAt(line) === undefined) return false;
    const next = line + 1;
    return next < this.lines.count && this.typeAt(next) === '$' && this.countAt(next) !== undefined;
  }

  /** True for an array of strings that is a command: any in an AOF, else one with a known name. */
  private isCommand(node: RespNode): boolean {
    if (node.type !== '*' || node.kind !== 'aggregate' || node.children.length === 0) return false;
    if (node.children.some(({ kind }) => kind !== 'string')) return false;
    const [name] = node.children;
    return this.aof || this.isCommandName(this.lines.bytes, name.dataStart, name.dataEnd - name.dataStart);
  }

  /** Takes lines that are no values: an inline command where one can be, else all up to the next command. */
  private takeGarbage(): void {
    const first = this.line;
    if (!this.aof && this.typeAt(first) !== '' && /[a-z"']/i.test(this.typeAt(first))) {
      this.nodes.push(this.node('inline', first));
      this.line++;
      return;
    }
    do this.line++;
    while (this.line < this.lines.count && !this.isEnd(this.line) && !this.resumes(this.line));
    const node = this.node('garbage', first);
    node.end = this.lines.end[this.line - 1];
    this.nodes.push(node);
    this.problems.push({ code: 'garbage', node });
  }

  private resumes(line: number): boolean {
    return (
      this.beginsCommand(line) ||
      this.typeAt(line) === '#' ||
      (!this.aof && HEADERS.includes(this.typeAt(line)) && this.typeAt(line) !== '')
    );
  }
}

/** The children of everything but aggregates: there are many of those. */
const NONE: RespNode[] = [];

function lastEnd(node: RespNode): number {
  return node.children.at(-1)?.end ?? node.headerEnd;
}

/** Elements of an aggregate, or its pairs. */
function countOf({ type, children }: RespNode): number {
  const elements = children.filter((child) => child.type !== '|').length;
  return type === '%' || type === '|' ? Math.ceil(elements / 2) : elements;
}

/** True if a line can be a value of its type. */
function isLineOf(type: string, body: string): boolean {
  if (type === ':') return parseInteger(body) !== undefined;
  if (type === ',') return parseDouble(body) !== undefined;
  if (type === '(') return parseBigNumber(body) !== undefined;
  if (type === '_' || type === '.') return body === '';
  return type !== '#' || body === 't' || body === 'f';
}
