/** The AOF itself: whether it would load and why, its problems, its parts, and their bytes. */
import { html, LitElement, nothing } from 'lit';
import type { AofProblem, AofSummary, PartInfo } from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { ask } from '../connection.js';
import { textButton } from '../controls.js';
import { message, t } from '../strings.js';
import { keysText } from '../summary-texts.js';
import '../bytes/bytes-view.js';
import { type BytesAccess, bytesHelp, type PeBytesView } from '../bytes/bytes-view.js';
import { commandsText, reasonText, roleText, timeRangeText, verdictText } from './aof-texts.js';

/** Bytes of a part that are shown. */
interface BytesShown {
  readonly part: number;
  readonly label: string;
  readonly access: BytesAccess;
}

/** Events: `pe-show-offset` with a part and an offset, to see the command there; `pe-show-part` with a part, to see its commands. */
export class PeAofFileView extends LitElement {
  static override properties = { summary: { attribute: false } };

  declare summary: AofSummary | undefined;
  private shown: BytesShown | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Forgets which bytes were shown. */
  reset(): void {
    this.shown = undefined;
    this.requestUpdate();
  }

  /** Nothing is drawn that cannot be seen; whoever shows the tab asks for an update. */
  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  /** Shows a byte of a part, and the field that it belongs to. */
  async showBytes(part: number, from: number, label: string): Promise<void> {
    const access: BytesAccess = {
      read: (start, count) => ask('part.bytes', { part, from: start, count }),
      around: (offset) => ask('part.fields', { part, offset }),
    };
    this.shown = { part, label, access: this.shown?.part === part ? this.shown.access : access };
    this.requestUpdate();
    await this.updateComplete;
    const bytes = this.querySelector<PeBytesView>('pe-bytes-view');
    await bytes?.updateComplete;
    await bytes?.show(from);
    bytes?.focus();
  }

  /** Brings the problems into sight. */
  showProblems(): void {
    this.querySelector<HTMLElement>('.problems')?.scrollIntoView({ block: 'start' });
    this.querySelector<HTMLElement>('.problems button')?.focus();
  }

  /** Brings the parts into sight. */
  showParts(): void {
    this.querySelector<HTMLElement>('.parts')?.scrollIntoView({ block: 'start' });
  }

  private partOf(number: number | null): PartInfo | undefined {
    return this.summary?.parts.find(({ part }) => part === number);
  }

  protected override render() {
    const { summary } = this;
    if (!summary) return nothing;
    return html`
      <div class="file-main">
        ${this.renderVerdict(summary)} ${this.renderProblems(summary)} ${this.renderParts(summary)} ${this.renderFacts(summary)}
      </div>
      ${this.renderBytes()}
    `;
  }

  private renderVerdict(summary: AofSummary) {
    const { verdict, cut } = summary;
    if (verdict === null) return nothing;
    const icon = verdict === 'loads' ? 'pass' : verdict === 'refused' ? 'error' : 'warning';
    return html`<section class="verdict" aria-label=${t('Would a server load it?')}>
      <h2>${t('Would a server load it?')}</h2>
      <p class="verdict-words ${verdict}">
        <span class="codicon codicon-${icon}" aria-hidden="true"></span>
        <span><strong>${verdictText(verdict)}</strong> ${reasonText(summary)}</span>
        ${verdict === 'loads' ? nothing : textButton(t('Repair…'), () => void ask('host.repair', {}).answer, 'tools')}
      </p>
      ${
        cut === null
          ? nothing
          : html`<p class="cut">
              ${t(
                '{0} is valid up to offset {1}. Behind that, {2} and {3} would be lost.',
                this.partOf(cut.part)?.file ?? '',
                formatCount(cut.at),
                cut.bytes === 1 ? t('1 byte') : t('{0} bytes', formatCount(cut.bytes)),
                commandsText(cut.commands),
              )}
              <button class="link" @click=${() => this.showBytes(cut.part, cut.at, t('Lost'))}>${t('show the bytes')}</button>
            </p>`
      }
    </section>`;
  }

  private renderProblems({ problems, moreProblems }: AofSummary) {
    return html`<section class="problems" aria-label=${t('Problems')}>
      <h2>${t('Problems')} <span class="badge">${formatCount(problems.length + moreProblems)}</span></h2>
      ${problems.length === 0 ? html`<p class="dim">${t('No problem was found.')}</p>` : nothing}
      <ul class="problem-list">
        ${problems.map((problem) => this.renderProblem(problem))}
      </ul>
      ${moreProblems > 0 ? html`<p class="dim">${t('and {0} more', formatCount(moreProblems))}</p>` : nothing}
    </section>`;
  }

  private renderProblem(problem: AofProblem) {
    const part = this.partOf(problem.part);
    const several = (this.summary?.parts.length ?? 0) > 1;
    const place = { part: problem.part, offset: problem.offset };
    return html`<li class="problem ${problem.severity}">
      <span class="codicon codicon-${problem.severity}" aria-hidden="true"></span>
      <span class="problem-text">${several && part ? html`<span class="dim">${part.file}: </span>` : nothing}${message(problem)}</span>
      <span class="problem-place">
        ${
          part === undefined || part.missing
            ? nothing
            : html`<button
                  class="link"
                  title=${t('Show these bytes of the file')}
                  @click=${() => this.showBytes(part.part, problem.offset, t('Problem'))}
                >
                  ${t('offset {0}', formatCount(problem.offset))}
                </button>
                <button class="link" @click=${() => this.dispatchEvent(new CustomEvent('pe-show-offset', { detail: place, bubbles: true }))}>
                  ${t('show command')}
                </button>`
        }
      </span>
    </li>`;
  }

