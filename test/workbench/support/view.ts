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
  until<Value>(what: string, look: () => Promise<Value | undefined | false>, ms = 10_000): Promise<Value> {
    return this.editor.until(what, look, ms);
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
    if (await choice.isVisible()) await choice.click();
    const rows = this.frame.locator('#hex .pe-row:visible');
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
  async tab(title: 'Keys' | 'File'): Promise<void> {
    await this.frame.locator('vscode-panel-tab', { hasText: title }).click();
  }
}
