/** The page of a replay or restore: how far it is, controls, the next command, breakpoints, errors, and the report. */
import { html, LitElement, nothing } from 'lit';
import { formatBytes, formatCount, formatDuration, formatTime } from '../../src/format/quantities.js';
import type { BreakpointText, JobErrorGroup, JobErrorPlace, JobPageState, JobView } from '../../src/job-protocol.js';
import { ask, onEvent, RequestError } from '../connection.js';
import { dropdown, iconButton, named, textButton } from '../controls.js';
import { message, setStrings, t } from '../strings.js';

/** Places of an error that are shown until more are asked for. */
const FIRST_PLACES = 3;

export class PeJobApp extends LitElement {
  private view: JobView | undefined;
  private breakpointKind: BreakpointText['kind'] = 'key';
  private breakpointProblem = '';
  private notice = '';
  private stopListening: (() => void) | undefined;
  /** Errors whose places are all shown, by what they say. */
  private readonly opened = new Set<string>();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { view, strings } = JSON.parse(this.dataset.state ?? '{}') as JobPageState;
    setStrings(strings);
    this.view = view;
    this.stopListening = onEvent((event) => {
      if (event.event === 'job') this.take(event.view);
    });
    window.addEventListener('unhandledrejection', this.onRejection);
    // Wherever the focus is in the page; before the workbench takes the keys for its own debugger.
    document.addEventListener('keydown', this.onKeyDown);
    // The page may be older than what has happened since.
    void ask('job.view', {}).answer.then(({ view: now }) => this.take(now));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
    window.removeEventListener('unhandledrejection', this.onRejection);
    document.removeEventListener('keydown', this.onKeyDown);
  }

  /** What was asked for could not be done. */
  private readonly onRejection = (event: PromiseRejectionEvent): void => {
    const error: unknown = event.reason;
    event.preventDefault();
    this.notice = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
  };

  private take(view: JobView): void {
    const steered = this.querySelector('.job-controls')?.contains(document.activeElement) === true;
    this.view = view;
    this.requestUpdate();
    if (steered && view.state === 'ended') void this.updateComplete.then(() => this.focusReport());
  }

  /** The controls are gone: what has the focus is the next that can be done. */
  private focusReport(): void {
    this.querySelector<HTMLElement>('.job-actions vscode-button')?.focus();
  }

  private say(control: 'pause' | 'resume' | 'step' | 'stop'): void {
    void ask('job.control', { control }).answer;
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { view } = this;
    if (view?.kind !== 'replay' || event.target instanceof HTMLInputElement) return;
    if ((event.target as Element).closest('vscode-text-field, vscode-dropdown')) return;
    // The keys of the debugger.
    if (event.key === 'F5' && view.state === 'paused') this.say('resume');
    else if (event.key === 'F6' && view.state === 'running') this.say('pause');
    else if (event.key === 'F10' && view.state === 'paused') this.say('step');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  protected override render() {
    const { view } = this;
    if (!view) return nothing;
    const of = view.progress?.of ?? 0;
    const share = of > 0 ? Math.min(1, (view.progress?.done ?? 0) / of) : 0;
    // Set here because the page's policy allows no style attributes.
    this.style.setProperty('--pe-done', `${((view.result?.outcome === 'done' ? 1 : share) * 100).toFixed(2)}%`);
    return html`<main class="job">
      ${this.renderNotice()} ${this.renderHead(view)} ${this.renderProgress(view, share)} ${this.renderStanding(view)} ${this.renderEnd(view)}
      ${this.renderErrors(view)} ${this.renderBreakpoints(view)} ${this.renderLines(view)}
    </main>`;
  }

  private renderHead(view: JobView) {
    const { kind, file, server, address, dryRun, state } = view;
    return html`<header class="job-head">
      <h1>
        <span class="job-file">${file}</span> <span class="codicon codicon-arrow-right" aria-label=${t('into')}></span>
        <span class="job-server" title=${address}>${server}</span>
        <span class="dim job-kind">${this.kindText(kind, dryRun)}</span>
      </h1>
      <div class="job-controls" role="toolbar" aria-label=${t('Controls')}>
        ${state === 'ended' ? nothing : this.renderControls(view)}
      </div>
    </header>`;
  }

  private renderNotice() {
    if (this.notice === '') return nothing;
    const close = () => {
      this.notice = '';
      this.requestUpdate();
    };
    return html`<div class="banner error" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span><span>${this.notice}</span>
      ${iconButton('close', t('Close'), close)}
    </div>`;
  }

  private kindText(kind: JobView['kind'], dryRun: boolean): string {
    if (dryRun) return t('Dry run');
    return kind === 'replay' ? t('Replay') : t('Restore');
  }

  private renderControls({ kind, state }: JobView) {
    const paused = state === 'paused';
    const stopping = state === 'stopping';
    return html`
      ${
        kind === 'replay'
          ? html`${
              paused
                ? textButton(t('Resume'), () => this.say('resume'), 'debug-continue', false, 'F5')
                : textButton(t('Pause'), () => this.say('pause'), 'debug-pause', stopping, 'F6')
            }
            ${textButton(t('Step'), () => this.say('step'), 'debug-step-over', !paused, 'F10')}`
          : nothing
      }
      ${textButton(t('Stop'), () => this.say('stop'), 'debug-stop', stopping)}
    `;
  }

  private renderProgress({ state, progress, result, failure, kind }: JobView, share: number) {
    const percent = Math.floor((result?.outcome === 'done' ? 1 : share) * 100);
    const bad = failure !== null || (result && result.outcome !== 'done');
    return html`<section class="job-progress" aria-label=${t('Progress')}>
      <div
        class="job-bar ${bad ? 'bad' : ''}"
        role="progressbar"
        aria-label=${t('Progress')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
      >
        <div class="job-done"></div>
      </div>
      <div class="job-numbers" role="status" aria-live=${state === 'ended' ? 'polite' : 'off'}>
        <strong class="job-state">${this.stateText(state, percent, result?.outcome, failure !== null)}</strong>
        ${
          progress && !result
            ? html`<span>${kind === 'replay' ? t('{0} commands', formatCount(progress.sent)) : t('{0} keys', formatCount(progress.sent))}</span>
                <span
                  >${progress.failed > 0 ? html`<span class="codicon codicon-error" aria-hidden="true"></span> ` : nothing}${t('{0} failed', formatCount(progress.failed))}</span
                >
                ${state === 'running' ? html`<span>${t('{0} a second', formatCount(Math.round(progress.rate)))}</span>` : nothing}
                ${progress.of === undefined ? nothing : html`<span>${t('{0} of {1}', formatBytes(progress.done), formatBytes(progress.of))}</span>`}
                ${progress.left === undefined || state !== 'running' ? nothing : html`<span>${t('{0} left', formatDuration(progress.left * 1000))}</span>`}`
            : nothing
        }
      </div>
    </section>`;
  }

  private stateText(
    state: JobView['state'],
    percent: number,
    outcome: 'done' | 'stopped' | 'lost' | undefined,
    failed: boolean,
  ): string {
    switch (state) {
      case 'running':
        return `${percent} %`;
      case 'paused':
        return t('Paused at {0} %', percent);
      case 'stopping':
        return t('Stopping…');
      case 'ended':
        if (failed) return t('Failed');
        if (outcome === 'done') return t('Done');
        return outcome === 'lost' ? t('Connection lost') : t('Stopped');
    }
  }

  private renderStanding({ standing }: JobView) {
    if (!standing) return nothing;
    const { place, number, time, db, text, reason } = standing;
    const why =
      reason === 'breakpoint'
        ? t('At a breakpoint, before command {0}', formatCount(number))
        : t('Before command {0}', formatCount(number));
    return html`<section class="job-next" aria-label=${t('Next command')} aria-live="polite">
      <h2>${why}</h2>
      ${text === null ? nothing : html`<pre class="job-command" tabindex="0">${text}</pre>`}
      <p class="dim">
        ${this.renderPlace(place)} · ${t('Database {0}', db)}${time === null ? nothing : ` · ${formatTime(time * 1000)} UTC`}
        ${standing.hit ? html` · ${t('the breakpoint is for')} ${this.renderPlace(standing.hit)}` : nothing}
      </p>
    </section>`;
  }

  private renderPlace(place: JobErrorPlace) {
    const text = place.name ?? t('offset {0}', formatCount(place.offset));
    return html`<button
      class="link"
      title=${t('{0}, offset {1}', place.file, formatCount(place.offset))}
      @click=${() => void ask('job.show', { place }).answer}
      >${text}</button
    >`;
  }

  private renderEnd({ state, result, failure, dryRun }: JobView) {
    if (state !== 'ended') return nothing;
    if (failure !== null) return html`<div class="banner error" role="alert">${failure}</div>`;
    if (!result) return nothing;
    return html`<section class="job-result" aria-label=${t('Report')}>
      ${result.outcome === 'done' ? nothing : html`<div class="banner" role="alert">${result.sentence}</div>`}
      ${result.notes.map((note) => html`<div class="banner">${note}</div>`)}
      <div class="job-actions">
        ${result.canGoOn ? textButton(t('Resume…'), () => void ask('job.goOn', {}).answer, 'debug-continue') : nothing}
        ${textButton(t('Save report as JSON…'), () => void ask('job.saveReport', {}).answer, 'save-as')}
      </div>
      <h2>${dryRun ? t('What would happen') : t('Report')}</h2>
      <dl class="facts-table">
        ${result.facts.map(([label, text]) => html`<div class="facts-row"><dt>${label}</dt><dd>${text}</dd></div>`)}
      </dl>
      ${
        result.skips.length === 0
          ? nothing
          : html`<h2>${t('Skipped')}</h2>
              <dl class="facts-table job-skips">
                ${result.skips.map(([reason, what]) => html`<div class="facts-row"><dt>${what}</dt><dd>${reason}</dd></div>`)}
              </dl>`
      }
    </section>`;
  }

  private renderErrors({ errors, moreErrors, kind }: JobView) {
    if (errors.length === 0) return nothing;
    const count = errors.reduce((sum, group) => sum + group.count, moreErrors);
    return html`<section class="job-errors" aria-label=${t('Errors')}>
      <h2>${t('Errors')} <span class="badge">${formatCount(count)}</span></h2>
      <ul class="problem-list">
        ${errors.map((group) => this.renderError(group, kind))}
      </ul>
      ${moreErrors > 0 ? html`<p class="dim">${t('and {0} more', formatCount(moreErrors))}</p>` : nothing}
    </section>`;
  }

  private renderError(group: JobErrorGroup, kind: JobView['kind']) {
    const { command, message: words, count, places } = group;
    const key = `${command} ${words}`;
    const open = this.opened.has(key);
    const shown = open ? places : places.slice(0, FIRST_PLACES);
    const toggle = () => {
      if (open) this.opened.delete(key);
      else this.opened.add(key);
      this.requestUpdate();
    };
    return html`<li class="job-error">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="job-error-count">${formatCount(count)} ×</span>
      <span class="job-error-text">${kind === 'replay' ? html`<b>${command}</b> ` : nothing}${words}</span>
      <span class="job-error-places">
        ${shown.map((place) => this.renderPlace(place))}
        ${
          places.length > FIRST_PLACES
            ? html`<button class="link" aria-expanded=${open} @click=${toggle}>${open ? t('show fewer') : t('show all')}</button>`
            : nothing
        }
        ${count > places.length && (open || places.length <= FIRST_PLACES) ? html`<span class="dim">${t('and {0} more', formatCount(count - places.length))}</span>` : nothing}
      </span>
    </li>`;
  }

  private renderBreakpoints({ kind, state, breakpoints, dryRun }: JobView) {
    if (kind !== 'replay' || state === 'ended' || dryRun) return nothing;
    const kinds = [
      ['key', t('Key')],
      ['command', t('Command')],
      ['time', t('Time (UTC)')],
      ['offset', t('Offset')],
    ] as const;
    return html`<section class="job-breakpoints" aria-label=${t('Breakpoints')}>
      <h2>${t('Breakpoints')}</h2>
      <ul class="job-points">
        ${breakpoints.map(
          (point, at) => html`<li>
            <span class="codicon codicon-debug-breakpoint" aria-hidden="true"></span>
            <span class="dim">${kinds.find(([one]) => one === point.kind)?.[1]}</span> <code>${point.text}</code>
            ${iconButton('close', t('Remove breakpoint'), () => void ask('job.removeBreakpoint', { at }).answer)}
          </li>`,
        )}
      </ul>
      <form class="job-add" @submit=${this.onAdd}>
        ${dropdown(t('Pause before'), kinds, this.breakpointKind, (chosen) => {
          this.breakpointKind = chosen as BreakpointText['kind'];
          this.breakpointProblem = '';
          this.requestUpdate();
        })}
        <vscode-text-field
          ${named(t('Breakpoint'))}
          placeholder=${this.placeholder()}
          @keydown=${this.onAddKey}
        ></vscode-text-field>
        ${textButton(t('Add'), () => void this.add(), 'add')}
      </form>
      ${this.breakpointProblem === '' ? nothing : html`<p class="message error" role="alert">${this.breakpointProblem}</p>`}
    </section>`;
  }

  private placeholder(): string {
    switch (this.breakpointKind) {
      case 'key':
        return 'user:*';
      case 'command':
        return 'DEL';
      case 'time':
        return '2026-11-21 03:12:45';
      case 'offset':
        return '0x1000';
    }
  }

  private readonly onAdd = (event: Event): void => {
    event.preventDefault();
    void this.add();
  };

  private readonly onAddKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void this.add();
  };

  private async add(): Promise<void> {
    const field = this.querySelector<HTMLElement & { value: string }>('.job-add vscode-text-field');
    if (!field) return;
    const { problem } = await ask('job.addBreakpoint', { kind: this.breakpointKind, text: field.value }).answer;
    this.breakpointProblem = problem ?? '';
    if (problem === null) field.value = '';
    this.requestUpdate();
    field.focus();
  }

  private renderLines({ lines }: JobView) {
    return html`<section class="job-lines" aria-label=${t('What was asked for')}>
      <h2>${t('What was asked for')}</h2>
      <dl class="facts-table">
        ${lines.map(([label, text]) => html`<div class="facts-row"><dt>${label}</dt><dd>${text}</dd></div>`)}
      </dl>
    </section>`;
  }
}

customElements.define('pe-job-app', PeJobApp);
