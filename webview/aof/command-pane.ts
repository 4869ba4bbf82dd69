/** The pane beside the list: what a command is, every argument of it, and its bytes. */
import { html, LitElement, nothing } from 'lit';
import type {
  ArgumentInfo,
  CommandCopyFormat,
  CommandDetail,
  CommandListRow,
  DamageRow,
  PartInfo,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { cellText, fillItemCell, icon, span, timeText, timeTitle } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { iconButton, named, segments } from '../controls.js';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled } from '../running.js';
import { message, nameText, t } from '../strings.js';
import type { ReadBytes } from '../value/hex-view.js';
import '../value/hex-view.js';
import { argumentDecoding, type DecodingAccess } from '../value/decoding.js';
import '../value/string-view.js';
import { groupText } from './aof-texts.js';

/** Milliseconds after the last letter until a search begins. */
const SEARCH_MS = 250;

type Tab = 'arguments' | 'bytes';

/**
 * Events: `pe-copy` with a format, `pe-history` with the number of a key, `pe-range` with the first and last command of
 * a transaction, `pe-close` to go back to the list.
 */
export class PeCommandPane extends LitElement {
  static override properties = { row: { attribute: false }, parts: { attribute: false } };

  /** The row of the list to show. */
  declare row: CommandListRow | undefined;
  declare parts: readonly PartInfo[];
  private detail: CommandDetail | undefined;
  private shown: number | undefined;
  private failure = '';
  private tab: Tab = 'arguments';
  private loading = 0;
  private total = 0;
  private search = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private argument: ArgumentInfo | undefined;
  private argumentSource: ReadBytes | undefined;
  private argumentAccess: DecodingAccess | undefined;
  private bytesSource: ReadBytes | undefined;
  private firstKey: number | null = null;
  private cache: PageCache<ArgumentInfo> | undefined;
  /** The table that shows the rows of a cache: both are made anew now and then. */
  private filled: { readonly table: PeTable; readonly cache: PageCache<ArgumentInfo> } | undefined;

