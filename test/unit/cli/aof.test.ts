/** The command line over AOFs: single files, manifests and folders. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { latin1 } from '../../../src/decoder/bytes.js';
import { AOFS } from '../support/aof-files.js';
import { readPlainly, resp } from '../support/aof-scanned.js';
import { cli } from '../support/programs.js';
import { file, key, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const temp = tempFolder();
let made = 0;

/** A place where nothing is yet. */
const newPlace = () => path.join(temp, `out-${made++}`);

/** Writes a file into a folder of its own. @returns its path. */
function written(name: string, ...parts: (string | Uint8Array)[]): string {
  const folder = newPlace();
  mkdirSync(folder);
  writeFileSync(path.join(folder, name), Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
  return path.join(folder, name);
}

const A = resp('SET', 'a', 'value');
const RDB = file('REDIS0010', key(0, 'k', string('v')));
const MULTI = path.join(AOFS, 'redis-7.2.6', 'aof-multi', 'appendonlydir');
const GARBAGE = path.join(AOFS, 'valkey-9.1.2', 'aof-garbage', 'appendonlydir');
const TIMES = path.join(AOFS, 'redis-8.6.3', 'aof-timestamps', 'appendonlydir');
const TRUNCATED = path.join(AOFS, 'redis-8.6.3', 'aof-truncated', 'appendonlydir');

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const lines = (text: string) => text.split('\n').slice(0, -1).map(json);

describe('info of an AOF', () => {
  it('names the parts of a folder, history too, and counts what a server loads', async () => {
    const summary = json(readFileSync(path.join(MULTI, '..', 'summary.json'), 'utf8')) as unknown as {
      commands: number;
      files: { file: string; role: string; commands: number; rdbPreambleKeys?: number }[];
    };
    const { status, stdout } = await cli('info', MULTI);
    const said = json(stdout);
    assert.equal(status, 0);
    assert.deepEqual([said.format, said.commands, said.verdict], ['aof', summary.commands, 'loads']);
    const parts = said.parts as { file: string; role: string; commands: number; preambleKeys: number }[];
    const rows = (all: readonly (string | number)[][]) => all.map((row) => row.join(' ')).sort();
    assert.deepEqual(
      rows(parts.map((part) => [part.file, part.role, part.commands, part.preambleKeys])),
      rows(
        summary.files
          .filter(({ role }) => role !== 'manifest')
          .map((one) => [path.basename(one.file), one.role, one.commands, one.rdbPreambleKeys ?? 0]),
      ),
    );
    assert.deepEqual(json((await cli('info', path.join(MULTI, 'appendonly.aof.manifest'))).stdout).parts, said.parts);
    assert.equal(json((await cli('info', path.join(MULTI, '..'))).stdout).commands, said.commands);
  });

  it('tells the kind of a file by what is in it', async () => {
    for (const [target, format] of [
      [written('commands.bin', A), 'aof'],
      [written('annotated', '#TS:1700000000\r\n', A), 'aof'],
      [written('tail.rdb', RDB, A), 'aof'],
      [written('plain.rdb', RDB), undefined],
      [written('plain.aof', RDB), 'aof'],
      [written('empty.aof'), 'aof'],
      [written('garbage.aof', 'garbage'), 'aof'],
    ] as const) {
      assert.equal(json((await cli('info', target)).stdout).format, format, target);
    }
  });

  it('ends with 1 and names the part where something is wrong', async () => {
    const { status, stdout } = await cli('info', GARBAGE);
    const said = json(stdout);
    const [problem] = said.problems as { part: string; code: string }[];
    assert.deepEqual([status, problem.part, problem.code], [1, 'appendonly.aof.1.incr.aof', 'aof-not-command']);
    assert.deepEqual([said.verdict, said.commands, said.commandsAfterDamage], ['refused', 202, 203]);
  });

  it('says what is the matter with a folder', async () => {
    const folder = newPlace();
    mkdirSync(folder);
    assert.match((await cli('info', folder)).stderr, /the folder has no manifest/);
    for (const name of ['a.manifest', 'b.manifest'])
      copyFileSync(path.join(MULTI, 'appendonly.aof.manifest'), path.join(folder, name));
    const { status, stderr } = await cli('info', folder);
    assert.equal(status, 2);
    assert.match(stderr, /several manifests: name one of a\.manifest, b\.manifest/);
    const missing = json((await cli('info', path.join(folder, 'a.manifest'))).stdout);
    assert.deepEqual([missing.verdict, missing.bytes], ['refused', 0]);
  });
});

describe('commands', () => {
  it('prints what a plain reading of the file gives', async () => {
    const { status, stdout } = await cli('commands', TIMES);
    const expected = readPlainly(new Uint8Array(readFileSync(path.join(TIMES, 'appendonly.aof.1.incr.aof')))).map(
      ({ offset, db, time, argv }) => ({
        offset,
        part: 'appendonly.aof.1.incr.aof',
        db,
        ts: time === 0 ? null : time,
        argv: argv.map((argument) => Buffer.from(argument, 'latin1').toString('base64')),
      }),
    );
    assert.equal(status, 0);
    assert.ok(expected.length > 100);
    assert.deepEqual(lines(stdout), expected);
  });

  it('prints history only if asked, and before the rest', async () => {
    const parts = async (...args: string[]) => [
      ...new Set(lines((await cli('commands', MULTI, ...args)).stdout).map(({ part }) => part as string)),
    ];
    const loaded = await parts();
    const all = await parts('--history');
    assert.ok(all.length > loaded.length);
    assert.deepEqual(all.slice(-loaded.length), loaded);
  });

  it('marks commands behind damage, and ends with 1', async () => {
    const { status, stdout, stderr } = await cli('commands', GARBAGE);
    const marked = lines(stdout).map(({ afterDamage }) => afterDamage === true);
    assert.equal(status, 1);
    assert.deepEqual([marked.lastIndexOf(false), marked.indexOf(true), marked.length], [201, 202, 405]);
    assert.match(stderr, /appendonly\.aof\.1\.incr\.aof: offset 11157: /);
  });

  it('prints arguments of any size, and none', async () => {
    const long = Buffer.alloc(3_000_001, 'abc');
    const target = written(
      'long.aof',
      resp('SET', '', long),
      resp('DEL', ...Array.from({ length: 100_000 }, (_, i) => `${i}`)),
      A,
    );
    const found = lines((await cli('commands', target)).stdout) as unknown as { argv: string[] }[];
    assert.deepEqual(found[0].argv, ['U0VU', '', long.toString('base64')]);
    assert.equal(found[1].argv.length, 100_001);
    assert.equal(Buffer.from(found[1].argv[100_000], 'base64').toString(), '99999');
    assert.equal(found.length, 3);
  });

  it('names files that are not ASCII', async () => {
    const [row] = lines((await cli('commands', written('naïve "文件".aof', A))).stdout);
    assert.equal(row.part, 'naïve "文件".aof');
  });

  it('is for AOFs', async () => {
    const { status, stderr } = await cli('commands', written('plain.rdb', RDB));
    assert.deepEqual([status, /decode prints its keys/.test(stderr)], [2, true]);
  });
});

describe('decode of an AOF', () => {
  it('prints the keys of its preamble, and says that commands follow', async () => {
    const { status, stdout, stderr } = await cli('decode', written('old.aof', RDB, A));
    assert.deepEqual([status, lines(stdout).length], [0, 1]);
    assert.match(stderr, /commands behind the RDB, from offset \d+ on/);
  });

  it('refuses one without', async () => {
    assert.match((await cli('decode', written('plain.aof', A))).stderr, /is an AOF: commands prints what is in it/);
  });
});

describe('check of an AOF', () => {
  it('says where it is valid up to, where commands go on, and what a server makes of it', async () => {
    const { status, stdout } = await cli('check', GARBAGE);
    assert.equal(status, 1);
    assert.match(stdout, /valid up to 10840/);
    assert.match(stdout, /64 bytes at offset 11157 are no whole command; commands go on at offset 11221/);
    assert.match(stdout, /a server refuses it: /);
  });

  it('reads the values of an RDB, too', async () => {
    const intset = key(11, 'a', string('xxx'));
    const { status, stdout } = await cli('check', written('bad.aof', file('REDIS0010', intset), A));
    assert.deepEqual([status, /\[bad-intset\]/.test(stdout)], [1, true]);
    assert.match((await cli('check', MULTI)).stdout, /nothing wrong\n$/);
  });

  it('says which commands and which records of the RDB a server does not know, in the order in which it meets them', async () => {
    const check = async (place: string, release: string) => {
      const { status, stdout } = await cli('check', place, '--target', release);
      const told = stdout.split('\n').filter((line) => /^(stops|note)|loads? it( |;|$)/.test(line));
      return { status, told };
    };
    const fields = path.join(AOFS, 'redis-7.4.1', 'aof-timestamps', 'appendonlydir');
    const incr = 'appendonly.aof.1.incr.aof';
    assert.deepEqual(await check(fields, 'valkey-8.0'), {
      status: 1,
      told: [
        `stops Valkey 8.0: the server does not know the command HPEXPIREAT at offset 8217 of ${incr}`,
        'Valkey 8.0 does not load it; replay brings the rest into such a server',
      ],
    });
    assert.deepEqual(await check(fields, 'valkey-9.0'), { status: 0, told: ['Valkey 9.0 loads it'] });
    assert.deepEqual(await check(fields, '7.4'), { status: 0, told: ['Redis 7.4 loads it'] });
    const old = await check(fields, '6.2');
    assert.equal(old.status, 1);
    assert.deepEqual(
      old.told.map((line) => / at offset (\d+) of (.*)/.exec(line)?.slice(1)),
      [['0', 'appendonly.aof.manifest'], ['4537', incr], ['8217', incr], undefined],
    );
    const single = path.join(AOFS, 'redis-6.2.16', 'aof-preamble', 'appendonly.aof');
    const { told } = await check(single, '4.0');
    assert.match(
      told[0],
      /^stops Redis 4\.0: RDB version 9 is newer than 8.* at offset 5 of appendonly\.aof; export converts/,
    );
    assert.ok(told.some((line) => /the command XADD, 11 times, first at offset 29121 of/.test(line)));
    assert.match((await check(single, '3.2')).told[0], /reads no RDB at the start of an AOF at offset 0 of/);
    assert.deepEqual(await check(single, '6.2'), { status: 0, told: ['Redis 6.2 loads it'] });
  });

  it('names modules whose commands need them, once each, and damage that stops any server', async () => {
    const modules = ['BF.ADD', 'BF.MADD', 'JSON.SET', 'OWN.THING'].map((name) => resp(name, 'k', 'a', 'b'));
    const { stdout } = await cli('check', written('modules.aof', A, ...modules), '--target', '7.2');
    assert.match(
      stdout,
      /note: commands of RedisBloom need that module, 2 times, first at offset 31 of modules\.aof\n/,
    );
    assert.match(stdout, /note: commands of RedisJSON need that module at offset/);
    assert.match(stdout, /note: the command OWN\.THING needs the module that it is of at offset/);
    assert.match(stdout, /Redis 7\.2 loads it\n$/);
    const damaged = await cli('check', GARBAGE, '--target', 'valkey-9.0');
    assert.match(damaged.stdout, /stops Valkey 9\.0: .*has what is no command at offset 11157/);
    assert.match(damaged.stdout, /Valkey 9\.0 does not load it/);
  });
});

describe('repair', () => {
  it('writes a new folder that a server loads, and leaves the old one as it was', async () => {
    const out = newPlace();
    const before = readFileSync(path.join(TRUNCATED, 'appendonly.aof.1.incr.aof'));
    const { status, stderr } = await cli('repair', TRUNCATED, '--out', out);
    assert.deepEqual([status, /0 commands and 13 bytes were left out/.test(stderr)], [0, true]);
    const after = readFileSync(path.join(out, 'appendonly.aof.1.incr.aof'));
    assert.ok(after.equals(before.subarray(0, -13)));
    assert.ok(readFileSync(path.join(TRUNCATED, 'appendonly.aof.1.incr.aof')).equals(before));
    assert.equal((await cli('check', out)).status, 0);
  });

  it('never writes over anything', async () => {
    const target = written('a.aof', A, 'garbage');
    for (const out of [target, path.dirname(target)]) {
      const { status, stderr } = await cli('repair', target, '--out', out);
      assert.deepEqual([status, stderr], [2, `redis-persistence: ${out} exists already\n`]);
    }
    assert.equal(readFileSync(target).length, A.length + 7);
  });

  it('lists with --dry-run what would be lost, command by command, and writes nothing', async () => {
    const out = newPlace();
    const { status, stdout, stderr } = await cli('repair', GARBAGE, '--dry-run', '--out', out);
    const rows = lines(stdout);
    const lost = rows.filter(({ lost: what }) => what === 'command');
    const bytes = rows.filter(({ lost: what }) => what === 'bytes');
    assert.deepEqual([status, lost.length, existsSync(out)], [1, 208, false]);
    assert.deepEqual(bytes, [{ lost: 'bytes', part: 'appendonly.aof.1.incr.aof', offset: 10840, bytes: 13690 }]);
    assert.match(stderr, /would lose 208 commands and 13690 bytes/);
    const [first] = lost as { argv: string[] }[];
    assert.equal(Buffer.from(first.argv[0], 'base64').toString(), 'MULTI');
  });

  it('leaves out damage, and cuts at a time', async () => {
    const out = newPlace();
    assert.equal((await cli('repair', GARBAGE, '--drop-damage', '--out', out)).status, 0);
    assert.equal(json((await cli('info', out)).stdout).commands, 405);
    const { timeRange } = json((await cli('info', TIMES)).stdout) as { timeRange: [number, number] };
    const cut = newPlace();
    assert.equal((await cli('repair', TIMES, '--cut-at-time', String(timeRange[1] - 1), '--out', cut)).status, 0);
    assert.ok((json((await cli('info', cut)).stdout).timeRange as [number, number])[1] < timeRange[1]);
    const date = new Date((timeRange[1] - 1) * 1000).toISOString();
    const same = await cli('repair', TIMES, '--cut-at-time', date, '--dry-run');
    assert.equal(
      same.stderr,
      (await cli('repair', TIMES, '--cut-at-time', String(timeRange[1] - 1), '--dry-run')).stderr,
    );
  });

  it('restores CRs', async () => {
    const target = written('a.aof', latin1(A).replaceAll('\r', ''));
    const out = newPlace();
    const { status, stderr } = await cli('repair', target, '--restore-crs', '--out', out);
    assert.deepEqual([status, /7 line ends restored/.test(stderr)], [0, true]);
    assert.ok(readFileSync(out).equals(Buffer.from(A)));
  });

  it('says when a server would still refuse what was written', async () => {
    const { status, stderr } = await cli('repair', written('a.aof', A, '*0\r\n', A), '--out', newPlace());
    assert.equal(status, 1);
    assert.match(stderr, /a server still refuses or cuts it: /);
  });

  it('says how it is used', async () => {
    const target = written('a.aof', A);
    for (const [args, message] of [
      [[target], 'repair needs --out NEW, or --dry-run'],
      [[target, '--cut-tail', '--drop-damage', '--dry-run'], '--cut-tail and --drop-damage cannot be combined'],
      [[target, '--cut-at-time', 'soon', '--dry-run'], '--cut-at-time takes seconds or a date, not soon'],
      [[written('a.rdb', RDB), '--dry-run'], 'is an RDB file: only AOFs can be repaired'],
    ] as const) {
      const { status, stderr } = await cli('repair', ...args);
      assert.equal(status, 2);
      assert.ok(stderr.includes(message), stderr);
    }
  });
});
