/** Values of every type and encoding: what the scan says of them and what they are decoded to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { verifyEntry } from '../../../src/decoder/rdb/verify.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { plainValue, text } from '../support/plain.js';
import { SAMPLE_FILES } from '../support/samples.js';
import { fileOf, scan } from '../support/scanned.js';

for (const { title, bytes, samples } of SAMPLE_FILES) {
  describe(`a file of ${title}`, () => {
    const scanned = scan(bytes);
    const file = fileOf(new MemorySource(bytes), scanned);
    const entries = scanned.keys.map((row) => ({ row, entry: openEntry(file, row.typeOffset, row.end) }));
    const byName = new Map(entries.map((each) => [text(each.entry.key), each]));

    it('is read to its end without a problem', () => {
      assert.deepEqual(scanned.problems, []);
      assert.equal(scanned.complete, true);
      assert.equal(scanned.endOffset, bytes.length);
    });

    it('has the checksum that its bytes give', () => {
      const computed = crc64(0n, bytes, 0, scanned.checkedBytes);
      assert.equal(scanned.checksum, scanned.header?.version === 1 ? undefined : computed);
    });

    for (const sample of samples) {
      it(`holds ${sample.name} (type ${sample.type})`, () => {
        const found = byName.get(sample.name);
        assert.ok(found, 'the key is missing');
        const { row, entry } = found;
        assert.equal(entry.type.code, sample.type);
        assert.deepStrictEqual(plainValue(entry.value), sample.plain);
        verifyEntry(entry, row.typeOffset);
        assert.equal(row.type, sample.type);
        assert.equal(row.end, entry.valueOffset + sample.value.length);
        assert.equal(row.keyLength, sample.name.length);
        assert.equal(row.elements, sample.elements, 'elements');
        assert.equal(row.flags, sample.flags, 'flags');
      });
    }
  });
}

describe('the samples', () => {
  it('have every value type of the format', () => {
    const types = new Set(SAMPLE_FILES.flatMap(({ samples }) => samples.map(({ type }) => type)));
    const expected = [...Array(34).keys(), 64].filter((type) => type !== 8);
    assert.deepEqual(
      [...types].sort((a, b) => a - b),
      expected,
    );
  });
});
