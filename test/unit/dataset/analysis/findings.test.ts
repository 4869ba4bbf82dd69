/** Findings: each alone, on facts that make it and on such that do not; and all of them over real files. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_EXPIRIES } from '../../../../src/dataset/analysis/expiry.js';
import { analysisFacts } from '../../../../src/dataset/analysis/facts.js';
import { checksumFinding, damageFinding, unknownFinding } from '../../../../src/dataset/analysis/findings/file.js';
import { DEFAULT_FINDING_LIMITS, type Finding } from '../../../../src/dataset/analysis/findings/finding.js';
import {
  bigKeysFinding,
  expiredFinding,
  longNamesFinding,
  manyElementsFinding,
  nameShareFinding,
  nearThresholdFinding,
  noExpiryFinding,
} from '../../../../src/dataset/analysis/findings/keys.js';
import {
  idleConsumersFinding,
  pendingFinding,
  slotFinding,
} from '../../../../src/dataset/analysis/findings/servers.js';
import { jsonFinding, packedFinding, sameFieldsFinding } from '../../../../src/dataset/analysis/findings/values.js';
import type { AnalysedKeys } from '../../../../src/dataset/analysis/keys.js';
import type { StreamGroupFacts } from '../../../../src/dataset/analysis/streams.js';
import { packedFormat, type ValueSample } from '../../../../src/dataset/analysis/value-sample.js';
import { filterRows } from '../../../../src/dataset/filter.js';
import type { Problem } from '../../../../src/decoder/errors.js';
import { phraseText } from '../../../../src/format/messages.js';
import { bytes } from '../../support/bytes.js';
import { listpack } from '../../support/compact.js';
import { finish, indexed } from '../../support/indexed.js';
import { aux, counted, expireMs, file, key, selectdb, string } from '../../support/rdb-writer.js';

const MB = 1024 * 1024;
const DAY = 86400e3;
const amount = (keys: number, size: number) => ({ keys, bytes: size, memory: 0 });
const text = ({ title }: Finding) => phraseText(title, (english) => english);
const problem = (code: Problem['code'], severity: Problem['severity'] = 'error'): Problem => ({
  code,
  severity,
  offset: 77,
  args: ['a', 'b', 1, 2],
});
const SAVED_AT = 1_700_000_000_000;
const expiry = { ...NO_EXPIRIES, savedAt: SAVED_AT };

describe('a finding about the file', () => {
  it('tells a wrong checksum, with its place', () => {
    const [found] = checksumFinding({ problems: [problem('truncated'), problem('checksum-mismatch')] });
    assert.equal(found.severity, 'error');
    assert.equal(found.offset, 77);
    assert.deepEqual(checksumFinding({ problems: [problem('truncated')] }), []);
  });

  it('tells unknown records apart from damage', () => {
    const problems = [problem('unknown-type'), problem('unknown-opcode'), problem('truncated')];
    assert.equal(text(unknownFinding({ problems })[0]), '2 records or versions are not known.');
    assert.match(text(damageFinding({ problems })[0]), /1 places/);
    assert.deepEqual(unknownFinding({ problems: [] }), []);
    assert.deepEqual(damageFinding({ problems: [problem('checksum-mismatch')] }), []);
  });

  it('is a warning where nothing is lost', () =>
    assert.equal(damageFinding({ problems: [problem('foreign-version', 'warning')] })[0].severity, 'warning'));
});

describe('a finding about keys', () => {
  const limits = { bigKeyBytes: MB, bigKeyElements: 1000 };

  it('tells big ones by memory, or by what they take in the file', () => {
    const biggest = [
      { row: 3, value: 9 * MB },
      { row: 1, value: MB },
      { row: 2, value: MB - 1 },
    ];
    const [memory] = bigKeysFinding({ biggest, limits, hasMemory: true });
    assert.match(text(memory), /^2 keys take 1\.00 MB of memory or more, the largest 9\.00 MB/);
    assert.deepEqual(memory.filter, { rows: [3, 1] });
    const [size] = bigKeysFinding({ biggest, limits, hasMemory: false });
    assert.deepEqual(size.filter, { size: { min: MB } });
    assert.deepEqual(bigKeysFinding({ biggest: biggest.slice(2), limits, hasMemory: true }), []);
  });

  it('tells those with many elements', () => {
    const [found] = manyElementsFinding({
      longest: [
        { row: 5, value: 1000 },
        { row: 6, value: 999 },
      ],
      limits,
    });
    assert.equal(text(found), 'A key has 1,000 elements.');
    assert.deepEqual(found.filter, { rows: [5] });
    assert.deepEqual(manyElementsFinding({ longest: [], limits }), []);
  });

  it('tells expired ones, louder if they are many', () => {
    const of = (expired: number) =>
      expiredFinding({ expiry: { ...expiry, expired: amount(expired, 10) }, all: amount(100, 1000) });
    assert.deepEqual(of(0), []);
    assert.equal(of(1)[0].severity, 'info');
    assert.equal(of(5)[0].severity, 'warning');
    assert.deepEqual(of(5)[0].filter, { expiry: { kind: 'expired-at-save' } });
  });

  it('tells namespaces that stay where others go', () => {
    const namespace = (name: string, keys: number, expiring: number) => ({
      ...amount(keys, keys * 10),
      path: [{ text: name }],
      label: name,
      expiring: amount(expiring, 0),
      own: amount(0, 0),
      type: 'string',
      children: 0,
    });
    const facts = {
      namespaces: [namespace('session', 700, 700), namespace('flag', 290, 10), namespace('tiny', 9, 0)],
      all: amount(1000, 10_000),
      separator: ':',
      hasMemory: false,
    };
    const found = noExpiryFinding({ ...facts, expiry: { ...expiry, expiring: amount(710, 0) } });
    assert.deepEqual(
      found.map(({ filter }) => filter),
      [{ namespace: { separator: ':', path: [{ text: 'flag' }] }, expiry: { kind: 'none' } }],
    );
    assert.match(text(found[0]), /^280 keys of flag have no expiry/);
    // Where most keys stay, nothing stands out.
    assert.deepEqual(noExpiryFinding({ ...facts, expiry: { ...expiry, expiring: amount(400, 0) } }), []);
  });

  it('tells those that are about to change their encoding', () => {
    const near = {
      ...amount(12, 0),
      type: 'hash',
      encoding: 'listpack',
      becomes: 'hashtable',
      setting: 'hash-max-listpack-entries',
      limit: 512,
      from: 461,
      cost: 3 * MB,
    };
    const [found] = nearThresholdFinding({ types: { shares: [], near: [near] } });
    assert.match(
      text(found),
      /12 keys of type hash have 461 to 512 elements.*from listpack to hashtable, about 3\.00 MB/,
    );
    assert.deepEqual(found.filter, { types: ['hash'], encodings: ['listpack'], elements: { min: 461, max: 512 } });
    assert.deepEqual(nearThresholdFinding({ types: { shares: [], near: [{ ...near, keys: 2, cost: 10 }] } }), []);
  });

  it('tells long names, and files that are mostly names', () => {
    const [long] = longNamesFinding({
      names: {
        bytes: 0,
        longest: [
          { row: 8, value: 4096 },
          { row: 9, value: 100 },
        ],
      },
    });
    assert.equal(text(long), 'A key has a name of 4.00 KB.');
    assert.deepEqual(long.filter, { rows: [8] });
    assert.deepEqual(longNamesFinding({ names: { bytes: 0, longest: [] } }), []);
    const share = (names: number) =>
      nameShareFinding({ names: { bytes: names, longest: [] }, all: amount(20_000, 1_000_000) });
    assert.equal(share(500_000).length, 1);
    assert.equal(share(300_000).length, 0);
  });
});

describe('a finding about values', () => {
  const same = { names: ['id', 'name'], count: 2, values: 80, rows: [1, 2], nameBytes: 30, bytes: 8000 };
  const none: ValueSample = {
    hashes: { all: 1000, sampled: 100 },
    strings: { all: 1000, sampled: 100 },
    fields: [],
    json: [],
    packed: [],
  };

  it('tells hashes with the same fields, and what their names take', () => {
    const [found] = sameFieldsFinding({ sample: { ...none, fields: [same] } });
    assert.match(text(found), /^~800 hashes have the same 2 fields \(id, name\); their names take about 23\.4 KB/);
    assert.deepEqual(found.filter, { rows: [1, 2] });
    assert.deepEqual(sameFieldsFinding({ sample: { ...none, fields: [{ ...same, values: 5 }] } }), []);
    assert.deepEqual(sameFieldsFinding({ sample: { ...none, fields: [{ ...same, nameBytes: 4 }] } }), []);
  });

  it('tells JSON with the same keys, and strings that are packed', () => {
    assert.match(
      text(jsonFinding({ sample: { ...none, json: [{ ...same, count: 9 }] } })[0]),
      /same 9 keys \(id, name, …\)/,
    );
    assert.deepEqual(jsonFinding({ sample: none }), []);
    const packed = { format: 'zstd' as const, values: 60, json: 10, rows: [4], bytes: 1 };
    assert.match(text(packedFinding({ sample: { ...none, packed: [packed] } })[0]), /^~600 strings .*\(zstd\)/);
    assert.deepEqual(packedFinding({ sample: { ...none, packed: [{ ...packed, values: 6 }] } }), []);
    const json = { ...packed, json: 50 };
    assert.match(text(packedFinding({ sample: { ...none, packed: [json] } })[0]), /^~600 strings are JSON .*\(zstd\)/);
  });

  it('knows packed strings by their beginning', () => {
    const rest = bytes(0x80, 0xff, 1, 2, 3, 4, 5, 6);
    assert.equal(packedFormat(bytes(0x1f, 0x8b, 0x08, rest)), 'gzip');
    assert.equal(packedFormat(bytes(0x78, 0x9c, rest)), 'zlib');
    assert.equal(packedFormat(bytes(0x28, 0xb5, 0x2f, 0xfd, rest)), 'zstd');
    assert.equal(packedFormat(bytes(0x04, 0x22, 0x4d, 0x18, rest)), 'lz4');
    assert.equal(packedFormat(bytes(0xff, 0x06, 0, 0, 'sNaPpY', rest)), 'snappy');
    assert.equal(packedFormat(bytes('x^2 + y^2 = z^2')), undefined);
    assert.equal(packedFormat(bytes('plain text of some length')), undefined);
    assert.equal(packedFormat(bytes(0x1f, 0x8b)), undefined);
  });
});

describe('a finding about servers', () => {
  const group = (part: Partial<StreamGroupFacts>): StreamGroupFacts => ({
    row: 4,
    key: 'orders',
    entries: 10,
    bytes: 100,
    group: 'billing',
    lag: 0,
    pending: 0,
    oldest: null,
    delivered: null,
    consumers: 1,
    seen: SAVED_AT - 1000,
    ...part,
  });
  const streams = (...groups: StreamGroupFacts[]) => ({ groups, moreGroups: 0, streams: 1, unread: 0 });

  it('tells entries that were never acknowledged', () => {
    const [found] = pendingFinding({
      streams: streams(group({ pending: 5000, delivered: SAVED_AT - 3 * DAY })),
      expiry,
    });
    assert.match(text(found), /billing of the stream orders has 5,000 entries .* delivered 3 d before/);
    assert.deepEqual(found.filter, { rows: [4] });
    assert.deepEqual(pendingFinding({ streams: streams(group({ pending: 10 })), expiry }), []);
  });

  it('tells consumers that are gone', () => {
    const [found] = idleConsumersFinding({ streams: streams(group({ seen: SAVED_AT - 30 * DAY })), expiry });
    assert.match(text(found), /not seen for 30 d/);
    assert.deepEqual(idleConsumersFinding({ streams: streams(group({})), expiry }), []);
  });

  it('tells a slot that holds much more than others', () => {
    const shares = (most: number) => {
      const keys = new Float64Array(16384).fill(1);
      const sizes = new Float64Array(16384).fill(1);
      sizes[4000] = most;
      const tag = { ...amount(1, most), tag: 'shop', whole: true, slot: 4000 };
      return {
        keys,
        bytes: sizes,
        memory: new Float64Array(16384),
        tags: [tag],
        tagged: amount(1, most),
        manyTags: false,
      };
    };
    const of = (most: number) =>
      slotFinding({ slots: shares(most), all: amount(16384, 16383 + most), hasMemory: false });
    assert.match(text(of(5000)[0]), /^Cluster slot 4000 has 23 % of everything, most of it with the hash tag shop/);
    assert.deepEqual(of(5000)[0].filter, { slots: { min: 4000, max: 4000 } });
    assert.deepEqual(of(500), []);
    const untagged = { ...shares(5000), tags: [] };
    assert.deepEqual(slotFinding({ slots: untagged, all: amount(16384, 21383), hasMemory: false }), []);
  });
});

describe('the findings of a file', () => {
  const session = (i: number) => [
    expireMs(SAVED_AT + 1000 + i),
    key(16, `session:${i}`, string(listpack(['user', 'u', 'address', 'a', 'csrf-token', 'c']))),
  ];
  const content = file(
    'REDIS0010',
    aux('redis-ver', '7.0.15'),
    aux('ctime', String(SAVED_AT / 1000)),
    selectdb(0),
    Array.from({ length: 400 }, (_, i) => session(i)),
    Array.from({ length: 100 }, (_, i) =>
      key(0, `user:${i}`, string(JSON.stringify({ id: i, mail: 'a@example.com', age: 7 }))),
    ),
    expireMs(SAVED_AT - 5000),
    key(0, 'gone', string('x')),
    key(0, 'n'.repeat(2000), string('x')),
    key(1, 'list', counted(Array.from({ length: 120 }, (_, i) => string(`e${i}`)))),
  );

  it('are about the keys that their filters show', () => {
    const made = indexed(content);
    const keys: AnalysedKeys = {
      file: made.file,
      index: made.index,
      rows: { length: made.index.length, at: (i) => i },
      memory: undefined,
      savedAt: SAVED_AT,
    };
    const limits = { ...DEFAULT_FINDING_LIMITS, bigKeyElements: 100 };
    const { findings } = finish(analysisFacts(keys, { separator: ':', limits, problems: [] }));
    const shown = findings.map(({ code, filter }) => {
      const clock = { now: SAVED_AT, savedAt: SAVED_AT };
      const rows = filter && finish(filterRows(made.file, made.index, filter, clock, 0, made.index.length));
      return [code, rows?.length];
    });
    assert.deepEqual(Object.fromEntries(shown), {
      'many-elements': 1,
      'long-names': 1,
      'expired-keys': 1,
      'no-expiry': 100,
      'same-fields': 400,
      'json-keys': 100,
    });
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['warning', 'warning', 'info', 'info', 'info', 'info'],
    );
  });
});
