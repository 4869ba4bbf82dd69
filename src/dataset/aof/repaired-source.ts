/** The files of a repair as byte sources before they are written, so that they can be judged, and handed out in pieces. */
import { newRestoration, restoreCrs } from '../../decoder/aof/restore-crs.js';
import { type ByteSource, MemorySource, readFully } from '../../decoder/source.js';
import { AofScan } from './aof-scan.js';
import { openAofSet } from './aof-set.js';
import type { PlannedFile, RepairPlan, Stretch } from './repair.js';
import type { Judgement } from './verdict.js';

/** A file that a repair writes. */
export interface RepairedFile {
  readonly file: string;
  readonly source: ByteSource;
}

/** Bytes between two chances for the caller. */
const SLICE = 4 * 1024 * 1024;

/** How much of the work for a repair is done when it is planned; the rest is to judge what comes of it. */
const PLANNED = 0.5;

/**
 * The files of a plan, the manifest last. Gives way now and then: the size of what is restored is known only when it
 * has been done.
 */
export function* repairedFiles(plan: RepairPlan): Generator<number, RepairedFile[]> {
  const files: RepairedFile[] = [];
  for (const planned of plan.files) {
    files.push({ file: planned.part.file, source: yield* sourceOf(planned) });
  }
  if (plan.manifest) files.push({ file: plan.manifest.file, source: new MemorySource(plan.manifest.bytes) });
  return files;
}

/**
 * What a server would make of repaired files.
 *
 * @param opened the file that a server, or an editor, would be given: the manifest, or the one file.
 * @returns undefined if the files could not be read to their end. Yields how much of a repair's plan is done, up to 1.
 */
export function* judgeRepaired(
  files: readonly RepairedFile[],
  opened: string,
): Generator<number, Judgement | undefined> {
  const byName = new Map(files.map(({ file, source }) => [file, source]));
  const set = openAofSet({ list: () => [...byName.keys()], open: (name) => byName.get(name) }, opened);
  const scan = new AofScan(set, () => {}, { checksum: true });
  while (scan.step()) yield PLANNED + (1 - PLANNED) * (scan.scanned / Math.max(1, scan.bytes));
  return scan.judgement;
}

function* sourceOf({ part, kept, restoration }: PlannedFile): Generator<number, ByteSource> {
  const { source } = part;
  if (!source) return new MemorySource(new Uint8Array());
  if (!restoration) return new KeptSource(source, kept);
  let size = restoration.startedAt;
  let told = 0;
  for (const piece of restoreCrs(source, restoration.startedAt, newRestoration())) {
    size += piece.length;
    if (size - told < SLICE) continue;
    told = size;
    yield PLANNED;
  }
  return new RestoredSource(source, restoration.startedAt, size);
}

/** Stretches of a source, one behind the other. */
class KeptSource implements ByteSource {
  readonly size: number;
  /** Where each stretch begins in what is kept. */
  private readonly starts: number[] = [];

  constructor(
    private readonly source: ByteSource,
    private readonly kept: readonly Stretch[],
  ) {
    let size = 0;
    for (const [from, to] of kept) {
      this.starts.push(size);
      size += to - from;
    }
    this.size = size;
  }

  read(position: number, target: Uint8Array): number {
    if (position >= this.size || target.length === 0) return 0;
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    const [from, to] = this.kept[low];
    const at = from + position - this.starts[low];
    return this.source.read(at, target.subarray(0, Math.min(target.length, to - at)));
  }
}

/** A source whose CRs are restored. It is read forwards; a step back begins the restoration anew. */
class RestoredSource implements ByteSource {
  private pieces: Generator<Uint8Array>;
  private piece = new Uint8Array();
  private pieceAt: number;

  /** @param start up to here the source is as it is. @param size of the whole. */
  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    readonly size: number,
  ) {
    this.pieces = restoreCrs(source, start, newRestoration());
    this.pieceAt = start;
  }

  read(position: number, target: Uint8Array): number {
    if (position < this.start) {
      return readFully(this.source, position, target.subarray(0, Math.min(target.length, this.start - position)));
    }
    if (position < this.pieceAt) {
      this.pieces = restoreCrs(this.source, this.start, newRestoration());
      this.piece = new Uint8Array();
      this.pieceAt = this.start;
    }
    let filled = 0;
    while (filled < target.length) {
      const at = position + filled - this.pieceAt;
      if (at < this.piece.length) {
        const part = this.piece.subarray(at, at + target.length - filled);
        target.set(part, filled);
        filled += part.length;
        continue;
      }
      const next = this.pieces.next();
      if (next.done) break;
      this.pieceAt += this.piece.length;
      this.piece = next.value.slice();
    }
    return filled;
  }
}
