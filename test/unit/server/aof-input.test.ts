/** The blocks of an AOF that is replayed: the same commands whatever the size of a block, with their own bytes. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type AofSet, openAofSet } from '../../../src/dataset/aof/aof-set.js';
import { MemorySource, readFully } from '../../../src/decoder/source.js';
import { openAof } from '../../../src/engine/node/aof-folder.js';
import { AofInput } from '../../../src/server/aof-input.js';
import { ReplayInputError } from '../../../src/server/replay-errors.js';
import { CORPUS } from '../support/fixtures.js';

/** The commands with their databases, as their own bytes. */
function commandsOf(set: AofSet, blockBytes: number): { commands: string[]; end: string } {
  const input = new AofInput(set, blockBytes);
  const commands: string[] = [];
  for (;;) {
    const step = input.next();
    if (step.kind === 'end') return { commands, end: JSON.stringify(step.problem ?? null) };
    if (step.kind !== 'block') continue;
    const { block } = step;
    for (let row = 0; row < block.length; row++) {
      const start = block.start[row];
      const size = block.size[row];
      const bytes = start < 0 ? new Uint8Array(size) : block.buffer.bytes.subarray(start, start + size);
      const source = input.source(block.part);
      if (start < 0 && source) readFully(source, block.offset[row], bytes);
      commands.push(`${block.part}:${block.offset[row]} ${block.db[row]} ${Buffer.from(bytes).toString('latin1')}`);
    }
    input.pool.release(block.buffer);
  }
}

describe('the input of a replay', () => {
  const folder = path.join(CORPUS, '..', 'aof');
  const files = readdirSync(folder).filter((name) => name.endsWith('.aof'));
  for (const name of files) {
    it(`gives the commands of ${name} in blocks of any size`, () => {
      const { folder: opened, set } = openAof(path.join(folder, name));
      try {
        const whole = commandsOf(set, 1 << 22);
        for (const size of [64, 1000, 65_536]) assert.deepEqual(commandsOf(set, size), whole, `${size}`);
      } finally {
        opened.close();
      }
    });
  }

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
