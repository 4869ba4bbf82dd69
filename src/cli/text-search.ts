/** The search for a text in values, as an option of commands. */
import { ValueSearch } from '../dataset/value-search.js';
import type { RdbFile } from '../decoder/rdb/entry.js';

/** @param text what some text of a value has to have, case and all; undefined for no search. */
export function textSearch(text: string | undefined, file: () => RdbFile): ValueSearch | undefined {
  return text === undefined ? undefined : new ValueSearch(file, { mode: 'substring', text, ignoreCase: false });
}
