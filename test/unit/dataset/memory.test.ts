/** Memory estimates against what servers said of their keys, and the parts that they are made of. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { FileScan } from '../../../src/dataset/file-scan.js';
import { KeyIndex } from '../../../src/dataset/key-index.js';
import { allocatorOf } from '../../../src/dataset/memory/allocator.js';
import { keyMemory, MemoryColumn, memorySteps } from '../../../src/dataset/memory/column.js';
import { RadixTree } from '../../../src/dataset/memory/rax.js';
import { parseServerName, type TargetChoice, targetFor } from '../../../src/dataset/memory/target.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { readManifest } from '../../corpus/damaged.js';
import { type Estimate, errorOf, estimateVariant, quantile } from '../../corpus/memory.js';
import { bytes } from '../support/bytes.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { file, key, length, selectdb, string } from '../support/rdb-writer.js';

/** Types of versions whose numbers follow from what no file tells. */
const UNTOLD: Readonly<Record<string, string>> = {
  'redis-4.0.14 list': 'nodes that are compressed in memory',
  'valkey-9.1.2 list': 'nodes that are compressed in memory',
  'redis-6.2.16 stream': 'a stream that was restored, and one whose last node was deleted',
  'redis-8.0.6 stream': 'a stream that was restored',
  'valkey-8.1.1 stream': 'a stream that was restored',
};

/** Release candidates of 4.0 measured the word USAGE for the key, and a node of a list for each element. */
const WRONG = 'redis-4.0-rc2';

function indexOf(content: Uint8Array): { source: MemorySource; index: KeyIndex } {
  const source = new MemorySource(content);
  let index: KeyIndex | undefined;
  new FileScan(source, (batch, types, facts) => {
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  }).run();
  return { source, index: index ?? new KeyIndex({ make: 'redis', version: undefined, level: 700 }) };
}

describe('a memory estimate', () => {
  const groups = new Map<string, Estimate[]>();
  for (const { folder } of dumps()) {
    for (const estimate of estimateVariant(folder)) {
      const name = `${estimate.server} ${estimate.type}`;
      groups.set(name, [...(groups.get(name) ?? []), estimate]);
    }
  }

  for (const [name, estimates] of groups) {
    if (name.startsWith(WRONG) || name in UNTOLD) continue;
    it(`is what MEMORY USAGE says: ${name}`, () => {
      const errors = estimates.map(errorOf).sort((a, b) => a - b);
      const worst = [...estimates].sort((a, b) => errorOf(b) - errorOf(a)).slice(0, 3);
      assert.ok(quantile(errors, 0.5) <= 0.03, JSON.stringify(worst));
      // In a handful of keys each is one in twenty.
      assert.ok(quantile(errors, 0.95) <= (errors.length < 40 ? 0.12 : 0.1), JSON.stringify(worst));
    });
  }

  it('names the encoding that the server named, but for strings that were appended to', () => {
    // 5.0 had no name for that of streams.
    const all = [...groups.values()].flat().filter((one) => one.actualEncoding !== 'unknown');
    const others = all.filter((one) => one.encoding !== one.actualEncoding);
    assert.ok(all.length > 3000);
    assert.deepEqual(
      others.filter((one) => one.type !== 'string'),
      [],
    );
    assert.ok(others.length < all.length / 50);
  });

  it('has none of the many damaged files end it', () => {
    for (const { file: name } of readManifest(path.join(CORPUS, 'corrupt'))) {
      const { source, index } = indexOf(new Uint8Array(readFileSync(path.join(CORPUS, 'corrupt', name))));
      for (const server of ['6.2', 'redis-7.2', 'redis-8.8', 'valkey-9.1']) {
        const column = new MemoryColumn(target({ server: named(server) }));
        for (const _ of memorySteps(source, index, column));
        assert.equal(column.length, index.length, name);
        assert.ok(column.total >= 0 && Number.isFinite(column.total), name);
      }
    }
  });
});

describe('the memory of arrays', () => {
  /** Written by a Redis of June 2026 on the C library: arrays that it had loaded, and what it said of them. */
  const DUMP = [
    'UkVESVMwMDE0+glyZWRpcy12ZXILMjU1LjI1NS4yNTX6CnJlZGlzLWJpdHPAQPoFY3RpbWXC494Ka/oIdXNlZC1tZW3CWPsTAPoI',
    'YW9mLWJhc2XAAP4A+wUAHAVkZW5zZQ0AAwEVAAAAAAAAAAYBKgAAAAAAAAAJAT8AAAAAAAAADAFUAAAAAAAAAA8BaQAAAAAAAAAS',
    'AX4AAAAAAAAAFQGTAAAAAAAAABgBqAAAAAAAAAAbAb0AAAAAAAAAHgHSAAAAAAAAACEB5wAAAAAAAAAkAfwAAAAAAAAAJwERAQAA',
    'AAAAABwGZmlsbGVkAwECAAMBYQEDAWICAwFjHAZzcHJlYWQHAAADBWhlbGxvBQE5MAAAAAAAAEPoAgAAAAAAAApAgAABEXADBXNo',
    'b3J0gAABEXEDAXiAAAERcgMBeYAAARFzAwF6HANmYXIBAIEAAFrzEHo//wAQaGVsbG8td29ybGQtbG9uZxwFdGV4dHMDAAAAFHh4',
    'eHh4eHh4eHh4eHh4eHh4eHh4AQDDDEEsAXl54P8A4BcAAXl5AgDDCigCYWJh4BoBAWFi/+3ZeG2UkQCn',
  ].join('');
  const SAID = { dense: 704, filled: 209, spread: 521, far: 16702, texts: 600 };

  it('is what MEMORY USAGE says', () => {
    const { source, index } = indexOf(new Uint8Array(Buffer.from(DUMP, 'base64')));
    const choice = target({ server: named('redis-8.8'), allocator: 'libc' });
    for (const [row, [name, said]] of Object.entries(SAID).entries()) {
      const { encoding, bytes: found } = keyMemory(source, index, row, choice);
      assert.equal(encoding, 'sliced-array');
      // The C library now and then gives 16 bytes more.
      assert.ok(found === said || found === said - 16, `${name}: ${found}`);
    }
  });
});

