/** Memory estimates against MEMORY USAGE of a real server, and the search in values against what the server has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MemoryColumn, memorySteps } from '../../src/dataset/memory/column.js';
import { type TargetChoice, targetFor } from '../../src/dataset/memory/target.js';
import { nameOf } from '../../src/dataset/names.js';
import { searchValues } from '../../src/dataset/value-search.js';
import { quantile } from '../corpus/memory.js';
import { finish, type Indexed, indexed } from '../unit/support/indexed.js';
import { seededRandom } from '../unit/support/random.js';
import { randomData } from './random-data.js';
import { TestServer } from './server.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

describe(`memory and values of random data (TEST_SEED=${SEED})`, async () => {
  const server = await TestServer.start();

  /** The relative errors of all keys, ascending. */
  async function errors({ source, index, scan }: Indexed, choice: TargetChoice): Promise<number[]> {
    const info = (await server.command('INFO', 'memory')) as Uint8Array;
    const allocator = /mem_allocator:libc/.test(Buffer.from(info).toString()) ? 'libc' : 'jemalloc';
    const column = new MemoryColumn(targetFor(scan.facts.server, { allocator, ...choice }));
    finish(memorySteps(source, index, column));
    const found: number[] = [];
    let db = -1;
    for (let row = 0; row < index.length; row++) {
      if (index.db(row) !== db) {
        db = index.db(row);
        await server.command('SELECT', String(db));
      }
      const said = Number(await server.command('MEMORY', 'USAGE', nameOf(source, index, row), 'SAMPLES', '0'));
      found.push(Math.abs(column.at(row) - said) / said);
    }
    return found.sort((a, b) => a - b);
  }

  it('are estimated as the server that has them counts, and as one that has loaded them', async () => {
    await server.commands(randomData(SEED, 600));
    const made = indexed(readFileSync(await server.save()));
    assert.ok(made.index.length > 400);
    const live = await errors(made, {});
    assert.ok(quantile(live, 0.5) <= 0.03, `median ${quantile(live, 0.5)}`);
    assert.ok(quantile(live, 0.9) <= 0.15, `nine in ten ${quantile(live, 0.9)}`);
    // Loading chooses encodings by the limits, and gives tables and listpacks no room to grow.
    await server.command('DEBUG', 'RELOAD', 'NOSAVE');
    const loaded = await errors(made, { limits: { hashEntries: 512 } });
    assert.ok(quantile(loaded, 0.5) <= 0.01, `median ${quantile(loaded, 0.5)}`);
    assert.ok(quantile(loaded, 0.95) <= 0.1, `95 in 100 ${quantile(loaded, 0.95)}`);
  });

  it('are found by any piece of a string or an element', async () => {
    const random = seededRandom(SEED);
    await server.command('FLUSHALL');
    const words: string[] = [];
    for (let i = 0; i < 300; i++) {
      const word = `w${random(2 ** 30).toString(36)}z`;
      words.push(word);
      const filler = 'compressible '.repeat(random(8));
      const text = `${filler}${word}${filler}`;
      const [key, n] = [`key:${i}`, 1 + random(random(4) === 0 ? 400 : 5)];
      const others = Array.from({ length: n }, (_, j) => `${filler}${j}`);
      const mixed = [...others.slice(0, n >> 1), text, ...others.slice(n >> 1)];
      const kinds = [
        ['SET', key, text],
        ['RPUSH', key, ...mixed],
        ['SADD', key, ...mixed],
        ['HSET', key, ...mixed.flatMap((one, j) => (random(2) ? [one, String(j)] : [`f${j}`, one]))],
        ['ZADD', key, ...mixed.flatMap((one, j) => [String(j), one])],
        ['XADD', key, '*', ...mixed.flatMap((one, j) => [`f${j}`, one])],
      ];
      await server.command(...kinds[random(kinds.length)]);
    }
    const made = indexed(readFileSync(await server.save()));
    const rows = { length: made.index.length, at: (i: number) => i };
    for (const [i, text] of words.entries()) {
      const found: string[] = [];
      const pattern = { mode: 'substring', text: text.slice(0, -1), ignoreCase: i % 2 === 0 } as const;
      const search = searchValues(
        () => made.file,
        made.index,
        rows,
        pattern,
        (row) => found.push(Buffer.from(nameOf(made.source, made.index, row)).toString()),
      );
      finish(search);
      assert.ok(found.includes(`key:${i}`), `${text} of key:${i}`);
    }
  });
});
