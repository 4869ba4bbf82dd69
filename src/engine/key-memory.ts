/** The memory estimate of all keys of a file: made when it is first asked for, and kept. */
import type { KeyIndex } from '../dataset/key-index.js';
import { MemoryColumn, memorySteps } from '../dataset/memory/column.js';
import { targetFor } from '../dataset/memory/target.js';
import type { ServerInfo } from '../dataset/server-info.js';
import type { ByteSource } from '../decoder/source.js';

/** What every key of one file costs. */
export class KeyMemory {
  private column: MemoryColumn | undefined;

  constructor(
    private readonly source: ByteSource,
    private readonly index: () => KeyIndex,
    private readonly server: () => ServerInfo,
  ) {}

  /** Bytes of a key by its row; undefined until all keys are measured. */
  get known(): ((row: number) => number) | undefined {
    const { column } = this;
    if (!column || column.length < this.index().length) return undefined;
    return (row) => column.at(row);
  }

  /** Bytes of all keys that are measured. */
  get total(): number {
    return this.column?.total ?? 0;
  }

  /** Measures the keys that are not known yet. Yields between 0 and 1, how much is done. */
  *measure(): Generator<number> {
    this.column ??= new MemoryColumn(targetFor(this.server()));
    const index = this.index();
    for (const done of memorySteps(this.source, index, this.column)) yield done / Math.max(1, index.length);
  }
}