function named(text: string): NonNullable<TargetChoice['server']> {
  const server = parseServerName(text);
  assert.ok(server);
  return server;
}

/** A target for a file of 7.2. */
function target(choice: TargetChoice) {
  return targetFor({ make: 'redis', version: '7.2.6', level: 702 }, choice);
}

describe('the server that is to load a file', () => {
  const hash = (count: number, value: string) => {
    const fields: Uint8Array[] = [length(count)];
    for (let i = 0; i < count; i++) fields.push(string(`f${i}`), string(value));
    return bytes(...fields);
  };
  const costOf = (type: number, value: Uint8Array, choice: TargetChoice) => {
    const { source, index } = indexOf(file('REDIS0011', selectdb(0), key(type, 'name', value)));
    return keyMemory(source, index, 0, target(choice));
  };

  it('is the one that wrote it, with the encodings that stand in the file', () => {
    assert.equal(costOf(4, hash(3, 'v'), {}).encoding, 'hashtable');
    assert.equal(costOf(4, hash(3, 'v'), { server: named('7.2') }).encoding, 'hashtable');
  });

  it('decides by its own limits if it is another', () => {
    assert.equal(costOf(4, hash(3, 'v'), { server: named('7.0') }).encoding, 'listpack');
    assert.equal(costOf(4, hash(3, 'v'), { server: named('6.2') }).encoding, 'ziplist');
    assert.equal(costOf(4, hash(3, 'v'.repeat(65)), { server: named('7.0') }).encoding, 'hashtable');
    assert.equal(costOf(4, hash(513, 'v'), { server: named('valkey-9.1') }).encoding, 'hashtable');
  });

  it('has the limits that are given', () => {
    assert.equal(costOf(4, hash(3, 'v'), { limits: { hashEntries: 3 } }).encoding, 'listpack');
    assert.equal(costOf(4, hash(4, 'v'), { limits: { hashEntries: 3 } }).encoding, 'hashtable');
  });

  it('keeps sets as integers, listpacks or tables', () => {
    const set = (...members: string[]) => bytes(length(members.length), ...members.map((member) => string(member)));
    const other = { server: named('7.4') };
    assert.equal(costOf(2, set('1', '22', '333'), other).encoding, 'intset');
    assert.equal(costOf(2, set('1', 'b'), other).encoding, 'listpack');
    assert.equal(costOf(2, set('1', 'b'), { server: named('7.0') }).encoding, 'hashtable');
    assert.equal(costOf(2, set('1', 'b'.repeat(65)), other).encoding, 'hashtable');
  });

  it('is named in several ways', () => {
    assert.deepEqual(named('7.2.4'), { make: 'redis', level: 702, patch: 4 });
    assert.deepEqual(named('redis-8.0'), { make: 'redis', level: 800, patch: 99 });
    assert.deepEqual(named('valkey 9.1'), { make: 'valkey', level: 901, patch: 99 });
    assert.deepEqual(named('KeyDB-6.3.4'), { make: 'keydb', level: 603, patch: 4 });
    for (const text of ['', '1.0', 'valkey-7.0', 'dragonfly-1.0', '7.2.4.1', '7.x']) {
      assert.equal(parseServerName(text), undefined, text);
    }
  });
});

describe('an allocator', () => {
  it('gives the size classes that jemalloc has', () => {
    const of = (name: 'jemalloc' | 'jemalloc-bundled') =>
      [1, 9, 17, 33, 129, 161, 1025, 14337, 20481].map(allocatorOf(name));
    assert.deepEqual(of('jemalloc'), [8, 16, 32, 48, 160, 192, 1280, 16384, 24576]);
    assert.deepEqual(of('jemalloc-bundled'), [8, 16, 24, 40, 160, 192, 1280, 16384, 24576]);
  });

  it('gives what malloc_usable_size of the C library says', () => {
    assert.deepEqual([1, 24, 25, 40, 41, 1000].map(allocatorOf('libc')), [24, 24, 40, 40, 56, 1000]);
    assert.equal(allocatorOf('libc')(1_048_582), 1_052_656);
  });
});

describe('a radix tree', () => {
  const nodes = (...ids: number[][]) => {
    const tree = new RadixTree((size) => size);
    tree.restart();
    for (const tail of ids) tree.add(Uint8Array.from([...new Array(16 - tail.length).fill(0), ...tail]), 0);
    tree.finish();
    return [tree.keys, tree.nodes];
  };

  it('has a node for each stretch, each choice and each end', () => {
    assert.deepEqual(nodes(), [0, 1]);
    assert.deepEqual(nodes([1]), [1, 2]);
    // A stretch, a choice of the last byte, two ends.
    assert.deepEqual(nodes([1], [2]), [2, 4]);
    // Two choices: of the byte before the last, and of the last; one key has its last byte as a stretch.
    assert.deepEqual(nodes([0, 1], [0, 2], [1, 1]), [3, 7]);
    assert.deepEqual(nodes([1], [1]), [1, 2]);
  });
});
