/** One key side by side: what is known of it in both files, and the elements of its value in pairs. */
import { html, LitElement, nothing } from 'lit';
import type { ComparedPart, ComparedRow, KeyComparison } from '../../src/compare-protocol.js';
import { formatCount } from '../../src/format/quantities.js';
import type { ItemCell } from '../../src/protocol.js';
import { cellText, fillItemCell, icon, isCell } from '../cells.js';
import { ask } from '../connection.js';
import { checkbox, iconButton, segments, textButton } from '../controls.js';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable, RowLook } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled } from '../running.js';
import { message, nameText, t } from '../strings.js';
import { fieldText, KIND_ICONS, kindText, partText } from './compare-texts.js';

/** Events: `pe-close` when the keyboard goes back to the list. */
export class PeCompareKey extends LitElement {
  private info: KeyComparison | undefined;
  private shownPart = 0;
  private changedOnly = false;
  private busy = false;
  private asked = 0;
  private selected = -1;
  private observer: ResizeObserver | undefined;
  private columnWidths: Readonly<Record<string, number>> = {};
  private readonly cache = new PageCache<ComparedRow>(
    (from, count) => this.fetch(from, count),
    () => this.table?.rowsChanged(),
    (error) => {
      throw error;
    },
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.requestUpdate());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  private fetch(from: number, count: number) {
    const { info, shownPart: part, changedOnly } = this;
    const running = ask('compare.elements', { difference: info?.difference ?? 0, part, changedOnly, from, count });
    return { answer: running.answer.then(({ rows }) => rows), cancel: () => running.cancel() };
  }

  /** Shows a key. */
  async show(difference: number): Promise<void> {
    const mine = ++this.asked;
    this.busy = true;
    this.requestUpdate();
    try {
      const info = await ask('compare.key', { difference }).answer;
      if (mine !== this.asked) return;
      this.info = info;
      // What differs is what somebody looks for first.
      const first = info.parts.findIndex(({ changes }) => changes > 0);
      this.choose(Math.max(0, first));
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    } finally {
      if (mine === this.asked) {
        this.busy = false;
        this.requestUpdate();
      }
    }
  }

  /** Shows nothing any more. */
  clear(): void {
    this.asked++;
    this.info = undefined;
    this.requestUpdate();
  }

  private choose(part: number): void {
    this.shownPart = part;
    this.selected = -1;
    this.cache.clear();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (!this.table) return;
      this.table.scrollPosition = 0;
      this.table.configure(this.cache, this.fill, lookOf);
    });
  }

  private get current(): ComparedPart | undefined {
    return this.info?.parts[this.shownPart];
  }

  override focus(): void {
    (this.table ?? this.querySelector<HTMLElement>('vscode-button'))?.focus();
  }

  private readonly fill = (cell: HTMLElement, row: ComparedRow, { id }: TableColumn): void => {
    if (id === 'mark') {
      cell.append(icon(KIND_ICONS[row.status], row.status === 'same' ? '' : kindText(row.status)));
      return;
    }
    const [side, at] = id.split('-');
    if (side === 'key') {
      fillItemCell(cell, (row.left ?? row.right)?.[Number(at)] ?? null);
      return;
    }
    const own = side === 'left' ? row.left : row.right;
    if (!own) return;
    if (at === 'index') {
      cell.append(formatCount((side === 'left' ? row.leftIndex : row.rightIndex) ?? 0));
      return;
    }
    const field = Number(at);
    const other = side === 'left' ? row.right : row.left;
    const differs = row.status !== 'same' && (!other || JSON.stringify(own[field]) !== JSON.stringify(other[field]));
    const mark = document.createElement('span');
    mark.className = differs ? `cmp-mark-${side}` : '';
    fillItemCell(mark, own[field]);
    cell.append(mark);
    cell.title = mark.title;
  };

  /** Shows the strings of a row as texts, in the editor's own view of differences. */
  private async compareTexts(row: number, field: number): Promise<void> {
    const { info, shownPart: part, changedOnly, current } = this;
    if (!info || !current) return;
    const text = { difference: info.difference, part, row, field, changedOnly };
    await ask('host.compareTexts', { text, name: info.key.text }).answer;
  }

  private readonly onActivate = (event: Event): void => {
    event.stopPropagation();
    const { position } = (event as CustomEvent<{ position: number }>).detail;
    void this.openRow(position);
  };

  private async openRow(position: number): Promise<void> {
    const row = this.cache.row(position);
    const { current } = this;
    if (!row || !current) return;
    const field = textField(row, current);
    if (field >= 0) await this.compareTexts(position, field);
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('pe-close', { bubbles: true }));
  };

  protected override render() {
    const { info, current } = this;
    if (!info) {
      return html`<div class="pane-empty dim">${this.busy ? t('Reading the values…') : t('Choose a key to see it side by side.')}</div>`;
    }
    return html`
      <div class="value-head" @keydown=${this.onKeyDown}>
        <div class="value-title">
          <span class="codicon codicon-${KIND_ICONS[info.kind]} cmp-icon-${info.kind}" aria-hidden="true"></span>
          <span class="value-key" tabindex="-1">${info.key.bytes === 0 ? html`<span class="absent">${t('(empty name)')}</span>` : cellText(info.key)}</span>
          ${iconButton('close', t('Back to the list'), () => this.dispatchEvent(new CustomEvent('pe-close', { bubbles: true })))}
        </div>
        ${this.renderFacts(info)}
      </div>
      ${
        info.problem
          ? html`<div class="message error" role="alert">${info.problem.side === 'left' ? t('Before') : t('After')}: ${message(info.problem.problem)}</div>`
          : nothing
      }
      ${current ? this.renderPart(info, current) : nothing}
    `;
  }

  private renderFacts(info: KeyComparison) {
    const cell = (value: ItemCell, changed: boolean, side: string) =>
      html`<td class=${changed ? `cmp-fact-${side}` : ''}>${value === null ? html`<span class="absent">–</span>` : cellText(value)}</td>`;
    return html`<table class="cmp-facts">
      <thead>
        <tr><td></td><th scope="col">${t('Before')}</th><th scope="col">${t('After')}</th></tr>
      </thead>
      <tbody>
        ${info.facts.map(
          ({ name, left, right, changed }) =>
            html`<tr><th scope="row">${nameText(name)}</th>${cell(left, changed, 'left')}${cell(right, changed, 'right')}</tr>`,
        )}
      </tbody>
    </table>`;
  }

  private renderPart(info: KeyComparison, part: ComparedPart) {
    const total = this.changedOnly ? Math.min(part.changes, part.rows) : part.rows;
    const text = part.shape === 'text';
    return html`
      <div class="section-bar" @keydown=${this.onKeyDown}>
        ${
          info.parts.length > 1
            ? segments(
                t('Parts of the value'),
                info.parts.map(
                  ({ name, changes }, i) =>
                    [String(i), changes > 0 ? `${partText(name)} (${formatCount(changes)})` : partText(name)] as const,
                ),
                String(this.shownPart),
                (choice) => this.choose(Number(choice)),
                'tab',
              )
            : nothing
        }
        ${
          part.whole && !text && part.changes > 0 && part.changes < part.rows
            ? checkbox(t('Only what differs'), this.changedOnly, () => {
                this.changedOnly = !this.changedOnly;
                this.choose(this.shownPart);
              })
            : nothing
        }
        ${text && info.kind === 'changed' ? textButton(t('Compare texts'), () => void this.compareTexts(0, 0), 'diff') : nothing}
        ${
          !text && this.selected >= 0
            ? textButton(t('Compare texts'), () => void this.openRow(this.selected), 'diff')
            : nothing
        }
        <span class="dim">${partSummary(part)}</span>
      </div>
      <div class="section-body cmp-elements" @keydown=${this.onKeyDown}>
        <pe-table
          id="elements"
          .columns=${columnsOf(part, this.columnWidths, this.clientWidth)}
          .total=${total}
          .label=${partText(part.name)}
          .busy=${this.busy}
          @pe-activate=${this.onActivate}
          @pe-select=${this.onSelect}
          @pe-resize=${this.onResize}
        ></pe-table>
      </div>
    `;
  }

  private readonly onSelect = (event: Event): void => {
    event.stopPropagation();
    const { focus } = (event as CustomEvent<{ focus: number }>).detail;
    const row = this.cache.row(focus);
    this.selected = row && this.current && textField(row, this.current) >= 0 ? focus : -1;
    this.requestUpdate();
  };

  private readonly onResize = (event: Event): void => {
    event.stopPropagation();
    const { column, width } = (event as CustomEvent<{ column: string; width: number }>).detail;
    this.columnWidths = { ...this.columnWidths, [column]: width };
    this.requestUpdate();
  };
}

