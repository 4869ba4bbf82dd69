/** Where the values of keys match what is searched for: found for the rows that are shown. */
import type { KeyFact } from '../dataset/key-index.js';
import { firstMatch } from '../dataset/value-match.js';
import { compileValuePattern, type ValueMatcher, type ValuePattern } from '../dataset/value-pattern.js';
import { DecodeError } from '../decoder/errors.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { textSlice } from '../decoder/rdb/string.js';
import { displayText } from '../format/display.js';
import type { MatchInfo } from '../protocol.js';
import { textCell } from './cells.js';

/** Matches that are remembered, of the last pattern. */
const KEPT = 2000;
/** Values that are larger are not searched again to show where they match. */
const SEARCHED = 64 * 1024 * 1024;
/** Bytes before a match that are shown, and from its beginning on; characters of all that. */
const BEFORE = 20;
const AFTER = 160;
const CHARACTERS = 160;
const NAME_CHARACTERS = 60;

export class ValueMatches {
  private pattern = '';
  private matcher: ValueMatcher | undefined;
  private readonly known = new Map<number, MatchInfo | null>();

  constructor(private readonly file: () => RdbFile) {}

  /** Where a value matches; null where that would take long to find out, or where the value is damaged. */
  of(fact: KeyFact, pattern: ValuePattern): MatchInfo | null {
    const name = JSON.stringify(pattern);
    if (name !== this.pattern || !this.matcher) {
      this.pattern = name;
      this.matcher = compileValuePattern(pattern);
      this.known.clear();
    }
    const known = this.known.get(fact.row);
    if (known !== undefined) return known;
    const found = fact.size > SEARCHED ? null : this.find(fact, this.matcher);
    if (this.known.size >= KEPT) this.known.clear();
    this.known.set(fact.row, found);
    return found;
  }

  private find(fact: KeyFact, matcher: ValueMatcher): MatchInfo | null {
    try {
      const match = firstMatch(openEntry(this.file(), fact.typeOffset, fact.offset + fact.size), matcher);
      if (!match) return null;
      const { text, at, section, position, part, of } = match;
      const from = Math.max(0, at - BEFORE);
      const { text: shown, whole } = displayText(textSlice(text, from, at + AFTER), CHARACTERS);
      const more = !whole || text.length > at + AFTER;
      return {
        section: section ?? null,
        position,
        part,
        of: of === undefined ? null : textCell(of, NAME_CHARACTERS),
        text: `${from > 0 ? '…' : ''}${shown}${more ? '…' : ''}`,
      };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return null;
    }
  }
}
