/** Brings a job to where it says what it is about to do: starts it, shows how far it is, asks for passwords. */
import * as vscode from 'vscode';
import type { Job, JobEvent, JobSummary, ServerTarget } from '../../job-protocol.js';
import type { ExtensionPlatform } from '../platform.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import type { Servers } from '../servers/servers.js';
import { jobFailureText, wantsAnotherPassword } from './failure-texts.js';
import { JobFailedError, JobRun } from './job-run.js';

/** What jobs are started with. */
export interface JobSurroundings {
  readonly context: vscode.ExtensionContext;
  readonly platform: ExtensionPlatform;
  readonly servers: Servers;
  readonly log: vscode.LogOutputChannel;
}

/** A job that waits to be told to begin. */
export interface PreparedJob {
  readonly run: JobRun;
  readonly summary: JobSummary;
}

/**
 * Starts a job, and waits until it is prepared. Fails with a message.
 *
 * @param jobFor makes the job for what connects to the server.
 * @returns undefined if it failed or was given up.
 */
export function prepareJob(
  surroundings: JobSurroundings,
  server: ConfiguredServer,
  title: string,
  jobFor: (target: ServerTarget) => Job,
): Promise<PreparedJob | undefined> {
  return withPasswords(surroundings, server, async (target) => {
    const run = startJob(surroundings, jobFor(target));
    const { summary } = await withProgress(title, run, 'prepared');
    return { run, summary };
  });
}

/** Starts a job; what its worker says goes into no log but errors. */
export function startJob({ context, platform, log }: JobSurroundings, job: Job): JobRun {
  const run = new JobRun(context.extensionUri, platform, job);
  run.onEvent((event) => {
    if (event.event === 'failed' && event.failure.code !== 'stopped') {
      log.error(`${job.kind}: ${jobFailureText(event.failure)}`);
    }
  });
  return run;
}

/** Does something with a server, and asks for its password as long as that is missing or wrong. Fails with a message. */
export async function withPasswords<Result>(
  { servers }: JobSurroundings,
  server: ConfiguredServer,
  work: (target: ServerTarget) => Promise<Result>,
): Promise<Result | undefined> {
  for (;;) {
    try {
      return await work(await servers.targetOf(server));
    } catch (error) {
      if (!(error instanceof JobFailedError)) throw error;
      const { failure } = error;
      if (wantsAnotherPassword(failure)) {
        if (!(await servers.askPassword(server, failure))) return undefined;
        continue;
      }
      tellFailure(error);
      return undefined;
    }
  }
}

/** Says why a job failed, unless the user has stopped it. */
export function tellFailure({ failure }: JobFailedError): void {
  const text = jobFailureText(failure);
  if (text === '') return;
  if (failure.code !== 'no-program') {
    void vscode.window.showErrorMessage(text);
    return;
  }
  const settings = vscode.l10n.t('Open Settings');
  void vscode.window.showErrorMessage(text, settings).then((chosen) => {
    if (chosen === settings) {
      void vscode.commands.executeCommand('workbench.action.openSettings', 'redisPersistence.serverBinary');
    }
  });
}

/**
 * Waits for an event of a job, with a notification that can end it.
 *
 * @param words what is to be said of a job that is at something.
 * @throws JobFailedError
 */
export function withProgress<Kind extends JobEvent['event']>(
  title: string,
  run: JobRun,
  kind: Kind,
  words: (event: JobEvent) => string | undefined = () => undefined,
): Promise<Extract<JobEvent, { event: Kind }>> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const settled = run.until(kind);
  // Who awaits it below hears why it fails.
  settled.catch(() => {});
  const waiting = vscode.window.withProgress(options, async (progress, token) => {
    let told = 0;
    const listening = run.onEvent((event) => {
      if (event.event !== 'progress' && event.event !== 'step') return;
      const { done, of = 0 } = event.progress;
      const part = of > 0 ? (done / of) * 100 : 0;
      const message = words(event);
      progress.report({ increment: Math.max(0, part - told), ...(message === undefined ? {} : { message }) });
      told = Math.max(told, part);
    });
    token.onCancellationRequested(() => run.abandon());
    try {
      return await settled;
    } finally {
      listening.dispose();
    }
  });
  return Promise.resolve(waiting);
}
