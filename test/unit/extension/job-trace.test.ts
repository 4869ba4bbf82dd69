/** What is remembered of a job while it runs: the place that it has last told, whatever becomes of the window. */
import assert from 'node:assert/strict';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, mock } from 'node:test';
import { JobMarks } from '../../../src/engine/node/jobs/job-marks.js';
import { JobTrace } from '../../../src/extension/jobs/job-trace.js';
import type { ReplayChoices } from '../../../src/extension/jobs/replay-choices.js';
import {
  heardOfOthers,
  type StoppedReplay,
  type StoppedRestore,
  stoppedJobs,
} from '../../../src/extension/jobs/resume-store.js';
import type { JobEvent, ReplayCheckpoint } from '../../../src/job-protocol.js';
import { memory } from '../support/memory-state.js';
import { tempFolder } from '../support/temp.js';

const choices: ReplayChoices = {
  ...{ dbs: '', keys: '', commands: '', groups: [], admin: false, commandsOnly: false, dbMap: new Map() },
  ...{ addPrefix: '', removePrefix: '', pace: { kind: 'full' }, stopAtError: false, paused: false, dryRun: false },
};

function at(offset: number) {
  return { resume: { part: 0, file: 'a.aof', offset, bytes: 5000 } };
}

const replay: StoppedReplay = {
  ...{ kind: 'replay', id: '1', uri: 'file:///a.aof', path: '/a.aof', name: 'a.aof', form: 'aof', server: 'staging' },
  ...{ choices, stretch: { options: {}, words: '' }, from: at(0), interrupted: { sent: 0, rate: 0 }, stopped: 1 },
};

const restore: StoppedRestore = {
  ...{ kind: 'restore', id: '2', uri: 'file:///a.rdb', path: '/a.rdb', name: 'a.rdb', server: 'staging' },
  keys: { chosen: { bits: Uint8Array.of(0b101), keys: 2, of: 3 }, words: 'the selection' },
  choices: { existing: 'skip', keepExpired: false, asCommands: false, dbMap: new Map([[1, 2]]), dryRun: false },
  ...{ resume: { bytes: 500, from: 0, pending: [] }, interrupted: { builds: false }, stopped: 1 },
};

/** A job that says what a test wants. */
function speaker() {
  const listeners: ((event: JobEvent) => unknown)[] = [];
  return {
    stops: 0,
    over: false,
    stop() {
      this.stops++;
    },
    onEvent: (listener: (event: JobEvent) => unknown) => {
      listeners.push(listener);
      return { dispose: () => {} };
    },
    async tell(event: JobEvent) {
      for (const listener of listeners) listener(event);
      await new Promise(setImmediate);
    },
    checkpoint(offset: number, more: Partial<ReplayCheckpoint> = {}) {
      return this.tell({
        event: 'checkpoint',
        replay: { ...at(offset), sent: 3, rate: 100, standing: false, ...more },
      });
    },
  };
}

const log = { warn: (text: string) => assert.fail(text) };

async function traced(job: StoppedReplay | StoppedRestore, before?: StoppedReplay, marks?: JobMarks, state = memory()) {
  const running = new Set<string>();
  const run = speaker();
  const trace = new JobTrace(state, running, job, before, run, log, marks);
  await trace.begin();
  return { state, running, run, trace };
}

