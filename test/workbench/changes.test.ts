/** A file that changes under an open editor: replaced, overwritten, cut off, removed; never are two files mixed. */
import assert from 'node:assert/strict';
import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { file, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor } from './support/editor.js';
import type { View } from './support/view.js';

/** A dump of strings, all with the same value. */
function dump(keys: number, value: string): Uint8Array {
  const name = (i: number) => `${value}:${String(i).padStart(4, '0')}`;
  return file('REDIS0011', selectdb(0), ...Array.from({ length: keys }, (_, i) => key(0, name(i), string(value))));
}

describe('a file that changes while it is open', () => {
  let editor: Editor;
  const place = (name: string) => path.join(editor.folder, name);

  before(async () => {
    editor = await Editor.start({
      files: {
        'replaced.rdb': dump(300, 'old'),
        'overwritten.rdb': dump(300, 'old'),
        'cut.rdb': dump(300, 'old'),
        'removed.rdb': dump(300, 'old'),
      },
    });
    await editor.ready();
  });

  after(() => editor.stop());

  const banner = (view: View) => view.frame.locator('.banner', { hasText: /changed on disk|no longer there/ });

  async function reload(view: View): Promise<void> {
    await banner(view).getByText('Reload').click();
    await banner(view).waitFor({ state: 'hidden' });
  }

  it('replaced, as servers do when they save: shows what it was until it is loaded again', async () => {
    const view = await editor.openFile('replaced.rdb');
    await view.waitForRows(300);
    await view.search('old:');
    await view.row(2).click();
    writeFileSync(place('temp.rdb'), dump(500, 'new'));
    renameSync(place('temp.rdb'), place('replaced.rdb'));
    await banner(view).getByText('The file has changed on disk').waitFor();
    await view.frame.locator('#keys .pe-scroller').press('End');
    await view.row(299).waitFor();
    assert.equal(await view.selectedName(299), 'old:0299');
    assert.deepEqual(Buffer.from(await view.hexBytes()).toString(), 'old');
    await reload(view);
    // The search is as it was, and finds nothing in the new file.
    await view.waitForRows(0);
    await view.search('');
    await view.waitForRows(500);
    await view.row(0).click();
    assert.equal(await view.selectedName(0), 'new:0000');
  });

  it('overwritten in its place: shows nothing of the new bytes as if they were the old', async () => {
    const view = await editor.openFile('overwritten.rdb');
    await view.waitForRows(300);
    writeFileSync(place('overwritten.rdb'), dump(400, 'newer'));
    await banner(view).getByText('The file has changed on disk').waitFor();
    await view.frame.locator('#keys .pe-scroller').press('End');
    await view.until(
      'rows that cannot be read',
      async () => (await view.frame.locator('#keys .pe-failed').count()) > 5,
    );
    await view.row(290).click();
    const banners = view.frame.locator('.banner', { hasText: 'overwritten on disk' });
    await banners.first().waitFor();
    const names = await view.names();
    assert.ok(
      names.every((name) => !name.startsWith('newer')),
      names.join(),
    );
    await reload(view);
    await view.waitForRows(400);
    await view.row(0).click();
    assert.equal(await view.selectedName(0), 'newer:0000');
  });

  it('cut off: says so, and shows what is left when it is loaded again', async () => {
    const view = await editor.openFile('cut.rdb');
    await view.waitForRows(300);
    truncateSync(place('cut.rdb'), 1000);
    await banner(view).getByText('The file has changed on disk').waitFor();
    await reload(view);
    await view.idle();
    const rows = await view.rowCount();
    assert.ok(rows > 20 && rows < 300, String(rows));
    await view.frame.locator('.summary-part.warning').waitFor();
  });

  it('removed: keeps showing what it was', async () => {
    const view = await editor.openFile('removed.rdb');
    await view.waitForRows(300);
    rmSync(place('removed.rdb'));
    await banner(view).getByText('no longer there').waitFor();
    await view.row(7).click();
    assert.equal(await view.selectedName(7), 'old:0007');
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
