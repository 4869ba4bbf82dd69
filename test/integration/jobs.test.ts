/** The worker of jobs against real servers: replay, restore, capture and the keyspace at a moment, steered from outside. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import type { Job, JobFailure, MomentJob, ReplayCheckpoint, ReplayJob, RestoreJob } from '../../src/job-protocol.js';
import { scanned } from '../unit/support/aof-engine.js';
import { withEngine } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { TestJob, targetOf } from './job-support.js';
import { aof, digest, folderOf, incrementalFile, keysOf, startSource } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const PLAIN = { admin: false, commandsOnly: false, dbMap: new Map(), stopAtError: false };

function replayOf(file: string, to: TestServer, more: Partial<ReplayJob> = {}): ReplayJob {
  return {
    kind: 'replay',
    path: file,
    form: 'aof',
    to: targetOf(to),
    options: PLAIN,
    dryRun: false,
    breakpoints: [],
    paused: false,
    ...more,
  };
}

function restoreOf(file: string, to: TestServer, more: Partial<RestoreJob> = {}): RestoreJob {
  const options = {
    existing: 'error',
    keepExpired: false,
    asCommands: false,
    dbMap: new Map(),
    dryRun: false,
  } as const;
  return { kind: 'restore', path: file, to: targetOf(to), options, ...more };
}

function written(name: string, ...commands: readonly (readonly string[])[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, aof(...commands));
  return file;
}

const text = async (server: TestServer, ...command: string[]) => {
  const reply = await server.command(...command);
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : reply;
};

/** Why a job fails that should. */
async function failureOf(job: Job): Promise<JobFailure> {
  const run = new TestJob(job);
  const { failure } = await run.next('failed');
  await run.ended;
  return failure;
}

