/** Lines of `memory` that are written straight from the bytes of a file: they are those that are printed one by one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MemoryOptions, openLines } from '../../../src/cli/memory.js';
import { lineTaker } from '../../../src/cli/memory-taker.js';
import { ALLOCATOR_NAMES } from '../../../src/dataset/memory/allocator.js';
import type { EncodingLimits } from '../../../src/dataset/memory/limits.js';
import { parseServerName } from '../../../src/dataset/memory/target.js';
import type { Problem } from '../../../src/decoder/errors.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, double } from '../support/bytes.js';
import { intset, listpack, ziplist } from '../support/compact.js';
import { dumps } from '../support/fixtures.js';
import { seededRandom } from '../support/random.js';
import {
  aux,
  compressed,
  counted,
  expireMs,
  file,
  integer,
  key,
  selectdb,
  streamNode,
  streamValue,
  string,
} from '../support/rdb-writer.js';
import { SAMPLE_FILES } from '../support/samples.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

const ALL: MemoryOptions = { db: undefined, match: undefined, type: undefined, value: undefined, target: {} };

function loadedBy(name: string, limits: Partial<EncodingLimits> = {}): MemoryOptions {
  const server = parseServerName(name);
  assert.ok(server, name);
  return { ...ALL, target: { server, limits } };
}

/** What is estimated for: the server that wrote the file, and one of each kind. */
const TARGETS: readonly MemoryOptions[] = [
  ...ALLOCATOR_NAMES.map((allocator): MemoryOptions => ({ ...ALL, target: { allocator } })),
  ...['2.4', '3.2', '6.2', '7.2', '8.2', '8.6', '8.8'].map((name) => loadedBy(name)),
  ...['keydb-6.3', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'].map((name) => loadedBy(name)),
  loadedBy('7.2', { listSize: 3, hashEntries: 2, setEntries: 0, zsetEntries: 1, intsetEntries: 2 }),
  loadedBy('8.0', { listCompressDepth: 1, listSize: -1 }),
  { ...ALL, target: { limits: { streamNodeBytes: 0, hashValue: 3 } } },
];

interface Printed {
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly ofFile: readonly Problem[];
}

function printed(dump: Uint8Array, options: MemoryOptions, makeTaker?: typeof lineTaker): Printed {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const { scan, lines } = openLines(new MemorySource(dump), options, report, makeTaker);
  scan.run();
  return { text: Buffer.from(lines.all).toString('latin1'), problems, ofFile: scan.facts.problems };
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** Prints on both ways. @returns how many lines there are, and how many were written straight from the bytes. */
function compare(dump: Uint8Array, options: MemoryOptions, what: string): { all: number; plain: number } {
  let plain = 0;
  const counting: typeof lineTaker = (keys, fileOf, lines) => {
    const taker = lineTaker(keys, fileOf, lines);
    const take: typeof taker.take = (...args) => {
      const before = lines.length;
      const taken = taker.take(...args);
      plain += countLines(Buffer.from(lines.all.subarray(before)).toString('latin1'));
      return taken;
    };
    return { ...taker, take };
  };
  const straight = printed(dump, options, counting);
  const single = printed(dump, options);
  const told = `${what}, ${JSON.stringify(options)}`;
  assert.deepEqual(straight.problems, single.problems, told);
  assert.deepEqual(straight.ofFile, single.ofFile, told);
  if (straight.text !== single.text) assert.deepEqual(straight.text.split('\n'), single.text.split('\n'), told);
  return { all: countLines(single.text), plain };
}

describe('lines of memory straight from the bytes of a file', () => {
  it('are those of keys printed one by one, for all dumps of real servers', () => {
    const sums = [
      { all: 0, plain: 0 },
      { all: 0, plain: 0 },
    ];
    for (const [i, { name, bytes: dump }] of dumps().entries()) {
      for (const [sum, target] of [ALL, TARGETS[i % TARGETS.length]].entries()) {
        const { all, plain } = compare(dump, target, name);
        sums[sum].all += all;
        sums[sum].plain += plain;
      }
    }
    const [own, other] = sums.map(({ all, plain }) => plain / all);
    // The others are of types that few servers have, or their elements have to be looked at one by one.
    assert.ok(own > 0.8, `${own}`);
    assert.ok(other > 0.5, `${other}`);
  });

  it('are those of keys printed one by one, in every encoding', () => {
    for (const [i, { bytes: sample, title }] of SAMPLE_FILES.entries()) {
      for (const target of TARGETS.filter((_, number) => number % 3 === i % 3)) compare(sample, target, title);
    }
  });

  it('are those of keys printed one by one, whatever the lengths and the expiry', () => {
    const lengths = [...Array.from({ length: 300 }, (_, i) => i), 511, 512, 1023, 1024, 4096, 8192, 16_383, 70_000];
    const integers = [0, 9, -1, -10, 127, 128, -32768, 99_999, 2_147_483_647, -2_147_483_648];
    const texts = ['0', '7', '-', '-0', '-5', '00', '12x', '9223372036854775807', '9223372036854775808'];
    texts.push('-9223372036854775808', '-9223372036854775809', '12345678901', '123456789012345678901');
    const records = lengths.flatMap((n, i) => {
      const text = 'x'.repeat(n);
      const before = i % 2 === 0 ? [expireMs(4_000_000_000_000)] : [];
      return [
        bytes(before, key(0, `string ${i}`, string(text))),
        bytes(before, key(0, text.slice(0, 1200), string(text.slice(0, (i * 7) % 300)))),
        bytes(before, 0, compressed(`${text}${text}`), string('name')),
        key(0, `lzf ${i}`, compressed(text)),
        bytes(before, key(2, `set ${i}`, counted([string(text), string('a'), integer(i, 32)]))),
        key(4, `hash ${i}`, counted([bytes(string(text), string('a')), bytes(string(`${i}`), string(text))])),
        bytes(before, key(5, `zset ${i}`, counted([bytes(string(text), double(i))]))),
        key(16, `listpack ${i}`, string(listpack([text, i]))),
        key(17, `packed zset ${i}`, compressed(listpack([text, i, 'b', 'c']))),
        key(13, `ziplist ${i}`, compressed(ziplist([text, text, i, 'c']))),
        bytes(before, key(14, `list ${i}`, counted([string(ziplist([text, i])), compressed(ziplist([i]))]))),
        key(18, `list 2 ${i}`, counted([bytes(2, string(listpack([text, i])))])),
        key(18, `list 3 ${i}`, counted([bytes(2, compressed(listpack([i]))), bytes(1, string(text))])),
      ];
    });
    for (const value of integers)
      records.push(key(0, `integer ${value}`, integer(value, 32)), bytes(0, integer(value, 32), string('')));
    for (const text of texts)
      records.push(key(0, `text ${text}`, string(text)), bytes(0, string(text), compressed(text)));
    const members = (count: number) => Array.from({ length: count }, (_, i) => i * 1000);
    for (const count of [0, 1, 2, 100, 128, 129, 512, 513, 600, 5000]) {
      records.push(
        key(11, `intset ${count}`, string(intset(members(count), 4))),
        key(2, `set of ${count}`, counted(members(count).map((member) => string(`m${member}`)))),
        key(4, `hash of ${count}`, counted(members(count).map((field) => bytes(integer(field, 32), string('v'))))),
        key(3, `zset of ${count}`, counted(members(count).map((member) => bytes(string(`m${member}`), 3, '1.5')))),
        key(
          5,
          `zset 2 of ${count}`,
          counted(members(count).map((member) => bytes(integer(member, 32), double(member)))),
        ),
        key(20, `set in a listpack of ${count}`, compressed(listpack(members(count)))),
      );
    }
    const dump = file('REDIS0011', aux('redis-ver', '7.2.4'), selectdb(0), records);
    for (const [i, target] of TARGETS.entries()) {
      const { all, plain } = compare(dump, target, 'lengths');
      // Others than the writer of the file may keep elements elsewhere.
      assert.ok(plain > all * (i < ALLOCATOR_NAMES.length ? 0.8 : 0.25), `${plain} of ${all}`);
    }
  });

  it('are those of keys printed one by one, for streams', () => {
    const node = (i: number) => streamNode([1000 * i * i, i], ['f', 'g'], [{ ms: 0, seq: 0, values: ['a', `${i}`] }]);
    const records = [15, 19, 21].flatMap((type) =>
      [0, 1, 2, 3, 20, 700].flatMap((nodes) =>
        [0, 1].map((deleted) =>
          key(
            type,
            `stream ${type} ${nodes} ${deleted}`,
            streamValue(type, {
              nodes: Array.from({ length: nodes }, (_, i) => node(i + 1)),
              length: nodes,
              last: [2 ** 40, 2 ** 33],
              first: [1000, 1],
              maxDeleted: deleted === 1 ? [2 ** 40, 2 ** 33] : [0, 0],
              added: 3 * nodes,
              groups: [],
              duration: 100,
              maxEntries: 0,
              producers: [],
              idsAdded: 0,
              idsDuplicate: 0,
            }),
          ),
        ),
      ),
    );
    for (const [i, release] of ['5.0.1', '6.2.1', '6.2.16', '7.0.15', '7.2.4', '8.6.0'].entries()) {
      for (const target of [ALL, ...TARGETS.filter((_, number) => number % 6 === i)]) {
        const dump = file('REDIS0011', aux('redis-ver', release), selectdb(0), records);
        const { plain } = compare(dump, target, `streams of ${release}`);
        assert.ok(plain >= 15, `${plain}`);
      }
    }
  });

  it('keep their order among the others, pass the filters, and know their database', () => {
    const random = seededRandom(7);
    const records = Array.from({ length: 6000 }, (_, i) => {
      const name = `key:${i % 100}:${i}`;
      const text = 'x'.repeat(random(1000) === 0 ? random(400_000) : random(300));
      // A damaged name, a stream with nothing in it, and what is larger than the window are left to the others.
      const damaged = bytes(0, 0xc3, 3, 10, 0xff, 0xff, 0xff, string('v'));
      const value =
        i % 50 === 0 ? damaged : i % 7 === 0 ? key(16, name, string(listpack(['f', i]))) : key(0, name, string(text));
      return bytes(i % 500 === 0 ? selectdb(i / 500) : [], i % 3 === 0 ? expireMs(4_000_000_000_000 + i) : [], value);
    });
    const dump = file('REDIS0011', records);
    assert.ok(dump.length > 1_000_000);
    const filters: Partial<MemoryOptions>[] = [
      {},
      { db: 3 },
      { type: 'hash' },
      { type: 'nothing' },
      { match: new TextEncoder().encode('key:7?:*') },
      { db: 0, type: 'string', match: new TextEncoder().encode('*:1*') },
    ];
    for (const filter of filters) {
      const { all, plain } = compare(dump, { ...ALL, ...filter }, JSON.stringify(Object.keys(filter)));
      assert.ok(plain > all * 0.9 || all === 0, `${plain} of ${all}`);
      assert.equal(all === 0, filter.type === 'nothing');
    }
  });

  it(`are those of keys printed one by one, where bytes are changed at random (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const all = dumps().filter(({ size }) => size < 40_000);
    for (let round = 0; round < 150; round++) {
      const { name, bytes: changed } = all[random(all.length)];
      const dump = new Uint8Array(changed);
      for (let i = 0; i < 1 + (round % 8); i++) dump[random(dump.length)] = random(4) === 0 ? 255 : random(256);
      compare(dump, TARGETS[round % TARGETS.length], `${name}, round ${round}`);
    }
  });
});
