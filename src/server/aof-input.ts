/** The commands of an AOF for a replay: part after part, in blocks of the bytes that stand in the files. */
import { isLoaded } from '../dataset/aof/aof-scan.js';
import type { AofPart, AofSet } from '../dataset/aof/aof-set.js';
import { beginsWithRdb } from '../dataset/aof/part-scan.js';
import { FileScan } from '../dataset/file-scan.js';
import type { CommandBatch } from '../decoder/aof/command-batch.js';
import { NameTable } from '../decoder/aof/command-names.js';
import { AofScanner } from '../decoder/aof/scan.js';
import { problemMessage } from '../decoder/errors.js';
import { BLOCK_BYTES } from '../decoder/replay/layout.js';
import type { ReplayMemory } from '../decoder/replay/memory.js';
import type { ByteSource } from '../decoder/source.js';
import { BlockWriter } from './block-writer.js';
import { CommandClasses } from './command-class.js';
import { ReplayInputError } from './replay-errors.js';
import { BufferPool, type InputPart, type InputStep, type ReplayInput } from './replay-input.js';
import type { ReplayProblem } from './replay-report.js';

type LoadedPart = AofPart & { readonly source: ByteSource };

/** Reads the parts that a server loads. */
export class AofInput implements ReplayInput {
  readonly names = new NameTable();
  readonly parts: readonly InputPart[];
  readonly pool: BufferPool;
  private readonly loaded: readonly LoadedPart[];
  private readonly block: BlockWriter;
  private index = 0;
  private scanner: AofScanner | undefined;
  /** The RDB that the part begins with, and its keys so far. */
  private rdb: { readonly scan: FileScan; keys: number } | undefined;
  private at = 0;
  /** Bytes at the end of the last block that belong to a command that is not whole; the scanner has gone back to it. */
  private carry = new Uint8Array(0);
  private ended: InputStep | undefined;

  /**
   * @param memory what most commands are read with, many at a time; it serves one input at a time.
   * @throws ReplayInputError if a server would refuse the manifest, or a file is missing.
   */
  constructor(
    set: AofSet,
    readonly memory?: ReplayMemory | undefined,
    blockBytes = BLOCK_BYTES,
  ) {
    const problem = set.manifest?.manifest.problems[0];
    if (problem)
      throw new ReplayInputError('manifest', set.manifest?.file ?? '', problem.offset, problemMessage(problem));
    this.loaded = set.parts.filter(isLoaded).map((part): LoadedPart => {
      if (!part.source) throw new ReplayInputError('missing-part', part.file);
      return { ...part, source: part.source };
    });
    this.parts = this.loaded.map(({ part, file, source }) => ({ part, file, bytes: source.size }));
    const classes = new CommandClasses(this.names);
    this.pool = new BufferPool(
      blockBytes,
      memory?.blocks.map((bytes) => bytes.subarray(0, blockBytes)),
    );
    this.block = new BlockWriter(blockBytes, memory, (name) => classes.of(name) === 'plain');
  }

  get bytes(): number {
    return this.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of all parts that are done with. */
  get position(): number {
    const before = this.parts.slice(0, this.index).reduce((sum, { bytes }) => sum + bytes, 0);
    return this.scanner ? before + this.at : before;
  }

  source(part: number): ByteSource | undefined {
    return this.loaded.find((loaded) => loaded.part === part)?.source;
  }

  file(part: number): ByteSource | undefined {
    return this.source(part);
  }

  next(): InputStep {
    for (;;) {
      if (this.ended) return this.ended;
      const part = this.loaded[this.index];
      if (!part) return this.end(undefined);
      const step = this.scanner ? this.readBlock(part, this.scanner) : this.begin(part);
      if (step) return step;
    }
  }

  private end(problem: ReplayProblem | undefined): InputStep {
    this.ended = { kind: 'end', problem };
    return this.ended;
  }

  /** Begins a part, a stretch of its RDB at a time. @returns the RDB if it has one. */
  private begin(part: LoadedPart): InputStep | undefined {
    const { source, file } = part;
    if (!this.rdb && beginsWithRdb(source)) this.rdb = scanOf(source);
    const { rdb } = this;
    if (rdb?.scan.step()) return { kind: 'busy', part: part.part };
    this.rdb = undefined;
    if (rdb && !rdb.scan.complete) {
      const message = rdb.scan.facts.problems.map((problem) => problemMessage(problem))[0] ?? '';
      return this.end({ kind: 'damage', part: part.part, file, offset: rdb.scan.end, message, bytes: source.size });
    }
    this.at = rdb?.scan.end ?? 0;
    this.carry = new Uint8Array(0);
    const open = new AofScanner(
      { commands: (batch) => this.take(batch), problem: () => {} },
      { start: this.at, size: source.size, names: this.names, runs: this.memory ? this.block : undefined },
    );
    this.scanner = open;
    if (!rdb || (rdb.keys === 0 && rdb.scan.facts.functions === 0)) return undefined;
    const { functions } = rdb.scan.facts;
    return { kind: 'preamble', preamble: { part: part.part, file, bytes: this.at, keys: rdb.keys, functions } };
  }

  private take(batch: CommandBatch): void {
    this.block.addBatch(batch);
  }

  private readBlock(part: LoadedPart, scanner: AofScanner): InputStep | undefined {
    const { source } = part;
    const buffer = this.pool.take();
    const { bytes } = buffer;
    if (scanner.wanted > this.at && scanner.wanted < source.size) {
      // The inside of a long argument is not read here.
      this.at = scanner.wanted;
      scanner.skipTo(this.at);
      this.carry = new Uint8Array(0);
    }
    bytes.set(this.carry);
    const filled = this.carry.length;
    const count = this.at < source.size ? source.read(this.at, bytes.subarray(filled)) : 0;
    this.block.begin(part.part, buffer, this.at - filled);
    const base = this.at - filled;
    this.at += count;
    const end = filled + count;
    if (end > 0) scanner.push(bytes, 0, end);
    if (count <= 0) scanner.finish();
    // A command that fills half of a buffer is not carried on, but read from the file.
    const open = scanner.openEnd - base;
    const carries = open >= 0 && open < end && end - open <= bytes.length / 2 && !scanner.stopped && count > 0;
    this.carry = carries ? bytes.slice(open, end) : new Uint8Array(0);
    if (carries) scanner.back();
    const { fault } = scanner;
    if (fault || count <= 0) this.endPart(part, scanner);
    const block = this.block.end();
    if (block) return { kind: 'block', block };
    this.pool.release(buffer);
    return undefined;
  }

  private endPart(part: LoadedPart, scanner: AofScanner): void {
    const { fault } = scanner;
    this.scanner = undefined;
    const last = this.index === this.loaded.length - 1;
    this.index++;
    if (!fault) return;
    // The rows that this block still has come first.
    this.end({
      kind: fault.kind === 'cut-off' && last ? 'tail' : 'damage',
      part: part.part,
      file: part.file,
      offset: fault.offset,
      message: problemMessage(fault.problem),
      bytes: part.source.size - fault.offset,
    });
  }
}

function scanOf(source: ByteSource): { scan: FileScan; keys: number } {
  const found = {
    keys: 0,
    scan: new FileScan(source, (batch) => {
      found.keys += batch.count;
    }),
  };
  return found;
}
