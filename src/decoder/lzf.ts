/** LZF, the compression of strings inside RDB files: decompression whole, of a first part, and page by page. */
import { DecodeError, type Phrase, phrase } from './errors.js';
import { type ByteSource, readFully } from './source.js';

/** The farthest a back reference of LZF reaches, in bytes. */
const HISTORY = 8192;
/** The most output that one byte of compressed input can stand for: 264 bytes from a reference of 3 bytes. */
const MAX_EXPANSION = 88;

/** True if `stored` bytes of LZF can decompress to `length` bytes at all; checked before anything is allocated. */
export function lzfCanHold(stored: number, length: number): boolean {
  return length <= stored * MAX_EXPANSION;
}

/**
 * Decompresses LZF data.
 *
 * @param input holds the compressed bytes from `start` to `end`.
 * @param length the decompressed size in bytes, as the file declares it; check it with {@link lzfCanHold} first.
 * @param fileOffset where the compressed bytes are in the file, for errors.
 * @throws DecodeError `bad-lzf` if the data are damaged or give another size.
 */
export function lzfDecompress(
  input: Uint8Array,
  start: number,
  end: number,
  length: number,
  fileOffset: number,
): Uint8Array {
  const output = new Uint8Array(length);
  const written = lzfInto(input, start, end, output, length, fileOffset);
  if (written !== length) throw damaged(fileOffset, phrase('it gives {0} bytes instead of {1}', written, length));
  return output;
}

/** The error for damaged LZF data; `reason` finishes the sentence "The compressed string is damaged: …". */
function damaged(fileOffset: number, reason: Phrase): DecodeError {
  return new DecodeError('bad-lzf', fileOffset, reason);
}

/**
 * Decompresses only the first bytes: as many as fit in `output`.
 *
 * @returns the number of bytes written; fewer than `output.length` where input ends or is damaged before.
 */
export function lzfPrefix(input: Uint8Array, start: number, end: number, output: Uint8Array): number {
  let at = start;
  let out = 0;
  const limit = output.length;
  while (at < end && out < limit) {
    const control = input[at++];
    if (control < 0x20) {
      const count = Math.min(control + 1, end - at, limit - out);
      for (let i = 0; i < count; i++) output[out + i] = input[at + i];
      out += count;
      at += control + 1;
    } else {
      let length = control >> 5;
      if (length === 7) length += at < end ? input[at++] : 0;
      if (at >= end) break;
      let from = out - ((control & 0x1f) << 8) - input[at++] - 1;
      if (from < 0) break;
      const stop = Math.min(out + length + 2, limit);
      while (out < stop) output[out++] = output[from++];
    }
  }
  return out;
}

/**
 * Decompresses into memory that is there.
 *
 * @param limit the most bytes to give, at most `output.length`.
 * @returns the number of bytes written.
 * @throws DecodeError `bad-lzf` if the data are damaged or give more than `limit` bytes.
 */
export function lzfInto(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  limit: number,
  fileOffset: number,
): number {
  let at = start;
  let out = 0;
  while (at < end) {
    const control = input[at++];
    if (control < 0x20) {
      const count = control + 1;
      if (at + count > end) throw damaged(fileOffset, phrase('a literal run goes past the compressed bytes'));
      if (out + count > limit) throw damaged(fileOffset, phrase('it gives more than {0} bytes', limit));
      if (count > 8) {
        output.set(input.subarray(at, at + count), out);
      } else {
        for (let i = 0; i < count; i++) output[out + i] = input[at + i];
      }
      at += count;
      out += count;
    } else {
      let length = control >> 5;
      if (length === 7) {
        if (at >= end) throw damaged(fileOffset, phrase('it ends inside a back reference'));
        length += input[at++];
      }
      if (at >= end) throw damaged(fileOffset, phrase('it ends inside a back reference'));
      const distance = ((control & 0x1f) << 8) + input[at++] + 1;
      length += 2;
      let from = out - distance;
      if (from < 0) throw damaged(fileOffset, phrase('a back reference points before the start'));
      if (out + length > limit) throw damaged(fileOffset, phrase('it gives more than {0} bytes', limit));
      if (distance >= length && length > 16) {
        output.copyWithin(out, from, from + length);
        out += length;
      } else {
        for (const stop = out + length; out < stop; ) output[out++] = output[from++];
      }
    }
  }
  return out;
}

/** Input and output position of a place where decompression can start again, with the output just before it. */
interface Checkpoint {
  readonly input: number;
  readonly output: number;
  readonly history: Uint8Array;
}

const CHECKPOINT_EVERY = 1 << 20;
const STEP = 64 * 1024;

/**
 * A long LZF string as a byte source: pages of it are decompressed when they are read, and never the whole.
 * A place to start again is kept for every MiB of output, so that paging back does not begin at the start.
 */
