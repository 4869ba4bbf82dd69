/** Samples of what came later: field expiry, hash templates, arrays, modules, and what only KeyDB or Valkey have. */
import { COUNT_UNKNOWN } from '../../../src/decoder/rdb/key-batch.js';
import { double, little } from './bytes.js';
import { listpack } from './compact.js';
import { compressed, counted, integer, item, length, moduleId, moduleValue, string } from './rdb-writer.js';
import { EXPIRY, REPEATED, type Sample, sample } from './sample.js';

const NONE = 0;

/** Hashes with field expiry, of Redis. */
export const REDIS_HASHES: readonly Sample[] = [
  sample(
    'hash with field expiry of a release candidate',
    22,
    counted([
      [length(EXPIRY), string('f'), string('v')],
      [length(NONE), string('g'), string('w')],
    ]),
    [
      ['f', 'v', EXPIRY],
      ['g', 'w'],
    ],
    2,
  ),
  sample(
    'hash listpack with field expiry of a release candidate',
    23,
    string(listpack(['f', 'v', EXPIRY, 'g', 'w', NONE])),
    [
      ['f', 'v', EXPIRY],
      ['g', 'w'],
    ],
    2,
  ),
  sample(
    'hash with field expiry',
    24,
    [
      little(EXPIRY, 8),
      counted([
        [length(1), string('f'), string('v')],
        [length(1001), string('g'), string('w')],
        [length(NONE), string('h'), string('x')],
      ]),
    ],
    [
      ['f', 'v', EXPIRY],
      ['g', 'w', EXPIRY + 1000],
      ['h', 'x'],
    ],
    3,
  ),
  sample(
    'hash listpack with field expiry',
    25,
    [little(EXPIRY, 8), string(listpack(['f', 'v', EXPIRY, 'g', 'w', NONE]))],
    [
      ['f', 'v', EXPIRY],
      ['g', 'w'],
    ],
    2,
  ),
];

/** The templates that the file of Redis 8.10 defines, by id. */
export const TEMPLATES = [
  { id: 7n, names: ['a', 'bb', 'ccc'] },
  { id: (1n << 63n) + 1n, names: ['x', 'yy'] },
  { id: 9n, names: [] },
] as const;

export const TEMPLATE_HASHES: readonly Sample[] = [
  sample(
    'template hash with names in a listpack',
    29,
    [length(0), string(listpack(['a', 'bb'])), string(listpack([1234, 'v', 5]))],
    [
      ['a', 'v'],
      ['bb', '5'],
    ],
    2,
  ),
  sample(
    'template hash with names one by one',
    29,
    [length(1), counted([string('a'), string('bb')]), string(listpack([1, 'v', 'w']))],
    [
      ['a', 'v'],
      ['bb', 'w'],
    ],
    2,
  ),
  sample(
    'template listpack',
    30,
    string(listpack([7, 'v', 2, ''])),
    [
      ['a', 'v'],
      ['bb', '2'],
      ['ccc', ''],
    ],
    3,
  ),
  sample(
    'template array with names in a listpack',
    31,
    [length(0), compressed(listpack(['a', 'bb'])), string('v'), integer(3, 8)],
    [
      ['a', 'v'],
      ['bb', '3'],
    ],
    2,
  ),
  sample(
    'template array with names one by one',
    31,
    [length(1), counted([string('a'), string('bb')]), compressed(REPEATED), string('w')],
    [
      ['a', REPEATED],
      ['bb', 'w'],
    ],
    2,
  ),
  sample(
    'template array',
    32,
    [length(TEMPLATES[1].id, 64), string('v'), string('w')],
    [
      ['x', 'v'],
      ['yy', 'w'],
    ],
    2,
  ),
];

export const ARRAYS: readonly Sample[] = [
  sample(
    'array',
    28,
    [
      length(5),
      length(0),
      [length(3), length(3), string('hello')],
      [length(4), length(1), little(-42, 8)],
      [length(5), length(2), double(3.25)],
      [length(6), length(2), double(3)],
      [length(18446744073709551614n), length(0), compressed(REPEATED)],
    ],
    {
      items: [
        [3n, 'hello'],
        [4n, '-42'],
        [5n, '3.25'],
        [6n, '3.0'],
        [18446744073709551614n, REPEATED],
      ],
      insertIndex: undefined,
    },
    5,
  ),
  sample(
    'array with an insert position',
    28,
    [length(1), length(1), length(70000), length(0), length(0), string('a')],
    { items: [[0n, 'a']], insertIndex: 70000n },
    1,
  ),
];

export const MODULES: readonly Sample[] = [
  sample(
    'module value',
    7,
    moduleValue('unknown-X', 1023, [
      item.signed(-5),
      item.unsigned(18446744073709551615n),
      item.float(0.5),
      item.double(0.1),
      item.string('text\0'),
      item.string(REPEATED),
    ]),
    {
      name: 'unknown-X',
      version: 1023,
      items: [
        ['signed', -5n],
        ['unsigned', 18446744073709551615n],
        ['float', 0.5],
        ['double', 0.1],
        ['string', 'text\0'],
        ['string', REPEATED],
      ],
      view: undefined,
    },
    COUNT_UNKNOWN,
  ),
  sample(
    'module value of a known type',
    7,
    moduleValue('hellotype', 0, [item.unsigned(1), item.unsigned(-7)]),
    {
      name: 'hellotype',
      version: 0,
      items: [
        ['unsigned', 1n],
        ['unsigned', 18446744073709551609n],
      ],
      view: 'fields',
    },
    COUNT_UNKNOWN,
  ),
  sample(
    'module value without tags',
    6,
    [length(moduleId('hellotype', 0), 64), counted([length(5), length(-1)])],
    { name: 'hellotype', version: 0, items: undefined, view: 'fields' },
    COUNT_UNKNOWN,
  ),
];

export const GCRA: readonly Sample[] = [sample('gcra', 33, length(1n << 60n), 1n << 60n, 0)];

/** A scheduled script of KeyDB. */
export const CRON: readonly Sample[] = [
  sample(
    'cron',
    64,
    [
      string('return 1'),
      little(EXPIRY, 8),
      little(60000, 8),
      counted([string('k1'), string('k2')]),
      counted([string('a1')]),
    ],
    { script: 'return 1', startTime: EXPIRY, interval: 60000, keys: ['k1', 'k2'], args: ['a1'] },
    0,
  ),
];

/** A hash of Valkey 9 with field expiry. */
export const VALKEY_HASHES: readonly Sample[] = [
  sample(
    'valkey hash with field expiry',
    22,
    counted([
      [string('f'), string('v'), little(EXPIRY, 8)],
      [string('g'), string('w'), little(-1, 8)],
    ]),
    [
      ['f', 'v', EXPIRY],
      ['g', 'w'],
    ],
    2,
  ),
];
