/** A replay or restore that runs, and its page: what it does, controls, errors as they come, and at the end the report. */
import * as vscode from 'vscode';
import { formatCount, formatDuration } from '../../format/quantities.js';
import type {
  BreakpointText,
  JobErrorPlace,
  JobEvent,
  JobPageRequests,
  JobPageState,
  JobView,
  ReplayReport,
  RestoreReport,
} from '../../job-protocol.js';
import type { AnswerMessage, EventMessage, RequestMessage } from '../../protocol.js';
import { translations } from '../translations.js';
import { pageOf } from '../webview-page.js';
import type { SummaryLine } from './confirmation.js';
import { jobFailureText } from './failure-texts.js';
import type { JobRun } from './job-run.js';
import { parseBreakpoint } from './option-values.js';
import { perSecond, replayErrors, replayResult, restoreErrors, restoreResult } from './result-texts.js';

/** What is to be known of a job. */
export interface JobOfPanel {
  /** The same for a job and for what goes on with it. */
  readonly id: string;
  readonly run: JobRun;
  readonly kind: 'replay' | 'restore';
  readonly dryRun: boolean;
  readonly file: string;
  readonly server: string;
  readonly address: string;
  readonly lines: readonly SummaryLine[];
  readonly breakpoints: readonly BreakpointText[];
  /** The part that offsets of breakpoints are meant in, unless the replay stands in another. */
  readonly part: number;
  /** Shows a command or a key in its editor. */
  show(place: JobErrorPlace): Promise<void>;
  /** Proposes a file for the report, beside what was replayed. */
  readonly reportUri: vscode.Uri;
  /** What the saved report begins with. */
  readonly heading: Readonly<Record<string, unknown>>;
  /** Called before a job that stands is let go on. */
  goesOn?(): Promise<void>;
  /** Called once, with the report. */
  ended(report: ReplayReport | RestoreReport): Promise<void>;
  /** Goes on where the report says. */
  goOn(report: ReplayReport | RestoreReport): Promise<void>;
}

