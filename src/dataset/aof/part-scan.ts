/** The scan of one part of an AOF, a step at a time: its RDB if it begins with one, then its commands, also behind damage. */
import type { CommandBatch } from '../../decoder/aof/command-batch.js';
import type { NameTable } from '../../decoder/aof/command-names.js';
import { CommandSearch } from '../../decoder/aof/resync.js';
import { type AofFault, AofScanner } from '../../decoder/aof/scan.js';
import { latin1 } from '../../decoder/bytes.js';
import { type Crc64Stream, openCrc64Stream } from '../../decoder/crc64/stream.js';
import type { Problem } from '../../decoder/errors.js';
import { type ByteSource, readFully } from '../../decoder/source.js';
import { FileScan, SCAN_STEP } from '../file-scan.js';
import type { AofPart } from './aof-set.js';

/** Bytes of a part that are no commands: garbage, or a command that is not whole. */
export interface DamagedRange {
  readonly offset: number;
  readonly bytes: number;
  /** False if nothing follows it. */
  readonly resumes: boolean;
  readonly problem: Problem;
  /** Offset of the MULTI of the transaction that it is in. */
  readonly transactionAt?: number;
}

export interface PartScanOptions {
  readonly keys?: boolean;
  /** Computes the checksum of an RDB, as servers do. */
  readonly checksum?: boolean;
  /** Bytes to read at once. */
  readonly step?: number;
  /** The part stands behind damage of an earlier one. */
  readonly afterDamage?: boolean;
  /** Takes `#TS:` annotations. @param before where to cut to be without it: before an open transaction. */
  readonly annotation?: (before: number, time: number) => void;
}

/** The most problems of a part that are kept; more are only counted. */
const PROBLEM_LIMIT = 1000;
/** How many times its size of a part is read again to find commands behind damage, before the search gets coarser. */
const READ_AGAIN = 4;

type State = 'rdb' | 'checksum' | 'commands' | 'searching' | 'done';

/** Scans one part. */
export class PartScan {
  private state: State;
  private readonly buffer: Uint8Array;
  private at = 0;
  private scanner: AofScanner | undefined;
  private search:
    | { readonly from: AofFault; readonly transactionAt: number | undefined; readonly commands: CommandSearch }
    | undefined;
  private crc: { readonly stream: Crc64Stream; value: bigint; at: number } | undefined;
  private readAgain = 0;
  private ownCommands: number | undefined;

  /** The scan of the RDB that the part begins with; undefined if it begins with commands. */
  readonly rdb: FileScan | undefined;
  rdbKeys = 0;
  readonly damage: DamagedRange[] = [];
  readonly problems: Problem[] = [];
  moreProblems = 0;
  /** What ends the part: a tail that is cut off, or damage up to the end. */
  tail: AofFault | undefined;
  /** The first damage; where it is the tail, that. */
  firstFault: AofFault | undefined;

  /** The transaction that is open where the first damage or the end is. */
  openTransaction: { readonly offset: number; readonly commands: number } | undefined;

  constructor(
    public part: AofPart,
    private readonly names: NameTable,
    private readonly sink: (batch: CommandBatch) => void,
    private readonly options: PartScanOptions = {},
  ) {
    const { source } = part;
    this.buffer = new Uint8Array(Math.max(1, Math.min(options.step ?? SCAN_STEP, Math.max(source?.size ?? 0, 4096))));
    if (!source) {
      this.state = 'done';
    } else if (beginsWithRdb(source)) {
      this.state = 'rdb';
      this.rdb = new FileScan(
        source,
        (batch) => {
          this.rdbKeys += batch.count;
        },
        options.step,
      );
    } else {
      this.state = 'commands';
      this.beginCommands(source, 0);
    }
  }

  /** Bytes of the part when it was opened or has last grown; 0 if the file is missing. */
  get bytes(): number {
    return this.part.source?.size ?? 0;
  }

  /** Bytes that are done with. */
  get position(): number {
    if (this.state === 'rdb') return this.rdb?.position ?? 0;
    if (this.state === 'searching') return this.search?.commands.position ?? 0;
    return this.state === 'done' ? this.bytes : Math.min(this.at, this.bytes);
  }

  get done(): boolean {
    return this.state === 'done';
  }

