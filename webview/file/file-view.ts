/** The file itself: what is wrong with it, what it says of its origin, its functions, its records, its bytes. */
import { html, LitElement, nothing } from 'lit';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import type { FunctionInfo, ProblemInfo, RecordInfo, Summary } from '../../src/protocol.js';
import { cellText, span } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { dropdown, textButton } from '../controls.js';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import { Cancelled } from '../running.js';
import '../grid/table.js';
import { message, nameText, t } from '../strings.js';
import { checksumText, keysText, memoryLines, serverText } from '../summary-texts.js';
import '../bytes/bytes-view.js';
import { bytesHelp, type PeBytesView } from '../bytes/bytes-view.js';
import { highlightLua } from './lua.js';

/** Opcodes that the records can be narrowed to. */
const OPCODES: readonly (readonly [code: number, name: string])[] = [
  [250, 'AUX'],
  [254, 'SELECTDB'],
  [251, 'RESIZEDB'],
  [245, 'FUNCTION2'],
  [246, 'FUNCTION_PRE_GA'],
  [247, 'MODULE_AUX'],
  [244, 'SLOT_INFO'],
  [242, 'HASH_TEMPLATE'],
  [243, 'SLOT_IMPORT'],
  [255, 'EOF'],
];

/** Events: `pe-show-key` with a row. */
export class PeFileView extends LitElement {
  static override properties = { summary: { attribute: false } };

  declare summary: Summary | undefined;
  private functions: readonly FunctionInfo[] = [];
  private moreFunctions = 0;
  private opcode: number | null = null;
  private recordTotal = 0;
  private bytesShown = false;
  private failure = '';
  private asked = false;

