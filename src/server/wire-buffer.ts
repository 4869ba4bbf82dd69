/** Bytes on their way to a server: commands are written into a buffer, which is handed on when it is full. */
import { RestoreMemory, type RunPlan } from '../decoder/restore/memory.js';

const CR = 0x0d;
const LF = 0x0a;
const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;

/** Bytes that are copied one by one. */
const LOOP_BYTES = 96;

/** Bytes at which a buffer is handed on. */
export const FLUSH_AT = 256 * 1024;
/** The most bytes of one command that is written into a buffer as a whole. */
export const WHOLE_COMMAND = 64 * 1024;

/** Bytes of a buffer: there is room for one more whole command as long as it has less than {@link FLUSH_AT}. */
const CAPACITY = FLUSH_AT + WHOLE_COMMAND;
/**
 * Buffers that keys are written into many at a time: enough for as many connections as there are nodes in most clusters.
 * The system gives them memory only when they are first used.
 */
const FAST_BUFFERS = 40;

/** The buffers of all connections of a restore. */
export class WireBuffers {
  /** What some of them are in; undefined where a policy forbids WebAssembly. */
  readonly memory: RestoreMemory | undefined = openMemory();
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];

  constructor() {
    const { memory, spare } = this;
    for (let i = FAST_BUFFERS; memory && i-- > 0; ) {
      spare.push(memory.buffers.subarray(i * CAPACITY, (i + 1) * CAPACITY));
    }
  }

  /** Gives one that is not on its way. */
  take(): Uint8Array<ArrayBuffer> {
    return this.spare.pop() ?? new Uint8Array(CAPACITY);
  }

  /** Takes one back. @param bytes begin where it begins. */
  giveBack(bytes: Uint8Array<ArrayBuffer>): void {
    const { memory } = this;
    const place = this.placeOf(bytes);
    // What is not in the memory of the module is for a time when all of that is on its way.
    if (memory && place >= 0) this.spare.push(memory.buffers.subarray(place, place + CAPACITY));
  }

  /** Where one is in {@link memory}; −1 if it is not there. */
  placeOf({ buffer, byteOffset }: Uint8Array): number {
    const { memory } = this;
    return memory && buffer === memory.buffers.buffer ? byteOffset - memory.buffers.byteOffset : -1;
  }
}

function openMemory(): RestoreMemory | undefined {
  try {
    return new RestoreMemory(FAST_BUFFERS * CAPACITY);
  } catch {
    // Without WebAssembly keys are written one by one.
    return undefined;
  }
}

/** A buffer with room for one more whole command as long as it has less than {@link FLUSH_AT} bytes. */
export class WireBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes that were written. */
  size = 0;
  private place: number;

  constructor(private readonly buffers = new WireBuffers()) {
    this.bytes = buffers.take();
    this.place = buffers.placeOf(this.bytes);
  }

  /** Gives what was written, and begins anew with other memory. */
  take(): Uint8Array<ArrayBuffer> {
    const written = this.bytes.subarray(0, this.size);
    this.bytes = this.buffers.take();
    this.place = this.buffers.placeOf(this.bytes);
    this.size = 0;
    return written;
  }

  /** Takes back what {@link take} gave, when it has been sent. */
  giveBack(written: Uint8Array<ArrayBuffer>): void {
    this.buffers.giveBack(written);
  }

  /** Writes the commands for rows of the memory that the buffer is in. @returns the first row that was not written. */
  run(from: number, to: number, plan: RunPlan): number {
    const { place } = this;
    const { memory } = this.buffers;
    if (!memory || place < 0) return from;
    const row = memory.run(from, to, plan, place + this.size, place + FLUSH_AT);
    this.size = memory.written - place;
    return row;
  }

  /** The head of a command with so many arguments. */
  array(count: number): void {
    this.line(STAR, count);
  }

  /** The head of a string with so many bytes; they and an end of line must follow. */
  bulkHead(length: number): void {
    this.line(DOLLAR, length);
  }

  endOfLine(): void {
    this.bytes[this.size++] = CR;
    this.bytes[this.size++] = LF;
  }

  /** Bytes of `from`, without more. */
  copy(from: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let to = this.size;
    // A call for a few bytes costs more than a loop, and leaves an object to be collected.
    if (end - start > LOOP_BYTES) bytes.set(from.subarray(start, end), to);
    else for (let at = start; at < end; ) bytes[to++] = from[at++];
    this.size += end - start;
  }

  /** A whole string. */
  bulk(from: Uint8Array, start = 0, end = from.length): void {
    this.bulkHead(end - start);
    this.copy(from, start, end);
    this.endOfLine();
  }

  /** A whole string of text in ASCII. */
  text(text: string): void {
    this.bulkHead(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.size++] = text.charCodeAt(i);
    this.endOfLine();
  }

  /** `TYPE NUMBER CR LF`. @param value a whole number from 0 up. */
  private line(type: number, value: number): void {
    const { bytes } = this;
    let at = this.size;
    bytes[at++] = type;
    if (value < 10) bytes[at++] = ZERO + value;
    else if (value < 100) {
      const tens = (value / 10) | 0;
      bytes[at++] = ZERO + tens;
      bytes[at++] = ZERO + value - tens * 10;
    } else {
      let digits = 3;
      for (let limit = 1000; value >= limit; limit *= 10) digits++;
      let left = value;
      for (let to = at + digits - 1; to >= at; to--) {
        const rest = Math.floor(left / 10);
        bytes[to] = ZERO + left - rest * 10;
        left = rest;
      }
      at += digits;
    }
    bytes[at++] = CR;
    bytes[at++] = LF;
    this.size = at;
  }
}
