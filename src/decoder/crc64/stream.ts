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

/** What the module needs for itself: tables, and room to fold in. */
const OWN_BYTES = 56 * 1024;
const PAGE = 65536;

/**
 * Makes a checksum stream: in WebAssembly, or in JavaScript where a policy forbids WebAssembly, or a processor is too old for it.
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
  /** All of the memory, which stays where it is; its first 56 KiB are for the checksum: the tables, from 0 on, are the same for others. */
  readonly memory: WebAssembly.Memory;
  /** Continues a checksum over bytes of it; the result is signed. */
  readonly update: (crc: bigint, start: number, length: number) => bigint;
}

/**
 * Makes such memory.
 *
 * @param size bytes of it.
 * @throws where a policy forbids WebAssembly.
 */
export function openCrc64Memory(size: number): Crc64Memory {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  const memory = exports.memory as WebAssembly.Memory;
  const missing = size - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  (exports.init as () => void)();
  return { memory, update: exports.update as Crc64Memory['update'] };
}

function openWasm(bufferSize: number): Crc64Stream | undefined {
  let opened: Crc64Memory;
  try {
    opened = openCrc64Memory(OWN_BYTES + bufferSize);
  } catch {
    // A content security policy without 'wasm-unsafe-eval' ends here; the plain code gives the same result, later.
    return undefined;
  }
  const { memory, update } = opened;
  return {
    buffer: new Uint8Array(memory.buffer, OWN_BYTES, bufferSize),
    update: (crc, length) => BigInt.asUintN(64, update(crc, OWN_BYTES, length)),
  };
}
