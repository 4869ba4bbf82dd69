/** Text documents in the real editor: outline, diagnostics and their fixes, hover, completion, links, conversion. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { wire } from '../unit/language/support.js';
import { Editor } from './support/editor.js';

const encode = (text: string) => new TextEncoder().encode(text);

const STREAM = [
  wire('SELECT', '0'),
  wire('SET', 'greeting', 'hello').replace('$5\r\nhello', '$4\r\nhello'),
  wire('MULTI'),
  wire('INCR', 'counter'),
  wire('DEL', 'old'),
  wire('EXEC'),
].join('');
/** The line with the wrong length, counted from 1. */
const WRONG_LINE = 11;

const MANIFEST = [
  'file appendonly.aof.2.base.aof seq 2 type b',
  'file appendonly.aof.1.incr.aof seq 1 type h',
  'file appendonly.aof.2.incr.aof seq 2 type i',
  '',
].join('\n');

describe('text documents where extensions run in the browser', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({
      files: { 'typed.redis': encode('GTE x\n') },
      settings: { 'remote.extensionKind': { 'redis-persistence.redis-persistence-explorer': ['web'] } },
    });
    await editor.ready();
  });

  after(() => editor.stop());

  it('are read in a web worker', async () => {
    await editor.openWith('typed.redis', 'Text Editor');
    await editor.command('Problems: Focus on Problems View');
    await editor.page
      .locator('.markers-panel .monaco-list-row', { hasText: 'The command GTE is not known here.' })
      .waitFor();
  });

  it('raise no error on the page', () => assert.deepEqual(editor.complaints, []));
});

