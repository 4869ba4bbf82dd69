/** Exports of an engine in its thread: what was chosen comes out, in order, in its place or in memory, whole or not at all. */
import assert from 'node:assert/strict';
import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { ViewSpec } from '../../../src/protocol.js';
import { exportBytes } from '../../corpus/export-bytes.js';
import { bytes, little } from '../support/bytes.js';
import { exportSpec } from '../support/export-spec.js';
import { CORPUS } from '../support/fixtures.js';
import { withEngine } from '../support/programs.js';
import { key, OP, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const dump = path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb');
const content = new Uint8Array(readFileSync(dump));

const SPEC = exportSpec('jsonl');

const BY_NAME: ViewSpec = {
  filter: {},
  sort: { column: 'key', descending: true },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};

const namesIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { key: string }).key);

describe('an export of the engine', () => {
  const folder = tempFolder();
  const inFolder = (name: string) => path.join(folder, name);

  it('writes what the command line writes, and leaves nothing beside it', async () => {
    await withEngine({ path: dump }, async (engine) => {
      for (const format of ['rdb', 'json', 'resp', 'csv'] as const) {
        const at = inFolder(`all.${format}`);
        const result = await engine.ask('export.write', { spec: { ...SPEC, format }, path: at });
        const wanted = exportBytes(content, { format });
        assert.ok(readFileSync(at).equals(wanted.bytes), format);
        assert.deepEqual([result.keys, result.bytes], [wanted.report.keys, wanted.bytes.length]);
      }
      assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
    });
  });

  it('gives rows of a view in its order, each once', async () => {
    await withEngine({ path: dump }, async (engine) => {
      await engine.ready();
      await engine.ask('view.set', { view: 1, spec: BY_NAME });
      const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 1000 });
      const shown = rows.map((row) => row.kind === 'key' && row.name);
      const positions = [
        [0, 2],
        [2, 4],
      ] as const;
      const at = inFolder('some.jsonl');
      await engine.ask('export.write', { spec: { ...SPEC, chosen: { view: 1, positions } }, path: at });
      assert.deepEqual(namesIn(readFileSync(at, 'utf8')), shown.slice(0, 5));
      const hashes = { ...BY_NAME, filter: { types: ['hash'] } };
      const { total } = await engine.ask('view.set', { view: 1, spec: hashes });
      const filtered = await engine.ask('export.write', {
        spec: { ...SPEC, chosen: { view: 1, positions: null } },
        path: at,
      });
      assert.ok(total > 0);
      assert.equal(filtered.keys, total);
    });
  });

  it('makes files in memory, up to a limit, where nothing can be written', async () => {
    await withEngine({ bytes: content }, async (engine) => {
      const made = await engine.ask('export.make', { spec: SPEC, limit: 1 << 20 });
      const parts: Uint8Array[] = [];
      for (let from = 0; from < made.bytes; from += parts[parts.length - 1].length) {
        parts.push((await engine.ask('export.read', { file: 0, from, count: 1000 })).bytes);
      }
      assert.ok(Buffer.concat(parts).equals(exportBytes(content, { format: 'jsonl' }).bytes));
      await engine.ask('export.forget', {});
      const { answer } = engine.send('export.make', { spec: SPEC, limit: 100 });
      assert.equal(((await answer) as { error?: { code: string } }).error?.code, 'too-large');
    });
  });

  it('never replaces the file that is read, by whatever name', async () => {
    const own = inFolder('own.rdb');
    writeFileSync(own, content);
    linkSync(own, inFolder('link.rdb'));
    await withEngine({ path: own }, async (engine) => {
      for (const name of ['own.rdb', 'link.rdb']) {
        const { answer } = engine.send('export.write', { spec: { ...SPEC, format: 'rdb' }, path: inFolder(name) });
        assert.equal(((await answer) as { error?: { code: string } }).error?.code, 'not-written');
      }
    });
    assert.ok(readFileSync(own).equals(content));
  });

  it('leaves nothing behind when it is cancelled', async () => {
    // Without a checksum, so that every value is looked at.
    const keys = Array.from({ length: 200_000 }, (_, i) => key(0, `key:${i}`, string(`value ${i}`)));
    const large = inFolder('large.rdb');
    writeFileSync(large, bytes('REDIS0011', selectdb(0), keys, OP.eof, little(0, 8)));
    await withEngine({ path: large }, async (engine) => {
      await engine.ready();
      const { id, answer } = engine.send('export.write', { spec: SPEC, path: inFolder('large.jsonl') });
      await engine.event(
        (event): event is Extract<typeof event, { event: 'progress' }> => event.event === 'progress' && event.id === id,
      );
      engine.cancel(id);
      assert.deepEqual(await answer, { id, cancelled: true });
    });
    assert.ok(!existsSync(inFolder('large.jsonl')));
    assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
  });

  it('knows what stops a server, and its name', async () => {
    await withEngine({ path: dump }, async (engine) => {
      const { targets } = await engine.ask('export.targets', {});
      assert.ok(targets.some(({ name, label }) => name === 'redis-6.2' && label === 'Redis 6.2'));
      const old = await engine.ask('export.check', { target: 'redis-6.2' });
      assert.equal(old.loads, false);
      assert.ok(old.findings.length > 1);
      assert.deepEqual(await engine.ask('export.check', { target: 'redis-7.2' }), {
        name: 'Redis 7.2',
        loads: true,
        findings: [],
      });
    });
  });
});
