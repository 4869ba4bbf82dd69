/** The parts of a filter that are chosen in pictures, each as words with a button to drop it. */
import { html, LitElement, nothing } from 'lit';
import { chosenParts } from '../../src/pictures/filter-words.js';
import type { KeyFilter } from '../../src/protocol.js';
import { t } from '../strings.js';

/** Events: `pe-drop` with the name of the part that is no longer wanted. */
export class PeFilterParts extends LitElement {
  static override properties = { filter: { attribute: false } };

  declare filter: KeyFilter;

  constructor() {
    super();
    this.filter = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const parts = chosenParts(this.filter, t);
    if (parts.length === 0) return nothing;
    return html`<div class="chips" role="group" aria-label=${t('Chosen in pictures')}>
      ${parts.map(
        ([name, text]) => html`<button
          class="chip on part"
          data-part=${name}
          title=${t('Show keys outside of it again')}
          @click=${() => this.dispatchEvent(new CustomEvent('pe-drop', { detail: name }))}
        >
          ${text}<span class="codicon codicon-close" aria-hidden="true"></span>
        </button>`,
      )}
    </div>`;
  }
}

customElements.define('pe-filter-parts', PeFilterParts);
