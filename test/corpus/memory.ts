/** Compares memory estimates with what the servers that wrote the dumps said of their keys. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FileScan } from '../../src/dataset/file-scan.js';
import type { AllocatorName } from '../../src/dataset/memory/allocator.js';
import { Measurer } from '../../src/dataset/memory/measure.js';
import { targetFor } from '../../src/dataset/memory/target.js';
import { RecordBytes } from '../../src/dataset/record-bytes.js';
import { parseModuleId } from '../../src/decoder/rdb/module-id.js';
import type { ValueType } from '../../src/decoder/rdb/value-type.js';
import { MemorySource } from '../../src/decoder/source.js';
import { readTruth } from './compare.js';

/** An estimate beside the truth. */
export interface Estimate {
  readonly server: string;
  readonly variant: string;
  readonly type: string;
  readonly encoding: string | null;
  readonly key: string;
  readonly estimated: number;
  readonly actual: number;
  /** The encoding that the server named. */
  readonly actualEncoding: string;
}

/** The allocator that a summary names, as INFO does: `libc`, or jemalloc with its version. */
export function allocatorNamed(name: string | undefined): AllocatorName {
  return name === 'libc' ? 'libc' : 'jemalloc';
}

/** Relative error, without sign. */
export function errorOf({ estimated, actual }: Estimate): number {
  return Math.abs(estimated - actual) / actual;
}

/** The value below which a part of the sorted numbers lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ?? 0;
}

/** Estimates of all keys of a dump whose memory is known. */
export function estimateVariant(folder: string, choice: { allocator?: AllocatorName } = {}): Estimate[] {
  const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as {
    truth: string;
    label: string;
    variant: string;
    allocator?: string;
  };
  const truth = readTruth(folder, summary.truth);
  const source = new MemorySource(readFileSync(path.join(folder, 'dump.rdb')));
  const record = new RecordBytes(source);
  const estimates: Estimate[] = [];
  let measurer: Measurer | undefined;
  new FileScan(source, (batch, types, facts) => {
    measurer ??= new Measurer(
      targetFor(facts.server, { allocator: choice.allocator ?? allocatorNamed(summary.allocator) }),
    );
    for (let i = 0; i < batch.count; i++) {
      const type = types[batch.type[i]] as ValueType;
      const expires = !Number.isNaN(batch.expireAt[i]);
      const estimated = measurer.measure(record, type, batch.typeOffset[i], batch.end[i], expires, batch.elements[i]);
      record.seek(batch.typeOffset[i] + 1, batch.end[i]);
      record.string();
      const key = keyText(record);
      const expected = truth.get(`${batch.db} ${key}`);
      const actual = Number(expected?.memory ?? 0);
      if (actual === 0) continue;
      const module = (BigInt(batch.moduleHigh[i]) << 32n) | BigInt(batch.moduleLow[i]);
      estimates.push({
        server: summary.label,
        variant: summary.variant,
        type: type.type === 'module' ? parseModuleId(module).name : type.type,
        encoding: measurer.encoding,
        key,
        estimated,
        actual,
        actualEncoding: String(expected?.encoding),
      });
    }
  }).run();
  return estimates;
}

function keyText(record: RecordBytes): string {
  if (record.kind === 1) return Buffer.from(String(record.integer)).toString('base64');
  return Buffer.from(record.bytes() ?? new Uint8Array(0)).toString('base64');
}
