/**
 * Writes keys as JSON, RESP or CSV, or finds what can be copied, straight from the bytes of a file, in WebAssembly:
 * those of the usual types that stand in the plainest way. What it writes is what the formatters write; everything else
 * is left to these.
 */
import wasm from 'wasm:dataset/export/plain';
import { latin1, parseScore } from '../../../decoder/bytes.js';
import { scoreText } from '../../key-json.js';
import { SLOT_CHECKSUMS } from '../../slots.js';
import { BASE64_ALPHABET } from '../text-forms.js';
import { ALPHABET, COPIES, HEAD, KINDS, RESULT, SLOT_TABLE, TEXT_BYTES, TEXT_COUNT, TEXTS, WINDOW } from './layout.js';
import { headText, plainForm } from './plain-forms.js';
import type { PlainChoice, PlainFacts, PlainWriter } from './plain-writer.js';

/** Bytes that can be read or written behind each part. */
const SLACK = 64;
/** Bytes of the file at hand: few enough to stay in the cache of the processor. */
const WINDOW_BYTES = 256 * 1024;
/** The most bytes that a compressed string may have. */
const SCRATCH_BYTES = 256 * 1024;
const OUT_BYTES = 1024 * 1024;
/** Room for what stands before a key. */
const HEAD_BYTES = 64;
const PAGE = 65536;

interface Exports {
  readonly memory: WebAssembly.Memory;
  setUp(what: number, counters: boolean, embedded: number, shared: boolean, scratch: number, size: number): void;
  run(start: number, end: number, out: number, outEnd: number): void;
}

/** The module, once it is compiled. */
let compiled: WebAssembly.Module | undefined;

/** Makes a writer; undefined where a policy forbids WebAssembly. */
export function openPlainKeys(): PlainWriter | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  let memory = new Uint8Array(0);
  const score = (start: number, size: number, to: number) => writeScore(memory, start, size, to);
  let exports: Exports;
  try {
    compiled ??= new WebAssembly.Module(wasm);
    exports = new WebAssembly.Instance(compiled, { host: { score } }).exports as unknown as Exports;
  } catch {
    // A content security policy without 'wasm-unsafe-eval' ends here; the formatters give the same, later.
    return undefined;
  }
  exports.memory.grow(Math.ceil((WINDOW + WINDOW_BYTES + SCRATCH_BYTES + OUT_BYTES + 3 * SLACK) / PAGE));
  memory = new Uint8Array(exports.memory.buffer);
  for (let i = 0; i < BASE64_ALPHABET.length; i++) memory[ALPHABET + i] = BASE64_ALPHABET.charCodeAt(i);
  memory.set(new Uint8Array(SLOT_CHECKSUMS.buffer), SLOT_TABLE);
  return new PlainKeys(exports, memory);
}

class PlainKeys implements PlainWriter {
  readonly window: Uint8Array;
  written: Uint8Array;
  keys = 0;
  expiring = 0;
  private copies = false;
  private readonly view: DataView;
  private readonly scratch = WINDOW + WINDOW_BYTES + SLACK;
  private readonly out = this.scratch + SCRATCH_BYTES + SLACK;

  constructor(
    private readonly exports: Exports,
    private readonly memory: Uint8Array,
  ) {
    this.view = new DataView(memory.buffer);
    this.window = memory.subarray(WINDOW, WINDOW + WINDOW_BYTES);
    this.written = memory.subarray(0, 0);
  }

  setUp(choice: PlainChoice, facts: PlainFacts): void {
    const { memory } = this;
    const { what, counters, embeddedLimit, sharesAllocation, kinds, texts } = plainForm(choice, facts);
    this.copies = what === COPIES;
    memory.set(kinds, KINDS);
    memory.fill(0, TEXTS, TEXTS + 8 * TEXT_COUNT);
    let at = TEXT_BYTES + HEAD_BYTES;
    for (const [number, text] of texts) at = this.putText(number, text, at);
    this.exports.setUp(what, counters, embeddedLimit, sharesAllocation, this.scratch, SCRATCH_BYTES);
  }

  select(choice: PlainChoice, db: number): void {
    this.putText(HEAD, headText(choice, db), TEXT_BYTES);
  }

  /** Puts a text somewhere. @returns the place behind it. */
  private putText(number: number, text: string, at: number): number {
    const { memory, view } = this;
    view.setUint32(TEXTS + 8 * number, at, true);
    view.setUint32(TEXTS + 8 * number + 4, text.length, true);
    for (let i = 0; i < text.length; i++) memory[at + i] = text.charCodeAt(i);
    return at + text.length;
  }

  run(start: number, end: number): number {
    const { exports, view, out } = this;
    exports.run(WINDOW + start, WINDOW + end, out, out + OUT_BYTES);
    const at = view.getUint32(RESULT, true) - WINDOW;
    this.written = this.copies
      ? this.window.subarray(start, at)
      : this.memory.subarray(out, view.getUint32(RESULT + 4, true));
    this.keys = view.getUint32(RESULT + 8, true);
    this.expiring = view.getUint32(RESULT + 12, true);
    return at;
  }
}

/** Writes a score that is text, or a double where it has no bytes. @returns the bytes written; −1 for what is no number. */
function writeScore(memory: Uint8Array, start: number, size: number, to: number): number {
  const score =
    size === 0
      ? new DataView(memory.buffer, start).getFloat64(0, true)
      : parseScore(latin1(memory, start, start + size));
  if (score === undefined || Number.isNaN(score)) return -1;
  const text = scoreText(score);
  for (let i = 0; i < text.length; i++) memory[to + i] = text.charCodeAt(i);
  return text.length;
}
