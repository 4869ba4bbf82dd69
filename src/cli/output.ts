/** Standard output of the command line: waits for a slow reader, and takes a closed pipe for "enough". */

const FLUSH_AT = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Writes text to a stream in large pieces. */
export class Output {
  private pending: string[] = [];
  private size = 0;
  private wake: (() => void) | undefined;
  /** True when the reader has gone: nothing more needs to be written. */
  closed = false;
  private failure: Error | undefined;

  constructor(readonly stream: NodeJS.WritableStream) {
    const wakeUp = () => this.wake?.();
    stream.on('drain', wakeUp);
    stream.on('close', wakeUp);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.closed = true;
      else this.failure = error;
      wakeUp();
    });
  }

  /** Adds text. @returns true if {@link flush} should be called before more is added. */
  write(text: string): boolean {
    this.pending.push(text);
    this.size += text.length;
    return this.size >= FLUSH_AT;
  }

  /**
   * Hands the text to the stream and waits until it has room for more.
   *
   * @throws the system's error if it cannot be written, as when a disk is full.
   */
  async flush(): Promise<void> {
    if (this.size > 0 && !this.closed) {
      const text = this.pending.join('');
      this.pending = [];
      this.size = 0;
      const full = !this.stream.write(text);
      // Node tells of errors a moment later.
      if (full && !this.closed && !this.failure) await this.woken();
    }
    if (this.failure) throw this.failure;
  }

  /** Hands bytes to the stream, behind the text before them, and waits until they are written. @throws as {@link flush} does. */
  async bytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      // Of an error the stream tells a moment later.
      this.stream.write(bytes, (error) => {
        if (!error) resolve();
      });
    });
    if (this.failure) throw this.failure;
  }

  private async woken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
  }

  /** Waits until everything is written. @throws as {@link flush} does. */
  end(): Promise<void> {
    return this.bytes(NOTHING);
  }
}
