/** Finding commands: a search box for keys, chips for commands, and the filters behind a button. */
import { html, LitElement, nothing } from 'lit';
import type { AofSummary, CommandFilter } from '../../src/aof-protocol.js';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import type { KeyPattern } from '../../src/protocol.js';
import { checkbox, dropdown, named, textButton } from '../controls.js';
import { parseSize, parseTime } from '../keys/quantities.js';
import '../search-box.js';
import type { PeSearchBox } from '../search-box.js';
import { t } from '../strings.js';
import { groupText, roleText } from './aof-texts.js';
import { changedFilter, changedRange, chipsOf, groupCounts, keyFilter, keyPattern, toggled } from './command-filter.js';

/** Events: `pe-filter` with the filter. */
export class PeCommandFilterBar extends LitElement {
  static override properties = {
    summary: { attribute: false },
    filter: { attribute: false },
    keyName: { type: String },
    open: { state: true },
  };

  declare summary: AofSummary | undefined;
  declare filter: CommandFilter;
  /** Name of the key whose history is shown, where the filter asks for one. */
  declare keyName: string;
  declare open: boolean;

  constructor() {
    super();
    this.filter = {};
    this.keyName = '';
    this.open = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private change(part: { readonly [Name in keyof CommandFilter]?: CommandFilter[Name] | undefined }): void {
    this.filter = changedFilter(this.filter, part);
    this.dispatchEvent(new CustomEvent('pe-filter', { detail: this.filter, bubbles: true }));
  }

  /** Puts the keyboard into the search box. */
  focusSearch(): void {
    this.querySelector<PeSearchBox>('pe-search-box')?.focus();
  }

  private readonly onPattern = (event: Event): void => {
    const key = keyFilter((event as CustomEvent<KeyPattern | undefined>).detail);
    this.change({ key });
  };

  private get filterCount(): number {
    const { groups, dbs, parts, time, size } = this.filter;
    return [groups, dbs, parts, time, size].filter((part) => part !== undefined).length;
  }

  protected override render() {
    const { filterCount } = this;
    return html`
      <pe-search-box
        .label=${t('Search keys of commands')}
        .pattern=${keyPattern(this.filter.key)}
        @pe-pattern=${this.onPattern}
      ></pe-search-box>
      <vscode-button
        class="filters-button"
        appearance=${filterCount > 0 ? 'primary' : 'secondary'}
        aria-expanded=${this.open}
        @click=${() => {
          this.open = !this.open;
        }}
        ><span slot="start" class="codicon codicon-filter"></span>${t('Filters')}${filterCount > 0 ? ` (${filterCount})` : ''}</vscode-button
      >
      ${this.open ? this.renderFilters() : nothing}
      <div class="chips" role="group" aria-label=${t('Commands')}>${this.renderRemovable()} ${this.renderNames()}</div>
    `;
  }

  /** What was chosen elsewhere: in a chart, in a list of keys. */
  private renderRemovable() {
    const { range, keyId } = this.filter;
    const chip = (icon: string, text: string, remove: () => void) => html`<button
      class="chip on removable"
      title=${t('Remove this filter')}
      @click=${remove}
    >
      <span class="codicon codicon-${icon}" aria-hidden="true"></span><span class="chip-text">${text}</span
      ><span class="codicon codicon-close" aria-hidden="true"></span>
    </button>`;
    return html`
      ${keyId === undefined ? nothing : chip('history', t('history of {0}', this.keyName), () => this.change({ keyId: undefined }))}
      ${
        range === undefined
          ? nothing
          : chip('graph', t('commands {0} to {1}', formatCount(range[0]), formatCount(range[1])), () =>
              this.change({ range: undefined }),
            )
      }
    `;
  }

  private renderNames() {
    const names = this.summary?.names ?? [];
    const chosen = this.filter.names ?? [];
    const { shown, rest } = chipsOf(names, chosen);
    return html`
      ${shown.map(({ name, commands, bytes }) => {
        const on = chosen.includes(name);
        return html`<button
          class="chip ${on ? 'on' : ''}"
          aria-pressed=${on}
          data-command=${name}
          title=${t('{0}: {1} commands, {2} in the file', name, formatCount(commands), formatBytes(bytes))}
          @click=${() => this.change({ names: toggled(this.filter.names, name) })}
        >
          ${name}<span class="chip-count">${formatCount(commands)}</span>
        </button>`;
      })}
      ${rest.length === 0 ? nothing : this.renderMore(rest)}
    `;
  }

  private renderMore(rest: AofSummary['names']) {
    const choices = rest.map(({ name, commands }) => [name, `${name} (${formatCount(commands)})`] as const);
    return dropdown(t('More commands'), [['', t('more…')], ...choices], '', (name) => {
      if (name !== '') this.change({ names: toggled(this.filter.names, name) });
    });
  }

  private renderFilters() {
    const { databases = [], parts = [], names = [] } = this.summary ?? {};
    const { groups, dbs, size, time } = this.filter;
    const counted = (name: string | number, commands: number) =>
      html`${name} <span class="dim">${formatCount(commands)}</span>`;
    const row = (label: string, content: unknown) => html`<div class="filter" role="group" aria-label=${label}>
      <span class="filter-name">${label}</span>${content}
    </div>`;
    return html`<div class="filters" role="dialog" aria-label=${t('Filters')} @keydown=${this.onFiltersKey}>
      ${row(
        t('Groups'),
        groupCounts(names).map(([group, commands]) =>
          checkbox(counted(groupText(group), commands), groups?.includes(group) ?? false, () =>
            this.change({ groups: toggled(groups, group) }),
          ),
        ),
      )}
      ${
        databases.length > 1
          ? row(
              t('Databases'),
              databases.map(({ db, commands }) =>
                checkbox(counted(db, commands), dbs?.includes(db) ?? false, () =>
                  this.change({ dbs: toggled(dbs, db) }),
                ),
              ),
            )
          : nothing
      }
      ${
        parts.length > 1
          ? row(
              t('Parts'),
              parts
                .filter(({ commands }) => commands > 0)
                .map(({ part, file, role, commands }) =>
                  checkbox(
                    counted(`${file} (${roleText(role)})`, commands),
                    this.filter.parts?.includes(part) ?? false,
                    () => this.change({ parts: toggled(this.filter.parts, part) }),
                  ),
                ),
            )
          : nothing
      }
      ${this.summary?.timeRange ? this.renderRange('time', t('Time (UTC)'), time, (value) => formatTime(value * 1000), parseTime) : nothing}
      ${this.renderRange('size', t('Bytes'), size, formatBytes, parseSize)}
      <div class="filter-actions">
        ${textButton(t('Clear filters'), this.clearFilters, 'clear-all', this.filterCount === 0)}
        ${textButton(t('Close'), this.closeFilters)}
      </div>
    </div>`;
  }

  private renderRange(
    name: 'time' | 'size',
    label: string,
    range: CommandFilter['time'],
    format: (value: number) => string,
    parse: (text: string) => number | undefined,
  ) {
    const input = (end: 0 | 1, placeholder: string) => {
      const value = range?.[end] ?? null;
      return html`<vscode-text-field
        class=${name === 'time' ? 'moment' : 'short'}
        placeholder=${placeholder}
        ${named(`${label}: ${placeholder}`)}
        .value=${value === null ? '' : format(value)}
        @change=${(event: Event) => {
          const { value: text } = event.target as HTMLInputElement;
          const parsed = parse(text);
          // What is no time or size is left as it stands, for its author to mend.
          if (text.trim() !== '' && parsed === undefined) return;
          this.change({ [name]: changedRange(this.filter[name], end, parsed) });
        }}
      ></vscode-text-field>`;
    };
    const [from, to] = name === 'time' ? [t('from'), t('to')] : [t('at least'), t('at most')];
    return html`<div class="filter" role="group" aria-label=${label}>
      <span class="filter-name">${label}</span>${input(0, from)} ${input(1, to)}
    </div>`;
  }

  private readonly clearFilters = (): void => {
    this.change({ groups: undefined, dbs: undefined, parts: undefined, time: undefined, size: undefined });
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

customElements.define('pe-command-filter-bar', PeCommandFilterBar);
