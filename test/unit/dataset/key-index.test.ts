/** The key index: rows as the scan gave them, numbers too large for their columns, databases, finding rows again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHUNK_ROWS, KeyIndex } from '../../../src/dataset/key-index.js';
import type { ServerInfo } from '../../../src/dataset/server-info.js';
import { COUNT_UNKNOWN, KeyBatch, NO_EXPIRY } from '../../../src/decoder/rdb/key-batch.js';
import { valueTypes } from '../../../src/decoder/rdb/value-types.js';
import { moduleId } from '../support/rdb-writer.js';

const SERVER: ServerInfo = { make: 'redis', version: '7.2.4', level: 702 };
const TYPES = valueTypes('redis', 15);

/** What a test says of a key; the rest is as for a string of five bytes. */
interface Row {
  readonly offset: number;
  readonly head?: number;
  readonly size?: number;
  readonly type?: number;
  readonly elements?: number;
  readonly expireAt?: bigint;
  readonly idle?: number;
  readonly freq?: number;
  readonly flags?: number;
  readonly module?: bigint;
}

/** Adds keys of a database, in batches as the scan would. */
function add(index: KeyIndex, db: number, rows: readonly Row[]): void {
  const batch = new KeyBatch();
  batch.db = db;
  const flush = () => {
    index.add(batch, TYPES);
    batch.count = 0;
  };
  for (const row of rows) {
    const i = batch.count;
    batch.offset[i] = row.offset;
    batch.typeOffset[i] = row.offset + (row.head ?? 0);
    batch.end[i] = row.offset + (row.size ?? 10);
    batch.type[i] = row.type ?? 0;
    batch.keyLength[i] = 3;
    batch.elements[i] = row.elements ?? 5;
    batch.flags[i] = row.flags ?? 0;
    batch.expireAt[i] = row.expireAt === undefined ? NO_EXPIRY : Number(row.expireAt);
    batch.expireHigh[i] = Number((row.expireAt ?? 0n) >> 32n);
    batch.expireLow[i] = Number((row.expireAt ?? 0n) & 0xffffffffn);
    batch.idle[i] = row.idle ?? -1;
    batch.freq[i] = row.freq ?? -1;
    if (row.idle !== undefined || row.freq !== undefined) batch.hasAccess = true;
    batch.moduleLow[i] = Number((row.module ?? 0n) & 0xffffffffn);
    batch.moduleHigh[i] = Number((row.module ?? 0n) >> 32n);
    batch.count++;
    if (batch.count === batch.type.length) flush();
  }
  flush();
}

function indexOf(...rows: readonly Row[]): KeyIndex {
  const index = new KeyIndex(SERVER);
  add(index, 0, rows);
  return index;
}

