/** Repairing an AOF: a plan that says which bytes of which parts are kept, made before anything is written. */

import { AFTER_DAMAGE, CLOSES_TRANSACTION, type CommandBatch } from '../../decoder/aof/command-batch.js';
import { EXEC, MULTI } from '../../decoder/aof/command-names.js';
import { type ManifestEntry, writeManifest } from '../../decoder/aof/manifest.js';
import { type CrRestoration, newRestoration, restoreCrs } from '../../decoder/aof/restore-crs.js';
import { type Phrase, phrase } from '../../decoder/errors.js';
import { readFully } from '../../decoder/source.js';
import { AofScan, isLoaded } from './aof-scan.js';
import type { AofPart, AofSet } from './aof-set.js';
import type { PartScan } from './part-scan.js';

/**
 * What a repair does: cut the tail where `redis-check-aof --fix` would, cut all parts at a time, leave out damage and
 * keep what is behind it, or put back the CRs of line ends.
 */
export type RepairWay = 'cut-tail' | 'cut-at-time' | 'drop-damage' | 'restore-crs';

/** A stretch of a part: offsets of its first byte and of the byte behind it. */
export type Stretch = readonly [from: number, to: number];

/** A file that is written. */
export interface PlannedFile {
  readonly part: AofPart;
  /** What is copied, in this order. */
  readonly kept: readonly Stretch[];
  /** What is not. */
  readonly lost: readonly Stretch[];
  /** Set where the CRs are restored: how it goes. */
  readonly restoration: CrRestoration | null;
}

export interface RepairPlan {
  readonly way: RepairWay;
  readonly files: readonly PlannedFile[];
  /** Parts that are not written at all. */
  readonly leftOut: readonly AofPart[];
  /** The new manifest; null for a single file. */
  readonly manifest: { readonly file: string; readonly bytes: Uint8Array } | null;
  /** True if what is written differs from what is there. */
  readonly changes: boolean;
  /** What the user should know before it is done. */
  readonly notes: readonly Phrase[];
}

/** What stands between MULTI and EXEC in the part behind damage. */
interface TransactionMark {
  readonly offset: number;
  readonly end: number;
  readonly opens: boolean;
}

/** Bytes copied at once. */
const PIECE = 1024 * 1024;

/** Makes a plan, a step at a time. */
export class RepairPlanner {
  private readonly scan: AofScan;
  private readonly marks = new Map<number, TransactionMark[]>();
  /** The first annotation later than the time. */
  private late: { readonly part: number; readonly before: number } | undefined;
  private annotated = false;

  /** @param time seconds since the epoch, for `cut-at-time`. */
  constructor(
    private readonly set: AofSet,
    private readonly way: RepairWay,
    private readonly time = Number.POSITIVE_INFINITY,
  ) {
    const loaded = { ...set, parts: set.parts.filter(isLoaded) };
    this.scan = new AofScan(loaded, (part, batch) => this.mark(part, batch), {
      annotation: (part, before, seconds) => {
        this.annotated = true;
        if (seconds > this.time) this.late ??= { part, before };
      },
    });
  }

  /** Bytes of all parts, and those that are done with. */
  get progress(): { readonly bytes: number; readonly scanned: number } {
    return { bytes: this.scan.bytes, scanned: this.scan.scanned };
  }

  /** Does the next stretch of work. @returns false when the plan can be made. */
  step(): boolean {
    return this.scan.step();
  }

  /** The plan, after the last step. */
  plan(): RepairPlan {
    const notes: Phrase[] = [];
    const files: PlannedFile[] = [];
    const leftOut: AofPart[] = this.set.parts.filter((part) => !isLoaded(part));
    const newest = Math.max(...this.set.parts.filter(({ role }) => role === 'base').map(({ seq }) => seq ?? 0));
    for (const scan of this.scan.parts) {
      const { part } = scan;
      const superseded = part.role === 'base' && (part.seq ?? 0) < newest;
      if (!part.source || superseded) {
        leftOut.push(part);
        notes.push(
          superseded
            ? phrase('{0} is left out, because another base has a higher sequence number.', part.file)
            : phrase('{0} is not there, and is left out of the new manifest.', part.file),
        );
        continue;
      }
      const file = this.fileOf(scan, notes);
      if (file) files.push(file);
      else leftOut.push(part);
    }
    if (this.way === 'cut-at-time' && !this.late) {
      notes.push(
        this.annotated
          ? phrase('No annotation is later than that time: nothing is cut.')
          : phrase('There are no annotations: nothing can be cut by time.'),
      );
    }
    const manifest = this.manifest(files);
    const changes =
      leftOut.some(isLoaded) || files.some(({ lost, restoration }) => lost.length > 0 || restoration !== null);
    return { way: this.way, files, leftOut, manifest, changes, notes };
  }

  /** Notes where transactions begin and end behind damage: a stray EXEC may close what was open before it. */
  private mark(part: number, batch: CommandBatch): void {
    const { kind } = this.scan.names;
    for (let i = 0; i < batch.length; i++) {
      if ((batch.flags[i] & AFTER_DAMAGE) === 0) continue;
      const opens = kind[batch.name[i]] === MULTI;
      const strays = kind[batch.name[i]] === EXEC && (batch.flags[i] & CLOSES_TRANSACTION) === 0;
      if (!opens && !strays) continue;
      const marks = this.marks.get(part) ?? [];
      marks.push({ offset: batch.offset[i], end: batch.offset[i] + batch.size[i], opens });
      this.marks.set(part, marks);
    }
  }

