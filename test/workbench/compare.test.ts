/** Comparing dumps: by the palette, from the explorer, with the version that git has; keys, namespaces, side by side. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestServer } from '../integration/server.js';
import { bytes, double } from '../unit/support/bytes.js';
import { counted, expireMs, file, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor } from './support/editor.js';
import { answerQuestion, chooseEntry } from './support/quick-input.js';
import type { View } from './support/view.js';

const strings = (...items: string[]) => counted(items.map((item) => string(item)));
const hash = (...pairs: [string, string][]) => counted(pairs.map(([field, value]) => [string(field), string(value)]));
const user = (i: number, name: string, city: string) =>
  key(4, `user:${i}`, hash(['name', name], ['city', city], ['visits', String(i * 7)]));

const YESTERDAY = file(
  'REDIS0011',
  selectdb(0),
  ...Array.from({ length: 40 }, (_, i) => user(i, `name ${i}`, 'Wien')),
  key(1, 'queue:mail', strings('first', 'second', 'third')),
  key(5, 'board:weekly', counted([bytes(string('ann'), double(10)), bytes(string('bob'), double(7.5))])),
  key(0, 'config:app', string('{"theme":"dark","limits":{"upload":10,"rate":100}}')),
  ...Array.from({ length: 30 }, (_, i) => key(0, `session:${i}:token`, string('x'.repeat(200 + i)))),
  expireMs(4_000_000_000_000),
  key(0, 'offer:summer', string('v')),
  key(0, 'counter', string('1')),
);
const TODAY = file(
  'REDIS0011',
  selectdb(0),
  ...Array.from({ length: 40 }, (_, i) => user(i, `name ${i}`, i % 10 === 3 ? 'Graz' : 'Wien')),
  ...Array.from({ length: 5 }, (_, i) => user(100 + i, 'new', 'Linz')),
  key(1, 'queue:mail', strings('second', 'third', 'fourth')),
  key(5, 'board:weekly', counted([bytes(string('bob'), double(12)), bytes(string('ann'), double(10))])),
  key(0, 'config:app', string('{"theme":"light","limits":{"upload":10,"rate":250}}')),
  ...Array.from({ length: 10 }, (_, i) => key(0, `session:${i}:token`, string('x'.repeat(200 + i)))),
  expireMs(4_100_000_000_000),
  key(0, 'offer:summer', string('v')),
  key(2, 'counter', strings('1')),
);
/** What differs, in the order of the names. */
const DIFFERENCES = { added: 5, removed: 20, changed: 4 + 5 };

