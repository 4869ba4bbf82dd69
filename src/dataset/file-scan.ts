/** Scanning a file into its index, a step at a time, so that whoever does it can answer others in between. */
import { crc64Name } from '../decoder/crc64/crc64.js';
import type { KeyBatch, TypeTable } from '../decoder/rdb/key-batch.js';
import { RdbScanner, type ScanSink } from '../decoder/rdb/scan.js';
import type { ByteSource } from '../decoder/source.js';
import { FileFacts } from './file-facts.js';

/** Bytes read at once: few enough to stay in the cache of the processor until they are scanned. */
export const SCAN_STEP = 512 * 1024;

/** What the checksum of a file says about it. */
export type ChecksumState = 'ok' | 'mismatch' | 'disabled' | 'absent';

/** Takes the keys of a scan. */
export type KeySink = (batch: KeyBatch, types: TypeTable, facts: FileFacts) => void;

/** Takes keys from the bytes of the file, instead of a scan that tells of them. */
export interface KeyTaker {
  /** Where the bytes of the file are put. */
  readonly window: Uint8Array;
  /**
   * Takes keys, or none.
   *
   * @param start index in the window of the first byte of a record.
   * @param base offset in the file of the first byte of the window.
   * @returns the index of the first byte that was not taken; −1 if none can be taken now.
   */
  take(start: number, end: number, db: number, facts: FileFacts, base: number): number;
  /** True if what {@link take} has left is to be read again, with what follows it: at least some bytes were taken. */
  readonly again?: boolean;
  /** Told of all bytes that the checksum covers, each once, where they are in the window; no value is skipped then. */
  sum?(start: number, end: number): void;
}

/** The scan of one file. */
export class FileScan {
  readonly facts = new FileFacts();
  private readonly scanner: RdbScanner;
  private readonly buffer: Uint8Array;
  /** Offset of the next byte to read. */
  private at = 0;
  /** Where the next step goes back to; −1 for the usual one, which does not. */
  private againAt = -1;
  /** Bytes that the taker has been told of for the checksum. */
  private summed = 0;
  /** Bytes that the last step has read. */
  read = 0;

  /**
   * @param keys takes the keys in the order of the file; the batch is overwritten after the call.
   * @param step bytes to read at once, or what they are read into.
   * @param taker takes keys itself, from the bytes of the file.
   */
  constructor(
    private readonly source: ByteSource,
    keys: KeySink,
    step: number | Uint8Array = SCAN_STEP,
    private readonly taker?: KeyTaker,
  ) {
    const { facts } = this;
    const sink: ScanSink = {
      header: (header) => facts.header(header),
      keys: (batch, types) => keys(batch, types, facts),
      record: (opcode, offset) => facts.record(opcode, offset),
      aux: (name, value, offset) => facts.aux(name, value, offset),
      problem: (problem) => facts.problem(problem),
    };
    if (taker) {
      // What goes over the border of two steps stands elsewhere.
      sink.take = (bytes, start, end, db) => {
        if (bytes !== taker.window) return -1;
        const behind = taker.take(start, end, db, facts, this.at - this.read);
        if (!taker.again || this.at >= this.source.size) return behind;
        this.againAt = this.at - (end - behind);
        return end;
      };
    }
    this.scanner = new RdbScanner(sink, source.size);
    this.buffer =
      taker?.window ?? (typeof step === 'number' ? new Uint8Array(Math.max(1, Math.min(step, source.size))) : step);
  }

  /** Bytes of the file that are done with. */
  get position(): number {
    return Math.min(this.at, this.source.size);
  }

  /** Hash templates that the file defines. */
  get templates(): RdbScanner['templates'] {
    return this.scanner.templates;
  }

  /** True if the end of the RDB was found where it should be. */
  get complete(): boolean {
    return this.scanner.complete;
  }

  /** True when the scan is over. */
  get finished(): boolean {
    return this.scanner.finished;
  }

  /** Offset of the byte behind the RDB; bytes of the file after it are no part of it. */
  get end(): number {
    return this.scanner.complete ? this.scanner.endOffset : this.source.size;
  }

  /** The bytes that the checksum covers: from the start to this offset. */
  get checkedBytes(): number {
    return this.scanner.checkedBytes;
  }

  /** Reads the next stretch of the file. @returns false when the scan is over. */
  step(): boolean {
    this.read = 0;
    if (this.scanner.finished) return false;
    if (this.againAt >= 0) {
      this.at = this.againAt;
      this.againAt = -1;
      this.scanner.back(this.at);
    } else if (!this.taker?.sum && this.scanner.wanted > this.at && this.scanner.wanted < this.source.size) {
      // Long values are skipped without being read.
      this.at = this.scanner.wanted;
      this.scanner.skipTo(this.at);
    }
    const count = this.at < this.source.size ? this.source.read(this.at, this.buffer) : 0;
    if (count <= 0) {
      this.scanner.finish();
      return false;
    }
    this.at += count;
    this.read = count;
    this.scanner.push(this.buffer, 0, count);
    this.sum(this.at - count);
    return !this.scanner.finished;
  }

  /** Tells of the bytes of the window that the checksum covers. @param base offset of the first byte of the window. */
  private sum(base: number): void {
    const read = this.againAt >= 0 ? this.againAt : this.at;
    const end = Math.min(read, this.scanner.checkedBytes || read);
    if (!this.taker?.sum || end <= this.summed) return;
    this.taker.sum(this.summed - base, end - base);
    this.summed = end;
  }

  /** Scans to the end. */
  run(): void {
    while (this.step());
  }

  /** What can be said of the checksum without computing it; undefined if its bytes have to be read. */
  get checksumWithoutReading(): ChecksumState | undefined {
    const { checksum } = this.scanner;
    if (!this.scanner.complete || checksum === undefined) return 'absent';
    return checksum === 0n ? 'disabled' : undefined;
  }

  /**
   * Compares the checksum of the file with its bytes; a wrong one becomes a problem.
   *
   * @param computed the checksum of the first {@link checkedBytes} bytes.
   */
  compareChecksum(computed: bigint): ChecksumState {
    const known = this.checksumWithoutReading;
    if (known) return known;
    const stored = this.scanner.checksum ?? 0n;
    if (stored === computed) return 'ok';
    this.facts.problem({
      code: 'checksum-mismatch',
      severity: 'error',
      offset: this.scanner.checkedBytes,
      args: [crc64Name(stored), crc64Name(computed)],
    });
    return 'mismatch';
  }
}
