/** A file of a comparison or a merge that is in memory. */
import { MemorySource } from '../decoder/source.js';
import { startChecksum } from './checksum.js';
import type { MergeFile } from './merge-engine.js';

/** Opens bytes. @param defer calls back after messages that wait have been delivered. */
export function openBytes(bytes: Uint8Array, defer: (callback: () => void) => void): Omit<MergeFile, 'name'> {
  const source = new MemorySource(bytes);
  return {
    source,
    changed: () => false,
    checksum: (length) => startChecksum(source, length, () => {}, defer),
    holds: () => false,
    close: () => {},
  };
}
