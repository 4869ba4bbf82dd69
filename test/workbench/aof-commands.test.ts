/** Commands that make something of an AOF: a repaired copy, the RDB that it begins with, its commands as a text. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { wire } from '../unit/language/support.js';
import { AofView } from './support/aof-view.js';
import { Editor, fixture } from './support/editor.js';
import { answerDialog } from './support/quick-input.js';

const CUT = ['aof', 'redis-7.0.15', 'aof-cut-in-multi', 'appendonlydir'] as const;
const cutFile = (name: string) => fixture(...CUT, name);
const READABLE = [
  wire('SELECT', '0'),
  wire('SET', '#größe "x"', 'a b\\'),
  wire('MULTI'),
  wire('DEL', '', "it's"),
  wire('EXEC'),
].join('');

/** What a program of the server says. */
function said(program: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

describe('commands that make something of an AOF', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({
      files: {
        'cut.aof': cutFile('appendonly.aof.1.incr.aof'),
        'mixed.aof': fixture('aof', 'redis-6.2.16', 'aof-preamble', 'appendonly.aof'),
        'garbage.aof': fixture('aof', 'redis-6.2.16', 'aof-garbage', 'appendonly.aof'),
        'words.aof': new TextEncoder().encode(READABLE),
        ...Object.fromEntries(
          readdirSync(fixture(...CUT)).map((name) => [path.join('appendonlydir', name), cutFile(name)]),
        ),
      },
    });
    mkdirSync(path.join(editor.folder, 'target'));
    await editor.ready();
  });

  after(() => editor.stop());

  const inFolder = (...name: string[]) => path.join(editor.folder, ...name);

  /** Chooses a button of the notification with some words. */
  async function press(words: string | RegExp, button: string): Promise<void> {
    await editor.notification(words);
    const item = editor.page.locator('.notification-list-item', { hasText: words }).first();
    await item.hover();
    await item.locator('.monaco-button', { hasText: button }).first().click();
  }

  async function choose(label: string): Promise<string> {
    const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    await row.waitFor();
    const text = (await row.getAttribute('aria-label')) ?? '';
    await row.click();
    return text;
  }

  /** The whole text of the text editor whose tab has a name. */
  async function textOf(tab: string): Promise<string> {
    await editor.page.locator('.tabs-container .tab', { hasText: tab }).first().click();
    await editor.page.locator('.tabs-container .tab.active', { hasText: tab }).first().waitFor();
    await editor.command('View: Focus Active Editor Group');
    return editor.until(`the text of ${tab}`, async () => {
      await editor.setClipboard('nothing');
      await editor.page.keyboard.press('Control+a');
      await editor.page.keyboard.press('Control+c');
      const text = await editor.clipboard();
      return text !== 'nothing' && text !== '' && text;
    });
  }

  it('write a repaired copy that loads, without what they said it would lose', async () => {
    const view = new AofView(await editor.openFile('cut.aof'));
    await view.idle();
    await editor.command('Redis Persistence: Repair AOF');
    const effect = await choose('Cut the tail');
    assert.match(effect, /loses \d+ commands?, 57 bytes; the result loads/);
    const lost = await textOf('cut.aof (lost)');
    const original = readFileSync(inFolder('cut.aof'));
    const [, bytes, offset] = lost.match(/^# cut\.aof: (\d+) bytes from offset (\d+) on/) ?? [];
    assert.equal(Number(offset) + Number(bytes), original.length);
    assert.ok(lost.includes('\nMULTI\n'), lost);
    const commands = lost.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    assert.match(effect, new RegExp(`loses ${commands} command`));
    await press('57 bytes', 'Write Repaired Copy');
    await answerDialog(editor, inFolder('mended.aof'));
    await press(/mended\.aof was written/, 'Open');
    const mended = new AofView(await editor.viewOf('mended.aof'));
    await mended.frame.locator('.summary-part', { hasText: /^\s*loads\s*$/ }).waitFor();
    assert.deepEqual(readFileSync(inFolder('mended.aof')), original.subarray(0, Number(offset)));
    assert.deepEqual(original, readFileSync(cutFile('appendonly.aof.1.incr.aof')));
    assert.match(said('redis-check-aof', inFolder('mended.aof')).text, /is valid/);
  });

  it('repair a whole set into a folder, from the button beside the verdict', async () => {
    await editor.expandFolder('appendonlydir');
    const view = new AofView(await editor.openFile('appendonly.aof.manifest'));
    await view.idle();
    await view.frame.locator('.summary .repair').click();
    await choose('Cut the tail');
    await press('57 bytes', 'Write Repaired Copy');
    await answerDialog(editor, inFolder('target'));
    await press(/target was written/, 'Open');
    assert.deepEqual(readdirSync(inFolder('target')).sort(), readdirSync(fixture(...CUT)).sort());
    const check = said('redis-check-aof', inFolder('target', 'appendonly.aof.manifest'));
    assert.match(check.text, /All AOF files and manifest are valid/);
  });

  it('never write into the folder that is read', async () => {
    const before = readdirSync(inFolder('appendonlydir'));
    await editor.command('View: Close All Editors');
    const view = new AofView(await editor.openFile('appendonly.aof.manifest'));
    await view.idle();
    await view.frame.locator('.summary .repair').click();
    await choose('Cut the tail');
    await press('57 bytes', 'Write Repaired Copy');
    await answerDialog(editor, inFolder('appendonlydir'));
    await editor.notification('The file or folder appendonlydir is what is being read, and is never changed.');
    assert.deepEqual(readdirSync(inFolder('appendonlydir')), before);
  });

  it('write the RDB that a file begins with, and nothing where there is none', async () => {
    const mixed = new AofView(await editor.openFile('mixed.aof'));
    await mixed.idle();
    await editor.command('Redis Persistence: Extract RDB Preamble');
    await answerDialog(editor, inFolder('extracted.rdb'));
    await press(/extracted\.rdb was written: an RDB of 119 keys/, 'Open');
    const check = said('redis-check-rdb', inFolder('extracted.rdb'));
    assert.equal(check.status, 0, check.text);
    assert.match(check.text, /119 keys read/);
    const rdb = await editor.viewOf('extracted.rdb');
    await rdb.waitForRows(119);
    await editor.showTab('mixed.aof');
    await editor.openFile('words.aof');
    await editor.command('Redis Persistence: Extract RDB Preamble');
    await editor.notification('words.aof does not begin with an RDB.');
    assert.ok(!existsSync(inFolder('words.rdb')));
  });

  it('show the commands as a text that becomes the same bytes again', async () => {
    await editor.showTab('words.aof');
    await editor.command('Redis Persistence: Open as Readable Commands');
    const text = await textOf('words.aof (commands).redis');
    const lines = text.split('\n');
    assert.deepEqual(lines.slice(0, 5), [
      '# words.aof',
      'SELECT 0',
      'SET "#gr\\xc3\\xb6\\xc3\\x9fe \\"x\\"" "a b\\\\"',
      '# transaction',
      'MULTI',
    ]);
    await editor.command('Redis Persistence: Convert to RESP');
    await editor.page.locator('.tabs-container .tab.active', { hasText: 'Untitled' }).waitFor();
    assert.equal((await textOf('Untitled')).replace(/\r?\n/g, '\r\n'), READABLE);
  });

  it('show damage as comments, and begin at the selected row', async () => {
    const garbage = new AofView(await editor.openFile('garbage.aof'));
    await garbage.idle();
    await editor.command('Redis Persistence: Open as Readable Commands');
    assert.match(
      await textOf('garbage.aof (commands).redis'),
      /\n# Damage: \d+ bytes at offset \d+ are no command\.\n/,
    );
    const words = new AofView(await editor.showTab('words.aof'));
    await editor.menuOf(words.row(1), 'Open as Readable Commands from Here');
    await editor.until('the text', async () => {
      const text = await textOf('words.aof (commands).redis');
      return text.startsWith('# From command 1 on; database 0 is selected.');
    });
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