  constructor() {
    super();
    this.parts = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('#arguments');
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('row')) return;
    const { row } = this;
    const command = row && row.kind !== 'damage' ? row.command : undefined;
    if (row?.kind === 'damage') this.readDamage(row);
    // The same command, in a row that was fetched anew.
    if (command === this.shown && command !== undefined) return;
    this.shown = command;
    if (command !== undefined) void this.load(command);
    else this.detail = undefined;
  }

  private readDamage({ part, offset }: DamageRow): void {
    this.bytesSource = (from, count) => {
      const running = ask('part.bytes', { part, from: offset + from, count });
      return { answer: running.answer.then((page) => ({ ...page, from })), cancel: () => running.cancel() };
    };
  }

  private async load(command: number): Promise<void> {
    const mine = ++this.loading;
    try {
      const detail = await ask('command.open', { command }).answer;
      if (mine !== this.loading) return;
      this.detail = detail;
      this.failure = '';
      this.search = '';
      this.total = detail.argc;
      this.bytesSource = (from, count) => ask('command.bytes', { command, argument: null, from, count });
      this.restart(command);
      await this.findKey(command, mine);
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.detail = undefined;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  /** Its first key, for the way to the history of that; and shows the only argument of a command that has one. */
  private async findKey(command: number, mine: number): Promise<void> {
    this.firstKey = null;
    const { items } = await ask('command.arguments', { command, from: 0, count: 8, search: '' }).answer;
    if (mine !== this.loading) return;
    this.firstKey = items.find(({ keyId }) => keyId !== null)?.keyId ?? null;
    const wanted = items.find(({ role }) => role === 'argument') ?? items[items.length - 1];
    this.show(wanted);
  }

  private restart(command: number): void {
    this.cache?.clear();
    this.show(undefined);
    const { search } = this;
    this.cache = new PageCache<ArgumentInfo>(
      (from, count) => {
        const running = ask('command.arguments', { command, from, count, search });
        const answer = running.answer.then(({ items, total }) => {
          if (search === this.search && this.shown === command && total !== this.total) {
            this.total = total;
            this.requestUpdate();
          }
          return items;
        });
        return { answer, cancel: () => running.cancel() };
      },
      () => this.table?.rowsChanged(),
      (error) => {
        this.failure = error instanceof RequestError ? message(error.info) : String(error);
        this.requestUpdate();
      },
    );
  }

  private show(argument: ArgumentInfo | undefined): void {
    const command = this.shown;
    if (argument && this.argument?.index === argument.index && this.argumentSource) return;
    this.argument = argument;
    this.argumentSource =
      argument && command !== undefined
        ? (from, count) => ask('command.bytes', { command, argument: argument.index, from, count })
        : undefined;
    this.argumentAccess = argument && command !== undefined ? argumentDecoding(command, argument.index) : undefined;
    this.requestUpdate();
  }

  protected override updated(): void {
    const { table, cache } = this;
    if (!table || !cache || (table === this.filled?.table && cache === this.filled.cache)) return;
    this.filled = { table, cache };
    table.scrollPosition = 0;
    table.configure(cache, fillArgument, (argument) => ({ className: `role-${argument.role}` }));
  }

  private emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** Puts the keyboard into the arguments. */
  override focus(): void {
    this.querySelector<HTMLElement>('pe-table')?.focus();
  }

  /** Shows the bytes of the command as they stand in the file. */
  showBytes(): void {
    this.tab = 'bytes';
    this.requestUpdate();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    this.emit('pe-close');
  };

  protected override render() {
    const { row, detail } = this;
    if (!row) return html`<div class="pane-empty dim">${t('Select a command to see its arguments.')}</div>`;
    if (row.kind === 'damage') return this.renderDamage(row);
    if (this.failure) return html`<div class="message error" role="alert">${this.failure}</div>`;
    if (!detail) return html`<div class="pane-empty dim">…</div>`;
    return html`<div class="pane-content" @keydown=${this.onKey}>
      ${this.renderHead(detail)}
      ${detail.problem ? html`<div class="message error" role="alert">${message(detail.problem)}</div>` : nothing}
      <div class="section-bar">
        ${segments(
          t('Parts of the command'),
          [
            ['arguments', `${t('Arguments')} (${formatCount(detail.argc)})`],
            ['bytes', t('Bytes in the file')],
          ],
          this.tab,
          (tab: Tab) => {
            this.tab = tab;
            this.requestUpdate();
          },
          'tab',
        )}
      </div>
      <div class="section-body">${this.tab === 'bytes' ? this.renderBytes(detail.bytes) : this.renderArguments(detail)}</div>
    </div>`;
  }

  private renderDamage(row: DamageRow) {
    return html`<div class="pane-content" @keydown=${this.onKey}>
      <div class="value-head">
        <div class="value-title">
          <span class="codicon codicon-${row.problem.severity}" aria-hidden="true"></span>
          <span class="value-key">${t('Bytes that are no commands')}</span>
        </div>
        <dl class="value-facts">
          ${fact(t('Offset'), formatCount(row.offset))} ${fact(t('Bytes'), formatCount(row.bytes))}
          ${fact(t('Part'), this.fileOf(row.part))}
        </dl>
      </div>
      <div class="message error" role="alert">${message(row.problem)}</div>
      <div class="section-body">${this.renderBytes(row.bytes)}</div>
    </div>`;
  }

  private fileOf(part: number): string {
    return this.parts.find((one) => one.part === part)?.file ?? '';
  }

  private renderHead(detail: CommandDetail) {
    const copy = (format: CommandCopyFormat, name: string, label: string) =>
      iconButton(name, label, () => this.emit('pe-copy', format));
    const { firstKey } = this;
    return html`<div class="value-head">
      <div class="value-title">
        <span class="value-key">${detail.name}</span>
        <span class="value-actions">
          ${firstKey === null ? nothing : iconButton('history', t('Show the history of the key'), () => this.emit('pe-history', firstKey))}
          ${copy('redis-cli', 'terminal', t('Copy as redis-cli commands'))} ${copy('resp', 'file-code', t('Copy as RESP'))}
          ${copy('json', 'json', t('Copy as JSON'))} ${firstKey === null ? nothing : copy('key', 'key', t('Copy key'))}
        </span>
      </div>
      ${detail.summary === null ? nothing : html`<p class="command-summary">${detail.summary}</p>`}
      ${detail.syntax === null ? nothing : html`<p class="command-syntax dim">${detail.name} ${detail.syntax}</p>`}
      <dl class="value-facts">${this.renderFacts(detail)}</dl>
    </div>`;
  }

  private renderFacts(detail: CommandDetail) {
    const { transaction, time } = detail;
    return html`
      ${fact(t('Number'), formatCount(detail.command))}
      ${fact(
        t('Offset'),
        html`<button class="link" title=${t('Show these bytes of the file')} @click=${() => this.showBytes()}>${formatCount(detail.offset)}</button>`,
      )}
      ${fact(t('Bytes'), formatBytes(detail.bytes), `${formatCount(detail.bytes)} B`)}
      ${time === null ? nothing : fact(t('Time (UTC)'), timeText(time * 1000), timeTitle(time * 1000))}
      ${fact(t('Database'), detail.db)} ${fact(t('Group'), groupText(detail.group))}
      ${this.parts.length > 1 ? fact(t('Part'), this.fileOf(detail.part)) : nothing}
      ${
        transaction === null
          ? nothing
          : fact(
              t('Transaction'),
              html`<button class="link" title=${t('Show only this transaction')} @click=${() => this.emit('pe-range', transaction)}>
                ${t('commands {0} to {1}', formatCount(transaction[0]), formatCount(transaction[1]))}
              </button>`,
            )
      }
      ${detail.facts.map(({ name, value }) => fact(nameText(name), cellText(value)))}
    `;
  }

  private renderArguments(detail: CommandDetail) {
    return html`
      ${
        detail.argc > 20
          ? html`<div class="items-bar">
              <vscode-text-field
                class="items-search"
                placeholder=${t('Search arguments')}
                ${named(t('Search arguments'))}
                .value=${this.search}
                @input=${this.onSearch}
              ></vscode-text-field>
              <span class="dim">${this.search === '' ? nothing : t('{0} found', formatCount(this.total))}</span>
            </div>`
          : nothing
      }
      <pe-table
        id="arguments"
        class="items-table"
        .columns=${ARGUMENT_COLUMNS()}
        .total=${this.total}
        .label=${t('Arguments')}
        @pe-select=${this.onArgument}
        @pe-activate=${this.onActivate}
      ></pe-table>
      ${this.renderArgument()}
    `;
  }

  private renderArgument() {
    const { argument } = this;
    if (!argument) return nothing;
    const { keyId } = argument;
    return html`<div class="cell-view">
      <div class="cell-title">
        <span class="dim">${t('Argument {0}', formatCount(argument.index))} · ${roleName(argument)} · ${t('offset {0}', formatCount(argument.offset))}</span>
        ${keyId === null ? nothing : iconButton('history', t('Show the history of this key'), () => this.emit('pe-history', keyId))}
      </div>
      <pe-string-view
        .source=${this.argumentSource}
        .decoding=${this.argumentAccess}
        .size=${argument.cell.bytes}></pe-string-view>
    </div>`;
  }

  private renderBytes(size: number) {
    return html`<pe-hex-view .read=${this.bytesSource} .size=${size}></pe-hex-view>`;
  }

  private readonly onSearch = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (value === this.search || this.shown === undefined) return;
      this.search = value;
      this.total = value === '' ? (this.detail?.argc ?? 0) : 1;
      this.restart(this.shown);
      this.requestUpdate();
    }, SEARCH_MS);
  };

  private readonly onArgument = (event: Event): void => {
    event.stopPropagation();
    const { focus } = (event as CustomEvent<{ focus: number }>).detail;
    const argument = this.cache?.row(focus);
    if (argument) this.show(argument);
  };

  /** Enter on a key shows what happened to it. */
  private readonly onActivate = (event: Event): void => {
    event.stopPropagation();
    const { position } = (event as CustomEvent<{ position: number }>).detail;
    const keyId = this.cache?.row(position)?.keyId ?? null;
    if (keyId !== null) this.emit('pe-history', keyId);
    else this.querySelector<HTMLElement>('.cell-view pre, .cell-view [tabindex]')?.focus();
  };
}

function fact(name: string, value: unknown, title = '') {
  return html`<div class="fact"><dt>${name}</dt><dd title=${title}>${value}</dd></div>`;
}

function roleName({ role }: ArgumentInfo): string {
  return role === 'name' ? t('command name') : role === 'key' ? t('key') : t('argument');
}

const ARGUMENT_COLUMNS = (): readonly TableColumn[] => [
  { id: 'index', label: t('Index'), width: 72, numeric: true },
  { id: 'value', label: t('Argument'), width: 160, grows: true },
  { id: 'bytes', label: t('Bytes'), width: 80, numeric: true },
];

function fillArgument(cell: HTMLElement, argument: ArgumentInfo, { id }: TableColumn): void {
  if (id === 'index') cell.append(formatCount(argument.index));
  else if (id === 'bytes') cell.append(formatBytes(argument.cell.bytes));
  else {
    if (argument.role === 'key') cell.append(icon('key', t('key')), ' ');
    if (argument.role === 'name') cell.append(span('argument-name', cellText(argument.cell)));
    else fillItemCell(cell, argument.cell);
  }
}

customElements.define('pe-command-pane', PeCommandPane);
