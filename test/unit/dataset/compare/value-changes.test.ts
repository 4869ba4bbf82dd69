/** What differs between two values, element by element. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytes, double } from '../../support/bytes.js';
import { listpack, ziplist } from '../../support/compact.js';
import { compared, elementChanges, keysFile } from '../../support/compared.js';
import { counted, item, moduleValue, type Stream, streamNode, streamValue, string } from '../../support/rdb-writer.js';

type Value = readonly [type: number, value: Uint8Array];

/** The changes of the one key of two files. */
function changes([leftType, left]: Value, [rightType, right]: Value, limit?: number): string[] {
  const comparison = compared(keysFile([leftType, 'k', left]), keysFile([rightType, 'k', right]));
  return comparison.length === 0 ? [] : elementChanges(comparison, 0, limit);
}

const list = (...items: string[]): Value => [1, counted(items.map((one) => string(one)))];
const ziplisted = (...items: string[]): Value => [10, string(ziplist(items))];

describe('the changes of a list', () => {
  it('are what was put in and taken out, not what moved because of it', () => {
    assert.deepEqual(changes(list('a', 'b', 'c', 'd'), ziplisted('x', 'a', 'b', 'c')), [
      '+ element 0 x',
      '- element 3 d',
    ]);
    assert.deepEqual(changes(list('a', 'b', 'c'), list('a', 'c')), ['- element 1 b']);
    assert.deepEqual(changes(list('a'), list('a', 'a', 'a')), ['+ element 1 a', '+ element 2 a']);
  });

  it('are replacements where one element takes the place of another', () => {
    assert.deepEqual(changes(list('a', 'b', 'c'), list('a', 'B', 'c', 'd')), ['~ element 1 b → 1 B', '+ element 3 d']);
  });

  it('are found place by place where too much is different', () => {
    const items = (prefix: string) => Array.from({ length: 3000 }, (_, i) => `${prefix}${i}`);
    const found = changes(list('same', ...items('a')), list('same', ...items('b')), 2);
    assert.deepEqual(found, ['~ element 1 a0 → 1 b0', '~ element 2 a1 → 2 b1', 'and 2998']);
  });

  it('are few in long lists that were pushed to at one end and popped from at the other', () => {
    const items = Array.from({ length: 50_000 }, (_, i) => `${i % 100}`);
    const found = changes(list(...items), list(...items.slice(2), 'new'));
    assert.deepEqual(found, ['- element 0 0', '- element 1 1', '+ element 49998 new']);
  });
});

describe('the changes of a string', () => {
  it('are the whole string and where the first difference is', () => {
    const long = 'y'.repeat(3_000_000);
    assert.deepEqual(changes([0, string('abc')], [0, string('abd')]), ['~ value abc → abd']);
    assert.equal(changes([0, string(long)], [0, string(`${long}!`)]).length, 1);
  });
});

describe('the changes of sets, sorted sets and hashes', () => {
  it('are sorted by name, and bounded', () => {
    const sorted = (...pairs: [string, number][]): Value => [
      5,
      counted(pairs.map(([member, score]) => [string(member), double(score)])),
    ];
    const left = sorted(['z', 1], ['a', 2], ['same', 0]);
    const right = sorted(['same', -0], ['a', 3], ['new', 4]);
    assert.deepEqual(changes(left, right), ['~ member a=2 → a=3', '+ member new=4', '- member z=1']);
    assert.deepEqual(changes(left, right, 1), ['- member z=1', 'and 2']);
  });

  it('hold the expiries of fields', () => {
    const hash = (time: number): Value => [
      24,
      bytes([0xe8, 3, 0, 0, 0, 0, 0, 0], counted([bytes(time === 0 ? 0 : time - 999, string('f'), string('v'))])),
    ];
    assert.deepEqual(changes(hash(1000), hash(1005)), ['~ field f=v=@1000 → f=v=@1005']);
    assert.deepEqual(changes(hash(0), hash(1000)), ['~ field f=v= → f=v=@1000']);
  });
});

describe('the changes of a stream', () => {
  const stream: Stream = {
    nodes: [
      streamNode(
        [1000, 0],
        ['f'],
        [
          { ms: 0, seq: 0, values: ['a'] },
          { ms: 1, seq: 0, values: ['b'] },
        ],
      ),
    ],
    length: 2,
    last: [1001, 0],
    first: [1000, 0],
    maxDeleted: [0, 0],
    added: 2,
    groups: [
      {
        name: 'g',
        last: [1000, 0],
        read: 1,
        pending: [{ id: [1000, 0], time: 5, count: 1 }],
        consumers: [{ name: 'c', seen: 6, active: 6, pending: [[1000, 0]] }],
        released: [],
      },
    ],
    duration: 0,
    maxEntries: 0,
    producers: [],
    idsAdded: 0,
    idsDuplicate: 0,
  };
  const written = (type: number, changed: Partial<Stream> = {}): Value => [
    type,
    streamValue(type, { ...stream, ...changed }),
  ];

  it('are entries, groups, consumers and what is pending', () => {
    const [group] = stream.groups;
    const right = written(21, {
      nodes: [
        streamNode(
          [1000, 0],
          ['f'],
          [
            { ms: 0, seq: 0, values: ['a'] },
            { ms: 1, seq: 0, values: ['B'] },
            { ms: 2, seq: 0, values: ['c'] },
          ],
        ),
      ],
      length: 3,
      last: [1002, 0],
      added: 3,
      groups: [
        {
          ...group,
          last: [1001, 0],
          read: 2,
          pending: [{ id: [1001, 0], time: 7, count: 2 }],
          consumers: [{ name: 'c', seen: 8, active: 8, pending: [[1001, 0]] }],
        },
        { ...group, name: 'new', pending: [], consumers: [] },
      ],
    });
    assert.deepEqual(changes(written(21), right), [
      '~ entry 1001-0=f:b → 1001-0=f:B',
      '+ entry 1002-0=f:c',
      '~ fact entriesAdded=2 → entriesAdded=3',
      '~ fact lastId=1001-0 → lastId=1002-0',
      '~ group g=1000-0=1 → g=1001-0=2',
      '+ group new=1000-0=1',
      '- pending g=1000-0=@5=1',
      '+ pending g=1001-0=@7=2',
      '~ consumer g=c=@6=@6 → g=c=@8=@8',
      '- consumer-pending g=c=1000-0',
      '+ consumer-pending g=c=1001-0',
    ]);
  });

  it('are none where an older server could not say as much', () => {
    assert.deepEqual(changes(written(15), written(19)), []);
    assert.deepEqual(changes(written(15), written(26)), []);
    assert.equal(changes(written(21), written(26, { added: 9 })).length, 1);
  });
});

describe('the changes of module values', () => {
  it('are those of their parts, where nobody knows what they mean', () => {
    const left: Value = [7, moduleValue('unknownmd', 1, [item.signed(5), item.string('a')])];
    const right: Value = [7, moduleValue('unknownmd', 1, [item.signed(5), item.string('b')])];
    assert.deepEqual(changes(left, right), ['~ part 1 string=a → 1 string=b']);
  });
});

describe('two values in other encodings', () => {
  it('have no changes', () => {
    assert.deepEqual(changes([2, counted([string('a'), string('1')])], [20, string(listpack(['1', 'a']))]), []);
  });
});
