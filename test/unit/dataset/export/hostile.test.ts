/** Exports of damaged files: what is intact comes out, what is not is said, and nothing is left half done. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseTarget } from '../../../../src/dataset/export/target.js';
import { MemorySource } from '../../../../src/decoder/source.js';
import { parseLine } from '../../../corpus/compare.js';
import { decodeSource } from '../../../corpus/decode-lines.js';
import { exportBytes } from '../../../corpus/export-bytes.js';
import { CORPUS } from '../../support/fixtures.js';
import { seededRandom } from '../../support/random.js';

const corrupt = path.join(CORPUS, 'corrupt');
const files = readdirSync(corrupt).filter((name) => name.endsWith('.rdb'));
const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

const place = (line: string) => {
  const { db, key } = parseLine(line);
  return `${db} ${key}`;
};

describe('an export of a damaged file', () => {
  it('has every key that decode gives, and no other', () => {
    for (const name of files) {
      const dump = readFileSync(path.join(corrupt, name));
      const decoded = decodeSource(new MemorySource(dump)).lines.map(place);
      const { bytes, report } = exportBytes(dump, { format: 'jsonl', base64: true }, false);
      const lines = bytes.toString().split('\n').slice(0, -1);
      assert.deepEqual(lines.map(place), decoded, name);
      assert.equal(report.keys, decoded.length, name);
    }
  });

  it('is whole in its form, also where a checksum was trusted that a stranger has made', () => {
    const target = parseTarget('6.2');
    // A third of the files is enough, since each goes through every form.
    for (const name of files.filter((_, i) => i % 3 === 0)) {
      const dump = readFileSync(path.join(corrupt, name));
      for (const trusted of [true, false]) {
        const json = exportBytes(dump, { format: 'json' }, trusted).bytes.toString();
        assert.doesNotThrow(() => JSON.parse(json), name);
        exportBytes(dump, { format: 'resp', restore: true, target }, trusted);
        exportBytes(dump, { format: 'csv', flat: true }, trusted);
        const rdb = exportBytes(dump, { format: 'rdb', target }, trusted).bytes;
        const again = decodeSource(new MemorySource(rdb));
        assert.ok(
          again.codes.every((code) => code !== 'checksum-mismatch' && code !== 'truncated'),
          name,
        );
      }
    }
  });

  it(`ends for files with bytes changed at random (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const dump = readFileSync(path.join(CORPUS, 'redis-8.6.3', 'minilzf', 'dump.rdb'));
    for (let round = 0; round < 100; round++) {
      const changed = Buffer.from(dump);
      for (let i = 0; i < 1 + (round % 4); i++) changed[random(changed.length)] = random(256);
      const json = exportBytes(changed, { format: 'json' }, true).bytes.toString();
      assert.doesNotThrow(() => JSON.parse(json));
      exportBytes(changed, { format: 'resp' }, true);
      exportBytes(changed, { format: 'rdb', target: parseTarget('7.0') }, true);
    }
  });
});
