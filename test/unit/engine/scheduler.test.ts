/** The scheduler: jobs run in turn, give way to messages, are cancelled, and fail by themselves. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CancelledError, CancelToken, Scheduler } from '../../../src/engine/scheduler.js';

/** A scheduler whose clock goes on by a millisecond with every look at it. */
function ticking(): Scheduler {
  let time = 0;
  return new Scheduler(
    (callback) => setImmediate(callback),
    () => time++,
  );
}

function* steps(name: string, count: number, log: string[]): Generator<number, string> {
  for (let i = 0; i < count; i++) {
    log.push(`${name}${i}`);
    yield i;
  }
  return `${name} done`;
}

describe('a job', () => {
  it('runs to its end, and tells its steps', async () => {
    const told: unknown[] = [];
    const result = await ticking().run(steps('a', 50, []), new CancelToken(), (step) => told.push(step));
    assert.equal(result, 'a done');
    assert.deepEqual(told, [...Array(50).keys()]);
  });

  it('gives way to others, which get their turn before it ends', async () => {
    const scheduler = ticking();
    const log: string[] = [];
    const long = scheduler.run(steps('a', 100, log), new CancelToken());
    const short = scheduler.run(steps('b', 3, log), new CancelToken());
    await Promise.all([long, short]);
    assert.ok(log.indexOf('b2') < log.indexOf('a99'), log.join(' '));
    assert.equal(log.length, 103);
  });

  it('gives way to messages', async () => {
    const log: string[] = [];
    const done = ticking().run(steps('a', 100, log), new CancelToken());
    setImmediate(() => log.push('message'));
    await done;
    const at = log.indexOf('message');
    assert.ok(at >= 0 && at < 100, `the message came after ${at} steps`);
  });

  it('that is cancelled ends at its next step, and cleans up', async () => {
    const token = new CancelToken();
    let cleaned = false;
    let taken = 0;
    function* endless(): Generator<void> {
      try {
        for (;;) {
          taken++;
          yield;
        }
      } finally {
        cleaned = true;
      }
    }
    const scheduler = ticking();
    const run = scheduler.run(endless(), token);
    setImmediate(() => token.cancel());
    await assert.rejects(run, CancelledError);
    assert.equal(cleaned, true);
    const before = taken;
    await scheduler.run(steps('b', 30, []), new CancelToken());
    assert.equal(taken, before, 'it does not go on');
  });

  it('that is cancelled before it began never begins', async () => {
    const token = new CancelToken();
    token.cancel();
    const log: string[] = [];
    await assert.rejects(ticking().run(steps('a', 3, log), token), CancelledError);
    assert.deepEqual(log, []);
  });

  it('that fails takes nobody with it', async () => {
    const scheduler = ticking();
    // biome-ignore lint/correctness/useYield: it fails before it has anything to tell
    function* failing(): Generator<void> {
      throw new RangeError('broken');
    }
    const failed = assert.rejects(scheduler.run(failing(), new CancelToken()), RangeError);
    const other = scheduler.run(steps('b', 40, []), new CancelToken());
    await failed;
    assert.equal(await other, 'b done');
  });

  it('may be begun by another one', async () => {
    const scheduler = ticking();
    const first = scheduler.run(steps('a', 20, []), new CancelToken());
    const second = first.then(() => scheduler.run(steps('b', 20, []), new CancelToken()));
    assert.equal(await second, 'b done');
  });
});
