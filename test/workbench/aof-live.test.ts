/** The editor of an AOF that a real server is writing: rows come, also after the server has rewritten it. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestServer } from '../integration/server.js';
import { AofView } from './support/aof-view.js';
import { Editor } from './support/editor.js';

describe('an AOF that a server is writing', async () => {
  let live: AofView;
  const editor = await Editor.start({ files: { 'notes.txt': new TextEncoder().encode('notes') } });
  after(() => editor.stop());
  const dir = path.join(editor.folder, 'server');
  mkdirSync(dir);
  const names = ['--appendfilename', 'live.aof', '--appenddirname', 'livedir'];
  const server = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always', '--dir', dir, ...names);

  before(async () => {
    await server.commands(Array.from({ length: 20 }, (_, i) => ['SET', `key:${i}`, 'value']));
    await editor.ready();
    await editor.expandFolder('server');
    live = new AofView(await editor.openFile('live.aof.manifest'));
  });

  it('gets a row for each new command', async () => {
    await live.waitForStatus('21 commands');
    await server.commands(Array.from({ length: 30 }, (_, i) => ['HSET', 'hash', `field:${i}`, 'value']));
    await live.waitForStatus('51 commands');
    assert.equal(await live.rowCount(), 51);
  });

  it('keeps its end in sight while it is followed, and where it was otherwise', async () => {
    const follow = live.frame.locator('.follow');
    await follow.click();
    await server.commands(Array.from({ length: 200 }, (_, i) => ['RPUSH', 'list', `item:${i}`]));
    await live.row(250).waitFor();
    await live.frame.locator('#commands .pe-scroller').press('Home');
    await live.row(0).waitFor();
    await live.view.until('not to be followed', async () => (await follow.getAttribute('aria-pressed')) === 'false');
    await server.commands([['SET', 'later', '1']]);
    await live.waitForStatus('252 commands');
    await live.row(0).waitFor();
  });

  it('goes on after a rewrite', async () => {
    await server.command('BGREWRITEAOF');
    await live.view.until('the new base', async () => {
      const words = await live.view.summary();
      return words.includes('RDB with 23 keys');
    });
    await server.commands([['SET', 'after', 'rewrite']]);
    await live.view.until('the new command', async () => {
      const rows = await live.texts(['command', 'key']);
      return rows.some(([, key]) => key === 'after');
    });
    await live.tab('Base');
    await live.view.waitForRows(23);
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
