/** The first text of a value that a pattern matches, and where it is: for the few values that are shown. */

import { fromLatin1, integerText } from '../decoder/bytes.js';
import type { Entry } from '../decoder/rdb/entry.js';
import { isLong, type Text, textSlice } from '../decoder/rdb/string.js';
import { type Collection, streamIdText, type Value } from '../decoder/rdb/value-model.js';
import { readFully } from '../decoder/source.js';
import { REGEX_REACH, type ValueMatcher } from './value-pattern.js';

/** A part of a value whose text matches. */
export interface ValueMatch {
  /** The section of the value that holds it: `text`, `items` or `entries`; undefined where it is in no table. */
  readonly section: 'text' | 'items' | 'entries' | undefined;
  /** Position of the element. */
  readonly position: number;
  /** Whether it is in the name of a field or in what stands under it. */
  readonly part: 'value' | 'element' | 'member' | 'field' | 'entry';
  /** The field, or the id of the entry, that the value belongs to. */
  readonly of: Text | undefined;
  readonly text: Text;
  /** Where the match begins in the text. */
  readonly at: number;
}

const PAGE = 1024 * 1024;

/** @throws DecodeError where the value is damaged before a match. */
export function firstMatch(entry: Entry, matcher: ValueMatcher): ValueMatch | undefined {
  for (const candidate of texts(entry.value)) {
    const at = findIn(candidate.text, matcher);
    if (at >= 0) return { ...candidate, at };
  }
  return undefined;
}

type Candidate = Omit<ValueMatch, 'at'>;

function* texts(value: Value): Generator<Candidate> {
  switch (value.type) {
    case 'string':
      yield { section: 'text', position: 0, part: 'value', of: undefined, text: value.text };
      return;
    case 'list':
      for (const [position, text] of positioned(value.items)) {
        yield { section: 'items', position, part: 'element', of: undefined, text };
      }
      return;
    case 'set':
    case 'zset':
      for (const [position, { member }] of positioned<{ readonly member: Text }>(value.items)) {
        yield { section: 'items', position, part: 'member', of: undefined, text: member };
      }
      return;
    case 'hash':
      for (const [position, { field, value: text }] of positioned(value.items)) {
        yield { section: 'items', position, part: 'field', of: undefined, text: field };
        yield { section: 'items', position, part: 'value', of: field, text };
      }
      return;
    case 'stream':
      for (const [position, { id, fields }] of positioned(value.entries)) {
        const of = fromLatin1(streamIdText(id));
        for (const [field, text] of fields) {
          yield { section: 'entries', position, part: 'entry', of, text: field };
          yield { section: 'entries', position, part: 'entry', of, text };
        }
      }
      return;
    case 'array':
      for (const [position, { value: text }] of positioned(value.items)) {
        yield { section: 'items', position, part: 'element', of: undefined, text };
      }
      return;
    case 'module':
      if (!value.items) return;
      for (const [, { value: item }] of positioned(value.items)) {
        if (typeof item === 'number') continue;
        const text = typeof item === 'bigint' ? integerText(item) : item;
        yield { section: undefined, position: 0, part: 'value', of: undefined, text };
      }
      return;
    case 'cronjob':
      yield { section: undefined, position: 0, part: 'value', of: undefined, text: value.script };
      for (const list of [value.keys, value.args]) {
        for (const [, text] of positioned(list)) {
          yield { section: undefined, position: 0, part: 'element', of: undefined, text };
        }
      }
      return;
    case 'gcra':
      return;
  }
}

function* positioned<Item>(items: Collection<Item>): Generator<readonly [number, Item]> {
  const walker = items.walk();
  let position = 0;
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield [position++, item];
}

/** Where a match begins in a text; −1 if there is none. */
function findIn(text: Text, matcher: ValueMatcher): number {
  if (!isLong(text)) return text.length < matcher.least ? -1 : matcher.find(text, 0, text.length);
  if (!Number.isFinite(matcher.reach)) {
    const start = textSlice(text, 0, REGEX_REACH);
    return matcher.find(start, 0, start.length);
  }
  const page = new Uint8Array(PAGE + matcher.reach);
  for (let at = 0; at < text.length; at += PAGE) {
    const found = matcher.find(page, 0, readFully(text.source, at, page));
    if (found >= 0) return at + found;
  }
  return -1;
}
