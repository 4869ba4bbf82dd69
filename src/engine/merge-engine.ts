/** The engine of a merge: owns several RDBs, and exports their keys as one file. */
import { type Side, scanSide } from '../dataset/compare/side.js';
import type { ExportInput } from '../dataset/export/export-input.js';
import { indexedRows } from '../dataset/export/export-rows.js';
import { DuplicateKeyError, duplicateRows } from '../dataset/export/merge.js';
import { allRows } from '../dataset/names.js';
import type { ExportSpec, MergedFileInfo, MergeRequests } from '../export-protocol.js';
import { displayText } from '../format/display.js';
import type { AnswerMessage, CancelMessage, EventMessage, RequestMessage } from '../protocol.js';
import type { Output } from './aof-files.js';
import { problemInfo } from './cells.js';
import type { CompareFile, ComparePlatform } from './compare-engine.js';
import { FileChangedError, SameKeyError } from './error-info.js';
import { type ExportHandlers, exportHandlers } from './exports.js';
import { type Handler, Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';

/** One of the files. */
export interface MergeFile extends CompareFile {
  readonly name: string;
  /** Computes the checksum of its first bytes, beside everything else. */
  checksum(length: number): { readonly result: Promise<bigint>; cancel(): void };
  /** True if a path leads to it. */
  holds(path: string): boolean;
}

/** What is known of a file when all of it is read. */
interface ReadFile extends Side {
  readonly name: string;
  /** True if its checksum says that its values are as a server wrote them. */
  readonly trusted: boolean;
}

/** Characters of the name of a key in a message. */
const NAME_LENGTH = 200;

/** The engine of several files. */
export class MergeEngine {
  private readonly requests: Requests;
  private readonly handlers: ExportHandlers & { 'merge.files': Handler };
  private files: readonly ReadFile[] | undefined;

  /**
   * @param output where files can be written; null if only those who ask can write.
   * @param send delivers messages to those who asked.
   */
  constructor(
    private readonly opened: readonly MergeFile[],
    platform: ComparePlatform,
    output: Output | null,
    send: (message: AnswerMessage | EventMessage) => void,
  ) {
    const check = () => {
      if (opened.some((file) => file.changed())) throw new FileChangedError();
    };
    this.requests = new Requests({
      defer: (callback) => platform.defer(callback),
      now: () => platform.now(),
      every: (ms, callback) => platform.every(ms, callback),
      send,
      handler: (request) => this.handlers[request as keyof typeof this.handlers] as Handler | undefined,
      guard: check,
      reason: (error) => this.reason(error),
    });
    const { requests } = this;
    this.handlers = {
      'merge.files': (_, token, id) => this.read(token, id),
      ...exportHandlers(() => ({
        requests,
        inputs: (spec) => this.inputs(spec),
        whenRead: async (token) => void (await this.read(token)),
        check,
        output,
        holds: (path) => opened.some((file) => file.holds(path)),
      })),
    };
  }

  /** Stops everything; nothing is answered any more. */
  close(): void {
    this.requests.close();
    for (const file of this.opened) file.close();
  }

  /** Takes a message. */
  receive(message: RequestMessage | CancelMessage): void {
    this.requests.receive(message);
  }

  private async read(token: CancelToken, id?: number): Promise<MergeRequests['merge.files']['result']> {
    if (!this.files) {
      const checksums = this.opened.map((file) => file.checksum(Math.max(0, file.source.size - 8)));
      try {
        const sides = await this.requests.job(scanAll(this.opened), token, id);
        const read: ReadFile[] = [];
        for (const [i, side] of sides.entries()) {
          const { scan, source } = side;
          const file = this.opened[i];
          const usual = scan.checkedBytes === source.size - 8;
          const computed =
            scan.checksumWithoutReading === undefined
              ? await (usual ? checksums[i] : file.checksum(scan.checkedBytes)).result
              : 0n;
          read.push({ ...side, name: file.name, trusted: scan.compareChecksum(computed) === 'ok' });
        }
        this.files = read;
      } finally {
        for (const checksum of checksums) checksum.cancel();
      }
    }
    return { files: this.files.map(infoOf) };
  }

  /** All keys of the files, without those that another one has that takes precedence. */
  private *inputs({ order }: ExportSpec): Generator<number, readonly ExportInput[]> {
    const files = this.files ?? [];
    const ordered = order ? order.flatMap((number) => files[number] ?? []) : files;
    const search = duplicateRows(ordered, order ? 'first' : 'error');
    let step = search.next();
    for (; !step.done; step = search.next()) yield 0;
    const skipped = step.value;
    return ordered.map(({ source, trusted, file, index, scan: { facts } }, i) => ({
      source,
      trusted,
      stretches: (takers) => indexedRows(file, index, allRows(index.length), takers?.rows),
      facts: () => facts,
      skipped: skipped[i],
    }));
  }

  private reason(error: unknown): unknown {
    if (this.opened.some((file) => file.changed())) return new FileChangedError();
    if (!(error instanceof DuplicateKeyError)) return error;
    const { name, db, files } = error.duplicate;
    const [one, other] = files.map((number) => this.opened[number].name);
    return new SameKeyError(displayText(name, NAME_LENGTH).text, db, [one, other]);
  }
}

/** Scans the files. Yields how much is done, from 0 to 1. */
function* scanAll(files: readonly MergeFile[]): Generator<number, readonly Side[]> {
  const total = files.reduce((sum, { source }) => sum + source.size, 0);
  const sides: Side[] = [];
  let before = 0;
  for (const { source } of files) {
    const scanning = scanSide(source);
    let step = scanning.next();
    for (; !step.done; step = scanning.next()) yield (before + step.value * source.size) / Math.max(1, total);
    sides.push(step.value);
    before += source.size;
  }
  return sides;
}

function infoOf({ scan, source, index }: ReadFile): MergedFileInfo {
  const { facts } = scan;
  const created = Number(facts.auxValue('ctime'));
  const [first] = facts.problems;
  return {
    magic: facts.fileHeader?.magic ?? null,
    keys: index.length,
    created: created > 0 ? created * 1000 : null,
    problem: first ? problemInfo(first, () => undefined) : null,
    trailing: source.size - scan.end,
  };
}
