/** What is told of a file before a key of it is restored: from one pass, in which its checksum is computed too. */
import { FileScan, type KeyTaker, SCAN_STEP } from '../dataset/file-scan.js';
import { crc64 } from '../decoder/crc64/crc64.js';
import { RestoreMemory } from '../decoder/restore/memory.js';
import type { ByteSource } from '../decoder/source.js';
import { KeyFinder } from './key-finder.js';

type CountedColumns = Pick<RestoreMemory['columns'], 'end' | 'offset' | 'expireAt'>;

/** A pass over a file. */
export class RestoreContents {
  /** Keys that are wanted, those of them with an expiry, and their bytes. */
  keys = 0;
  expires = 0;
  bytes = 0;
  /** All keys of the file. */
  total = 0;
  readonly scan: FileScan;
  private crc = 0n;

  /** @param wants tells of a key by its number in the file whether it is wanted. */
  constructor(source: ByteSource, wants?: (number: number) => boolean) {
    const count = (rows: number, { end, offset, expireAt }: CountedColumns) => {
      for (let i = 0; i < rows; i++, this.total++) {
        if (wants && !wants(this.total)) continue;
        this.keys++;
        this.bytes += end[i] - offset[i];
        if (!Number.isNaN(expireAt[i])) this.expires++;
      }
    };
    const memory = openMemory();
    const plain =
      memory &&
      new KeyFinder(memory, (found, _, bytes) => {
        if (wants) count(found.count, memory.columns);
        else {
          this.total += found.count;
          this.keys += found.count;
          this.bytes += bytes;
          this.expires += found.expiring;
        }
      });
    const taker: KeyTaker = plain ?? { window: new Uint8Array(SCAN_STEP), take: () => -1 };
    taker.sum = (start, end) => {
      this.crc = memory ? memory.sum(this.crc, start, end) : crc64(this.crc, taker.window, start, end);
    };
    this.scan = new FileScan(source, (batch) => count(batch.count, batch), taker.window, taker);
  }

  /** True if the checksum says that the values are as a server wrote them; false is a problem of the scan, too. */
  get trusted(): boolean {
    return this.scan.checksumWithoutReading === undefined && this.scan.compareChecksum(this.crc) === 'ok';
  }
}

/** Such memory, to find keys in. */
export function openMemory(): RestoreMemory | undefined {
  try {
    return new RestoreMemory(0);
  } catch {
    // A policy forbids WebAssembly: the scan finds all keys itself.
    return undefined;
  }
}
