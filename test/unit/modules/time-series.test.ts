/** Time series in every version: fields, rules, samples of all chunks, pages, damage. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import type { Sample } from '../../../src/decoder/rdb/modules/view.js';
import type { Collection, Mark } from '../../../src/decoder/rdb/value-model.js';
import { collect } from '../../../src/decoder/rdb/walkers.js';
import { type Random, seededRandom } from '../support/random.js';
import { bitsOf, compressedChunk, type Point, plainChunk, samplePart } from './support/gorilla.js';
import {
  double,
  END,
  join,
  joinAll,
  refuses,
  refusesEveryCut,
  run,
  string,
  survivesEveryChange,
  uint,
  viewOf,
} from './support/items.js';
import { fieldsOf } from './support/plain.js';

const NAME = 'TSDB-TYPE';
const ALL_VERSIONS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

interface Series {
  readonly version: number;
  readonly compressed?: boolean;
  readonly chunks: readonly (readonly Point[])[];
  readonly labels?: readonly (readonly [string, string])[];
  readonly rules?: readonly Uint8Array[];
  readonly source?: string;
  /** Instead of the true ones. */
  readonly total?: number | bigint;
  readonly chunkCount?: number | bigint;
  readonly labelCount?: number | bigint;
}

/** A whole value. */
function series(spec: Series): Uint8Array {
  const { version, compressed = false, chunks, labels = [], rules = [], source } = spec;
  const points = chunks.flat();
  const last = points[points.length - 1] ?? [0n, 0];
  return joinAll([
    string('the key'),
    uint(60_000),
    uint(version < 2 ? 256 : 4096),
    ...(version >= 1 ? [uint(compressed ? 2 : 1)] : []),
    ...(version >= 2 ? [uint(last[0]), double(last[1]), uint(spec.total ?? points.length)] : []),
    ...(version >= 3 ? [uint(2)] : []),
    ...(version >= 2 ? [uint(source ? 1 : 0), ...(source ? [string(source)] : [])] : []),
    ...(version >= 8 ? [uint(5), double(0.5)] : []),
    uint(spec.labelCount ?? labels.length),
    ...labels.flatMap(([label, value]) => [string(label), string(value)]),
    uint(rules.length),
    ...rules,
    ...(version < 2
      ? [uint(spec.total ?? points.length), ...points.map(samplePart)]
      : [
          uint(spec.chunkCount ?? chunks.length),
          ...chunks.map((chunk) => (compressed ? compressedChunk(chunk, 16) : plainChunk(chunk, 32))),
        ]),
    END,
  ]);
}

function samplesOf(version: number, bytes: Uint8Array): Collection<Sample> {
  const view = viewOf(NAME, version, bytes);
  assert.equal(view?.kind, 'timeseries');
  return view.samples;
}

/** Samples as what identifies them: not all NaN are the same. */
function plain(samples: readonly Sample[]): string[] {
  return samples.map(({ timestamp, value }) => `${timestamp} ${bitsOf(value).toString(16)}`);
}

function expected(points: readonly Point[]): string[] {
  return points.map(([timestamp, value]) => `${timestamp} ${bitsOf(value).toString(16)}`);
}

/** Values as they come in a series: some the same, some near each other, some of any bits. */
function randomPoints(random: Random, count: number): Point[] {
  const view = new DataView(new ArrayBuffer(8));
  let timestamp = 1_600_000_000_000n;
  let value = 20;
  return Array.from({ length: count }, () => {
    const far = 2 ** random(40);
    timestamp += BigInt([1000, 1000, 1000 + random(30), random(5000), far][random(5)]);
    switch (random(4)) {
      case 0:
        value += 0.5;
        break;
      case 1:
        value = random(1000) / 7;
        break;
      case 2: {
        for (let i = 0; i < 8; i++) view.setUint8(i, random(256));
        const any = view.getFloat64(0);
        if (!Number.isNaN(any)) value = any;
        break;
      }
    }
    return [timestamp, value] as const;
  });
}

const SHORT: readonly (readonly Point[])[] = [
  [
    [1000n, 1.5],
    [2000n, 1.5],
    [3000n, -2],
  ],
  [
    [4007n, 1e300],
    [4008n, 0],
  ],
];

