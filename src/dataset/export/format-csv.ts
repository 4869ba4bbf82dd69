/**
 * CSV by RFC 4180: a row for each key with what is known of it, or a row for each element. Cells that hold bytes of keys
 * or values are in quotes, with the escapes of `csvPart`; all others are plain.
 */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import { isLong, type Text } from '../../decoder/rdb/string.js';
import { type Collection, type Millis, streamIdText, type Value } from '../../decoder/rdb/value-model.js';
import { scoreText } from '../key-json.js';
import { slotOf } from '../slots.js';
import type { ExportRow } from './export-rows.js';
import { type ExportEntry, type Formatter, piecesOf } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import type { OutBuffer } from './out-buffer.js';
import type { PlainChoice } from './plain/plain-writer.js';
import type { Findings } from './report.js';
import { csvPart } from './text-forms.js';
import { TypeWords } from './type-words.js';

const KEY_COLUMNS = 'db,key,type,encoding,elements,bytes,expires_at_ms,idle_seconds,frequency,slot';
const ELEMENT_COLUMNS = 'db,key,type,index,field,value,score,expires_at_ms';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

/** Elements between two chances for others. */
const SLICE = 256;

/** A row for each key. */
export class CsvFormatter implements Formatter {
  readonly plain: PlainChoice = { kind: 'csv', flat: false };
  private readonly words = new TypeWords((type, encoding) => `",${plainCell(type)},${plainCell(encoding ?? '')},`);

  constructor(private readonly out: OutBuffer) {}

  begin(): void {
    this.out.ascii(`${KEY_COLUMNS}\r\n`);
  }

  end(): void {}

  writeKey(_: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    this.row(row, window.nameBytes, window.nameStart, window.nameEnd);
    return true;
  }

  *writeEntry(_: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const name = isLong(entry.key) ? yield* wholeOf(entry.key) : entry.key;
    this.row(row, name, 0, name.length);
  }

  private row(row: ExportRow, name: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const { expireAt } = row;
    out.decimal(row.db);
    out.byte(COMMA);
    out.byte(QUOTE);
    csvPart(out, name, start, end);
    out.copy(this.words.of(row.typeName, row.encoding));
    this.number(row.elements);
    out.byte(COMMA);
    this.number(row.end - row.offset);
    out.byte(COMMA);
    if (typeof expireAt === 'number' && expireAt >= 0) out.decimal(expireAt);
    else if (expireAt !== undefined) out.ascii(String(expireAt));
    out.byte(COMMA);
    this.number(row.idle);
    out.byte(COMMA);
    this.number(row.freq);
    out.byte(COMMA);
    out.decimal(slotOf(name, start, end));
    out.byte(CR);
    out.byte(LF);
  }

  /** A number that is known if it is not negative. */
  private number(value: number): void {
    if (value >= 0) this.out.decimal(value);
  }
}

/** A cell with words of the format, or of a module. */
function plainCell(text: string): string {
  return /^[\w .-]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

function* wholeOf(text: Text): Generator<void, Uint8Array> {
  const bytes = new Uint8Array(text.length);
  let at = 0;
  for (const piece of piecesOf(text)) {
    bytes.set(piece, at);
    at += piece.length;
    yield;
  }
  return bytes;
}

/** What a row says of an element. */
interface Element {
  /** Position in a list, index in an array, id of an entry of a stream. */
  readonly index?: string | number | bigint;
  readonly field?: Text;
  readonly value?: Text;
  readonly score?: number;
  readonly expireAt?: Millis | undefined;
}

/** A row for each element. */
export class FlatCsvFormatter implements Formatter {
  readonly plain: PlainChoice = { kind: 'csv', flat: true };

  constructor(
    private readonly out: OutBuffer,
    private readonly findings: Findings,
  ) {}

  begin(): void {
    this.out.ascii(`${ELEMENT_COLUMNS}\r\n`);
  }

  end(): void {}

  writeKey(): boolean {
    return false;
  }

  *writeEntry(_: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const { value } = entry;
    if (value.type === 'stream' && (value.info().groups.count ?? 0) > 0) {
      this.findings.loss('groups', row.typeName, row.offset);
    }
    let count = 0;
    for (const element of elementsOf(value)) {
      yield* this.row(row, entry.key, element);
      if (++count % SLICE === 0) yield;
    }
    // A key whose elements this form cannot give is there all the same.
    if (count === 0) yield* this.row(row, entry.key, {});
  }

  private *row({ db, typeName, expireAt }: ExportRow, key: Text, element: Element): Generator<void> {
    const { out } = this;
    out.ascii(`${db},`);
    yield* this.cell(key);
    out.text(`,${plainCell(typeName)},${element.index ?? ''},`);
    if (element.field) yield* this.cell(element.field);
    out.byte(COMMA);
    if (element.value) yield* this.cell(element.value);
    const score = element.score === undefined ? '' : scoreText(element.score);
    out.ascii(`,${score},${element.expireAt ?? expireAt ?? ''}\r\n`);
  }

  private *cell(text: Text): Generator<void> {
    const { out } = this;
    out.byte(QUOTE);
    if (!isLong(text)) {
      csvPart(out, text, 0, text.length);
    } else {
      let first = true;
      for (const piece of piecesOf(text)) {
        csvPart(out, piece, 0, piece.length, first);
        first = false;
        yield;
      }
    }
    out.byte(QUOTE);
  }
}

function* each<Item>(collection: Collection<Item>): Generator<Item> {
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield item;
}

function* elementsOf(value: Value): Generator<Element> {
  switch (value.type) {
    case 'string':
      yield { value: value.text };
      break;
    case 'list': {
      let index = 0;
      for (const text of each(value.items)) yield { index: index++, value: text };
      break;
    }
    case 'set':
      for (const { member, expireAt } of each(value.items)) yield { value: member, expireAt };
      break;
    case 'zset':
      for (const { member, score } of each(value.items)) yield { value: member, score };
      break;
    case 'hash':
      for (const { field, value: text, expireAt } of each(value.items)) yield { field, value: text, expireAt };
      break;
    case 'stream':
      for (const { id, fields } of each(value.entries)) {
        for (const [field, text] of fields) yield { index: streamIdText(id), field, value: text };
      }
      break;
    case 'array':
      for (const { index, value: text } of each(value.items)) yield { index, value: text };
      break;
    case 'module': {
      const view = value.view();
      if (view?.kind === 'json') yield { value: view.text };
      break;
    }
    default:
      break;
  }
}
