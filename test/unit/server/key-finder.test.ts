/** Keys that WebAssembly finds for a restore: the same as a scan finds by itself, with the same checksum and problems. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileScan } from '../../../src/dataset/file-scan.js';
import { RestoreMemory } from '../../../src/decoder/restore/memory.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { KeyFinder } from '../../../src/server/key-finder.js';
import { RestoreContents } from '../../../src/server/restore-contents.js';
import { bytes, double, type Part } from '../support/bytes.js';
import { dumps } from '../support/fixtures.js';
import { seededBytes, seededRandom } from '../support/random.js';
import {
  compressed,
  counted,
  expireMs,
  file,
  integer,
  key,
  length,
  OP,
  selectdb,
  string,
} from '../support/rdb-writer.js';
import { SAMPLE_FILES } from '../support/samples.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
const memory = new RestoreMemory(0);

/** What a scan says of a file. @param found how many of the keys WebAssembly has found; undefined if it is not asked. */
function scanned(dump: Uint8Array, found?: { count: number }) {
  const rows: string[] = [];
  const add = (
    { type, offset, typeOffset, end, expireAt, idle, freq }: RestoreMemory['columns'],
    count: number,
    db: number,
  ) => {
    for (let i = 0; i < count; i++) {
      rows.push([db, type[i], offset[i], typeOffset[i], end[i], expireAt[i], idle[i], freq[i]].join(' '));
    }
  };
  const plain =
    found &&
    new KeyFinder(memory, ({ count }, db) => {
      found.count += count;
      add(memory.columns, count, db);
    });
  const source = new MemorySource(dump);
  const scan = new FileScan(source, (batch) => add(batch, batch.count, batch.db), plain?.window, plain);
  scan.run();
  return { rows, problems: scan.facts.problems, records: scan.facts.recordOffsets, end: scan.end };
}

/** Compares both ways. @returns how many keys WebAssembly has found. */
function compare(dump: Uint8Array, what: string): number {
  const found = { count: 0 };
  assert.deepEqual(scanned(dump, found), scanned(dump), what);
  return found.count;
}

/** A value of any length, in one of the ways in which a file has such. */
function anyString(random: ReturnType<typeof seededRandom>, longest: number): Part {
  const size = random(longest + 1);
  if (random(4) === 0) return integer(random(2 ** 31), 32);
  return random(4) === 0 ? compressed('abc'.repeat(size + 1)) : string(seededBytes(size, random(2 ** 30)));
}

/** Keys of every form, of which many go over the end of a window, and some are larger than one. */
function large(random: ReturnType<typeof seededRandom>): Uint8Array {
  const strings = (most: number) => Array.from({ length: random(most) }, () => anyString(random, 80));
  const values: readonly (() => Part)[] = [
    () => key(0, `string:${random(1e6)}`, anyString(random, 300)),
    () => key(0, `wide:${random(1e6)}`, anyString(random, random(60) === 0 ? 900_000 : 20_000)),
    () => key(2, `set:${random(1e6)}`, counted(strings(80))),
    () => key(4, `hash:${random(1e6)}`, counted(strings(40).map((field) => bytes(field, anyString(random, 90))))),
    () => key(5, `zset:${random(1e6)}`, counted(strings(40).map((member) => bytes(member, double(random(1000)))))),
    () => key(18, `list:${random(1e6)}`, counted(strings(9).map((node) => bytes(length(1 + random(2)), node)))),
  ];
  const records = Array.from({ length: 4000 }, (_, i) => [
    i % 1000 === 0 ? selectdb(i / 1000) : [],
    random(2) === 0 ? expireMs(1_700_000_000_000 + random(1e9)) : [],
    [[OP.idle, length(random(2 ** 31))], [OP.freq, random(256)], []][random(3)],
    values[i % 30 === 0 ? 1 : random(10) % 6](),
  ]);
  return file('REDIS0011', records);
}

describe('keys that are found in WebAssembly', () => {
  it('are those of a scan in the dumps of servers and in files with every type', () => {
    let found = 0;
    for (const { name, bytes: dump } of dumps()) found += compare(dump, name);
    for (const { title, bytes: dump } of SAMPLE_FILES) found += compare(dump, title);
    assert.ok(found > 1000, `${found} keys`);
  });

  it(`are those of a scan where a file is more than one window (seed ${SEED})`, () => {
    const dump = large(seededRandom(SEED));
    const found = compare(dump, `seed ${SEED}`);
    assert.ok(found > 3500, `${found} of 4000 keys`);
    const contents = new RestoreContents(new MemorySource(dump));
    contents.scan.run();
    assert.deepEqual([contents.keys, contents.trusted], [4000, true]);
    dump[dump.length >> 1] ^= 1;
    const damaged = new RestoreContents(new MemorySource(dump));
    damaged.scan.run();
    assert.equal(damaged.trusted, false);
  });

  it(`are those of a scan in damaged files (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    for (const { name, bytes: dump } of dumps().filter(({ size }) => size < 20_000)) {
      for (let round = 0; round < 8; round++) {
        const damaged = dump.slice(0, random(4) === 0 ? random(dump.length) : dump.length);
        for (let left = random(4); left > 0; left--) damaged[random(damaged.length)] = random(256);
        compare(damaged, `${name}, round ${round}, seed ${SEED}`);
      }
    }
  });

  it('are counted by what is wanted of them', () => {
    const dump = file('REDIS0011', [
      key(0, 'a', string('v')),
      [expireMs(1_700_000_000_000), key(0, 'b', string('v'))],
      [expireMs(1_700_000_000_000), key(0, 'c', string('longer'))],
    ]);
    const all = new RestoreContents(new MemorySource(dump));
    all.scan.run();
    const some = new RestoreContents(new MemorySource(dump), (number) => number > 0);
    some.scan.run();
    const countsOf = ({ keys, expires, total, bytes: size }: RestoreContents) => [keys, expires, total, size];
    assert.deepEqual(countsOf(all), [3, 2, 3, dump.length - 9 - 9]);
    assert.deepEqual(countsOf(some), [2, 2, 3, dump.length - 9 - 9 - 5]);
  });
});
