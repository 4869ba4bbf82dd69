/** The filters and sketches of RedisBloom: their fields in every version, damage, and hostile sizes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  double,
  END,
  join,
  refuses,
  refusesEveryCut,
  run,
  string,
  survivesEveryChange,
  uint,
  viewOf,
  withNul,
} from './support/items.js';
import { fieldsOf } from './support/plain.js';

const HUGE = 2n ** 63n;

describe('a bloom filter', () => {
  const bits = Uint8Array.of(0xff, 0x01, 0, 0, 0, 0, 0, 0);
  const filter = (inserted: number, version: number) =>
    join(
      uint(100),
      double(0.01),
      uint(7),
      double(0.5),
      ...(version >= 1 ? [uint(64), uint(6)] : []),
      string(bits),
      uint(inserted),
    );
  const value = (version: number, options = 0) =>
    join(
      uint(11),
      uint(2),
      ...(version >= 2 ? [uint(options)] : []),
      ...(version >= 4 ? [uint(3)] : []),
      filter(9, version),
      filter(2, version),
      END,
    );

  it('has the fields of BF.INFO and BF.DEBUG', () => {
    assert.deepEqual(fieldsOf(viewOf('MBbloom--', 4, value(4, 4))), {
      Capacity: 200,
      Size: 32 + 2 * 64 + 16,
      'Number of filters': 2,
      'Number of items inserted': 11,
      'Expansion rate': 3,
      Options: ['FORCE64'],
      Filters: [9, 2].map((size) => ({
        bytes: 8,
        bits: 64,
        hashes: 7,
        hashwidth: 64,
        capacity: 100,
        size,
        ratio: 0.01,
        'bits per item': 0.5,
        'fill ratio': 9 / 64,
      })),
    });
  });

  it('that does not grow has no expansion rate', () => {
    const fields = fieldsOf(viewOf('MBbloom--', 4, value(4, 8))) as Record<string, unknown>;
    assert.deepEqual(fields.Options, ['NONSCALING']);
    assert.equal('Expansion rate' in fields, false);
  });

  it('is read in every version', () => {
    for (const version of [0, 1, 2, 3, 4]) {
      const fields = fieldsOf(viewOf('MBbloom--', version, value(version))) as Record<string, unknown>;
      const [first] = fields.Filters as Record<string, unknown>[];
      assert.equal(first.bits, version === 0 ? 50 : 64, `version ${version}`);
      assert.equal(fields['Expansion rate'], version === 4 ? 3 : 2);
      refusesEveryCut('MBbloom--', version, value(version));
      survivesEveryChange('MBbloom--', version, value(version));
    }
  });

  it('of an unknown version has no view', () => {
    assert.equal(viewOf('MBbloom--', 5, value(4)), undefined);
  });

  it('is counted page by page, unless it is very large', () => {
    const ratio = (bytes: number) => {
      const array = join(uint(1), double(0.1), uint(1), double(1), uint(bytes * 8), uint(0), run(0x0f, bytes), uint(1));
      const fields = fieldsOf(viewOf('MBbloom--', 4, join(uint(1), uint(1), uint(0), uint(2), array, END)));
      return (fields as { Filters: Record<string, unknown>[] }).Filters[0]['fill ratio'];
    };
    assert.equal(ratio(200_000), 0.5);
    assert.equal(ratio(40_000_000), undefined);
  });

  it('with hostile counts is refused', () => {
    refuses('MBbloom--', 4, join(uint(1), uint(HUGE), uint(0), uint(2), filter(1, 4), END), /it ends where/);
    refuses('MBbloom--', 4, join(uint(1), uint(0), uint(0), uint(2), END), /no filter/);
    const many = join(uint(1), double(0.1), uint(1), double(1), uint(HUGE), uint(0), string(bits), uint(1));
    refuses('MBbloom--', 4, join(uint(1), uint(1), uint(0), uint(2), many, END), /fewer bytes/);
  });

  it('with more parts than its layout has is refused', () => {
    refuses('MBbloom--', 4, join(value(4).slice(0, -1), uint(1), END), /more parts/);
  });
});

describe('a cuckoo filter', () => {
  const table = Uint8Array.of(1, 0, 0, 7, 0, 0, 0, 0);
  const value = (version: number, buckets: number | bigint = 4, bucketSize: number | bigint = 2) =>
    join(
      uint(1),
      uint(buckets),
      uint(2),
      ...(version >= 4 ? [uint(1), uint(bucketSize), uint(20), uint(1), uint(buckets)] : []),
      string(table),
      END,
    );

  it('has the fields of CF.INFO', () => {
    assert.deepEqual(fieldsOf(viewOf('MBbloomCF', 4, value(4))), {
      Size: 40 + 16 + 8,
      'Number of buckets': 4,
      'Number of filters': 1,
      'Number of items inserted': 2,
      'Number of items deleted': 1,
      'Bucket size': 2,
      'Expansion rate': 1,
      'Max iterations': 20,
      Filters: [{ buckets: 4, 'bucket size': 2, bytes: 8, 'fill ratio': 0.25 }],
    });
  });

  it('is read in every version', () => {
    for (const version of [0, 1, 2, 3, 4]) {
      const fields = fieldsOf(viewOf('MBbloomCF', version, value(version))) as Record<string, unknown>;
      const [first] = fields.Filters as Record<string, unknown>[];
      assert.equal(first['bucket size'], 2, `version ${version}`);
      refusesEveryCut('MBbloomCF', version, value(version));
      survivesEveryChange('MBbloomCF', version, value(version));
    }
    assert.equal(viewOf('MBbloomCF', 5, value(4)), undefined);
  });

  it('with hostile counts is refused', () => {
    refuses('MBbloomCF', 4, value(4, HUGE), /size of its buckets/);
    refuses('MBbloomCF', 4, value(4, 4, HUGE), /size of its buckets/);
    refuses('MBbloomCF', 4, value(4, 0), /no filter/);
    refuses('MBbloomCF', 0, value(0, 3), /size of its buckets/);
    refuses('MBbloomCF', 0, join(uint(HUGE), uint(4), uint(0), string(table), END), /it ends where/);
  });
});

describe('a count-min sketch', () => {
  const value = (width: number | bigint, depth: number | bigint) =>
    join(uint(width), uint(depth), uint(2n ** 60n), string(new Uint8Array(24)), END);

  it('has the fields of CMS.INFO', () => {
    assert.deepEqual(fieldsOf(viewOf('CMSk-TYPE', 0, value(3, 2))), { width: 3, depth: 2, count: 2n ** 60n });
    assert.equal(viewOf('CMSk-TYPE', 1, value(3, 2)), undefined);
  });

  it('that is damaged is refused', () => {
    refusesEveryCut('CMSk-TYPE', 0, value(3, 2));
    survivesEveryChange('CMSk-TYPE', 0, value(3, 2));
    refuses('CMSk-TYPE', 0, value(HUGE, HUGE), /width and depth/);
    refuses('CMSk-TYPE', 0, value(0, 0), /is 0/);
  });
});

describe('a top-k list', () => {
  /** An entry of the heap as a 64-bit or a 32-bit server has it in memory. */
  const place = (count: number, pointer: 4 | 8) => {
    const bytes = new Uint8Array(pointer === 8 ? 24 : 16).fill(0xee);
    new DataView(bytes.buffer).setUint32(8 + pointer, count, true);
    return bytes;
  };
  const value = (pointer: 4 | 8, k: number | bigint = 3) =>
    join(
      uint(k),
      uint(2),
      uint(1),
      double(0.9),
      string(new Uint8Array(16)),
      string(join(place(5, pointer), place(0, pointer), place(9, pointer))),
      withNul('five'),
      withNul(''),
      withNul('nine'),
      END,
    );

  it('has the fields of TOPK.INFO and the items of TOPK.LIST', () => {
    for (const pointer of [4, 8] as const) {
      assert.deepEqual(fieldsOf(viewOf('TopK-TYPE', 0, value(pointer))), {
        k: 3,
        width: 2,
        depth: 1,
        decay: 0.9,
        items: [
          { item: 'nine', count: 9 },
          { item: 'five', count: 5 },
        ],
      });
    }
    assert.equal(viewOf('TopK-TYPE', 1, value(8)), undefined);
  });

  it('that is damaged is refused', () => {
    refusesEveryCut('TopK-TYPE', 0, value(8));
    survivesEveryChange('TopK-TYPE', 0, value(8));
    refuses('TopK-TYPE', 0, value(8, HUGE), /size that k says/);
    refuses('TopK-TYPE', 0, value(8, 0), /is 0/);
  });
});

