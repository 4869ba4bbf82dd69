/** Writing to files while other bytes are made: they are copied, and the threads of the system write the copies. */
import { write } from 'node:fs';

/** Bytes of a copy: as many as an export mostly writes at once. */
const COPY_BYTES = 1024 * 1024;
/** Copies that may be under way while more are made; and those that are kept to be used again. */
const COPIES = 3;

/** Writes bytes to places of open files. */
export class BackgroundWriter {
  private underWay = 0;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private readonly spare: Uint8Array[] = [];

  /** @param bytes may be overwritten after the call. */
  write(fd: number, bytes: Uint8Array, position: number): void {
    if (this.failure) return;
    const copy = (bytes.length <= COPY_BYTES && this.spare.pop()) || new Uint8Array(Math.max(COPY_BYTES, bytes.length));
    copy.set(bytes);
    this.underWay++;
    this.send(fd, copy, 0, bytes.length, position);
  }

  private send(fd: number, copy: Uint8Array, from: number, count: number, position: number): void {
    write(fd, copy, from, count, position, (error, written) => {
      if (!error && written < count) {
        this.send(fd, copy, from + written, count - written, position + written);
        return;
      }
      this.failure ??= error ?? undefined;
      this.underWay--;
      if (copy.length === COPY_BYTES && this.spare.length < COPIES) this.spare.push(copy);
      this.wake?.();
    });
  }

  /** Waits until few are under way. @throws the error of the system if something could not be written. */
  async settled(): Promise<void> {
    await this.until(COPIES);
    if (this.failure) throw this.failure;
  }

  /** Waits until all is written. @throws the error of the system if something could not be. */
  async finished(): Promise<void> {
    await this.until(0);
    if (this.failure) throw this.failure;
  }

  /** Waits until nothing is under way any more, whatever became of it: then files can be closed. */
  async ended(): Promise<void> {
    await this.until(0);
    this.failure = undefined;
  }

  private async until(most: number): Promise<void> {
    while (this.underWay > most) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
  }
}
