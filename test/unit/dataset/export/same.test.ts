/** Exports of real dumps hold what the dumps hold: for the server that wrote them and for others, on both ways through a value. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { ExportFormat } from '../../../../src/dataset/export/options.js';
import { parseTarget } from '../../../../src/dataset/export/target.js';
import { compareFor, compareSame } from '../../../corpus/compare-export.js';
import { exportBytes } from '../../../corpus/export-bytes.js';
import { CORPUS } from '../../support/fixtures.js';

/** Dumps with every type and encoding of their time. */
const DUMPS = [
  'redis-2.4.18/mini',
  'redis-3.2.13/mini',
  'redis-4.0.14/mini',
  'redis-6.0.16/minilzf',
  'redis-7.2.6/streams',
  'redis-8.6.3/minilzf',
  'valkey-9.1.2/mini',
  'keydb-6.3.4/keydb',
];

function dumpOf(name: string): Buffer {
  return readFileSync(path.join(CORPUS, name, 'dump.rdb'));
}

describe('an export of a real dump', () => {
  for (const name of DUMPS) {
    it(`holds what ${name} holds, as RDB and as JSON`, () => {
      const { keys, mismatches } = compareSame(dumpOf(name), true);
      assert.deepEqual(mismatches, []);
      assert.ok(keys > 0);
    });

    it(`is the same for ${name} whether values are read at once or by the decoder`, () => {
      for (const format of ['jsonl', 'resp', 'redis-cli', 'rdb', 'dump', 'csv'] satisfies ExportFormat[]) {
        const [once, decoded] = [true, false].map((trusted) => exportBytes(dumpOf(name), { format }, trusted).bytes);
        assert.ok(once.equals(decoded), format);
      }
    });

    for (const release of ['redis-2.4', 'redis-3.2', 'redis-6.2', 'redis-7.0', 'redis-7.4', 'valkey-9.0', 'keydb']) {
      it(`holds what ${name} holds as far as ${release} knows it`, () => {
        const target = parseTarget(release);
        assert.ok(target);
        assert.deepEqual(compareFor(dumpOf(name), target).mismatches, []);
      });
    }
  }

  it('is byte for byte what the server wrote, where nothing is to be changed', () => {
    // Written by a server without replicas: no field of the file depends on where it was.
    const dump = dumpOf('redis-7.2.6/mini');
    assert.ok(exportBytes(dump, { format: 'rdb' }).bytes.equals(dump));
  });
});
