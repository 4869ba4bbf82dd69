/** The parts of a filter that are chosen in pictures, each as words with a button to drop it. */
import { html, LitElement, nothing } from 'lit';
import { formatCount, formatDuration, formatTime } from '../../src/format/quantities.js';
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
    const parts = filterParts(this.filter);
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

/** The parts of a filter that no other control shows, with their words. */
export function filterParts(filter: KeyFilter): (readonly [name: keyof KeyFilter, text: string])[] {
  const { namespace, slots, idle, freq, rows, expiry } = filter;
  const parts: (readonly [keyof KeyFilter, string])[] = [];
  if (namespace) {
    const path = namespace.path.map(({ text }) => text).join(namespace.separator);
    parts.push(['namespace', namespace.whole ? t('named {0}', path) : t('in {0}', path)]);
  }
  if (slots)
    parts.push([
      'slots',
      slots.min === slots.max ? t('slot {0}', slots.min ?? 0) : t('slots {0}', range(slots, String)),
    ]);
  if (idle)
    parts.push([
      'idle',
      t(
        'idle {0}',
        range(idle, (seconds) => formatDuration(seconds * 1000)),
      ),
    ]);
  if (freq) parts.push(['freq', t('frequency {0}', range(freq, String))]);
  if (expiry?.kind === 'between')
    parts.push(['expiry', t('expires {0} to {1} UTC', minute(expiry.from), minute(expiry.to))]);
  if (rows)
    parts.push(['rows', rows.length === 1 ? t('1 key of a list') : t('{0} keys of a list', formatCount(rows.length))]);
  return parts;
}

function minute(ms: number): string {
  return formatTime(Math.floor(ms / 1000) * 1000).slice(0, 19);
}

function range(
  { min, max }: { readonly min?: number; readonly max?: number },
  text: (value: number) => string,
): string {
  if (min === undefined) return `≤ ${text(max ?? 0)}`;
  return max === undefined || max >= 2 ** 32 - 1 ? `≥ ${text(min)}` : `${text(min)} – ${text(max)}`;
}

customElements.define('pe-filter-parts', PeFilterParts);
