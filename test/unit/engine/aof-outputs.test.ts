/** What the engine of an AOF makes to keep: repairs are those of the command line, texts become the same commands again. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { RepairWay, TextPiece } from '../../../src/aof-protocol.js';
import { respOfCommandText } from '../../../src/decoder/resp/command-text.js';
import { phraseText } from '../../../src/format/messages.js';
import { scanned } from '../support/aof-engine.js';
import { aofVariants } from '../support/aof-files.js';
import { resp } from '../support/aof-scanned.js';
import { bytes } from '../support/bytes.js';
import { exportSpec } from '../support/export-spec.js';
import { cli, type TestEngine, withEngine } from '../support/programs.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const WAYS: readonly RepairWay[] = ['cut-tail', 'drop-damage', 'restore-crs'];

/** The file of a variant that is opened. */
function openedOf(variant: string): string {
  const manifest = readdirSync(variant, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.manifest'),
  );
  return path.join(variant, manifest ?? 'appendonly.aof');
}

function filesOf(target: string, name: string): Record<string, string> {
  const files = existsSync(path.join(target, name)) ? readdirSync(target) : [];
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(target, file), 'latin1')]));
}

/** A text as an editor would show it, in English. */
function textOf(pieces: readonly TextPiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : `# ${phraseText(piece, (english) => english)}\n`))
    .join('');
}

/** Reads a file of a plan in pieces. */
async function pulled(engine: TestEngine, plan: number, file: number, size: number): Promise<string> {
  const parts: Buffer[] = [];
  for (let from = 0; from < size; ) {
    const page = await engine.ask('repair.bytes', { plan, file, from, count: 777 });
    assert.equal(page.total, size);
    parts.push(Buffer.from(page.bytes));
    from += page.bytes.length;
  }
  return Buffer.concat(parts).toString('latin1');
}

const LOST_CRS = bytes(resp('SET', 'a', 'one\r\ntwo'), resp('SET', 'b', '2')).filter((byte) => byte !== 0x0d);
const crless = path.join(folder, 'crless', 'appendonly.aof');
mkdirSync(path.dirname(crless));
writeFileSync(crless, LOST_CRS);

const variants = [
  ...aofVariants().map((variant) => ({ name: variant.name, opened: openedOf(variant.folder) })),
  { name: 'a file without CRs', opened: crless },
];

