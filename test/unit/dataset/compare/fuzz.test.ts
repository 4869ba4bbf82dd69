/** Random pairs of keyspaces, written in random encodings and orders: the comparison against a naive one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compared, differences, elementChanges, type Model, type ModelKey, writeKeys } from '../../support/compared.js';
import { compareNames } from '../../support/keyspace.js';
import { type Random, seededRandom } from '../../support/random.js';

const RUNS = 60;
const WORDS = [
  '',
  'a',
  'b',
  '0',
  '7',
  '12',
  '9999',
  '-1',
  'user:1',
  'user:2',
  'x'.repeat(70),
  'ab'.repeat(40),
  '\x00\xff',
];

const word = (random: Random) => WORDS[random(WORDS.length)];
const some = (random: Random, most: number) => Array.from({ length: 1 + random(most) }, () => word(random));

function randomValue(random: Random): Model {
  switch (random(5)) {
    case 0:
      return { type: 'string', text: word(random) };
    case 1:
      return { type: 'list', items: some(random, 8) };
    case 2:
      return { type: 'set', items: [...new Set(random(3) === 0 ? ['1', '22', String(random(99))] : some(random, 8))] };
    case 3:
      return { type: 'zset', items: new Map(some(random, 6).map((member) => [member, random(5) - 2.5])) };
    default:
      return { type: 'hash', items: new Map(some(random, 6).map((field) => [field, word(random)])) };
  }
}

function randomKeys(random: Random): Map<string, ModelKey> {
  const keys = new Map<string, ModelKey>();
  for (let i = 0; i < 40; i++) {
    const key = {
      db: random(2) * 3,
      name: `${word(random)}${word(random)}`,
      value: randomValue(random),
      expireAt: random(3) === 0 ? 1e12 + random(3) : undefined,
    };
    keys.set(`${key.db} ${key.name}`, key);
  }
  return keys;
}

/** The same keys, some of them changed, left out, or new. */
function changedKeys(keys: ReadonlyMap<string, ModelKey>, random: Random): Map<string, ModelKey> {
  const changed = new Map<string, ModelKey>();
  for (const [id, key] of keys) {
    const chance = random(8);
    if (chance === 0) continue;
    if (chance === 1) changed.set(id, { ...key, value: randomValue(random) });
    else if (chance === 2) changed.set(id, { ...key, expireAt: key.expireAt === undefined ? 5 : undefined });
    else if (chance === 3) changed.set(id, { ...key, value: nudged(key.value, random) });
    else changed.set(id, key);
  }
  for (const [id, key] of randomKeys(random)) if (random(4) === 0 && !changed.has(id)) changed.set(id, key);
  return changed;
}

/** A value with one element more, less or other. */
function nudged(value: Model, random: Random): Model {
  switch (value.type) {
    case 'string':
      return { ...value, text: `${value.text}!` };
    case 'list': {
      const items = [...value.items];
      items.splice(random(items.length), random(2), 'new');
      return { ...value, items };
    }
    case 'set':
      return { ...value, items: [...value.items, 'new'] };
    case 'zset':
      return { ...value, items: new Map([...value.items, [word(random), 77]]) };
    case 'hash':
      return { ...value, items: new Map([...value.items, [word(random), 'new']]) };
  }
}

const canonical = (value: Model): string => {
  if (value.type === 'string') return JSON.stringify(value);
  const items = value.type === 'list' ? value.items : [...value.items].map((item) => JSON.stringify(item)).sort();
  return JSON.stringify([value.type, items]);
};

function naive(left: ReadonlyMap<string, ModelKey>, right: ReadonlyMap<string, ModelKey>): string[] {
  const lines: { key: ModelKey; line: string }[] = [];
  for (const [id, key] of left) if (!right.has(id)) lines.push({ key, line: `- ${id}` });
  for (const [id, key] of right) {
    const other = left.get(id);
    if (!other) {
      lines.push({ key, line: `+ ${id}` });
      continue;
    }
    let what = canonical(key.value) === canonical(other.value) ? '' : ' value';
    if (key.value.type !== other.value.type) what += ' type';
    if (key.expireAt !== other.expireAt) what += ' ttl';
    if (what) lines.push({ key, line: `~ ${id}${what}` });
  }
  lines.sort((a, b) => a.key.db - b.key.db || compareNames(a.key.name, b.key.name));
  return lines.map(({ line }) => line);
}

/** Changes of collections without order, by name. */
function naiveElements(left: Model, right: Model): string[] | undefined {
  if (left.type !== right.type) return undefined;
  if (left.type === 'set' && right.type === 'set') {
    return byName([
      ...left.items.filter((item) => !right.items.includes(item)).map((item) => [item, `- member ${item}=`] as const),
      ...right.items.filter((item) => !left.items.includes(item)).map((item) => [item, `+ member ${item}=`] as const),
    ]);
  }
  if (left.type !== right.type || (left.type !== 'zset' && left.type !== 'hash')) return undefined;
  const [part, end] = left.type === 'zset' ? ['member', ''] : ['field', '='];
  const [from, to]: ReadonlyMap<string, string | number>[] = [left.items, (right as typeof left).items];
  const lines: (readonly [string, string])[] = [];
  for (const [name, value] of from) if (!to.has(name)) lines.push([name, `- ${part} ${name}=${value}${end}`]);
  for (const [name, value] of to) {
    const old = from.get(name);
    if (old === undefined) lines.push([name, `+ ${part} ${name}=${value}${end}`]);
    else if (old !== value) lines.push([name, `~ ${part} ${name}=${old}${end} → ${name}=${value}${end}`]);
  }
  return byName(lines);
}

const byName = (lines: readonly (readonly [name: string, line: string])[]) =>
  [...lines].sort(([a], [b]) => compareNames(a, b)).map(([, line]) => line);

describe('the comparison of random keyspaces', () => {
  const first = (Number(process.env.FUZZ_SEED) || Date.now()) % 1_000_000_000;

  it(`finds what a naive one finds, in any encoding and order (FUZZ_SEED=${first})`, () => {
    let found = 0;
    for (let run = 0; run < RUNS; run++) {
      const random = seededRandom(first + run);
      const left = randomKeys(random);
      const right = changedKeys(left, random);
      const comparison = compared(writeKeys([...left.values()], random), writeKeys([...right.values()], random));
      const expected = naive(left, right);
      assert.deepEqual(differences(comparison), expected, `seed ${first + run}`);
      found += expected.length;
    }
    assert.ok(found > RUNS);
  });

  it(`finds the elements that differ (FUZZ_SEED=${first})`, () => {
    let found = 0;
    for (let run = 0; run < RUNS * 10; run++) {
      const random = seededRandom(first + run);
      const from = randomValue(random);
      const to = nudged(random(2) === 0 ? from : nudged(from, random), random);
      const expected = naiveElements(from, to);
      if (!expected || expected.length === 0) continue;
      const file = (value: Model) => writeKeys([{ db: 0, name: 'k', value, expireAt: undefined }], random);
      const comparison = compared(file(from), file(to));
      assert.equal(comparison.length, 1, `seed ${first + run}`);
      assert.deepEqual(elementChanges(comparison, 0), expected, `seed ${first + run}`);
      found++;
    }
    assert.ok(found > 100);
  });
});
