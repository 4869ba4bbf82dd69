/** Commands of a restore that WebAssembly writes: the same as are put together from the decoded keys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restoreCommand } from '../../../src/dataset/key-commands.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { writeCommand } from '../../../src/decoder/resp/writer.js';
import { FORM_MODERN, FORM_REPLACE, WHOLE_KEY } from '../../../src/decoder/restore/layout.js';
import { RestoreMemory, type RunPlan } from '../../../src/decoder/restore/memory.js';
import { MemorySource } from '../../../src/decoder/source.js';
import type { RestoreRow } from '../../../src/server/restore-keys.js';
import { restoreStretches } from '../../../src/server/restore-stretches.js';
import { bytes, characters } from '../support/bytes.js';
import { compressed, expireMs, file, integer, key, length, OP, string } from '../support/rdb-writer.js';

/** The version in the head of the files, and for the payloads. */
const VERSION = 9;
const NOW = 1_700_000_000_000;
const LIMIT = 128 * 1024;
const memory = new RestoreMemory(LIMIT + 65536);

type Command = readonly (Uint8Array | string)[];

/** The first stretch of a dump, put into the memory. */
function load(dump: Uint8Array) {
  const [{ keys, file: opened, bytes: window, base }] = restoreStretches(new MemorySource(dump), memory);
  memory.versions.fill(VERSION);
  memory.load(keys.columns, 0, keys.count);
  const entryOf = (row: RestoreRow) => openEntry(opened, row.typeOffset, row.end);
  const plan = { base, filled: window.length, now: NOW, less: 0, forms: FORM_MODERN };
  return {
    rows: Array.from({ length: keys.count }, (_, i) => keys.row(i)),
    restoreOf: (row: RestoreRow): Command =>
      restoreCommand({ file: opened, entry: entryOf(row), end: row.end, expireAt: row.expireAt, limit: 1e9 }),
    /** Writes rows. @returns the commands, and the first row that was not written. */
    write: (from: number, to: number, changes: Partial<RunPlan> = {}, limit = LIMIT) => {
      const next = memory.run(from, to, { ...plan, ...changes }, 0, limit);
      return { commands: characters(memory.buffers.subarray(0, memory.written)), next };
    },
  };
}

function joined(commands: readonly Command[]): string {
  return commands.map((words) => characters(writeCommand(words.map((word) => bytes(word))))).join('');
}

/** Keys with values of all lengths at which the heads of strings change; some expire. */
const PLAIN = file('REDIS0009', [
  ...[0, 1, 8, 9, 10, 87, 88, 89, 90, 255, 256, 257, 987, 988, 989, 9987, 9999, 16_383].map((size) => [
    size % 3 === 0 ? expireMs(NOW + 1 + size) : [],
    key(0, `key:${size}`, string('v'.repeat(size))),
  ]),
  key(0, '', string('')),
  key(0, 'long name '.repeat(30), string('of a long name')),
  [expireMs(9_007_199_254_740_991n), key(0, 'far', string('v'))],
  ...[0, 9, -9, 127, -128].map((value) => key(0, `8:${value}`, integer(value, 8))),
  ...[128, -32_768, 32_767].map((value) => key(0, `16:${value}`, integer(value, 16))),
  ...[99_999, 2_147_483_647, -2_147_483_648].map((value) => key(0, `32:${value}`, integer(value, 32))),
  key(0, 'lzf', compressed('abc'.repeat(100))),
  key(0, 'wide', string('v'.repeat(20_000))),
  key(2, 'set', bytes(2, string('a'), string('b'))),
]);

