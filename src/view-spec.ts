/** What the grid shows, from what the user has chosen for this file and for all files: asked for by the extension before there is a page, and by the page from then on. */
import type { KeyFilter, KeySort, Preferences, ViewSpec } from './protocol.js';

/** Rows that are asked for at once: more than a screen holds. */
export const PAGE_ROWS = 100;

/** Keys as a list or as a tree; a tree needs a separator. */
export function layoutOf(preferences: Preferences, separator: string): 'list' | 'tree' {
  return separator === '' ? 'list' : (preferences.layout ?? 'list');
}

/** What the engine is asked to show. @param chosen for this file; nothing in a file that is opened for the first time. */
export function viewSpec(
  chosen: { readonly filter?: KeyFilter; readonly sort?: KeySort },
  preferences: Preferences,
  separator: string,
): ViewSpec {
  return {
    filter: chosen.filter ?? {},
    sort: chosen.sort ?? { column: 'offset', descending: false },
    layout: layoutOf(preferences, separator),
    separator,
    folderOrder: preferences.folderOrder ?? 'name',
  };
}
