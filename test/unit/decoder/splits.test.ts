/**
 * Where pieces of a file end must not matter: the scan over pieces, and values from a source that reads little at a
 * time, give the same as the whole.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { verifyEntry } from '../../../src/decoder/rdb/verify.js';
import { type ByteSource, MemorySource } from '../../../src/decoder/source.js';
import { readManifest } from '../../corpus/damaged.js';
import { decodeSource } from '../../corpus/decode-lines.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { line, plainValue } from '../support/plain.js';
import { seededRandom } from '../support/random.js';
import { SAMPLE_FILES } from '../support/samples.js';
import {
  everyByte,
  fileOf,
  fingerprint,
  randomCuts,
  type Scanned,
  ShortReads,
  SplitReads,
  scan,
} from '../support/scanned.js';

/** Files up to this size are cut at every byte, larger ones at some. */
const SMALL = 1300;

const FIXTURES = dumps().filter(({ size }) => size <= 16000);

const CASES = [
  ...SAMPLE_FILES.map(({ title, bytes }) => ({ title: `the sample file of ${title}`, bytes })),
  ...FIXTURES.map(({ name, bytes }) => ({ title: name, bytes })),
];

/** Makes a check that a scan told the same as the whole; it fails with the facts that differ. */
function sameAs(whole: Scanned): (actual: Scanned, where: () => string) => void {
  const expected = fingerprint(whole);
  return (actual, where) => {
    if (fingerprint(actual) === expected) return;
    assert.deepEqual(actual, whole, where());
    assert.fail(where());
  };
}

describe('a scan over pieces', () => {
  for (const [index, { title, bytes }] of CASES.entries()) {
    it(`gives the same as over the whole: ${title}`, () => {
      const whole = scan(bytes);
      const same = sameAs(whole);
      assert.equal(whole.complete, true);
      same(scan(bytes, everyByte(bytes)), () => 'byte by byte');
      const random = seededRandom(index);
      if (bytes.length <= SMALL || index < SAMPLE_FILES.length) {
        for (let at = 0; at <= bytes.length; at++) same(scan(bytes, [at]), () => `cut at ${at}`);
      } else {
        for (let i = 0; i < 50; i++) {
          const at = random(bytes.length + 1);
          same(scan(bytes, [at]), () => `cut at ${at}`);
        }
      }
      for (let round = 0; round < 10; round++) {
        const cuts = [...randomCuts(bytes, random, 1 + random(200))];
        same(scan(bytes, cuts), () => `cut at ${cuts.join(' ')}`);
      }
    });

    it(`gives the same where the size of the file is not known: ${title}`, () => {
      const unknown = scan(bytes, everyByte(bytes), Number.POSITIVE_INFINITY);
      sameAs(scan(bytes))(unknown, () => 'byte by byte');
    });
  }
});

describe('a scan over pieces of a damaged file', () => {
  const folder = path.join(CORPUS, 'corrupt');
  for (const [index, { file, detail }] of readManifest(folder).entries()) {
    it(`finds the same keys and problems as over the whole: ${file} (${detail})`, () => {
      const bytes = new Uint8Array(readFileSync(path.join(folder, file)));
      const same = sameAs(scan(bytes));
      same(scan(bytes, everyByte(bytes)), () => 'byte by byte');
      const random = seededRandom(index);
      for (let round = 0; round < 5; round++) {
        const cuts = [...randomCuts(bytes, random, 1 + random(200))];
        same(scan(bytes, cuts), () => `cut at ${cuts.join(' ')}`);
      }
    });
  }
});

/** The value of a key from a source, or what is wrong with it. */
function valueLine(source: ByteSource, scanned: Scanned, row: Scanned['keys'][number]): string {
  try {
    const entry = openEntry(fileOf(source, scanned), row.typeOffset, row.end);
    verifyEntry(entry, row.typeOffset);
    return line(plainValue(entry.value));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.message;
  }
}

describe('values from a source that reads little at a time', () => {
  for (const [index, { title, bytes }] of CASES.entries()) {
    if (bytes.length > SMALL && index >= SAMPLE_FILES.length) continue;
    it(`are the same, wherever a read ends: ${title}`, () => {
      const scanned = scan(bytes);
      const memory = new MemorySource(bytes);
      for (const row of scanned.keys) {
        const expected = valueLine(memory, scanned, row);
        const limit = Math.min(row.end, row.offset + 400);
        for (let at = row.offset; at <= limit; at++) {
          assert.equal(valueLine(new SplitReads(bytes, at), scanned, row), expected, `read ends at ${at}`);
        }
      }
    });
  }

  for (const { title, bytes } of CASES) {
    it(`are the same one byte at a time: ${title}`, () => {
      const whole = decodeSource(new MemorySource(bytes));
      const short = decodeSource(new ShortReads(bytes, 1), 1);
      assert.deepEqual(short.problems, whole.problems);
      for (const [index, expected] of whole.lines.entries()) assert.equal(short.lines[index], expected);
      assert.equal(short.lines.length, whole.lines.length);
    });
  }
});