/** The first string of a row that differs and is not what the element is called; −1 if there is none. */
function textField(row: ComparedRow, part: ComparedPart): number {
  const { left, right } = row;
  if (row.status !== 'changed' || !left || !right) return -1;
  return left.findIndex(
    (cell, i) => i >= part.keys && isCell(cell) && JSON.stringify(cell) !== JSON.stringify(right[i] ?? null),
  );
}

function partSummary({ shape, rows, changes, whole }: ComparedPart): string {
  if (shape === 'text') return '';
  const [differ, all] = [formatCount(changes), formatCount(rows)];
  if (whole) return t('{0} of {1} elements differ', differ, all);
  return rows < changes
    ? t('{0} elements differ; the first {1} are shown', differ, all)
    : t('{0} elements differ; only these are shown', differ);
}

/** Width of the mark, of what an element is called, of an index, and of the narrowest content. */
const WIDTHS = { mark: 36, key: 120, index: 56, content: 96 };

/** What the elements are called, and what they hold on either side: both sides equally wide. */
function columnsOf(part: ComparedPart, widths: Readonly<Record<string, number>>, available: number): TableColumn[] {
  const column = (id: string, label: string, width: number, numeric = false): TableColumn => {
    return { id, label, width: widths[id] ?? width, numeric, sortable: false, grows: false };
  };
  const columns = [column('mark', '', WIDTHS.mark)];
  for (let i = 0; i < part.keys; i++) columns.push(column(`key-${i}`, fieldText(part.fields[i]), WIDTHS.key));
  const content = part.shown.filter((field) => field >= part.keys);
  const indexes = part.shape === 'sequence' ? 2 * WIDTHS.index : 0;
  const left = available - WIDTHS.mark - part.keys * WIDTHS.key - indexes;
  const each = Math.max(WIDTHS.content, Math.floor(left / (2 * Math.max(1, content.length))) - 1);
  for (const [side, label] of [
    ['left', t('before')],
    ['right', t('after')],
  ] as const) {
    if (part.shape === 'sequence') columns.push(column(`${side}-index`, t('Index'), WIDTHS.index, true));
    for (const field of content) {
      columns.push(column(`${side}-${field}`, `${fieldText(part.fields[field])}, ${label}`, each));
    }
  }
  return columns;
}

function lookOf(row: ComparedRow): RowLook {
  return { className: `cmp-${row.status}` };
}

customElements.define('pe-compare-key', PeCompareKey);
