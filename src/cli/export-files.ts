/** Where an export goes: files that are written beside their place first, or standard output. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import type { ByteSink } from '../dataset/export/out-buffer.js';
import { BackgroundWriter } from './background-writer.js';
import { UsageError } from './usage.js';

/** Bytes of a buffer that is kept to be used again: as many as an export mostly writes at once; and how many are kept. */
const SPARE_BYTES = 1024 * 1024;
const SPARES = 4;

/** Takes the files of an export. */
export interface ExportFiles {
  open(part: string): ByteSink;
  /** Waits until what was written has been taken. */
  settled(): Promise<void>;
  /** True if nobody takes more. */
  readonly closed: boolean;
  /** All is written: files get to their places. @returns their paths. */
  keep(): Promise<readonly string[]>;
  /** Removes what was written. What is written after that begins anew. */
  discard(): Promise<void>;
  /** True if what was written can be removed again. */
  readonly removable: boolean;
}

interface OpenFile {
  readonly fd: number;
  readonly partial: string;
  readonly target: string;
}

/** Files of the local machine. */
export class NewFiles implements ExportFiles {
  readonly closed = false;
  readonly removable = true;
  private readonly writer = new BackgroundWriter();
  private readonly files: OpenFile[] = [];

  /**
   * @param out the file, whose name the parts get too.
   * @param sources the files that are read: none of them is ever written.
   */
  constructor(
    private readonly out: string,
    private readonly sources: readonly string[],
    private readonly force: boolean,
  ) {}

  open(part: string): ByteSink {
    const target = this.nameOf(part);
    this.refuse(target);
    const partial = `${target}.${process.pid}.partial`;
    const fd = openSync(partial, 'wx');
    this.files.push({ fd, partial, target });
    let position = 0;
    return (bytes) => {
      this.writer.write(fd, bytes, position);
      position += bytes.length;
    };
  }

  /** `dump.rdb` to `dump.db0.rdb`. */
  private nameOf(part: string): string {
    if (part === '') return this.out;
    const { dir, name, ext } = path.parse(this.out);
    return path.join(dir, `${name}.${part}${ext}`);
  }

  private refuse(target: string): void {
    if (!existsSync(target)) return;
    const real = realpathSync(target);
    if (this.sources.some((source) => isSame(source, real))) {
      throw new UsageError(`${target} is what is being read, and is never changed`);
    }
    if (!this.force) throw new UsageError(`${target} is there; --force replaces it`);
    if (!statSync(real).isFile()) throw new UsageError(`${target} is no file`);
  }

  settled(): Promise<void> {
    return this.writer.settled();
  }

  async keep(): Promise<readonly string[]> {
    await this.writer.finished();
    for (const { fd } of this.files) {
      fsyncSync(fd);
      closeSync(fd);
    }
    const paths: string[] = [];
    for (let file = this.files[0]; file; file = this.files[0]) {
      renameSync(file.partial, file.target);
      paths.push(file.target);
      this.files.shift();
    }
    return paths;
  }

  async discard(): Promise<void> {
    await this.writer.ended();
    for (const { fd, partial } of this.files.splice(0)) {
      try {
        closeSync(fd);
      } catch (error) {
        // It was closed before what failed.
        if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error;
      }
      rmSync(partial, { force: true });
    }
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** True for files and devices such as `/dev/null`, which take all at once; the reader of a pipe may be slow. */
function isWrittenAtOnce(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd));
}

function isSame(source: string, target: string): boolean {
  const one = statSync(source);
  const other = statSync(target);
  return one.ino === other.ino && one.dev === other.dev;
}

/** Standard output, whose reader may be slow, or have enough. */
export class StandardOutput implements ExportFiles {
  closed = false;
  readonly removable = false;
  private full = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  /** Buffers whose bytes have been taken. */
  private readonly spare: Uint8Array[] = [];

  constructor(private readonly stream: NodeJS.WritableStream) {
    const wakeUp = () => {
      this.full = false;
      this.wake?.();
    };
    stream.on('drain', wakeUp);
    stream.on('close', wakeUp);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.closed = true;
      else this.failure = error;
      wakeUp();
    });
  }

  open(): ByteSink {
    if (this.stream === process.stdout && isWrittenAtOnce(process.stdout.fd)) {
      const { fd } = process.stdout;
      return (bytes) => writeAll(fd, bytes);
    }
    return (bytes) => {
      if (this.closed || this.failure) return;
      // The bytes are overwritten before a slow reader has them.
      const copy = this.spare.pop() ?? new Uint8Array(SPARE_BYTES);
      const kept = bytes.length <= copy.length ? copy.subarray(0, bytes.length) : new Uint8Array(bytes.length);
      kept.set(bytes);
      const done = () => {
        if (this.spare.length < SPARES) this.spare.push(copy);
      };
      if (!this.stream.write(kept, done)) this.full = true;
    };
  }

  async settled(): Promise<void> {
    if (this.full && !this.closed && !this.failure) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    if (this.failure) throw this.failure;
  }

  async keep(): Promise<readonly string[]> {
    if (!this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.stream.write('', () => resolve());
      });
    }
    if (this.failure) throw this.failure;
    return [];
  }

  async discard(): Promise<void> {}
}

/** Nowhere: to see what would be. */
export class NoFiles implements ExportFiles {
  readonly closed = false;
  readonly removable = true;

  open(): ByteSink {
    return () => {};
  }

  async settled(): Promise<void> {}

  async keep(): Promise<readonly string[]> {
    return [];
  }

  async discard(): Promise<void> {}
}
