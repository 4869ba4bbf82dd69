/** Runs the scan of a file over pieces of any size and keeps everything that it tells. */
import type { Problem } from '../../../src/decoder/errors.js';
import type { RdbFile } from '../../../src/decoder/rdb/entry.js';
import type { Header } from '../../../src/decoder/rdb/header.js';
import { RdbScanner, type TemplateRecord } from '../../../src/decoder/rdb/scan.js';
import type { ByteSource } from '../../../src/decoder/source.js';
import { characters } from './bytes.js';
import type { Random } from './random.js';

/** A key as the scan tells of it. */
export interface ScannedKey {
  readonly db: number;
  readonly type: number;
  readonly offset: number;
  readonly typeOffset: number;
  readonly end: number;
  readonly keyLength: number;
  readonly elements: number;
  readonly flags: number;
  /** Exact ms since the epoch. */
  readonly expireAt: bigint | undefined;
  readonly idle: number;
  readonly freq: number;
  /** The module id of a module value. */
  readonly module: bigint | undefined;
}

/** Everything that a scan told. */
export interface Scanned {
  readonly header: Header | undefined;
  readonly keys: readonly ScannedKey[];
  readonly records: readonly { readonly opcode: string; readonly offset: number; readonly end: number }[];
  readonly aux: readonly {
    readonly name: string;
    readonly value: string;
    readonly offset: number;
    readonly end: number;
  }[];
  readonly problems: readonly Problem[];
  readonly templates: ReadonlyMap<bigint, TemplateRecord>;
  readonly complete: boolean;
  readonly checksum: bigint | undefined;
  readonly checkedBytes: number;
  readonly endOffset: number;
}

/**
 * Scans a file.
 *
 * @param cuts ascending offsets at which it is cut into pieces.
 * @param size what the scanner is told of the size of the file.
 */
export function scan(bytes: Uint8Array, cuts: Iterable<number> = [], size = bytes.length): Scanned {
  const keys: ScannedKey[] = [];
  const records: Scanned['records'][number][] = [];
  const auxFields: Scanned['aux'][number][] = [];
  const problems: Problem[] = [];
  let header: Header | undefined;
  const scanner = new RdbScanner(
    {
      header: (met) => {
        header = met;
      },
      keys: (batch) => {
        for (let i = 0; i < batch.count; i++) {
          const isModule = batch.type[i] === 6 || batch.type[i] === 7;
          keys.push({
            db: batch.db,
            type: batch.type[i],
            offset: batch.offset[i],
            typeOffset: batch.typeOffset[i],
            end: batch.end[i],
            keyLength: batch.keyLength[i],
            elements: batch.elements[i],
            flags: batch.flags[i],
            expireAt: Number.isNaN(batch.expireAt[i])
              ? undefined
              : (BigInt(batch.expireHigh[i]) << 32n) | BigInt(batch.expireLow[i]),
            idle: batch.idle[i],
            freq: batch.freq[i],
            module: isModule ? (BigInt(batch.moduleHigh[i]) << 32n) | BigInt(batch.moduleLow[i]) : undefined,
          });
        }
      },
      record: ({ name }, offset, end) => records.push({ opcode: name, offset, end }),
      aux: (name, value, offset, end) => auxFields.push({ name, value: characters(value), offset, end }),
      problem: (problem) => problems.push(problem),
    },
    size,
  );
  let start = 0;
  for (const cut of cuts) {
    scanner.push(bytes, start, cut);
    start = cut;
  }
  scanner.push(bytes, start);
  scanner.finish();
  const { templates, complete, checksum, checkedBytes, endOffset } = scanner;
  return { header, keys, records, aux: auxFields, problems, templates, complete, checksum, checkedBytes, endOffset };
}

/** All that a scan told as one text, to compare many of them quickly. */
export function fingerprint(scanned: Scanned): string {
  const { header, keys, records, aux, problems, templates, complete, checksum, checkedBytes, endOffset } = scanned;
  let print = `${header?.magic} ${complete} ${checksum} ${checkedBytes} ${endOffset} ${JSON.stringify(problems)}`;
  for (const key of keys) {
    const { db, type, offset, typeOffset, end, keyLength, elements, flags, expireAt, idle, freq, module } = key;
    print += `\n${db} ${type} ${offset} ${typeOffset} ${end} ${keyLength} ${elements} ${flags} ${expireAt} ${idle} ${freq}`;
    if (module !== undefined) print += ` ${module}`;
  }
  for (const { opcode, offset, end } of records) print += `\n${opcode} ${offset} ${end}`;
  for (const { name, value, offset, end } of aux) print += `\n${name} ${value} ${offset} ${end}`;
  for (const [id, { offset, fields }] of templates) print += `\n${id} ${offset} ${fields}`;
  return print;
}

/** The file as values need it, from what the scan told. */
export function fileOf(source: ByteSource, { header, templates, aux }: Scanned): RdbFile {
  const keydb = aux.some(({ name }) => name.startsWith('keydb-') || name === 'mvcc-tstamp');
  return { source, header: header ?? { magic: '', family: 'redis', version: 0 }, templates, keydb };
}

/** The cuts that give one byte at a time. */
export function* everyByte(bytes: Uint8Array): Generator<number> {
  for (let at = 1; at < bytes.length; at++) yield at;
}

/** Cuts at random distances from 1 to `most` bytes. */
export function* randomCuts(bytes: Uint8Array, random: Random, most: number): Generator<number> {
  for (let at = 1 + random(most); at < bytes.length; at += 1 + random(most)) yield at;
}

/** A source that never gives more than `most` bytes at once. */
export class ShortReads implements ByteSource {
  readonly size: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly most: number,
  ) {
    this.size = bytes.length;
  }

  read(position: number, target: Uint8Array): number {
    const part = this.bytes.subarray(position, position + Math.min(this.most, target.length));
    target.set(part);
    return part.length;
  }
}

/** A source whose reads end at a place in it, as the reads of a file may end at the end of a block. */
export class SplitReads implements ByteSource {
  readonly size: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly at: number,
  ) {
    this.size = bytes.length;
  }

  read(position: number, target: Uint8Array): number {
    const stop = position < this.at ? this.at : this.size;
    const part = this.bytes.subarray(position, Math.min(stop, position + target.length));
    target.set(part);
    return part.length;
  }
}

/** A source that counts the bytes that were read from it. */
export class CountedReads implements ByteSource {
  readonly size: number;
  count = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }

  read(position: number, target: Uint8Array): number {
    const part = this.bytes.subarray(position, position + target.length);
    target.set(part);
    this.count += part.length;
    return part.length;
  }
}