  private readonly cache = new PageCache<RecordInfo>(
    (from, count) => {
      const { opcode } = this;
      const running = ask('file.records', { from, count, opcode });
      const answer = running.answer.then(({ total, records }) => {
        if (opcode === this.opcode && total !== this.recordTotal) {
          this.recordTotal = total;
          this.requestUpdate();
        }
        return records;
      });
      return { answer, cancel: () => running.cancel() };
    },
    () => this.recordTable?.rowsChanged(),
    (error) => this.showError(error),
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get recordTable(): PeTable | null {
    return this.querySelector<PeTable>('#records');
  }

  /** Begins to show a file that was opened or opened anew. */
  start(): void {
    this.asked = false;
    this.functions = [];
    this.bytesShown = false;
    this.bytes?.clear();
    this.opcode = null;
    this.cache.clear();
    this.requestUpdate();
  }

  /** Nothing is drawn that cannot be seen; whoever shows the tab asks for an update. */
  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override willUpdate(): void {
    const { summary } = this;
    if (summary && this.opcode === null) this.recordTotal = summary.records;
    if (!this.asked && summary?.state === 'ready') {
      this.asked = true;
      void this.loadFunctions();
    }
  }

  private async loadFunctions(): Promise<void> {
    try {
      const { functions, more } = await ask('file.functions', {}).answer;
      this.functions = functions;
      this.moreFunctions = more;
      this.requestUpdate();
    } catch (error) {
      this.showError(error);
    }
  }

  private showError(error: unknown): void {
    if (error instanceof Cancelled) return;
    this.failure = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
  }

  protected override updated(): void {
    this.recordTable?.configure(this.cache, fillRecord);
  }

  private get bytes(): PeBytesView | null {
    return this.querySelector<PeBytesView>('pe-bytes-view');
  }

  /** Shows a byte of the file, and the field of the format that it belongs to. */
  async showOffset(offset: number): Promise<void> {
    this.bytesShown = true;
    this.requestUpdate();
    await this.updateComplete;
    const { bytes } = this;
    if (!bytes) return;
    await bytes.updateComplete;
    await bytes.show(offset);
    bytes.focus();
  }

  /** Brings the problems into sight. */
  showProblems(): void {
    this.querySelector<HTMLElement>('.problems')?.scrollIntoView({ block: 'start' });
    this.querySelector<HTMLElement>('.problems button')?.focus();
  }

  protected override render() {
    const { summary } = this;
    if (!summary) return nothing;
    return html`
      <div class="file-main">
        ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
        ${this.renderProblems(summary)} ${this.renderFacts(summary)} ${this.renderFunctions()} ${this.renderRecords()}
      </div>
      ${this.renderBytes(summary)}
    `;
  }

  private renderProblems(summary: Summary) {
    const { problems, moreProblems } = summary;
    const verified =
      summary.verified === 'done'
        ? t('All values were read.')
        : summary.verified === 'running'
          ? t('Reading values: {0} of {1} keys', formatCount(summary.verifiedKeys), formatCount(summary.keys))
          : t('Values were not read yet; Verify File reads all of them.');
    return html`<section class="problems" aria-label=${t('Problems')}>
      <h2>${t('Problems')} <span class="badge">${formatCount(problems.length + moreProblems)}</span></h2>
      <p class="dim">${problems.length === 0 ? `${t('No problem was found.')} ` : nothing}${verified}</p>
      <ul class="problem-list">
        ${problems.map((problem) => this.renderProblem(problem))}
      </ul>
      ${moreProblems > 0 ? html`<p class="dim">${t('and {0} more', formatCount(moreProblems))}</p>` : nothing}
    </section>`;
  }

  private renderProblem(problem: ProblemInfo) {
    const { row } = problem;
    return html`<li class="problem ${problem.severity}">
      <span class="codicon codicon-${problem.severity}" aria-hidden="true"></span>
      <span class="problem-text">${message(problem)}</span>
      <span class="problem-place">
        <button class="link" @click=${() => this.showOffset(problem.offset)} title=${t('Show these bytes of the file')}>
          ${t('offset {0}', formatCount(problem.offset))}
        </button>
        ${
          row === null
            ? nothing
            : html`<button class="link" @click=${() => this.dispatchEvent(new CustomEvent('pe-show-key', { detail: row, bubbles: true }))}>
                ${t('show key')}
              </button>`
        }
      </span>
    </li>`;
  }

  private renderFacts(summary: Summary) {
    const fact = (name: string, value: string) => html`<div class="facts-row"><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<section aria-label=${t('File')}>
      <h2>${t('File')}</h2>
      <dl class="facts-table">
        ${fact(t('Format'), summary.magic === null ? t('unknown') : `${summary.magic} (${t('RDB version {0}', summary.version ?? '?')})`)}
        ${fact(t('Written by'), serverText(summary))}
        ${summary.created === null ? nothing : fact(t('Saved'), `${formatTime(summary.created)} UTC`)}
        ${fact(t('Size'), `${formatBytes(summary.bytes)} (${formatCount(summary.bytes)} B)`)}
        ${summary.usedMemory === null ? nothing : fact(t('Memory of the server'), formatBytes(summary.usedMemory))}
        ${memoryLines(summary).map(([name, text]) => fact(name, text))}
        ${fact(t('Keys'), `${formatCount(summary.keys)}, ${t('{0} with an expiry', formatCount(summary.expires))}`)}
        ${summary.databases.map(({ db, keys, expires, bytes }) =>
          fact(
            t('Database {0}', db),
            `${keysText(keys)}, ${t('{0} with an expiry', formatCount(expires))}, ${formatBytes(bytes)}`,
          ),
        )}
        ${fact(t('Checksum'), checksumText(summary))}
        ${summary.trailingBytes > 0 ? fact(t('After the end'), t('{0} bytes that servers ignore', formatCount(summary.trailingBytes))) : nothing}
        ${fact(t('Index in memory'), formatBytes(summary.indexBytes))}
        ${summary.inMemory ? fact(t('Access'), t('The whole file was read into memory: its file system cannot read parts.')) : nothing}
      </dl>
    </section>`;
  }

  private renderFunctions() {
    if (this.functions.length === 0) return nothing;
    return html`<section aria-label=${t('Functions')}>
      <h2>${t('Functions')} <span class="badge">${this.functions.length + this.moreFunctions}</span></h2>
      ${this.functions.map(
        (library) => html`<details class="library">
          <summary>
            <span class="codicon codicon-symbol-function" aria-hidden="true"></span>
            <span class="library-name">${library.name}</span>
            <span class="dim">${library.engine}, ${formatBytes(library.bytes)}</span>
          </summary>
          <pre class="code" tabindex="0">${highlightLua(library.code).map(({ kind, text }) =>
            kind === 'plain' ? text : html`<span class="lua-${kind}">${text}</span>`,
          )}${library.cut ? '…' : nothing}</pre>
        </details>`,
      )}
      ${this.moreFunctions > 0 ? html`<p class="dim">${t('and {0} more', formatCount(this.moreFunctions))}</p>` : nothing}
    </section>`;
  }

  private renderRecords() {
    const choices = [['', t('All records')] as const, ...OPCODES.map(([code, name]) => [String(code), name] as const)];
    return html`<section class="records" aria-label=${t('Records')}>
      <h2>
        ${t('Records')} <span class="badge">${formatCount(this.recordTotal)}</span>
        ${dropdown(t('Records'), choices, this.opcode === null ? '' : String(this.opcode), this.onOpcode)}
      </h2>
      <pe-table
        id="records"
        .columns=${RECORD_COLUMNS()}
        .total=${this.recordTotal}
        .label=${t('Records')}
        @pe-select=${this.onRecord}
      ></pe-table>
    </section>`;
  }

  private readonly onOpcode = (value: string): void => {
    const opcode = value === '' ? null : Number(value);
    if (opcode === this.opcode) return;
    this.opcode = opcode;
    this.cache.clear();
    this.recordTotal = opcode === null ? (this.summary?.records ?? 0) : 1;
    this.requestUpdate();
  };

  private readonly onRecord = (event: Event): void => {
    const { focus } = (event as CustomEvent<{ focus: number }>).detail;
    const record = this.cache.row(focus);
    if (record) void this.showRecord(record.offset);
  };

  /** Shows a record without taking the keyboard from the list that it was chosen in. */
  private async showRecord(offset: number): Promise<void> {
    this.bytesShown = true;
    this.requestUpdate();
    await this.updateComplete;
    await this.bytes?.updateComplete;
    await this.bytes?.show(offset);
  }

  private renderBytes(summary: Summary) {
    if (!this.bytesShown) return nothing;
    return html`<section class="file-bytes" aria-label=${t('Bytes')}>
      <h2>
        ${t('Bytes')}
        <span class="codicon codicon-info" role="img" aria-label=${bytesHelp()} title=${bytesHelp()}></span>
        <span class="file-bytes-actions">
          ${textButton(t('Open in Hex Editor'), () => void ask('host.hexEditor', { file: null }).answer, 'file-binary')}
          ${textButton(t('Close'), () => {
            this.bytesShown = false;
            this.requestUpdate();
          })}
        </span>
      </h2>
      <pe-bytes-view .size=${summary.bytes}></pe-bytes-view>
    </section>`;
  }
}

const RECORD_COLUMNS = (): readonly TableColumn[] => [
  { id: 'offset', label: t('Offset'), width: 110, numeric: true },
  { id: 'name', label: t('Record'), width: 150 },
  { id: 'size', label: t('Bytes'), width: 80, numeric: true },
  { id: 'content', label: t('Content'), width: 300, grows: true },
];

function fillRecord(cell: HTMLElement, record: RecordInfo, column: TableColumn): void {
  switch (column.id) {
    case 'offset':
      cell.append(formatCount(record.offset));
      break;
    case 'name':
      cell.append(record.name);
      break;
    case 'size':
      cell.append(formatCount(record.end - record.offset));
      break;
    case 'content':
      for (const { name, value } of record.parts) {
        cell.append(
          span('pair-field', nameText(name)),
          span('pair-colon', ': '),
          span('pair-value', cellText(value)),
          '  ',
        );
      }
      cell.title = record.parts.map(({ name, value }) => `${nameText(name)}: ${cellText(value)}`).join('\n');
      break;
  }
}

customElements.define('pe-file-view', PeFileView);
