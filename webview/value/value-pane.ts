/** The pane beside the grid: a key's name, what is known of it, and its value in the shape of its type. */
import { html, LitElement, nothing } from 'lit';
import { formatBytes, formatCount, formatDuration } from '../../src/format/quantities.js';
import type { CopyFormat, MatchInfo, Section, ValueInfo } from '../../src/protocol.js';
import { cellText, relativeTime, timeText, timeTitle } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { iconButton, segments } from '../controls.js';
import { Cancelled } from '../running.js';
import { message, nameText, t } from '../strings.js';
import { typeIcon } from '../type-icons.js';
import './bits-view.js';
import './items-view.js';
import './registers-view.js';
import './string-view.js';

/** A way back from the sections that an element opened. */
interface Level {
  readonly title: string;
  readonly sections: readonly Section[];
  active: string;
}

/** Events: `pe-copy` with a format, `pe-reveal` with an offset range, `pe-close`. */
export class PeValuePane extends LitElement {
  static override properties = {
    row: { type: Number },
    match: { attribute: false },
    search: { type: String },
  };

  /** The key to show; −1 for none. */
  declare row: number;
  /** The part of the value that has what was searched for in all values, and the text if it was one. */
  declare match: MatchInfo | null;
  declare search: string;
  private info: ValueInfo | undefined;
  private failure = '';
  private levels: Level[] = [];
  private loading = 0;

