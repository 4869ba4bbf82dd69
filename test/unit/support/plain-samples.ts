/** Samples of strings, lists, sets, sorted sets and plain hashes, in every encoding. */
import { COUNT_UNKNOWN, FLAG_INTEGER, FLAG_SINGLE_LISTPACK } from '../../../src/decoder/rdb/key-batch.js';
import { bytes, double } from './bytes.js';
import { intset, listpack, lpInteger, lpString, lzfLiterals, ziplist, zipmap, zlInteger, zlString } from './compact.js';
import { compressed, counted, integer, length, string } from './rdb-writer.js';
import { LONG, REPEATED, type Sample, sample } from './sample.js';

const INTEGERS = [
  0,
  12,
  13,
  127,
  128,
  -1,
  -128,
  -129,
  4095,
  -4096,
  4096,
  32767,
  -32768,
  8388607,
  -8388608,
  2147483647,
  -2147483648,
  2147483648n,
  9007199254740993n,
  9223372036854775807n,
  -9223372036854775808n,
];
const INTEGER_TEXTS = INTEGERS.map(String);

export const STRINGS: readonly Sample[] = [
  sample('string empty', 0, string(''), '', 0),
  sample('string raw', 0, string('value\0\xff'), 'value\0\xff', 7),
  sample('string with a 14-bit length', 0, string(LONG), LONG, 200),
  sample('string with a 32-bit length', 0, string('abc', 32), 'abc', 3),
  sample('string with a 64-bit length', 0, string('abc', 64), 'abc', 3),
  sample('string int8', 0, integer(-128, 8), '-128', 4, FLAG_INTEGER),
  sample('string int16', 0, integer(-32768, 16), '-32768', 6, FLAG_INTEGER),
  sample('string int32', 0, integer(-2147483648, 32), '-2147483648', 11, FLAG_INTEGER),
  sample('string of a long integer', 0, string('-9223372036854775808'), '-9223372036854775808', 20, FLAG_INTEGER),
  sample('string too large for an integer', 0, string('9223372036854775808'), '9223372036854775808', 19),
  sample('string of digits with a leading zero', 0, string('01234567890'), '01234567890', 11),
  sample('string of an integer with a 14-bit length', 0, string('123456789012', 14), '123456789012', 12, FLAG_INTEGER),
  sample('string compressed', 0, compressed(REPEATED), REPEATED, 300),
  sample('string of literal runs', 0, compressed('abc', lzfLiterals(bytes('abc'), 1)), 'abc', 3),
];

export const LISTS: readonly Sample[] = [
  sample('list', 1, counted([string('a'), integer(5, 8), compressed(REPEATED)]), ['a', '5', REPEATED], 3),
  sample('list ziplist', 10, string(ziplist(['a', '', LONG])), ['a', '', LONG], 3),
  sample('list ziplist integers', 10, string(ziplist(INTEGERS)), INTEGER_TEXTS, INTEGERS.length),
  sample(
    'list ziplist with wide lengths',
    10,
    string(ziplist([zlString('a', 14), zlString('b', 32), zlInteger(3, 64)], { widePrevious: true })),
    ['a', 'b', '3'],
    3,
  ),
  sample('list ziplist compressed', 10, compressed(ziplist([REPEATED, REPEATED])), [REPEATED, REPEATED], 2),
  sample('list ziplist of unknown count', 10, string(ziplist(['a', 'b'], { count: 65535 })), ['a', 'b'], COUNT_UNKNOWN),
  sample(
    'quicklist',
    14,
    counted([string(ziplist(['a', 1])), compressed(ziplist([REPEATED])), string(ziplist([LONG, 2]))]),
    ['a', '1', REPEATED, LONG, '2'],
    5,
  ),
  sample(
    'quicklist 2',
    18,
    counted([
      [length(2), string(listpack(['a', 1]))],
      [length(1), string(LONG)],
      [length(2), compressed(listpack([REPEATED, 'b']))],
      [length(1), integer(7, 8)],
      [length(1), compressed(REPEATED)],
    ]),
    ['a', '1', LONG, REPEATED, 'b', '7', REPEATED],
    7,
  ),
  sample(
    'quicklist 2 of one listpack',
    18,
    counted([[length(2), string(listpack(['a', 'b', 'c']))]]),
    ['a', 'b', 'c'],
    3,
    FLAG_SINGLE_LISTPACK,
  ),
  sample(
    'quicklist 2 of unknown count',
    18,
    counted([
      [length(2), string(listpack(['a', 'b'], 65535))],
      [length(1), string('c')],
    ]),
    ['a', 'b', 'c'],
    COUNT_UNKNOWN,
  ),
];

