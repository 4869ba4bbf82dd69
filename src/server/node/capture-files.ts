/** The files that a capture writes: an RDB, or a folder with an AOF that a server loads. Nothing is overwritten unasked. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { CaptureSink } from '../capture.js';

/** What would be written over is there. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError';

  /** @param what a file, or a folder that is not empty. */
  constructor(
    readonly path: string,
    readonly what: 'file' | 'folder',
  ) {
    super(
      what === 'folder'
        ? `${path} is there and not empty; name a new folder`
        : `${path} is there; --overwrite replaces it`,
    );
  }
}

const BASE = 'appendonly.aof.1.base.rdb';
const INCREMENT = 'appendonly.aof.1.incr.aof';
const MANIFEST = 'appendonly.aof.manifest';

/** The files of a capture. */
export class CaptureFiles implements CaptureSink {
  /** Where the RDB is when it has come whole. */
  readonly rdbFile: string;
  private readonly partial: string;
  private out: number | undefined;
  private increment: number | undefined;
  private unsynced = false;
  private written = 0;
  /** True when the RDB has come whole. */
  whole = false;

  /**
   * Begins to write.
   *
   * @param target the RDB file, or with `follow` the folder of the AOF.
   * @param overwrite true lets the RDB take the place of a file that is there.
   * @throws FileExistsError, or the system's error if nothing can be written there.
   */
  constructor(
    private readonly target: string,
    private readonly follow: boolean,
    overwrite: boolean,
    private readonly told: (bytes: number, total: number | undefined) => void,
  ) {
    if (follow) {
      if (existsSync(target) && readdirSync(target).length > 0) {
        throw new FileExistsError(target, 'folder');
      }
      mkdirSync(target, { recursive: true });
    } else if (existsSync(target) && !overwrite) {
      throw new FileExistsError(target, 'file');
    }
    this.rdbFile = follow ? path.join(target, BASE) : target;
    this.partial = `${this.rdbFile}.${process.pid}.partial`;
    this.out = openSync(this.partial, 'wx');
  }

  rdb(bytes: Uint8Array, total: number | undefined): void {
    if (this.out === undefined) return;
    writeAll(this.out, bytes);
    this.written += bytes.length;
    this.told(this.written, total);
  }

  rdbEnd(): void {
    if (this.out === undefined) return;
    fsyncSync(this.out);
    closeSync(this.out);
    this.out = undefined;
    renameSync(this.partial, this.rdbFile);
    this.whole = true;
    if (this.follow) {
      this.increment ??= openSync(this.incrementFile, 'wx');
      writeFileSync(path.join(this.target, MANIFEST), `file ${BASE} seq 1 type b\nfile ${INCREMENT} seq 1 type i\n`, {
        flush: true,
        flag: 'wx',
      });
    }
    syncFolder(path.dirname(this.rdbFile));
  }

  commands(bytes: Uint8Array): void {
    // Where they come beside the RDB, they are there before it is whole.
    if (this.increment === undefined && this.out !== undefined) this.increment = openSync(this.incrementFile, 'wx');
    if (this.increment === undefined) return;
    writeAll(this.increment, bytes);
    this.unsynced = true;
  }

  sync(): void {
    if (this.increment === undefined || !this.unsynced) return;
    fsyncSync(this.increment);
    this.unsynced = false;
  }

  private get incrementFile(): string {
    return path.join(this.target, INCREMENT);
  }

  /** Closes everything; an RDB that has not come whole is removed. */
  close(): void {
    if (this.out !== undefined) closeSync(this.out);
    if (this.increment !== undefined) closeSync(this.increment);
    this.out = undefined;
    this.increment = undefined;
    if (this.whole) return;
    rmSync(this.partial, { force: true });
    if (this.follow) rmSync(this.incrementFile, { force: true });
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
}

/** Makes new names in a folder safe, where the system can do that. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
