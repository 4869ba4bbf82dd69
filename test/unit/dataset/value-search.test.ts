/** Searching in values: against a walk through the decoded values, in the dumps of every server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstMatch } from '../../../src/dataset/value-match.js';
import { compileValuePattern, type ValuePattern } from '../../../src/dataset/value-pattern.js';
import { searchValues } from '../../../src/dataset/value-search.js';
import { DecodeError } from '../../../src/decoder/errors.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { textSlice } from '../../../src/decoder/rdb/string.js';
import { bytes } from '../support/bytes.js';
import { dumps } from '../support/fixtures.js';
import { finish, type Indexed, indexed } from '../support/indexed.js';
import { seededRandom } from '../support/random.js';
import { compressed, file, integer, key, length, selectdb, string } from '../support/rdb-writer.js';

function found({ file: opened, index }: Indexed, pattern: ValuePattern): number[] {
  const rows: number[] = [];
  finish(
    searchValues(
      () => opened,
      index,
      { length: index.length, at: (i) => i },
      pattern,
      (row) => rows.push(row),
    ),
  );
  return rows;
}

/** The same by decoding every value. */
function expected({ file: opened, index }: Indexed, pattern: ValuePattern): number[] {
  const matcher = compileValuePattern(pattern);
  const rows: number[] = [];
  for (let row = 0; row < index.length; row++) {
    const typeOffset = index.typeOffset(row);
    try {
      const entry = openEntry(opened, typeOffset, typeOffset - index.head(row) + index.size(row));
      if (firstMatch(entry, matcher)) rows.push(row);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return rows;
}

const literal = (text: string, ignoreCase = false): ValuePattern => ({ mode: 'substring', text, ignoreCase });

describe('a search in values', () => {
  const PATTERNS: readonly ValuePattern[] = [
    literal('o'),
    literal('an'),
    literal('Value', true),
    literal('example.com'),
    literal('é', true),
    literal('1'),
    literal('-12'),
    literal('2147483648'),
    { mode: 'regex', text: '^[a-z]+[0-9]$', ignoreCase: false },
    { mode: 'regex', text: 'AB|zz', ignoreCase: true },
    { mode: 'regex', text: 'exam?ple\\.(com|org)', ignoreCase: false },
    { mode: 'regex', text: '(an|in|el)[a-z]*', ignoreCase: false },
    { mode: 'regex', text: '^-?12', ignoreCase: false },
    { mode: 'regex', text: 'VA.UE', ignoreCase: true },
    { mode: 'regex', text: '\u00ff|é|[^\\x00-\\x7f]', ignoreCase: false },
    { mode: 'bytes', text: '00 ff', ignoreCase: false },
    { mode: 'bytes', text: '61', ignoreCase: false },
  ];
  const all = dumps()
    .filter(({ size }) => size < 60_000)
    .map(({ name, bytes: dump }) => ({ name, made: indexed(dump) }));
  for (const pattern of PATTERNS) {
    it(`finds what decoding finds: ${JSON.stringify(pattern)}`, () => {
      let hits = 0;
      for (const { name, made } of all) {
        const rows = found(made, pattern);
        assert.deepEqual(rows, expected(made, pattern), name);
        hits += rows.length;
      }
      assert.ok(hits > 0);
    });
  }

  it('finds random pieces of values where they came from', () => {
    const random = seededRandom(77);
    let looked = 0;
    for (const { name, bytes: dump } of dumps().filter(({ name }) => /^redis-(2\.4|8\.6).*\/types$/.test(name))) {
      const made = indexed(dump);
      for (let i = 0; i < 60; i++) {
        const row = random(made.index.length);
        const typeOffset = made.index.typeOffset(row);
        const entry = openEntry(made.file, typeOffset, typeOffset - made.index.head(row) + made.index.size(row));
        const any = firstMatch(entry, compileValuePattern({ mode: 'regex', text: '', ignoreCase: false }));
        if (!any || any.text.length === 0) continue;
        looked++;
        const from = random(any.text.length);
        const piece = textSlice(any.text, from, from + 1 + random(12));
        const text = Buffer.from(piece).toString('hex');
        const rows = found(made, { mode: 'bytes', text, ignoreCase: false });
        assert.ok(rows.includes(row), `${name}: ${text} in row ${row} (seed 77)`);
      }
    }
    assert.ok(looked > 80, `${looked} pieces`);
  });

  it('looks into texts of any length, across the pages that they are read in', () => {
    const long = new Uint8Array(6 * 1024 * 1024 + 11).fill(0x61);
    for (const at of [0, 1024 * 1024 - 2, 5 * 1024 * 1024 - 1, long.length - 4]) {
      const value = long.slice();
      value.set(bytes('XYZW'), at);
      for (const stored of [string(value), compressed(value)]) {
        const made = indexed(file('REDIS0011', selectdb(0), key(0, 'long', stored), key(0, 'other', string('aa'))));
        assert.deepEqual(found(made, literal('XYZW')), [0], `at ${at}`);
        assert.deepEqual(found(made, literal('xyzw', true)), [0], `at ${at}`);
        assert.deepEqual(found(made, literal('XYZWX')), []);
      }
    }
  });

  it('looks into no name, no score, no expiry, and not across two elements', () => {
    const list = key(1, 'list', [length(2), string('left'), string('right')]);
    const zset = key(3, 'needle', [length(1), string('member'), new Uint8Array([2]), bytes('42')]);
    const made = indexed(file('REDIS0011', selectdb(0), list, zset, key(0, 'number', integer(1234, 16))));
    assert.deepEqual(found(made, literal('needle')), []);
    assert.deepEqual(found(made, literal('42')), []);
    assert.deepEqual(found(made, literal('ftrig')), []);
    assert.deepEqual(found(made, literal('right')), [0]);
    assert.deepEqual(found(made, literal('23')), [2]);
  });

  it('says where a match is', () => {
    const hash = key(4, 'hash', [length(2), string('one'), string('first'), string('two'), string('the second one')]);
    const made = indexed(file('REDIS0011', selectdb(0), hash));
    const typeOffset = made.index.typeOffset(0);
    const match = (text: string) => firstMatch(openEntry(made.file, typeOffset), compileValuePattern(literal(text)));
    const second = match('second');
    assert.deepEqual([second?.position, second?.part, second?.at], [1, 'value', 4]);
    assert.equal(Buffer.from(second?.of as Uint8Array).toString(), 'two');
    assert.equal(match('one')?.part, 'field');
    assert.equal(match('nothing'), undefined);
  });

  it('refuses patterns that mean nothing', () => {
    for (const pattern of [
      { mode: 'bytes', text: 'xyz', ignoreCase: false },
      { mode: 'bytes', text: 'abc', ignoreCase: false },
      { mode: 'regex', text: '(', ignoreCase: false },
      { mode: 'regex', text: '(a+)+', ignoreCase: false },
    ] as const) {
      assert.throws(() => compileValuePattern(pattern), { name: 'PatternError' });
    }
  });
});
