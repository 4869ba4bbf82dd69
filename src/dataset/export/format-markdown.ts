/** A table of Markdown, for a few keys: name, type, elements, expiry, and how the value begins. */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import { textSlice } from '../../decoder/rdb/string.js';
import { displayText } from '../../format/display.js';
import { type CANONICAL, keyLine } from '../key-json.js';
import type { ExportRow } from './export-rows.js';
import type { ExportEntry, Formatter } from './formatter.js';
import type { OutBuffer } from './out-buffer.js';

/** Characters of a name and of a value that are shown. */
const NAME_CHARACTERS = 200;
const VALUE_CHARACTERS = 100;
/** Bytes that are looked at for them. */
const LOOKED_AT = 512;

export class MarkdownFormatter implements Formatter {
  constructor(private readonly out: OutBuffer) {}

  begin(): void {
    this.out.ascii('| db | key | type | elements | expires | value |\n|---|---|---|---|---|---|\n');
  }

  end(): void {}

  writeKey(): boolean {
    return false;
  }

  *writeEntry(_: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const name = displayText(textSlice(entry.key, 0, LOOKED_AT), NAME_CHARACTERS);
    const cells = [
      String(row.db),
      cell(name.text) + (name.whole && entry.key.length <= LOOKED_AT ? '' : '…'),
      cell(row.typeName),
      row.elements < 0 ? '' : String(row.elements),
      expiryText(row),
      preview(entry, row),
    ];
    this.out.text(`| ${cells.join(' | ')} |\n`);
    yield;
  }
}

/** The time of the expiry in UTC; the number where it is beyond what a date can be. */
function expiryText({ expireAt }: ExportRow): string {
  if (expireAt === undefined) return '';
  const date = new Date(Number(expireAt));
  return Number.isNaN(date.getTime()) ? String(expireAt) : date.toISOString();
}

function preview(entry: ExportEntry, row: ExportRow): string {
  if (entry.value.type === 'string') {
    const { text } = entry.value;
    const shown = displayText(textSlice(text, 0, LOOKED_AT), VALUE_CHARACTERS);
    return cell(shown.text) + (shown.whole && text.length <= LOOKED_AT ? '' : '…');
  }
  const facts = {
    db: row.db,
    type: '',
    encoding: null,
    expireAt: undefined,
    idle: undefined,
    freq: undefined,
    metadata: [],
  };
  const form = {
    quoted: (text: Parameters<typeof CANONICAL.quoted>[0]) => [
      displayText(textSlice(text, 0, LOOKED_AT), VALUE_CHARACTERS).text,
    ],
    sorted: false,
  };
  let shown = '';
  // The line begins with what the other cells say.
  let inValue = false;
  for (const piece of keyLine(entry, facts, true, form)) {
    if (inValue) shown += piece;
    else inValue = piece === ',"value":';
    if (shown.length > VALUE_CHARACTERS) break;
  }
  const cut = shown.length > VALUE_CHARACTERS;
  return cell(cut ? shown.slice(0, VALUE_CHARACTERS) : shown.slice(0, -1)) + (cut ? '…' : '');
}

/** Text in which nothing means anything to Markdown or HTML. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_[\]|~$#]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
