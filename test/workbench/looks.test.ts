/** What the editor looks like in each kind of theme and at each width: nothing is cut off, nothing is without a name. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Editor, fixture } from './support/editor.js';
import type { View } from './support/view.js';

const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
};

describe('the editor in every theme and width', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    editor = await Editor.start({ files: { 'dump.rdb': fixture('corpus', 'redis-8.6.3', 'types', 'dump.rdb') } });
    await editor.ready();
    view = await editor.openFile('dump.rdb');
    await view.idle();
  });

  after(() => editor.stop());

  /** What the tab Keys can show, each in turn. */
  const STATES: readonly (readonly [name: string, show: () => Promise<void>])[] = [
    [
      'value',
      async () => {
        await view.searchInValues(false);
        await view.search('hash:');
        await view.choose(1);
      },
    ],
    [
      'found',
      async () => {
        await view.searchInValues(true);
        await view.search('example.com');
        await view.frame.locator('#keys .pe-cell[data-column="match"] .mono').first().waitFor();
        await view.choose(0);
      },
    ],
  ];

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`has readable text in ${name}`, async () => {
      await editor.chooseTheme(theme);
      const kind = `vscode-${name}`;
      await view.until(`the theme ${theme}`, () =>
        view.frame.evaluate((wanted) => document.body.classList.contains(wanted), kind),
      );
      for (const [state, show] of STATES) {
        await show();
        // Colours of the theme arrive with their own transition.
        await editor.page.waitForTimeout(300);
        await editor.picture(`looks-${name}-${state}`);
        assert.deepEqual(await view.faintTexts(), [], state);
      }
    });
  }

  for (const width of [1600, 1000, 700, 400]) {
    it(`fits into ${width} px`, async () => {
      await editor.setWebviewWidth(view, width);
      for (const tab of ['Keys', 'File'] as const) {
        await view.tab(tab);
        await editor.page.waitForTimeout(200);
        await editor.picture(`looks-${width}-${tab}`);
        const { inner, wide, cut } = await view.overflow();
        assert.ok(inner <= width + 20, `the webview is ${inner} px wide`);
        assert.ok(wide <= inner, `the page is ${wide} px wide in ${inner} px`);
        assert.deepEqual(cut, []);
      }
      await view.tab('Keys');
      await view.choose(0);
    });
  }

  it('has a name for everything that can be used', async () => {
    for (const tab of ['Keys', 'File'] as const) {
      await view.tab(tab);
      assert.deepEqual(await view.nameless(), []);
    }
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
