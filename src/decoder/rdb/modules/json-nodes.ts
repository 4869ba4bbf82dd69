/** Documents of RedisJSON 1.x (version 0): every value is a number for its type, and what belongs to that type. */
import { type Text, textSlice } from '../string.js';
import type { ItemReader } from './items.js';
import { doubleText } from './json-number.js';
import type { DocumentPart, DocumentReader } from './json-text.js';

const NODE_NULL = 1n;
const NODE_STRING = 2n;
const NODE_DOUBLE = 4n;
const NODE_INTEGER = 8n;
const NODE_BOOLEAN = 0x10n;
const NODE_OBJECT = 0x20n;
const NODE_ARRAY = 0x40n;
const NODE_MEMBER = 0x80n;

const ONE = 0x31;

/** Reads the nodes. @param items at the outermost one; they are moved. */
export function nodeReader(items: ItemReader): DocumentReader {
  const type = () => ({ offset: items.cursor.fileOffset, node: items.unsigned() });
  return {
    value(): DocumentPart {
      const { offset, node } = type();
      switch (node) {
        case NODE_NULL:
          return { kind: 'json', json: 'null' };
        case NODE_STRING: {
          const start = items.cursor.offset;
          return { kind: 'text', text: items.text(), reopen: () => items.fork(start).text() };
        }
        case NODE_DOUBLE:
          return { kind: 'json', json: doubleText(items.double()) };
        case NODE_INTEGER:
          return { kind: 'json', json: String(items.signed()) };
        case NODE_BOOLEAN:
          return { kind: 'json', json: textSlice(items.text(), 0, 1)[0] === ONE ? 'true' : 'false' };
        case NODE_OBJECT:
          return { kind: 'object', count: items.count() };
        case NODE_ARRAY:
          return { kind: 'array', count: items.count() };
        default:
          throw items.bad(offset, 'a node has the unknown type {0}', String(node));
      }
    },
    key(): Text {
      const { offset, node } = type();
      if (node !== NODE_MEMBER) throw items.bad(offset, 'a node of type {0} stands in an object', String(node));
      return items.text();
    },
    ends: () => false,
    end: () => items.end(),
    mark() {
      const { offset } = items.cursor;
      return () => nodeReader(items.fork(offset));
    },
  };
}
