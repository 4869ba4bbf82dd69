/** Dumps of real servers against what the servers said was in them, and damaged files against the servers' own tools. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { compareVariant } from '../corpus/compare.js';
import { examine, readManifest } from '../corpus/damaged.js';
import { CORPUS, dumps } from './support/fixtures.js';
import { scan } from './support/scanned.js';

/** The value types that servers in the corpus wrote. */
const TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 64];

/** The opcodes that they wrote. */
const OPCODES = [
  'AUX',
  'EOF',
  'EXPIRETIME',
  'EXPIRETIME_MS',
  'FREQ',
  'FUNCTION2',
  'FUNCTION_PRE_GA',
  'IDLE',
  'KEY_META',
  'MODULE_AUX',
  'RESIZEDB',
  'SELECTDB',
  'SLOT_INFO',
];

interface Summary {
  readonly rdbVersion: number;
  readonly opcodes: Record<string, number>;
  readonly dbsize: Record<string, number>;
  readonly rdbTypeCodes: Record<string, number>;
  readonly aux: readonly [string, string][];
}

const all = dumps();
const summaryOf = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as Summary;

describe('a dump of a server', () => {
  const met = new Set<number>();

  for (const { name, folder } of all) {
    it(`holds what the server said: ${name}`, () => {
      const { mismatches, typeCodes } = compareVariant(folder);
      assert.deepEqual(mismatches, []);
      for (const code of typeCodes) met.add(code);
    });
  }

  it('is there for every value type that servers wrote', () => {
    assert.deepEqual(
      [...met].sort((a, b) => a - b),
      TYPES,
    );
  });
});

describe('the scan of a dump', () => {
  const met = new Set<string>();

  for (const { name, folder, bytes } of all) {
    it(`counts what is in the file: ${name}`, () => {
      const summary = summaryOf(folder);
      const { header, keys, records, aux } = scan(bytes);
      assert.equal(header?.version, summary.rdbVersion);
      for (const opcode of Object.keys(summary.opcodes)) met.add(opcode);
      const counts: Record<string, number> = {};
      for (const { type } of keys) counts[type] = (counts[type] ?? 0) + 1;
      assert.deepEqual(counts, summary.rdbTypeCodes);
      for (const opcode of ['SELECTDB', 'RESIZEDB', 'FUNCTION2', 'FUNCTION_PRE_GA', 'MODULE_AUX', 'SLOT_INFO', 'EOF']) {
        const found = records.filter((record) => record.opcode === opcode).length;
        assert.equal(found, summary.opcodes[opcode] ?? 0, opcode);
      }
      assert.equal(aux.length, summary.opcodes.AUX ?? 0);
      const expiries = (summary.opcodes.EXPIRETIME ?? 0) + (summary.opcodes.EXPIRETIME_MS ?? 0);
      assert.equal(keys.filter(({ expireAt }) => expireAt !== undefined).length, expiries);
      assert.equal(keys.filter(({ idle }) => idle >= 0).length, summary.opcodes.IDLE ?? 0);
      assert.equal(keys.filter(({ freq }) => freq >= 0).length, summary.opcodes.FREQ ?? 0);
    });
  }

  it('meets every opcode that servers wrote', () => assert.deepEqual([...met].sort(), OPCODES));
});

describe('a damaged file', () => {
  const folder = path.join(CORPUS, 'corrupt');
  for (const damaged of readManifest(folder)) {
    it(`is read up to its damage, which is reported: ${damaged.file} (${damaged.detail})`, () => {
      assert.ok(damaged.base === 'hand-made' || existsSync(path.join(CORPUS, damaged.base)), 'its base is missing');
      const { faults, decoded } = examine(folder, CORPUS, damaged);
      assert.deepEqual(faults, []);
      for (const problem of decoded.problems) {
        assert.doesNotMatch(problem, /\{\d\}|undefined|NaN bytes|Infinity|\[object/, 'every placeholder is filled');
      }
    });
  }
});
