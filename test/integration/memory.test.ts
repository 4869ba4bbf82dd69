/** Memory while very large values of a real dump are looked at: bounded, however large they are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PagedCollection } from '../../src/dataset/paging.js';
import { textMatcher } from '../../src/dataset/text-search.js';
import { openEntry } from '../../src/decoder/rdb/entry.js';
import { isLong, textSlice } from '../../src/decoder/rdb/string.js';
import { FileSource } from '../../src/engine/node/file-source.js';
import { finish, indexed } from '../unit/support/indexed.js';
import { TestServer } from './server.js';

const MIB = 1024 * 1024;
const ELEMENTS = 5_000_000;
const STRING = 300 * MIB;
/** Far more than the pages and marks take, far less than the values. */
const BOUND = 120 * MIB;

/** Makes a list of numbered elements. */
const MAKE_LIST = `
local n = tonumber(ARGV[1])
for from = 1, n, 1000 do
  local items = {}
  for i = from, math.min(n, from + 999) do items[#items + 1] = i .. ' ' .. string.rep('x', 10 + i % 30) end
  redis.call('RPUSH', KEYS[1], unpack(items))
end
return n`;

/** What a piece of work adds to the memory of this process, at its highest. */
function growth(work: (look: () => void) => void): number {
  const before = process.memoryUsage.rss();
  let highest = before;
  work(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  });
  return highest - before;
}

describe('memory', async () => {
  const server = await TestServer.start('--rdbcompression', 'no');
  // Elements of several lengths; the server makes the list itself, a thousand with each command.
  await server.command('EVAL', MAKE_LIST, '1', 'list', String(ELEMENTS));
  await server.command('SETRANGE', 'string', String(STRING - 6), 'needle');
  const source = new FileSource(await server.save());
  const { file, index, problems } = indexed(source);
  const entryOf = (type: string) => {
    for (let row = 0; row < index.length; row++) {
      const fact = index.fact(row);
      if (fact.kind.type === type) return openEntry(file, fact.typeOffset, fact.offset + fact.size);
    }
    throw new Error(`no ${type} in the dump`);
  };

  it('is measured over a dump that is large', () => {
    assert.deepEqual(problems, []);
    assert.ok(source.size > STRING + ELEMENTS * 20);
  });

  it('is bounded while pages of a list of 5 million elements are read, from its start to its end and anywhere', () => {
    const { value } = entryOf('list');
    assert.ok(value.type === 'list');
    const paged = new PagedCollection(value.items);
    const used = growth((look) => {
      for (const from of [0, 2_500_000, ELEMENTS - 1000, 1_000_000, 4_999_000]) {
        const positions: number[] = [];
        let turns = 0;
        for (const _ of paged.read(from, 1000, (text, position) => {
          assert.equal(
            Buffer.from(textSlice(text, 0, 100))
              .toString()
              .split(' ')[0],
            String(position + 1),
          );
          positions.push(position);
        })) {
          if (++turns % 50 === 0) look();
        }
        assert.equal(positions.length, 1000);
        look();
      }
    });
    assert.ok(used < BOUND, `${Math.round(used / MIB)} MiB`);
  });

  it('is bounded while a string of 300 MB is paged and searched', () => {
    const { value } = entryOf('string');
    assert.ok(value.type === 'string' && isLong(value.text));
    const { text } = value;
    assert.equal(text.length, STRING);
    const used = growth((look) => {
      for (let at = 0; at < STRING; at += 7 * MIB) {
        assert.equal(textSlice(text, at, at + MIB).length, Math.min(MIB, STRING - at));
        look();
      }
      assert.equal(Buffer.from(textSlice(text, STRING - 6, STRING)).toString(), 'needle');
      assert.equal(textMatcher('needle')(text), true);
      assert.equal(textMatcher('needles')(text), false);
      look();
    });
    assert.ok(used < BOUND, `${Math.round(used / MIB)} MiB`);
  });

  it('is bounded while all elements of the list are searched', () => {
    const { value } = entryOf('list');
    assert.ok(value.type === 'list');
    const matches = textMatcher(`${ELEMENTS} `);
    const paged = new PagedCollection(value.items);
    const used = growth((look) => {
      let turns = 0;
      const search = paged.search(matches);
      let step = search.next();
      for (; !step.done; step = search.next()) if (++turns % 50 === 0) look();
      assert.deepEqual([...step.value], [ELEMENTS - 1]);
    });
    assert.ok(used < BOUND, `${Math.round(used / MIB)} MiB`);
    assert.equal(finish(paged.search(() => false)).length, 0);
  });
});
