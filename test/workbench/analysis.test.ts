/** The Analysis tab of an RDB: what it counts, what its pictures choose, the tables behind them, the findings, every theme and width. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listpack } from '../unit/support/compact.js';
import { aux, counted, expireMs, file, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor } from './support/editor.js';
import type { View } from './support/view.js';

const SAVED_AT = 1_700_000_000_000;
const HOUR = 3600e3;
const USERS = 300;
const SESSIONS = 200;
const CARTS = 40;

/** A shop: users that stay, sessions that go, carts of which some have expired, a name that tries to be a script. */
function shop(): Uint8Array {
  const user = (i: number) =>
    key(
      0,
      `user:${i}:profile`,
      string(JSON.stringify({ id: i, mail: `u${i}@example.com`, city: 'Oslo', since: 2020 })),
    );
  const session = (i: number) => [
    expireMs(SAVED_AT + (1 + (i % 10)) * HOUR),
    key(16, `session:${i}`, string(listpack(['user', String(i), 'csrf-token', 'c'.repeat(20), 'agent', 'Mozilla']))),
  ];
  const cart = (i: number) => [
    expireMs(SAVED_AT - 10_000 - i),
    key(2, `cart:${i}:items`, counted([string(`sku-${i}`), string('sku-0')])),
  ];
  return file(
    'REDIS0010',
    aux('redis-ver', '7.0.15'),
    aux('ctime', String(SAVED_AT / 1000)),
    selectdb(0),
    Array.from({ length: USERS }, (_, i) => user(i)),
    Array.from({ length: SESSIONS }, (_, i) => session(i)),
    Array.from({ length: CARTS }, (_, i) => cart(i)),
    key(1, '<img src=x onerror=alert(1)>:list', counted(Array.from({ length: 90 }, (_, i) => string(`entry ${i}`)))),
  );
}

const ALL = USERS + SESSIONS + CARTS + 1;

const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
};