describe('commands of a restore', () => {
  it('are the ones that are made of the decoded keys', () => {
    const { rows, restoreOf, write } = load(PLAIN);
    const { commands, next } = write(0, rows.length);
    assert.equal(next, rows.length);
    assert.equal(commands, joined(rows.map(restoreOf)));
    const { commands: last } = write(rows.length - 3, rows.length);
    assert.equal(last, joined(rows.slice(-3).map(restoreOf)));
  });

  it('have idle times and access frequencies', () => {
    const dump = file('REDIS0009', [
      [OP.idle, length(0), key(0, 'used', string('v'))],
      [expireMs(NOW + 1), OP.idle, length(1_234_567), key(0, 'idle', string('v'))],
      [OP.freq, 255, key(0, 'frequent', string('v'))],
      key(0, 'neither', string('v')),
    ]);
    const { rows, restoreOf, write } = load(dump);
    const [used, idle, frequent, neither] = rows.map(restoreOf);
    const replace = ['REPLACE'];
    const expected = [
      [...used, ...replace, 'IDLETIME', '0'],
      [...idle, ...replace, 'IDLETIME', '1234567'],
      [...frequent, ...replace, 'FREQ', '255'],
      [...neither, ...replace],
    ];
    assert.equal(write(0, 4, { forms: FORM_MODERN | FORM_REPLACE }).commands, joined(expected));
  });

  it('give older servers the time that is left, and neither idle time nor frequency', () => {
    const dump = file('REDIS0009', [
      [expireMs(NOW + 12_345_678), key(0, 'soon', string('v'))],
      [expireMs(NOW + 5), key(0, 'sooner', string('v'))],
      [OP.freq, 7, key(0, 'frequent', string('v'))],
    ]);
    const { rows, restoreOf, write } = load(dump);
    const [soon, sooner, frequent] = rows.map((row) => restoreOf(row).slice(0, 4));
    const expected = [[soon[0], soon[1], '12345678', soon[3]], [sooner[0], sooner[1], '5', sooner[3]], frequent];
    assert.equal(write(0, 3, { forms: 0, less: NOW }).commands, joined(expected));
  });

  it('end before a key that they cannot be written for', () => {
    const large = 'v'.repeat(WHOLE_KEY);
    const stops: readonly (readonly [what: string, record: Uint8Array])[] = [
      ['whose time is over', bytes(expireMs(NOW), key(0, 'k', string('v')))],
      ['whose time is before all time', bytes(expireMs(-5n), key(0, 'k', string('v')))],
      ['whose time is beyond exact numbers', bytes(expireMs(1n << 60n), key(0, 'k', string('v')))],
      ['whose name is compressed', bytes(0, compressed('k'.repeat(100)), string('v'))],
      ['that is too large', key(0, 'k', string(large))],
    ];
    for (const [what, record] of stops) {
      const { rows, restoreOf, write } = load(
        file('REDIS0009', [key(0, 'first', string('v')), record, key(0, 'last', string('v'))]),
      );
      assert.equal(rows.length, 3, what);
      const { commands, next } = write(0, 3);
      assert.deepEqual([next, commands], [1, joined([restoreOf(rows[0])])], what);
      assert.deepEqual(write(1, 3), { commands: '', next: 1 }, what);
      assert.deepEqual(write(2, 3), { commands: joined([restoreOf(rows[2])]), next: 3 }, what);
    }
  });

  it('end before a type that has no version', () => {
    const { rows, restoreOf, write } = load(PLAIN);
    memory.versions[2] = 0;
    const { commands, next } = write(0, rows.length);
    assert.deepEqual([next, commands], [rows.length - 1, joined(rows.slice(0, -1).map(restoreOf))]);
  });

  it('end where the bytes of the file end that are at hand, and where the buffer does', () => {
    const { rows, restoreOf, write } = load(PLAIN);
    for (let i = 0; i < rows.length; i++) {
      const whole = joined(rows.slice(0, i).map(restoreOf));
      assert.deepEqual(write(0, rows.length, { filled: rows[i].end - 1 }), { commands: whole, next: i });
      assert.deepEqual(write(0, rows.length, {}, whole.length), { commands: whole, next: i });
      // One that begins before the limit is written whole.
      assert.equal(write(0, rows.length, {}, whole.length + 1).next, i + 1);
      // Bytes before those that are at hand belong to keys that cannot be written.
      const base = rows[i].typeOffset;
      if (i > 0) assert.equal(write(i - 1, rows.length, { base, filled: PLAIN.length - base }).next, i - 1);
    }
  });

  it('are cut off nowhere by what an offset may be in a file of terabytes', () => {
    const { rows, restoreOf, write } = load(PLAIN);
    const far = 2 ** 45;
    for (let i = 0; i < rows.length; i++) {
      memory.columns.typeOffset[i] += far;
      memory.columns.end[i] += far;
    }
    assert.equal(write(0, rows.length, { base: far }).commands, joined(rows.map(restoreOf)));
    assert.equal(write(0, rows.length).next, 0);
  });

  it('write times of every length as they are', () => {
    for (let digits = 1; digits <= 16; digits++) {
      for (const time of [10 ** (digits - 1), Math.min(10 ** digits - 1, Number.MAX_SAFE_INTEGER)]) {
        const { rows, restoreOf, write } = load(file('REDIS0009', [expireMs(NOW), key(0, 'k', string('v'))]));
        memory.columns.expireAt[0] = time;
        const { commands } = write(0, 1, { now: 0 });
        const [name, word, , payload] = restoreOf(rows[0]);
        assert.equal(commands, joined([[name, word, String(time), payload, 'ABSTTL']]));
      }
    }
  });
});
