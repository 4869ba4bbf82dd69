/** The pace of a replay: when the next command is due. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pace } from '../../../src/server/replay-pace.js';

describe('the pace of a replay', () => {
  it('has no limit unless one is wanted', () => assert.equal(new Pace({}, () => 0).waits, false));

  it('is so many commands a second', () => {
    let now = 5000;
    const pace = new Pace({ rate: 10 }, () => now);
    assert.equal(pace.wait(0), 0);
    pace.sent();
    assert.equal(pace.wait(0), 100);
    now += 60;
    assert.equal(pace.wait(0), 40);
    now += 1000;
    assert.equal(pace.wait(0), 0);
  });

  it('is that of the annotations, or so many times as fast', () => {
    let now = 0;
    const pace = new Pace({ speed: 2 }, () => now);
    assert.equal(pace.wait(0), 0, 'without an annotation at once');
    assert.equal(pace.wait(1000), 0);
    assert.equal(pace.wait(1010), 5000);
    now = 4000;
    assert.equal(pace.wait(1010), 1000);
    assert.equal(pace.wait(1004), 0);
  });

  it('does not make up for a pause', () => {
    let now = 0;
    const pace = new Pace({ rate: 10 }, () => now);
    pace.wait(0);
    pace.sent();
    now += 50;
    pace.shift(50);
    assert.equal(pace.wait(0), 100);
  });
});