describe('a replay as a job', () => {
  it('says what it is about to do, does it, and tells the data are the same', async () => {
    const source = await startSource();
    await source.commands(Array.from({ length: 2000 }, (_, i) => ['SET', `key:${i}`, `value ${i}`]));
    await source.commands([['MULTI'], ['INCR', 'n'], ['LPUSH', 'l', 'a', 'b'], ['EXEC']]);
    const target = await TestServer.start();
    const job = new TestJob(replayOf(path.join(await folderOf(source), 'appendonlydir'), target));
    const { summary } = await job.begin();
    assert.equal(summary.commands, 2005);
    assert.equal(summary.server.make, 'redis');
    const { report, changed } = await job.next('replayed');
    assert.deepEqual([report.outcome, report.failed, changed], ['done', 0, false]);
    await job.ended;
    assert.equal(await digest(target), await digest(source));
  });

  it('says which scripts name what empties databases, of an AOF and of texts', async () => {
    const target = await TestServer.start();
    const aofFile = written(
      'scripts.aof',
      ['SET', 'a', '1'],
      ['EVAL', "redis.call('FLUSHALL')", '0'],
      ['FCALL', 'f', '0'],
    );
    const typed = path.join(folder, 'scripts.redis');
    writeFileSync(typed, `SET a 1\nEVAL "redis.call('FLUSHALL')" 0\nFCALL f 0\n`);
    for (const [file, form, offset] of [
      [aofFile, 'aof', aof(['SET', 'a', '1']).length],
      [aofFile, 'resp', aof(['SET', 'a', '1']).length],
      [typed, 'redis', 8],
    ] as const) {
      const job = new TestJob(replayOf(file, target, { form }));
      const { summary } = await job.begin();
      const first = [{ command: 'FLUSHALL', file: path.basename(file), offset }];
      assert.deepEqual(summary.cautions, [{ kind: 'scripts', count: 2, naming: 1, first, unread: 0, sent: false }]);
      const { report } = await job.next('replayed');
      assert.deepEqual([report.skips, await keysOf(target)], [{ script: { EVAL: 1 } }, ['a']]);
    }
  });

  it('does not go on with another file of the same size', async () => {
    const target = await TestServer.start();
    const file = written('marked.aof', ['SET', 'a', '1'], ['SET', 'b', '1']);
    const job = new TestJob(replayOf(file, target, { paused: true }));
    await job.begin();
    await job.next('paused');
    job.say('stop');
    const { resume } = (await job.next('replayed')).report;
    assert.ok(resume?.mark);
    written('marked.aof', ['SET', 'c', '1'], ['SET', 'd', '1']);
    const failure = await failureOf(replayOf(file, target, { goOn: { from: { resume } } }));
    assert.deepEqual([failure.of, failure.code, failure.args], ['input', 'resume-other', ['marked.aof', 0]]);
    assert.deepEqual(await keysOf(target), []);
  });

  it('writes nothing before it is told to begin', async () => {
    const target = await TestServer.start();
    const job = new TestJob(replayOf(written('unwanted.aof', ['SET', 'a', '1']), target));
    await job.next('prepared');
    job.say('stop');
    await assert.rejects(job.next('replayed'), /stopped/);
    await job.ended;
    assert.deepEqual(await keysOf(target), []);
  });

  it('pauses, goes a step at a time, shows the next command, and leaves a place to go on from', async () => {
    const target = await TestServer.start();
    const file = written('steps.aof', ...Array.from({ length: 9 }, (_, i) => ['SET', `k${i}`, 'a b']));
    const breakpoints = [{ kind: 'key', glob: new TextEncoder().encode('k3') } as const];
    const job = new TestJob(replayOf(file, target, { breakpoints }));
    await job.begin();
    const { standing } = await job.next('paused');
    assert.deepEqual([standing?.reason, standing?.number, standing?.text], ['breakpoint', 3, 'SET k3 "a b"']);
    assert.deepEqual(await keysOf(target), ['k0', 'k1', 'k2']);
    job.say('step');
    assert.equal((await job.next('paused')).standing?.text, 'SET k4 "a b"');
    assert.deepEqual(await keysOf(target), ['k0', 'k1', 'k2', 'k3']);
    job.say('stop');
    const { report } = await job.next('replayed');
    assert.equal(report.outcome, 'stopped');
    assert.ok(report.resume);
    const rest = new TestJob(replayOf(file, target, { goOn: { from: { resume: report.resume } } }));
    assert.equal((await rest.begin()).summary.commands, 5);
    assert.equal((await rest.next('replayed')).report.applied, 5);
    assert.equal((await keysOf(target)).length, 9);
  });

  it('takes the commands that were chosen in an editor, transactions whole, and nothing else', async () => {
    const target = await TestServer.start();
    const file = written(
      'chosen.aof',
      ['SET', 'a', '1'],
      ['SET', 'b', '1'],
      ['MULTI'],
      ['SET', 'c', '1'],
      ['SET', 'd', '1'],
      ['EXEC'],
      ['MULTI'],
      ['SET', 'e', '1'],
      ['EXEC'],
      ['SET', 'f', '1'],
    );
    await withEngine({ aof: { path: file } }, async (engine) => {
      await scanned(engine);
      const spec = { filter: {}, sort: { column: 'number', descending: false }, fold: true } as const;
      await engine.ask('commands.set', { view: 1, spec });
      // The second command, and the first transaction.
      const chosen = await engine.ask('commands.chosen', { view: 1, positions: [[1, 2]] });
      const job = new TestJob(replayOf(file, target, { chosen }));
      assert.equal((await job.begin()).summary.commands, 5);
      await job.next('replayed');
      assert.deepEqual(await keysOf(target), ['b', 'c', 'd']);
    });
  });

  it('takes texts of commands, as they are typed or as they go over the wire', async () => {
    const target = await TestServer.start();
    const typed = path.join(folder, 'typed.redis');
    writeFileSync(typed, '# people\nSET user:1 "Ann Example"\nSELECT 2\nRPUSH list a b\n');
    const wire = written('wire.resp', ['SET', 'wired', '1']);
    for (const [file, form, commands] of [
      [typed, 'redis', 3],
      [wire, 'resp', 1],
    ] as const) {
      const job = new TestJob(replayOf(file, target, { form }));
      assert.equal((await job.begin()).summary.commands, commands);
      const { report } = await job.next('replayed');
      assert.deepEqual([report.outcome, report.failed], ['done', 0]);
    }
    assert.deepEqual(await keysOf(target), ['user:1', 'wired']);
    assert.deepEqual(await keysOf(target, 2), ['list']);
  });

  it('checks every command in a dry run, and writes nothing', async () => {
    const target = await TestServer.start();
    const job = new TestJob(replayOf(written('dry.aof', ['SET', 'a', '1'], ['NOSUCH', 'x']), target, { dryRun: true }));
    await job.begin();
    const { report } = await job.next('replayed');
    assert.deepEqual([report.applied, report.failed], [1, 1]);
    assert.deepEqual(await keysOf(target), []);
  });

  it('reports errors with the commands they belong to', async () => {
    const target = await TestServer.start();
    const file = written('errors.aof', ['SET', 's', 'x'], ['INCR', 's'], ['LPUSH', 's', 'y'], ['INCR', 's']);
    const job = new TestJob(replayOf(file, target));
    await job.begin();
    const { report } = await job.next('replayed');
    assert.deepEqual(
      report.errors.map(({ command, count, places }) => [command, count, places.map(({ offset }) => offset)]),
      [
        ['INCR', 2, [27, 77]],
        ['LPUSH', 1, [48]],
      ],
    );
  });
});

