/** The engine in a thread of its own, as editors start it: of every kind, and one that cannot start. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { EngineStart } from '../../../src/engine/start.js';
import { scanned } from '../support/aof-engine.js';
import { dumps } from '../support/fixtures.js';
import { TestEngine, withEngine } from '../support/programs.js';

declare const PROJECT_ROOT: string;

type Answers = (engine: TestEngine) => Promise<unknown>;

const [{ folder }] = dumps().filter(({ name }) => name.endsWith('/mini'));
const dump = path.join(folder, 'dump.rdb');
const bytes = new Uint8Array(readFileSync(dump));

const STARTS: Readonly<Record<string, { readonly start: EngineStart; readonly answers: Answers }>> = {
  'a dump at a path': { start: { path: dump }, answers: (engine) => engine.ready() },
  'a dump in memory': { start: { bytes }, answers: (engine) => engine.ready() },
  'an AOF': {
    start: { aof: { path: path.join(PROJECT_ROOT, 'test', 'fixtures', 'aof', 'redis-6.2.16-preamble.aof') } },
    answers: (engine) => scanned(engine),
  },
  'two dumps that are compared': {
    start: { compare: { left: { path: dump }, right: { bytes } } },
    answers: (engine) => engine.event((told) => told.event === 'compareSummary'),
  },
  'dumps that become one': {
    start: { merge: [{ name: 'one', file: { path: dump } }] },
    answers: (engine) => engine.ask('merge.files', {}),
  },
};

describe('an engine in a thread', () => {
  for (const [title, { start, answers }] of Object.entries(STARTS)) {
    it(`answers about ${title}`, () => withEngine(start, async (engine) => void (await answers(engine)), true));
  }

  it('says why it cannot start', async () => {
    const engine = new TestEngine({ path: path.join(folder, 'none.rdb') }, true);
    await assert.rejects(engine.ready(), /no such file/);
    engine.close();
  });
});
