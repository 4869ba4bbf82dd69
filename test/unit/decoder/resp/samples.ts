/** Values of RESP as bytes and as what they are: each type, and each form that a type can have. */
import { bytes, type Part } from '../../support/bytes.js';

/** What a value is, without its place. */
export interface RespSample {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly values: readonly unknown[];
  /** False if the bytes are not the ones that the writer would choose. */
  readonly written?: false;
}

const raw = (text: string) => bytes(text);
const bulk = (text: string) => ({ type: 'bulk', bytes: raw(text) });
const integer = (value: number) => ({ type: 'integer', value });

function sample(title: string, content: Part, ...values: unknown[]): RespSample {
  return { title, bytes: bytes(content), values };
}

/** Another way to write something than the writer's own. */
function variant(title: string, content: Part, ...values: unknown[]): RespSample {
  return { ...sample(title, content, ...values), written: false };
}

const DEPTH = 100;
let nested: unknown = integer(1);
for (let i = 0; i < DEPTH; i++) nested = { type: 'array', items: [nested] };

export const RESP_SAMPLES: readonly RespSample[] = [
  sample('a simple string', '+OK\r\n', { type: 'simple', bytes: raw('OK') }),
  sample('an empty simple string', '+\r\n', { type: 'simple', bytes: raw('') }),
  sample('a simple string that is no UTF-8', ['+', 0xff, 0, '\r\n'], { type: 'simple', bytes: bytes(0xff, 0) }),
  sample('an error', '-ERR no\r\n', { type: 'error', bytes: raw('ERR no') }),
  sample('an integer', ':1000\r\n', integer(1000)),
  sample('a negative integer', ':-1\r\n', integer(-1)),
  variant('an integer with a plus', ':+5\r\n', integer(5)),
  variant('an integer that is minus zero', ':-0\r\n', integer(0)),
  variant('an integer with zeros in front', ':007\r\n', integer(7)),
  sample('the largest exact number', ':9007199254740991\r\n', integer(9007199254740991)),
  sample('an integer that a number does not hold', ':9007199254740993\r\n', {
    type: 'integer',
    value: 9007199254740993n,
  }),
  sample('the smallest integer', ':-9223372036854775808\r\n', { type: 'integer', value: -(2n ** 63n) }),
  sample('the largest integer', ':9223372036854775807\r\n', { type: 'integer', value: 2n ** 63n - 1n }),
  sample('a bulk string', '$5\r\nhello\r\n', bulk('hello')),
  sample('an empty bulk string', '$0\r\n\r\n', bulk('')),
  sample('a bulk string of line ends', '$4\r\n\r\n\r\n\r\n', bulk('\r\n\r\n')),
  sample('a bulk string that looks like RESP', '$7\r\n$1\r\na\r\n\r\n', bulk('$1\r\na\r\n')),
  sample('a null bulk string', '$-1\r\n', { type: 'null', form: 'bulk' }),
  sample('a null array', '*-1\r\n', { type: 'null', form: 'array' }),
  sample('a null', '_\r\n', { type: 'null', form: 'null' }),
  sample('an array', '*2\r\n$1\r\na\r\n:1\r\n', { type: 'array', items: [bulk('a'), integer(1)] }),
  sample('an empty array', '*0\r\n', { type: 'array', items: [] }),
  sample('arrays in arrays', '*2\r\n*0\r\n*1\r\n*1\r\n_\r\n', {
    type: 'array',
    items: [
      { type: 'array', items: [] },
      { type: 'array', items: [{ type: 'array', items: [{ type: 'null', form: 'null' }] }] },
    ],
  }),
  sample('arrays in each other, deep', ['*1\r\n'.repeat(DEPTH), ':1\r\n'], nested),
  sample('true', '#t\r\n', { type: 'boolean', value: true }),
  sample('false', '#f\r\n', { type: 'boolean', value: false }),
  sample('a double', ',1.23\r\n', { type: 'double', value: 1.23 }),
  sample('a double without a point', ',10\r\n', { type: 'double', value: 10 }),
  sample('a double with an exponent', ',1e+25\r\n', { type: 'double', value: 1e25 }),
  variant('a double with a large E', ',-1.5E-3\r\n', { type: 'double', value: -0.0015 }),
  variant('a double that begins with a point', ',.5\r\n', { type: 'double', value: 0.5 }),
  sample('a double that is minus zero', ',-0\r\n', { type: 'double', value: -0 }),
  sample('infinity', ',inf\r\n', { type: 'double', value: Number.POSITIVE_INFINITY }),
  sample('minus infinity', ',-inf\r\n', { type: 'double', value: Number.NEGATIVE_INFINITY }),
  sample('no number', ',nan\r\n', { type: 'double', value: Number.NaN }),
  variant('no number as older servers write it', ',-nan\r\n', { type: 'double', value: Number.NaN }),
  sample('a big number', '(3492890328409238509324850943850943825024385\r\n', {
    type: 'bignum',
    value: 3492890328409238509324850943850943825024385n,
  }),
  sample('a negative big number', '(-12\r\n', { type: 'bignum', value: -12n }),
  variant('a big number with a plus', '(+12\r\n', { type: 'bignum', value: 12n }),
  sample('a bulk error', '!21\r\nSYNTAX invalid syntax\r\n', {
    type: 'bulk-error',
    bytes: raw('SYNTAX invalid syntax'),
  }),
  sample('a verbatim string', '=15\r\ntxt:Some string\r\n', {
    type: 'verbatim',
    format: 'txt',
    bytes: raw('Some string'),
  }),
  sample('an empty verbatim string', '=4\r\nmkd:\r\n', { type: 'verbatim', format: 'mkd', bytes: raw('') }),
  sample('a map', '%2\r\n+a\r\n:1\r\n*0\r\n%0\r\n', {
    type: 'map',
    pairs: [
      [{ type: 'simple', bytes: raw('a') }, integer(1)],
      [
        { type: 'array', items: [] },
        { type: 'map', pairs: [] },
      ],
    ],
  }),
  sample('a set', '~2\r\n:1\r\n#t\r\n', { type: 'set', items: [integer(1), { type: 'boolean', value: true }] }),
  sample(
    'a push between replies',
    '+a\r\n>2\r\n$7\r\nmessage\r\n:2\r\n+b\r\n',
    { type: 'simple', bytes: raw('a') },
    {
      type: 'push',
      items: [bulk('message'), integer(2)],
    },
    { type: 'simple', bytes: raw('b') },
  ),
  sample('an attribute before a value', '|1\r\n+ttl\r\n:3600\r\n$1\r\nv\r\n', {
    ...bulk('v'),
    attributes: [{ pairs: [[{ type: 'simple', bytes: raw('ttl') }, integer(3600)]] }],
  }),
  sample(
    'attributes within an array and within an attribute',
    '*2\r\n|1\r\n:1\r\n|1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n',
    {
      type: 'array',
      items: [
        {
          ...integer(5),
          attributes: [
            { pairs: [[integer(1), { ...integer(4), attributes: [{ pairs: [[integer(2), integer(3)]] }] }]] },
          ],
        },
        integer(6),
      ],
    },
  ),
  sample('two attributes of an array', '|1\r\n:1\r\n:2\r\n|0\r\n*1\r\n:3\r\n', {
    type: 'array',
    items: [integer(3)],
    attributes: [{ pairs: [[integer(1), integer(2)]] }, { pairs: [] }],
  }),
  sample('a streamed string', '$?\r\n;4\r\nHell\r\n;6\r\no worl\r\n;1\r\nd\r\n;0\r\n', {
    ...bulk('Hello world'),
    chunks: [4, 6, 1],
  }),
  sample('an empty streamed string', '$?\r\n;0\r\n', { ...bulk(''), chunks: [] }),
  sample('a streamed array', '*?\r\n:1\r\n*?\r\n.\r\n$?\r\n;1\r\na\r\n;0\r\n.\r\n', {
    type: 'array',
    items: [integer(1), { type: 'array', items: [], streamed: true }, { ...bulk('a'), chunks: [1] }],
    streamed: true,
  }),
  sample('a streamed set', '~?\r\n+a\r\n.\r\n', {
    type: 'set',
    items: [{ type: 'simple', bytes: raw('a') }],
    streamed: true,
  }),
  sample('a streamed map', '%?\r\n+a\r\n:1\r\n.\r\n', {
    type: 'map',
    pairs: [[{ type: 'simple', bytes: raw('a') }, integer(1)]],
    streamed: true,
  }),
];