describe('a time series', () => {
  it('has the fields of TS.INFO', () => {
    const value = series({ version: 9, compressed: true, chunks: SHORT, labels: [['sensor', 'é 1']], source: 'raw' });
    assert.deepEqual(fieldsOf(viewOf(NAME, 9, value)), {
      totalSamples: 5,
      firstTimestamp: 1000,
      lastTimestamp: 4008,
      lastValue: 0,
      retentionTime: 60000,
      chunkCount: 2,
      chunkSize: 4096,
      chunkType: 'compressed',
      duplicatePolicy: 'last',
      sourceKey: 'raw',
      ignoreMaxTimeDiff: 5,
      ignoreMaxValDiff: 0.5,
      keySelfName: 'the key',
      labels: [{ label: 'sensor', value: 'é 1' }],
      rules: [],
    });
  });

  it('of before version 2 has a chunk size in samples and no chunks', () => {
    for (const version of [0, 1]) {
      const fields = fieldsOf(viewOf(NAME, version, series({ version, chunks: SHORT }))) as Record<string, unknown>;
      assert.equal(fields.chunkSize, 256 * 16);
      assert.equal(fields.totalSamples, 5);
      assert.equal(fields.firstTimestamp, 1000);
      assert.equal('chunkCount' in fields, false);
    }
  });

  it('gives its samples in every version, compressed or not', () => {
    for (const version of ALL_VERSIONS) {
      for (const compressed of version >= 2 ? [false, true] : [false]) {
        const value = series({ version, compressed, chunks: SHORT, labels: [['a', 'b']] });
        const samples = samplesOf(version, value);
        assert.equal(samples.count, 5);
        assert.deepEqual(plain(collect(samples)), expected(SHORT.flat()), `version ${version}`);
        refusesEveryCut(NAME, version, value);
        survivesEveryChange(NAME, version, value);
      }
    }
  });

  it('may be empty', () => {
    for (const compressed of [false, true]) {
      assert.deepEqual(collect(samplesOf(9, series({ version: 9, compressed, chunks: [[]] }))), []);
      assert.deepEqual(collect(samplesOf(9, series({ version: 9, compressed, chunks: [] }))), []);
    }
  });

  it('of an unknown version has no view', () => {
    assert.equal(viewOf(NAME, 10, series({ version: 9, chunks: SHORT })), undefined);
  });

  it('with a hostile count is refused', () => {
    const huge = 2n ** 63n;
    refuses(NAME, 9, series({ version: 9, chunks: SHORT, total: huge }), /its bytes cannot hold/);
    refuses(NAME, 9, series({ version: 9, chunks: SHORT, labelCount: huge }), /kind/);
    refuses(NAME, 0, series({ version: 0, chunks: SHORT, total: huge }), /it ends where/);
    refuses(NAME, 9, series({ version: 9, chunks: SHORT, chunkCount: huge }), /chunks less than it says/);
    refuses(NAME, 9, series({ version: 9, chunks: SHORT, chunkCount: 1 }), /more parts/);
  });
});

/** The state of each aggregation as a version writes it; the numbers are those of the specification. */
function contexts(version: number): [aggregation: number, name: string, state: Uint8Array[]][] {
  const reset = version >= 3 && version <= 6 ? [uint(1)] : [];
  const bounds = [double(9), double(1), ...(version < 6 ? [string('\x01')] : [])];
  const squares = [double(1), double(2), uint(3)];
  const single = [double(7), ...reset];
  const twa = [double(1), uint(2), double(3), ...[4, 5, 6, 7, 1, 0, 0].map(uint)];
  const states: [number, string, Uint8Array[]][] = [
    [1, 'MIN', bounds],
    [2, 'MAX', bounds],
    [3, 'SUM', single],
    [4, 'AVG', [double(1), double(2), ...(version >= 4 ? [uint(0)] : [])]],
    [5, 'COUNT', single],
    [6, 'FIRST', [double(7), ...(version >= 3 ? [uint(0)] : [])]],
    [7, 'LAST', single],
    [8, 'RANGE', bounds],
    [9, 'STD.P', squares],
    [10, 'STD.S', squares],
    [11, 'VAR.P', squares],
    [12, 'VAR.S', squares],
  ];
  if (version >= 6) states.push([13, 'TWA', twa]);
  if (version >= 9) states.push([14, 'COUNTNAN', single], [15, 'COUNTALL', single]);
  return states;
}

function rule(version: number, aggregation: number, state: readonly Uint8Array[]): Uint8Array {
  return join(
    string('target'),
    uint(5000),
    ...(version >= 6 ? [uint(3)] : []),
    uint(aggregation),
    ...(version >= 1 ? [uint(10_000)] : []),
    ...(version >= 9 ? [uint(1)] : []),
    ...state,
  );
}

