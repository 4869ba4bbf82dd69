/** Texts that stand nowhere in the file, but are made from what does: a piece at a time, and again when they are read. */
import type { ByteSource } from '../../source.js';
import { EAGER_LIMIT, type Text } from '../string.js';

/** Makes a text from one place on. */
export interface TextMaker {
  /** Appends the next piece. @returns false if the text ended before it. @throws DecodeError */
  next(out: ByteList): boolean;
  /** Remembers the place behind the last piece. @returns what makes the text from there on. */
  mark(): () => TextMaker;
}

/** A place in a text where making it can start again. */
interface Checkpoint {
  readonly position: number;
  readonly start: () => TextMaker;
}

const CHECKPOINT_EVERY = 1 << 20;

/**
 * The whole of a text if it is short; otherwise its length and where to read it. It is made once to the end in any
 * case, so that damage is found now.
 *
 * @param start makes it from its beginning.
 * @param fileOffset where that which it is made from is in the file.
 * @param limit the most bytes that it may have.
 * @param tooLong makes the error for a longer one.
 */
export function generatedText(start: () => TextMaker, fileOffset: number, limit: number, tooLong: () => Error): Text {
  const maker = start();
  const out = new ByteList();
  while (out.length <= EAGER_LIMIT) if (!maker.next(out)) return out.bytes().slice();
  const checkpoints: Checkpoint[] = [{ position: 0, start }];
  let length = out.length;
  for (let more = true; more; length += out.length) {
    if (length > limit) throw tooLong();
    if (length - checkpoints[checkpoints.length - 1].position >= CHECKPOINT_EVERY) {
      checkpoints.push({ position: length, start: maker.mark() });
    }
    out.clear();
    more = maker.next(out);
  }
  return { length, source: new GeneratedSource(checkpoints, length), fileOffset };
}

class GeneratedSource implements ByteSource {
  private maker: TextMaker | undefined;
  private readonly out = new ByteList();
  /** The piece at hand, and where it stands. */
  private piece: Uint8Array = new Uint8Array(0);
  private pieceStart = 0;

  constructor(
    private readonly checkpoints: readonly Checkpoint[],
    readonly size: number,
  ) {}

  read(position: number, target: Uint8Array): number {
    if (position >= this.size) return 0;
    const end = this.pieceStart + this.piece.length;
    if (position < this.pieceStart || position >= end + CHECKPOINT_EVERY || !this.maker) this.restart(position);
    while (position >= this.pieceStart + this.piece.length) if (!this.step()) return 0;
    const from = position - this.pieceStart;
    const part = this.piece.subarray(from, from + target.length);
    target.set(part);
    return part.length;
  }

  private restart(position: number): void {
    let best = this.checkpoints[0];
    for (const point of this.checkpoints) if (point.position <= position) best = point;
    this.maker = best.start();
    this.pieceStart = best.position;
    this.piece = new Uint8Array(0);
  }

  private step(): boolean {
    this.pieceStart += this.piece.length;
    this.out.clear();
    const more = this.maker?.next(this.out) ?? false;
    this.piece = this.out.bytes();
    return more;
  }
}

/** Bytes that grow at their end. */
export class ByteList {
  private buffer = new Uint8Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** What was appended; valid until the next change. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  /** Appends text of ASCII characters. */
  ascii(text: string): void {
    if (this.length + text.length > this.buffer.length) this.grow(text.length);
    for (let i = 0; i < text.length; i++) this.buffer[this.length++] = text.charCodeAt(i);
  }

  private grow(count: number): void {
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + count));
    grown.set(this.buffer);
    this.buffer = grown;
  }
}
