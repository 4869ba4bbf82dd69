/** *Resume Replay or Restore…*: goes on with what was stopped or interrupted, also after the window was closed. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { JobMarks } from '../platform.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { choose } from './option-menu.js';
import { type FlowSurroundings, resumeReplay } from './replay-flow.js';
import { resumeRestore } from './restore-flow.js';
import { placeText } from './result-texts.js';
import { heardOfOthers, type StoppedJob, stoppedJobs } from './resume-store.js';

/** Milliseconds between two looks at a job that is to stop, and how long it has. */
const LOOK_MS = 250;
const STOP_MS = 60_000;

/** Lets the user choose one of them. What runs in this window is none; what runs in another one can be stopped. */
export async function resumeFlow(
  surroundings: FlowSurroundings,
  chosenServer: ConfiguredServer | undefined,
): Promise<void> {
  const { servers, context, runningJobs, marks } = surroundings;
  if (!servers.mayConnect()) return;
  const others = marks ? await heardOfOthers(context.workspaceState, marks, runningJobs) : new Set<string>();
  const stopped = stoppedJobs(context.workspaceState).filter(
    ({ id, server }) => !runningJobs.has(id) && (chosenServer === undefined || server === chosenServer.name),
  );
  if (stopped.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No replay and no restore of this workspace was stopped before its end.'),
    );
    return;
  }
  const items = stopped.map((job) => ({
    label: `${job.name} → ${job.server}`,
    description: descriptionOf(job, others.has(job.id)),
    detail: others.has(job.id) ? vscode.l10n.t('It goes on in another window, or one that was closed') : detailOf(job),
    job,
  }));
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Resume Replay or Restore'),
    ignoreFocusOut: true,
  });
  if (!item) return;
  const { job } = item;
  if (marks && others.has(job.id)) {
    if (await stopOther(marks, job)) await resumeFlow(surroundings, chosenServer);
    return;
  }
  const server = servers.list.find(({ name }) => name === job.server);
  if (!server) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('There is no server {0} in the settings any more. Add it again to go on.', job.server),
    );
    return;
  }
  if (job.kind === 'replay') await resumeReplay(surroundings, server, job);
  else await resumeRestore(surroundings, server, job);
}

/** Asks whether a job is to stop that another process runs, and waits until it has. */
async function stopOther(marks: JobMarks, { id, name, server }: StoppedJob): Promise<boolean> {
  const wanted = await choose(vscode.l10n.t('{0} → {1} is still running', name, server), [
    {
      label: vscode.l10n.t('Let it run'),
      detail: vscode.l10n.t('It is offered here if it does not come to its end'),
      value: false,
    },
    {
      label: vscode.l10n.t('Stop it'),
      detail: vscode.l10n.t('What is on its way is waited for; then it can go on from there'),
      value: true,
    },
  ]);
  if (!wanted) return false;
  marks.askToStop(id);
  const title = vscode.l10n.t('Stopping {0} → {1}', name, server);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const over = await vscode.window.withProgress(options, async (_, token) => {
    for (const end = Date.now() + STOP_MS; Date.now() < end && !token.isCancellationRequested; ) {
      if (!marks.read(id)?.runs) return true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  });
  if (!over) void vscode.window.showWarningMessage(vscode.l10n.t('{0} → {1} is still running', name, server));
  return over;
}

function descriptionOf({ kind, stopped, interrupted }: StoppedJob, runs: boolean): string {
  return [
    kind === 'replay' ? vscode.l10n.t('Replay') : vscode.l10n.t('Restore'),
    ...(runs ? [vscode.l10n.t('still running')] : []),
    ...(interrupted && !runs ? [vscode.l10n.t('interrupted')] : []),
    new Date(stopped).toLocaleString(),
  ].join(', ');
}

function detailOf(job: StoppedJob): string {
  if (job.kind === 'restore') {
    const place = vscode.l10n.t('offset {0} of {1}', formatCount(job.resume.from), job.name);
    const { interrupted, choices } = job;
    const safe = !interrupted?.builds || choices.existing === 'replace';
    return safe ? [place, vscode.l10n.t('harmless to repeat')].join(', ') : place;
  }
  const place = placeText(job.from.resume);
  return job.interrupted ? [place, vscode.l10n.t('commands from there on may have been applied')].join(', ') : place;
}
