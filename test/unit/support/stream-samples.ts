/** Samples of streams: one stream as each of the stream types has it. */
import { type Stream, streamNode, streamValue } from './rdb-writer.js';
import { EXPIRY, type Sample, sample } from './sample.js';

const STREAM: Stream = {
  nodes: [
    streamNode(
      [1000, 5],
      ['f', 'g'],
      [
        { ms: 0, seq: 0, values: ['a', 'b'] },
        { ms: 0, seq: 1, values: ['gone', 'gone'], deleted: true },
        { ms: 10, seq: -5, fields: [['own', '1']] },
      ],
    ),
    streamNode([2000, 0], ['f'], [{ ms: 0, seq: 0, values: ['c'] }]),
  ],
  length: 3,
  last: [2000, 0],
  first: [1000, 5],
  maxDeleted: [1000, 6],
  added: 4,
  groups: [
    {
      name: 'g1',
      last: [1010, 0],
      read: 3,
      pending: [
        { id: [1000, 5], time: EXPIRY, count: 1 },
        { id: [1010, 0], time: EXPIRY + 1, count: 70000 },
      ],
      consumers: [
        { name: 'alice', seen: EXPIRY, active: EXPIRY, pending: [[1000, 5]] },
        { name: 'bob', seen: EXPIRY, active: -1, pending: [[1010, 0]] },
      ],
      released: [],
    },
    { name: 'g2', last: [0, 0], read: -1, pending: [], consumers: [], released: [] },
  ],
  duration: 100,
  maxEntries: 70000,
  producers: [
    {
      name: 'p1',
      entries: [
        ['i1', [1000, 5]],
        ['i2', [1010, 0]],
      ],
    },
    { name: 'p2', entries: [] },
  ],
  idsAdded: 2,
  idsDuplicate: 1,
};

/** The same stream with an entry that a consumer handed back (type 27). */
export const RELEASED: Stream = {
  ...STREAM,
  groups: STREAM.groups.map((group) => ({
    ...group,
    consumers: group.consumers.map((consumer) => ({
      ...consumer,
      pending: consumer.name === 'bob' ? [] : consumer.pending,
    })),
    released: group.name === 'g1' ? [[1010, 0]] : [],
  })),
};

/** What the stream above is, for a type that came with some RDB version. */
function plainStream(type: number): unknown {
  const since = (first: number, value: unknown) => (type >= first ? value : undefined);
  const active = (time: number) => since(21, time);
  return {
    entries: [
      ['1000-5', ['f', 'a'], ['g', 'b']],
      ['1010-0', ['own', '1']],
      ['2000-0', ['f', 'c']],
    ],
    length: 3n,
    lastId: '2000-0',
    firstId: since(19, '1000-5'),
    maxDeletedId: since(19, '1000-6'),
    entriesAdded: since(19, 4n),
    groups: [
      {
        name: 'g1',
        lastId: '1010-0',
        entriesRead: since(19, 3n),
        pending: [
          ['1000-5', EXPIRY, 1n],
          ['1010-0', EXPIRY + 1, 70000n],
        ],
        consumers: [
          ['alice', EXPIRY, active(EXPIRY), ['1000-5']],
          ['bob', EXPIRY, active(-1), type >= 27 ? [] : ['1010-0']],
        ],
        released: since(27, ['1010-0']),
      },
      {
        name: 'g2',
        lastId: '0-0',
        entriesRead: since(19, -1n),
        pending: [],
        consumers: [],
        released: since(27, []),
      },
    ],
    idempotency: since(26, {
      durationSeconds: 100n,
      maxEntries: 70000n,
      producers: [['p1', ['i1', '1000-5'], ['i2', '1010-0']], ['p2']],
      added: 2n,
      duplicates: 1n,
    }),
  };
}

export const STREAMS: readonly Sample[] = [
  ...[15, 19, 21, 26, 27].map((type) =>
    sample(`stream ${type}`, type, streamValue(type, type >= 27 ? RELEASED : STREAM), plainStream(type), 3),
  ),
  sample(
    'stream without entries',
    21,
    streamValue(21, { ...STREAM, nodes: [], length: 0, groups: [] }),
    {
      entries: [],
      length: 0n,
      lastId: '2000-0',
      firstId: '1000-5',
      maxDeletedId: '1000-6',
      entriesAdded: 4n,
      groups: [],
      idempotency: undefined,
    },
    0,
  ),
];
