/** The blocks of an AOF that is replayed: the same commands whatever the size of a block and whoever reads it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type AofSet, openAofSet } from '../../../src/dataset/aof/aof-set.js';
import { BLOCK_BYTES } from '../../../src/decoder/replay/layout.js';
import { ReplayMemory } from '../../../src/decoder/replay/memory.js';
import { MemorySource, readFully } from '../../../src/decoder/source.js';
import { openAof } from '../../../src/engine/node/aof-folder.js';
import { AofInput } from '../../../src/server/aof-input.js';
import { CommandClasses } from '../../../src/server/command-class.js';
import { ReplayInputError } from '../../../src/server/replay-errors.js';
import { endOfRun } from '../../../src/server/replay-input.js';
import { AOFS, aofVariants, mainFile, memoryFolder } from '../support/aof-files.js';
import { seededRandom } from '../support/random.js';

interface Commands {
  readonly commands: string[];
  readonly end: string;
  /** Commands that were taken in runs. */
  readonly inRuns: number;
}

/** The commands with what is known of them, as their own bytes. What is told of runs is checked. */
function commandsOf(set: AofSet, blockBytes: number, memory?: ReplayMemory): Commands {
  const input = new AofInput(set, memory, blockBytes);
  const classes = new CommandClasses(input.names);
  const commands: string[] = [];
  let inRuns = 0;
  for (;;) {
    const step = input.next();
    if (step.kind === 'end') return { commands, end: JSON.stringify(step.problem ?? null), inRuns };
    if (step.kind !== 'block') continue;
    const { block } = step;
    const { part, buffer, runs } = block;
    for (let row = 0; row < block.length; row++) {
      const start = block.start[row];
      const size = block.size[row];
      const offset = block.offset[row];
      const bytes = start < 0 ? new Uint8Array(size) : buffer.bytes.subarray(start, start + size);
      const source = input.source(part);
      if (start < 0 && source) readFully(source, offset, bytes);
      const known = [part, offset, block.db[row], block.time[row], block.argc[row], input.names.name(block.name[row])];
      commands.push(`${known.join(' ')} ${Buffer.from(bytes).toString('latin1')}`);
    }
    for (let i = 0; i < runs.length; i += 2) {
      const [first, behind] = runs.slice(i);
      assert.ok(first < behind && behind <= block.length && first >= (runs[i - 1] ?? 0));
      inRuns += behind - first;
      for (let row = first; row < behind; row++) {
        assert.equal(endOfRun(runs, row), behind);
        assert.equal(block.plain[row], 1);
        assert.equal(classes.of(block.name[row]), 'plain');
        assert.equal(block.db[row], block.db[first]);
        if (row > first) assert.equal(block.start[row], block.start[row - 1] + block.size[row - 1]);
      }
    }
    for (let row = 0; row < block.length; row++) {
      const isIn = runs.some((first, i) => i % 2 === 0 && first <= row && row < runs[i + 1]);
      if (!isIn) assert.equal(endOfRun(runs, row), row);
    }
    input.pool.release(buffer);
  }
}

/** Checks that all sizes of blocks give the same, with and without WebAssembly. @returns the most that was in runs. */
function checkAlike(set: AofSet): number {
  const { commands, end } = commandsOf(set, 1 << 22);
  let most = 0;
  for (const size of [64, 1000, 65_536, BLOCK_BYTES]) {
    for (const memory of [undefined, new ReplayMemory()]) {
      const found = commandsOf(set, size, memory);
      assert.deepEqual(found.commands, commands, `${size}`);
      assert.equal(found.end, end, `${size}`);
      if (!memory) assert.equal(found.inRuns, 0);
      most = Math.max(most, found.inRuns);
    }
  }
  return most;
}

/** A command as clients write it, or one of so many with something about it that not all readers take. */
function randomCommand(random: (limit: number) => number, kinds: number): string {
  const word = (letters: number) => 'x'.repeat(random(letters));
  const plain = (...words: string[]) =>
    `*${words.length}\r\n${words.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`;
  switch (random(kinds)) {
    case 0:
      return plain('SELECT', `${random(12)}`);
    case 1:
      return plain('MULTI') + plain('INCR', 'n') + plain('SELECT', '3') + plain('EXEC');
    case 2:
      return `#TS:${1_700_000_000 + random(1000)}\r\n`;
    case 3:
      return plain('FLUSHALL');
    case 4:
      return plain(`NEWER${random(3)}`, word(20));
    case 5:
      return '*2\r\n$4\r\nINCR\r\n$02\r\nab\r\n';
    case 6:
      return plain('SET', 'large', word(3000));
    case 7:
      return plain('XAUTOCLAIMFORWARD', 'a', 'b');
    case 8:
      return plain('CONFIG', 'SET', 'a', 'b');
    case 9:
      return plain('PING');
    case 10:
      return plain('RPUSH', 'list', ...Array.from({ length: random(200) }, () => word(12)));
    default:
      return plain(['SET', 'set', 'HSET', 'hMset', 'PEXPIREAT'][random(5)], `key:${random(1000)}`, word(30), word(4));
  }
}

/** What a file can end in. */
const ENDS = [
  '',
  '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nab',
  '*1\r\n$4\r\nPI',
  'X',
  '*2\r\n$4\r\nINCR\r\n$1\r\naX\r\n',
  '*2\r\n$99999999999\r\n',
];

describe('the input of a replay', () => {
  const single = readdirSync(AOFS).filter((name) => name.endsWith('.aof'));
  const files = [
    ...single.map((name) => ({ name, file: path.join(AOFS, name) })),
    ...aofVariants().map(({ name, folder }) => ({ name, file: mainFile(folder) })),
  ];
  for (const { name, file } of files) {
    it(`gives the commands of ${name} in blocks of any size`, () => {
      const { folder: opened, set } = openAof(file);
      try {
        checkAlike(set);
      } finally {
        opened.close();
      }
    });
  }

  for (let seed = 1; seed <= 12; seed++) {
    it(`gives commands of all kinds in blocks of any size, seed ${seed}`, () => {
      const random = seededRandom(seed);
      const rare = seed % 2 === 0;
      const text =
        Array.from({ length: 1500 }, () => randomCommand(random, rare ? 400 : 40)).join('') + ENDS[seed % ENDS.length];
      const set = openAofSet(memoryFolder({ 'a.aof': text }), 'a.aof');
      assert.ok(checkAlike(set) > (rare ? 700 : 50));
    });
  }

  it('takes nearly all of an ordinary file in runs', () => {
    const one = '*3\r\n$3\r\nSET\r\n$5\r\nkey:1\r\n$5\r\nvalue\r\n';
    const set = openAofSet(memoryFolder({ 'a.aof': one.repeat(20_000) }), 'a.aof');
    const { commands, inRuns } = commandsOf(set, BLOCK_BYTES, new ReplayMemory());
    assert.equal(commands.length, 20_000);
    assert.ok(inRuns > 19_900, `${inRuns}`);
  });

  it('is refused where a file is missing that the manifest names', () => {
    const manifest = new MemorySource(Buffer.from('file a.1.incr.aof seq 1 type i\n'));
    const set = openAofSet(
      { list: () => ['a.manifest'], open: (name) => (name === 'a.manifest' ? manifest : undefined) },
      null,
    );
    assert.throws(
      () => new AofInput(set),
      (error: Error) => error instanceof ReplayInputError && error.code === 'missing-part',
    );
  });
});
