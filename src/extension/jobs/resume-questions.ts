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
  const chosen = interrupted ? await askInterrupted(from) : 'go';
  if (chosen === undefined || chosen === 'stay') return undefined;
  return chosen === 'forget' ? chosen : askUnacknowledged(from);
}

/** Nobody knows what was done behind the last word of a replay, so that doing nothing is what is offered first. */
function askInterrupted(from: StoppedReplay['from']): Promise<'stay' | 'go' | 'forget' | undefined> {
  return choose(vscode.l10n.t('Interrupted: commands from {0} on may have been applied', placeText(from.resume)), [
    {
      label: vscode.l10n.t('Do not go on'),
      detail: vscode.l10n.t('Nothing is sent, and the place stays remembered'),
      value: 'stay',
    },
    {
      label: vscode.l10n.t('Go on at {0}', placeText(from.resume)),
      detail: vscode.l10n.t('What was applied is applied again, which is wrong for INCR, RPUSH and such'),
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
  if (rate === 0) return vscode.l10n.t('how many is not known');
  const speed = vscode.l10n.t('about {0} a second were being sent', formatCount(rate));
  return sent === 0
    ? speed
    : vscode.l10n.t('{0} were on their way at the last word, and {1}', formatCount(sent), speed);
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
