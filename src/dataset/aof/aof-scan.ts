/** The scan of a whole AOF, part after part, a step at a time, and what it tells of it as a whole. */
import type { CommandBatch } from '../../decoder/aof/command-batch.js';
import { NameTable } from '../../decoder/aof/command-names.js';
import type { Problem } from '../../decoder/errors.js';
import type { ByteSource } from '../../decoder/source.js';
import type { AofPart, AofSet } from './aof-set.js';
import { PartScan } from './part-scan.js';
import { type Judgement, judge } from './verdict.js';

/** A problem, and the part it is in; null for the manifest. */
export interface PartProblem extends Problem {
  readonly part: number | null;
}

export interface AofScanOptions {
  /** Tells the keys that commands name. */
  readonly keys?: boolean;
  /** Computes the checksums of RDBs. */
  readonly checksum?: boolean;
  /** Bytes to read at once. */
  readonly step?: number;
  /** Takes `#TS:` annotations. @param before offset where to cut to be without it: before an open transaction. */
  readonly annotation?: (part: number, before: number, time: number) => void;
}

/** Takes the commands of a part, in the order of the file; the batch is overwritten after the call. */
export type CommandSink = (part: number, batch: CommandBatch) => void;

/** Scans the parts of a set one after the other. */
export class AofScan {
  readonly names = new NameTable();
  /** The parts whose scan has begun, by number. */
  readonly parts: PartScan[] = [];
  private readonly waiting: AofPart[];
  /** Set when a part that servers load is damaged: nothing behind it would be loaded. */
  private damaged = false;

  constructor(
    readonly set: AofSet,
    private readonly sink: CommandSink,
    private readonly options: AofScanOptions = {},
  ) {
    this.waiting = [...set.parts];
  }

  /** Bytes of all parts. */
  get bytes(): number {
    const waiting = this.waiting.reduce((sum, { source }) => sum + (source?.size ?? 0), 0);
    return this.parts.reduce((sum, part) => sum + part.bytes, waiting);
  }

  /** Bytes that are done with. */
  get scanned(): number {
    return this.parts.reduce((sum, part) => sum + part.position, 0);
  }

  get done(): boolean {
    return this.waiting.length === 0 && this.parts.every((part) => part.done);
  }

  /** Does the next stretch of work. @returns false when all parts are done. */
  step(): boolean {
    let current = this.parts.find((part) => !part.done);
    if (current) current.step();
    else {
      const next = this.waiting.shift();
      if (!next) return false;
      const afterDamage = isLoaded(next) && this.damaged;
      const sink = (batch: CommandBatch) => this.sink(next.part, batch);
      const annotation = (before: number, time: number) => this.options.annotation?.(next.part, before, time);
      current = new PartScan(next, this.names, sink, { ...this.options, afterDamage, annotation });
      this.parts.push(current);
    }
    if (current.done && isLoaded(current.part) && current.stopsLoading) this.damaged = true;
    return !this.done;
  }

  /**
   * Goes on with the last part, whose file has grown.
   *
   * @param source reads the file as it is now.
   * @throws RangeError if the part is damaged, so that the scan has to begin anew.
   */
  grow(source: ByteSource): void {
    if (!this.done) throw new RangeError('the scan is not done yet');
    this.parts.at(-1)?.grow(source);
    this.damaged = false;
  }

  /** Adds a part behind the last one: a server has begun a new file. */
  append(part: AofPart): void {
    this.waiting.push(part);
  }

  /** Scans to the end. */
  run(): void {
    while (this.step());
  }

  /** Whole commands of the parts that a server loads, up to the first damage. */
  get commands(): number {
    return this.loaded().reduce((sum, part) => sum + part.loadable, 0);
  }

  /** Commands of these parts behind damage. */
  get commandsAfterDamage(): number {
    return this.loaded().reduce((sum, part) => sum + part.commandsAfterDamage, 0);
  }

  /** Keys of the RDBs of the parts that a server loads. */
  get preambleKeys(): number {
    return this.loaded().reduce((sum, part) => sum + part.rdbKeys, 0);
  }

  /** The earliest and the latest annotation of the parts that a server loads, up to damage: seconds since the epoch. */
  get timeRange(): readonly [from: number, to: number] | undefined {
    const ranges = this.loaded().flatMap(({ timeRange }) => timeRange ?? []);
    return ranges.length === 0 ? undefined : [Math.min(...ranges), Math.max(...ranges)];
  }

  /** All problems: those of the manifest, then those of the parts in their order. */
  get problems(): PartProblem[] {
    const manifest = this.set.manifest?.manifest.problems ?? [];
    return [
      ...manifest.map((problem) => ({ ...problem, part: null })),
      ...this.allParts.filter(isMissing).map(({ part, file }): PartProblem => {
        return { code: 'aof-missing-part', severity: 'error', offset: 0, args: [file], part };
      }),
      ...this.parts.flatMap((scan) => scan.problems.map((problem) => ({ ...problem, part: scan.part.part }))),
      ...this.loaded().flatMap(({ part, unknownCommand }): PartProblem[] =>
        unknownCommand
          ? [
              {
                code: 'aof-unknown-command',
                severity: 'warning',
                offset: unknownCommand.offset,
                args: [unknownCommand.name],
                part: part.part,
              },
            ]
          : [],
      ),
    ];
  }

  /** Problems beyond those that are kept. */
  get moreProblems(): number {
    return this.parts.reduce((sum, part) => sum + part.moreProblems, 0);
  }

  /** Whether a server would load it, and what it would lose; undefined until all parts are done. */
  get judgement(): Judgement | undefined {
    return this.done ? judge(this.set, this.parts) : undefined;
  }

  private get allParts(): AofPart[] {
    return [...this.parts.map(({ part }) => part), ...this.waiting];
  }

  private loaded(): PartScan[] {
    return this.parts.filter(({ part }) => isLoaded(part));
  }
}

/** True for the parts that a server loads: all but history. */
export function isLoaded(part: AofPart): boolean {
  return part.role !== 'history';
}

function isMissing(part: AofPart): boolean {
  return isLoaded(part) && part.source === null;
}
