/** What is typed for a replay and what is remembered of it: values, numbers of commands, stopped replays. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  databaseMapText,
  loadedNumber,
  parseBreakpoint,
  parseCommandNames,
  parseDatabaseMap,
  parseDatabases,
  parseOffset,
  parsePositive,
  parseRange,
  parseTime,
  typedBytes,
} from '../../../src/extension/jobs/option-values.js';
import type { ReplayChoices } from '../../../src/extension/jobs/replay-choices.js';
import {
  forgetJob,
  keptCommands,
  openedCommands,
  rememberJob,
  type StoppedReplay,
  stoppedJobs,
} from '../../../src/extension/jobs/resume-store.js';
import { memory } from '../support/memory-state.js';
import { seededRandom } from '../support/random.js';

describe('what is typed', () => {
  it('is databases with commas or blanks between', () => {
    assert.deepEqual(parseDatabases('0, 3 12'), new Set([0, 3, 12]));
    assert.deepEqual(parseDatabases(' '), new Set());
    for (const text of ['a', '-1', '1;2', '1.5', '12345678901']) assert.equal(parseDatabases(text), undefined, text);
  });

  it('is a map of databases, in which each occurs once', () => {
    const map = new Map([
      [0, 3],
      [1, 4],
    ]);
    for (const text of ['0:3, 1:4', '0 -> 3,1→4', databaseMapText(map)])
      assert.deepEqual(parseDatabaseMap(text), map, text);
    assert.deepEqual(parseDatabaseMap(''), new Map());
    for (const text of ['0', '0:a', '0:1, 0:2', '0:1:2']) assert.equal(parseDatabaseMap(text), undefined, text);
  });

  it('is names of commands, in any case', () => {
    assert.deepEqual(parseCommandNames('set, hSet json.set'), new Set(['SET', 'HSET', 'JSON.SET']));
    for (const text of ['"set"', '1', 'a;b']) assert.equal(parseCommandNames(text), undefined, text);
  });

  it('is a range of numbers, or all from one on', () => {
    for (const text of ['10 – 20', '10-20', '10..20', '10 to 20'])
      assert.deepEqual(parseRange(text, 99), [10, 20], text);
    assert.deepEqual(parseRange('1,000 - 1,001', 5000), [1000, 1001]);
    for (const text of ['10', '10 -']) assert.deepEqual(parseRange(text, 99), [10, 99], text);
    for (const text of ['20-10', '', 'a', '10-100', '-5']) assert.equal(parseRange(text, 99), undefined, text);
  });

  it('is a time in UTC, or seconds', () => {
    for (const text of ['1970-01-02', '1970-01-02 25:00']) assert.equal(parseTime(text), undefined, text);
    for (const text of ['1970-01-02 00:00', '1970-01-02T00:00:00Z', '86400'])
      assert.equal(parseTime(text), 86400, text);
  });

  it('is an offset within the file, its end included', () => {
    assert.deepEqual([parseOffset('0x10', 16), parseOffset('1,0', 16), parseOffset('17', 16)], [16, 10, undefined]);
    for (const text of ['-1', '1.5', 'x', '']) assert.equal(parseOffset(text, 16), undefined, text);
  });

  it('is a number above nothing', () => {
    assert.deepEqual([parsePositive('1,000'), parsePositive('0.5')], [1000, 0.5]);
    for (const text of ['0', '-1', 'a', '1e3', 'Infinity']) assert.equal(parsePositive(text), undefined, text);
  });

  it('is bytes, where they cannot be typed by their numbers', () => {
    assert.deepEqual([...typedBytes('a\\xffé\\')], [0x61, 0xff, 0xc3, 0xa9, 0x5c]);
  });

  it('is a breakpoint of its kind', () => {
    assert.deepEqual(parseBreakpoint({ kind: 'command', text: 'del' }, 0), { kind: 'command', name: 'DEL' });
    assert.deepEqual(parseBreakpoint({ kind: 'offset', text: '0x10' }, 2), { kind: 'offset', part: 2, offset: 16 });
    assert.deepEqual(parseBreakpoint({ kind: 'time', text: '60' }, 0), { kind: 'time', time: 60 });
    assert.deepEqual(parseBreakpoint({ kind: 'key', text: 'u*' }, 0), { kind: 'key', glob: Uint8Array.of(0x75, 0x2a) });
    for (const kind of ['key', 'command', 'time', 'offset'] as const) {
      assert.equal(parseBreakpoint({ kind, text: '' }, 0), undefined, kind);
    }
  });
});

describe('the number of a command for a server', () => {
  const parts = [
    { role: 'history', firstCommand: 0, commands: 10 },
    { role: 'base', firstCommand: 10, commands: 0 },
    { role: 'incr', firstCommand: 10, commands: 5 },
    { role: 'incr', firstCommand: 15, commands: 5 },
  ];

  it('counts from 1, and leaves out what no server loads', () => {
    assert.deepEqual(
      [10, 14, 15, 19].map((command) => loadedNumber(parts, command)),
      [1, 5, 6, 10],
    );
    assert.deepEqual(
      [0, 9, 20].map((command) => loadedNumber(parts, command)),
      [undefined, undefined, undefined],
    );
  });
});

describe('replays that were stopped', () => {
  const choices: ReplayChoices = {
    ...{ dbs: '1', keys: 'user:*', commands: '', groups: ['write'], admin: false, commandsOnly: false },
    ...{ dbMap: new Map([[1, 2]]), addPrefix: 'a:', removePrefix: '', pace: { kind: 'rate', value: 10 } },
    ...{ stopAtError: true, paused: false, dryRun: false },
  };
  const replay: StoppedReplay = {
    kind: 'replay',
    ...{ id: '1', uri: 'file:///a.aof', path: '/a.aof', name: 'a.aof', form: 'aof', server: 'staging', choices },
    stretch: {
      options: { untilOffset: { part: 1, offset: 9 } },
      chosen: { bits: Uint8Array.of(0b1110, 1), commands: 4, firsts: [[0, 0]] },
      words: 'the selection',
    },
    from: { resume: { part: 0, file: 'a.aof', offset: 5, bytes: 50 } },
    stopped: 1,
  };

  it('are as they were, the latest first', async () => {
    const state = memory();
    assert.equal(await rememberJob(state, replay), true);
    await rememberJob(state, { ...replay, id: '2' });
    assert.deepEqual(stoppedJobs(state), [{ ...replay, id: '2' }, replay]);
  });

  it('take the place of what was remembered of them, and are forgotten', async () => {
    const state = memory();
    await rememberJob(state, replay);
    await rememberJob(state, { ...replay, stopped: 2 });
    assert.deepEqual(
      stoppedJobs(state).map(({ stopped }) => stopped),
      [2],
    );
    await forgetJob(state, '1');
    assert.deepEqual(stoppedJobs(state), []);
  });

  it('keep any selection as ranges, if it is not torn into too many', async () => {
    const seed = 7;
    const random = seededRandom(seed);
    for (let round = 0; round < 50; round++) {
      const bits = Uint8Array.from({ length: random(200) }, () => (random(3) === 0 ? 0 : random(256)));
      const set = { bits, commands: 0, firsts: [] };
      const kept = keptCommands(set);
      assert.ok(kept, `seed ${seed}`);
      assert.deepEqual(openedCommands(kept), set, `seed ${seed}`);
    }
    const torn = { bits: new Uint8Array(10_000).fill(0b01010101), commands: 40_000, firsts: [] };
    assert.equal(keptCommands(torn), undefined);
    const state = memory();
    await rememberJob(state, replay);
    const { stretch } = replay;
    assert.equal(await rememberJob(state, { ...replay, stretch: { ...stretch, chosen: torn } }), false);
    assert.deepEqual(stoppedJobs(state), []);
  });
});