export class LzfSource implements ByteSource {
  private readonly checkpoints: Checkpoint[] = [{ input: 0, output: 0, history: new Uint8Array(0) }];
  /** The decompressed bytes at hand: from `windowStart` on in the output. */
  private window = new Uint8Array(0);
  private windowStart = 0;
  private nextInput = 0;

  /**
   * @param source holds the compressed bytes.
   * @param offset where they start in `source`.
   * @param stored their number.
   * @param size the decompressed size in bytes, as declared.
   * @param fileOffset where the compressed bytes are in the file, for errors.
   */
  constructor(
    private readonly source: ByteSource,
    private readonly offset: number,
    private readonly stored: number,
    readonly size: number,
    private readonly fileOffset: number,
  ) {}

  /** @throws DecodeError `bad-lzf` where the compressed bytes are damaged or give too few or too many bytes. */
  read(position: number, target: Uint8Array): number {
    if (position >= this.size) return 0;
    if (position < this.windowStart || position >= this.windowStart + this.window.length) this.seek(position);
    const from = position - this.windowStart;
    const part = this.window.subarray(from, from + target.length);
    target.set(part);
    return part.length;
  }

  private seek(position: number): void {
    if (position < this.windowStart || position > this.windowStart + this.window.length + CHECKPOINT_EVERY) {
      let best = this.checkpoints[0];
      for (const point of this.checkpoints) if (point.output <= position) best = point;
      this.window = new Uint8Array(best.history);
      this.windowStart = best.output - best.history.length;
      this.nextInput = best.input;
    }
    while (position >= this.windowStart + this.window.length) this.step();
  }

  /** Decompresses the next stretch of input behind the window, keeping the history that references reach. */
  private step(): void {
    if (this.nextInput >= this.stored) {
      const given = this.windowStart + this.window.length;
      throw damaged(this.fileOffset, phrase('it gives {0} bytes instead of {1}', given, this.size));
    }
    const input = new Uint8Array(Math.min(STEP, this.stored - this.nextInput));
    if (readFully(this.source, this.offset + this.nextInput, input) < input.length) {
      throw damaged(this.fileOffset, phrase('its compressed bytes are cut off'));
    }
    const last = this.nextInput + input.length === this.stored;
    const end = lastWholeItem(input, last, this.fileOffset);
    const produced = measure(input, end);
    const kept = Math.min(HISTORY, this.window.length);
    const output = new Uint8Array(kept + produced);
    output.set(this.window.subarray(this.window.length - kept));
    this.windowStart += this.window.length - kept;
    appendLzf(input, end, output, kept, this.fileOffset);
    this.window = output;
    this.nextInput += end;
    const written = this.windowStart + output.length;
    if (written > this.size) throw damaged(this.fileOffset, phrase('it gives more than {0} bytes', this.size));
    const newest = this.checkpoints[this.checkpoints.length - 1];
    if (written - newest.output >= CHECKPOINT_EVERY) {
      this.checkpoints.push({
        input: this.nextInput,
        output: written,
        history: output.slice(Math.max(0, output.length - HISTORY)),
      });
    }
  }
}

/** Where the last item that is whole in `input` ends; with `last`, an item that is cut off is damage. */
function lastWholeItem(input: Uint8Array, last: boolean, fileOffset: number): number {
  let at = 0;
  while (at < input.length) {
    const control = input[at];
    const size = control < 0x20 ? control + 2 : control >> 5 === 7 ? 3 : 2;
    if (at + size > input.length) {
      if (last) throw damaged(fileOffset, phrase('it ends inside an item'));
      return at;
    }
    at += size;
  }
  return at;
}

/** How many bytes the items up to `end` decompress to. */
function measure(input: Uint8Array, end: number): number {
  let produced = 0;
  let at = 0;
  while (at < end) {
    const control = input[at];
    if (control < 0x20) {
      produced += control + 1;
      at += control + 2;
    } else if (control >> 5 === 7) {
      produced += 9 + input[at + 1];
      at += 3;
    } else {
      produced += (control >> 5) + 2;
      at += 2;
    }
  }
  return produced;
}

/** Decompresses whole items behind the history that `output` already holds. */
function appendLzf(input: Uint8Array, end: number, output: Uint8Array, history: number, fileOffset: number): void {
  let at = 0;
  let out = history;
  while (at < end) {
    const control = input[at++];
    if (control < 0x20) {
      for (let i = 0; i <= control; i++) output[out++] = input[at++];
    } else {
      let length = control >> 5;
      if (length === 7) length += input[at++];
      let from = out - ((control & 0x1f) << 8) - input[at++] - 1;
      if (from < 0) throw damaged(fileOffset, phrase('a back reference points before the start'));
      for (const stop = out + length + 2; out < stop; ) output[out++] = output[from++];
    }
  }
}
