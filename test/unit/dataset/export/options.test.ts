/** What an export leaves out, divides, joins, and changes on the way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Anonymiser } from '../../../../src/dataset/export/anonymise.js';
import { DuplicateKeyError } from '../../../../src/dataset/export/merge.js';
import type { ExportOptions } from '../../../../src/dataset/export/options.js';
import { parseTarget, targetOfVersion } from '../../../../src/dataset/export/target.js';
import { slotOf } from '../../../../src/dataset/slots.js';
import { MemorySource } from '../../../../src/decoder/source.js';
import { parseLine, type Truth } from '../../../corpus/compare.js';
import { decodeSource } from '../../../corpus/decode-lines.js';
import { exportBytes } from '../../../corpus/export-bytes.js';
import { bytes } from '../../support/bytes.js';
import { CORPUS } from '../../support/fixtures.js';
import { expireMs, file, key, selectdb, string } from '../../support/rdb-writer.js';

const types = readFileSync(path.join(CORPUS, 'redis-3.2.13', 'types', 'dump.rdb'));
const many = readFileSync(path.join(CORPUS, 'keydb-6.3.4', 'dbs', 'dump.rdb'));
const functions = readFileSync(path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb'));

function keysOf(dump: Uint8Array): Truth[] {
  const { lines, problems } = decodeSource(new MemorySource(dump));
  assert.deepEqual(problems, []);
  return lines.map(parseLine);
}

const nameOf = (one: Truth) => Buffer.from(String(one.key), 'base64').toString('latin1');
const placeOf = (one: Truth) => `${one.db} ${nameOf(one)}`;

describe('a filter', () => {
  const all = keysOf(types);
  const filtered = (options: Partial<ExportOptions>, dump = types) =>
    keysOf(exportBytes(dump, { format: 'rdb', ...options }).bytes).map(placeOf);

  it('takes keys of a type, whose names match, and by name', () => {
    assert.deepEqual(filtered({ type: 'hash' }), all.filter((one) => one.type === 'hash').map(placeOf));
    const match = new TextEncoder().encode('hash:*');
    assert.deepEqual(filtered({ match }), all.filter((one) => nameOf(one).startsWith('hash:')).map(placeOf));
    const [first, , third] = all.map(nameOf);
    assert.deepEqual(filtered({ keys: new Set([first, third, 'not there']) }), [`0 ${first}`, `0 ${third}`]);
  });

  it('takes keys of a database, and of slots', () => {
    assert.deepEqual(
      filtered({ db: 5 }, many),
      keysOf(many)
        .filter(({ db }) => db === 5)
        .map(placeOf),
    );
    const slots = [{ from: 100, to: 5000 }];
    const within = (one: Truth) => {
      const slot = slotOf(Buffer.from(nameOf(one), 'latin1'));
      return slot >= 100 && slot <= 5000;
    };
    const found = filtered({ slots });
    assert.ok(found.length > 0);
    assert.deepEqual(found, all.filter(within).map(placeOf));
  });

  it('leaves out what has expired, and counts it', () => {
    const dump = file(
      'REDIS0011',
      selectdb(0),
      bytes(expireMs(1000), key(0, 'past', string('v'))),
      bytes(expireMs(4_102_444_800_000), key(0, 'later', string('v'))),
    );
    const { bytes: written, report } = exportBytes(dump, { format: 'rdb', expiredBefore: Date.now() });
    assert.deepEqual(keysOf(written).map(nameOf), ['later']);
    assert.equal(report.expired, 1);
  });

  it('leaves out functions, which are no keys', () => {
    const libraries = (options: Partial<ExportOptions>) =>
      exportBytes(functions, { format: 'rdb', ...options }).bytes.includes('#!lua name=');
    assert.equal(libraries({}), functions.includes('#!lua name='));
    assert.equal(libraries({ type: 'string' }), false);
  });
});

describe('a division', () => {
  it('gives a file for each database, together the same keys', () => {
    const { files } = exportBytes(many, { format: 'rdb', split: { kind: 'db' } });
    const parts = [...files].flatMap(([part, written]) => {
      const keys = keysOf(written);
      for (const { db } of keys) assert.equal(part, `db${db}`);
      return keys;
    });
    assert.deepEqual(parts.map(placeOf).sort(), keysOf(many).map(placeOf).sort());
  });

  it('gives a file for each range of slots, of which every slot is in one', () => {
    const { files } = exportBytes(types, { format: 'jsonl', base64: true, split: { kind: 'slots', parts: 3 } });
    let next = 0;
    for (const part of [...files.keys()].sort((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1]))) {
      const [, from, to] = part.split('-').map(Number);
      assert.equal(from, next);
      next = to + 1;
      for (const line of (files.get(part) ?? Buffer.alloc(0)).toString().trimEnd().split('\n')) {
        const slot = slotOf(Buffer.from(String(parseLine(line).key), 'base64'));
        assert.ok(slot >= from && slot <= to);
      }
    }
    assert.equal(next, 16384);
    assert.deepEqual([...files.keys()].sort(), ['slots-0-5460', 'slots-10923-16383', 'slots-5461-10922']);
  });
});

describe('a merge', () => {
  const one = file(
    'REDIS0009',
    selectdb(0),
    key(0, 'a', string('1')),
    key(0, 'b', string('1')),
    selectdb(1),
    key(0, 'a', string('1')),
  );
  const other = file('REDIS0011', selectdb(0), key(0, 'b', string('2')), key(0, 'c', string('2')));
  const merged = (duplicates: 'first' | 'last' | 'error') => {
    const { bytes: written, report } = exportBytes([one, other], { format: 'rdb', duplicates });
    const keys = keysOf(written).map((found) => [
      placeOf(found),
      Buffer.from(String(found.value), 'base64').toString(),
    ]);
    return { keys: Object.fromEntries(keys) as Record<string, string>, report, written };
  };

  it('takes the last or the first of keys that both files have', () => {
    assert.deepEqual(merged('last').keys, { '0 a': '1', '0 b': '2', '0 c': '2', '1 a': '1' });
    assert.deepEqual(merged('first').keys, { '0 a': '1', '0 b': '1', '0 c': '2', '1 a': '1' });
    assert.equal(merged('last').report.duplicates, 1);
    assert.equal(merged('last').written.subarray(0, 9).toString(), 'REDIS0011');
  });

  it('is refused where no key may be in both', () => {
    assert.throws(() => merged('error'), DuplicateKeyError);
  });

  it('joins dumps of Redis and Valkey for one server', () => {
    const valkey = readFileSync(path.join(CORPUS, 'valkey-9.1.2', 'mini', 'dump.rdb'));
    const { bytes: written } = exportBytes([types, valkey], {
      format: 'rdb',
      target: targetOfVersion(11),
      dropFieldExpiry: true,
    });
    const names = new Set([...keysOf(types), ...keysOf(valkey)].map(placeOf));
    assert.deepEqual(new Set(keysOf(written).map(placeOf)), names);
  });
});

describe('a change of expiries', () => {
  const hashes = readFileSync(path.join(CORPUS, 'redis-8.6.3', 'hfe', 'dump.rdb'));
  const times = (keys: readonly Truth[]) =>
    keys.flatMap((one) => [
      one.expireAtMs as number | null,
      ...(one.type === 'hash' ? (one.value as unknown[][]).map((field) => field[2] as number | undefined) : []),
    ]);

  it('moves those of keys and of fields', () => {
    const before = times(keysOf(hashes));
    const after = times(keysOf(exportBytes(hashes, { format: 'rdb', expiry: { kind: 'shift', ms: 3_600_000 } }).bytes));
    assert.ok(before.some((time) => typeof time === 'number'));
    assert.deepEqual(
      after,
      before.map((time) => (typeof time === 'number' ? time + 3_600_000 : time)),
    );
  });

  it('removes them', () => {
    const after = times(keysOf(exportBytes(hashes, { format: 'rdb', expiry: { kind: 'drop' } }).bytes));
    assert.ok(after.every((time) => time === null || time === undefined));
  });

  it('leaves hashes out whose fields would lose them, unless that is wanted', () => {
    const target = parseTarget('7.2');
    const { report } = exportBytes(hashes, { format: 'rdb', target });
    assert.ok(report.leftOut.some(({ kind, count }) => kind === 'field-expiry' && count > 0));
    const dropped = exportBytes(hashes, { format: 'rdb', target, dropFieldExpiry: true }).report;
    assert.deepEqual(dropped.leftOut, []);
    assert.ok(dropped.losses.some(({ kind }) => kind === 'field-expiry'));
  });
});

describe('anonymous keys', () => {
  const shapeOf = (text: string) =>
    Buffer.from(text, 'base64')
      .toString('latin1')
      .replace(/[a-z]/g, 'a')
      .replace(/[A-Z]/g, 'A')
      .replace(/[0-9]/g, '0')
      .replace(/[\x80-\xbf]/g, '\x80');

  it('have the shape that they had, and none of the words', () => {
    const before = keysOf(types);
    const after = keysOf(exportBytes(types, { format: 'rdb', seed: 'some seed' }).bytes);
    assert.equal(after.length, before.length);
    before.forEach((one, i) => {
      const other = after[i];
      assert.equal(shapeOf(String(other.key)), shapeOf(String(one.key)));
      assert.deepEqual([other.type, other.db, other.expireAtMs], [one.type, one.db, one.expireAtMs]);
      const count = (value: unknown) => (Array.isArray(value) ? value.length : String(value).length);
      assert.equal(count(other.value), count(one.value), nameOf(one));
    });
    const words = new Set(before.map(nameOf).filter((name) => /[a-z]{4}/.test(name)));
    assert.deepEqual(
      after.map(nameOf).filter((name) => words.has(name)),
      [],
    );
  });

  it('are the same for the same seed, and others for another', () => {
    const made = (seed: string) => exportBytes(types, { format: 'jsonl', seed }).bytes;
    assert.ok(made('a').equals(made('a')));
    assert.ok(!made('a').equals(made('b')));
  });

  it('stay different from each other', () => {
    const anonymiser = new Anonymiser('seed');
    const text = (bytesOf: string) => Buffer.from(anonymiser.bytes(Buffer.from(bytesOf))).toString();
    const shortest = new Set<string>();
    for (let i = 0; i < 1000; i++) shortest.add(text(String(i)));
    assert.equal(shortest.size, 1000);
    const letters = new Set<string>();
    for (let a = 97; a < 123; a++) for (let b = 97; b < 123; b++) letters.add(text(String.fromCharCode(a, b)));
    assert.equal(letters.size, 26 * 26);
    const four = new Set<string>();
    for (let i = 0; i < 5000; i++)
      four.add(text(`tr${i.toString(26).padStart(3, 'a').replace(/\d/g, 'x').slice(0, 2)}${i}`));
    for (const kept of ['true', 'false', 'null']) assert.equal(text(kept), kept);
  });

  it('keep numbers numbers, JSON JSON, and text text', () => {
    const anonymiser = new Anonymiser('seed');
    const changed = (text: string) => Buffer.from(anonymiser.bytes(Buffer.from(text))).toString();
    for (const number of ['0', '7', '10', '1000000', '-42', '9223372036854775807', '1234567890123456789', '3.25']) {
      const other = changed(number);
      assert.match(other, /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
      assert.equal(other.length, number.length);
      assert.ok(BigInt(other.replace(/\..*/, '')) <= 9223372036854775807n);
    }
    const json = JSON.stringify({ 'name\n': 'Zoë "x" \\', id: 17, ok: true, none: null, list: ['é', '\u0001'] });
    const parsed = JSON.parse(changed(json)) as Record<string, unknown>;
    assert.deepEqual(
      Object.values(parsed).map((value) => typeof value),
      ['string', 'number', 'boolean', 'object', 'object'],
    );
    const text = 'Grüße, 世界 😀 \u0800\ud7ff';
    const other = anonymiser.bytes(Buffer.from(text));
    assert.doesNotThrow(() => new TextDecoder('utf-8', { fatal: true }).decode(other));
    assert.equal(other.length, Buffer.byteLength(text));
  });
});
