/**
 * Writes keys as JSON or RESP straight from the bytes of a file, in WebAssembly: those of the usual types that stand in
 * the plainest way. What they write is what the formatters write; everything else is left to these.
 */
import wasm from 'wasm:dataset/export/plain';
import { latin1, parseScore } from '../../../decoder/bytes.js';
import type { FileFacts } from '../../file-facts.js';
import { scoreText } from '../../key-json.js';
import { BASE64_ALPHABET } from '../text-forms.js';
import { ALPHABET, KINDS, RESULT, TEXT_BYTES, TEXT_COUNT, TEXTS, WINDOW } from './layout.js';
import { plainForm } from './plain-forms.js';
import type { PlainChoice, PlainWriter } from './plain-writer.js';

/** Bytes that can be read or written behind each part. */
const SLACK = 64;
/** Bytes of the file at hand: few enough to stay in the cache of the processor. */
const WINDOW_BYTES = 256 * 1024;
/** The most bytes that a compressed string may have. */
const SCRATCH_BYTES = 256 * 1024;
const OUT_BYTES = 1024 * 1024;
const PAGE = 65536;

interface Exports {
  readonly memory: WebAssembly.Memory;
  setUp(json: boolean, counters: boolean, embedded: number, shared: boolean, scratch: number, size: number): void;
  run(start: number, end: number, out: number, outEnd: number): void;
}

/** Makes a writer; undefined where a policy forbids WebAssembly. */
export function openPlainKeys(): PlainWriter | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  let memory = new Uint8Array(0);
  const score = (start: number, size: number, to: number) => writeScore(memory, start, size, to);
  let exports: Exports;
  try {
    const module = new WebAssembly.Module(wasm);
    exports = new WebAssembly.Instance(module, { host: { score } }).exports as unknown as Exports;
  } catch {
    // A content security policy without 'wasm-unsafe-eval' ends here; the formatters give the same, later.
    return undefined;
  }
  exports.memory.grow(Math.ceil((WINDOW + WINDOW_BYTES + SCRATCH_BYTES + OUT_BYTES + 3 * SLACK) / PAGE));
  memory = new Uint8Array(exports.memory.buffer);
  for (let i = 0; i < BASE64_ALPHABET.length; i++) memory[ALPHABET + i] = BASE64_ALPHABET.charCodeAt(i);
  return new PlainKeys(exports, memory);
}

class PlainKeys implements PlainWriter {
  readonly window: Uint8Array;
  written: Uint8Array;
  keys = 0;
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

  setUp(choice: PlainChoice, db: number, facts: FileFacts): void {
    const { memory, view } = this;
    const { json, counters, embeddedLimit, sharesAllocation, kinds, texts } = plainForm(choice, db, facts);
    memory.set(kinds, KINDS);
    memory.fill(0, TEXTS, TEXTS + 8 * TEXT_COUNT);
    let at = TEXT_BYTES;
    for (const [number, text] of texts) {
      view.setUint32(TEXTS + 8 * number, at, true);
      view.setUint32(TEXTS + 8 * number + 4, text.length, true);
      for (let i = 0; i < text.length; i++) memory[at++] = text.charCodeAt(i);
    }
    this.exports.setUp(json, counters, embeddedLimit, sharesAllocation, this.scratch, SCRATCH_BYTES);
  }

  run(start: number, end: number): number {
    const { exports, view, out } = this;
    exports.run(WINDOW + start, WINDOW + end, out, out + OUT_BYTES);
    this.written = this.memory.subarray(out, view.getUint32(RESULT + 4, true));
    this.keys = view.getUint32(RESULT + 8, true);
    return view.getUint32(RESULT, true) - WINDOW;
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