  /** Bytes of the RDB that the part is, or begins with; 0 without one, all if its end was not found. */
  get rdbBytes(): number {
    return this.rdb?.end ?? 0;
  }

  /** True if servers would refuse the RDB. */
  get rdbDamaged(): boolean {
    if (!this.rdb || this.state === 'rdb') return false;
    return !this.rdb.complete || this.rdb.facts.problems.some(({ severity }) => severity === 'error');
  }

  /** Whole commands up to the first damage of this part. */
  get commands(): number {
    return this.ownCommands ?? this.commandsShown;
  }

  /** All whole commands, those behind damage included. */
  get commandsShown(): number {
    return this.loadable + this.commandsAfterDamage;
  }

  /** Commands that no damage stands before, neither in this part nor in an earlier one. */
  get loadable(): number {
    return this.scanner?.commands ?? 0;
  }

  get commandsAfterDamage(): number {
    return this.scanner?.commandsAfterDamage ?? 0;
  }

  /** Offset up to which the part is valid, as `redis-check-aof` counts it. */
  get validUpTo(): number {
    if (this.rdb && !this.rdb.complete) return 0;
    return this.scanner?.validUpTo ?? this.rdbBytes;
  }

  get timeRange(): readonly [from: number, to: number] | undefined {
    return this.scanner?.timeRange;
  }

  get unknownCommand(): AofScanner['unknownCommand'] {
    return this.scanner?.unknownCommand;
  }

  /** Offset of a command without a name, for which servers refuse what `redis-check-aof` lets pass. */
  get refusedAt(): number | undefined {
    return this.scanner?.refusedAt;
  }

  /** True if no server would get to what follows this part. */
  get stopsLoading(): boolean {
    return (
      this.part.source === null || this.rdbDamaged || this.firstFault !== undefined || this.refusedAt !== undefined
    );
  }

  /** Does the next stretch of work. @returns false when the part is done. */
  step(): boolean {
    const { source } = this.part;
    if (!source || this.state === 'done') return false;
    if (this.state === 'rdb') this.stepRdb(source);
    else if (this.state === 'checksum') this.stepChecksum(source);
    else if (this.state === 'commands') this.stepCommands(source);
    else this.stepSearch(source);
    return !this.done;
  }

  /** True if the part can be scanned on when it has grown: nothing of it has to be taken back. */
  get canGrow(): boolean {
    return (
      this.done && this.scanner !== undefined && this.damage.every(({ problem }) => problem === this.tail?.problem)
    );
  }

  /**
   * Goes on with the same file, of which there is more now.
   *
   * @param source reads the file as it is now. The caller goes on with {@link step}.
   * @throws RangeError if the part cannot grow.
   */
  grow(source: ByteSource): void {
    const { scanner } = this;
    if (!this.canGrow || !scanner) throw new RangeError('a part that is damaged cannot be scanned on');
    this.part = { ...this.part, source };
    const taken = this.tail?.problem;
    const index = taken ? this.problems.indexOf(taken) : -1;
    if (index >= 0) this.problems.splice(index, 1);
    this.damage.length = 0;
    this.tail = undefined;
    this.firstFault = undefined;
    this.ownCommands = undefined;
    this.openTransaction = undefined;
    scanner.reopen(source.size);
    this.at = scanner.wanted;
    this.state = 'commands';
  }

  private problem(problem: Problem): void {
    if (this.problems.length < PROBLEM_LIMIT) this.problems.push(problem);
    else this.moreProblems++;
  }

  private beginCommands(source: ByteSource, start: number): void {
    this.at = start;
    const { annotation } = this.options;
    this.scanner = new AofScanner(
      {
        commands: this.sink,
        problem: (problem) => this.problem(problem),
        annotation: (offset, time) => annotation?.(this.scanner?.transaction?.offset ?? offset, time),
      },
      {
        start,
        size: source.size,
        keys: this.options.keys ?? false,
        names: this.names,
        afterDamage: (this.options.afterDamage ?? false) || this.rdbDamaged,
      },
    );
  }

  private stepRdb(source: ByteSource): void {
    const { rdb } = this;
    if (!rdb || rdb.step()) return;
    if (rdb.complete && this.options.checksum && rdb.checksumWithoutReading === undefined) {
      this.crc = { stream: openCrc64Stream(), value: 0n, at: 0 };
      this.state = 'checksum';
    } else this.endRdb(source);
  }

