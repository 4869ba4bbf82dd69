/** What an exported RDB has beside keys: header fields, function libraries, module data, hash templates. */
import { fromLatin1 } from '../../decoder/bytes.js';
import type { RdbFile } from '../../decoder/rdb/entry.js';
import {
  OP_AUX,
  OP_FUNCTION_PRE_GA,
  OP_FUNCTION2,
  OP_HASH_TEMPLATE,
  OP_MODULE_AUX,
} from '../../decoder/rdb/opcodes.js';
import { readRecord } from '../../decoder/rdb/records.js';
import { type Text, wholeText } from '../../decoder/rdb/string.js';
import { readFully } from '../../decoder/source.js';
import type { FileFacts } from '../file-facts.js';
import { writeLength, writeShortString } from './encode.js';
import { OutBuffer } from './out-buffer.js';
import type { Findings } from './report.js';
import { type ExportTarget, familyOf } from './target.js';

/** A file that is exported, with what is known of it. */
export interface FileParts {
  readonly file: RdbFile;
  readonly facts: FileFacts;
}

/** What is to be kept of the files. */
export interface PartsOptions {
  readonly target: ExportTarget;
  /** True if it is for a server like that of the file. */
  readonly same: boolean;
  /** True if all keys of one file are exported unchanged. */
  readonly whole: boolean;
  /** True if function libraries and data of modules are kept. */
  readonly libraries: boolean;
  readonly templates: boolean;
}

const AUX_FIELDS = 7;
const MODULE_DATA = 9;
const FUNCTIONS = 10;

/** Fields that belong to a place in a replication stream, or to the AOF that the file was part of. */
const OF_REPLICATION: ReadonlySet<string> = new Set([
  'repl-stream-db',
  'repl-id',
  'repl-offset',
  'repl-masters',
  'aof-preamble',
  'aof-base',
]);
/** Fields that say where keys of a slot begin, which are other places now; and scripts, which stand behind the keys. */
const OF_PLACES: ReadonlySet<string> = new Set(['slot-info', 'cluster-slot-states', 'cluster-asm-task', 'lua']);
/** Fields that are kept for any server. */
const COMMON: ReadonlySet<string> = new Set(['ctime', 'used-mem']);

/** What stands before the keys, as bytes of an RDB. */
export function* partsBefore(
  files: readonly FileParts[],
  options: PartsOptions,
  findings: Findings,
): Generator<Uint8Array> {
  const [first] = files;
  if (!first) return;
  const { target } = options;
  if (target.rdbVersion >= AUX_FIELDS) yield* auxFields(first, options);
  if (options.libraries) {
    for (const parts of files) yield* moduleData(parts, 1, target, findings);
    for (const { code } of functionsOf(files)) {
      if (target.rdbVersion < FUNCTIONS) findings.loss('functions', '', 0);
      else yield record(OP_FUNCTION2, wholeText(code, 'the function library'));
    }
  }
  if (options.templates) yield* records(first, OP_HASH_TEMPLATE);
}

/** What stands behind the keys. */
export function* partsAfter(
  files: readonly FileParts[],
  options: PartsOptions,
  findings: Findings,
): Generator<Uint8Array> {
  const [first] = files;
  if (!first) return;
  if (options.same && options.whole) {
    for (const { name, offset } of first.facts.auxFields) if (name === 'lua') yield recordAt(first.file, offset);
  }
  if (options.libraries) for (const parts of files) yield* moduleData(parts, 2, options.target, findings);
}

function* auxFields({ file, facts }: FileParts, { target, same, whole }: PartsOptions): Generator<Uint8Array> {
  if (!same) {
    const version = `${Math.floor(target.level / 100)}.${target.level % 100}.0`;
    // KeyDB names the Redis that it is like in a field of its own way.
    yield aux(target.make === 'valkey' && target.level >= 800 ? 'valkey-ver' : 'redis-ver', version);
    yield aux('redis-bits', '64');
  }
  for (const { name, value, offset } of facts.auxFields) {
    if (OF_PLACES.has(name) || (OF_REPLICATION.has(name) && !(same && whole))) continue;
    if (same) yield recordAt(file, offset);
    else if (COMMON.has(name)) yield aux(name, value);
  }
}

function aux(name: string, value: string): Uint8Array {
  return record(OP_AUX, fromLatin1(name), fromLatin1(value));
}

function record(opcode: number, ...strings: Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const out = new OutBuffer((bytes) => parts.push(bytes.slice()));
  out.byte(opcode);
  for (const text of strings) {
    if (text.length < 24) writeShortString(out, text);
    else {
      writeLength(out, text.length);
      out.copy(text);
    }
  }
  out.flush();
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A library of functions. */
export interface Library {
  readonly code: Text;
  readonly offset: number;
}

/** The function libraries of files; one of a name that another file has too is given once. */
export function* functionsOf(files: readonly FileParts[]): Generator<Library> {
  const names = new Set<string>();
  for (const { file, facts } of files) {
    for (const [i, code] of facts.recordCodes.entries()) {
      if (code !== OP_FUNCTION2 && code !== OP_FUNCTION_PRE_GA) continue;
      const offset = facts.recordOffsets[i];
      const { content } = readRecord(file.source, offset, file.header.family);
      if (content.kind !== 'function' || names.has(content.library.name)) continue;
      names.add(content.library.name);
      yield { code: content.library.code, offset };
    }
  }
}

/** @param when 1 for what stands before the keys, 2 for what stands behind them. */
function* moduleData(parts: FileParts, when: number, target: ExportTarget, findings: Findings): Generator<Uint8Array> {
  const { file, facts } = parts;
  for (const [i, code] of facts.recordCodes.entries()) {
    if (code !== OP_MODULE_AUX) continue;
    const offset = facts.recordOffsets[i];
    const { content } = readRecord(file.source, offset, file.header.family);
    if (content.kind !== 'module-aux' || content.when !== when) continue;
    if (target.rdbVersion < MODULE_DATA) findings.loss('module-data', content.module.name, offset);
    else yield recordAt(file, offset);
  }
}

function* records({ file, facts }: FileParts, wanted: number): Generator<Uint8Array> {
  for (const [i, code] of facts.recordCodes.entries()) {
    if (code === wanted) yield recordAt(file, facts.recordOffsets[i]);
  }
}

/** The bytes of a record. @throws DecodeError if it is damaged. */
function recordAt({ source, header }: RdbFile, offset: number): Uint8Array {
  const { end } = readRecord(source, offset, header.family);
  const bytes = new Uint8Array(end - offset);
  readFully(source, offset, bytes);
  return bytes;
}

/** True if hashes of the file can refer to its templates in the export. */
export function keepsTemplates(files: readonly FileParts[], target: ExportTarget): boolean {
  return files.length === 1 && familyOf(target) === 'redis' && target.rdbVersion >= 15;
}
