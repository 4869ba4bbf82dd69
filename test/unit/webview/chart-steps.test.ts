/** Round steps of a chart's lines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { niceSteps } from '../../../webview/value/chart-steps.js';

describe('the lines of a chart', () => {
  it('are at round values that enclose the data', () => {
    assert.deepEqual(niceSteps(0, 10, 5), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(niceSteps(-1, 1, 4), [-1, -0.5, 0, 0.5, 1]);
    assert.deepEqual(niceSteps(7, 7, 5), [7]);
    assert.deepEqual(niceSteps(Number.NaN, Number.NaN, 5), []);
    assert.ok(niceSteps(0, 1e300, 5).length <= 100);
  });
});