  constructor() {
    super();
    this.row = -1;
    this.match = null;
    this.search = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('row')) void this.load();
  }

  /** Reads the key again: the file, or what is known of it, has changed. */
  async load(): Promise<void> {
    const mine = ++this.loading;
    if (this.row < 0) {
      this.info = undefined;
      this.levels = [];
      return;
    }
    try {
      const info = await ask('value.open', { row: this.row }).answer;
      if (mine !== this.loading) return;
      this.info = info;
      this.failure = '';
      const [first] = info.sections;
      this.levels = [{ title: '', sections: info.sections, active: this.sectionOfMatch(info) ?? first?.id ?? '' }];
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.info = undefined;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  private sectionOfMatch({ sections }: ValueInfo): string | undefined {
    return sections.find(({ id }) => id === this.match?.section)?.id;
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  protected override render() {
    if (this.row < 0) {
      return html`<div class="pane-empty dim">${t('Select a key to see its value.')}</div>`;
    }
    if (this.failure) return html`<div class="message error" role="alert">${this.failure}</div>`;
    const { info } = this;
    if (!info) return html`<div class="pane-empty dim">…</div>`;
    return html`
      <div class="value-head">
        <div class="value-title">
          <span class="codicon codicon-${typeIcon(info.type)}" aria-hidden="true"></span>
          <span class="value-key" title=${info.key.text}>${info.key.bytes === 0 ? html`<span class="absent">${t('(empty name)')}</span>` : cellText(info.key)}</span>
          <span class="value-actions">
            ${this.copyButton('key', 'symbol-key', t('Copy key'))} ${this.copyButton('value', 'copy', t('Copy value'))}
            ${this.copyButton('json', 'json', t('Copy as JSON'))}
            ${this.copyButton('commands', 'terminal', t('Copy as redis-cli commands'))}
            ${this.copyButton('restore', 'archive', t('Copy as RESTORE command'))}
          </span>
        </div>
        <dl class="value-facts">${this.renderFacts(info)}</dl>
      </div>
      ${info.problem ? html`<div class="message error" role="alert">${message(info.problem)}</div>` : nothing}
      ${this.renderSections()}
    `;
  }

  private copyButton(format: CopyFormat, icon: string, label: string) {
    return iconButton(icon, label, () => this.emit('pe-copy', { format, row: this.row }));
  }

  private renderFacts(info: ValueInfo) {
    const fact = (name: string, value: unknown, title = '') =>
      html`<div class="fact"><dt>${name}</dt><dd title=${title}>${value}</dd></div>`;
    const encoding = info.encoding === null ? info.valueType : info.encoding;
    return html`
      ${fact(t('Type'), info.type, info.valueType)} ${fact(t('Encoding'), encoding, info.valueType)}
      ${info.elements === null ? nothing : fact(info.type === 'string' ? t('Bytes') : t('Elements'), formatCount(info.elements))}
      ${info.memory === null ? nothing : fact(t('Memory'), formatBytes(info.memory), t('{0} B, estimated', formatCount(info.memory)))}
      ${fact(t('In file'), formatBytes(info.size), `${formatCount(info.size)} B`)}
      ${
        info.expireAt === null
          ? fact(t('Expires'), t('never'))
          : fact(
              t('Expires'),
              html`<span class=${Number(info.expireAt) <= Date.now() ? 'expired' : ''}
                >${timeText(info.expireAt)} (${relativeTime(info.expireAt, Date.now())})</span
              >`,
              timeTitle(info.expireAt),
            )
      }
      ${fact(t('Database'), info.db)} ${info.slot < 0 ? nothing : fact(t('Slot'), info.slot)}
      ${info.idle === null ? nothing : fact(t('Idle'), formatDuration(info.idle * 1000))}
      ${info.freq === null ? nothing : fact(t('Frequency'), info.freq)}
      ${fact(
        t('Offset'),
        html`<button class="link" @click=${() => this.emit('pe-reveal', { from: info.offset, to: info.end })}>${formatCount(info.offset)}</button>`,
        t('Show these bytes of the file'),
      )}
      ${info.facts.map(({ name, value }) => fact(nameText(name), cellText(value)))}
    `;
  }

  private renderSections() {
    const level = this.levels[this.levels.length - 1];
    const { info } = this;
    if (!level || !info) return nothing;
    const section = level.sections.find((one) => one.id === level.active) ?? level.sections[0];
    if (!section) return nothing;
    const back = this.levels.length > 1;
    return html`
      ${
        back || level.sections.length > 1
          ? html`<div class="section-bar">
              ${
                back
                  ? html`${iconButton('arrow-left', t('Back'), this.goBack)}
                      <span class="section-path">${level.title}</span>`
                  : nothing
              }
              ${this.renderTabs(level, section)}
            </div>`
          : nothing
      }
      <div class="section-body" @pe-open-section=${this.onOpenSection}>${this.renderSection(section, info)}</div>
    `;
  }

  private renderTabs(level: Level, active: Section) {
    const label = (section: Section) => {
      const count =
        section.kind === 'items' && typeof section.count === 'number' ? ` (${formatCount(section.count)})` : '';
      return `${nameText(section.title)}${count}`;
    };
    const choices = level.sections.map((section) => [section.id, label(section)] as const);
    const choose = (id: string) => {
      level.active = id;
      this.requestUpdate();
    };
    return segments(t('Parts of the value'), choices, active.id, choose, 'tab');
  }

  private renderSection(section: Section, info: ValueInfo) {
    switch (section.kind) {
      case 'items':
        return html`<pe-items-view
          .row=${info.row}
          .section=${section}
          .wanted=${this.match?.section === section.id ? this.search : ''}
          .shown=${this.match?.section === section.id ? this.match.position : -1}
        ></pe-items-view>`;
      case 'text':
        return html`<pe-string-view
          .address=${{ row: info.row, section: section.id, position: 0, column: 0 }}
          .size=${section.bytes ?? 0}
        ></pe-string-view>`;
      case 'registers':
        return html`<pe-registers-view
          .address=${{ row: info.row, section: section.id, position: 0, column: 0 }}
        ></pe-registers-view>`;
      case 'bits':
        return html`<pe-bits-view
          .address=${{ row: info.row, section: section.id, position: 0, column: 0 }}
          .size=${section.bytes ?? 0}
        ></pe-bits-view>`;
      case 'facts':
        return html`<dl class="facts-table">
          ${(section.facts ?? []).map(
            ({ name, value }) =>
              html`<div class="facts-row"><dt>${nameText(name)}</dt><dd>${cellText(value)}</dd></div>`,
          )}
        </dl>`;
    }
  }

  private readonly onOpenSection = (event: Event): void => {
    const { title, sections } = (event as CustomEvent<{ title: string; sections: readonly Section[] }>).detail;
    this.levels = [...this.levels, { title, sections, active: sections[0]?.id ?? '' }];
    this.requestUpdate();
  };

  private readonly goBack = (): void => {
    this.levels = this.levels.slice(0, -1);
    this.requestUpdate();
  };

  /** Puts the keyboard into the value. */
  override focus(): void {
    this.querySelector<HTMLElement>('.section-body pe-table, .section-body pre, .section-body [tabindex]')?.focus();
  }
}

customElements.define('pe-value-pane', PeValuePane);
