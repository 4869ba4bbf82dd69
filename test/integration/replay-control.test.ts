/** Replays that are steered while they run: paused, stepped, stopped, and held by breakpoints. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempFolder } from '../unit/support/temp.js';
import { addressOf, aof, digest, keysOf, replayed } from './replay-support.js';
import { TestServer } from './server.js';
import { startReplay } from './steered-replay.js';

const folder = tempFolder();
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const file = path.join(folder, `${files++}.aof`);
  writeFileSync(file, bytes);
  return file;
}

function textOf(words: readonly Uint8Array[] | undefined): string {
  return (words ?? []).map((word) => Buffer.from(word).toString()).join(' ');
}

const BETWEEN: readonly string[][] = [
  ['SET', 'a', '1'],
  ['SELECT', '2'],
  ['RPUSH', 'list', 'x', 'y'],
  ['MULTI'],
  ['INCR', 'n'],
  ['INCR', 'user:7'],
  ['EXEC'],
  ['SET', 'user:8', 'v'],
  ['DEL', 'list'],
];

describe('a replay that is steered', () => {
  it('pauses before a command, tells where it stands, and goes a command or a transaction at a time', async () => {
    const target = await TestServer.start();
    const started = performance.now();
    const whole = () => (performance.now() - started) / 1000;
    const commands = aof(...BETWEEN);
    const { control, report, standing, progress } = startReplay(fileOf(commands), target, { paused: true });
    const seen: string[] = [];
    for (;;) {
      const { reason, number, place, db, next } = await standing();
      const { position, applied } = progress.at(-1) ?? {};
      seen.push(`${number} ${reason} db${db} ${textOf(next?.words)}, ${applied} applied`);
      assert.equal(position, place.offset, 'it tells how far it is where it stands');
      assert.equal(commands.toString('latin1', place.offset, place.offset + 1), '*');
      if (next?.name === 'RPUSH') {
        // What was before has been done, and nothing else.
        assert.deepEqual(await keysOf(target, 0), ['a']);
        assert.deepEqual(await keysOf(target, 2), []);
      }
      if (seen.length === 5) break;
      control.step();
    }
    assert.deepEqual(seen, [
      '1 pause db0 SET a 1, 0 applied',
      '3 step db2 RPUSH list x y, 1 applied',
      '4 step db2 MULTI, 2 applied',
      '8 step db2 SET user:8 v, 6 applied',
      '9 step db2 DEL list, 7 applied',
    ]);
    const began = performance.now();
    await sleep(50);
    const stood = (performance.now() - began) / 1000;
    control.resume();
    const { outcome, applied, failed, seconds } = await report;
    assert.deepEqual([outcome, applied, failed], ['done', 8, 0]);
    assert.ok(seconds < whole() - stood, 'the time in which it stood is not counted');
    assert.deepEqual(await keysOf(target, 2), ['n', 'user:7', 'user:8']);
  });

  it('tells of itself while it waits for its pace', async () => {
    const target = await TestServer.start();
    const commands = aof(...Array.from({ length: 60 }, (_, i) => (i % 2 ? ['INCR', 'a'] : ['SET', 'a', 'x'])));
    const { report, progress } = startReplay(fileOf(commands), target, { options: { rate: 150 } });
    assert.equal((await report).failed, 30);
    const halfway = progress.filter(({ position }) => position > 0 && position < commands.length);
    assert.ok(halfway.some(({ sent, failed }) => sent > 0 && sent < 60 && failed > 0));
  });

  it('stops while it is paused, and what it was before is not done', async () => {
    const target = await TestServer.start();
    const file = fileOf(aof(...BETWEEN));
    const { control, report, standing, progress } = startReplay(file, target, {
      breakpoints: [{ kind: 'command', name: 'INCR' }],
    });
    const { place, hit, breakpoint } = await standing();
    assert.deepEqual([breakpoint, (hit?.offset ?? 0) > place.offset], [0, true]);
    control.stop();
    const { outcome, resume, applied, unacknowledged } = await report;
    assert.deepEqual([outcome, resume?.offset, applied, unacknowledged], ['stopped', place.offset, 2, undefined]);
    assert.equal(progress.at(-1)?.position, place.offset);
    assert.deepEqual(await keysOf(target, 2), ['list']);
    const rest = startReplay(file, target, { options: { resume: { part: 0, offset: place.offset } } });
    assert.equal((await rest.report).applied, 6);
    assert.deepEqual(await keysOf(target, 2), ['n', 'user:7', 'user:8']);
  });

  it('is held by breakpoints on keys, names, times and offsets, each once', async () => {
    const target = await TestServer.start();
    const first = aof(['SET', 'a', '1'], ['HSET', Buffer.from([0x75, 0xff, 0x2a]), 'f', 'v']);
    const later = aof(['SET', 'b', '1'], ['LPUSH', 'l', '1'], ['SET', 'user:1', '1'], ['SET', 'c', '1']);
    const bytes = Buffer.concat([
      Buffer.from('#TS:1000\r\n'),
      first,
      Buffer.from('#TS:2000\r\n'),
      later,
      aof(['SET', 'd', '1']),
    ]);
    const end = bytes.length - aof(['SET', 'd', '1']).length;
    const { control, report, standing } = startReplay(fileOf(bytes), target, {
      breakpoints: [
        { kind: 'key', glob: Buffer.from([0x75, 0xff, 0x5c, 0x2a]) },
        { kind: 'time', time: 1500 },
        { kind: 'command', name: 'LPUSH' },
        { kind: 'key', glob: Buffer.from('user:*') },
        { kind: 'offset', part: 0, offset: end - 2 },
      ],
    });
    const seen: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { reason, breakpoint, next, time } = await standing();
      seen.push(`${reason} ${breakpoint} ${next?.name} ${time}`);
      control.resume();
    }
    assert.deepEqual(seen, [
      'breakpoint 0 HSET 1000',
      'breakpoint 1 SET 2000',
      'breakpoint 2 LPUSH 2000',
      'breakpoint 3 SET 2000',
      'breakpoint 4 SET 2000',
    ]);
    assert.deepEqual([(await report).applied, control.standing], [7, undefined]);
  });

  it('takes other breakpoints while it is paused, and does not go back to places that are behind', async () => {
    const target = await TestServer.start();
    const bytes = aof(...Array.from({ length: 50 }, (_, i) => ['SET', `k${i}`, 'v']));
    const { control, report, standing } = startReplay(fileOf(bytes), target, {
      breakpoints: [{ kind: 'key', glob: Buffer.from('k20') }],
    });
    await standing();
    control.breakpoints = [
      { kind: 'offset', part: 0, offset: 10 },
      { kind: 'key', glob: Buffer.from('k4?') },
    ];
    control.resume();
    assert.equal(textOf((await standing()).next?.words), 'SET k40 v');
    control.breakpoints = [];
    control.resume();
    assert.equal((await report).applied, 50);
  });

  it('pauses behind a transaction whose breakpoint is far behind its start', async () => {
    const target = await TestServer.start();
    const inside = Array.from({ length: 9000 }, (_, i) => ['INCR', `number:${i}:${'x'.repeat(30)}`]);
    const bytes = aof(['MULTI'], ...inside, ['SET', 'marked', '1'], ['EXEC'], ['SET', 'after', '1']);
    const { control, report, standing } = startReplay(fileOf(bytes), target, {
      breakpoints: [{ kind: 'key', glob: Buffer.from('marked') }],
    });
    const { next, hit } = await standing();
    assert.equal(textOf(next?.words), 'SET after 1');
    assert.ok(hit && bytes.toString('latin1', hit.offset).startsWith('*3\r\n$3\r\nSET\r\n$6\r\nmarked'));
    assert.equal(Number(await target.command('EXISTS', 'marked')), 1);
    control.resume();
    assert.equal((await report).failed, 0);
  });

  it('finds out when it goes on that the connection was lost in a pause, with everything done before it', async () => {
    // By the second, what was acknowledged may be lost where the disk is busy.
    const target = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    const file = fileOf(aof(...BETWEEN, ...Array.from({ length: 2000 }, (_, i) => ['INCR', `key:${i % 7}`])));
    const { control, report, standing } = startReplay(file, target, {
      breakpoints: [{ kind: 'key', glob: Buffer.from('user:8') }],
    });
    const { place } = await standing();
    await target.kill();
    await target.restart();
    control.resume();
    const { outcome, resume, unacknowledged } = await report;
    assert.deepEqual([outcome, resume?.offset, unacknowledged], ['lost', place.offset, undefined]);
    await startReplay(file, target, { options: { resume: { part: 0, offset: place.offset } } }).report;
    const single = await TestServer.start();
    await replayed(path.join(folder, 'report.json'), file, addressOf(single));
    assert.equal(await digest(target), await digest(single));
  });

  it('pauses while the RDB that a file begins with is restored, and tells how that goes on', async () => {
    const source = await TestServer.start('--appendonly', 'yes', '--aof-use-rdb-preamble', 'yes');
    await source.commands(Array.from({ length: 3000 }, (_, i) => ['SET', `k${i}`, 'v'.repeat(500)]));
    await source.command('CONFIG', 'SET', 'appendonly', 'no');
    await source.command('CONFIG', 'SET', 'appendonly', 'yes');
    for (;;) {
      const info = String(Buffer.from((await source.command('INFO', 'persistence')) as Uint8Array));
      if (/aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info)) break;
    }
    await source.command('SET', 'last', '1');
    const reply = (await source.command('CONFIG', 'GET', 'dir')) as Uint8Array[];
    const target = await TestServer.start();
    const { control, report, standing, progress } = startReplay(Buffer.from(reply[1]).toString(), target, {
      paused: true,
    });
    const first = await standing();
    assert.deepEqual([first.reason, first.next, first.place.file.endsWith('.base.rdb')], ['pause', undefined, true]);
    control.step();
    while ((await standing()).next === undefined) control.step();
    assert.equal(await target.command('DBSIZE'), 3000n);
    control.resume();
    const { keysRestored, applied, outcome } = await report;
    assert.deepEqual([keysRestored, applied, outcome], [3000, 1, 'done']);
    const last = progress.at(-1);
    assert.deepEqual([last?.keysRestored, last?.position === last?.bytes], [3000, true]);
    assert.equal(await digest(target), await digest(source));
  });
});