  private stepChecksum(source: ByteSource): void {
    const { crc, rdb } = this;
    if (!crc || !rdb) return;
    const count = Math.min(crc.stream.buffer.length, rdb.checkedBytes - crc.at);
    const read = count > 0 ? readFully(source, crc.at, crc.stream.buffer.subarray(0, count)) : 0;
    if (read > 0) {
      crc.value = crc.stream.update(crc.value, read);
      crc.at += read;
      return;
    }
    rdb.compareChecksum(crc.value);
    this.crc = undefined;
    this.endRdb(source);
  }

  private endRdb(source: ByteSource): void {
    const { rdb } = this;
    if (!rdb) return;
    for (const problem of rdb.facts.problems) this.problem(problem);
    this.moreProblems += rdb.facts.moreProblems;
    if (!rdb.complete) {
      this.state = 'done';
      return;
    }
    this.state = 'commands';
    this.beginCommands(source, rdb.end);
  }

  private stepCommands(source: ByteSource): void {
    const { scanner, buffer } = this;
    if (!scanner) return;
    // Long arguments are skipped without being read.
    if (scanner.wanted > this.at && scanner.wanted < source.size) {
      this.at = scanner.wanted;
      scanner.skipTo(this.at);
    }
    const count = this.at < source.size ? source.read(this.at, buffer) : 0;
    if (count > 0) {
      scanner.push(buffer, 0, count);
      this.at += count;
    } else scanner.finish();
    if (scanner.fault) this.meetFault(source, scanner, scanner.fault);
    else if (count <= 0) this.state = 'done';
  }

  /** What the scan cannot get over: the end of the part, or damage behind which commands are searched. */
  private meetFault(source: ByteSource, scanner: AofScanner, fault: AofFault): void {
    if (!this.firstFault) {
      const { transaction } = scanner;
      this.firstFault = fault;
      this.ownCommands = this.commandsShown;
      this.openTransaction = transaction && { ...transaction };
    }
    if (fault.problem.code === 'aof-unclosed-multi') {
      this.tail = fault;
      this.problem(fault.problem);
      this.state = 'done';
      return;
    }
    // A command can swallow others by a length that is too great: the search begins right behind its first byte, unless
    // that has been done so often that the work would grow with the square of the size.
    const reached = Math.max(fault.offset + 1, Math.min(this.at, source.size) - this.buffer.length);
    this.readAgain += reached - fault.offset;
    const from = this.readAgain > READ_AGAIN * source.size ? reached : fault.offset + 1;
    const commands = new CommandSearch(source, from, source.size);
    this.search = { from: fault, transactionAt: scanner.transaction?.offset, commands };
    this.state = 'searching';
  }

  private stepSearch(source: ByteSource): void {
    const { search, scanner } = this;
    if (!search || !scanner) return;
    const found = search.commands.step();
    if (found === undefined) return;
    const { from, transactionAt } = search;
    const end = found === 'none' ? source.size : found;
    this.damage.push({
      offset: from.offset,
      bytes: end - from.offset,
      resumes: found !== 'none',
      problem: from.problem,
      ...(transactionAt === undefined ? {} : { transactionAt }),
    });
    this.problem(from.problem);
    this.search = undefined;
    if (found === 'none') {
      this.tail = from;
      this.state = 'done';
      return;
    }
    scanner.resumeAt(found);
    this.at = found;
    this.state = 'commands';
  }
}

/** True if a part begins with an RDB, as servers tell it: `REDIS`, or `VALKEY` of Valkey 9. */
export function beginsWithRdb(source: ByteSource): boolean {
  const magic = new Uint8Array(6);
  const text = latin1(magic.subarray(0, readFully(source, 0, magic)));
  return text.startsWith('REDIS') || text === 'VALKEY';
}

/** True if a command or an annotation of an AOF begins at an offset. */
export function startsCommand(source: ByteSource, offset: number): boolean {
  const start = new Uint8Array(2);
  if (readFully(source, offset, start) < 2) return false;
  const [first, second] = start;
  return (first === 0x2a && second >= 0x31 && second <= 0x39) || (first === 0x23 && second === 0x54);
}
