/** The forms of exports, read back by readers of their own, with names and values that could be taken for something else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RespDecoder } from '../../../../src/decoder/resp/decoder.js';
import type { RespValue } from '../../../../src/decoder/resp/values.js';
import { exportBytes } from '../../../corpus/export-bytes.js';
import { bytes, little } from '../../support/bytes.js';
import { expireMs, file, key, length, OP, selectdb, string } from '../../support/rdb-writer.js';

/** Names that mean something in one form or another. */
const HOSTILE: readonly (string | Uint8Array)[] = [
  '',
  ' ',
  '"quoted"',
  "it's",
  'a,b;c\td',
  'line\r\nbreak',
  '\\x41\\n',
  '=HYPERLINK("x")',
  '+1+1',
  '-5',
  '@SUM(A1)',
  '__proto__',
  '| pipe ` tick <b>',
  'é€😀',
  '\u202egnp.exe',
  '{"base64":"AA=="}',
  Uint8Array.of(0, 1, 127, 128, 255),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0xc0, 0xaf),
  Uint8Array.of(0x61, 0xf0, 0x9f, 0x98),
];

const names = HOSTILE.map((name) => Buffer.from(name as string));

/** Each name as a key, whose value is another name; and all of them in a list, a set, a hash, a sorted set. */
const dump = file(
  'REDIS0011',
  selectdb(0),
  names.map((name, i) => key(0, name, string(names[(i + 1) % names.length]))),
  key(
    1,
    'list',
    bytes(
      length(names.length),
      names.map((name) => string(name)),
    ),
  ),
  key(
    2,
    'set',
    bytes(
      length(names.length),
      names.map((name) => string(name)),
    ),
  ),
  key(
    4,
    'hash',
    bytes(
      length(names.length),
      names.map((name) => bytes(string(name), string(name))),
    ),
  ),
  key(
    5,
    'zset',
    bytes(
      length(names.length),
      names.map((name, i) => bytes(string(name), double(i / 4))),
    ),
  ),
  selectdb(3),
  expireMs(4_102_444_800_000),
  key(0, 'expiring', string('v')),
);

function double(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setFloat64(0, value, true);
  return out;
}

describe('JSON', () => {
  for (const base64 of [false, true]) {
    it(`is one document whose strings are the bytes again, ${base64 ? 'as Base64' : 'readable'}`, () => {
      const text = exportBytes(dump, { format: 'json', base64 }).bytes.toString('utf8');
      const keys = JSON.parse(text) as { db: number; key: unknown; type: string; value: unknown }[];
      const bytesOf = (value: unknown): Buffer => {
        if (base64) return Buffer.from(value as string, 'base64');
        return typeof value === 'string'
          ? Buffer.from(value, 'utf8')
          : Buffer.from((value as { base64: string }).base64, 'base64');
      };
      assert.deepEqual(
        keys.slice(0, names.length).map((one) => bytesOf(one.key)),
        names,
      );
      const [list, set, hash, zset, expiring] = keys.slice(names.length);
      assert.deepEqual((list.value as unknown[]).map(bytesOf), names);
      assert.deepEqual((set.value as unknown[]).map(bytesOf), names);
      assert.deepEqual(
        (hash.value as unknown[][]).map((pair) => pair.map(bytesOf)),
        names.map((name) => [name, name]),
      );
      const scored = (zset.value as [unknown, string][]).map(([member, score]) => [bytesOf(member), Number(score)]);
      assert.deepEqual(
        scored,
        names.map((name, i) => [name, i / 4]),
      );
      assert.deepEqual([expiring.db, (expiring as { expireAtMs?: number }).expireAtMs], [3, 4_102_444_800_000]);
    });
  }

  it('keeps what is no UTF-8 apart from text that looks like it', () => {
    const text = exportBytes(dump, { format: 'jsonl' }).bytes.toString('utf8');
    assert.ok(text.includes('"key":"{\\"base64\\":\\"AA==\\"}"'));
    assert.ok(text.includes('"key":{"base64":"AAF/gP8="}'));
  });

  it('is an empty array for a file without keys', () => {
    assert.deepEqual(JSON.parse(exportBytes(file('REDIS0011'), { format: 'json' }).bytes.toString()), []);
  });
});

/** Rows of CSV, by RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at++;
    } else {
      const end = /[,\r]/g;
      end.lastIndex = at;
      const stop = end.exec(text)?.index ?? text.length;
      cell = text.slice(at, stop);
      at = stop;
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      continue;
    }
    assert.equal(text.slice(at, at + 2), '\r\n');
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The bytes of a cell. */
function readCell(cell: string): Buffer {
  const letters: Record<string, number> = { n: 0x0a, r: 0x0d, t: 0x09, '\\': 0x5c };
  const parts: Buffer[] = [];
  for (let at = 0; at < cell.length; at++) {
    if (cell[at] !== '\\') {
      const character = String.fromCodePoint(cell.codePointAt(at) ?? 0);
      parts.push(Buffer.from(character, 'utf8'));
      at += character.length - 1;
    } else if (cell[at + 1] === 'x') {
      parts.push(Buffer.from(cell.slice(at + 2, at + 4), 'hex'));
      at += 3;
    } else {
      parts.push(Buffer.from([letters[cell[++at]]]));
    }
  }
  return Buffer.concat(parts);
}