describe('the analysis of an RDB', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    const whole = shop();
    editor = await Editor.start({ files: { 'shop.rdb': whole, 'cut.rdb': whole.subarray(0, whole.length - 900) } });
    await editor.ready();
    view = await editor.openFile('shop.rdb');
    await view.idle();
    await analysis();
  });

  after(() => editor.stop());

  const section = (name: string) => view.frame.locator(`#analysis-${name}`);

  /** Turns to the tab, and waits until everything is counted. */
  async function analysis(): Promise<void> {
    await view.tab('Analysis');
    await view.frame.locator('.finding-list').waitFor();
    await view.until(
      'everything to be counted',
      async () => (await view.frame.locator('.analysis-tools .scan-progress').count()) === 0,
    );
  }

  /** Shows all keys again, and comes back. */
  async function wholeFile(): Promise<void> {
    await analysis();
    const button = view.frame.locator('.analysis-tools vscode-button', { hasText: 'Whole file' });
    if ((await button.count()) > 0) await button.click();
    await view.until('all keys', async () => (await total()).startsWith(`${ALL} keys`));
    await analysis();
  }

  const total = async () => (await view.frame.locator('.analysis-total').textContent()) ?? '';

  /** Rows of the table of a section, as texts, which is turned to if there is a picture. */
  async function tableOf(name: string): Promise<string[][]> {
    const toggle = section(name).locator('vscode-button[title="Show as a table"]');
    if ((await toggle.count()) > 0 && (await toggle.getAttribute('aria-pressed')) === 'false') await toggle.click();
    await section(name).locator('table').first().waitFor();
    return section(name)
      .locator('table')
      .first()
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '')),
      );
  }

  async function picture(name: string): Promise<void> {
    await section(name).locator('vscode-button[title="Show as a table"]').click();
    await section(name).locator('svg.chart:not(.swatch)').waitFor();
  }

  it('counts the keys of the file, and estimates their memory', async () => {
    assert.match(await total(), new RegExp(`^${ALL} keys · .* in the file · about .* of memory`));
  });

  it('has the namespaces with ids folded', async () => {
    const rows = await tableOf('namespaces');
    assert.deepEqual(rows.map(([name, keys]) => [name, keys]).sort(), [
      ['<img src=x onerror=alert(1)>:list', '1'],
      ['cart:*:items', String(CARTS)],
      ['session:*', String(SESSIONS)],
      ['user:*:profile', String(USERS)],
    ]);
    await picture('namespaces');
  });

  it('sorts a table by any column, as screen readers hear', async () => {
    await tableOf('namespaces');
    const heading = section('namespaces').locator('th[scope="col"]', { hasText: 'Keys' });
    await heading.locator('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.equal((await tableOf('namespaces'))[0][1], String(USERS));
    await heading.locator('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.equal((await tableOf('namespaces'))[0][1], '1');
    await picture('namespaces');
  });

  it('counts types, expiries and sizes as they are', async () => {
    const types = await tableOf('types');
    const count = (type: string) => types.filter(([name]) => name === type).map((row) => row[2]);
    assert.deepEqual(count('hash'), [String(SESSIONS)]);
    assert.deepEqual(count('set'), [String(CARTS)]);
    const expiry = await tableOf('expiry');
    const keys = (label: string) => expiry.find(([name]) => name === label)?.[1];
    assert.equal(keys('expired when saved'), String(CARTS));
    assert.equal(keys('never'), String(USERS + 1));
    const sizes = await tableOf('sizes');
    assert.equal(
      sizes.reduce((sum, row) => sum + Number(row[1]), 0),
      ALL,
    );
    for (const name of ['types', 'expiry', 'sizes']) await picture(name);
  });

  it('shows the keys of an area that is clicked', async () => {
    const svg = section('namespaces').locator('svg.chart:not(.swatch)');
    // The largest area is at the left.
    await svg.click({ position: { x: 20, y: 60 } });
    await view.waitForRows(USERS);
    assert.match(await view.frame.locator('.chip.part').innerText(), /in user:\*:profile/);
    // The pictures follow the grid.
    await analysis();
    await view.until('the pictures to follow', async () => (await total()).startsWith(`${USERS} of ${ALL} keys`));
    assert.deepEqual(
      (await tableOf('types')).map(([type]) => type),
      ['string'],
    );
    await picture('types');
    await wholeFile();
  });

  it('is used by the keyboard alone', async () => {
    const svg = section('expiry').locator('svg.chart:not(.swatch)');
    await svg.focus();
    await editor.page.keyboard.press('Home');
    const words = section('expiry').locator('.chart-words');
    await view.until('words', async () => ((await words.textContent()) ?? '').includes(`${CARTS} keys`));
    await editor.page.keyboard.press('Enter');
    await view.waitForRows(CARTS);
    await wholeFile();
    const link = section('biggest').locator('tbody button', { hasText: 'onerror' });
    await link.focus();
    await editor.page.keyboard.press('Enter');
    await view.until('the key', async () => (await view.shownKey()) === '<img src=x onerror=alert(1)>:list');
  });

  it('finds what stands out, and shows the keys', async () => {
    await wholeFile();
    const finding = view.frame.locator('.finding[data-code="expired-keys"]');
    assert.match(await finding.innerText(), /40 keys \(7\.4 %\) had expired when the file was saved/);
    await finding.locator('.finding-show').click();
    await view.waitForRows(CARTS);
    await view.frame.locator('pe-filter-bar .filters-button').click();
    await wholeFile();
    const codes = await view.frame
      .locator('.finding')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.code));
    assert.ok(codes.includes('same-fields') && codes.includes('json-keys'), codes.join());
  });

  it('puts findings and problems into the Problems panel, as long as the file is open', async () => {
    await editor.openFile('cut.rdb');
    await editor.command('Problems: Focus on Problems View');
    const rows = editor.page.locator('.markers-panel .monaco-list-row');
    await view.until('problems', async () => {
      const texts = (await rows.allInnerTexts()).join('\n');
      return texts.includes('had expired when the file was saved') && /Offset [\d,]+: /.test(texts);
    });
    await editor.closeTab('cut.rdb');
    await view.until('the problems of the other file to go', async () => {
      const texts = (await rows.allInnerTexts()).join('\n');
      return texts.includes('shop.rdb') && !texts.includes('cut.rdb');
    });
    await editor.command('View: Hide Panel');
  });

  it('copies the table behind a picture', async () => {
    await wholeFile();
    await section('namespaces').locator('vscode-button[title="Copy"]').click();
    await section('namespaces').locator('[role=menuitem]', { hasText: 'Markdown' }).click();
    await view.until('the table', async () => {
      const text = await editor.page.evaluate(() => navigator.clipboard.readText());
      return text.startsWith('| Namespace |') && text.includes('| user:\\*:profile | 300 |');
    });
  });

  it('writes a report where the user wants it', async () => {
    await view.frame.locator('.analysis-tools vscode-button', { hasText: 'Export report' }).click();
    await editor.answer(`${editor.folder}/shop.html`);
    const report = await view.until('the report', () =>
      import('node:fs/promises').then(({ readFile }) =>
        readFile(`${editor.folder}/shop.html`, 'utf8').catch(() => undefined),
      ),
    );
    assert.match(report, /<h1>Analysis of shop\.rdb<\/h1>/);
    assert.doesNotMatch(report, /<img/);
    const close = editor.page.locator('.notification-toast .codicon-notifications-clear');
    if ((await close.count()) > 0) await close.first().click();
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`has readable text in ${name}`, async () => {
      await editor.chooseTheme(theme);
      const kind = `vscode-${name}`;
      await view.until(`the theme ${theme}`, () =>
        view.frame.evaluate((wanted) => document.body.classList.contains(wanted), kind),
      );
      // Colours of the theme arrive with their own transition.
      await editor.page.waitForTimeout(300);
      await editor.picture(`analysis-${name}`);
      assert.deepEqual(await view.faintTexts(), []);
    });
  }

  for (const width of [1600, 700, 400]) {
    it(`fits into ${width} px`, async () => {
      await editor.setWebviewWidth(view, width);
      await editor.page.waitForTimeout(300);
      await editor.picture(`analysis-${width}`);
      const { inner, wide, cut } = await view.overflow();
      assert.ok(wide <= inner, `the page is ${wide} px wide in ${inner} px`);
      assert.deepEqual(cut, []);
      const wider = await view.frame
        .locator('svg.chart:not(.swatch)')
        .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > window.innerWidth).length);
      assert.equal(wider, 0);
    });
  }

  it('has a name for everything that can be used', async () => assert.deepEqual(await view.nameless(), []));

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