  /** What is kept of a part; undefined if nothing is. */
  private fileOf(scan: PartScan, notes: Phrase[]): PlannedFile | undefined {
    const { part } = scan;
    if (scan.rdbDamaged) notes.push(phrase('The RDB in {0} is damaged, and is written as it is.', part.file));
    if (this.way === 'restore-crs') return this.restoredFile(scan, notes);
    if (this.way === 'cut-at-time') return this.fileUpToTime(scan, notes);
    if (this.way === 'drop-damage') return planned(scan, this.withoutDamage(scan));
    const last = scan === this.scan.parts.filter((one) => one.part.source !== null).at(-1);
    const cut = last && scan.firstFault ? (scan.openTransaction?.offset ?? scan.firstFault.offset) : scan.bytes;
    if (!last && scan.firstFault) {
      notes.push(
        phrase(
          '{0} is damaged at offset {1} and not the last file: its damage has to be left out.',
          part.file,
          scan.firstFault.offset,
        ),
      );
    }
    return planned(scan, [[cut, scan.bytes]]);
  }

  private fileUpToTime(scan: PartScan, notes: Phrase[]): PlannedFile | undefined {
    const { late } = this;
    const { part } = scan;
    if (!late || part.part < late.part) return planned(scan, []);
    if (part.part > late.part) return undefined;
    if (late.before === 0 && part.role === 'incr') return undefined;
    if (late.before === 0) notes.push(phrase('{0} has nothing before that time.', part.file));
    return planned(scan, [[late.before, scan.bytes]]);
  }

  /** What is damaged in a part, and what makes no sense without it. */
  private withoutDamage(scan: PartScan): Stretch[] {
    const lost: Stretch[] = [];
    const marks = this.marks.get(scan.part.part) ?? [];
    const closing = new Set<TransactionMark>();
    for (const { offset, bytes, transactionAt } of scan.damage) {
      lost.push([offset, offset + bytes]);
      if (transactionAt === undefined) continue;
      const next = marks.find((mark) => mark.offset >= offset);
      if (next && !next.opens) closing.add(next);
      else lost.push([transactionAt, offset]);
    }
    for (const mark of marks) if (!mark.opens && !closing.has(mark)) lost.push([mark.offset, mark.end]);
    if (scan.tail?.problem.code === 'aof-unclosed-multi') lost.push([scan.tail.offset, scan.bytes]);
    return lost;
  }

  private restoredFile(scan: PartScan, notes: Phrase[]): PlannedFile {
    const { part } = scan;
    const { source } = part;
    if (!source || scan.firstFault?.problem.code !== 'aof-lone-lf') return planned(scan, []);
    const restoration = newRestoration();
    for (const _ of restoreCrs(source, scan.rdbBytes, restoration));
    const { doubts, restoredUpTo } = restoration;
    for (const { offset, missing, lineFeeds } of doubts) {
      notes.push(
        phrase(
          'The value at offset {0} of {1} lacks {2} CRs and has {3} LF: which of them had one cannot be told, the first ones get it.',
          offset,
          part.file,
          missing,
          lineFeeds,
        ),
      );
    }
    return {
      part,
      kept: [[0, restoredUpTo]],
      lost: restoredUpTo < scan.bytes ? [[restoredUpTo, scan.bytes]] : [],
      restoration,
    };
  }

  private manifest(files: readonly PlannedFile[]): RepairPlan['manifest'] {
    const { manifest } = this.set;
    if (!manifest) return null;
    const entries: ManifestEntry[] = [];
    for (const { part, lost } of files) {
      const line = manifest.manifest.lines.find(({ fileName, type }) => fileName === part.file && type !== 'h');
      if (!line) continue;
      // What has been cut does not end at the replication offset any more.
      const { endOffset, ...open } = line;
      entries.push(lost.length > 0 || endOffset === undefined ? open : line);
    }
    return { file: manifest.file, bytes: writeManifest(entries) };
  }
}

/** A file without stretches, which may overlap and come in any order. */
function planned(scan: PartScan, without: readonly Stretch[]): PlannedFile {
  const lost: Stretch[] = [];
  for (const [from, to] of [...without].sort((a, b) => a[0] - b[0])) {
    const before = lost.at(-1);
    if (to <= from) continue;
    if (before && from <= before[1]) lost[lost.length - 1] = [before[0], Math.max(before[1], to)];
    else lost.push([from, to]);
  }
  const kept: Stretch[] = [];
  let at = 0;
  for (const [from, to] of [...lost, [scan.bytes, scan.bytes] as const]) {
    if (from > at) kept.push([at, from]);
    at = to;
  }
  return { part: scan.part, kept, lost, restoration: null };
}

/** The bytes of a planned file, a piece at a time; a piece is overwritten by the next one. */
export function* repairedBytes({ part, kept, restoration }: PlannedFile): Generator<Uint8Array> {
  const { source } = part;
  if (!source) return;
  const buffer = new Uint8Array(PIECE);
  for (const [from, to] of kept) {
    // An RDB before the commands is copied as it is.
    const end = restoration ? Math.min(to, restoration.startedAt) : to;
    for (let at = from; at < end; ) {
      const count = readFully(source, at, buffer.subarray(0, Math.min(PIECE, end - at)));
      if (count === 0) throw new RangeError(`${part.file} has become shorter`);
      yield buffer.subarray(0, count);
      at += count;
    }
    if (restoration) yield* restoreCrs(source, end, newRestoration());
  }
}

/** True if a command at an offset of a part is not in what the plan writes. */
export function isLost(plan: RepairPlan, part: number, offset: number): boolean {
  const file = plan.files.find((one) => one.part.part === part);
  return !file || file.lost.some(([from, to]) => offset >= from && offset < to);
}
