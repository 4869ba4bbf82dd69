/** What stands around the rows of the key grid: how many there are, that there are none, how far a search is. */
import { html, nothing } from 'lit';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { KeyFilter, Summary, ViewState } from '../../src/protocol.js';
import { iconButton } from '../controls.js';
import { t } from '../strings.js';
import { keysText } from '../summary-texts.js';

function isFiltered(filter: KeyFilter): boolean {
  return Object.keys(filter).length > 0;
}

/** What is shown, and how much of it is selected. */
export function statusText(
  { keys, bytes, memory }: ViewState,
  filter: KeyFilter,
  summary: Summary | undefined,
  selected: number,
): string {
  const parts = [
    isFiltered(filter) ? t('{0} of {1} keys', formatCount(keys), formatCount(summary?.keys ?? keys)) : keysText(keys),
    t('{0} in the file', formatBytes(bytes)),
  ];
  if (memory !== null) parts.push(t('about {0} in memory', formatBytes(memory)));
  if (selected > 1) parts.push(t('{0} selected', formatCount(selected)));
  return parts.join(' · ');
}

/** What is said where no row is. */
export function emptyText(filter: KeyFilter) {
  return html`<div class="grid-empty dim">
    ${isFiltered(filter) ? t('No key passes the search and the filters.') : t('The file holds no keys.')}
  </div>`;
}

/** How far searching and sorting is. @param done from 0 to 1; below 0 if nothing is being done. */
export function progressBar(done: number, cancel: () => void) {
  if (done < 0) return nothing;
  return html`<div class="busy-bar" role="progressbar" aria-label=${t('Searching and sorting')} aria-valuenow=${Math.round(done * 100)}>
    <div class="busy-done"></div>
    ${iconButton('close', t('Cancel'), cancel)}
  </div>`;
}
