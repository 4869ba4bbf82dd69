/** *Resume Replay or Restore…*: goes on with what was stopped or interrupted, also after the window was closed. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { type FlowSurroundings, resumeReplay } from './replay-flow.js';
import { resumeRestore } from './restore-flow.js';
import { placeText } from './result-texts.js';
import { type StoppedJob, stoppedJobs } from './resume-store.js';

/** Lets the user choose one of them. What runs in this window is none. */
export async function resumeFlow(
  surroundings: FlowSurroundings,
  chosenServer: ConfiguredServer | undefined,
): Promise<void> {
  const { servers, context, runningJobs } = surroundings;
  if (!servers.mayConnect()) return;
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
    description: descriptionOf(job),
    detail: detailOf(job),
    job,
  }));
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Resume Replay or Restore'),
    ignoreFocusOut: true,
  });
  if (!item) return;
  const { job } = item;
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

function descriptionOf({ kind, stopped, interrupted }: StoppedJob): string {
  return [
    kind === 'replay' ? vscode.l10n.t('Replay') : vscode.l10n.t('Restore'),
    ...(interrupted ? [vscode.l10n.t('interrupted')] : []),
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
