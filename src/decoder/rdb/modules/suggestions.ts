/** Suggestion dictionaries (`trietype0` of RediSearch), versions 0 to 2: terms with scores, for FT.SUGGET. */
import { narrow } from '../blobs/reader.js';
import { FieldList, Room, subText, withoutNul } from './fields.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

const NEWEST = 2;
/** First versions with these parts. */
const WITH_PAYLOADS = 1;
const WITH_DOCUMENTS = 2;

export const SUGGESTIONS: ModuleType = {
  name: 'trietype0',
  view(items) {
    const { version } = items.module;
    if (version > NEWEST) return undefined;
    const count = items.unsigned();
    const list = new FieldList(new Room());
    for (let left = count; left > 0n; left--) {
      const suggestion: ViewField[] = [
        { name: 'string', value: withoutNul(items.text()) },
        { name: 'score', value: items.double() },
      ];
      if (version >= WITH_PAYLOADS) {
        const payload = items.text();
        // It is written with the byte behind it, whatever that is.
        if (payload.length > 1) suggestion.push({ name: 'payload', value: subText(payload, 0, payload.length - 1) });
      }
      // Counted for the terms of an index; suggestions have none.
      if (version >= WITH_DOCUMENTS) items.unsigned();
      list.add(suggestion);
    }
    items.end();
    return { kind: 'fields', fields: [{ name: 'size', value: narrow(count) }, ...list.fields('suggestions')] };
  },
};
