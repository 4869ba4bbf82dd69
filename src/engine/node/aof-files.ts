/** The files of an AOF of the local machine: opened together by their manifest, watched while a server writes on. */
import { statSync } from 'node:fs';
import type { AofSet } from '../../dataset/aof/aof-set.js';
import type { ByteSource } from '../../decoder/source.js';
import type { AofFiles, AofState } from '../aof-files.js';
import { startChecksum } from '../checksum.js';
import { type NodeAofFolder, openAof } from './aof-folder.js';
import type { FileIdentity, FileSource } from './file-source.js';

/** Opened files of a disk. */
export class NodeAofFiles implements AofFiles {
  readonly inMemory = false;
  readonly set: AofSet;
  private readonly folder: NodeAofFolder;
  /** The files behind the parts, as far as they were read; null for one that is missing. */
  private readonly parts: (FileSource | null)[];
  private readonly manifest: FileSource | undefined;

  /** @throws NoAofError where there is no AOF, the system's error where something cannot be read. */
  constructor(target: string) {
    const { folder, set } = openAof(target);
    this.folder = folder;
    this.set = set;
    this.parts = set.parts.map(({ file, source }) => (source ? (folder.open(file) ?? null) : null));
    this.manifest = set.manifest ? folder.open(set.manifest.file) : undefined;
  }

  look(): AofState {
    const last = this.parts.length - 1;
    let grown = false;
    for (const [i, file] of this.parts.entries()) {
      if (!file) continue;
      const now = file.now();
      if (now.size < file.identity.size) return 'changed';
      if (now.size === file.identity.size && now.modified !== file.identity.modified) return 'changed';
      if (i === last && now.size > file.identity.size) grown = true;
    }
    if (this.manifest) {
      const there = identityAt(this.manifest.path);
      if (!there) return 'gone';
      if (!sameFile(there, this.manifest.identity) || there.modified !== this.manifest.identity.modified) return 'set';
    }
    for (const [i, file] of this.parts.entries()) {
      // History is deleted before the manifest forgets it.
      if (!file || this.set.parts[i].role === 'history') continue;
      const there = identityAt(file.path);
      if (!there) return 'gone';
      if (!sameFile(there, file.identity)) return 'replaced';
    }
    return grown ? 'grown' : 'same';
  }

  growLast(): ByteSource {
    const last = this.parts.length - 1;
    const file = this.parts[last];
    if (!file) throw new RangeError('the last part is missing');
    const grown = file.again();
    this.parts[last] = grown;
    return grown;
  }

  checksum(part: number, length: number, onProgress: (done: number) => void) {
    const file = this.parts[part];
    if (!file) throw new RangeError(`part ${part} is missing`);
    return startChecksum(file, length, onProgress, setImmediate);
  }

  holds(path: string): boolean {
    const there = identityAt(path);
    if (!there) return false;
    const folder = identityAt(this.folder.path);
    if (folder && sameFile(there, folder)) return true;
    return this.folder.opened.some(({ identity }) => sameFile(there, identity));
  }

  close(): void {
    this.folder.close();
  }
}

function identityAt(path: string): FileIdentity | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && { device: found.dev, inode: found.ino, size: found.size, modified: found.mtimeNs };
}

function sameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.inode === other.inode && one.device === other.device;
}
