/** Keys that are written straight from the bytes of a file: what comes out is what the formatters write. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExportOptions } from '../../../../src/dataset/export/options.js';
import { openPlainKeys } from '../../../../src/dataset/export/plain/plain-keys.js';
import type { PlainWriter } from '../../../../src/dataset/export/plain/plain-writer.js';
import { parseTarget } from '../../../../src/dataset/export/target.js';
import { type Exported, exportBytes } from '../../../corpus/export-bytes.js';
import { bytes, double } from '../../support/bytes.js';
import { listpack, ziplist } from '../../support/compact.js';
import { dumps } from '../../support/fixtures.js';
import { seededRandom } from '../../support/random.js';
import {
  compressed,
  counted,
  expireMs,
  file,
  key,
  type Stream,
  selectdb,
  streamNode,
  streamValue,
  string,
} from '../../support/rdb-writer.js';
import { SAMPLE_FILES } from '../../support/samples.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

/** Every way in which such keys can be written. */
const FORMS: readonly ExportOptions[] = [
  { format: 'json' },
  { format: 'jsonl' },
  { format: 'resp' },
  ...['2.4', '3.2', '6.2'].map((name): ExportOptions => ({ format: 'resp', target: parseTarget(name) })),
];

/** Elements in tables are of values that were checked where each key is written by itself: damaged ones have none. */
const TABLES: readonly ExportOptions[] = [{ format: 'csv' }, { format: 'csv', flat: true }];

/** Less than everything, or more than one file, of each form. */
const PARTS: readonly ExportOptions[] = [
  { format: 'json', db: 0 },
  { format: 'jsonl', match: bytes('*1*') },
  { format: 'resp', type: 'hash' },
  { format: 'jsonl', expiredBefore: Date.UTC(2035, 0) },
  { format: 'json', slots: [{ from: 0, to: 9000 }] },
  { format: 'resp', split: { kind: 'db' } },
  { format: 'csv', type: 'zset' },
  { format: 'csv', flat: true, match: bytes('*e*') },
];

/** Keys with the bytes of the file, as far as these are what would be written. */
const RDBS: readonly ExportOptions[] = [
  { format: 'rdb' },
  { format: 'rdb', target: parseTarget('redis-7.0') },
  { format: 'rdb', target: parseTarget('redis-2.4') },
  { format: 'rdb', type: 'string' },
  { format: 'rdb', expiredBefore: Date.UTC(2035, 0) },
  { format: 'rdb', split: { kind: 'db' } },
];

/** Rows of an index that are exported: all, or most of them in stretches whose order is another one. */
const ROWS = {
  indexed: (count: number) => Array.from({ length: count }, (_, row) => row),
  chosen: (count: number) => {
    const rows = Array.from({ length: count }, (_, row) => row).filter((row) => row % 7 !== 3);
    const half = rows.length >> 1;
    return [...rows.slice(half), ...rows.slice(0, half >> 1), ...rows.slice(half >> 1, half).reverse()];
  },
};

/** Dumps of real servers that take little time. */
const SMALL = dumps().filter(({ size }) => size < 40_000);
/** Some of them, of every family. */
const SOME = SMALL.filter((_, i) => i % 4 === 1);

/** What the formatters write. */
function formattedOf(dump: Uint8Array, options: ExportOptions, rows?: keyof typeof ROWS): Outcome {
  return outcome(() => exportBytes(dump, options, true, { rows: rows && ROWS[rows], oneByOne: true }));
}

/**
 * Exports on both ways.
 *
 * @param formatted what the formatters write, where that is known: for all rows it is the same however they are found.
 * @returns how many keys were written straight from the bytes.
 */
function compare(
  dump: Uint8Array,
  options: ExportOptions,
  what: string,
  rows?: keyof typeof ROWS,
  formatted = formattedOf(dump, options, rows),
): number {
  let keys = 0;
  const counting = (): PlainWriter | undefined => {
    const writer = openPlainKeys();
    assert.ok(writer);
    const run = writer.run.bind(writer);
    writer.run = (start, end) => {
      const at = run(start, end);
      keys += writer.keys;
      return at;
    };
    return writer;
  };
  const plain = outcome(() => exportBytes(dump, options, true, { rows: rows && ROWS[rows], openPlain: counting }));
  const { target, ...other } = options;
  const form = `${what}, ${JSON.stringify(other)} ${target?.level ?? ''} ${rows ?? ''}`;
  assert.deepEqual(plain.failure, formatted.failure, form);
  const parts = [...(formatted.exported?.files ?? [])];
  assert.deepEqual(
    [...(plain.exported?.files.keys() ?? [])],
    parts.map(([part]) => part),
    form,
  );
  for (const [part, written] of parts) assert.ok(plain.exported?.files.get(part)?.equals(written), `${form} ${part}`);
  assert.deepEqual(plain.exported?.report, formatted.exported?.report, form);
  return keys;
}

