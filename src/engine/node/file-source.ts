/** Files of the local machine as byte sources: positional reads, whatever their size. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../../decoder/source.js';

/** An open file. Its size is what it was when it was opened; what is written behind that later is not seen. */
export class FileSource implements ByteSource {
  readonly size: number;
  /** Of the file when it was opened, to notice that another one has taken its name. */
  readonly identity: FileIdentity;

  /** @throws the system's error if the file cannot be opened, and an error for a folder. */
  constructor(
    readonly path: string,
    readonly fd = openSync(path, 'r'),
  ) {
    if (!fstatSync(this.fd).isFile()) {
      closeSync(this.fd);
      throw new NotAFileError(path);
    }
    this.identity = identityOf(this.fd);
    this.size = Number(this.identity.size);
  }

  /** The identity of the file as it is now. */
  now(): FileIdentity {
    return identityOf(this.fd);
  }

  /** The same open file, as large as it is now. Closing either closes both. */
  again(): FileSource {
    return new FileSource(this.path, this.fd);
  }

  /** True if bytes of the file may have been overwritten, added or cut off since it was opened. */
  get changed(): boolean {
    const { size, modified } = identityOf(this.fd);
    return size !== this.identity.size || modified !== this.identity.modified;
  }

  /** Bytes of the file now; what is beyond {@link size} is not read. */
  get currentSize(): number {
    return Number(identityOf(this.fd).size);
  }

  read(position: number, target: Uint8Array): number {
    const count = Math.min(target.length, this.size - position);
    return count <= 0 ? 0 : readSync(this.fd, target, 0, count, position);
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** What tells one state of a file from another. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
}

/** The identity of an open file, as it is now. */
function identityOf(fd: number): FileIdentity {
  const { dev, ino, size, mtimeNs } = fstatSync(fd, { bigint: true });
  return { device: dev, inode: ino, size, modified: mtimeNs };
}

/** The path leads to a folder or device. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';

  constructor(readonly path: string) {
    super(`${path} is not a file`);
  }
}
