/** Whether a server would load an AOF, in the words of the summary. */
import * as vscode from 'vscode';
import type { AofSummary } from '../aof-protocol.js';
import { phraseText } from '../format/messages.js';

/** The verdict in a few words; empty while it is not known. */
export function verdictWords({ verdict }: AofSummary): string {
  switch (verdict) {
    case 'loads':
      return vscode.l10n.t('loads');
    case 'loads-truncated':
      return vscode.l10n.t('loads with its tail cut');
    case 'refused':
      return vscode.l10n.t('does not load');
    default:
      return '';
  }
}

/** What the verdict rests on; empty if there is nothing to say. */
export function verdictReason({ verdictReason: reason }: AofSummary): string {
  return reason ? phraseText(reason, vscode.l10n.t) : '';
}
