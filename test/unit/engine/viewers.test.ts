/** The viewers' requests to an engine in its thread: fields under every byte, strings decoded and remembered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FieldsAround } from '../../../src/viewer-protocol.js';
import { bytes } from '../support/bytes.js';
import { dumps } from '../support/fixtures.js';
import { withEngine } from '../support/programs.js';
import { counted, file, key, selectdb, string } from '../support/rdb-writer.js';
import { KEYDB_FILE, REDIS_FILE } from '../support/samples.js';

/** The innermost field at a byte. */
function leafAt({ rows }: FieldsAround, offset: number): string | undefined {
  const found = rows.filter(
    ({ container, start, end }) => !container && start <= offset && offset < (end ?? Number.POSITIVE_INFINITY),
  );
  assert.equal(found.length, 1, `one field holds byte ${offset}`);
  const [leaf] = found;
  return typeof leaf.name === 'string' ? leaf.name : leaf.name.phrase;
}

describe('the fields of a file', () => {
  for (const { title, bytes: content } of [REDIS_FILE, KEYDB_FILE]) {
    it(`are told for every byte, in records that lie one behind the other: ${title}`, async () => {
      await withEngine({ bytes: content }, async (engine) => {
        await engine.ready();
        const met = new Set<string | undefined>();
        for (let at = 0; at < content.length; ) {
          const around = await engine.ask('fields.around', { offset: at });
          assert.equal(around.start, at, `a record begins at ${at}`);
          assert.notEqual(around.kind, 'unread');
          for (let offset = around.from; offset < around.to; offset++) met.add(leafAt(around, offset));
          at = around.end;
        }
        assert.ok(met.has('Magic') && met.has('Checksum') && met.has('Value type') && met.has('Opcode'));
      });
    });
  }

  it('of a large record are those around the byte', async () => {
    const elements = counted(Array.from({ length: 20_000 }, (_, i) => string(`element ${i}`)));
    const content = file('REDIS0011', selectdb(0), key(1, 'list', elements));
    await withEngine({ bytes: content }, async (engine) => {
      await engine.ready();
      const offset = content.length - 5000;
      const around = await engine.ask('fields.around', { offset });
      assert.ok(around.rows.length < 400, `${around.rows.length} rows`);
      assert.ok(around.from <= offset && offset < around.to && around.to - around.from < 1000);
      assert.equal(leafAt(around, offset), 'Content');
      const element = around.rows.find(
        ({ index, start, end }) => index !== null && start <= offset && offset < (end ?? 0),
      );
      assert.ok((element?.index ?? 0) > 19_000);
    });
  });

  it('of a damaged record end at the damage, with what is wrong there', async () => {
    const [dump] = dumps().filter(({ name }) => name === 'redis-7.2.6/mini');
    const content = Uint8Array.from(dump.bytes);
    await withEngine({ bytes: dump.bytes }, async (whole) => {
      await whole.ready();
      const view = {
        filter: {},
        sort: { column: 'offset', descending: false },
        layout: 'list',
        separator: ':',
        folderOrder: 'name',
      } as const;
      const { rows } = await whole.ask('view.set', { view: 1, spec: view, count: 100 });
      const packed = rows.find((row) => row.kind === 'key' && row.encoding === 'listpack');
      assert.ok(packed?.kind === 'key');
      const { rows: fields } = await whole.ask('fields.around', { offset: packed.offset });
      const encoding = fields.find(({ name }) => typeof name === 'object' && name.phrase === 'Encoding');
      assert.ok(encoding, 'the listpack has an entry');
      content[encoding.start] = 0xf9;
      await withEngine({ bytes: content }, async (engine) => {
        await engine.ready();
        const around = await engine.ask('fields.around', { offset: packed.offset });
        assert.equal(around.problem?.code, 'bad-listpack');
        const damage = around.rows.find(({ damaged }) => damaged);
        assert.equal(damage?.start, encoding.start);
        assert.equal(damage?.end, around.end);
      });
    });
  });
});