export const SETS: readonly Sample[] = [
  sample('set', 2, counted([string('m'), integer(-3, 16), string('')]), ['m', '-3', ''], 3),
  sample('intset 16', 11, string(intset([-32768, 0, 32767], 2)), ['-32768', '0', '32767'], 3),
  sample('intset 32', 11, string(intset([-2147483648, 2147483647], 4)), ['-2147483648', '2147483647'], 2),
  sample(
    'intset 64',
    11,
    string(intset([-9223372036854775808n, 1, 9223372036854775807n], 8)),
    ['-9223372036854775808', '1', '9223372036854775807'],
    3,
  ),
  sample('intset compressed', 11, compressed(intset([1, 2, 3, 4], 8)), ['1', '2', '3', '4'], 4),
  sample('set listpack', 20, string(listpack(['m', 1, ''])), ['m', '1', ''], 3),
];

const textScore = (text: string) => bytes(text.length, text);

export const ZSETS: readonly Sample[] = [
  sample(
    'zset with scores as text',
    3,
    counted([
      [string('a'), textScore('1.5')],
      [string('b'), textScore('-3')],
      [string('c'), 254],
      [string('d'), 255],
      [string('e'), textScore('1e+300')],
    ]),
    [
      ['a', 1.5],
      ['b', -3],
      ['c', Number.POSITIVE_INFINITY],
      ['d', Number.NEGATIVE_INFINITY],
      ['e', 1e300],
    ],
    5,
  ),
  sample(
    'zset with binary scores',
    5,
    counted([
      [string('a'), double(Number.POSITIVE_INFINITY)],
      [string('b'), double(0.1)],
      [integer(7, 8), double(-0)],
    ]),
    [
      ['a', Number.POSITIVE_INFINITY],
      ['b', 0.1],
      ['7', -0],
    ],
    3,
  ),
  sample(
    'zset ziplist',
    12,
    string(ziplist(['a', '1.5', 'b', 2, 'c', 'inf', 'd', '-inf'])),
    [
      ['a', 1.5],
      ['b', 2],
      ['c', Number.POSITIVE_INFINITY],
      ['d', Number.NEGATIVE_INFINITY],
    ],
    4,
  ),
  sample(
    'zset listpack',
    17,
    string(listpack(['a', -1, 'b', '2.25', 3, 9007199254740992n])),
    [
      ['a', -1],
      ['b', 2.25],
      ['3', 9007199254740992],
    ],
    3,
  ),
];

export const HASHES: readonly Sample[] = [
  sample(
    'hash',
    4,
    counted([
      [string('f'), string('v')],
      [integer(1, 8), compressed(REPEATED)],
    ]),
    [
      ['f', 'v'],
      ['1', REPEATED],
    ],
    2,
  ),
  sample(
    'zipmap',
    9,
    string(
      zipmap([
        ['foo', 'bar'],
        ['hello', 'world'],
      ]),
    ),
    [
      ['foo', 'bar'],
      ['hello', 'world'],
    ],
    2,
  ),
  sample(
    'zipmap with unused bytes and long texts',
    9,
    string(
      zipmap(
        [
          ['f', ''],
          [REPEATED, REPEATED],
        ],
        3,
      ),
    ),
    [
      ['f', ''],
      [REPEATED, REPEATED],
    ],
    2,
  ),
  sample('zipmap of unknown count', 9, string(zipmap([['f', 'v']], 0, 254)), [['f', 'v']], COUNT_UNKNOWN),
  sample(
    'hash ziplist',
    13,
    string(ziplist(['f', 'v', 1, 2])),
    [
      ['f', 'v'],
      ['1', '2'],
    ],
    2,
  ),
  sample('hash listpack', 16, string(listpack(['f', -5])), [['f', '-5']], 1),
  sample(
    'hash listpack with every width of integers and texts',
    16,
    string(
      listpack([
        lpInteger(1, 7),
        lpInteger(2, 13),
        lpInteger(3, 16),
        lpInteger(4, 24),
        lpInteger(-5, 32),
        lpInteger(-6, 64),
        lpString('7', 6),
        lpString('8', 12),
        lpString('9', 32),
        lpString(LONG, 12),
      ]),
    ),
    [
      ['1', '2'],
      ['3', '4'],
      ['-5', '-6'],
      ['7', '8'],
      ['9', LONG],
    ],
    5,
  ),
];
