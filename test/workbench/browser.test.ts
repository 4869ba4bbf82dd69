/** The extension in the browser's own extension host: no positional reads, files in memory, engines in web workers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportBytes } from '../corpus/export-bytes.js';
import { file, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor, fixture } from './support/editor.js';
import { answerDialog, answerQuestion, checkEntries, chooseEntry, chooseEntryAfter } from './support/quick-input.js';

describe('the extension without positional reads', () => {
  let editor: Editor;

  before(async () => {
    const large = new Uint8Array(2 * 1024 * 1024).fill(0x61);
    editor = await Editor.start({
      files: {
        'dump.rdb': fixture('corpus', 'valkey-9.1.2', 'mini', 'dump.rdb'),
        'later.rdb': file('REDIS0011', selectdb(0), key(0, 'only:later', string('new value'))),
        // A setting of the machine, which in a window of a server is none of the user.
        '.vscode/settings.json': new TextEncoder().encode('{ "redisPersistence.maxInMemoryFileSize": 1 }'),
        'large.rdb': file('REDIS0011', selectdb(0), key(0, 'large', string(large))),
      },
      settings: { 'remote.extensionKind': { 'redis-persistence.redis-persistence-explorer': ['web'] } },
    });
    await editor.ready();
  });

  after(() => editor.stop());

  it('says that there are no connections to servers', async () => {
    await editor.command('Redis Persistence: Add Server…');
    await editor.notification('In a browser there are no connections to servers');
  });

  it('shows a file that it has read into memory, and says so', async () => {
    const view = await editor.openFile('dump.rdb');
    await view.waitForRows(16);
    await view.until('the summary', async () => (await view.summary()).includes('read into memory'));
    await view.until('the checksum', async () => (await view.summary()).includes('checksum ok'));
    await view.row(0).click();
    await view.selectedName(0);
    await view.facts();
    await view.search('z');
    assert.ok((await view.rowCount()) < 16);
  });

  it('exports through the file system of the folder', async () => {
    await editor.showTab('dump.rdb');
    await editor.command('Redis Persistence: Export…');
    await chooseEntryAfter(editor, 'All Keys', 'The same objects, a line each');
    await answerQuestion(editor, 'Options; none is needed', '');
    const written = path.join(editor.folder, 'written.jsonl');
    await answerDialog(editor, written);
    await editor.notification(/16 keys were exported to written\.jsonl/);
    const wanted = exportBytes(readFileSync(fixture('corpus', 'valkey-9.1.2', 'mini', 'dump.rdb')), {
      format: 'jsonl',
    });
    assert.ok(readFileSync(written).equals(wanted.bytes));
  });

  it('compares files that it has read into memory', async () => {
    await editor.command('Redis Persistence: Compare With…');
    await answerQuestion(editor, 'Compare dump.rdb with', 'Another');
    await chooseEntry(editor, 'later.rdb');
    const view = await editor.viewOf('dump.rdb ↔ later.rdb');
    const count = (kind: string) => view.frame.locator(`.chip[data-kind="${kind}"] .chip-count`);
    await count('removed').filter({ hasText: /^16$/ }).waitFor();
    await count('added').filter({ hasText: /^1$/ }).waitFor();
    await view.frame.locator('#differences .pe-row:not([hidden])', { hasText: 'only:later' }).dblclick();
    await view.frame.locator('pe-compare-key').getByText('new value').first().waitFor();
  });

  it('merges them', async () => {
    await editor.command('Redis Persistence: Merge Dumps…');
    await checkEntries(editor, 'dump.rdb', 'later.rdb');
    await chooseEntry(editor, 'That of later.rdb');
    await chooseEntry(editor, 'The same objects, a line each');
    await answerQuestion(editor, 'Options; none is needed', '');
    const merged = path.join(editor.folder, 'merged.jsonl');
    await answerDialog(editor, merged);
    await editor.notification(/17 keys were exported to merged\.jsonl/);
    assert.equal(readFileSync(merged, 'utf8').trimEnd().split('\n').length, 17);
  });

  it('refuses a file that is larger than the setting allows, and leads to the setting', async () => {
    const view = await editor.openFile('large.rdb');
    const stop = view.frame.locator('.stop');
    await stop.getByText('larger (3 MB) than what may be read into memory (1 MB)').waitFor();
    await stop.getByText('Open settings').click();
    await editor.page.locator('.settings-editor').getByText('Redis Persistence').first().waitFor();
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