describe('repairs of the engine', () => {
  for (const { name, opened } of variants) {
    it(`are those of the command line: ${name}`, async () => {
      await withEngine({ aof: { path: opened } }, async (engine) => {
        for (const way of WAYS) {
          const info = await engine.ask('repair.plan', { way, time: null });
          const out = path.join(folder, `cli-${name.replace(/\W/g, '-')}-${way}`);
          const own = path.join(folder, `own-${name.replace(/\W/g, '-')}-${way}`);
          const said = await cli('repair', opened, `--${way}`, '--dry-run');
          assert.match(
            said.stderr,
            new RegExp(`would lose ${info.lost.commands} commands and ${info.lost.bytes} bytes`),
          );
          assert.equal(said.status, info.changes ? 1 : 0);
          if (!info.folder) mkdirSync(out);
          mkdirSync(own);
          const file = path.basename(opened);
          const done = await cli('repair', opened, `--${way}`, '--out', info.folder ? out : path.join(out, file));
          assert.equal(done.status === 0, info.verdict === 'loads', done.stderr);
          await engine.ask('repair.write', { plan: info.plan, path: info.folder ? own : path.join(own, file) });
          const written = filesOf(own, file);
          assert.deepEqual(written, filesOf(out, file));
          for (const [i, { file: each, bytes: size }] of info.files.entries()) {
            assert.equal(await pulled(engine, info.plan, i, size), written[each], each);
          }
        }
      });
    });
  }

  it('tell each command that is lost, with its place', async () => {
    const cut = path.join(folder, 'cut.aof');
    const [kept, lost] = [resp('SET', 'kept', '1'), resp('SET', 'lost', '\x00')];
    writeFileSync(cut, bytes(kept, '*1\r\n$x', lost));
    await withEngine({ aof: { path: cut } }, async (engine) => {
      const { plan, lost: count } = await engine.ask('repair.plan', { way: 'cut-tail', time: null });
      assert.deepEqual(count, { commands: 1, bytes: 6 + lost.length });
      const { pieces, commands } = await engine.ask('repair.lost', { plan, limit: 10_000 });
      assert.equal(commands, 1);
      assert.deepEqual(textOf(pieces).split('\n'), [
        `# cut.aof: ${6 + lost.length} bytes from offset ${kept.length} on, with 1 commands`,
        `# Damage: 6 bytes at offset ${kept.length} are no command.`,
        `# cut.aof, offset ${kept.length + 6}, database 0`,
        'SET lost "\\x00"',
        '',
      ]);
    });
  });

  it('cut at a time where the annotations are', async () => {
    const timed = path.join(folder, 'timed.aof');
    writeFileSync(timed, bytes('#TS:100\r\n', resp('SET', 'a', '1'), '#TS:200\r\n', resp('SET', 'b', '2')));
    await withEngine({ aof: { path: timed } }, async (engine) => {
      const early = await engine.ask('repair.plan', { way: 'cut-at-time', time: 150 });
      assert.deepEqual([early.changes, early.lost.commands, early.verdict], [true, 1, 'loads']);
      const late = await engine.ask('repair.plan', { way: 'cut-at-time', time: 200 });
      assert.deepEqual([late.changes, late.lost.commands], [false, 0]);
      assert.equal(late.notes.length, 1);
    });
  });

  it('are not written over what is read, under none of its names', async () => {
    const { opened } = variants.find(({ name }) => name.endsWith('aof-cut-in-multi')) ?? variants[0];
    const copy = path.join(folder, 'copy');
    mkdirSync(copy);
    for (const file of readdirSync(path.dirname(opened))) {
      writeFileSync(path.join(copy, file), readFileSync(path.join(path.dirname(opened), file)));
    }
    const before = filesOf(copy, path.basename(opened));
    await withEngine({ aof: { path: path.join(copy, path.basename(opened)) } }, async (engine) => {
      const { plan } = await engine.ask('repair.plan', { way: 'cut-tail', time: null });
      for (const target of [copy, `${copy}/../copy`, ...readdirSync(copy).map((file) => path.join(copy, file))]) {
        const outcome = await engine.send('repair.write', { plan, path: target }).answer;
        assert.ok('error' in outcome && outcome.error.code === 'not-written', target);
      }
    });
    assert.deepEqual(filesOf(copy, path.basename(opened)), before);
  });

  it('leave nothing behind where they cannot be written, or are given up', async () => {
    const target = path.join(folder, 'taken');
    mkdirSync(target);
    const { opened } = variants.find(({ name }) => name.endsWith('aof-cut-in-multi')) ?? variants[0];
    writeFileSync(path.join(target, path.basename(opened)), 'mine');
    const large = path.join(folder, 'large.aof');
    const piece = resp('SET', 'key', 'v'.repeat(1 << 20));
    writeFileSync(large, Buffer.concat([...Array.from({ length: 64 }, () => piece), Buffer.from('*1\r\n')]));
    await withEngine({ aof: { path: opened } }, async (engine) => {
      const { plan } = await engine.ask('repair.plan', { way: 'cut-tail', time: null });
      const outcome = await engine.send('repair.write', { plan, path: target }).answer;
      assert.ok('error' in outcome && outcome.error.code === 'not-written');
      assert.deepEqual(filesOf(target, path.basename(opened)), { [path.basename(opened)]: 'mine' });
    });
    await withEngine({ aof: { path: large } }, async (engine) => {
      const { plan } = await engine.ask('repair.plan', { way: 'cut-tail', time: null });
      const out = path.join(folder, 'given-up');
      mkdirSync(out);
      const { id, answer } = engine.send('repair.write', { plan, path: path.join(out, 'large.aof') });
      engine.cancel(id);
      assert.ok('cancelled' in (await answer));
      assert.deepEqual(readdirSync(out), []);
    });
  });
});

describe('the RDB that an AOF begins with', () => {
  it('is written byte for byte', async () => {
    const { opened } = variants.find(({ name }) => name === 'redis-6.2.16/aof-preamble') ?? variants[0];
    const out = path.join(folder, 'preamble.rdb');
    await withEngine({ aof: { path: opened } }, async (engine) => {
      const { parts } = await scanned(engine);
      await engine.ask('preamble.write', { part: 0, path: out });
      const written = readFileSync(out);
      assert.deepEqual(written, readFileSync(opened).subarray(0, parts[0].rdbBytes));
      await withEngine({ path: out }, async (rdb) => {
        const { keys, state } = await rdb.ready();
        assert.deepEqual([keys, state], [parts[0].rdbKeys, 'ready']);
      });
    });
    await withEngine({ aof: { path: crless } }, async (engine) => {
      const outcome = await engine.send('preamble.write', { part: 0, path: `${out}.none` }).answer;
      assert.ok('error' in outcome && !existsSync(`${out}.none`));
    });
  });
});

