/** `memory`: what each key costs in memory, as JSON Lines, in the order of the file and in constant memory. */
import { FileScan } from '../dataset/file-scan.js';
import { matchesGlob } from '../dataset/glob.js';
import { Measurer } from '../dataset/memory/measure.js';
import { type TargetChoice, targetFor } from '../dataset/memory/target.js';
import { INTEGER, RecordBytes } from '../dataset/record-bytes.js';
import type { ValueSearch } from '../dataset/value-search.js';
import { integerText } from '../decoder/bytes.js';
import { DecodeError, type Problem, problemMessage } from '../decoder/errors.js';
import type { KeyBatch, TypeTable } from '../decoder/rdb/key-batch.js';
import { parseModuleId } from '../decoder/rdb/module-id.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum } from './checksum-thread.js';
import { startsCommand } from './file-kind.js';
import { fixed, LineBytes } from './line-bytes.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { textSearch } from './text-search.js';
import { rdbFile } from './verify-keys.js';

export interface MemoryOptions {
  readonly db: number | undefined;
  readonly match: Uint8Array | undefined;
  readonly type: string | undefined;
  /** What some text of the value has to have. */
  readonly value: string | undefined;
  readonly target: TargetChoice;
}

/** Prints the keys. @param complain takes a line for each problem. @returns the exit status. */
export function memory(
  path: string,
  options: MemoryOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  return withFile(path, (source) => printMemory(source, options, output, complain));
}

async function printMemory(
  source: FileSource,
  options: MemoryOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const report = (problem: Problem) => {
    complain(`${source.path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  };
  const pending = startChecksum(source.fd, source.size - 8);
  const lines = new LineBytes();
  const record = new RecordBytes(source);
  let printer: KeyPrinter | undefined;
  let damaged = 0;
  const scan = new FileScan(source, (batch, types, facts) => {
    // The aux fields that name the server stand before the first key.
    printer ??= new KeyPrinter(
      new Measurer(targetFor(facts.server, options.target)),
      record,
      options,
      lines,
      textSearch(options.value, () => rdbFile(source, scan)),
    );
    for (let i = 0; i < batch.count; i++) {
      const begun = lines.length;
      try {
        printer.print(batch, i, types);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        // A line is printed whole or not at all.
        lines.cut(begun);
        damaged++;
        report(error.toProblem(batch.typeOffset[i]));
      }
    }
  });
  for (let more = true; more && !output.closed; ) {
    more = scan.step();
    if (lines.length > 0) await output.bytes(lines.take());
  }
  await output.end();
  if (!output.closed && !scan.checksumWithoutReading) scan.compareChecksum(pending.result(scan.checkedBytes));
  pending.cancel();
  for (const problem of scan.facts.problems) report(problem);
  if (scan.complete && startsCommand(source, scan.end)) {
    complain(`${source.path}: the commands behind the RDB, from offset ${scan.end} on, are not counted\n`);
  }
  return damaged + scan.facts.problems.length > 0 ? 1 : 0;
}

/** The longest name that a server takes; a longer one is printed as an empty one. */
const NAME_LIMIT = 512 * 1024 * 1024;
const NO_NAME = new Uint8Array(0);

const BYTES = fixed(',"bytes":');
const MEMORY = fixed(',"memory":');
const NULL = fixed('null');
const END = fixed('}\n');

/** Prints keys whose records a scan has met. */
class KeyPrinter {
  /** The middle of a line, by type and encoding. */
  private readonly names = new Map<string, Map<string | null, Uint8Array>>();
  private db = -1;
  /** The beginning of a line of that database. */
  private head = NULL;

  constructor(
    private readonly measurer: Measurer,
    private readonly record: RecordBytes,
    private readonly options: MemoryOptions,
    private readonly lines: LineBytes,
    private readonly search: ValueSearch | undefined,
  ) {}

  print(batch: KeyBatch, i: number, types: TypeTable): void {
    const { options, record, measurer, lines } = this;
    if (options.db !== undefined && batch.db !== options.db) return;
    const type = types[batch.type[i]] as ValueType;
    const name = type.type === 'module' ? moduleName(batch, i) : type.type;
    if (options.type !== undefined && name !== options.type) return;
    const end = batch.end[i];
    const typeOffset = batch.typeOffset[i];
    if (this.search && !this.search.matches(record, type, typeOffset, end)) return;
    record.seek(typeOffset, end);
    record.skip(1);
    const keyLength = record.string();
    let key = record.window;
    let start = record.inWindow;
    if (start < 0) {
      key = record.kind === INTEGER ? integerText(record.integer) : (record.bytes(NAME_LIMIT) ?? NO_NAME);
      start = 0;
    }
    const behind = Math.min(key.length, start + keyLength);
    if (options.match && !matchesGlob(options.match, key, start, behind)) return;
    if (batch.db !== this.db) {
      this.db = batch.db;
      this.head = fixed(`{"db":${this.db},"key":"`);
    }
    lines.fixed(this.head);
    lines.base64(key, start, behind);
    const expires = !Number.isNaN(batch.expireAt[i]);
    const memory = measurer.measureValue(record, type, keyLength, end, expires, batch.elements[i]);
    lines.fixed(this.middle(name, measurer.encoding));
    if (measurer.elements < 0) lines.fixed(NULL);
    else lines.number(measurer.elements);
    lines.fixed(BYTES);
    lines.number(end - batch.offset[i]);
    lines.fixed(MEMORY);
    lines.number(memory);
    lines.fixed(END);
  }

  private middle(type: string, encoding: string | null): Uint8Array {
    let encodings = this.names.get(type);
    if (!encodings) {
      encodings = new Map();
      this.names.set(type, encodings);
    }
    let text = encodings.get(encoding);
    if (!text) {
      text = fixed(`","type":${JSON.stringify(type)},"encoding":${JSON.stringify(encoding)},"elements":`);
      encodings.set(encoding, text);
    }
    return text;
  }
}

function moduleName(batch: KeyBatch, i: number): string {
  return parseModuleId((BigInt(batch.moduleHigh[i]) << 32n) | BigInt(batch.moduleLow[i])).name;
}
