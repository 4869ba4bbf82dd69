/** The checksum of long input: bytes are read straight into the memory of the WebAssembly module. */
import wasm from 'wasm:decoder/crc64';
import { crc64 } from './crc64.js';

/** Computes checksums of what is put into its buffer. */
export interface Crc64Stream {
  /** Where to put the bytes; its length is the most that one {@link update} can take. */
  readonly buffer: Uint8Array;
  /** Continues the checksum `crc` over the first `length` bytes of {@link buffer}. */
  update(crc: bigint, length: number): bigint;
}

const TABLE_BYTES = 16 * 256 * 8;
const PAGE = 65536;

/**
 * Makes a checksum stream: in WebAssembly, or in JavaScript where a policy forbids WebAssembly.
 *
 * @param bufferSize bytes to take at once; 512 KiB stays in the cache of the processor.
 */
export function openCrc64Stream(bufferSize = 512 * 1024): Crc64Stream {
  return openWasm(bufferSize) ?? openPlain(bufferSize);
}

/** The checksum stream in JavaScript. */
export function openPlain(bufferSize: number): Crc64Stream {
  const buffer = new Uint8Array(bufferSize);
  return { buffer, update: (crc, length) => crc64(crc, buffer, 0, length) };
}

/** Memory whose bytes can be summed where they are. */
export interface Crc64Memory {
  /** The memory that can be used; it stays where it is. */
  readonly bytes: Uint8Array;
  /** Writes the checksum of `bytes` from `start` to `end` behind them, as eight bytes, the lowest first. */
  append(start: number, end: number): void;
}

/** Makes such memory; undefined where a policy forbids WebAssembly. */
export function openCrc64Memory(size: number): Crc64Memory | undefined {
  const opened = instantiate(size);
  if (!opened) return undefined;
  const { exports, buffer } = opened;
  return { bytes: buffer, append: (start, end) => exports.append(TABLE_BYTES + start, TABLE_BYTES + end) };
}

function openWasm(bufferSize: number): Crc64Stream | undefined {
  const opened = instantiate(bufferSize);
  if (!opened) return undefined;
  const { exports, buffer } = opened;
  return {
    buffer,
    update: (crc, length) => BigInt.asUintN(64, exports.update(crc, TABLE_BYTES, length)),
  };
}

/** What the WebAssembly module exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  init(): void;
  update(crc: bigint, start: number, length: number): bigint;
  append(start: number, end: number): void;
}

/** The module with so many bytes of memory behind its tables. */
function instantiate(size: number): { exports: Exports; buffer: Uint8Array } | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  let exports: Exports;
  try {
    exports = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as unknown as Exports;
  } catch {
    // A content security policy without 'wasm-unsafe-eval' ends here; the plain code gives the same result, later.
    return undefined;
  }
  const missing = TABLE_BYTES + size - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(Math.ceil(missing / PAGE));
  exports.init();
  return { exports, buffer: new Uint8Array(exports.memory.buffer, TABLE_BYTES, size) };
}