/** A library of functions that is damaged ends an export. */
interface Outcome {
  readonly exported?: Exported;
  readonly failure?: unknown;
}

function outcome(run: () => Exported): Outcome {
  try {
    return { exported: run() };
  } catch (failure) {
    return { failure };
  }
}

describe('keys written straight from the bytes of a file', () => {
  it('are those that the formatters write, for all dumps of real servers', () => {
    let keys = 0;
    let all = 0;
    for (const [at, { name, size, bytes: dump }] of dumps().entries()) {
      for (const [form, options] of FORMS.entries()) {
        // Large dumps differ by their servers only: each of them is written for another release.
        if (options.target && size > 100_000 && form % 3 !== at % 3) continue;
        const formatted = formattedOf(dump, options);
        const plain = compare(dump, options, name, undefined, formatted);
        if (options.format !== 'jsonl') continue;
        keys += plain;
        all += formatted.exported?.report.keys ?? 0;
      }
    }
    for (const { name, bytes: dump } of SOME) for (const options of TABLES) compare(dump, options, name);
    // The others are of types that few servers have, or stand behind what only a decoder knows.
    assert.ok(keys > all * 0.85, `${keys} of ${all}`);
  });

  it('are those that the formatters write, where only some are asked for, or they go into many files', () => {
    for (const { name, bytes: dump } of SOME) for (const options of PARTS) compare(dump, options, name);
  });

  it('are those that the formatters write, where they are found in an index', () => {
    let keys = 0;
    let all = 0;
    for (const { name, bytes: dump } of SOME) {
      all += exportBytes(dump, { format: 'csv' }).report.keys;
      for (const options of [FORMS[0], FORMS[2], ...TABLES, ...PARTS]) {
        const plain = compare(dump, options, name, 'indexed');
        if (options === FORMS[0]) keys += plain;
      }
      for (const options of [FORMS[1], FORMS[3], PARTS[3]]) compare(dump, options, name, 'chosen');
    }
    assert.ok(keys > all * 0.8, `${keys} of ${all}`);
  });

  it('are those that the formatters write, in every encoding', () => {
    for (const { bytes: sample, title } of SAMPLE_FILES) {
      for (const options of [...FORMS, ...TABLES, ...RDBS]) compare(sample, options, title);
      for (const options of [...FORMS, ...TABLES]) compare(sample, options, title, 'indexed');
    }
  });

  it('are copied into an RDB as the formatter writes them', () => {
    let keys = 0;
    let all = 0;
    for (const { name, bytes: dump } of SOME) {
      all += exportBytes(dump, { format: 'csv' }).report.keys;
      for (const options of RDBS) {
        const plain = compare(dump, options, name);
        if (options === RDBS[0]) keys += plain;
      }
      for (const rows of ['indexed', 'chosen'] as const) compare(dump, { format: 'rdb' }, name, rows);
    }
    // Each is counted before it is written.
    assert.ok(keys > all, `${keys} of ${all}`);
  });

  it('are copied into an RDB only where what stands before them is what would be written', () => {
    const value = key(0, 'name', string('value'));
    const times = [2 ** 40, 2 ** 41 + 1, 2 ** 53 - 1, 2 ** 53 + 2, 0, -1, -(2 ** 40)];
    const accesses = [
      [],
      [0xf9, 7],
      [0xf8, 0x3f],
      [0xf8, 0x40, 0x3f],
      [0xf8, 0x40, 0x40],
      [0xf8, 0x7f, 0xff],
      [0xf8, 0x80, 0, 0, 0x3f, 0xff],
      [0xf8, 0x80, 0, 0, 0x40, 0],
      [0xf8, 0x80, 0xff, 0xff, 0xff, 0xff],
      [0xf8, 0x81, 0, 0, 0, 0, 0, 0, 0, 7],
      [0xf9, 7, 0xf8, 5],
      [0xf8, 5, 0xf9, 7],
    ];
    const heads = [undefined, ...times].flatMap((time) =>
      accesses.flatMap((access) => {
        const expiry = time === undefined ? [] : expireMs(time);
        return [bytes(expiry, access), bytes(access, expiry)];
      }),
    );
    const seconds = [bytes(0xfd, 0, 0, 0, 0x60), bytes(0xfd, 0, 0, 0, 0xe0)];
    const records = [...heads, ...seconds].flatMap((head) => [value, bytes(head, value), bytes(head, head, value)]);
    for (const magic of ['REDIS0003', 'REDIS0008', 'REDIS0011', 'VALKEY080']) {
      for (const options of RDBS) compare(file(magic, selectdb(0), records), options, magic);
    }
  });

  it('are those that the formatters write, whatever the texts', () => {
    const odd = ['"', '\\', '\n', '\x00', '\x1f', '\x7f', '\xc3\xa9', '\xe2\x82\xac', '\xf0\x9f\x98\x80'];
    const broken = [
      '\x80',
      '\xc3',
      '\xc0\x80',
      '\xe0\x80\x80',
      '\xed\xa0\x80',
      '\xf4\x90\x80\x80',
      '\xf8',
      '\xff',
      '\xe2\x82',
    ];
    const texts = [...odd, ...broken].flatMap((text) =>
      Array.from({ length: 20 }, (_, before) => `${'a'.repeat(before)}${text}${'b'.repeat(19 - before)}`),
    );
    for (let byte = 0; byte < 256; byte++) texts.push(String.fromCharCode(byte));
    for (let length = 0; length < 40; length++)
      texts.push('x'.repeat(length), '\u0001'.repeat(length), 'é€'.repeat(length));
    const records = texts.flatMap((text, i) => [
      key(0, text, string(text)),
      key(0, `lzf ${i}`, compressed(text.repeat(3))),
      key(16, `hash ${i}`, string(listpack([text, i, text, -i]))),
      key(13, `old hash ${i}`, compressed(ziplist([text, i * 1000, `${i}`, text]))),
    ]);
    for (const options of FORMS) {
      const keys = compare(file('REDIS0011', selectdb(0), records), options, 'texts');
      // The names that are longest have lengths of two bytes; all the others are short.
      if (options.target === undefined) assert.ok(keys >= records.length - 4, `${keys} of ${records.length}`);
    }
    // What looks like a number, for a spreadsheet, is looked at more closely elsewhere.
    const numbers = [
      '1',
      '1.5',
      '1.',
      '.5',
      '',
      '1e3',
      '1E-3',
      'inf',
      'INF',
      'infinite',
      '12345678',
      '1'.repeat(40),
      '1a',
      '..',
    ];
    const signed = ['+', '-', '=', '@'].flatMap((sign) => numbers.map((number) => `${sign}${number}`));
    const unseen = [
      'c285',
      'c2a0',
      'c2a1',
      'e2808f',
      'e28090',
      'e280a7',
      'e280a8',
      'e280b0',
      'e281a0',
      'efbbbf',
      'efbbbe',
    ];
    const marks = unseen.map((hex) => Buffer.from(hex, 'hex').toString('latin1'));
    const more = [...signed, ...marks, ...marks.map((mark) => `a${mark}${mark}b`)].map((text, i) =>
      key(16, text, string(listpack([text, `{${text}}${i}`, `-${i}`, `{}${text}{a}`]))),
    );
    const slots = ['{a}b', '{}a', '{', '}', 'a{b', 'a{b}c}', '{{a}}', '}{a}'].map((name) => key(0, name, string('x')));
    for (const options of TABLES) {
      // Hashes that have a field twice are damaged.
      const whole = options.flat ? [...records.filter((_, i) => i % 4 < 2), ...more, ...slots] : [records, more, slots];
      const keys = compare(file('REDIS0011', selectdb(0), whole), options, 'texts');
      assert.ok(keys > 1000, `${keys}`);
    }
  });

  it('are those that the formatters write, whatever the scores', () => {
    const texts = [
      '0',
      '-0',
      '1',
      '-1',
      '1.5',
      '0.1',
      '-0.25',
      '1.50',
      '1e3',
      '1e300',
      '17.000000000000001',
      'inf',
      '-inf',
      '+1',
      '.5',
    ];
    texts.push(
      '3.1400000000000001',
      '123456789012345',
      '1234567890123456',
      '12345678901234567890',
      'nan',
      'x',
      '',
      '1.',
      '-',
    );
    const doubles = [
      0,
      -0,
      1,
      -1,
      0.1,
      1e15,
      1e15 - 1,
      1e21,
      2 ** 53,
      5e-324,
      Number.MAX_VALUE,
      Infinity,
      -Infinity,
      NaN,
    ];
    const records = [
      ...texts.map((text, i) => key(17, `listpack ${i}`, string(listpack(['member', text, 7, text])))),
      ...texts.map((text, i) => key(12, `ziplist ${i}`, string(ziplist([text, text, -5, 3])))),
      ...doubles.map((score, i) => key(5, `zset ${i}`, counted([bytes(string('m'), double(score))]))),
    ];
    for (const options of [...FORMS, ...TABLES]) compare(file('REDIS0011', selectdb(0), records), options, 'scores');
  });

  it('keep their order among those that the formatters write, over the borders of what is read at once', () => {
    const random = seededRandom(7);
    const text = () => 'x'.repeat(random(4000) === 0 ? random(400_000) : random(400));
    const records = Array.from({ length: 8000 }, (_, i) => {
      const name = `key ${i}`;
      const before = i % 3 === 0 ? [expireMs(4_000_000_000_000 + i)] : [];
      // A name that is compressed is left to the formatters, and so is what is larger than the window.
      const value =
        i % 40 === 0
          ? bytes(0, compressed(name.repeat(4)), string('v'))
          : i % 7 === 0
            ? key(16, name, compressed(listpack(['field', text().slice(0, 5000), i, i])))
            : key(0, name, string(text()));
      return bytes(i % 500 === 0 ? selectdb(i / 500) : [], before, value);
    });
    const dump = file('REDIS0011', records);
    assert.ok(dump.length > 1_500_000);
    for (const options of [...FORMS, ...TABLES, ...PARTS, ...RDBS]) {
      const formatted = formattedOf(dump, options);
      const keys = compare(dump, options, 'borders', undefined, formatted);
      if (FORMS.includes(options) && !options.target) assert.ok(keys > 6000, `${keys} of ${records.length}`);
      if (options.target || options.flat || options.split) continue;
      const indexed = compare(dump, options, 'borders', 'indexed', formatted);
      if (FORMS.includes(options)) assert.ok(indexed > 6000, `${indexed} of ${records.length}`);
      compare(dump, options, 'borders', 'chosen');
    }
  });

  it('are those that the formatters write, for streams without groups', () => {
    const node = (i: number) =>
      streamNode(
        [1000 * i, 5],
        ['f', 'g'],
        [
          { ms: 0, seq: 0, values: ['a', `${i}`] },
          { ms: 0, seq: 1, values: ['gone', 'gone'], deleted: true },
          {
            ms: 10,
            seq: -5,
            fields: [
              ['own', '-1'],
              ['é"', '\xff'],
            ],
          },
        ],
      );
    const stream = (nodes: number): Stream => ({
      nodes: Array.from({ length: nodes }, (_, i) => node(i + 1)),
      length: 2 * nodes,
      last: [2 ** 40, 2 ** 33],
      first: [1000, 5],
      maxDeleted: [1000, 6],
      added: 3 * nodes,
      groups: [],
      duration: 100,
      maxEntries: 0,
      producers: [],
      idsAdded: 0,
      idsDuplicate: 0,
    });
    const records = [15, 19, 21].flatMap((type) =>
      [0, 1, 2, 20].map((nodes) => key(type, `stream ${type} ${nodes}`, streamValue(type, stream(nodes)))),
    );
    for (const options of FORMS) {
      const keys = compare(file('REDIS0011', selectdb(0), records), options, 'streams');
      if (options.target === undefined) assert.ok(keys >= 9, `${keys}`);
    }
  });

  it(`are those that the formatters write, where bytes are changed at random (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    for (let round = 0; round < 400; round++) {
      const { name, bytes: changed } = SMALL[random(SMALL.length)];
      const dump = new Uint8Array(changed);
      for (let i = 0; i < 1 + (round % 8); i++) dump[random(dump.length)] = random(4) === 0 ? 255 : random(256);
      const forms = [...FORMS, ...PARTS, ...RDBS, TABLES[0]].filter(({ flat }) => !flat);
      const rows = ([undefined, 'indexed', 'chosen'] as const)[round % 3];
      compare(dump, forms[random(forms.length)], `${name}, round ${round}`, rows);
    }
  });
});
