/** What is asked before a replay goes on: what becomes of commands of which nobody knows if they were done. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { ReplayJob } from '../../job-protocol.js';
import { choose } from './option-menu.js';
import { placeText } from './result-texts.js';
import type { Interrupted, StoppedReplay } from './resume-store.js';

type GoOn = NonNullable<ReplayJob['goOn']>;

/** How a replay goes on; undefined if it does not, `forget` if it is not to be offered any more. */
export async function howToGoOn({ from, interrupted }: StoppedReplay): Promise<GoOn | 'forget' | undefined> {
  const chosen = interrupted ? await askInterrupted({ from, interrupted }) : 'go';
  if (chosen === undefined || chosen === 'stay') return undefined;
  return chosen === 'forget' ? chosen : askUnacknowledged(from);
}

/** Nobody knows what was done behind the last word of a replay, so that doing nothing is what is offered first. */
function askInterrupted({
  from,
  interrupted,
}: Required<Pick<StoppedReplay, 'from' | 'interrupted'>>): Promise<'stay' | 'go' | 'forget' | undefined> {
  return choose(vscode.l10n.t('Interrupted: commands from {0} on may have been applied', placeText(from.resume)), [
    {
      label: vscode.l10n.t('Do not go on'),
      detail: vscode.l10n.t('Nothing is sent, and the place stays remembered'),
      value: 'stay',
    },
    {
      label: vscode.l10n.t('Go on at {0}', placeText(from.resume)),
      detail: [
        sentText(interrupted),
        vscode.l10n.t('what was applied is applied again, which is wrong for INCR, RPUSH and such'),
      ].join(': '),
      value: 'go',
    },
    { label: vscode.l10n.t('Forget it'), detail: vscode.l10n.t('The server is left as it is'), value: 'forget' },
  ]);
}

/** What is to be known of a replay that ended without a report. */
export function interruptedText({ from, stopped }: StoppedReplay, interrupted: Interrupted): string {
  return vscode.l10n.t(
    'It was interrupted, and last heard of at {0}. Commands from {1} on may have been applied already ({2}); those are applied again.',
    new Date(stopped).toLocaleTimeString(),
    placeText(from.resume),
    sentText(interrupted),
  );
}

/** How many commands may have been done. */
function sentText({ sent, rate }: Interrupted): string {
  const then =
    sent === 1
      ? vscode.l10n.t('1 command was on its way at the last word')
      : vscode.l10n.t('{0} commands were on their way at the last word', formatCount(sent));
  if (rate === 0) return vscode.l10n.t('{0}, those sent after it are not known', then);
  return vscode.l10n.t('{0}, and about {1} a second were sent after it', then, formatCount(rate));
}

/** Commands without a reply are done again only where that is harmless. */
async function askUnacknowledged(from: StoppedReplay['from']): Promise<GoOn | undefined> {
  const { unacknowledged } = from;
  if (!unacknowledged) return { from };
  const { count, harmless } = unacknowledged;
  const skip = {
    label: vscode.l10n.t('Go on behind them'),
    detail: vscode.l10n.t('Those that were not applied will be missing'),
    value: 'skip',
  } as const;
  const retry = {
    label: vscode.l10n.t('Do them again'),
    detail: vscode.l10n.t('Harmless: these commands leave the same, however often they are done'),
    value: 'retry',
  } as const;
  const title =
    count === 1
      ? vscode.l10n.t('1 command was sent, but not acknowledged')
      : vscode.l10n.t('{0} commands were sent, but not acknowledged', formatCount(count));
  const choice = await choose(title, harmless ? [retry, skip] : [skip]);
  return choice && { from, unacknowledged: choice };
}