describe('text documents', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({
      files: {
        'stream.resp': encode(STREAM),
        'lost.resp': encode(wire('SET', 'k', 'v').replace(/\r/g, '')),
        'typed.redis': encode('SET größe "a b"\nGTE x\nGET\n'),
        'appendonly.aof.manifest': encode(MANIFEST),
        'appendonly.aof.2.base.aof': encode(wire('SET', 'a', 'b')),
        'appendonly.aof.2.incr.aof': encode(wire('SET', 'c', 'd')),
      },
    });
    await editor.ready();
  });

  after(() => editor.stop());

  /** The text editor that is in front. */
  const front = (): Locator => editor.page.locator('.editor-group-container.active .monaco-editor').first();

  /** Opens a file as text. */
  async function openText(name: string): Promise<void> {
    await editor.openWith(name, 'Text Editor');
    await editor.page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
    await front().locator('.view-line').first().waitFor();
  }

  /** The lines that can be seen; blanks are ordinary ones. */
  async function shownLines(): Promise<string[]> {
    const lines = front().locator('.view-line');
    const places = await lines.evaluateAll((all) =>
      all.map((line) => ({ top: Number.parseFloat((line as HTMLElement).style.top), text: line.textContent ?? '' })),
    );
    return places.sort((a, b) => a.top - b.top).map(({ text }) => text.replace(/\u00a0/g, ' '));
  }

  /** Puts the cursor somewhere: a line from 1, with a column from 1. */
  async function goTo(line: number, column = 1): Promise<void> {
    await editor.command('Go to Line/Column...');
    await editor.answer(`:${line}:${column}`);
    await editor.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  }

  /** Waits for a problem among those of the active document. */
  async function problem(words: string): Promise<void> {
    const row = editor.page.locator('.markers-panel .monaco-list-row', { hasText: words });
    await editor.until(`the problem ${words}`, async () => {
      if (await row.first().isVisible()) return true;
      if (!(await editor.page.locator('.markers-panel').isVisible()))
        await editor.command('Problems: Focus on Problems View');
      return false;
    });
  }

  /** Chooses a quick fix where the cursor is. */
  async function quickFix(title: string): Promise<void> {
    const entry = editor.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    await editor.until(`the quick fix ${title}`, async () => {
      if (await entry.isVisible()) return true;
      await editor.command('Quick Fix...');
      return entry.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    await entry.click();
  }

  async function hoverText(): Promise<string> {
    const hover = editor.page.locator('.monaco-hover:not(.hidden) .hover-contents').first();
    await editor.until('a hover', async () => {
      await editor.command('Show or Focus Hover');
      return hover.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    const text = (await editor.page.locator('.monaco-hover:not(.hidden) .hover-contents').allTextContents()).join('\n');
    await editor.page.keyboard.press('Escape');
    return text.replace(/\u00a0/g, ' ');
  }

  it('of wire text have an outline with transactions around their commands', async () => {
    await openText('stream.resp');
    await editor.command('Go to Symbol in Editor...');
    const rows = editor.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'INCR' }).waitFor();
    const names = (await rows.locator('.label-name').allTextContents()).map((name) => name.trim());
    for (const name of ['SELECT', 'SET', 'MULTI', 'INCR', 'DEL']) {
      assert.ok(
        names.some((shown) => shown.includes(name)),
        `${name} in ${names.join(' ')}`,
      );
    }
    await editor.page.keyboard.press('Escape');
  });

  it('of wire text say what a length should be, and mend it', async () => {
    await problem('The length says 4 bytes, the argument has 5.');
    await goTo(WRONG_LINE, 2);
    await quickFix('Change the length to 5');
    await editor.until('the length to be mended', async () => (await shownLines())[WRONG_LINE - 1] === '$5');
    await editor.until('the problem to be gone', async () => {
      return !(await editor.page
        .locator('.markers-panel .monaco-list-row', { hasText: 'The length says' })
        .isVisible());
    });
  });

  it('of wire text explain commands and arguments', async () => {
    await goTo(8, 2);
    assert.match(await hoverText(), /SET key value[\s\S]*Set the string value of a key/);
    await goTo(10, 2);
    assert.match(await hoverText(), /Argument 1 of 2, the name of a key\.[\s\S]*8 bytes/);
  });

  it('of wire text get back the line ends that were lost', async () => {
    await openText('lost.resp');
    await problem('RESP needs CR LF');
    await editor.page.locator('.statusbar-item', { hasText: /^LF$/ }).waitFor();
    await goTo(1);
    await quickFix('Change all line ends to CR LF');
    await editor.page.locator('.statusbar-item', { hasText: /^CRLF$/ }).waitFor();
  });

  it('of wire text become commands', async () => {
    await openText('stream.resp');
    await editor.command('Redis Persistence: Convert to Commands');
    await editor.page.locator('.tabs-container .tab.active', { hasText: 'Untitled' }).waitFor();
    await editor.until('the commands', async () => (await shownLines()).includes('SET greeting hello'));
    assert.deepEqual(
      (await shownLines()).filter((line) => line !== ''),
      ['SELECT 0', 'SET greeting hello', 'MULTI', 'INCR counter', 'DEL old', 'EXEC'],
    );
  });

  it('of commands say what is wrong and what is not known', async () => {
    await openText('typed.redis');
    await problem('The command GTE is not known here.');
    await problem('GET needs 1 argument, 0 are given.');
    await goTo(1, 6);
    assert.match(await hoverText(), /Argument 1 of 2, the name of a key\.[\s\S]*7 bytes/);
  });

  it('of commands become RESP', async () => {
    await openText('typed.redis');
    await editor.command('Redis Persistence: Convert to RESP');
    await editor.until('the wire text', async () => (await shownLines()).includes('größe'));
    assert.deepEqual((await shownLines()).slice(0, 7), ['*3', '$3', 'SET', '$7', 'größe', '$3', 'a b']);
    await editor.page.locator('.statusbar-item', { hasText: /^CRLF$/ }).waitFor();
  });

  it('of commands are completed', async () => {
    await openText('typed.redis');
    await goTo(4);
    await editor.page.keyboard.type('XGROUP ');
    await editor.command('Trigger Suggest');
    const entry = editor.page.locator('.suggest-widget .monaco-list-row', { hasText: 'CREATECONSUMER' }).first();
    await entry.waitFor();
    await entry.click();
    await editor.until('the completion', async () => (await shownLines()).includes('XGROUP CREATECONSUMER'));
    await editor.page.keyboard.type(' ');
    const help = editor.page.locator('.parameter-hints-widget .parameter.active');
    await editor.until('the signature', async () => {
      if ((await help.count()) > 0) return true;
      await editor.command('Trigger Parameter Hints');
      return help
        .first()
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    });
    assert.equal(await help.first().textContent(), 'key');
  });

  it('of a manifest say what is missing, and mend what is safe', async () => {
    await openText('appendonly.aof.manifest');
    await problem('The history file appendonly.aof.1.incr.aof is not there');
    await goTo(2, 8);
    await quickFix('Remove the line of appendonly.aof.1.incr.aof');
    await editor.until(
      'the line to be gone',
      async () => !(await shownLines()).some((line) => line.includes('type h')),
    );
    await goTo(1);
    assert.match(await hoverText(), /The base file/);
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
