/** Counts in words, one thing and many. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';

export function keysText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 key') : vscode.l10n.t('{0} keys', formatCount(count));
}

export function commandsText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 command') : vscode.l10n.t('{0} commands', formatCount(count));
}

export function restoredText(keys: number): string {
  return keys === 1 ? vscode.l10n.t('1 key restored') : vscode.l10n.t('{0} keys restored', formatCount(keys));
}
