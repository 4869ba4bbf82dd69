/** Dictionaries for spell checking: the data that RediSearch keeps behind the keys (`scdtype00`), version 1. */
import { FieldList, Room, withoutNul } from './fields.js';
import type { ItemReader } from './items.js';
import type { ViewField } from './view.js';

/**
 * The dictionaries and their terms.
 *
 * @param items at the first part of the module data.
 * @returns undefined if the layout of this version is not known.
 * @throws DecodeError `bad-module-value` if the parts are not what the version says.
 */
export function spellCheckView(items: ItemReader): ViewField[] | undefined {
  if (items.module.version !== 1) return undefined;
  const room = new Room();
  const dictionaries = new FieldList(room);
  // The record before the keys, and that of older releases without dictionaries, is empty.
  const count = items.more() ? items.unsigned() : 0n;
  for (let left = count; left > 0n; left--) {
    const name = withoutNul(items.text());
    const terms = new FieldList(room);
    for (let more = items.unsigned(); more > 0n; more--) {
      terms.add(withoutNul(items.text()));
      // The score, which is the same for all.
      items.double();
    }
    dictionaries.add([{ name: 'name', value: name }, ...terms.fields('terms')]);
  }
  items.end();
  return dictionaries.fields('dictionaries');
}
