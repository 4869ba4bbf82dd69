/** What is in the webview of one tab: read and used as somebody at the screen would. */
import type { Frame, Locator } from 'playwright-core';
import type { Editor } from './editor.js';

/** The webview of one tab. */
export class View {
  constructor(
    readonly editor: Editor,
    readonly frame: Frame,
  ) {}

  /** Rows of the key grid that are drawn, from top to bottom. */
  async names(): Promise<string[]> {
    return this.frame
      .locator('#keys')
      .evaluate((table) =>
        [...table.querySelectorAll<HTMLElement>('.pe-row:not([hidden])')]
          .sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position))
          .map((row) => row.querySelector('.pe-cell[data-column="key"]')?.textContent?.trim() ?? ''),
      );
  }

  /** Number of rows of the grid, as screen readers hear it. */
  async rowCount(): Promise<number> {
    const count = await this.frame.locator('#keys [role$="grid"]').getAttribute('aria-rowcount');
    return Number(count) - 1;
  }

  /** Waits until the grid has a number of rows, and draws them. */
  async waitForRows(count: number): Promise<void> {
    await this.idle();
    await this.editor.until(`${count} rows`, async () => (await this.rowCount()) === count);
    if (count > 0) await this.row(0).locator('.pe-cell').first().waitFor();
    await this.editor.until(
      'rows to be drawn',
      async () => (await this.frame.locator('#keys .pe-loading:not([hidden])').count()) === 0,
    );
  }

  /** The row at a position. */
  row(position: number): Locator {
    return this.frame.locator(`#keys .pe-row:not([hidden])[data-position="${position}"]`);
  }

  /** Selects the key of an exact name, by searching for it; the search stays. */
  async selectKey(name: string): Promise<void> {
    await this.search(name);
    const cell = this.frame.locator('#keys .pe-row:not([hidden]) .name').getByText(name, { exact: true });
    await cell.first().click();
  }

  /** Types into the search box. */
  async search(text: string): Promise<void> {
    const input = this.frame.locator('pe-filter-bar vscode-text-field input').first();
    await input.fill(text);
    await input.press('Enter');
    await this.idle();
  }

  /** Waits until nothing is being searched or sorted. */
  async idle(): Promise<void> {
    await this.editor.until('the grid to be idle', async () => {
      const grid = this.frame.locator('#keys .pe-scroller');
      if ((await grid.getAttribute('aria-busy')) !== 'false') return false;
      return (await this.frame.locator('#keys .pe-loading:not([hidden])').count()) === 0;
    });
  }

  /** Words of the summary line. */
  async summary(): Promise<string[]> {
    const parts = await this.frame.locator('.summary-part').allTextContents();
    return parts.map((part) => part.trim());
  }

  /** Waits until a condition holds. */
  until<Value>(what: string, look: () => Promise<Value | undefined | false>, ms = 60_000): Promise<Value> {
    return this.editor.until(what, look, ms);
  }

  /** Selects the row at a position, and waits for its value. */
  async choose(position: number): Promise<string> {
    // A list that is just being arranged anew takes the row away from under the click.
    await this.until(`row ${position} to be selected`, async () => {
      await this.row(position)
        .click({ timeout: 2000 })
        .catch(() => undefined);
      return (await this.row(position).getAttribute('aria-selected')) === 'true';
    });
    return this.selectedName(position);
  }

  /** Has the search look into values, or at names. */
  async searchInValues(on: boolean): Promise<void> {
    const button = this.frame.locator('vscode-button[title="Search in values"]');
    await this.until(`the search ${on ? 'in values' : 'by name'}`, async () => {
      if ((await button.getAttribute('aria-pressed')) === String(on)) return true;
      await button.click({ timeout: 2000 }).catch(() => undefined);
      return (await button.getAttribute('aria-pressed')) === String(on);
    });
  }

  /** The name of the key in a row, once the row is selected and the value pane shows that key. */
  async selectedName(position: number): Promise<string> {
    const row = this.row(position);
    const name = row.locator('.pe-cell[data-column="key"] .name');
    return this.until(`the value of row ${position}`, async () => {
      if ((await row.getAttribute('aria-selected')) !== 'true') return undefined;
      const text = (await name.textContent()) ?? '';
      return (await this.shownKey()) === text ? text : undefined;
    });
  }

  /** The name of the key that the value pane shows. */
  async shownKey(): Promise<string | undefined> {
    const title = this.frame.locator('.value-key');
    return (await title.count()) === 0 ? undefined : ((await title.textContent()) ?? undefined);
  }

  /** What the value pane says of the key. */
  async facts(): Promise<Record<string, string>> {
    return this.frame
      .locator('.value-facts')
      .evaluate((list) =>
        Object.fromEntries(
          [...list.querySelectorAll('.fact')].map((fact) => [
            fact.querySelector('dt')?.textContent?.trim() ?? '',
            fact.querySelector('dd')?.textContent?.trim() ?? '',
          ]),
        ),
      );
  }

  /** The elements that are drawn, from the first on: their cells under some headings, as texts. */
  async itemRows(headings: readonly string[]): Promise<string[][]> {
    const table = this.frame.locator('#items');
    if ((await table.count()) === 0) return [];
    return table.evaluate((element, wanted) => {
      const texts = (from: Element, selector: string) =>
        [...from.querySelectorAll(selector)].map((cell) => cell.textContent?.trim() ?? '');
      const titles = texts(element, '.pe-heading');
      const columns = wanted.map((heading) => titles.indexOf(heading));
      return [...element.querySelectorAll<HTMLElement>('.pe-row:not([hidden])')]
        .sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position))
        .map((row) => {
          const cells = texts(row, '.pe-cell');
          return columns.map((column) => cells[column] ?? 'no such column');
        });
    }, headings);
  }

  /** The bytes of a string that are drawn when it is shown byte by byte. */
  async hexBytes(): Promise<Uint8Array> {
    const choice = this.frame.locator('.string-bar [data-choice="hex"]').first();
    const rows = this.frame.locator('#hex .pe-row:visible');
    const grid = this.frame.locator('#hex .pe-scroller');
    // A string that is still being decoded can turn to its own way of being shown after another was chosen.
    await this.editor.until('the bytes', async () => {
      if (!(await grid.isVisible())) {
        if (await choice.isVisible()) await choice.click({ timeout: 2000 }).catch(() => undefined);
        return false;
      }
      const waiting = await this.frame.locator('#hex .pe-row.pe-loading:visible').count();
      return waiting === 0 && ((await rows.count()) > 0 || (await grid.getAttribute('aria-rowcount')) === '1');
    });
    const texts = await rows.evaluateAll((elements) =>
      elements
        .sort((a, b) => Number((a as HTMLElement).dataset.position) - Number((b as HTMLElement).dataset.position))
        .map((row) => row.querySelectorAll('.pe-cell')[1]?.textContent ?? ''),
    );
    return new Uint8Array(Buffer.from(texts.join('').replace(/\s/g, ''), 'hex'));
  }

  /** Opens a part of the value (Entries, Groups, Parts …), where it has more than one. */
  async section(id: string): Promise<void> {
    const choice = this.frame.locator(`.section-bar [data-choice="${id}"]`);
    const only = this.frame.locator('.section-body pe-items-view');
    await choice.or(only).first().waitFor();
    if ((await choice.count()) > 0) await choice.click();
  }

  /** Turns to a tab of the webview. */
  async tab(title: 'Keys' | 'Analysis' | 'File'): Promise<void> {
    await this.frame.locator('vscode-panel-tab', { hasText: title }).click();
  }

  /** How wide the webview and its content are, and the controls that stick out at the side. */
  async overflow(): Promise<{ inner: number; wide: number; cut: string[] }> {
    return this.frame.evaluate(() => {
      const inner = window.innerWidth;
      const controls = document.querySelectorAll('button, input, vscode-text-field, .summary-part, .chip, h2, .banner');
      const cut = [...controls]
        .filter((control) => {
          const { left, right, width } = control.getBoundingClientRect();
          // Tables of pictures are scrolled to the side.
          return width > 0 && (left < -1 || right > inner + 1) && !control.closest('.data-table-box');
        })
        .map((control) => control.textContent?.trim() || control.className);
      return { inner, wide: document.documentElement.scrollWidth, cut };
    });
  }

  /** Controls that have no name for those who cannot see them. */
  async nameless(): Promise<string[]> {
    return this.frame.evaluate(() =>
      [
        ...document.querySelectorAll(
          'button, [role=button], input, [role=grid], [role=treegrid], vscode-button, vscode-text-field, vscode-dropdown, vscode-checkbox',
        ),
      ]
        .filter((control) => control.getBoundingClientRect().width > 0)
        .filter((control) => {
          const name = control.getAttribute('aria-label') ?? control.getAttribute('title') ?? control.textContent ?? '';
          // What the toolkit calls a field that nobody has named.
          return name.trim() === '' || name === 'Text field';
        })
        .map((control) => control.outerHTML.slice(0, 120)),
    );
  }

  /** Texts with less contrast than 4.5 to 1 against what is behind them; 3 to 1 where they are only told aside. */
  async faintTexts(): Promise<string[]> {
    return this.frame.evaluate(() => {
      type Colour = readonly [red: number, green: number, blue: number, alpha: number];
      const parse = (text: string): Colour => {
        const numbers = (text.match(/[\d.]+/g) ?? ['0', '0', '0', '0']).map(Number);
        const scale = text.startsWith('color(') ? 255 : 1;
        return [numbers[0] * scale, numbers[1] * scale, numbers[2] * scale, numbers[3] ?? 1];
      };
      const over = (top: Colour, below: Colour): Colour => {
        const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3]);
        return [mix(0), mix(1), mix(2), 1];
      };
      const behind = (element: Element | null): Colour => {
        if (!element) return [255, 255, 255, 1];
        const own = parse(getComputedStyle(element).backgroundColor);
        return own[3] === 1 ? own : over(own, behind(element.parentElement));
      };
      const light = ([red, green, blue]: Colour) => {
        const part = (value: number) => {
          const share = value / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        };
        return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
      };
      const faint = new Set<string>();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? '';
        const element = node.parentElement;
        if (text === '' || !element?.checkVisibility() || element.closest('.visually-hidden')) continue;
        const below = behind(element);
        const style = getComputedStyle(element);
        const opacity = Number(style.opacity);
        const [red, green, blue, alpha] = parse(style.color);
        const shown = over([red, green, blue, alpha * opacity], below);
        const [a, b] = [light(shown), light(below)].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        const aside = element.closest('.dim, .absent, .codicon, dt, .fact, .expired, .pair-colon') !== null;
        if (contrast < (aside ? 3 : 4.5))
          faint.add(`${contrast.toFixed(2)}: ${element.className || element.tagName}: ${text.slice(0, 30)}`);
      }
      return [...faint];
    });
  }
}
