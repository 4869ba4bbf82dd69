/** Numbers, sizes and times as people read them, at the borders of their units. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes, formatCount, formatDuration, formatTime } from '../../../src/format/quantities.js';

/** Makes a test of each pair. */
function table<Value>(format: (value: Value) => string, cases: readonly (readonly [Value, string])[]): void {
  for (const [value, text] of cases) it(`is ${text} for ${value}`, () => assert.equal(format(value), text));
}

describe('a count', () => {
  table<number | bigint>(formatCount, [
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [-12345, '-12,345'],
    [123, '123'],
    [0.5, '0.5'],
    [1234.5678, '1,234.568'],
    [2n ** 64n - 1n, '18,446,744,073,709,551,615'],
  ]);
});

describe('a size', () => {
  table<number>(formatBytes, [
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1.00 KB'],
    [10 * 1024 - 6, '9.99 KB'],
    [10 * 1024 - 1, '10.0 KB'],
    [100 * 1024 - 1, '100 KB'],
    [1024 * 1024 - 1, '1.00 MB'],
    [1.46 * 1024 * 1024, '1.46 MB'],
    [5 * 2 ** 30, '5.00 GB'],
    [2 ** 40, '1.00 TB'],
    [2 ** 63, '8192 PB'],
  ]);
});

describe('a length of time', () => {
  table<number>(formatDuration, [
    [0, '0 ms'],
    [250, '250 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3_600_000 + 59_000, '1 h'],
    [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h'],
    [400 * 86_400_000, '1 y 34 d'],
    [-90_000, '1 min 30 s'],
  ]);
});

describe('a time', () => {
  table<number | bigint>(formatTime, [
    [0, '1970-01-01 00:00:00'],
    [1_795_230_765_000, '2026-11-21 03:12:45'],
    [1_795_230_765_007n, '2026-11-21 03:12:45.007'],
    [-1000, '1969-12-31 23:59:59'],
    [8.64e15, '+275760-09-13 00:00:00'],
    [2n ** 63n - 1n, '9223372036854775807 ms'],
    [-(2n ** 63n), '-9223372036854775808 ms'],
  ]);
});