describe('the rules of a time series', () => {
  it('are read for every aggregation in every version', () => {
    for (const version of ALL_VERSIONS) {
      const all = contexts(version);
      const rules = all.map(([aggregation, , state]) => rule(version, aggregation, state));
      const value = series({ version, chunks: SHORT, rules });
      const fields = fieldsOf(viewOf(NAME, version, value)) as { rules: Record<string, unknown>[] };
      assert.deepEqual(
        fields.rules.map(({ aggregation }) => aggregation),
        all.map(([, name]) => name),
      );
      assert.equal(fields.rules[0].destKey, 'target');
      assert.equal(fields.rules[0].bucketDuration, 5000);
      assert.equal(fields.rules[0].alignment, version >= 6 ? 3 : 0);
      assert.equal(fields.rules[0].bucketStart, version >= 1 ? 10_000 : undefined);
      assert.equal(fields.rules[0].validSamples, version >= 9 ? true : undefined);
      assert.deepEqual(fields.rules[8].state, { sum: 1, sumOfSquares: 2, count: 3 });
      assert.deepEqual(plain(collect(samplesOf(version, value))), expected(SHORT.flat()));
      refusesEveryCut(NAME, version, value);
    }
  });

  it('may have the longer state of a time-weighted average that 1.8.0 wrote', () => {
    const state = [
      ...[double(1), double(2), uint(0), double(3), uint(4), uint(5), double(6)],
      ...[7, 8, 1, 0, 0].map(uint),
      ...[double(9), double(10), uint(0)],
    ];
    const value = series({ version: 6, chunks: SHORT, rules: [rule(6, 13, state), rule(6, 3, [double(1), uint(0)])] });
    const fields = fieldsOf(viewOf(NAME, 6, value)) as { rules: Record<string, unknown>[] };
    assert.equal((fields.rules[0].state as Record<string, unknown>).previousWeight, 9);
    assert.equal(fields.rules[1].aggregation, 'SUM');
    refusesEveryCut(NAME, 6, value);
  });

  it('with an unknown aggregation leave the series without a view', () => {
    for (const aggregation of [0, 16, 2 ** 40]) {
      const value = series({ version: 9, chunks: SHORT, rules: [rule(9, aggregation, [double(1)])] });
      assert.equal(viewOf(NAME, 9, value), undefined);
    }
  });
});

describe('a compressed chunk', () => {
  it('gives back what was put in, whatever it is', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const points = randomPoints(seededRandom(seed), 300);
      const samples = samplesOf(9, series({ version: 9, compressed: true, chunks: [points] }));
      assert.deepEqual(plain(collect(samples)), expected(points), `seed ${seed}`);
    }
  });

  it('has changes of the distance of every width', () => {
    let timestamp = 2n ** 62n;
    const points: Point[] = [[timestamp, 1]];
    for (let bit = 0n; bit < 62n; bit++) {
      for (const change of [2n ** bit - 1n, -(2n ** bit)]) {
        timestamp = BigInt.asUintN(64, timestamp + change);
        points.push([timestamp, 1]);
      }
    }
    const samples = samplesOf(9, series({ version: 9, compressed: true, chunks: [points] }));
    assert.deepEqual(plain(collect(samples)), expected(points));
  });

  it('has differences of values at every place', () => {
    const view = new DataView(new ArrayBuffer(8));
    const points: Point[] = [[0n, 0]];
    for (let low = 0; low < 64; low++) {
      for (const high of [low, Math.min(63, low + 7), 62]) {
        view.setBigUint64(0, (1n << BigInt(low)) | (1n << BigInt(Math.max(low, high))));
        const value = view.getFloat64(0);
        if (!Number.isNaN(value)) points.push([BigInt(points.length), value]);
      }
    }
    const samples = samplesOf(9, series({ version: 9, compressed: true, chunks: [points] }));
    assert.deepEqual(plain(collect(samples)), expected(points));
  });

  it('that says it has more samples than its bits hold is refused', () => {
    const chunk = (count: number | bigint, used: number | bigint, size: number | bigint, data: Uint8Array) =>
      join(...[size, count, used].map(uint), ...[0, 0, 0, 0, 0, 32, 32].map(uint), string(data));
    const value = (part: Uint8Array) =>
      join(series({ version: 9, compressed: true, chunks: [], chunkCount: 1, total: 1 }).slice(0, -1), part, END);
    const zeros = new Uint8Array(16);
    assert.equal(collect(samplesOf(9, value(chunk(65, 128, 16, zeros)))).length, 65);
    refuses(NAME, 9, value(chunk(66, 128, 16, zeros)), /16 bytes for 66 samples/);
    refuses(NAME, 9, value(chunk(2n ** 63n, 128, 16, zeros)), /16 bytes for/);
    refuses(NAME, 9, value(chunk(3, 2n ** 63n, 16, zeros)), /16 bytes for/);
    refuses(NAME, 9, value(chunk(3, 4, 2n ** 63n, zeros)), /16 bytes for/);
    refuses(NAME, 9, value(chunk(3, 4, 12, new Uint8Array(12))), /12 bytes for/);
    const ones = new Uint8Array(16).fill(0xff);
    refuses(NAME, 9, value(chunk(3, 128, 16, ones)), /more bits than it has/);
    // A timestamp that does not change, then 31 leading zeros and a block of 64 bits.
    const impossible = Uint8Array.of(0b11111110, 0xff, ...zeros.slice(2));
    refuses(NAME, 9, value(chunk(2, 128, 16, impossible)), /more bits than it has/);
  });
});

