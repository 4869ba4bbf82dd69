/** The data that modules keep beside the keys, where its meaning is known; any other is shown as its tagged parts. */
import type { ItemReader } from './items.js';
import { searchIndexView } from './search-index.js';
import { spellCheckView } from './spell-check.js';
import type { ViewField } from './view.js';

const VIEWS: ReadonlyMap<string, (items: ItemReader) => ViewField[] | undefined> = new Map([
  ['ft_index0', searchIndexView],
  ['scdtype00', spellCheckView],
]);

/**
 * The meaning of module data.
 *
 * @param items reads the parts from the first on, behind the time of the record.
 * @returns undefined if the module or the layout of this version is not known.
 * @throws DecodeError `bad-module-value` if the parts are not what the version says.
 */
export function moduleDataView(items: ItemReader): ViewField[] | undefined {
  return VIEWS.get(items.module.name)?.(items);
}
