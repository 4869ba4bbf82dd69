/** Finding keys: the search box with its modes, chips for types, and the filters behind a button. */
import { html, LitElement, nothing } from 'lit';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { ExpiryFilter, KeyFilter, KeyPattern, Summary, ValuePattern } from '../../src/protocol.js';
import { checkbox, dropdown, iconButton, named, textButton } from '../controls.js';
import '../search-box.js';
import type { PeSearchBox } from '../search-box.js';
import { t } from '../strings.js';
import { typeIcon } from '../type-icons.js';
import './filter-parts.js';
import { parseDuration, parseSize } from './quantities.js';

/** Events: `pe-filter` with the filter. */
export class PeFilterBar extends LitElement {
  static override properties = {
    summary: { attribute: false },
    filter: { attribute: false },
    problem: { type: String },
    open: { state: true },
    values: { state: true },
  };

  declare summary: Summary | undefined;
  declare filter: KeyFilter;
  /** Why the pattern cannot be used. */
  declare problem: string;
  declare open: boolean;
  /** True if the box searches values, not names. */
  declare values: boolean;

  constructor() {
    super();
    this.filter = {};
    this.problem = '';
    this.open = false;
    this.values = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private change(part: Partial<{ [Name in keyof KeyFilter]: KeyFilter[Name] | undefined }>): void {
    const merged = { ...this.filter, ...part };
    const filter = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as KeyFilter;
    this.filter = filter;
    this.dispatchEvent(new CustomEvent('pe-filter', { detail: filter, bubbles: true }));
  }

  private readonly onPattern = (event: Event): void => {
    const { detail } = event as CustomEvent<(KeyPattern & ValuePattern) | undefined>;
    this.change(this.values ? { value: detail } : { key: detail });
  };

  protected override willUpdate(changed: Map<string, unknown>): void {
    // A filter that comes from elsewhere shows in the box what it searches.
    if (!changed.has('filter')) return;
    if (this.filter.value && !this.filter.key) this.values = true;
    else if (this.filter.key && !this.filter.value) this.values = false;
  }

  private readonly toggleValues = async (): Promise<void> => {
    this.values = !this.values;
    await this.updateComplete;
    this.focusSearch();
  };

  /** What the box does not show of what is searched for: names while it searches values, and the reverse. */
  private renderOtherSearch() {
    const { key, value } = this.filter;
    const other = this.values ? key : value;
    if (!other) return nothing;
    const name = this.values ? 'key' : 'value';
    const text = this.values ? t('key: {0}', other.text) : t('value: {0}', other.text);
    return html`<button class="chip on part" data-part=${name} title=${t('Search for it no longer')} @click=${() => this.change({ [name]: undefined })}>
      ${text}<span class="codicon codicon-close" aria-hidden="true"></span>
    </button>`;
  }

  /** Puts the keyboard into the search box. */
  focusSearch(): void {
    this.querySelector<PeSearchBox>('pe-search-box')?.focus();
  }

  protected override render() {
    const filters = this.filterCount();
    return html`
      <pe-search-box
        .label=${this.values ? t('Search values') : t('Search keys')}
        .values=${this.values}
        .pattern=${this.values ? this.filter.value : this.filter.key}
        .problem=${this.problem}
        @pe-pattern=${this.onPattern}
      ></pe-search-box>
      ${iconButton('symbol-string', t('Search in values'), () => void this.toggleValues(), { on: this.values })}
      ${this.renderOtherSearch()}
      <vscode-button
        class="filters-button"
        appearance=${filters > 0 ? 'primary' : 'secondary'}
        aria-expanded=${this.open}
        @click=${() => {
          this.open = !this.open;
        }}
        ><span slot="start" class="codicon codicon-filter"></span>${t('Filters')}${filters > 0 ? ` (${filters})` : ''}</vscode-button
      >
      ${this.open ? this.renderFilters() : nothing} ${this.renderTypes()}
      <pe-filter-parts
        .filter=${this.filter}
        @pe-drop=${(event: Event) => this.change({ [(event as CustomEvent<keyof KeyFilter>).detail]: undefined })}
      ></pe-filter-parts>
    `;
  }

  private filterCount(): number {
    const { encodings, dbs, expiry, size, memory, elements } = this.filter;
    return [encodings, dbs, expiry, size, memory, elements].filter((part) => part !== undefined).length;
  }

  private renderTypes() {
    const types = this.summary?.types ?? [];
    if (types.length === 0) return nothing;
    const chosen = this.filter.types ?? [];
    return html`<div class="chips" role="group" aria-label=${t('Types')}>
      ${types.map(({ type, keys, bytes }) => {
        const on = chosen.includes(type);
        return html`<button
          class="chip ${on ? 'on' : ''}"
          aria-pressed=${on}
          title=${t('{0}: {1} keys, {2} in the file', type, formatCount(keys), formatBytes(bytes))}
          @click=${() => this.toggleType(type, on)}
        >
          <span class="codicon codicon-${typeIcon(type)}" aria-hidden="true"></span>${type}<span class="chip-count">${formatCount(keys)}</span>
        </button>`;
      })}
    </div>`;
  }

  private toggleType(type: string, on: boolean): void {
    const types = this.filter.types ?? [];
    const changed = on ? types.filter((one) => one !== type) : [...types, type];
    this.change({ types: changed.length === 0 ? undefined : changed });
  }

  private renderFilters() {
    const { databases = [], encodings = [] } = this.summary ?? {};
    const { dbs, size, memory, elements } = this.filter;
    const expiries = [
      ['', t('any')],
      ['none', t('never expires')],
      ['any', t('expires')],
      ['expired-at-save', t('expired when saved')],
      ['expired-now', t('expired by now')],
      ['within', t('expires within')],
      // Chosen in a picture only.
      ...(this.filter.expiry?.kind === 'between' ? [['between', t('expires between')] as const] : []),
    ] as const;
    const { expiry } = this.filter;
    const counted = (name: string | number, keys: number) =>
      html`${name} <span class="dim">${formatCount(keys)}</span>`;
    return html`<div class="filters" role="dialog" aria-label=${t('Filters')} @keydown=${this.onFiltersKey}>
      <div class="filter">
        <span class="filter-name">${t('Expiry')}</span>
        ${dropdown(t('Expiry'), expiries, expiry?.kind ?? '', this.onExpiry)}
        ${
          expiry?.kind === 'within'
            ? html`<vscode-text-field
                class="short"
                .value=${`${expiry.ms / 3600000} h`}
                ${named(t('Time until expiry'))}
                @change=${this.onWithin}
              ></vscode-text-field>`
            : nothing
        }
      </div>
      ${
        databases.length > 1
          ? html`<div class="filter" role="group" aria-label=${t('Databases')}>
              <span class="filter-name">${t('Databases')}</span>
              ${databases.map(({ db, keys }) => checkbox(counted(db, keys), dbs?.includes(db) ?? false, () => this.toggleDb(db)))}
            </div>`
          : nothing
      }
      ${
        encodings.length > 1
          ? html`<div class="filter" role="group" aria-label=${t('Encodings')}>
              <span class="filter-name">${t('Encodings')}</span>
              ${encodings.map(({ encoding, keys }) =>
                checkbox(
                  counted(encoding === '' ? t('none') : encoding, keys),
                  this.filter.encodings?.includes(encoding) ?? false,
                  () => this.toggleEncoding(encoding),
                ),
              )}
            </div>`
          : nothing
      }
      ${this.renderRange('size', t('Size in file'), size, formatBytes)}
      ${this.renderRange('memory', t('Memory'), memory, formatBytes)}
      ${this.renderRange('elements', t('Elements'), elements, formatCount)}
      <div class="filter-actions">
        ${textButton(t('Clear filters'), this.clearFilters, 'clear-all', this.filterCount() === 0)}
        ${textButton(t('Close'), this.closeFilters)}
      </div>
    </div>`;
  }

  private renderRange(
    name: 'size' | 'memory' | 'elements',
    label: string,
    range: KeyFilter['size'],
    format: (value: number) => string,
  ) {
    const input = (end: 'min' | 'max', placeholder: string) => html`<vscode-text-field
      class="short"
      placeholder=${placeholder}
      ${named(`${label}: ${placeholder}`)}
      .value=${range?.[end] === undefined ? '' : format(range[end])}
      @change=${(event: Event) => {
        const value = parseSize((event.target as HTMLInputElement).value);
        const changed = { ...range };
        delete changed[end];
        if (value !== undefined) changed[end] = value;
        this.change({ [name]: Object.keys(changed).length === 0 ? undefined : changed });
      }}
    ></vscode-text-field>`;
    return html`<div class="filter" role="group" aria-label=${label}>
      <span class="filter-name">${label}</span>${input('min', t('at least'))} ${input('max', t('at most'))}
    </div>`;
  }

  private readonly onExpiry = (value: string): void => {
    const kind = value as ExpiryFilter['kind'] | '';
    if (kind === (this.filter.expiry?.kind ?? '')) return;
    if (kind === '') this.change({ expiry: undefined });
    else if (kind === 'within') this.change({ expiry: { kind, ms: 24 * 3600000 } });
    else if (kind !== 'between') this.change({ expiry: { kind } });
  };

  private readonly onWithin = (event: Event): void => {
    const ms = parseDuration((event.target as HTMLInputElement).value);
    if (ms !== undefined) this.change({ expiry: { kind: 'within', ms } });
  };

  private toggleDb(db: number): void {
    const dbs = this.filter.dbs ?? [];
    const changed = dbs.includes(db) ? dbs.filter((one) => one !== db) : [...dbs, db];
    this.change({ dbs: changed.length === 0 ? undefined : changed });
  }

  private toggleEncoding(encoding: string): void {
    const encodings = this.filter.encodings ?? [];
    const on = encodings.includes(encoding);
    const changed = on ? encodings.filter((one) => one !== encoding) : [...encodings, encoding];
    this.change({ encodings: changed.length === 0 ? undefined : changed });
  }

  private readonly clearFilters = (): void => {
    this.change({
      encodings: undefined,
      dbs: undefined,
      expiry: undefined,
      size: undefined,
      memory: undefined,
      elements: undefined,
    });
  };

  private readonly closeFilters = (): void => {
    this.open = false;
    this.querySelector<HTMLElement>('.filters-button')?.focus();
  };

  private readonly onFiltersKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.closeFilters();
  };
}

customElements.define('pe-filter-bar', PeFilterBar);