describe('an uncompressed chunk', () => {
  it('that says it has more samples than its bytes hold is refused', () => {
    const value = (count: number | bigint, size: number | bigint) =>
      join(
        series({ version: 9, chunks: [], chunkCount: 1, total: 1 }).slice(0, -1),
        ...[1, count, size].map(uint),
        string(new Uint8Array(32)),
        END,
      );
    assert.equal(collect(samplesOf(9, value(2, 32))).length, 2);
    refuses(NAME, 9, value(3, 32), /32 bytes for 3 samples/);
    refuses(NAME, 9, value(2n ** 63n, 32), /32 bytes for/);
    refuses(NAME, 9, value(2, 2n ** 63n), /32 bytes for/);
  });
});

describe('a walk through samples', () => {
  const points = randomPoints(seededRandom(99), 5000);
  const chunks = [points.slice(0, 1), points.slice(1, 2000), [], points.slice(2000)];

  for (const compressed of [false, true]) {
    const kind = compressed ? 'compressed' : 'uncompressed';
    const samples = samplesOf(9, series({ version: 9, compressed, chunks }));

    it(`goes on at every mark (${kind})`, () => {
      const marks: Mark[] = [];
      const walker = samples.walk();
      for (let i = 0; i <= points.length; i++) {
        if (i % 37 === 0 || i < 3 || i > points.length - 3) marks.push(walker.mark());
        walker.next();
      }
      for (const mark of marks) {
        const again = samples.walk(mark);
        const found = [again.next(), again.next(), again.next()].filter((sample) => sample !== undefined);
        assert.deepEqual(plain(found), expected(points.slice(mark.index, mark.index + 3)), `at ${mark.index}`);
        assert.equal(again.mark().index, Math.min(points.length, mark.index + 3));
      }
    });

    it(`goes on at a mark that lost all but its numbers (${kind})`, () => {
      const walker = samples.walk();
      for (let i = 0; i < 3210; i++) walker.next();
      const { index, offset, inner } = walker.mark();
      const again = samples.walk({ index, offset, inner });
      assert.deepEqual(plain([again.next()].filter((sample) => sample !== undefined)), expected([points[3210]]));
    });
  }

  it('reads chunks that are too long to be held', () => {
    const many = Array.from({ length: 60_000 }, (_, i): Point => [BigInt(i * 1000 + (i % 7)), Math.sin(i)]);
    const long = samplesOf(9, series({ version: 9, compressed: true, chunks: [many] }));
    assert.deepEqual(plain(collect(long)), expected(many));
    const walker = long.walk();
    for (let i = 0; i < 50_000; i++) walker.next();
    assert.deepEqual(plain([long.walk(walker.mark()).next()].filter((s) => s !== undefined)), expected([many[50_000]]));
  });

  it('reads chunks that are compressed once more', () => {
    const bytes = 100_000;
    const count = bytes * 4 + 1;
    const chunk = join(...[bytes, count, bytes * 8].map(uint), ...[0, 5, 5, 0, 0, 32, 32].map(uint), run(0, bytes));
    const empty = series({ version: 9, compressed: true, chunks: [], chunkCount: 1, total: count });
    const samples = samplesOf(9, join(empty.slice(0, -1), chunk, END));
    const walker = samples.walk();
    let found = 0;
    for (let sample = walker.next(); sample; sample = walker.next()) found += Number(sample.timestamp === 5n);
    assert.equal(found, count);
  });

  it('gives what stands before the damage', () => {
    const value = series({ version: 9, compressed: true, chunks: SHORT });
    const walker = samplesOf(9, value.slice(0, -3)).walk();
    const found = [walker.next(), walker.next(), walker.next()].filter((sample) => sample !== undefined);
    assert.deepEqual(plain(found), expected(SHORT[0]));
    assert.throws(() => walker.next(), DecodeError);
  });
});
