/** The records of a file that are no keys: decoded a page at a time, when somebody looks at them. */
import type { FileFacts } from '../dataset/file-facts.js';
import { textOf } from '../dataset/key-pattern.js';
import { DecodeError, phrase } from '../decoder/errors.js';
import type { Family } from '../decoder/rdb/header.js';
import { OP_FUNCTION_PRE_GA, OP_FUNCTION2 } from '../decoder/rdb/opcodes.js';
import { type FileRecord, type RecordContent, readRecord } from '../decoder/rdb/records.js';
import { textSlice } from '../decoder/rdb/string.js';
import type { ByteSource } from '../decoder/source.js';
import type { Fact, FunctionInfo, ItemCell, Name, RecordInfo } from '../protocol.js';
import { bigCell, errorPhrase, factsOf, scoreCell, textCell } from './cells.js';

/** Module items of a record that are shown. */
const SHOWN_ITEMS = 200;
/** Libraries that are listed, and characters of their source. */
const FUNCTION_LIMIT = 500;
const CODE_CHARACTERS = 256 * 1024;

/** The records of one file. */
export class FileRecords {
  constructor(
    private readonly source: ByteSource,
    private readonly facts: FileFacts,
  ) {}

  private get family(): Family {
    return this.facts.fileHeader?.family ?? 'redis';
  }

  /** A page of records, of all opcodes or of one. */
  page(from: number, count: number, opcode: number | null): { total: number; records: readonly RecordInfo[] } {
    const { recordCodes, recordOffsets } = this.facts;
    const records: RecordInfo[] = [];
    let position = 0;
    for (let i = 0; i < recordCodes.length; i++) {
      if (opcode !== null && recordCodes[i] !== opcode) continue;
      if (position >= from && records.length < count) records.push(this.info(recordCodes[i], recordOffsets[i]));
      position++;
    }
    return { total: position, records };
  }

  private info(code: number, offset: number): RecordInfo {
    try {
      return infoOf(readRecord(this.source, offset, this.family));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return {
        offset,
        end: offset,
        opcode: code,
        name: '',
        parts: [{ name: phrase('Damage'), value: errorPhrase(error) }],
      };
    }
  }

  /** The record that holds an offset. */
  at(offset: number): { readonly offset: number; readonly end: number } | undefined {
    const { recordOffsets } = this.facts;
    let low = 0;
    let high = recordOffsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (recordOffsets[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    const start = recordOffsets[low];
    if (start === undefined || start > offset) return undefined;
    try {
      const { end } = readRecord(this.source, start, this.family);
      return offset < end ? { offset: start, end } : undefined;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return undefined;
    }
  }

  /** The libraries of functions, with their source. */
  functions(): { functions: readonly FunctionInfo[]; more: number } {
    const { recordCodes, recordOffsets } = this.facts;
    const functions: FunctionInfo[] = [];
    let more = 0;
    for (let i = 0; i < recordCodes.length; i++) {
      if (recordCodes[i] !== OP_FUNCTION2 && recordCodes[i] !== OP_FUNCTION_PRE_GA) continue;
      if (functions.length >= FUNCTION_LIMIT) {
        more++;
        continue;
      }
      const { content, offset } = readRecord(this.source, recordOffsets[i], this.family);
      if (content.kind !== 'function') continue;
      const { name, engine, code } = content.library;
      const bytes = textSlice(code, 0, CODE_CHARACTERS);
      const text = textOf(bytes, 0, bytes.length);
      functions.push({ name, engine, offset, bytes: code.length, code: text, cut: code.length > CODE_CHARACTERS });
    }
    return { functions, more };
  }
}

function infoOf(record: FileRecord): RecordInfo {
  const { opcode, offset, end, content } = record;
  return { offset, end, opcode: opcode.code, name: opcode.name, parts: partsOf(content) };
}

function partsOf(content: RecordContent): Fact[] {
  const part = (name: Name, value: ItemCell) => ({ name, value });
  switch (content.kind) {
    case 'selectdb':
      return [part(phrase('Database'), content.db)];
    case 'resizedb':
      return [part(phrase('Keys'), content.keys), part(phrase('Keys with expiry'), content.expires)];
    case 'aux':
      return [part(phrase('Name'), textCell(content.name)), part(phrase('Value'), textCell(content.value))];
    case 'slot-info':
      return [
        part(phrase('Slot'), content.slot),
        part(phrase('Keys'), content.keys),
        part(phrase('Keys with expiry'), content.expires),
      ];
    case 'slot-import':
      return [
        part(phrase('Job'), textCell(content.job)),
        part(phrase('Slots'), content.ranges.map(([first, last]) => `${first}–${last}`).join(', ')),
      ];
    case 'function':
      return [
        part(phrase('Library'), content.library.name),
        part(phrase('Engine'), content.library.engine),
        part(phrase('Source'), textCell(content.library.code)),
      ];
    case 'template':
      return [
        part(phrase('Template'), bigCell(content.id)),
        part(phrase('Fields'), content.names.length),
        ...content.names.slice(0, SHOWN_ITEMS).map((name, i) => part(String(i), textCell(name))),
      ];
    case 'module-aux': {
      const parts = [
        part(phrase('Module'), `${content.module.name} v${content.module.version}`),
        part(
          phrase('Position'),
          content.when === 1 ? phrase('before the keys') : content.when === 2 ? phrase('after the keys') : '?',
        ),
      ];
      const known = content.view();
      if (known) return [...parts, ...factsOf(known)];
      const walker = content.items.walk();
      for (let item = walker.next(); item && parts.length < SHOWN_ITEMS; item = walker.next()) {
        const { value } = item;
        const cell =
          typeof value === 'bigint' ? bigCell(value) : typeof value === 'number' ? scoreCell(value) : textCell(value);
        parts.push(part(item.kind, cell));
      }
      return parts;
    }
    case 'number':
      return [part(phrase('Value'), bigCell(content.value))];
    case 'end':
      return [];
  }
}
