/** What the editor of an AOF looks like in each kind of theme and at each width: nothing is cut off, nothing is without a name. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AofView } from './support/aof-view.js';
import { Editor, fixture } from './support/editor.js';

const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
};

describe('the editor of an AOF in every theme and width', () => {
  let editor: Editor;
  let view: AofView;
  const tabs = ['Commands', 'Keys', 'Analysis', 'File'] as const;

  before(async () => {
    editor = await Editor.start({
      files: { 'garbage.aof': fixture('aof', 'redis-6.2.16', 'aof-garbage', 'appendonly.aof') },
    });
    await editor.ready();
    view = new AofView(await editor.openFile('garbage.aof'));
    await view.idle();
    await view.row(3).click();
  });

  after(() => editor.stop());

  /** Waits until the timeline is as wide as there is room for it. */
  async function plotFills(): Promise<void> {
    await view.view.until('the timeline to fill its place', () =>
      view.frame.evaluate(() => {
        const width = (selector: string) => document.querySelector(selector)?.getBoundingClientRect().width ?? 0;
        return Math.abs(width('.plot') - width('.plot canvas')) < 2;
      }),
    );
  }

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`has readable text in ${name}`, async () => {
      await editor.chooseTheme(theme);
      const kind = `vscode-${name}`;
      await view.view.until(`the theme ${theme}`, () =>
        view.frame.evaluate((wanted) => document.body.classList.contains(wanted), kind),
      );
      for (const tab of tabs) {
        await view.tab(tab);
        // Colours of the theme arrive with their own transition.
        await editor.page.waitForTimeout(300);
        await editor.picture(`aof-${name}-${tab}`);
        assert.deepEqual(await view.view.faintTexts(), [], tab);
        if (tab === 'Analysis') await plotFills();
      }
    });
  }

  for (const width of [1600, 700, 400]) {
    it(`fits into ${width} px`, async () => {
      await editor.setWebviewWidth(view.view, width);
      for (const tab of tabs) {
        await view.tab(tab);
        await editor.page.waitForTimeout(200);
        await editor.picture(`aof-${width}-${tab}`);
        const { inner, wide, cut } = await view.view.overflow();
        assert.ok(inner <= width + 20, `the webview is ${inner} px wide`);
        assert.ok(wide <= inner, `${tab}: the page is ${wide} px wide in ${inner} px`);
        assert.deepEqual(cut, [], tab);
        if (tab === 'Analysis') await plotFills();
      }
    });
  }

  it('has a name for everything that can be used', async () => {
    for (const tab of tabs) {
      await view.tab(tab);
      assert.deepEqual(await view.view.nameless(), [], tab);
    }
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
