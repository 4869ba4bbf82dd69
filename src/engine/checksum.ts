/**
 * The checksum of a file, in slices of the thread that everything else runs on: it is summed as fast as it is read, so
 * that another thread would take longer to start than it saves.
 */
import { openCrc64Stream } from '../decoder/crc64/stream.js';
import type { ByteSource } from '../decoder/source.js';

/**
 * Computes the checksum of the first `length` bytes.
 *
 * @param onProgress is told how much is done, from 0 to 1.
 * @param defer calls back after messages that wait have been delivered.
 * @returns a promise that fails if it is cancelled, or the source cannot be read so far.
 */
export function startChecksum(
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
      let count: number;
      try {
        count = source.read(at, stream.buffer.subarray(0, Math.min(stream.buffer.length, length - at)));
        if (count <= 0) throw new Error('the file has become shorter while it was read');
      } catch (error) {
        reject(error);
        return;
      }
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