describe('a job that runs', () => {
  it('is remembered as interrupted at its last word, without growing', async () => {
    const { state, running, run } = await traced(replay);
    assert.deepEqual(stoppedJobs(state), [replay]);
    assert.ok(running.has('1'));
    await run.checkpoint(100);
    const { length } = state.text();
    for (let offset = 101; offset < 300; offset++) await run.checkpoint(offset);
    const [kept] = stoppedJobs(state);
    const { stopped, ...rest } = kept;
    assert.deepEqual({ ...rest, stopped: 1 }, { ...replay, from: at(299), interrupted: { sent: 3, rate: 100 } });
    assert.ok(stopped > 1);
    assert.equal(state.text().length, length);
  });

  it('is in no doubt where it stands, and in doubt before it goes on', async () => {
    const { state, run, trace } = await traced(replay);
    await run.checkpoint(50, { sent: 0, standing: true });
    assert.equal(stoppedJobs(state)[0].interrupted, undefined);
    await trace.goesOn();
    assert.deepEqual(stoppedJobs(state)[0].interrupted, { sent: 0, rate: 100 });
  });

  it('is remembered with its report, or forgotten when nothing is left', async () => {
    const { state, running, run, trace } = await traced(replay);
    const { interrupted: _, ...stopped } = replay;
    await trace.ended({ ...stopped, from: at(77) });
    await run.checkpoint(50);
    assert.deepEqual(stoppedJobs(state), [{ ...stopped, from: at(77) }]);
    assert.equal(running.size, 0);
    const other = await traced(replay);
    await other.trace.ended(undefined);
    assert.deepEqual(stoppedJobs(other.state), []);
  });

  it('is as it was before if it could not begin', async () => {
    const { interrupted: _, ...before } = replay;
    const refused = { event: 'failed', failure: { of: 'server', code: 'refused', args: [] } } as const;
    const again = await traced(replay, { ...before, from: at(30) });
    await again.run.tell(refused);
    assert.deepEqual(stoppedJobs(again.state), [{ ...before, from: at(30) }]);
    const first = await traced(replay);
    await first.run.tell(refused);
    assert.deepEqual(stoppedJobs(first.state), []);
  });

  it('stays interrupted if it dies when something was sent', async () => {
    const { state, running, run } = await traced(replay);
    await run.checkpoint(60);
    await run.tell({ event: 'failed', failure: { of: 'job', code: 'other', args: ['out of memory'] } });
    const [kept] = stoppedJobs(state);
    assert.ok(kept.kind === 'replay');
    assert.deepEqual([kept.from, kept.interrupted, running.size], [at(60), { sent: 3, rate: 100 }, 0]);
  });

  it('is a restore with its keys, too', async () => {
    const { state, run } = await traced(restore);
    assert.deepEqual(stoppedJobs(state), [restore]);
    const resume = { bytes: 500, from: 300, pending: [{ offset: 200, begun: true }] };
    await run.tell({ event: 'checkpoint', restore: { resume, builds: true } });
    const [{ stopped: _, ...kept }] = stoppedJobs(state);
    assert.deepEqual({ ...kept, stopped: 1 }, { ...restore, resume, interrupted: { builds: true } });
  });
});

describe('a job whose window is gone', () => {
  const none: ReadonlySet<string> = new Set();

  /** A job whose window has kept its beginning, and nothing since. */
  async function orphan() {
    const folder = tempFolder();
    const marks = new JobMarks(folder);
    const kept = memory();
    const own = memory();
    const { run, trace } = await traced(replay, undefined, marks, own);
    await kept.update('stoppedReplays', own.get('stoppedReplays'));
    return { folder, marks, kept, run, trace };
  }

  it('is known to be running, and where it is by now', async () => {
    const { folder, marks, kept, run, trace } = await orphan();
    await run.checkpoint(400);
    assert.deepEqual([...(await heardOfOthers(kept, marks, none))], ['1']);
    const [job] = stoppedJobs(kept);
    assert.ok(job.kind === 'replay');
    assert.deepEqual([job.from, job.interrupted], [at(400), { sent: 3, rate: 100 }]);
    // What runs in this window is asked of nobody.
    assert.deepEqual([...(await heardOfOthers(kept, marks, new Set(['1'])))], []);
    await trace.ended(undefined);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is forgotten when it has come to its end, and offered where it was stopped', async () => {
    const never = new Promise<undefined>(() => {});
    for (const end of ['done', 'stopped'] as const) {
      const { marks, kept, trace } = await orphan();
      const mine = memory();
      mine.update = () => never;
      const { interrupted: _, ...stopped } = replay;
      // Nobody answers it.
      Object.assign(trace, { state: mine });
      void trace.ended(end === 'done' ? undefined : { ...stopped, from: at(77) });
      assert.deepEqual([...(await heardOfOthers(kept, marks, none))], []);
      const jobs = stoppedJobs(kept).map((job) => [job.kind === 'replay' && job.from, job.interrupted]);
      assert.deepEqual(jobs, end === 'done' ? [] : [[at(77), undefined]]);
      assert.equal(marks.read('1'), undefined);
    }
  });

  it('does not run any more when its process is gone, or has been silent for long', async () => {
    const { folder, marks, kept, trace } = await orphan();
    const file = path.join(folder, '1.json');
    const long = new Date(Date.now() - 60_000);
    utimesSync(file, long, long);
    assert.equal(marks.read('1')?.runs, false);
    marks.touch('1');
    assert.equal(marks.read('1')?.runs, true);
    writeFileSync(file, JSON.stringify({ pid: 0x7fff_fff0, time: 5, news: { from: at(9) } }));
    assert.deepEqual([...(await heardOfOthers(kept, marks, none))], []);
    await trace.ended(undefined);
  });

  it('is stopped when somebody asks for it', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const { marks, run, trace } = await orphan();
      mock.timers.tick(2000);
      assert.equal(run.stops, 0);
      marks.askToStop('1');
      mock.timers.tick(2000);
      assert.equal(run.stops, 1);
      await trace.ended(undefined);
      mock.timers.tick(10_000);
      assert.equal(run.stops, 1);
    } finally {
      mock.timers.reset();
    }
  });
});
