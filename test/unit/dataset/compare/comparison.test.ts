/** Which keys differ between two files: constructed pairs, damaged files, and the dumps of real servers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { keyedChanges } from '../../../../src/dataset/compare/keyed-changes.js';
import { pairedParts } from '../../../../src/dataset/compare/parts.js';
import { openRow } from '../../../../src/dataset/compare/side.js';
import { valuesEqual } from '../../../../src/dataset/compare/value-equal.js';
import { parseScore } from '../../../../src/decoder/bytes.js';
import { readTruth } from '../../../corpus/compare.js';
import { bytes } from '../../support/bytes.js';
import { listpack } from '../../support/compact.js';
import { compared, differences, elementChanges, keysFile } from '../../support/compared.js';
import { dumps } from '../../support/fixtures.js';
import { finish, indexed, namesOf } from '../../support/indexed.js';
import { compressed, counted, expireMs, file, integer, key, OP, selectdb, string } from '../../support/rdb-writer.js';
import { SAMPLE_FILES } from '../../support/samples.js';
import { ShortReads } from '../../support/scanned.js';

const strings = (...items: string[]) => counted(items.map((item) => string(item)));

describe('a comparison', () => {
  it('gives nothing for a file and itself, in every type of value', () => {
    for (const { title, bytes: content } of SAMPLE_FILES) {
      const comparison = compared(content, content);
      assert.deepEqual(differences(comparison), [], title);
      assert.equal(comparison.counts.unchangedKeys, indexed(content).index.length, title);
    }
  });

  it('finds every key added and removed against an empty file', () => {
    for (const { title, bytes: content } of SAMPLE_FILES) {
      const empty = file('REDIS0011');
      const { length } = indexed(content).index;
      assert.equal(compared(empty, content).counts.addedKeys, length, title);
      assert.equal(compared(content, empty).counts.removedKeys, length, title);
    }
  });

  it('tells databases apart', () => {
    const left = file('REDIS0011', selectdb(0), key(0, 'a', string('1')), selectdb(5), key(0, 'a', string('2')));
    const right = file('REDIS0011', selectdb(0), key(0, 'a', string('2')), selectdb(6), key(0, 'a', string('2')));
    assert.deepEqual(differences(compared(left, right)), ['~ 0 a value', '- 5 a', '+ 6 a']);
  });

  it('knows names however they are written', () => {
    const long = 'name'.repeat(50);
    const left = file(
      'REDIS0011',
      key(0, '17', string('v')),
      key(0, long, string('v')),
      key(0, 'x'.repeat(20_000), string('v')),
    );
    const right = file(
      'REDIS0011',
      bytes(0, string('x'.repeat(20_000), 64), string('v')),
      bytes(0, compressed(long), string('v')),
      bytes(0, integer(17, 16), string('v')),
    );
    assert.deepEqual(differences(compared(left, right)), []);
  });

  it('compares times of expiry exactly, and leaves them out if that is wanted', () => {
    const at = (time: bigint) => file('REDIS0011', expireMs(time), key(0, 'a', string('v')));
    const [left, right] = [at(9007199254740993n), at(9007199254740992n)];
    assert.deepEqual(differences(compared(left, right)), ['~ 0 a ttl']);
    assert.deepEqual(differences(compared(left, right, { ignoreTtl: true })), []);
    assert.deepEqual(differences(compared(left, left)), []);
  });

  it('reports encodings and accesses only when asked', () => {
    const left = file('REDIS0011', bytes(OP.freq, 5), key(2, 's', strings('a', 'b')));
    const right = file('REDIS0011', bytes(OP.freq, 6), key(20, 's', string(listpack(['b', 'a']))));
    assert.deepEqual(differences(compared(left, right)), []);
    assert.deepEqual(differences(compared(left, right, { encoding: true, access: true })), ['~ 0 s encoding access']);
  });

  it('does not take equal bytes for equal values where they mean different things', () => {
    const template = (...names: string[]) => bytes(OP.hashTemplate, 1, counted(names.map((name) => string(name))));
    const value = key(32, 'h', bytes(1, string('x'), string('y')));
    const [left, right] = [file('REDIS0015', template('a', 'b'), value), file('REDIS0015', template('a', 'c'), value)];
    const comparison = compared(left, right);
    assert.deepEqual(differences(comparison), ['~ 0 h value']);
    assert.deepEqual(elementChanges(comparison, 0), ['- field b=y=', '+ field c=y=']);
  });

  it('matches names that stand in a damaged file several times occurrence by occurrence', () => {
    const repeated = (...values: string[]) => keysFile(...values.map((value) => [0, 'a', string(value)] as const));
    const left = repeated('1', '2', '3');
    assert.deepEqual(differences(compared(left, repeated('1', '2', '3'))), []);
    assert.deepEqual(differences(compared(left, repeated('1', '9'))), ['~ 0 a value', '- 0 a']);
    assert.equal(compared(repeated(...'x'.repeat(5000)), repeated(...'x'.repeat(4000))).counts.removedKeys, 1000);
  });

  it('says of a damaged value that it cannot be read, and compares the others', () => {
    const damaged = string(listpack(['a', 'b']).fill(0xff, 8, 9));
    const left = keysFile([20, 's', string(listpack(['a', 'b']))], [0, 't', string('1')]);
    const right = keysFile([20, 's', damaged], [0, 't', string('2')]);
    const comparison = compared(left, right);
    assert.deepEqual(differences(comparison), ['~ 0 s value unreadable', '~ 0 t value']);
    assert.deepEqual(
      comparison.problems.map(({ side }) => side),
      ['right'],
    );
  });

  it('compares what is there of files that are cut off', () => {
    const whole = keysFile([0, 'a', string('1')], [0, 'b', string('2')], [0, 'c', string('3')]);
    const comparison = compared(whole, whole.subarray(0, whole.length - 14));
    assert.deepEqual(differences(comparison), ['- 0 c']);
  });

  it('reads large values piece by piece', () => {
    const content = 'z'.repeat(1_500_000);
    const left = keysFile([0, 'a', string(`${content}1`)], [0, 'b', string(content)]);
    const right = keysFile([0, 'b', compressed(content)], [0, 'a', string(`${content}2`)]);
    const comparison = compared(new ShortReads(left, 1000), new ShortReads(right, 77_777));
    assert.deepEqual(differences(comparison), ['~ 0 a value']);
  });

  it('compares the metadata that modules keep with keys', () => {
    const [sample] = SAMPLE_FILES;
    const changed = bytes(sample.bytes);
    const at = Buffer.from(changed).indexOf('note');
    changed[at] = 'N'.charCodeAt(0);
    const lines = differences(compared(sample.bytes, changed));
    assert.equal(lines.length, 1);
    assert.match(lines[0], / metadata$/);
  });
});

describe('dumps of real servers', () => {
  const all = dumps().filter(({ size }) => size < 300_000);

  it('are equal to themselves', () => {
    for (const dump of all) assert.deepEqual(differences(compared(dump.bytes, dump.bytes)), [], dump.name);
  });

  it('hold each content twice, in the compact and in the full encoding, with equal values', () => {
    let pairs = 0;
    for (const dump of all.filter(({ name }) => name.endsWith('/types'))) {
      const file = indexed(dump.bytes);
      const rows = new Map(namesOf(file, Array(file.index.length).keys()).map((name, row) => [name, row] as const));
      const side = { ...file, scan: file.scan };
      for (const [name, row] of rows) {
        const other = name.endsWith(':c') ? rows.get(`${name.slice(0, -2)}:f`) : undefined;
        if (other === undefined) continue;
        pairs++;
        const [left, right] = [openRow(side, row), openRow(side, other)];
        assert.ok(finish(valuesEqual(left, right, { high: 1, low: 2 })), `${dump.name} ${name}`);
      }
    }
    assert.ok(pairs > 20, `${pairs} pairs`);
  });
});

describe('the dumps that two versions of a server wrote of the same keys', () => {
  /** The truth of a dump by database and name, values as text; scores as doubles, and −0 is 0. */
  function truthOf(folder: string): Map<string, string> {
    const { truth } = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as { truth: string };
    const values = new Map<string, string>();
    for (const { db, key: name, type, value, expireAtMs } of readTruth(folder, truth).values()) {
      const plain =
        type === 'zset'
          ? (value as [string, string][])
              .map(([member, score]) => `${member} ${parseScore(score)}`.replace(/ -0$/, ' 0'))
              .sort()
          : value;
      const shown = Buffer.from(String(name), 'base64').toString('latin1');
      values.set(`${db} ${shown}`, JSON.stringify([type, plain, expireAtMs]));
    }
    return values;
  }

  const types = dumps().filter(({ name }) => name.endsWith('/types'));
  for (const left of types) {
    it(`differ where the servers said so: ${left.name} and the others`, () => {
      const leftTruth = truthOf(left.folder);
      for (const right of types) {
        const rightTruth = truthOf(right.folder);
        const expected = [...leftTruth.keys(), ...[...rightTruth.keys()].filter((name) => !leftTruth.has(name))]
          .filter((name) => leftTruth.get(name) !== rightTruth.get(name))
          .sort();
        const lines = differences(compared(left.bytes, right.bytes));
        const found = lines.map((line) => line.replace(/^. /, '').replace(/( (value|type|ttl))+$/, '')).sort();
        assert.deepEqual(found, expected, right.name);
      }
    });
  }
});

describe('elements without order', () => {
  it('are found in as many walks as memory allows', () => {
    const items = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `m${from + i}`);
    const comparison = compared(
      keysFile([2, 's', strings(...items(0, 500))]),
      keysFile([2, 's', strings(...items(20, 530).reverse())]),
    );
    const [[left, right]] = pairedParts(openRow(comparison.left, 0), openRow(comparison.right, 0));
    const whole = finish(keyedChanges(left, right, 1000, comparison.seed));
    assert.equal(whole.total, 50);
    for (const most of [1, 7, 100]) {
      assert.deepEqual(finish(keyedChanges(left, right, 1000, comparison.seed, most)), whole, `${most} at once`);
      const some = finish(keyedChanges(left, right, 5, comparison.seed, most));
      assert.deepEqual(some, { places: whole.places.slice(0, 5), total: 50 });
    }
  });
});
