/** The files of an AOF that were read into memory: a folder that cannot change. */
import { type AofSet, openAofSet } from '../dataset/aof/aof-set.js';
import { type ByteSource, MemorySource } from '../decoder/source.js';
import type { AofFiles, AofState } from './aof-files.js';
import { startChecksum } from './checksum.js';
import type { NamedBytes } from './start.js';

/** Files in memory. */
export class MemoryAofFiles implements AofFiles {
  readonly inMemory = true;
  readonly set: AofSet;
  private readonly sources: ReadonlyMap<string, MemorySource>;

  /**
   * @param name the file that was opened: a manifest, or an AOF alone.
   * @param files the files of its folder that belong to it.
   * @param defer calls back after messages that wait have been delivered.
   * @throws NoAofError if it is not among the files.
   */
  constructor(
    name: string,
    files: readonly NamedBytes[],
    private readonly defer: (callback: () => void) => void,
  ) {
    const sources = new Map(files.map((file) => [file.name, new MemorySource(file.bytes)]));
    this.sources = sources;
    this.set = openAofSet({ list: () => [...sources.keys()], open: (file) => sources.get(file) }, name);
  }

  look(): AofState {
    return 'same';
  }

  growLast(): ByteSource {
    throw new RangeError('files in memory do not grow');
  }

  checksum(part: number, length: number, onProgress: (done: number) => void) {
    const source = this.sources.get(this.set.parts[part].file);
    if (!source) throw new RangeError(`part ${part} is missing`);
    return startChecksum(source, length, onProgress, this.defer);
  }

  holds(): boolean {
    return false;
  }

  close(): void {}
}