describe('a job whose worker dies in the middle', () => {
  /** Waits for a checkpoint of a replay that says what is wanted. */
  async function checkpoint(job: TestJob, wanted: (told: ReplayCheckpoint) => boolean): Promise<ReplayCheckpoint> {
    for (;;) {
      const told = await job.next('checkpoint');
      if ('replay' in told && wanted(told.replay)) return told.replay;
    }
  }

  it('has told a place before it begins, and then one that nothing behind is missing from', async () => {
    const commands = Array.from({ length: 15_000 }, (_, i) =>
      i % 10 === 3 ? ['SADD', `set:${i % 97}`, `m${i}`] : ['SET', `key:${i}`, `value ${i}`],
    );
    const file = written('interrupted.aof', ...commands);
    const whole = await TestServer.start();
    await whole.commands(commands);
    const target = await TestServer.start();
    const job = new TestJob(replayOf(file, target, { options: { ...PLAIN, rate: 6000 } }));
    const start = await checkpoint(job, () => true);
    assert.deepEqual([start.resume.offset, start.sent, start.standing], [0, 0, true]);
    await job.begin();
    const { resume, sent, rate, standing } = await checkpoint(job, ({ resume: { offset } }) => offset > 0);
    await job.kill();
    assert.ok(rate > 0 && sent >= 0 && !standing);
    // All before the place is there.
    const before = readFileSync(file).subarray(0, resume.offset).toString().split('*3\r\n').length - 1;
    const [name, key] = commands[before - 1];
    assert.equal(Number(await target.command('EXISTS', key)), 1, `${name} ${key}`);
    const there = (await keysOf(target)).length;
    assert.ok(there > 0 && there < (await keysOf(whole)).length);
    const rest = new TestJob(replayOf(file, target, { goOn: { from: { resume } } }));
    assert.equal((await rest.begin()).summary.commands, commands.length - before);
    await rest.next('replayed');
    assert.equal(await digest(target), await digest(whole));
  });

  it('has told exactly where it stands, so that nothing is done twice', async () => {
    const file = written('counted.aof', ...Array.from({ length: 20 }, () => ['INCR', 'n']));
    const target = await TestServer.start();
    const job = new TestJob(replayOf(file, target, { paused: true }));
    await job.begin();
    await job.next('paused');
    for (let i = 0; i < 7; i++) {
      job.say('step');
      await job.next('paused');
    }
    const told = job.all.filter((event) => event.event === 'checkpoint').at(-1);
    await job.kill();
    assert.ok(told && 'replay' in told && told.replay.standing);
    const rest = new TestJob(replayOf(file, target, { goOn: { from: { resume: told.replay.resume } } }));
    await rest.begin();
    assert.equal((await rest.next('replayed')).report.applied, 13);
    assert.equal(await text(target, 'GET', 'n'), '20');
  });

  it('names the MULTI of a transaction that is on its way', async () => {
    const commands = [['MULTI'], ...Array.from({ length: 40 }, () => ['INCR', 'n']), ['EXEC']];
    const file = written('transaction.aof', ['SET', 'before', '1'], ...commands);
    const target = await TestServer.start();
    const job = new TestJob(replayOf(file, target, { options: { ...PLAIN, rate: 20 } }));
    await job.begin();
    const { resume, sent } = await checkpoint(job, (told) => told.sent > 5);
    await job.kill();
    assert.equal(resume.offset, readFileSync(file).indexOf('*1\r\n$5\r\nMULTI'));
    assert.ok(sent <= 42);
    const rest = new TestJob(replayOf(file, target, { goOn: { from: { resume } } }));
    await rest.begin();
    await rest.next('replayed');
    assert.equal(await text(target, 'GET', 'n'), '40');
  });

  it('restores the rest of an RDB, and mends the value that was being built', async () => {
    const source = await TestServer.start('--rdbcompression', 'no');
    const elements = Array.from({ length: 1000 }, (_, i) => `element ${i} `.padEnd(100, '.'));
    await source.commands([
      ...Array.from({ length: 2000 }, (_, i) => ['SET', `key:${i}`, `value ${i}`]),
      ...Array.from({ length: 100 }, () => ['RPUSH', 'large', ...elements]),
    ]);
    const dump = await source.save();
    const target = await TestServer.start();
    const options = { ...restoreOf(dump, target).options, existing: 'skip', asCommands: true } as const;
    const job = new TestJob(restoreOf(dump, target, { options }));
    await job.begin();
    const told = await job.next('checkpoint');
    await job.kill();
    assert.ok('restore' in told && told.restore.builds);
    const { resume } = told.restore;
    // The large value is told before there is any of it.
    assert.ok(resume.pending.some(({ begun }) => begun));
    const there = Number(await target.command('DBSIZE'));
    const rest = new TestJob(restoreOf(dump, target, { options: { ...options, resume } }));
    await rest.begin();
    const { report } = await rest.next('restored');
    // How much was sent before the end is up to the machine.
    assert.ok(report.built + there >= 2001, `${there} keys there, ${report.built} built`);
    assert.equal(await digest(target), await digest(source));
  });
});