describe('CSV', () => {
  it('has a row for each key, whose name is the bytes again', () => {
    const [head, ...rows] = readCsv(exportBytes(dump, { format: 'csv' }).bytes.toString('utf8'));
    assert.deepEqual(head.slice(0, 5), ['db', 'key', 'type', 'encoding', 'elements']);
    assert.deepEqual(
      rows.slice(0, names.length).map((row) => readCell(row[1])),
      names,
    );
    assert.equal(rows.length, names.length + 5);
    assert.deepEqual([rows.at(-1)?.[0], rows.at(-1)?.[6]], ['3', '4102444800000']);
  });

  it('has a row for each element where that is wanted', () => {
    const [head, ...rows] = readCsv(exportBytes(dump, { format: 'csv', flat: true }).bytes.toString('utf8'));
    const column = (name: string) => head.indexOf(name);
    const of = (type: string) => rows.filter((row) => row[column('type')] === type);
    assert.deepEqual(
      of('list').map((row) => readCell(row[column('value')])),
      names,
    );
    assert.deepEqual(
      of('list').map((row) => Number(row[column('index')])),
      names.map((_, i) => i),
    );
    assert.deepEqual(
      of('hash').map((row) => readCell(row[column('field')])),
      names,
    );
    assert.deepEqual(
      of('zset').map((row) => Number(row[column('score')])),
      names.map((_, i) => i / 4),
    );
  });

  it('has no cell that a spreadsheet takes for a formula, but numbers', () => {
    const rows = readCsv(exportBytes(dump, { format: 'csv', flat: true }).bytes.toString('utf8'));
    for (const cell of rows.flat()) if (cell !== '-5') assert.doesNotMatch(cell, /^[=+\-@]/);
  });

  it('shows no character that turns the direction of text', () => {
    assert.doesNotMatch(exportBytes(dump, { format: 'csv' }).bytes.toString('utf8'), /[\u200e-\u202f\u2060-\u206f]/);
  });
});

describe('RESP', () => {
  it('builds the same values, database by database', () => {
    const commands: Buffer[][] = [];
    const decoder = new RespDecoder((value) => commands.push(argumentsOf(value)));
    decoder.push(exportBytes(dump, { format: 'resp' }).bytes);
    const state = new Map<string, unknown>();
    let db = 0;
    for (const [name, first, ...rest] of commands) {
      const place = `${db} ${first.toString('latin1')}`;
      const known = (state.get(place) as Buffer[] | undefined) ?? [];
      if (name.toString() === 'SELECT') db = Number(first.toString());
      else if (name.toString() === 'SET') state.set(place, rest);
      else state.set(place, [...known, ...rest]);
    }
    names.forEach((name, i) => {
      assert.deepEqual(state.get(`0 ${name.toString('latin1')}`), [names[(i + 1) % names.length]]);
    });
    assert.deepEqual(state.get('0 list'), names);
    assert.deepEqual(state.get('3 expiring'), [Buffer.from('v'), Buffer.from('4102444800000')]);
  });
});

function argumentsOf(value: RespValue): Buffer[] {
  assert.equal(value.type, 'array');
  const items = value.type === 'array' ? value.items : [];
  return items.map((item) => Buffer.from(item.type === 'bulk' ? item.bytes : new Uint8Array(0)));
}

describe('Markdown', () => {
  it('has a line for each key, in which nothing means anything', () => {
    const lines = exportBytes(dump, { format: 'markdown' }).bytes.toString('utf8').trimEnd().split('\n');
    assert.equal(lines.length, names.length + 5 + 2);
    for (const line of lines.slice(2)) {
      assert.equal(line.replaceAll(/\\./g, '').split('|').length, 8, line);
      assert.doesNotMatch(line, /[<>]/);
    }
  });
});

describe('a value larger than what is held at once', () => {
  // Neither valid UTF-8 nor a whole number of Base64 groups at the edges of pages.
  const large = Buffer.alloc(1_000_001, 'aé');
  const made = file('REDIS0011', selectdb(0), key(0, 'large', string(large)), key(0, 'next', string('v')));

  it('is the same text in JSON', () => {
    const [one, next] = JSON.parse(exportBytes(made, { format: 'json' }).bytes.toString()) as { value: unknown }[];
    const value =
      typeof one.value === 'string'
        ? Buffer.from(one.value)
        : Buffer.from((one.value as { base64: string }).base64, 'base64');
    assert.ok(value.equals(large));
    assert.equal(next.value, 'v');
  });

  it('is the same bytes in RESP, CSV and DUMP', () => {
    const resp = exportBytes(made, { format: 'resp' }).bytes;
    assert.ok(resp.includes(Buffer.concat([Buffer.from('$1000001\r\n'), large, Buffer.from('\r\n')])));
    const [, row] = readCsv(exportBytes(made, { format: 'csv', flat: true }).bytes.toString('utf8'));
    assert.ok(readCell(row[5]).equals(large));
    const [line] = exportBytes(made, { format: 'dump' }).bytes.toString().split('\n');
    const payload = Buffer.from((JSON.parse(line) as { payload: string }).payload, 'base64');
    assert.ok(payload.includes(large));
    assert.equal(payload.readUInt16LE(payload.length - 10), 11);
  });
});

describe('an RDB', () => {
  it('has its opcodes in the order of servers, and hints of the sizes', () => {
    const { bytes: written } = exportBytes(dump, { format: 'rdb', db: 3 });
    const body = bytes(selectdb(3), OP.resizedb, length(1), length(1), expireMs(4_102_444_800_000));
    assert.ok(written.includes(Buffer.from(bytes(body, key(0, 'expiring', string('v')), OP.eof))));
    assert.equal(written.subarray(0, 9).toString(), 'REDIS0011');
    assert.equal(little(1, 1).length, 1);
  });
});
