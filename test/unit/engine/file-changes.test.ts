/** Files that change under an open engine: one that is replaced stays readable, of one that is overwritten nothing is given. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { EventMessage, RequestKind, ViewSpec } from '../../../src/protocol.js';
import { bytes } from '../support/bytes.js';
import { type TestEngine, withEngine } from '../support/programs.js';
import { file, key, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const LIST: ViewSpec = {
  filter: {},
  sort: { column: 'key', descending: false },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};

/** A file whose names and values all say which one it is. */
function written(name: string, mark: string, keys = 2000): string {
  const at = path.join(folder, name);
  const records = Array.from({ length: keys }, (_, i) => key(0, `${mark}:${i}`, string(`${mark} value ${i}`)));
  writeFileSync(at, file('REDIS0011', records));
  return at;
}

const fileChanged = (event: EventMessage): event is Extract<EventMessage, { event: 'fileChanged' }> =>
  event.event === 'fileChanged';

/** Requests that look at the file. */
const READING: readonly (readonly [RequestKind, unknown])[] = [
  ['view.set', { view: 2, spec: LIST }],
  ['view.rows', { view: 1, from: 0, count: 10 }],
  ['view.locate', { view: 1, row: 5 }],
  ['view.find', { view: 1, text: 'old', from: 0 }],
  ['view.expand', { view: 1, folder: 0, expanded: true }],
  ['key.find', { text: 'old:7', db: null }],
  ['value.open', { row: 3 }],
  ['value.bytes', { cell: { row: 3, section: 'text', position: 0, column: 0 }, from: 0, count: 10 }],
  ['file.bytes', { from: 0, count: 10 }],
  ['file.records', { from: 0, count: 10, opcode: null }],
  ['file.functions', {}],
  ['file.place', { offset: 50 }],
  ['copy', { view: 1, positions: [[0, 10]], format: 'commands' }],
  ['copy.row', { row: 1, format: 'json' }],
  ['verify', {}],
];

async function open(engine: TestEngine): Promise<void> {
  await engine.ready();
  await engine.ask('view.set', { view: 1, spec: LIST });
}

function overwrite(name: string, content: Uint8Array): void {
  const fd = openSync(name, 'r+');
  writeSync(fd, content, 0, content.length, 20);
  closeSync(fd);
}

describe('a file whose name goes to another one', () => {
  it('is read on as it was, and it is told', async () => {
    const name = written('replaced.rdb', 'old');
    await withEngine({ path: name }, async (engine) => {
      await open(engine);
      renameSync(written('new.rdb', 'new', 10), name);
      const { gone } = await engine.event(fileChanged);
      assert.equal(gone, false);
      assert.equal((await engine.ask('copy.row', { row: 1999, format: 'value' })).text, 'old value 1999');
      const copied = await engine.ask('copy', { view: 1, positions: [[0, 1999]], format: 'commands' });
      assert.ok(copied.keys === 2000 && !copied.text.includes('new'));
      assert.deepEqual(await engine.ask('verify', {}), { problems: 0, keys: 2000 });
    });
  });

  it('is read on if it was deleted, where the system allows that', async (t) => {
    if (process.platform === 'win32') return t.skip('Windows deletes no open files');
    const name = written('deleted.rdb', 'old');
    await withEngine({ path: name }, async (engine) => {
      await open(engine);
      unlinkSync(name);
      assert.equal((await engine.event(fileChanged)).gone, true);
      assert.equal((await engine.ask('copy.row', { row: 7, format: 'value' })).text, 'old value 7');
    });
  });
});

describe('a file that is written to', () => {
  const CHANGES: readonly (readonly [how: string, change: (name: string) => void])[] = [
    ['overwritten in place', (name) => overwrite(name, bytes('garbage garbage garbage'))],
    ['cut off', (name) => truncateSync(name, 1000)],
    ['emptied', (name) => truncateSync(name, 0)],
    ['added to', (name) => appendFileSync(name, 'more')],
    ['written anew', (name) => void written(path.basename(name), 'new', 3000)],
  ];
  for (const [how, change] of CHANGES) {
    it(`gives nothing more, only the error that says so: ${how}`, async () => {
      const name = written(`${how.replaceAll(' ', '-')}.rdb`, 'old');
      await withEngine({ path: name }, async (engine) => {
        await open(engine);
        change(name);
        for (const [kind, params] of READING) {
          const outcome = await engine.send(kind, params as never).answer;
          assert.ok('error' in outcome, `${kind}: ${JSON.stringify(outcome)}`);
          assert.equal(outcome.error.code, 'file-changed', kind);
        }
        assert.equal(engine.events.filter(fileChanged).length, 1, 'it is told once');
        const { keys, problems } = await engine.ask('summary', {});
        assert.deepEqual([keys, problems], [2000, []], 'what was known stays known');
      });
    });
  }

  it('gives nothing of either state to requests that are under way', async () => {
    const name = written('under-way.rdb', 'old', 10_000);
    await withEngine({ path: name }, async (engine) => {
      await open(engine);
      const copies = Array.from({ length: 4 }, () =>
        engine.send('copy', { view: 1, positions: [[0, 9999]], format: 'commands' }),
      );
      const check = engine.send('verify', {});
      written('under-way.rdb', 'new', 10_000);
      for (const { answer } of copies) {
        const outcome = await answer;
        if ('result' in outcome) assert.ok(!outcome.result.text.includes('new'), 'a copy that ended before');
        else assert.ok('error' in outcome && outcome.error.code === 'file-changed', JSON.stringify(outcome));
      }
      const outcome = await check.answer;
      assert.ok('error' in outcome && outcome.error.code === 'file-changed', JSON.stringify(outcome));
      assert.deepEqual((await engine.ask('summary', {})).problems, [], 'no damage is made up');
    });
  });

  it('while it is scanned shows nothing of either state', async () => {
    // Large enough that it is still being scanned when the first of it is told.
    const name = path.join(folder, 'scanned.rdb');
    const block = bytes(Array.from({ length: 20_000 }, (_, i) => key(0, `key:${i}`, string('v'))));
    writeFileSync(name, Buffer.concat([Buffer.from('REDIS0011'), ...new Array<Uint8Array>(100).fill(block)]));
    await withEngine({ path: name }, async (engine) => {
      await engine.event((event): event is EventMessage => event.event === 'summary');
      truncateSync(name, 500_000);
      await engine.ready();
      await engine.event(fileChanged);
      for (const [kind, params] of READING) {
        const outcome = await engine.send(kind, params as never).answer;
        assert.ok('error' in outcome && outcome.error.code === 'file-changed', `${kind}: ${JSON.stringify(outcome)}`);
      }
    });
  });
});