describe('a restore as a job', () => {
  it('restores the keys that were chosen, and no others', async () => {
    const source = await TestServer.start('--rdbcompression', 'no');
    // Large enough for the checksum to be computed by threads of the worker's own script.
    const fill = Array.from({ length: 500 }, (_, i) => ['SET', `key:${i}`, `value ${i} `.repeat(1500)]);
    await source.commands([...fill, ['RPUSH', 'list', 'a', 'b'], ['PEXPIREAT', 'list', '4000000000000']]);
    const dump = await source.save();
    const target = await TestServer.start();
    await withEngine({ path: dump }, async (engine) => {
      await engine.ready();
      const key = { mode: 'glob', text: '*1?', ignoreCase: false } as const;
      const spec = {
        filter: { key },
        sort: { column: 'key', descending: false },
        layout: 'list',
        separator: ':',
        folderOrder: 'name',
      } as const;
      await engine.ask('view.set', { view: 1, spec });
      const filtered = await engine.ask('view.chosen', { view: 1, positions: null });
      const job = new TestJob(restoreOf(dump, target, { chosen: filtered }));
      assert.equal((await job.begin()).summary.keys, filtered.keys);
      const { report } = await job.next('restored');
      assert.deepEqual([report.restored, report.failed], [filtered.keys, 0]);
      const there = await keysOf(target);
      assert.equal(there.length, filtered.keys);
      for (const name of there) {
        assert.match(name, /1.$/);
        assert.equal(await text(target, 'GET', name), await text(source, 'GET', name));
      }
    });
  });

  it('counts what is there already, or says so for each key', async () => {
    const source = await TestServer.start();
    await source.commands([
      ['SET', 'a', 'new'],
      ['SET', 'b', 'new'],
    ]);
    const dump = await source.save();
    const target = await TestServer.start();
    await target.command('SET', 'a', 'old');
    const options = restoreOf(dump, target).options;
    const failing = new TestJob(restoreOf(dump, target));
    await failing.begin();
    const [error] = (await failing.next('restored')).report.errors;
    assert.deepEqual([error.count, error.keys[0].name], [1, 'a']);
    const skipping = new TestJob(restoreOf(dump, target, { options: { ...options, existing: 'skip' } }));
    await skipping.begin();
    assert.equal((await skipping.next('restored')).report.existing, 2);
    assert.equal(await text(target, 'GET', 'a'), 'old');
    const replacing = new TestJob(restoreOf(dump, target, { options: { ...options, existing: 'replace' } }));
    await replacing.begin();
    await replacing.next('restored');
    assert.equal(await digest(target), await digest(source));
  });

  it('refuses a replica before anything is prepared', async () => {
    const target = await TestServer.start('--replicaof', '127.0.0.1', '1');
    const source = await TestServer.start();
    await source.command('SET', 'a', '1');
    const job = new TestJob(restoreOf(await source.save(), target));
    await assert.rejects(job.next('prepared'), /replica/);
  });
});

