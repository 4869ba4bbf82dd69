/** What is in the webview of an AOF: read and used as somebody at the screen would. */
import type { Locator } from 'playwright-core';
import type { View } from './view.js';

/** The tables of the editor, by their ids. */
export type TableId = 'commands' | 'touched' | 'history' | 'arguments' | 'keys';

/** The webview of one tab with the editor of an AOF. */
export class AofView {
  constructor(readonly view: View) {}

  get frame() {
    return this.view.frame;
  }

  /** Waits until nothing of a table is being searched, sorted or fetched. */
  async idle(table: TableId = 'commands'): Promise<void> {
    await this.view.until(`the table ${table} to be idle`, async () => {
      const scroller = this.frame.locator(`#${table} .pe-scroller`);
      if ((await scroller.getAttribute('aria-busy')) !== 'false') return false;
      return (await this.frame.locator(`#${table} .pe-loading:not([hidden])`).count()) === 0;
    });
  }

  /** Number of rows of a table, as screen readers hear it. */
  async rowCount(table: TableId = 'commands'): Promise<number> {
    const count = await this.frame.locator(`#${table} .pe-scroller`).getAttribute('aria-rowcount');
    return Number(count) - 1;
  }

  /** Waits until a table has a number of rows, and draws them. */
  async waitForRows(count: number, table: TableId = 'commands'): Promise<void> {
    await this.view.until(`${count} rows of ${table}`, async () => (await this.rowCount(table)) === count);
    if (count > 0) await this.row(0, table).waitFor();
    await this.idle(table);
  }

  /** The row at a position. */
  row(position: number, table: TableId = 'commands'): Locator {
    return this.frame.locator(`#${table} .pe-row:not([hidden])[data-position="${position}"]`);
  }

  /** The texts of the rows that are drawn, from top to bottom: those of some columns. */
  async texts(columns: readonly string[], table: TableId = 'commands'): Promise<string[][]> {
    await this.idle(table);
    return this.frame
      .locator(`#${table}`)
      .evaluate(
        (element, wanted) =>
          [...element.querySelectorAll<HTMLElement>('.pe-row:not([hidden])')]
            .sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position))
            .map((row) =>
              wanted.map((column) => row.querySelector(`.pe-cell[data-column="${column}"]`)?.textContent?.trim() ?? ''),
            ),
        columns,
      );
  }

  /** Turns to a tab. */
  async tab(title: 'Commands' | 'Keys' | 'Base' | 'Analysis' | 'File'): Promise<void> {
    await this.frame.locator('vscode-panel-tab', { hasText: title }).click();
  }

  /** What the line below a list says: how many commands pass. */
  async status(list = 'pe-commands-view'): Promise<string> {
    return (await this.frame.locator(`${list} pe-command-list .keys-status`).textContent()) ?? '';
  }

  /** Waits for what the line below the commands says. */
  async waitForStatus(start: string): Promise<void> {
    await this.view.until(`the status ${start}`, async () => (await this.status()).startsWith(start));
    await this.idle();
  }

  /** Commands by name, from the chips and the list of further ones. */
  async countsByName(): Promise<Record<string, number>> {
    const chips = await this.frame.locator('.chip[data-command]').allTextContents();
    const more = await this.frame.locator('.chips vscode-option').allTextContents();
    const texts = [...chips, ...more].map((text) => /^\s*(\S+?)\s*\(?([\d,]+)\)?\s*$/.exec(text)?.slice(1) ?? ['', '']);
    return Object.fromEntries(
      texts.filter(([name]) => name !== '').map(([name, count]) => [name, Number(count.replace(/,/g, ''))]),
    );
  }

  /** Drags over the bars of the timeline. @param from and `to` are parts of its width, from 0 to 1. */
  async brush(from: number, to: number): Promise<void> {
    const plot = this.frame.locator('.plot .u-over');
    await plot.waitFor();
    await plot.hover();
    const box = await plot.boundingBox();
    if (!box) throw new Error('the timeline cannot be seen');
    const { mouse } = this.view.editor.page;
    const y = box.y + box.height / 2;
    await mouse.move(box.x + box.width * from, y);
    await mouse.down();
    await mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 });
    await mouse.move(box.x + box.width * to, y, { steps: 3 });
    await mouse.up();
  }
}
