/** The choice of columns of the key grid: a button, and what pops up from it. */
import { html, LitElement, nothing } from 'lit';
import type { ColumnId, Preferences, Summary } from '../../src/protocol.js';
import { checkbox, iconButton } from '../controls.js';
import { t } from '../strings.js';
import { columnChoices } from './columns.js';

/** Events: `pe-columns` with the preferences that change. */
export class PeColumnMenu extends LitElement {
  static override properties = { summary: { attribute: false }, preferences: { attribute: false } };

  declare summary: Summary | undefined;
  declare preferences: Preferences;
  private open = false;

  constructor() {
    super();
    this.preferences = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private readonly toggle = (): void => {
    this.open = !this.open;
    this.requestUpdate();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.toggle();
    this.querySelector<HTMLElement>('vscode-button')?.focus();
  };

  private show(id: ColumnId, shown: boolean): void {
    const { hiddenColumns = [], shownColumns = [] } = this.preferences;
    const without = (columns: readonly ColumnId[]) => columns.filter((one) => one !== id);
    const detail: Preferences = {
      hiddenColumns: shown ? without(hiddenColumns) : [...without(hiddenColumns), id],
      shownColumns: shown ? [...without(shownColumns), id] : without(shownColumns),
    };
    this.dispatchEvent(new CustomEvent('pe-columns', { detail }));
  }

  protected override render() {
    const choices = columnChoices(this.summary, this.preferences).filter(({ id }) => id !== 'key');
    return html`${iconButton('list-selection', t('Columns'), this.toggle, { on: this.open })}${
      this.open
        ? html`<div class="column-choices" role="dialog" aria-label=${t('Columns')} @keydown=${this.onKey}>
            ${choices.map(({ id, label, shown }) => checkbox(label, shown, () => this.show(id, !shown)))}
          </div>`
        : nothing
    }`;
  }
}

customElements.define('pe-column-menu', PeColumnMenu);
