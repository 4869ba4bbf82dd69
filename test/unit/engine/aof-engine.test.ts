/** The engine of an AOF in its thread, over files of real servers: what it tells, and its answers to every request. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CommandRow, CommandViewSpec, TouchedViewSpec } from '../../../src/aof-protocol.js';
import type { RequestKind } from '../../../src/protocol.js';
import { scanned } from '../support/aof-engine.js';
import { mixedAof } from '../support/aof-indexed.js';
import { readPlainly, resp } from '../support/aof-scanned.js';
import { bytes } from '../support/bytes.js';
import { type TestEngine, withEngine } from '../support/programs.js';
import { seededRandom } from '../support/random.js';
import { tempFolder } from '../support/temp.js';

declare const PROJECT_ROOT: string;

const FIXTURES = path.join(PROJECT_ROOT, 'test', 'fixtures', 'aof', 'redis-7.0.15');
const folder = tempFolder();
const ALL: CommandViewSpec = { filter: {}, sort: { column: 'number', descending: false }, fold: false };
const KEYS: TouchedViewSpec = { filter: {}, sort: { column: 'commands', descending: true } };

/** The manifest of a variant: the one file of that kind, in the one folder that it has. */
function manifestOf(variant: string): string {
  const all = readdirSync(path.join(FIXTURES, variant), { recursive: true, encoding: 'utf8' });
  return path.join(FIXTURES, variant, all.find((file) => file.endsWith('.manifest')) ?? '');
}

interface CorpusFile {
  readonly file: string;
  readonly size: number;
  readonly role: string;
  readonly commands: number;
  readonly rdbPreambleKeys?: number;
  readonly commandCounts: Readonly<Record<string, number>>;
}

/** What a server said of the files of a variant. */
function truthOf(variant: string): readonly CorpusFile[] {
  return JSON.parse(readFileSync(path.join(FIXTURES, variant, 'summary.json'), 'utf8')).files.filter(
    ({ role }: CorpusFile) => role !== 'manifest',
  );
}

function written(name: string, content: Uint8Array): { aof: { path: string } } {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return { aof: { path: at } };
}

/** All rows of a view, a page at a time. */
async function allRows(engine: TestEngine, view: number, spec: CommandViewSpec) {
  const { total } = await engine.ask('commands.set', { view, spec });
  const rows = [];
  for (let from = 0; from < total; from += 500) {
    rows.push(...(await engine.ask('commands.rows', { view, from, count: 500 })).rows);
  }
  assert.equal(rows.length, total);
  return rows;
}

const commandsOf = (rows: Awaited<ReturnType<typeof allRows>>) =>
  rows.filter((row): row is CommandRow => row.kind === 'command');