describe('a capture as a job', () => {
  it('writes a dump that is checked, and is what the server holds', async () => {
    const source = await TestServer.start('--repl-diskless-sync-delay', '0');
    await source.commands(Array.from({ length: 3000 }, (_, i) => ['SET', `key:${i}`, 'x'.repeat(i % 100)]));
    const out = path.join(folder, 'captured.rdb');
    const job = new TestJob({ kind: 'capture', from: targetOf(source), out, follow: false, overwrite: false });
    const { report } = await job.next('captureEnded');
    assert.deepEqual([report.rdb?.keys, report.rdb?.checksum, report.rdb?.problems], [3000, 'ok', 0]);
    await job.ended;
    const again = new TestJob({ kind: 'capture', from: targetOf(source), out, follow: false, overwrite: false });
    await assert.rejects(again.next('captureEnded'), /file-exists/);
  });

  it('follows until it is stopped, into a folder that a server loads', async () => {
    const source = await TestServer.start('--repl-diskless-sync-delay', '0');
    await source.command('SET', 'before', '1');
    const out = path.join(folder, 'followed');
    const job = new TestJob({ kind: 'capture', from: targetOf(source), out, follow: true, overwrite: false });
    assert.equal((await job.next('captured')).rdb.keys, 1);
    await source.commands(Array.from({ length: 100 }, (_, i) => ['RPUSH', 'list', String(i)]));
    const increment = path.join(out, 'appendonly.aof.1.incr.aof');
    while (!readFileSync(increment, 'latin1').includes('\r\n99\r\n')) await job.next('followed');
    job.say('stop');
    await job.next('captureEnded');
    await job.ended;
    const loaded = await TestServer.start();
    const replay = new TestJob(replayOf(out, loaded));
    await replay.begin();
    await replay.next('replayed');
    assert.equal(await digest(loaded), await digest(source));
  });
});

