/** Names with their ids left out: what keys of one kind have in common, so that a choice for one is made for all. */
import { type Text, textSlice } from '../decoder/rdb/string.js';
import { displayText } from '../format/display.js';

/** A string, and what choices about it are remembered by. */
export interface FoundString {
  readonly text: Text;
  readonly pattern: string;
}

/** Bytes of a name that are looked at. */
const LONGEST = 200;
/** What stands between the parts of names. */
const SEPARATORS = /([:/|.,;{}@#\s-]+)/;
/** Numbers, UUIDs and hashes in hexadecimal, and anything with several digits in it. */
const ID = /^(?:\d+|[\da-f]{8,}|.*\d.*\d.*)$/i;

/** A name with `*` for what differs from one key to the next: `user:*:cart` for `user:4711:cart`. */
export function foldedName(name: Text): string {
  const { text } = displayText(textSlice(name, 0, LONGEST), LONGEST);
  const parts = text.split(SEPARATORS).map((part, i) => (i % 2 === 0 && ID.test(part) ? '*' : part));
  return parts.join('').replace(/\*(?:-\*)+/g, '*');
}
