/** How far replicas were behind: what is kept, for how long, and what a plot is given of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseInfo } from '../../../src/server/facts.js';
import { LAG_SPAN, LagHistory } from '../../../src/server/lag-history.js';
import { overviewOf } from '../../../src/server/overview.js';
import { alignedLines } from '../../../webview/servers/lag-lines.js';

/** A primary at offset 1000 with replicas at some offsets, by their ports. */
function overview(offsets: Readonly<Record<string, number>>) {
  const replicas = Object.entries(offsets).map(
    ([port, offset], i) => `slave${i}:ip=h,port=${port},state=online,offset=${offset},lag=${i}`,
  );
  return overviewOf(parseInfo(['role:master', 'master_repl_offset:1000', ...replicas].join('\r\n')));
}

describe('the history of replicas', () => {
  it('has a series for each, in the order of their addresses', () => {
    const history = new LagHistory();
    history.add(overview({ 2: 990, 1: 1000 }), 0);
    history.add(overview({ 2: 400 }), 2000);
    assert.deepEqual(history.series, [
      { replica: 'h:1', samples: [{ time: 0, bytes: 0, seconds: 0 }] },
      {
        replica: 'h:2',
        samples: [
          { time: 0, bytes: 10, seconds: 1 },
          { time: 2000, bytes: 600, seconds: 0 },
        ],
      },
    ]);
  });

  it('forgets what is too old, and replicas of which nothing is left', () => {
    const history = new LagHistory();
    history.add(overview({ 1: 1000 }), 0);
    for (let time = 0; time <= 2 * LAG_SPAN; time += 1000) history.add(overview({ 2: 1 }), time);
    assert.deepEqual(
      history.series.map(({ replica }) => replica),
      ['h:2'],
    );
    const [{ samples }] = history.series;
    assert.equal(samples[0].time, LAG_SPAN);
    assert.equal(samples.at(-1)?.time, 2 * LAG_SPAN);
  });

  it('is bounded, however often it is asked and however many replicas come and go', () => {
    const history = new LagHistory();
    for (let time = 0; time < 5000; time++) history.add(overview({ [`${time % 100}`]: 1, 500: 1 }), time);
    assert.ok(history.series.length <= 32);
    assert.ok(history.series.every(({ samples }) => samples.length <= 1200));
  });
});

describe('the lines of a plot', () => {
  const lines = [
    { replica: 'a', times: [1, 3], bytes: [10, 30], seconds: [0, null] },
    { replica: 'b', times: [2, 3], bytes: [5, 6], seconds: [1, 2] },
  ];

  it('have a place for all times, empty where there was no sample', () => {
    assert.deepEqual(alignedLines(lines, 'bytes'), {
      times: [1, 2, 3],
      values: [
        [10, null, 30],
        [null, 5, 6],
      ],
    });
    assert.deepEqual(alignedLines(lines, 'seconds').values, [
      [0, null, null],
      [null, 1, 2],
    ]);
    assert.deepEqual(alignedLines([], 'bytes'), { times: [], values: [] });
  });
});
