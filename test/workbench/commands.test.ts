/** The commands of the palette and of the menus, and files that are no dump or a damaged one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytes } from '../unit/support/bytes.js';
import { file, key, length, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor, fixture } from './support/editor.js';
import type { View } from './support/view.js';

const STRING = 0;
const LIST = 1;

/** A dump whose keys are easy to name. */
function smallDump(): Uint8Array {
  return file(
    'REDIS0011',
    selectdb(0),
    key(STRING, 'greeting', string('hello "world"')),
    key(LIST, 'queue', bytes(length(3), string('a'), string('b b'), string('c\n'))),
    ...Array.from({ length: 200 }, (_, i) => key(STRING, `filler:${i}`, string(String(i)))),
    selectdb(3),
    key(STRING, 'far', string('away')),
  );
}

describe('commands', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    const corrupt = (name: string) => fixture('corpus', 'corrupt', name);
    editor = await Editor.start({
      files: {
        'small.rdb': smallDump(),
        'notes.txt': new TextEncoder().encode('These are no keys.\n'.repeat(50)),
        'named.backup': smallDump(),
        'not-really.rdb': new TextEncoder().encode('PK\u0003\u0004 this is an archive'),
        'duplicate.rdb': corrupt('hand-dup-key.rdb'),
        'truncated.rdb': smallDump().subarray(0, 900),
      },
    });
    await editor.ready();
    view = await editor.openFile('small.rdb');
    await view.waitForRows(203);
  });

  after(() => editor.stop());

  /** Copies by the context menu of a row, and gives what is in the clipboard. */
  async function copyByMenu(position: number, entry: string): Promise<string> {
    await editor.setClipboard('nothing');
    await editor.menuOf(view.row(position), entry);
    return editor.until(`${entry} to copy`, async () => {
      const text = await editor.clipboard();
      return text !== 'nothing' && text;
    });
  }

  it('copy a key in every form from the context menu of its row', async () => {
    assert.equal(await copyByMenu(0, 'Copy Key'), 'greeting');
    assert.equal(await copyByMenu(0, 'Copy Value'), 'hello "world"');
    assert.equal(await copyByMenu(1, 'Copy as redis-cli Commands'), 'RPUSH queue a "b b" "c\\n"');
    const json = JSON.parse(await copyByMenu(1, 'Copy as JSON')) as Record<string, unknown>;
    assert.equal(json.type, 'list');
    assert.match(await copyByMenu(0, 'Copy as RESTORE Command'), /^RESTORE greeting 0 "\\x00\\rhello/);
  });

  it('copy the selected keys with the keyboard', async () => {
    await view.row(0).click();
    await view.frame.locator('#keys .pe-scroller').press('Shift+ArrowDown');
    await editor.setClipboard('nothing');
    await view.frame.locator('#keys .pe-scroller').press('Control+c');
    await editor.until('a copy', async () => (await editor.clipboard()) !== 'nothing');
    assert.equal(await editor.clipboard(), 'greeting\nqueue\n');
  });

  it('go to a key by its name', async () => {
    await editor.command('Redis Persistence: Go to Key');
    await editor.answer('far');
    assert.equal(await view.selectedName(202), 'far');
    await editor.command('Redis Persistence: Go to Key');
    await editor.answer('nowhere');
    await editor.notification('There is no key with the name nowhere.');
  });

  it('go to an offset, and from a key to its bytes', async () => {
    await editor.command('Redis Persistence: Go to Offset');
    await editor.answer('0x0');
    await view.frame.locator('.file-bytes', { hasText: 'Header' }).waitFor();
    await view.until('the header', async () =>
      Buffer.from(await view.hexBytes())
        .toString('latin1')
        .startsWith('REDIS0011'),
    );
    await view.tab('Keys');
    await view.frame.locator('#keys .pe-scroller').press('Home');
    await editor.menuOf(view.row(0), 'Reveal Offset');
    await view.frame.locator('.file-bytes', { hasText: 'Key' }).waitFor();
    await view.until('the bytes of the key', async () =>
      (await view.frame.locator('#hex .pe-cell[data-column="text"] .of-record').allTextContents())
        .join('')
        .includes('greeting'),
    );
    await view.tab('Keys');
  });

  it('verify a file that is intact, and one with a key in it twice', async () => {
    await editor.command('Redis Persistence: Verify File');
    await editor.notification('small.rdb is intact: 203 keys were read to the end.');
    const duplicate = await editor.openFile('duplicate.rdb');
    await duplicate.idle();
    await editor.command('Redis Persistence: Verify File');
    await editor.notification(/duplicate\.rdb has a problem/);
    await duplicate.tab('File');
    await duplicate.frame.locator('.problem-text', { hasText: /twice|also stands/ }).waitFor();
  });

  it('open any file as a dump, if it is one', async () => {
    await editor.openWith('named.backup', 'Redis Persistence Explorer');
    const named = await editor.viewOf('named.backup');
    await named.waitForRows(203);
    await editor.openWith('notes.txt', 'Redis Persistence Explorer');
    const notes = await editor.viewOf('notes.txt');
    const stop = notes.frame.locator('.stop');
    await stop.waitFor();
    assert.match((await stop.textContent()) ?? '', /RDB/);
    const odd = await editor.openFile('not-really.rdb');
    await odd.frame.locator('.stop').waitFor();
  });

  it('show what is intact of a file that ends too early', async () => {
    const truncated = await editor.openFile('truncated.rdb');
    await truncated.idle();
    assert.ok((await truncated.rowCount()) > 50);
    await truncated.frame.locator('.summary-part.warning').click();
    await truncated.frame.locator('.problem-text').first().waitFor();
    await truncated.frame.locator('.problem-place .link').first().click();
    await truncated.frame.locator('.file-bytes').waitFor();
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
