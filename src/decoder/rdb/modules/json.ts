/** JSON documents (`ReJSON-RL` of RedisJSON), versions 0, 2, 3 and 4. */
import { cborReader } from './json-cbor.js';
import { nodeReader } from './json-nodes.js';
import { jsonText } from './json-text.js';
import type { ModuleType } from './module-type.js';

export const JSON_DOCUMENT: ModuleType = {
  name: 'ReJSON-RL',
  view(items) {
    switch (items.module.version) {
      case 0: {
        const { offset, fileOffset } = items.cursor;
        return { kind: 'json', text: jsonText(() => nodeReader(items.fork(offset)), items, fileOffset) };
      }
      case 2: {
        const text = items.text();
        // Previews of 2.0 wrote here in which search index the document was.
        if (items.flag()) {
          items.text();
          items.text();
        }
        items.end();
        return { kind: 'json', text };
      }
      case 3: {
        const text = items.text();
        items.end();
        return { kind: 'json', text };
      }
      case 4: {
        const blob = items.blob();
        items.end();
        return { kind: 'json', text: jsonText(() => cborReader(blob, items), items, blob.fileOffset) };
      }
      default:
        return undefined;
    }
  },
};
