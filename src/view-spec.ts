/** What the grid shows, from what the user has chosen for this file and for all files: asked for by the extension before there is a page, and by the page from then on. */
import type { CommandFilter, CommandViewSpec } from './aof-protocol.js';
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

/** The views of an AOF editor, by what is added to the number that the page has: the keys are those of a base. */
export const AOF_VIEWS = { commands: 0, history: 1, touched: 2, keys: 3 } as const;

/** How many numbers a page has for its views. */
export const VIEWS_OF_PAGE = 4;

/** The order of the file. */
export const FILE_ORDER: CommandViewSpec['sort'] = { column: 'number', descending: false };

/** What the engine of an AOF is asked to show. @param chosen for this file, as in {@link viewSpec}. */
export function commandViewSpec(
  chosen: { readonly filter?: CommandFilter; readonly sort?: CommandViewSpec['sort'] },
  preferences: Preferences,
): CommandViewSpec {
  const { filter = {}, sort = FILE_ORDER } = chosen;
  // Transactions are rows only where their commands stand together.
  return { filter, sort, fold: sort.column === 'number' && !sort.descending && (preferences.aof?.fold ?? true) };
}