describe('the key index', () => {
  it('gives back what was added', () => {
    const index = indexOf(
      { offset: 9, size: 20 },
      { offset: 29, head: 9, size: 50, type: 4, elements: 7, expireAt: 1893456000000n, idle: 5 },
    );
    assert.equal(index.length, 2);
    assert.equal(index.expires, 1);
    const { kind, ...fact } = index.fact(1);
    assert.deepEqual(fact, {
      row: 1,
      db: 0,
      offset: 29,
      typeOffset: 38,
      size: 50,
      elements: 7,
      expireAt: 1893456000000,
      idle: 5,
      freq: undefined,
    });
    assert.deepEqual([kind.type, kind.encoding, kind.keys, kind.bytes], ['hash', 'hashtable', 1, 50]);
    assert.equal(index.fact(0).expireAt, undefined);
    assert.equal(index.fact(0).idle, undefined);
  });

  it('keeps numbers that do not fit into its columns', () => {
    const rows: readonly Row[] = [
      { offset: 0, size: 2 ** 32 - 2, elements: 2 ** 32 - 2, head: 254 },
      { offset: 2 ** 32, size: 2 ** 32 - 1, elements: 2 ** 32 - 1, head: 255 },
      { offset: 2 ** 40, size: 2 ** 45, elements: 2 ** 53, head: 70_000 },
      { offset: 2 ** 47, size: 100, elements: 2 ** 64, head: 256 },
    ];
    const index = indexOf(...rows);
    for (const [row, { offset, size, elements, head }] of rows.entries()) {
      const fact = index.fact(row);
      assert.equal(fact.offset, offset, `offset of row ${row}`);
      assert.equal(fact.typeOffset - fact.offset, head, `head of row ${row}`);
      assert.equal(fact.size, size, `size of row ${row}`);
      assert.equal(fact.elements, elements, `elements of row ${row}`);
    }
  });

  it('keeps expiries exactly', () => {
    const times = [0n, 1n, -2n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
    const index = indexOf(...times.map((expireAt, row) => ({ offset: row * 10, expireAt })));
    assert.deepEqual(
      times.map((_, row) => BigInt(index.fact(row).expireAt ?? Number.NaN)),
      times,
    );
    assert.equal(index.expires, times.length);
  });

  it('knows which keys have no count of elements, and takes it later', () => {
    const index = indexOf(
      { offset: 0, type: 10, elements: COUNT_UNKNOWN },
      { offset: 10, type: 7, elements: COUNT_UNKNOWN, module: moduleId('hellotype', 0) },
      { offset: 20, type: 10, elements: 3 },
    );
    assert.deepEqual(index.uncounted, [0]);
    assert.equal(index.fact(0).elements, undefined);
    assert.equal(index.fact(1).elements, undefined);
    index.setElements(0, 70_000);
    assert.equal(index.fact(0).elements, 70_000);
    index.setElements(0, 2 ** 33);
    assert.equal(index.fact(0).elements, 2 ** 33);
  });

  it('tells idle times and frequencies only where they were saved', () => {
    const idle = indexOf({ offset: 0, idle: 0 }, { offset: 10 }, { offset: 20, idle: 2 ** 40 });
    assert.deepEqual(
      [0, 1].map((row) => idle.fact(row).idle),
      [0, undefined],
    );
    assert.ok((idle.fact(2).idle ?? 0) > 2 ** 31);
    assert.equal(idle.hasIdle, true);
    assert.equal(idle.hasFreq, false);
    const freq = indexOf({ offset: 0, freq: 0 }, { offset: 10, freq: 255 });
    assert.deepEqual(
      [0, 1].map((row) => freq.fact(row).freq),
      [0, 255],
    );
    assert.equal(freq.hasFreq, true);
  });

  it('counts keys by type and encoding', () => {
    const index = indexOf(
      { offset: 0, elements: 5 },
      { offset: 10, elements: 100 },
      { offset: 20, flags: 1 },
      { offset: 30, type: 18, flags: 2 },
      { offset: 40, type: 18 },
      { offset: 50, type: 7, module: moduleId('hellotype', 0) },
      { offset: 60, type: 7, module: moduleId('vectorset', 0) },
      { offset: 70, type: 7, module: moduleId('hellotype', 0) },
    );
    assert.deepEqual(
      index.kinds.map(({ type, encoding, keys, bytes }) => [type, encoding, keys, bytes]),
      [
        ['string', 'embstr', 1, 10],
        ['string', 'raw', 1, 10],
        ['string', 'int', 1, 10],
        ['list', 'listpack', 1, 10],
        ['list', 'quicklist', 1, 10],
        ['hellotype', 'raw', 2, 20],
        ['vectorset', 'raw', 1, 10],
      ],
    );
    assert.deepEqual(index.fact(7).kind.module, { name: 'hellotype', version: 0 });
  });

  it('counts keys by database and knows the database of every row', () => {
    const index = new KeyIndex(SERVER);
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ offset: (from + i) * 10 }));
    add(index, 5, rows(0, 3));
    add(index, 0, [{ offset: 30, expireAt: 1n }]);
    add(index, 5, rows(4, 2));
    add(index, 5, rows(6, 1));
    assert.deepEqual(index.databases, [
      { db: 0, keys: 1, expires: 1, bytes: 10 },
      { db: 5, keys: 6, expires: 0, bytes: 60 },
    ]);
    assert.deepEqual(
      Array.from({ length: index.length }, (_, row) => index.db(row)),
      [5, 5, 5, 0, 5, 5, 5],
    );
    assert.deepEqual(
      [...index.databaseRuns()],
      [
        { start: 0, end: 3, db: 5 },
        { start: 3, end: 4, db: 0 },
        { start: 4, end: 7, db: 5 },
      ],
    );
  });

  it('finds the row that holds an offset, and none between records', () => {
    const index = indexOf(
      { offset: 9, head: 3, size: 20 },
      { offset: 29, size: 1 },
      { offset: 50, head: 300, size: 400 },
    );
    const found = [8, 9, 28, 29, 30, 49, 50, 449, 450].map((offset) => index.rowAt(offset));
    assert.deepEqual(found, [undefined, 0, 0, 1, undefined, undefined, 2, 2, undefined]);
    assert.equal(new KeyIndex(SERVER).rowAt(0), undefined);
  });

  it('goes over the borders of its chunks', () => {
    const count = CHUNK_ROWS + 300;
    const index = indexOf(
      ...Array.from({ length: count }, (_, row) => ({
        offset: row * 10,
        elements: row,
        ...(row === CHUNK_ROWS + 1 ? { expireAt: 5n, idle: 7, freq: 9 } : {}),
      })),
    );
    assert.equal(index.length, count);
    for (const row of [0, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, count - 1]) {
      assert.equal(index.fact(row).elements, row);
      assert.equal(index.rowAt(row * 10 + 9), row);
      assert.equal(index.fact(row).expireAt, row === CHUNK_ROWS + 1 ? 5 : undefined);
      assert.equal(index.fact(row).idle, row === CHUNK_ROWS + 1 ? 7 : undefined);
    }
    assert.equal(index.fact(CHUNK_ROWS + 1).freq, 9);
    assert.equal(index.fact(CHUNK_ROWS - 1).freq, undefined);
  });
});

describe('the kinds of an index', () => {
  it('are those of their keys, also where very many types of modules come before other types', () => {
    const modules = Array.from({ length: 400 }, (_, i) => ({
      offset: i * 10,
      type: 7,
      elements: COUNT_UNKNOWN,
      module: moduleId(`module${String(i).padStart(3, '0')}`, 0),
    }));
    const others = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25];
    const index = indexOf(...modules, ...others.map((type, i) => ({ offset: 10_000 + i * 10, type, elements: 1 })));
    for (const [i, type] of others.entries()) {
      assert.equal(index.fact(modules.length + i).kind.valueType.code, type);
    }
    assert.equal(index.fact(0).kind.type, 'module000');
    for (let row = 0; row < modules.length; row++) assert.equal(index.fact(row).kind.valueType.code, 7, `row ${row}`);
    assert.equal(
      index.kinds.reduce((sum, kind) => sum + kind.keys, 0),
      index.length,
    );
  });
});
