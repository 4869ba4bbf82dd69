/** The checksum of bytes in memory, in slices of the thread that everything else runs on. */
import { openCrc64Stream } from '../decoder/crc64/stream.js';
import type { ByteSource } from '../decoder/source.js';

/**
 * Computes the checksum of the first `length` bytes.
 *
 * @param defer calls back after messages that wait have been delivered.
 */
export function startMemoryChecksum(
  source: ByteSource,
  length: number,
  onProgress: (done: number) => void,
  defer: (callback: () => void) => void,
): { readonly result: Promise<bigint>; cancel(): void } {
  const stream = openCrc64Stream();
  let cancelled = false;
  const result = new Promise<bigint>((resolve, reject) => {
    let crc = 0n;
    let at = 0;
    const step = () => {
      if (cancelled) {
        reject(new Error('the checksum was cancelled'));
        return;
      }
      if (at >= length) {
        resolve(crc);
        return;
      }
      const count = source.read(at, stream.buffer.subarray(0, Math.min(stream.buffer.length, length - at)));
      crc = stream.update(crc, count);
      at += count;
      onProgress(at / length);
      defer(step);
    };
    step();
  });
  // Whoever cancels does not wait for the result.
  result.catch(() => {});
  return {
    result,
    cancel() {
      cancelled = true;
    },
  };
}
