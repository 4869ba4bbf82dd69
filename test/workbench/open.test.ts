/** Opening a dump: the file is clicked in the explorer, and what is on the screen is what the server said. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Editor, fixture } from './support/editor.js';
import type { View } from './support/view.js';

describe('opening a dump', () => {
  let editor: Editor;
  let view: View;
  const summary = JSON.parse(readFileSync(fixture('corpus', 'redis-8.6.3', 'types', 'summary.json'), 'utf8')) as {
    keys: Record<string, Record<string, number>>;
    dbsize: Record<string, number>;
  };
  const keys = summary.dbsize['0'];

  before(async () => {
    editor = await Editor.start({
      files: {
        'dump.rdb': fixture('corpus', 'redis-8.6.3', 'types', 'dump.rdb'),
        'other.rdb': fixture('corpus', 'valkey-9.1.2', 'empty', 'dump.rdb'),
      },
    });
    await editor.ready();
    view = await editor.openFile('dump.rdb');
    await view.waitForRows(keys);
  });

  after(() => editor.stop());

  it('says in one line what the file is', async () => {
    const words = await view.summary();
    assert.ok(words.includes('REDIS0013'), words.join(' | '));
    assert.ok(words.includes('Redis 8.6.3'));
    assert.ok(words.includes(`${keys} keys`));
    await editor.until('the checksum', async () => (await view.summary()).includes('checksum ok'));
  });

  it('has a chip with the right count for every type', async () => {
    const chips = await view.frame.locator('.chip').allTextContents();
    const shown = Object.fromEntries(
      chips
        .map((chip) => /^\s*(\S+?)\s*([\d,]+)\s*$/.exec(chip)?.slice(1) ?? [])
        .map(([type, count]) => [type, Number(count.replace(/,/g, ''))]),
    );
    assert.deepEqual(shown, summary.keys['0']);
  });

  it('filters by substring, glob and regular expression', async () => {
    await view.search('zset:');
    const substring = await view.rowCount();
    assert.ok(substring > 0 && substring < keys);
    await view.frame.getByRole('button', { name: 'Glob pattern' }).click();
    await view.search('zset:*:c');
    const glob = await view.rowCount();
    assert.ok(glob > 0 && glob < substring, `${glob} of ${substring}`);
    await view.frame.getByRole('button', { name: 'Regular expression' }).click();
    await view.search('^zset:.*:[c]$');
    assert.equal(await view.rowCount(), glob);
    await view.search('(');
    await view.frame.locator('.search-problem').waitFor();
    await view.frame.getByRole('button', { name: 'Regular expression' }).click();
    await view.search('');
    await view.waitForRows(keys);
  });

  it('shows one type when its chip is pressed', async () => {
    await view.frame.locator('.chip', { hasText: 'hash' }).click();
    await view.waitForRows(summary.keys['0'].hash);
    await view.frame.locator('.chip', { hasText: 'hash' }).click();
    await view.waitForRows(keys);
  });

  it('sorts by a column in both directions', async () => {
    const sizes = () =>
      view.frame
        .locator('#keys .pe-row:not([hidden])')
        .evaluateAll((rows) =>
          rows
            .sort((a, b) => Number((a as HTMLElement).dataset.position) - Number((b as HTMLElement).dataset.position))
            .map((row) => Number((row.querySelector('[data-column="size"]') as HTMLElement).title.replace(/\D/g, ''))),
        );
    const heading = view.frame.locator('#keys .pe-heading[data-column="size"]');
    await heading.click();
    await editor.until('the largest first', async () => {
      const shown = await sizes();
      return shown.every((size, i) => i === 0 || size <= shown[i - 1]);
    });
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    await heading.click();
    await editor.until('the smallest first', async () => {
      const shown = await sizes();
      return shown.every((size, i) => i === 0 || size >= shown[i - 1]);
    });
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
  });

  it('shows folders of keys with their counts, and opens them', async () => {
    await view.frame.locator('[data-choice="tree"]').click();
    await editor.until(
      'folders',
      async () => (await view.frame.locator('#keys .pe-row.folder:not([hidden])').count()) > 0,
    );
    const folders = await view.rowCount();
    assert.ok(folders < keys);
    await view.row(0).click();
    // Typed letters find the folder, which is further down than can be seen.
    await editor.page.keyboard.type('zset');
    const zset = view.frame.locator('#keys .pe-row.folder.selected:not([hidden])', { hasText: 'zset:' });
    await zset.waitFor();
    await view.frame.locator('#keys .pe-scroller').press('ArrowRight');
    await editor.until('the folder to open', async () => (await view.rowCount()) > folders);
    await editor.until(
      'the folder to be open for screen readers',
      async () => (await zset.getAttribute('aria-expanded')) === 'true',
    );
    await view.frame.locator('#keys .pe-scroller').press('ArrowLeft');
    await editor.until('the folder to close', async () => (await view.rowCount()) === folders);
    await view.frame.locator('[data-choice="list"]').click();
    await view.waitForRows(keys);
  });

  it('moves by keyboard, exactly by a row, a page, to the ends', async () => {
    const grid = view.frame.locator('#keys .pe-scroller');
    await view.row(0).click();
    await grid.press('End');
    await view.row(keys - 1).waitFor();
    await grid.press('ArrowUp');
    await editor.until(
      'the focus to move up',
      async () => (await view.row(keys - 2).getAttribute('aria-selected')) === 'true',
    );
    await grid.press('Home');
    await grid.press('PageDown');
    await editor.until('the focus to move a page', async () => {
      const selected = await view.frame.locator('#keys .pe-row.selected:not([hidden])').getAttribute('data-position');
      return Number(selected) > 5;
    });
    await grid.press('Home');
    const active = await grid.getAttribute('aria-activedescendant');
    assert.ok(active);
    await grid.press('Shift+ArrowDown');
    await editor.until('two selected rows', async () =>
      (await view.frame.locator('.keys-status').textContent())?.includes('2 selected'),
    );
  });

  it('is where it was after the tab was in the background', async () => {
    await view.search('hash:');
    const rows = await view.rowCount();
    await view.frame.locator('#keys .pe-heading[data-column="size"]').click();
    await view.idle();
    await view.row(3).click();
    const key = await view.selectedName(3);
    const other = await editor.openFile('other.rdb');
    await other.waitForRows(0);
    const again = await editor.showTab('dump.rdb');
    await again.idle();
    assert.equal(await again.rowCount(), rows);
    assert.equal(await again.selectedName(3), key);
    const heading = again.frame.locator('#keys .pe-heading[data-column="size"]');
    assert.match((await heading.getAttribute('aria-sort')) ?? '', /ending$/);
    const search = again.frame.locator('pe-filter-bar vscode-text-field input').first();
    assert.equal(await search.inputValue(), 'hash:');
    await again.search('');
    await again.waitForRows(keys);
  });

  it('raises no error on the page', () => {
    assert.deepEqual(editor.complaints, []);
  });
});
