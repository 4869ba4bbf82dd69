/** What keys cost in memory, in a real editor: the column, its sum, folders, and the server that is to load the file. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readTruth } from '../corpus/compare.js';
import { Editor, fixture } from './support/editor.js';
import type { View } from './support/view.js';

const FOLDER = fixture('corpus', 'redis-8.6.3', 'types');

/** The cells of a column of the rows that are drawn, from top to bottom. */
function column(view: View, id: string): Promise<string[]> {
  return view.frame
    .locator('#keys')
    .evaluate(
      (table, wanted) =>
        [...table.querySelectorAll<HTMLElement>('.pe-row:not([hidden])')]
          .sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position))
          .map((row) => row.querySelector<HTMLElement>(`.pe-cell[data-column="${wanted}"]`)?.title ?? ''),
      id,
    );
}

const bytesIn = (titles: readonly string[]) =>
  titles.map((title) => Number(/[\d,]+/.exec(title)?.[0].replace(/,/g, '')));

describe('the memory of keys', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    editor = await Editor.start({ files: { 'dump.rdb': path.join(FOLDER, 'dump.rdb') } });
    await editor.ready();
    view = await editor.openFile('dump.rdb');
    await view.idle();
  });

  after(() => editor.stop());

  it('is what the server said, with a sum of all', async () => {
    const status = view.frame.locator('.keys-status');
    await view.until('the sum', async () => (await status.textContent())?.includes('in memory'));
    await view.search('hash:user:f');
    await view.waitForRows(1);
    await view.row(0).click();
    await view.selectedName(0);
    const truth = [...readTruth(FOLDER, 'truth.jsonl.gz').values()];
    const said = truth.find((key) => Buffer.from(String(key.key), 'base64').toString() === 'hash:user:f')?.memory;
    const [shown] = bytesIn(await column(view, 'memory'));
    assert.ok(Math.abs(shown - Number(said)) < Number(said) / 10, `${shown} instead of ${said}`);
    assert.ok('Memory' in (await view.facts()));
    await view.search('');
    await editor.picture('memory-list');
  });

  it('orders the keys, and the folders of the tree', async () => {
    const heading = view.frame.locator('#keys .pe-heading[data-column="memory"]');
    const largestFirst = async () => {
      await view.until('the order', async () => {
        const sort = await heading.getAttribute('aria-sort');
        if (sort === 'descending') return true;
        await heading.click();
        await view.until('another order', async () => (await heading.getAttribute('aria-sort')) !== sort);
        return false;
      });
      await view.idle();
    };
    await largestFirst();
    const order = bytesIn(await column(view, 'memory'));
    assert.ok(order.length > 5 && order[0] > order[order.length - 1]);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => b - a),
    );
    await view.frame.locator('.keys-options [data-choice="tree"]').click();
    await view.idle();
    // Folders have an order of their own, which follows the column that is chosen in the tree.
    await largestFirst();
    const count = await view.frame.locator('#keys .pe-row.folder:not([hidden])').count();
    const folders = bytesIn((await column(view, 'memory')).slice(0, count));
    assert.ok(count > 2);
    assert.ok(folders.every((bytes) => bytes > 0));
    assert.deepEqual(
      folders,
      [...folders].sort((a, b) => b - a),
    );
    await editor.picture('memory-tree');
  });

  it('is beside what is found in values', async () => {
    await view.frame.locator('.keys-options [data-choice="list"]').click();
    await view.idle();
    await view.searchInValues(true);
    await view.search('example.com');
    await view.until('matches', async () =>
      (await column(view, 'match')).some((title) => title.includes('example.com')),
    );
    const matches = await column(view, 'match');
    assert.ok(
      matches.every((title) => title.includes('example.com')),
      matches.join(', '),
    );
    await editor.picture('memory-values');
    const hash = (await column(view, 'match')).findIndex((title) => title.startsWith('email: '));
    assert.ok(hash >= 0);
    await view.choose(hash);
    await view.until('the field that matches', async () => {
      const rows = await view.itemRows(['Field', 'Value']);
      return rows.length === 1 && rows[0][0] === 'email' && rows[0][1].includes('example.com');
    });
    await editor.picture('memory-values-hit');
    await view.search('');
    await view.searchInValues(false);
  });

  it('is another for another server', async () => {
    const part = view.frame.locator('.summary-part', { hasText: 'in memory' });
    assert.match((await part.getAttribute('title')) ?? '', /for Redis 8\.6\.3 with jemalloc/);
    mkdirSync(path.join(editor.folder, '.vscode'));
    const settings = path.join(editor.folder, '.vscode', 'settings.json');
    writeFileSync(settings, JSON.stringify({ 'redisPersistence.memory.target': '6.2' }));
    await view.until(
      'the other server',
      async () => (await part.getAttribute('title'))?.includes('for Redis 6.2'),
      20_000,
    );
    await view.search('hash:user:f');
    await view.waitForRows(1);
    await view.until('the other estimate', async () => bytesIn(await column(view, 'memory'))[0] > 0);
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