  private renderParts({ parts }: AofSummary) {
    const timed = parts.some(({ timeRange }) => timeRange !== null);
    const heading = (label: string, numeric = false) =>
      html`<th scope="col" class=${numeric ? 'numeric' : ''}>${label}</th>`;
    return html`<section class="parts" aria-label=${t('Parts')}>
      <h2>${t('Parts')} <span class="badge">${parts.length}</span></h2>
      <div class="parts-scroller">
        <table class="parts-table">
          <thead>
            <tr>
              ${heading(t('File'))} ${heading(t('Role'))} ${heading(t('Bytes'), true)} ${heading('RDB')}
              ${heading(t('Commands'), true)} ${heading(t('Valid up to'), true)} ${timed ? heading(t('Time (UTC)')) : nothing}
            </tr>
          </thead>
          <tbody>
            ${parts.map((part) => this.renderPart(part, timed))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private renderPart(part: PartInfo, timed: boolean) {
    const role = part.seq === null ? roleText(part.role) : `${roleText(part.role)} ${part.seq}`;
    if (part.missing) {
      return html`<tr class="missing">
        <td>${part.file}</td>
        <td>${role}</td>
        <td colspan=${timed ? 5 : 4}><span class="codicon codicon-error" aria-hidden="true"></span> ${t('missing')}</td>
      </tr>`;
    }
    const whole = part.validUpTo >= part.bytes;
    return html`<tr class=${part.role}>
      <td>
        <button class="link" title=${t('Show the commands of this part')} @click=${() => this.dispatchEvent(new CustomEvent('pe-show-part', { detail: part.part, bubbles: true }))}>${part.file}</button>
      </td>
      <td data-label=${t('Role')}>${role}</td>
      <td class="numeric" data-label=${t('Bytes')} title=${`${formatCount(part.bytes)} B`}>${formatBytes(part.bytes)}</td>
      <td data-label="RDB">${part.rdbBytes === 0 ? html`<span class="dim">–</span>` : `${keysText(part.rdbKeys)}, ${formatBytes(part.rdbBytes)}`}</td>
      <td class="numeric" data-label=${t('Commands')}>${formatCount(part.commands)}</td>
      <td class="numeric ${whole ? '' : 'invalid'}" data-label=${t('Valid up to')}>
        ${whole ? nothing : html`<span class="codicon codicon-warning" aria-hidden="true"></span> `}<button class="link" @click=${() => this.showBytes(part.part, Math.max(0, part.validUpTo - 1), t('Valid up to'))}>${formatCount(part.validUpTo)}</button>
      </td>
      ${timed ? html`<td data-label=${t('Time (UTC)')}>${part.timeRange === null ? html`<span class="dim">–</span>` : timeRangeText(part.timeRange)}</td>` : nothing}
    </tr>`;
  }

  private renderFacts(summary: AofSummary) {
    const fact = (name: string, value: string) => html`<div class="facts-row"><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<section aria-label=${t('File')}>
      <h2>${t('File')}</h2>
      <dl class="facts-table">
        ${fact(t('Size'), `${formatBytes(summary.bytes)} (${formatCount(summary.bytes)} B)`)}
        ${fact(t('Commands'), formatCount(summary.commands))}
        ${fact(t('Commands that a server would run'), formatCount(summary.loadedCommands))}
        ${summary.commandsAfterDamage > 0 ? fact(t('Commands behind damage'), formatCount(summary.commandsAfterDamage)) : nothing}
        ${fact(t('Transactions'), formatCount(summary.transactions))}
        ${fact(t('Keys that commands name'), formatCount(summary.keysTouched))}
        ${summary.preambleKeys > 0 ? fact(t('Keys of the RDB'), formatCount(summary.preambleKeys)) : nothing}
        ${summary.timeRange === null ? nothing : fact(t('Time (UTC)'), timeRangeText(summary.timeRange))}
        ${summary.databases.map(({ db, commands, bytes }) =>
          fact(t('Database {0}', db), `${commandsText(commands)}, ${formatBytes(bytes)}`),
        )}
        ${fact(t('Follows the file'), summary.following ? t('yes') : t('no'))}
        ${fact(t('Index in memory'), formatBytes(summary.indexBytes))}
        ${summary.inMemory ? fact(t('Access'), t('The whole file was read into memory: its file system cannot read parts.')) : nothing}
      </dl>
    </section>`;
  }

  private renderBytes() {
    const { shown } = this;
    const part = shown && this.partOf(shown.part);
    if (!shown || !part) return nothing;
    const file = part.role === 'single' ? null : part.file;
    return html`<section class="file-bytes" aria-label=${t('Bytes')}>
      <h2>
        ${t('Bytes')}
        <span class="dim"
          >${shown.label}${file === null ? nothing : `, ${file}`}</span
        >
        <span class="codicon codicon-info" role="img" aria-label=${bytesHelp()} title=${bytesHelp()}></span>
        <span class="file-bytes-actions">
          ${textButton(t('Open in Hex Editor'), () => void ask('host.hexEditor', { file }).answer, 'file-binary')}
          ${textButton(t('Close'), () => this.reset())}
        </span>
      </h2>
      <pe-bytes-view .access=${shown.access} .size=${part.bytes}></pe-bytes-view>
    </section>`;
  }
}

customElements.define('pe-aof-file-view', PeAofFileView);
