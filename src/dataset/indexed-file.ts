/** A file that is scanned from beginning to end, with all its keys in an index. */
import type { ByteSource } from '../decoder/source.js';
import { FileScan } from './file-scan.js';
import { KeyIndex } from './key-index.js';

/** Scans a file with all its keys into an index. */
export function indexFile(source: ByteSource): { readonly scan: FileScan; readonly index: KeyIndex } {
  let index: KeyIndex | undefined;
  const scan = new FileScan(source, (batch, types, facts) => {
    // The aux fields that name the server stand before the first key.
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  });
  scan.run();
  return { scan, index: index ?? new KeyIndex(scan.facts.server) };
}