describe('the keyspace at a moment', () => {
  // What is kept of each moment goes with the folder of these tests.
  before(() => {
    process.env.TMPDIR = folder;
  });

  const momentOf = (file: string, until: MomentJob['until']): MomentJob => ({
    kind: 'moment',
    path: file,
    until,
    program: null,
    name: 'moment.rdb',
  });

  /** What is in the dump of a moment: restored into an empty server. */
  async function keyspace(job: MomentJob): Promise<{ server: TestServer; dump: string; leftOut: object }> {
    const run = new TestJob(job);
    const { report } = await run.next('loaded');
    await run.ended;
    const server = await TestServer.start();
    const restore = new TestJob(restoreOf(report.dump, server));
    await restore.begin();
    await restore.next('restored');
    return { server, dump: report.dump, leftOut: report.leftOut };
  }

  it('is that of a server that had run the commands up to there', async () => {
    const source = await startSource('--aof-timestamp-enabled', 'yes');
    await source.commands(Array.from({ length: 50 }, (_, i) => ['RPUSH', 'list', String(i)]));
    await source.commands([
      ['SELECT', '3'],
      ['SET', 'other', 'db'],
      ['SELECT', '0'],
      ['SET', 'last', '1'],
    ]);
    const before = await digest(source);
    const file = await incrementalFile(source);
    const offset = statSync(file).size;
    await source.commands([['DEL', 'list'], ['FLUSHALL']]);
    const manifest = path.join(await folderOf(source), 'appendonlydir', 'appendonly.aof.manifest');
    const at = readFileSync(file, 'latin1').lastIndexOf('*3\r\n$3\r\nSET\r\n$4\r\nlast', offset);
    const { server, dump } = await keyspace(momentOf(manifest, { part: 1, offset: at }));
    assert.equal(await digest(server), before);
    assert.equal(statSync(path.dirname(dump)).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(path.dirname(dump)).sort(), ['moment.rdb', 'owner']);
  });

  it('keeps keys whose time is over by now, and takes transactions whole', async () => {
    const file = written(
      'moment.aof',
      ['SELECT', '0'],
      ['SET', 'gone', 'x'],
      ['PEXPIREAT', 'gone', '1000000000000'],
      ['MULTI'],
      ['SET', 'a', '1'],
      ['SET', 'b', '1'],
      ['EXEC'],
      ['SET', 'c', '1'],
    );
    const at = readFileSync(file, 'latin1').indexOf('*3\r\n$3\r\nSET\r\n$1\r\na');
    const run = new TestJob(momentOf(file, { part: 0, offset: at }));
    const { report } = await run.next('loaded');
    await withEngine({ path: report.dump }, async (engine) => {
      await engine.ready();
      const names = [];
      for (const text of ['a', 'b', 'c', 'gone']) {
        const { row } = await engine.ask('key.find', { text, db: null });
        if (row !== null) names.push(text);
      }
      assert.deepEqual(names, ['a', 'b', 'gone']);
    });
  });

  it('does not run what steers a server, whoever wrote the file', async () => {
    const file = written(
      'hostile.aof',
      ['CONFIG', 'SET', 'dir', folder],
      ['SET', 'a', '1'],
      ['config', 'set', 'dbfilename', 'stolen.rdb'],
      ['SLAVEOF', '127.0.0.1', '6379'],
      ['BGSAVE'],
      ['EVAL', "pcall(redis.call, 'CONFIG', 'SET', 'dir', ARGV[1]) redis.call('SET', 'b', '1')", '0', folder],
      ['SHUTDOWN'],
      ['SET', 'c', '1'],
    );
    const { server, leftOut } = await keyspace(momentOf(file, { part: 0, offset: statSync(file).size - 20 }));
    assert.deepEqual(await keysOf(server), ['a', 'b', 'c']);
    assert.deepEqual(leftOut, { CONFIG: 2, SLAVEOF: 1, BGSAVE: 1, SHUTDOWN: 1 });
    assert.ok(!existsSync(path.join(folder, 'stolen.rdb')));
  });

  it('leaves nothing behind where a server refuses the file, and says what it says', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('redis-persistence-moment-')).length;
    const file = written('refused.aof', ['SET', 'a', '1'], ['NOSUCHCOMMAND', 'x']);
    const failure = await failureOf(momentOf(file, { part: 0, offset: statSync(file).size - 1 }));
    assert.equal(failure.code, 'program-failed');
    assert.match(String(failure.args[1]), /Unknown command 'NOSUCHCOMMAND'/);
    const missing = await failureOf({ ...momentOf(file, { time: 0 }), program: '/no/such/server' });
    assert.equal(missing.code, 'no-program');
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('redis-persistence-moment-')).length;
    assert.equal(after, before);
  });
});
