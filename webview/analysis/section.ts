/** A question with its answer: a heading with tools, a picture or the tables behind it, and ways to copy them. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Choice, Place, TableRow, View } from '../../src/pictures/shapes.js';
import { tableAsMarkdown, tableAsTsv } from '../../src/pictures/table-text.js';
import { ask } from '../connection.js';
import { iconButton } from '../controls.js';
import { t } from '../strings.js';
import './data-table.js';
import './picture.js';
import { pictureImage } from './picture-image.js';

/** The part at a point of a picture that has no places of its own. */
export interface PartFinder {
  at(x: number, y: number, width: number): number;
  place(part: number, width: number): Place;
  text(part: number): string;
  choice(part: number): Choice | null;
  readonly count: number;
  /** How many parts further one is below another. */
  readonly down: number;
}

/** Events: `pe-choice` with what was chosen in the picture or a table. */
export class PeSection extends LitElement {
  static override properties = {
    name: { type: String },
    view: { attribute: false },
    tools: { attribute: false },
    finder: { attribute: false },
    above: { attribute: false },
    waiting: { type: String },
    table: { state: true },
    pointed: { state: true },
    copying: { state: true },
    told: { state: true },
  };

  /** Identity among the sections. */
  declare name: string;
  declare view: View | undefined;
  /** What stands beside the heading. */
  declare tools: TemplateResult | undefined;
  declare finder: PartFinder | undefined;
  /** What stands above the picture: where one is. */
  declare above: TemplateResult | undefined;
  /** What is said while there is no answer. */
  declare waiting: string;
  declare table: boolean;
  declare pointed: number;
  declare copying: boolean;
  declare told: string;

  constructor() {
    super();
    this.name = '';
    this.waiting = '';
    this.table = false;
    this.pointed = -1;
    this.copying = false;
    this.told = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private choose(choice: Choice | null | undefined): void {
    if (choice) this.dispatchEvent(new CustomEvent('pe-choice', { detail: choice }));
  }

  private get words(): string {
    const { view, finder, pointed } = this;
    if (pointed < 0) return '';
    return finder ? finder.text(pointed) : (view?.parts[pointed]?.text ?? '');
  }

  protected override render() {
    const { view } = this;
    if (!view) return html`<h2>${this.waiting}</h2>`;
    const shown = view.nothing === '';
    const hasPicture = view.draw !== undefined;
    return html`
      <h2>
        <span class="section-title">${view.title}${view.note ? html` <span class="dim note">${view.note}</span>` : nothing}</span>
        ${
          shown
            ? html`<span class="section-tools">
                ${this.tools ?? nothing}
                ${
                  hasPicture
                    ? iconButton(
                        'table',
                        t('Show as a table'),
                        () => {
                          this.table = !this.table;
                        },
                        { on: this.table },
                      )
                    : nothing
                }
                ${this.renderCopy(view)}
              </span>`
            : nothing
        }
      </h2>
      ${this.above ?? nothing} ${shown ? this.renderAnswer(view) : html`<p class="dim">${view.nothing}</p>`}
      <div class="visually-hidden" aria-live="polite">${this.told}</div>
    `;
  }

  private renderAnswer(view: View) {
    const { draw } = view;
    if (this.table || !draw) return this.renderTables(view);
    return html`${
      view.legend.length > 0
        ? html`<div class="legend ${view.plainInContrast ? 'colours-only' : ''}">
            ${view.legend.map(
              ({ paint, text }) => html`<span class="legend-entry"
                ><svg class="chart swatch" width="12" height="12" aria-hidden="true">
                  <rect class="paint-${paint}" width="12" height="12" fill=${`url(#pe-pattern-${paint})`}></rect></svg
                >${text}</span
              >`,
            )}
          </div>`
        : nothing
    }
    <pe-picture
      .label=${`${view.title}. ${t('Arrow keys move, Enter shows the keys.')}`}
      .draw=${draw}
      .parts=${view.parts}
      .find=${this.finder}
      @pe-point=${(event: Event) => {
        this.pointed = (event as CustomEvent<number>).detail;
      }}
      @pe-part=${(event: Event) => {
        const part = (event as CustomEvent<number>).detail;
        this.choose(this.finder ? this.finder.choice(part) : view.parts[part]?.choice);
      }}
    ></pe-picture>
    <p class="chart-words dim" aria-live="polite">${this.words}</p>`;
  }

  private renderTables(view: View) {
    return view.tables.map(
      ({ title, table }, i) => html`${i > 0 ? html`<h3>${title}</h3>` : nothing}<pe-data-table
          .label=${title}
          .table=${table}
          .more=${t('Show all {0} rows')}
          @pe-row=${(event: Event) => this.choose((event as CustomEvent<TableRow>).detail.choice)}
        ></pe-data-table>`,
    );
  }

  private renderCopy(view: View) {
    const close = () => {
      this.copying = false;
    };
    const entry = (label: string, run: () => Promise<void>) => html`<button
      role="menuitem"
      @click=${() => {
        close();
        void run();
      }}
    >
      ${label}
    </button>`;
    return html`<span
      class="copy"
      @focusout=${(event: FocusEvent) => {
        if (!(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) close();
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape' || !this.copying) return;
        event.stopPropagation();
        close();
        this.querySelector<HTMLElement>('.copy vscode-button')?.focus();
      }}
    >
      ${iconButton(
        'copy',
        t('Copy'),
        () => {
          this.copying = !this.copying;
        },
        { on: this.copying },
      )}
      ${
        this.copying
          ? html`<span class="copy-menu" role="menu" aria-label=${t('Copy')}>
              ${
                view.draw
                  ? html`${entry(t('Copy image'), () => this.copyImage(view))}${entry(t('Save image…'), () => this.saveImage(view))}`
                  : nothing
              }
              ${entry(t('Copy table for a spreadsheet'), () => this.copyText(view, tableAsTsv))}
              ${entry(t('Copy table as Markdown'), () => this.copyText(view, tableAsMarkdown))}
            </span>`
          : nothing
      }
    </span>`;
  }

  private async copyText(view: View, write: (table: View['tables'][number]['table']) => string): Promise<void> {
    const text = view.tables.map(({ table }) => write(table)).join('\n');
    const what = t('Copied the table {0}', view.title);
    await ask('host.clipboard', { text, what }).answer;
    this.told = what;
  }

  private async image(view: View): Promise<Blob> {
    const width = this.querySelector('pe-picture')?.clientWidth || 800;
    if (!view.draw) throw new Error('no picture');
    return pictureImage(view.title, view.draw(width), view.legend);
  }

  private async copyImage(view: View): Promise<void> {
    const image = await this.image(view);
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
      this.told = t('Copied the picture {0}', view.title);
    } catch {
      // Where a page may not copy images, they can be saved.
      await this.saveImage(view);
    }
  }

  private async saveImage(view: View): Promise<void> {
    const bytes = new Uint8Array(await (await this.image(view)).arrayBuffer());
    await ask('host.saveImage', { name: this.name, bytes }).answer;
  }
}

customElements.define('pe-section', PeSection);