describe('a t-digest', () => {
  const value = (merged: number | bigint, capacity: number | bigint = 610) =>
    join(
      ...[100, -1.5, 8].map(double),
      ...[capacity, merged, 0, 4].map(uint),
      ...[7, 0].map(double),
      ...[-1.5, 3, 8].map(double),
      ...[1, 5, 1].map(double),
      END,
    );

  it('has the fields of TDIGEST.INFO and the centroids', () => {
    assert.deepEqual(fieldsOf(viewOf('TDIS-TYPE', 0, value(3))), {
      Compression: 100,
      Capacity: 610,
      'Merged nodes': 3,
      'Unmerged nodes': 0,
      'Merged weight': 7,
      'Unmerged weight': 0,
      Observations: 7,
      'Total compressions': 4,
      Min: -1.5,
      Max: 8,
      Centroids: [
        { mean: -1.5, weight: 1 },
        { mean: 3, weight: 5 },
        { mean: 8, weight: 1 },
      ],
    });
    assert.equal(viewOf('TDIS-TYPE', 1, value(3)), undefined);
  });

  it('without observations has no bounds', () => {
    const empty = join(
      ...[100, Number.MAX_VALUE, -Number.MAX_VALUE].map(double),
      ...[610, 0, 0, 0].map(uint),
      ...[0, 0].map(double),
      END,
    );
    const fields = fieldsOf(viewOf('TDIS-TYPE', 0, empty)) as Record<string, unknown>;
    assert.equal('Min' in fields, false);
    assert.deepEqual(fields.Centroids, []);
  });

  it('that is damaged is refused', () => {
    refusesEveryCut('TDIS-TYPE', 0, value(3));
    survivesEveryChange('TDIS-TYPE', 0, value(3));
    refuses('TDIS-TYPE', 0, value(2n ** 62n, 2n ** 62n), /it ends where/);
    refuses('TDIS-TYPE', 0, value(700), /more nodes/);
    refuses('TDIS-TYPE', 0, value(-1), /more nodes/);
  });
});