/** A job, from its beginning until its report is closed. The page can be closed and opened while it runs. */
export class JobPanel implements vscode.Disposable {
  private page: vscode.WebviewPanel | undefined;
  private readonly title: string;
  private readonly status: vscode.StatusBarItem;
  private readonly subscriptions: vscode.Disposable[] = [];
  private view: JobView;
  private report: ReplayReport | RestoreReport | undefined;
  private disposed = false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly job: JobOfPanel,
    /** By which it is found again. */
    readonly number: number,
    private readonly closed: (panel: JobPanel) => void,
  ) {
    const { kind, dryRun, file, server, address, lines, breakpoints } = job;
    this.view = {
      ...{ kind, state: 'running', dryRun, file, server, address, lines, breakpoints },
      ...{ progress: null, standing: null, errors: [], moreErrors: 0, failure: null, result: null },
    };
    this.title =
      kind === 'replay'
        ? vscode.l10n.t('Replay of {0} into {1}', file, server)
        : vscode.l10n.t('Restore of {0} into {1}', file, server);
    this.status = vscode.window.createStatusBarItem('redisPersistence.job', vscode.StatusBarAlignment.Left, 10);
    this.status.name = this.title;
    this.status.command = { command: 'redisPersistence.showJob', title: this.title, arguments: [this.number] };
    this.subscriptions.push(
      this.status,
      job.run,
      job.run.onEvent((event) => void this.take(event)),
    );
    this.reveal();
    this.showStatus();
  }

  /** Shows the page; it is made anew if it was closed. */
  reveal(): void {
    if (this.page) {
      this.page.reveal();
      return;
    }
    const { extensionUri } = this.context;
    const page = vscode.window.createWebviewPanel('redisPersistence.job', this.title, vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')],
    });
    this.page = page;
    page.webview.onDidReceiveMessage((message: RequestMessage<keyof JobPageRequests>) => void this.answer(message));
    page.onDidDispose(() => {
      this.page = undefined;
      if (!this.running) this.dispose();
    });
    const state: JobPageState = { view: this.view, strings: translations() };
    page.webview.html = pageOf(page.webview, extensionUri, 'pe-job-app', this.title, state);
  }

  /** A job begins that goes on with this one if it has its id: to do so once more from here would do things twice. */
  goneOnWith(id: string): void {
    const { result } = this.view;
    if (id !== this.job.id || !result?.canGoOn) return;
    const notes = [...result.notes, vscode.l10n.t('It was gone on with, on another page.')];
    this.change({ result: { ...result, canGoOn: false, notes } });
  }

  get running(): boolean {
    return this.view.state !== 'ended';
  }

  private post(message: AnswerMessage | EventMessage): void {
    void this.page?.webview.postMessage(message);
  }

  private change(part: Partial<JobView>): void {
    this.view = { ...this.view, ...part };
    this.post({ event: 'job', view: this.view });
    this.showStatus();
  }

  private async take(event: JobEvent): Promise<void> {
    switch (event.event) {
      case 'progress':
        this.change({
          progress: event.progress,
          ...(event.errors ? { errors: replayErrors(event.errors) } : {}),
        });
        break;
      case 'paused':
        if (this.view.state === 'stopping') break;
        this.change({ state: event.standing ? 'paused' : 'running', standing: event.standing });
        break;
      case 'replayed':
        await this.end(event.report, {
          errors: replayErrors(event.report.errors),
          moreErrors: event.report.moreErrors,
          result: replayResult(event.report, this.job.dryRun, event.changed),
        });
        break;
      case 'restored':
        await this.end(event.report, {
          errors: restoreErrors(event.report, this.job.file),
          result: restoreResult(event.report, event.seconds, this.job.dryRun, event.changed),
        });
        break;
      case 'failed':
        this.change({ state: 'ended', standing: null, failure: jobFailureText(event.failure) });
        this.status.hide();
        void vscode.window.showErrorMessage(`${this.title}: ${this.view.failure ?? ''}`);
        if (!this.page) this.dispose();
        break;
    }
  }

  private async end(report: ReplayReport | RestoreReport, part: Partial<JobView>): Promise<void> {
    this.report = report;
    this.change({ state: 'ended', standing: null, ...part });
    this.status.hide();
    await this.job.ended(report);
    this.tellEnd(report.failed);
  }

  /** Says that it is over, to those who look at something else. */
  private tellEnd(failed: number): void {
    const { result } = this.view;
    if (!result || this.page?.active) return;
    const show = vscode.l10n.t('Show Report');
    const text = `${this.title}: ${result.sentence}`;
    const bad = failed > 0 || result.outcome !== 'done';
    const told = bad ? vscode.window.showWarningMessage(text, show) : vscode.window.showInformationMessage(text, show);
    void told.then((chosen) => {
      if (chosen === show && !this.disposed) this.reveal();
      else if (!this.page) this.dispose();
    });
  }

  private showStatus(): void {
    const { state, progress, server, kind } = this.view;
    if (state === 'ended') return;
    const of = progress?.of ?? 0;
    const part = of > 0 && progress ? `${Math.floor((progress.done / of) * 100)} %` : '';
    const icon = state === 'paused' ? '$(debug-pause)' : '$(loading~spin)';
    const word = kind === 'replay' ? vscode.l10n.t('Replay') : vscode.l10n.t('Restore');
    this.status.text = `${icon} ${word} → ${server} ${part}`.trimEnd();
    this.status.tooltip = progress
      ? [
          formatCount(progress.sent),
          perSecond(progress.rate),
          vscode.l10n.t('{0} failed', formatCount(progress.failed)),
          ...(progress.left === undefined ? [] : [vscode.l10n.t('{0} left', formatDuration(progress.left * 1000))]),
        ].join(', ')
      : '';
    this.status.show();
  }

  private async answer({ id, request, params }: RequestMessage<keyof JobPageRequests>): Promise<void> {
    try {
      this.post({ id, result: await this.handle(request, params) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.post({ id, error: { code: 'internal', template: '{0}', args: [reason] } });
    }
  }

  private async handle(request: keyof JobPageRequests, params: unknown): Promise<unknown> {
    switch (request) {
      case 'job.view':
        return { view: this.view };
      case 'job.control': {
        const { control } = params as JobPageRequests['job.control']['params'];
        if (control === 'resume' || control === 'step') await this.job.goesOn?.();
        this.job.run.say({ control });
        if (control === 'stop') this.change({ state: 'stopping' });
        return {};
      }
      case 'job.addBreakpoint':
        return { problem: this.addBreakpoint(params as BreakpointText) };
      case 'job.removeBreakpoint': {
        const { at } = params as JobPageRequests['job.removeBreakpoint']['params'];
        this.setBreakpoints(this.view.breakpoints.filter((_, i) => i !== at));
        return {};
      }
      case 'job.show':
        await this.job.show((params as JobPageRequests['job.show']['params']).place);
        return {};
      case 'job.saveReport':
        await this.saveReport();
        return {};
      case 'job.goOn':
        if (this.report) await this.job.goOn(this.report);
        return {};
    }
  }

  /** @returns why it is none; null if it was set. */
  private addBreakpoint(breakpoint: BreakpointText): string | null {
    if (!parseBreakpoint(breakpoint, this.job.part)) return breakpointProblem(breakpoint.kind);
    this.setBreakpoints([...this.view.breakpoints, breakpoint]);
    return null;
  }

  private setBreakpoints(breakpoints: readonly BreakpointText[]): void {
    const part = this.view.standing?.place.part ?? this.job.part;
    const parsed = breakpoints.flatMap((one) => parseBreakpoint(one, part) ?? []);
    this.job.run.say({ control: 'breakpoints', breakpoints: parsed });
    this.change({ breakpoints });
  }

  private async saveReport(): Promise<void> {
    const { report, job } = this;
    if (!report) return;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: job.reportUri,
      title: vscode.l10n.t('Save Report as JSON'),
      filters: { JSON: ['json'] },
    });
    if (!uri) return;
    const text = `${JSON.stringify({ ...job.heading, dryRun: job.dryRun, ...report }, null, 2)}\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  /** Ends everything; a job that runs is ended at once. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.page?.dispose();
    this.closed(this);
  }
}

/** What is said of a text that is no breakpoint of a kind. */
export function breakpointProblem(kind: BreakpointText['kind']): string {
  switch (kind) {
    case 'key':
      return vscode.l10n.t('Enter a pattern for keys, such as user:*.');
    case 'command':
      return vscode.l10n.t('Enter the name of a command, such as DEL.');
    case 'time':
      return vscode.l10n.t('Enter a time in UTC, such as 2026-11-21 03:12:45.');
    case 'offset':
      return vscode.l10n.t('Enter an offset in bytes: decimal, or hexadecimal with 0x.');
  }
}