describe('the comparison of dumps', async () => {
  const server = await TestServer.start('--repl-diskless-sync-delay', '0');
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({
      files: { 'yesterday.rdb': YESTERDAY, 'today.rdb': TODAY, 'tracked.rdb': YESTERDAY, 'fresh.rdb': TODAY },
      settings: { 'git.enabled': true, 'git.autofetch': false },
      width: 1500,
    });
    const machine = path.join(editor.userData, 'Machine');
    mkdirSync(machine, { recursive: true });
    const servers = [{ name: 'local', socket: server.socketPath }];
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'redisPersistence.servers': servers }));
    await server.commands([
      ['SET', 'counter', '2'],
      ['SET', 'only:there', 'x'],
    ]);
    const git = (...args: string[]) => {
      const { status, stderr } = spawnSync('git', args, { cwd: editor.folder, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    };
    git('init', '--quiet');
    git('add', 'tracked.rdb');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'Keep the dump');
    writeFileSync(path.join(editor.folder, 'tracked.rdb'), TODAY);
    await editor.ready();
  });

  after(() => editor.stop());

  const row = (view: View, name: string) =>
    view.frame.locator('#differences .pe-row:not([hidden])', { has: view.frame.getByText(name, { exact: true }) });

  async function names(view: View, count: number): Promise<string[]> {
    await view.until(`${count} differences`, async () => {
      const grid = view.frame.locator('#differences [role="grid"]');
      return (
        Number(await grid.getAttribute('aria-rowcount')) === count + 1 &&
        (await grid.getAttribute('aria-busy')) === 'false'
      );
    });
    const cells = view.frame.locator('#differences .pe-row:not([hidden]) .pe-cell[data-column="key"] .name');
    return view.until('names', async () => {
      const texts = await cells.allTextContents();
      return texts.length > 0 && texts;
    });
  }

  async function chips(view: View): Promise<Record<string, string>> {
    const counts: Record<string, string> = {};
    for (const kind of ['added', 'removed', 'changed']) {
      counts[kind] = (await view.frame.locator(`.chip[data-kind="${kind}"] .chip-count`).textContent()) ?? '';
    }
    return counts;
  }

  const EXPECTED_CHIPS = Object.fromEntries(Object.entries(DIFFERENCES).map(([kind, keys]) => [kind, String(keys)]));
  const ALL = DIFFERENCES.added + DIFFERENCES.removed + DIFFERENCES.changed;

  it('of two files, from the palette: all that differs, and only that', async () => {
    await editor.openFile('yesterday.rdb');
    await editor.command('Redis Persistence: Compare With…');
    await answerQuestion(editor, 'Compare yesterday.rdb with', 'Another');
    await chooseEntry(editor, 'today.rdb');
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    const shown = await names(view, ALL);
    assert.deepEqual(await chips(view), EXPECTED_CHIPS);
    assert.deepEqual(shown.slice(0, 4), ['board:weekly', 'config:app', 'counter', 'offer:summer']);
    assert.match(await row(view, 'offer:summer').innerText(), /expiry/);
    assert.match(await row(view, 'counter').innerText(), /type/);
    await editor.picture('compare-dark');
  });

  it('filters by kind and by search, and sorts', async () => {
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    await view.frame.locator('.chip[data-kind="added"]').click();
    assert.deepEqual(
      await names(view, 5),
      [100, 101, 102, 103, 104].map((i) => `user:${i}`),
    );
    await view.frame.locator('.chip[data-kind="added"]').click();
    await names(view, ALL);
    const search = view.frame.locator('pe-search-box input');
    await search.fill('user:?3');
    await view.frame.locator('pe-search-box').getByTitle('Glob pattern, as KEYS takes it').click();
    assert.deepEqual(await names(view, 3), ['user:13', 'user:23', 'user:33']);
    await search.fill('');
    await names(view, ALL);
    await view.frame.locator('#differences .pe-heading[data-column="growth"]').click();
    await view.until('the largest growth first', async () => (await names(view, ALL))[0].startsWith('user:10'));
    await view.frame.locator('#differences .pe-heading[data-column="key"]').click();
    await view.until('the order of names', async () => (await names(view, ALL))[0] === 'board:weekly');
  });

  it('looks into namespaces', async () => {
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    const sessions = view.frame.locator('#namespaces .pe-row:not([hidden])', { hasText: 'session:' });
    assert.match(await sessions.innerText(), /20/);
    await sessions.dblclick();
    const shown = await names(view, 20);
    assert.ok(shown.every((name) => name.startsWith('session:')));
    await view.frame.locator('.cmp-path').getByText('All namespaces').click();
    await names(view, ALL);
  });

  it('puts a key side by side, and walks on with the keyboard', async () => {
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    await view.frame.locator('pe-search-box input').fill('user:?3');
    await names(view, 3);
    await row(view, 'user:13').dblclick();
    const elements = view.frame.locator('#elements .pe-row:not([hidden])');
    const changed = elements.filter({ hasText: 'Graz' });
    await changed.waitFor();
    assert.match(await changed.innerText(), /city[\s\S]*Wien[\s\S]*Graz/);
    assert.equal(await elements.count(), 3);
    assert.equal(await changed.locator('.cmp-mark-right').innerText(), 'Graz');
    await editor.picture('compare-key-dark');
    await view.frame.locator('#differences .pe-scroller').press('ArrowDown');
    await view.until('the next key', async () => {
      return (await view.frame.locator('pe-compare-key .value-key').innerText()) === 'user:23';
    });
    await view.frame.locator('pe-search-box input').fill('');
    await names(view, ALL);
    await view.frame.locator('#differences .pe-scroller').press('Home');
    await elements.filter({ hasText: 'bob' }).waitFor();
    await view.frame.locator('#differences .pe-scroller').press('Control+c');
    await view.until('the copied name', async () => (await editor.clipboard()) === 'board:weekly');
    await row(view, 'queue:mail').click();
    await elements.filter({ hasText: 'fourth' }).waitFor();
    assert.deepEqual(await elements.evaluateAll((rows) => rows.map((one) => /cmp-(\w+)/.exec(one.className)?.[1])), [
      'removed',
      'same',
      'same',
      'added',
    ]);
  });

  it('compares JSON in the editor for texts', async () => {
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    await row(view, 'config:app').dblclick();
    await view.frame.locator('pe-compare-key').getByText('Compare texts').click();
    const diff = editor.page.locator('.monaco-diff-editor');
    await diff.locator('.line-insert').first().waitFor();
    assert.match(await diff.locator('.modified .view-lines').innerText(), /"rate":\s250/);
    await editor.command('View: Close Editor');
  });

  it('looks as it should in light, in high contrast and narrow', async () => {
    const view = await editor.viewOf('yesterday.rdb ↔ today.rdb');
    await row(view, 'queue:mail').dblclick();
    for (const [name, theme] of [
      ['light', 'Light Modern'],
      ['high-contrast', 'Dark High Contrast'],
      ['dark', 'Dark Modern'],
    ] as const) {
      await editor.chooseTheme(theme);
      await view.until(`the theme ${theme}`, () =>
        view.frame.evaluate((kind) => document.body.classList.contains(`vscode-${kind}`), name),
      );
      // Colours of the theme arrive with their own transition.
      await editor.page.waitForTimeout(300);
      await editor.picture(`compare-key-${name}`);
      assert.deepEqual(await view.faintTexts(), []);
    }
    await editor.setWebviewWidth(view, 400);
    await editor.picture('compare-narrow');
    const { inner, wide, cut } = await view.overflow();
    assert.ok(wide <= inner, `the page is ${wide} px wide in ${inner} px`);
    assert.deepEqual(cut, []);
    const list = await view.frame.locator('#differences').boundingBox();
    assert.ok((list?.height ?? 0) > 150, 'the list has room');
    await editor.setWebviewWidth(view, 1150);
    await editor.command('View: Close Editor');
  });

  it('of files that are selected in the explorer', async () => {
    await editor.command('View: Show Explorer');
    const inExplorer = (name: string) =>
      editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
    await editor.menuOf(inExplorer('today.rdb'), 'Select for Redis Compare');
    await editor.menuOf(inExplorer('fresh.rdb'), 'Redis Compare With Selected');
    const view = await editor.viewOf('today.rdb ↔ fresh.rdb');
    await view.frame.getByText('No key differs.').waitFor();
    await editor.command('View: Close Editor');
  });

  it('with the last commit of git, and says what is not in it', async () => {
    await editor.openFile('tracked.rdb');
    await editor.command('Redis Persistence: Compare With Last Commit');
    const view = await editor.viewOf('tracked.rdb (HEAD) ↔ tracked.rdb');
    await names(view, ALL);
    assert.deepEqual(await chips(view), EXPECTED_CHIPS);
    await view.frame.getByTitle('Swap sides').click();
    const swapped = { added: '20', removed: '5', changed: '9' };
    await view.until(
      'the sides to be swapped',
      async () => JSON.stringify(await chips(view)) === JSON.stringify(swapped),
    );
    await editor.openFile('fresh.rdb');
    await editor.command('Redis Persistence: Compare With Last Commit');
    const missing = await editor.viewOf('fresh.rdb (HEAD) ↔ fresh.rdb');
    await missing.frame.getByText('it has not been committed yet').waitFor();
  });

  it('with what a live server holds', async () => {
    await editor.openFile('yesterday.rdb');
    await editor.command('Redis Persistence: Compare With…');
    await answerQuestion(editor, 'Compare yesterday.rdb with', 'Live');
    await chooseEntry(editor, 'local');
    const view = await editor.viewOf('yesterday.rdb ↔ local (live)');
    await view.frame.locator('.chip[data-kind="added"]', { hasText: '1' }).click();
    assert.deepEqual(await names(view, 1), ['only:there']);
    await server.command('SET', 'also:there', 'x');
    await view.frame.getByTitle('Compare anew').click();
    assert.deepEqual(await names(view, 2), ['also:there', 'only:there']);
  });

  it('is offered where source control shows two versions of a dump', async () => {
    const item = editor.page.locator('.activitybar .action-item', {
      has: editor.page.locator('[aria-label^="Source Control"]'),
    });
    await item.first().click();
    await editor.page.locator('.scm-view .monaco-list-row', { hasText: 'tracked.rdb' }).first().click();
    await editor.notification('beside an earlier version');
    await editor.picture('compare-source-control');
    await editor.page.locator('.notifications-toasts').getByText('Compare Key by Key').click();
    const view = await editor.viewOf('tracked.rdb (index) ↔ tracked.rdb');
    await names(view, ALL);
  });

  it('is made again when the window is reloaded, but for what a server held', async () => {
    await editor.reload();
    const view = await editor.viewOf('tracked.rdb (index) ↔ tracked.rdb');
    await names(view, ALL);
    assert.deepEqual(await chips(view), EXPECTED_CHIPS);
    const live = editor.page.locator('.tabs-container .tab', { hasText: 'local (live)' });
    await editor.until('the comparison with the server to be gone', async () => {
      if ((await live.count()) === 0) return true;
      await live
        .first()
        .click({ timeout: 1000 })
        .catch(() => undefined);
      return false;
    });
  });

  it('without an error in the page', () => {
    assert.deepEqual(editor.complaints, []);
  });
});