describe('a decoded string', () => {
  const json = (name: string) => new TextEncoder().encode(`{"name":"${name}","list":[1,2,3]}`);
  const content = file(
    'REDIS0011',
    selectdb(0),
    key(0, 'user:1:profile', string(new Uint8Array(gzipSync(json('Ada'))))),
    key(0, 'user:2:profile', string(new Uint8Array(gzipSync(json('Bob'))))),
    key(4, 'carts', counted([bytes(string('cart:17'), string(json('Eve')))])),
  );
  const text = (row: number) => ({ row, section: 'text', position: 0, column: 0 });

  it('is found, paged, copied, and called the same for keys of one kind', async () => {
    await withEngine({ bytes: content }, async (engine) => {
      await engine.ready();
      const decoded = await engine.ask('decode.open', { cell: text(0), chain: null, remembered: {} });
      assert.deepEqual(
        decoded.stages.map(({ decoder }) => decoder?.id),
        ['gzip', 'json'],
      );
      assert.equal(decoded.origin, 'automatic');
      assert.equal(decoded.bytes, json('Ada').length);
      const { handle, pattern } = decoded;
      assert.equal(pattern, 'string user:*:profile');
      const { rows, total } = await engine.ask('decode.nodes', { handle, path: [], from: 0, count: 10 });
      assert.deepEqual([total, rows.map(({ name }) => name)], [2, ['name', 'list']]);
      const last = await engine.ask('decode.nodes', { handle, path: [1], from: 2, count: 10 });
      assert.deepEqual(
        last.rows.map((row) => row.text),
        ['3'],
      );
      assert.equal((await engine.ask('decode.copy', { handle, path: [1, 2], what: 'path' })).text, '$.list[2]');
      assert.equal((await engine.ask('decode.copy', { handle, path: [1], what: 'json' })).text, '[1,2,3]');
      const page = await engine.ask('decode.bytes', { handle, from: 2, count: 4 });
      assert.equal(new TextDecoder().decode(page.bytes), 'name');
      const other = await engine.ask('decode.open', {
        cell: text(1),
        chain: null,
        remembered: { [pattern]: ['as-is'] },
      });
      assert.deepEqual([other.origin, other.tree, other.stages.length], ['remembered', null, 1]);
      const field = { row: 2, section: 'items', position: 0, column: 1 };
      const inHash = await engine.ask('decode.open', { cell: field, chain: null, remembered: {} });
      assert.equal(inHash.pattern, 'hash carts items.1 cart:*');
      assert.equal(inHash.tree?.kind, 'object');
      const failed = await engine.ask('decode.open', { cell: text(0), chain: ['gzip', 'cbor'], remembered: {} });
      assert.equal(failed.failure?.decoder.id, 'cbor');
      assert.equal(failed.bytes, json('Ada').length);
    });
  });
});

describe('an element of a vector set', () => {
  it('opens its nearest elements, itself first', async () => {
    const [dump] = dumps().filter(({ name }) => name === 'redis-8.6.3/vectorset');
    await withEngine({ bytes: dump.bytes }, async (engine) => {
      const { keys } = await engine.ready();
      let opened = 0;
      for (let row = 0; row < keys; row++) {
        const { sections } = await engine.ask('value.open', { row });
        const elements = sections.find(({ id }) => id === 'elements');
        if (!elements) continue;
        const { items } = await engine.ask('value.items', { row, section: 'elements', from: 0, count: 1, search: '' });
        if (items.length === 0) continue;
        const inner = await engine.ask('value.sections', { row, section: 'elements', position: 0 });
        const id = inner.sections[0]?.id ?? assert.fail();
        const page = await engine.ask('value.items', { row, section: id, from: 0, count: 10, search: '' });
        const similarities = page.items.map(([, similarity]) => Number(similarity));
        assert.deepEqual(
          similarities,
          [...similarities].sort((a, b) => b - a),
        );
        assert.ok(similarities[0] > 0.99 || similarities[0] === 0, `${similarities[0]} for itself`);
        opened++;
      }
      assert.ok(opened > 0);
    });
  });
});
