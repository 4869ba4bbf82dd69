/**
 * Writes the lines that tell what keys cost in memory straight from the bytes of a file, in WebAssembly: of those of
 * the usual types that stand in the plainest way, and whose cost follows from their lengths. What it writes is what is
 * measured and printed one by one; everything else is left to that.
 */
import wasm from 'wasm:dataset/memory/plain';
import type { Header } from '../../../decoder/rdb/header.js';
import { valueTypes } from '../../../decoder/rdb/value-types.js';
import { BASE64_ALPHABET } from '../../export/text-forms.js';
import type { MemoryTarget } from '../target.js';
import {
  BASE64,
  BYTES,
  EMBSTR,
  HEAD,
  HEAD_BYTES,
  INT,
  KINDS,
  MEMORY,
  MOST,
  ONE_LISTPACK,
  QUIET,
  RAW,
  RESULT,
  TAIL,
  TEXT_BYTES,
  TEXTS,
  TYPE_COUNT,
  WINDOW,
} from './layout.js';
import { PlainCosts } from './plain-costs.js';

/** Bytes that can be read or written behind each part. */
const SLACK = 64;
/** Bytes of the file at hand: few enough to stay in the cache of the processor. */
const WINDOW_BYTES = 256 * 1024;
/** The most bytes that a compressed name or structure may have. */
const SCRATCH_BYTES = 256 * 1024;
const OUT_BYTES = 1024 * 1024;
const PAGE = 65536;
/** "No limit" in 32 bits. */
const NO_LIMIT = 0x7fffffff;

interface Exports {
  readonly memory: WebAssembly.Memory;
  setUp(matching: boolean, oneBytes: number, streamRoom: number, scratch: number, scratchBytes: number): void;
  run(start: number, end: number, out: number, outEnd: number): void;
}

/** The keys of a file that are printed. */
export interface PlainFile {
  readonly header: Pick<Header, 'family' | 'version'>;
  readonly target: MemoryTarget;
  /** The only type that is printed. */
  readonly type: string | undefined;
  /** Tells of a name whether its key is printed; undefined if all are. */
  readonly matches: ((bytes: Uint8Array, start: number, end: number) => boolean) | undefined;
}

/** Writes lines of one file. */
export class PlainLines {
  /** Where the bytes of the file are put. */
  readonly window: Uint8Array;
  /** What the last run has written; valid until the next one. */
  written: Uint8Array;
  /** True if the last run has ended because there was no room for more. */
  full = false;
  private readonly exports: Exports;
  private readonly memory: Uint8Array;
  private readonly view: DataView;
  private readonly out: number;
  private readonly kinds = new Uint8Array(256);
  private costs: PlainCosts | undefined;
  private matches: PlainFile['matches'];

  constructor() {
    const host = {
      cost: (what: number, of: number, and: number) => this.costs?.cost(what, of, and) ?? 0,
      tree: (id: number) => this.costs?.streams.addToTree(this.memory, id) ?? 0,
      matches: (start: number, size: number) => this.matches?.(this.memory, start, start + size) ?? true,
    };
    this.exports = new WebAssembly.Instance(new WebAssembly.Module(wasm), { host }).exports as unknown as Exports;
    const scratch = WINDOW + WINDOW_BYTES + SLACK;
    this.out = scratch + SCRATCH_BYTES + SLACK;
    this.exports.memory.grow(Math.ceil((this.out + OUT_BYTES + SLACK) / PAGE));
    this.memory = new Uint8Array(this.exports.memory.buffer);
    this.view = new DataView(this.memory.buffer);
    this.window = this.memory.subarray(WINDOW, WINDOW + WINDOW_BYTES);
    this.written = this.memory.subarray(0, 0);
  }

  /** Says of which file the keys are, once. */
  setUp({ header, target, type: only, matches }: PlainFile): void {
    const { memory, view, kinds } = this;
    const types = valueTypes(header.family, header.version);
    const costs = new PlainCosts(target, types);
    this.costs = costs;
    this.matches = matches;
    for (let i = 0; i < 4096; i++) {
      memory[BASE64 + 2 * i] = BASE64_ALPHABET.charCodeAt(i >> 6);
      memory[BASE64 + 2 * i + 1] = BASE64_ALPHABET.charCodeAt(i & 63);
    }
    const texts = new Map<number, string>();
    for (const type of types) {
      if (!type || type.code >= TYPE_COUNT || type.since > header.version) continue;
      const { code } = type;
      const kind = costs.kindOf(type);
      if (!kind) continue;
      kinds[code] = only === undefined || type.type === only ? kind.form : kind.form | QUIET;
      view.setInt32(MOST + 4 * code, Math.min(kind.most, NO_LIMIT), true);
      texts.set(code, middleOf(type.type, type.encoding));
    }
    texts.set(INT, middleOf('string', 'int'));
    texts.set(EMBSTR, middleOf('string', 'embstr'));
    texts.set(RAW, middleOf('string', 'raw'));
    texts.set(ONE_LISTPACK, middleOf('list', 'listpack'));
    texts.set(BYTES, ',"bytes":').set(MEMORY, ',"memory":').set(TAIL, '}\n');
    let at = TEXT_BYTES;
    for (const [number, text] of texts) at = this.put(number, text, at);
    const room = costs.streams.room;
    const { out } = this;
    const scratch = WINDOW + WINDOW_BYTES + SLACK;
    this.exports.setUp(matches !== undefined, Math.min(costs.oneListpack, NO_LIMIT), room, scratch, SCRATCH_BYTES);
    this.written = memory.subarray(out, out);
  }

  /** Says of which database the keys are that follow. @param printed false if they are only passed over. */
  database(db: number, printed: boolean): void {
    const { memory, kinds } = this;
    for (let i = 0; i < kinds.length; i++) memory[KINDS + i] = kinds[i] === 0 || printed ? kinds[i] : kinds[i] | QUIET;
    this.put(HEAD, `{"db":${db},"key":"`, HEAD_BYTES);
  }

  private put(number: number, text: string, at: number): number {
    const { memory, view } = this;
    view.setUint32(TEXTS + 8 * number, at, true);
    view.setUint32(TEXTS + 8 * number + 4, text.length, true);
    for (let i = 0; i < text.length; i++) memory[at + i] = text.charCodeAt(i);
    return at + text.length;
  }

  /**
   * Writes the lines of keys, as far as they are plain.
   *
   * @param start index in the window of the first byte of a key, its expiry if there is one.
   * @param end index of the byte behind those that are there.
   * @returns the index of the first byte that was not taken.
   */
  run(start: number, end: number): number {
    const { exports, view, out } = this;
    exports.run(WINDOW + start, WINDOW + end, out, out + OUT_BYTES);
    this.written = this.memory.subarray(out, view.getUint32(RESULT + 4, true));
    this.full = view.getUint32(RESULT + 8, true) !== 0;
    return view.getUint32(RESULT, true) - WINDOW;
  }
}

/** What stands in a line between the name and the number of elements. */
export function middleOf(type: string, encoding: string | null): string {
  return `","type":${JSON.stringify(type)},"encoding":${JSON.stringify(encoding)},"elements":`;
}