describe('the engine of an AOF', () => {
  for (const variant of readdirSync(FIXTURES)) {
    it(`counts in ${variant} what the corpus says, from the disk and from memory`, async () => {
      const truth = truthOf(variant);
      const dir = path.dirname(manifestOf(variant));
      const files = readdirSync(dir).map((name) => ({
        name,
        bytes: new Uint8Array(readFileSync(path.join(dir, name))),
      }));
      const manifest = manifestOf(variant);
      for (const aof of [{ path: manifest }, { path: dir }, { name: path.basename(manifest), files }]) {
        await withEngine({ aof }, async (engine) => {
          const summary = await scanned(engine);
          assert.equal(summary.state, 'ready');
          for (const { file, size, role, commands } of truth) {
            const part = summary.parts.find((one) => one.file === path.basename(file));
            assert.ok(part, file);
            // Of a damaged file the corpus counts up to the damage.
            const before = part.commands - summary.commandsAfterDamage * (role === 'incr' ? 1 : 0);
            assert.deepEqual([part.bytes, part.role, before], [size, role, commands], file);
          }
          assert.equal(summary.inMemory, 'files' in aof);
          assert.equal(summary.following, !('files' in aof));
        });
      }
    });
  }

  it('gives as rows what a naive reading finds', async () => {
    const content = mixedAof(seededRandom(3), 1500);
    const plain = readPlainly(content);
    await withEngine(written('mixed.aof', content), async (engine) => {
      const summary = await scanned(engine);
      assert.deepEqual([summary.commands, summary.verdict], [plain.length, 'loads']);
      const rows = commandsOf(await allRows(engine, 1, ALL));
      assert.equal(rows.length, plain.length);
      for (const [i, row] of rows.entries()) {
        const { offset, size, argv, db, time } = plain[i];
        assert.deepEqual(
          [row.command, row.offset, row.bytes, row.argc, row.db, row.time],
          [i, offset, size, argv.length, db, time || null],
        );
        assert.equal(row.name, argv[0] === 'XGROUP' ? 'XGROUP CREATE' : argv[0].toUpperCase());
      }
      const set = rows.findIndex(({ name }) => name === 'MSET');
      assert.equal(rows[set].key?.text, plain[set].argv[1]);
      assert.match(rows[set].preview, /^a .+ b .+ c/);
    });
  });

  it('folds transactions and opens them', async () => {
    const content = mixedAof(seededRandom(4), 600);
    const plain = readPlainly(content);
    await withEngine(written('folded.aof', content), async (engine) => {
      await scanned(engine);
      const rows = await allRows(engine, 1, { ...ALL, fold: true });
      const transactions = rows.filter((row) => row.kind === 'transaction');
      const opened = plain.flatMap(({ argv }, i) => (argv[0] === 'MULTI' ? [i] : []));
      assert.deepEqual(
        transactions.map((row) => [row.command, row.commands, row.complete]),
        opened.map((command) => [command, 3, true]),
      );
      assert.equal(rows.length, plain.length - 4 * opened.length);
      const [, second] = opened;
      const state = await engine.ask('commands.expand', { view: 1, command: second, expanded: true });
      assert.equal(state.total, rows.length + 3);
      const found = await engine.ask('commands.locate', { view: 1, command: second + 2 });
      const page = await engine.ask('commands.rows', { view: 1, from: found.position ?? -1, count: 1 });
      assert.deepEqual(page.rows[0], { ...page.rows[0], kind: 'command', command: second + 2, depth: 1 });
      // A command of a transaction that is closed opens it; EXEC is found in its row.
      const third = opened[2];
      const inThird = await engine.ask('commands.locate', { view: 1, command: third + 1 });
      assert.equal(inThird.state.total, rows.length + 6);
      const exec = await engine.ask('commands.locate', { view: 1, command: third + 4 });
      assert.equal(exec.position, (inThird.position ?? 0) - 1);
      const copied = await engine.ask('commands.copy', {
        view: 1,
        positions: [[exec.position ?? 0, exec.position ?? 0]],
        format: 'json',
      });
      assert.equal(copied.commands, 5);
      const closed = await engine.ask('commands.expand', { view: 1, command: second, expanded: false });
      assert.equal(closed.total, rows.length + 3);
    });
  });

  it('shows damage in its place, and the commands behind it', async () => {
    await withEngine({ aof: { path: manifestOf('aof-flip-length') } }, async (engine) => {
      const summary = await scanned(engine);
      assert.equal(summary.verdict, 'refused');
      const rows = await allRows(engine, 1, ALL);
      const at = rows.findIndex(({ kind }) => kind === 'damage');
      const damage = rows[at];
      const [before, behind] = [rows[at - 1], rows[at + 1]];
      assert.ok(damage?.kind === 'damage' && before?.kind === 'command' && behind?.kind === 'command');
      assert.equal(before.offset + before.bytes, damage.offset);
      assert.equal(damage.offset + damage.bytes, behind.offset);
      assert.deepEqual([before.damaged, behind.damaged], [false, true]);
      assert.equal(commandsOf(rows).filter(({ damaged }) => damaged).length, summary.commandsAfterDamage);
      assert.deepEqual((await engine.ask('commands.locate', { view: 1, command: behind.command })).position, at + 1);
      const filtered = await allRows(engine, 2, { ...ALL, filter: { names: ['SET'] } });
      assert.ok(filtered.every(({ kind }) => kind === 'command'));
    });
  });

  it('marks the transaction that the file ends in', async () => {
    await withEngine({ aof: { path: manifestOf('aof-cut-in-multi') } }, async (engine) => {
      const summary = await scanned(engine);
      assert.equal(summary.verdict, 'loads-truncated');
      assert.equal(summary.cut?.at, 22041);
      const rows = await allRows(engine, 1, { ...ALL, fold: true });
      const open = rows.filter((row) => row.kind === 'transaction' && !row.complete);
      assert.deepEqual(
        open.map((row) => row.kind === 'transaction' && row.offset),
        [22041],
      );
    });
  });

  it('shows a command in all its arguments, however long they are', async () => {
    const long = new Uint8Array(300_000).fill(0x61);
    const many = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? `key:${i}` : `value ${i}`));
    const content = bytes(resp('SELECT', '3'), resp('SET', 'long', long), resp('mset', ...many));
    await withEngine(written('long.aof', content), async (engine) => {
      await scanned(engine);
      const detail = await engine.ask('command.open', { command: 2 });
      assert.deepEqual(
        [detail.name, detail.argc, detail.db, detail.writes, detail.problem],
        ['MSET', 5001, 3, true, null],
      );
      const page = await engine.ask('command.arguments', { command: 2, from: 3999, count: 2, search: '' });
      assert.equal(page.total, 5001);
      assert.deepEqual(
        page.items.map(({ index, role, cell }) => [index, role, cell.text]),
        [
          [3999, 'key', 'key:3998'],
          [4000, 'argument', 'value 3999'],
        ],
      );
      const { keyId } = await engine.ask('touched.find', { text: 'key:3998', db: 3 });
      assert.equal(page.items[0].keyId, keyId);
      const found = await engine.ask('command.arguments', { command: 2, from: 1, count: 1, search: 'VALUE 4' });
      const expected = many.flatMap((text, i) => (text.includes('value 4') ? [i + 1] : []));
      assert.deepEqual([found.total, found.items[0].index], [expected.length, expected[1]]);
      const tail = await engine.ask('command.bytes', { command: 1, argument: 2, from: 299_998, count: 100 });
      assert.deepEqual([tail.total, [...tail.bytes]], [300_000, [0x61, 0x61]]);
      const raw = await engine.ask('command.bytes', { command: 0, argument: null, from: 0, count: 1000 });
      assert.deepEqual(raw.bytes, resp('SELECT', '3'));
      const row = (await engine.ask('commands.set', { view: 1, spec: ALL, count: 3 })).rows[1];
      assert.ok(row.kind === 'command' && row.preview.endsWith('…') && row.preview.length < 400);
    });
  });

  it('answers every other kind of request', async () => {
    const content = mixedAof(seededRandom(5), 800);
    const plain = readPlainly(content);
    await withEngine(written('requests.aof', content), async (engine) => {
      const summary = await scanned(engine);
      const keys = await engine.ask('touched.set', { view: 1, spec: KEYS, count: 20 });
      assert.equal(keys.total, summary.keysTouched);
      assert.ok(keys.rows.every((row, i) => i === 0 || row.commands <= keys.rows[i - 1].commands));
      const [most] = keys.rows;
      assert.equal(
        most.names.reduce((sum, [, count]) => sum + count, 0),
        most.commands,
      );
      const history = await allRows(engine, 1, { ...ALL, filter: { keyId: most.keyId } });
      assert.equal(history.length, most.commands);
      assert.deepEqual(await engine.ask('touched.find', { text: most.name.text, db: most.db }), { keyId: most.keyId });
      assert.deepEqual(await engine.ask('touched.find', { text: 'no such key', db: null }), { keyId: null });
      assert.deepEqual(await engine.ask('touched.locate', { view: 1, keyId: most.keyId }), { position: 0 });
      assert.deepEqual((await engine.ask('touched.rows', { view: 1, from: 0, count: 20 })).rows, keys.rows);
      const copied = await engine.ask('touched.copy', { view: 1, positions: [[0, 2]] });
      assert.deepEqual(
        copied.text.split('\n'),
        keys.rows.slice(0, 3).map(({ name }) => name.text),
      );
      const at = await engine.ask('commands.at', { part: 0, offset: plain[7].offset + 3 });
      assert.deepEqual(at, { command: 7 });
      const filter = { dbs: [0] };
      const own = plain.filter(({ db }) => db === 0);
      const names = await engine.ask('analysis.commands', { filter });
      assert.equal(
        names.commands.reduce((sum, { commands }) => sum + commands, 0),
        own.length,
      );
      const times = await engine.ask('analysis.timeline', { buckets: 10, axis: 'number', filter });
      assert.equal(times.borders.length, 11);
      const spaces = await engine.ask('analysis.namespaces', { filter, separator: ':', limit: 2 });
      assert.deepEqual([spaces.namespaces.length, spaces.more], [2, 2]);
      const largest = await engine.ask('analysis.largest', { filter, limit: 3 });
      assert.equal(largest.rows[0].bytes, Math.max(...own.map(({ size }) => size)));
      const amplified = await engine.ask('analysis.amplification', { filter, limit: 3 });
      assert.ok(amplified.keys.every(({ factor, bytes: all, largest: most }) => factor === all / most && factor > 1));
      assert.deepEqual(await engine.ask('commands.close', { view: 1 }), {});
    });
  });

  it('answers with an error what it cannot give, and goes on', async () => {
    await withEngine(written('errors.aof', bytes(resp('SET', 'a', '1'))), async (engine) => {
      await scanned(engine);
      const fails = async (kind: RequestKind, params: unknown, code: string) => {
        const outcome = await engine.send(kind, params as never).answer;
        assert.ok('error' in outcome, `${kind} ${JSON.stringify(outcome)}`);
        assert.equal(outcome.error.code, code, JSON.stringify(outcome.error));
      };
      for (const command of [1, -1, 0.5, Number.NaN]) await fails('command.open', { command }, 'not-open');
      await fails('command.bytes', { command: 0, argument: 3, from: 0, count: 1 }, 'not-open');
      await fails('base.open', { part: 0 }, 'not-open');
      await fails('base.open', { part: 9 }, 'not-open');
      await fails('value.open', { row: 0 }, 'not-open');
      const key = { text: '(', mode: 'regex', matchCase: true } as const;
      await fails('commands.set', { view: 1, spec: { ...ALL, filter: { key } } }, 'bad-pattern');
      assert.equal((await engine.ask('commands.set', { view: 1, spec: ALL })).total, 1);
    });
  });

  it('opens the RDB of a part as an engine of its own', async () => {
    await withEngine({ aof: { path: manifestOf('aof-preamble') } }, async (engine) => {
      const summary = await scanned(engine);
      const base = summary.parts.find(({ role }) => role === 'base');
      assert.ok(base && base.rdbKeys > 0 && base.rdbBytes === base.bytes);
      assert.equal(summary.preambleKeys, base.rdbKeys);
      assert.deepEqual(await engine.ask('base.open', { part: base.part }), { part: base.part });
      const rdb = await engine.ready();
      assert.deepEqual([rdb.keys, rdb.checksum, rdb.bytes], [base.rdbKeys, 'ok', base.bytes]);
      const view = await engine.ask('view.set', {
        view: 1,
        spec: {
          filter: {},
          sort: { column: 'key', descending: false },
          layout: 'list',
          separator: ':',
          folderOrder: 'name',
        },
        count: 10,
      });
      assert.equal(view.keys, base.rdbKeys);
      assert.equal(view.rows.length, 10);
      assert.equal((await engine.ask('verify', {})).problems, 0);
      assert.equal((await engine.ask('aof.summary', {})).commands, summary.commands);
    });
  });

  it('says why what is no AOF cannot be opened', async () => {
    await withEngine({ aof: { path: folder } }, async (engine) => {
      await assert.rejects(scanned(engine), /The folder has no manifest/);
    });
  });
});
