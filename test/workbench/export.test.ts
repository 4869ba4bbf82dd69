/** Exports from the key browser: what is selected, what passes the filter, and all; and whether a server would load the file. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseTarget } from '../../src/dataset/export/target.js';
import { exportBytes } from '../corpus/export-bytes.js';
import { resp } from '../unit/support/aof-scanned.js';
import { bytes, little } from '../unit/support/bytes.js';
import { file, key, OP, selectdb, string } from '../unit/support/rdb-writer.js';
import { AofView } from './support/aof-view.js';
import { Editor, fixture } from './support/editor.js';
import {
  answerDialog,
  answerQuestion,
  checkEntries,
  chooseEntry,
  chooseEntryAfter,
  commandEntry,
} from './support/quick-input.js';

const dump = fixture('corpus', 'redis-7.2.6', 'mini', 'dump.rdb');
const MONDAY = file('REDIS0011', selectdb(0), key(0, 'both', string('sooner')), key(0, 'early', string('m')));
const TUESDAY = file('REDIS0011', selectdb(0), key(0, 'late', string('t')), key(0, 'both', string('later')));
/** Keys of the file that takes long: it has no checksum, so that every value is looked at. */
const MANY = 1_000_000;

describe('exports from the editor', () => {
  let editor: Editor;

  before(async () => {
    const keys: Uint8Array[] = [];
    for (let i = 0; i < MANY; i++) keys.push(key(0, `key:${i}`, string(`value ${i}`)));
    const many = bytes('REDIS0011', selectdb(0), keys, OP.eof, little(0, 8));
    editor = await Editor.start({
      files: {
        'small.rdb': dump,
        'many.rdb': many,
        'monday.rdb': MONDAY,
        'tuesday.rdb': TUESDAY,
        'newer.aof': bytes(MONDAY, resp('SET', 'a', 'b'), resp('HPEXPIREAT', 'h', '1', 'FIELDS', '1', 'f')),
        'mixed.aof': bytes(MONDAY, '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n'),
      },
    });
    await editor.ready();
  });

  after(() => editor.stop());

  const inFolder = (name: string) => path.join(editor.folder, name);
  const options = () => answerQuestion(editor, 'Options; none is needed', '');

  it('write the selected keys as JSON', async () => {
    const view = await editor.openFile('small.rdb');
    await view.idle();
    const names = await view.names();
    await view.row(1).click();
    await view.row(3).click({ modifiers: ['Control'] });
    await editor.menuOf(view.row(3), 'Export…');
    await chooseEntry(editor, 'One array');
    await options();
    await answerDialog(editor, inFolder('selected.json'));
    await editor.notification(/2 keys were exported to selected\.json/);
    const written = JSON.parse(readFileSync(inFolder('selected.json'), 'utf8')) as { key: string; type: string }[];
    assert.deepEqual(
      written.map((one) => one.key),
      [names[1], names[3]],
    );
  });

  it('write the keys of the filter as CSV', async () => {
    const view = await editor.showTab('small.rdb');
    await view.search('h');
    const names = await view.names();
    assert.ok(names.length > 0);
    await commandEntry(editor, 'Redis Persistence: Export…', 'Keys of the Filter');
    await chooseEntry(editor, 'A row for each key');
    await options();
    await answerDialog(editor, inFolder('filtered.csv'));
    await editor.notification(/exported to filtered\.csv/);
    const rows = readFileSync(inFolder('filtered.csv'), 'utf8').trimEnd().split('\r\n').slice(1);
    assert.deepEqual(rows.map((row) => row.split(',')[1].slice(1, -1)).sort(), [...names].sort());
    await view.search('');
  });

  it('say what stops a server, and write the RDB that it would load', async () => {
    await editor.showTab('small.rdb');
    await commandEntry(editor, 'Redis Persistence: Will It Load?', 'Redis 6.2');
    const list = editor.page.locator('.quick-input-widget');
    await list.getByText('RDB version 11 is newer than 9').first().waitFor();
    await list
      .getByText(/HASH_LISTPACK/)
      .first()
      .waitFor();
    assert.match((await list.locator('.quick-input-title').textContent()) ?? '', /Redis 6\.2 does not load small\.rdb/);
    await editor.picture('will-it-load');
    await chooseEntry(editor, 'Export as RDB for Redis 6.2');
    await answerDialog(editor, inFolder('older.rdb'));
    const told = await editor.notification(/exported to older\.rdb/);
    assert.match(told, /function libraries are left out/);
    const wanted = exportBytes(readFileSync(dump), { format: 'rdb', target: parseTarget('redis-6.2') });
    assert.deepEqual(readFileSync(inFolder('older.rdb')), wanted.bytes);
    const opened = await editor.openFile('older.rdb');
    await opened.waitForRows(wanted.report.keys);
    await commandEntry(editor, 'Redis Persistence: Will It Load?', 'Redis 6.2');
    await editor.notification('Redis 6.2 loads older.rdb as it is.');
  });

  it('say what stops a server in the RDB and in the commands of an AOF, and show it', async () => {
    const view = new AofView(await editor.openFile('newer.aof'));
    await view.idle();
    const ask = (release: string) => commandEntry(editor, 'Redis Persistence: Will It Load?', release);
    await ask('Redis 7.0');
    const list = editor.page.locator('.quick-input-widget');
    await list.getByText('The server does not know the command HPEXPIREAT').first().waitFor();
    await list.getByText('RDB version 11 is newer than 10').first().waitFor();
    assert.match((await list.locator('.quick-input-title').textContent()) ?? '', /Redis 7\.0 does not load newer\.aof/);
    await editor.picture('will-it-load-aof');
    await chooseEntry(editor, 'HPEXPIREAT');
    await view.frame.locator('pe-command-pane').getByText('HPEXPIREAT').first().waitFor();
    await ask('Redis 7.0');
    await chooseEntry(editor, 'RDB version 11');
    await view.frame.locator('pe-bytes-view .pe-row').first().waitFor();
    await ask('Redis 8.6');
    await editor.notification('Redis 8.6 loads newer.aof as it is.');
  });

  it('never write onto the file that is read', async () => {
    await editor.showTab('small.rdb');
    await editor.command('Redis Persistence: Export…');
    await chooseEntryAfter(editor, 'All Keys', 'The same objects, a line each');
    await options();
    await answerDialog(editor, inFolder('small.rdb'));
    const yes = editor.page.locator('.quick-input-widget, .monaco-dialog-box').getByText(/^(Replace|Yes|OK)$/);
    const refused = editor.page.locator('.notification-list-item-message', {
      hasText: 'small.rdb is what is being read, and is never changed',
    });
    await editor.until('the refusal', async () => {
      if (await refused.first().isVisible()) return true;
      if (await yes.first().isVisible())
        await yes
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
      return false;
    });
    assert.deepEqual(readFileSync(inFolder('small.rdb')), readFileSync(dump));
  });

  it('leave nothing behind when they are cancelled', async () => {
    const view = await editor.openFile('many.rdb');
    await view.waitForRows(MANY);
    await commandEntry(editor, 'Redis Persistence: Export…', 'One array');
    await options();
    await answerDialog(editor, inFolder('many.json'));
    const progress = editor.page.locator('.notification-list-item', { hasText: 'Exporting to many.json' });
    await progress.first().waitFor();
    await progress.getByText('Cancel').first().click();
    await editor.until('the notification to go', async () => (await progress.count()) === 0);
    assert.equal(existsSync(inFolder('many.json')), false);
    await editor.until('the unfinished file to go', () =>
      Promise.resolve(!readdirSync(editor.folder).some((name) => name.endsWith('.part'))),
    );
  });

  it('merge dumps that are selected in the explorer, and say what several of them had', async () => {
    const inExplorer = (name: string) =>
      editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
    await editor.command('View: Show Explorer');
    await inExplorer('monday.rdb').click();
    await inExplorer('tuesday.rdb').click({ modifiers: ['Control'] });
    await editor.menuOf(inExplorer('tuesday.rdb'), 'Merge Dumps…');
    await editor.page.locator('.quick-input-list').getByText('That of tuesday.rdb').first().waitFor();
    await editor.picture('merge-precedence');
    await chooseEntry(editor, 'That of tuesday.rdb');
    await chooseEntry(editor, 'The same objects, a line each');
    await options();
    await answerDialog(editor, inFolder('week.jsonl'));
    const told = await editor.notification(/3 keys were exported to week\.jsonl/);
    assert.match(told, /1 keys? w\w+ left out that a file before has too/);
    const lines = readFileSync(inFolder('week.jsonl'), 'utf8').trimEnd().split('\n');
    const keys = lines.map((line) => JSON.parse(line) as { key: string; value: string });
    assert.deepEqual(Object.fromEntries(keys.map(({ key: name, value }) => [name, value])), {
      both: 'later',
      early: 'm',
      late: 't',
    });
  });

  it('merge dumps by the palette, and stop at a key that two of them have', async () => {
    await editor.command('Redis Persistence: Merge Dumps…');
    await checkEntries(editor, 'monday.rdb', 'tuesday.rdb');
    await chooseEntry(editor, 'None: write nothing');
    await chooseEntry(editor, 'A file for a server like that');
    await chooseEntry(editor, 'A server like that');
    await options();
    await answerDialog(editor, inFolder('none.rdb'));
    const told = await editor.notification('Nothing was written');
    assert.match(told, /both have the key both in database 0/);
    assert.equal(existsSync(inFolder('none.rdb')), false);
  });

  it('take the RDB that an AOF begins with, and what is selected in it', async () => {
    const view = await editor.openFile('mixed.aof');
    await commandEntry(editor, 'Redis Persistence: Export…', 'A row for each key');
    await options();
    await answerDialog(editor, inFolder('base.csv'));
    await editor.notification(/2 keys were exported to base\.csv/);
    const aof = new AofView(view);
    await aof.tab('Base');
    await aof.waitForRows(2, 'keys');
    const early = view.frame.locator('#keys .pe-row:not([hidden])', { hasText: 'early' });
    await early.first().click();
    await editor.menuOf(early.first(), 'Export…');
    await chooseEntry(editor, 'The same objects, a line each');
    await options();
    await answerDialog(editor, inFolder('base.jsonl'));
    await editor.notification(/1 keys? w\w+ exported to base\.jsonl/);
    assert.match(readFileSync(inFolder('base.jsonl'), 'utf8'), /^\{"db":0,"key":"early"/);
  });

  it('give no reason to complain', () => {
    assert.deepEqual(editor.complaints, []);
  });
});