describe('the RDB that an AOF begins with, exported', () => {
  const { opened } = variants.find(({ name }) => name === 'redis-6.2.16/aof-preamble') ?? variants[0];
  const spec = exportSpec('jsonl');

  it('is what the command line exports of it', async () => {
    const wanted = path.join(folder, 'wanted.jsonl');
    await cli('export', opened, '--out', wanted);
    await withEngine({ aof: { path: opened } }, async (engine) => {
      await scanned(engine);
      // Whatever is shown meanwhile: what is aside tells nothing of itself.
      await engine.ask('base.open', { part: 0, aside: true });
      const out = path.join(folder, 'aside.jsonl');
      const { keys } = await engine.ask('export.write', { spec, path: out, aside: true });
      assert.ok(readFileSync(out).equals(readFileSync(wanted)));
      assert.ok(keys > 0 && !engine.events.some(({ event }) => event === 'summary'));
      await engine.ask('base.leave', {});
      const { answer } = engine.send('export.write', { spec, path: out, aside: true });
      assert.ok('error' in (await answer));
    });
  });

  it('is finished when another one is shown, and never written onto the AOF', async () => {
    await withEngine({ aof: { path: opened } }, async (engine) => {
      await scanned(engine);
      await engine.ask('base.open', { part: 0, aside: true });
      const out = path.join(folder, 'left.jsonl');
      const { answer } = engine.send('export.write', { spec, path: out, aside: true });
      await engine.ask('base.leave', {});
      assert.ok('result' in (await answer) && existsSync(out));
      await engine.ask('base.open', { part: 0 });
      const refused = await engine.send('export.write', { spec, path: opened }).answer;
      assert.equal('error' in refused && refused.error.code, 'not-written');
    });
  });
});

describe('commands as a text', () => {
  it('are the same commands again, byte for byte', async () => {
    const content = bytes(
      resp('SELECT', '3'),
      resp('SET', '#odd "name"', '\x00\r\n\xff\x80ä'),
      resp('MULTI'),
      resp('DEL', '', ' '),
      resp('EXEC'),
      resp('#name', "it's"),
    );
    const at = path.join(folder, 'odd.aof');
    writeFileSync(at, content);
    await withEngine({ aof: { path: at } }, async (engine) => {
      const { pieces, commands, stoppedAt } = await engine.ask('readable.text', { from: 0, limit: 1e6 });
      assert.deepEqual([commands, stoppedAt], [6, null]);
      const text = textOf(pieces);
      assert.deepEqual(text.match(/^# .*$/gm), ['# odd.aof', '# transaction', '# end of the transaction']);
      assert.deepEqual(Buffer.from(respOfCommandText(bytes(text)).bytes), Buffer.from(content));
    });
  });

  for (const { name, opened } of variants) {
    it(`are those that a server would run: ${name}`, async () => {
      await withEngine({ aof: { path: opened } }, async (engine) => {
        const { pieces } = await engine.ask('readable.text', { from: 0, limit: 1e8 });
        const { bytes: wire, problems } = respOfCommandText(bytes(textOf(pieces)));
        assert.deepEqual(problems, []);
        const lines = (await cli('commands', opened)).stdout.split('\n').filter((line) => line !== '');
        const argvs = lines
          .map((line) => JSON.parse(line) as { argv?: string[]; afterDamage?: boolean })
          .flatMap(({ argv, afterDamage }) => (argv && !afterDamage ? [argv] : []));
        // A transaction without EXEC is not run.
        const nameAt = (i: number) => Buffer.from(argvs[i][0], 'base64').toString('latin1').toUpperCase();
        const names = argvs.map((_, i) => nameAt(i));
        const multi = names.lastIndexOf('MULTI');
        const run = multi > names.lastIndexOf('EXEC') ? multi : argvs.length;
        const wanted = argvs
          .slice(0, run)
          .map((argv) => resp(...argv.map((argument) => Buffer.from(argument, 'base64'))));
        assert.ok(Buffer.concat(wanted).equals(wire), `${wire.length} bytes`);
      });
    });
  }

  it('end at the limit, with the place where they go on', async () => {
    const at = path.join(folder, 'many.aof');
    const command = resp('SET', 'key', 'v'.repeat(50));
    writeFileSync(at, Buffer.concat(Array.from({ length: 1000 }, () => command)));
    await withEngine({ aof: { path: at } }, async (engine) => {
      const { pieces, stoppedAt } = await engine.ask('readable.text', { from: 0, limit: 10_000 });
      assert.ok(stoppedAt !== null && stoppedAt > 100);
      assert.match(
        textOf(pieces),
        new RegExp(`number ${stoppedAt}, at offset ${stoppedAt * command.length} of many\\.aof`),
      );
      const rest = await engine.ask('readable.text', { from: stoppedAt, limit: 1e6 });
      assert.deepEqual([rest.commands, rest.stoppedAt], [1000 - stoppedAt, null]);
    });
  });
});
