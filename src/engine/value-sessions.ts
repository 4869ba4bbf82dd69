/** The values that somebody looks at: their sections stay open, so that the next page does not begin at the start. */

import type { KeyFact } from '../dataset/key-index.js';
import type { PagedCollection } from '../dataset/paging.js';
import { slotOf } from '../dataset/slots.js';
import { textMatcher } from '../dataset/text-search.js';
import { DecodeError } from '../decoder/errors.js';
import { openEntry, type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { type KeyHead, readKeyHead } from '../decoder/rdb/records.js';
import { isLong, type Text, textSlice } from '../decoder/rdb/string.js';
import { collect } from '../decoder/rdb/walkers.js';
import type { BytePage, CellAddress, Fact, ItemCell, ItemPage, ProblemInfo, Section, ValueInfo } from '../protocol.js';
import { bigCell, problemInfo, scoreCell, textCell, timeOf } from './cells.js';
import { type FoundString, foldedName } from './folded-name.js';
import { type OpenSection, sectionsOf } from './sections.js';

/** Values that are kept open. */
const OPEN_LIMIT = 16;
/** Searches that are remembered for a value. */
const SEARCH_LIMIT = 8;

interface Session {
  readonly fact: KeyFact;
  readonly sections: Map<string, OpenSection>;
  /** Positions of matching elements, by section and search. */
  readonly searches: Map<string, Uint32Array>;
}

/** A section or element that is asked for does not exist. */
export class NoSuchPartError extends Error {
  override readonly name = 'NoSuchPartError';
}

/** The open values of a file. */
export class ValueSessions {
  private readonly sessions = new Map<number, Session>();

  constructor(
    private readonly file: () => RdbFile,
    private readonly factOf: (row: number) => KeyFact,
    private readonly rowAt: (offset: number) => number | undefined,
    /** What a key costs in memory, where that is known. */
    private readonly memoryOf: (row: number) => number | undefined,
  ) {}

  /** Forgets all values. */
  clear(): void {
    this.sessions.clear();
  }

  /** Opens a value. What is wrong with it is told in the answer; everything before the damage can be looked at. */
  open(row: number): ValueInfo {
    const fact = this.factOf(row);
    const file = this.file();
    const end = fact.offset + fact.size;
    const sections = new Map<string, OpenSection>();
    let problem: ProblemInfo | null = null;
    let key: Text = new Uint8Array(0);
    let valueOffset = fact.typeOffset;
    let head: KeyHead = { metadata: [], notes: [] };
    try {
      const entry = openEntry(file, fact.typeOffset, end);
      key = entry.key;
      valueOffset = entry.valueOffset;
      head = readKeyHead(file.source, fact.offset, fact.typeOffset, file.header);
      for (const section of sectionsOf(entry, fact.elements)) sections.set(section.info.id, section);
    } catch (error) {
      problem = this.problemOf(error, fact);
    }
    this.keep(row, { fact, sections, searches: new Map() });
    return {
      row,
      key: textCell(key, 4000),
      type: fact.kind.type,
      valueType: fact.kind.valueType.name,
      encoding: fact.kind.encoding,
      elements: fact.elements ?? null,
      size: fact.size,
      memory: this.memoryOf(row) ?? null,
      offset: fact.offset,
      valueOffset,
      end,
      db: fact.db,
      slot: isLong(key) ? -1 : slotOf(key),
      expireAt: fact.expireAt === undefined ? null : timeOf(fact.expireAt),
      idle: fact.idle ?? null,
      freq: fact.freq ?? null,
      facts: headFacts(head),
      sections: [...sections.values()].map((section) => section.info),
      problem,
    };
  }

  private keep(row: number, session: Session): void {
    this.sessions.delete(row);
    this.sessions.set(row, session);
    for (const oldest of this.sessions.keys()) {
      if (this.sessions.size <= OPEN_LIMIT) break;
      this.sessions.delete(oldest);
    }
  }

  private session(row: number): Session {
    if (!this.sessions.has(row)) this.open(row);
    return this.sessions.get(row) as Session;
  }

  private section(row: number, id: string): { session: Session; section: OpenSection } {
    const session = this.session(row);
    const section = session.sections.get(id) ?? this.reopen(session, row, id);
    if (!section) throw new NoSuchPartError(`section ${id} of row ${row}`);
    return { session, section };
  }

  /** Opens the sections on the way to one that an element opens: `groups/3/pending`. */
  private reopen(session: Session, row: number, id: string): OpenSection | undefined {
    const match = /^(.+)\/(\d+)\/[^/]+$/.exec(id);
    if (!match) return undefined;
    for (const _ of this.openElement(row, match[1], Number(match[2])));
    return session.sections.get(id);
  }

  /** Opens the sections of an element of a table. */
  *openElement(row: number, id: string, position: number): Generator<void, readonly Section[]> {
    const { session, section } = this.section(row, id);
    if (!section.items || !section.open) throw new NoSuchPartError(`element ${position} of ${id}`);
    let item: unknown;
    yield* section.items.read(position, 1, (found) => {
      item = found;
    });
    if (item === undefined) throw new NoSuchPartError(`element ${position} of ${id}`);
    return section.open(item).map((child) => {
      const info = { ...child.info, id: `${id}/${position}/${child.info.id}` };
      session.sections.set(info.id, { ...child, info });
      return info;
    });
  }

  /**
   * A page of elements; of those that a search finds, if one is given.
   *
   * @param search what is looked for in the strings of the elements; empty for all elements.
   */
  *items(row: number, id: string, from: number, count: number, search: string): Generator<void, ItemPage> {
    const { session, section } = this.section(row, id);
    const { items, cells } = section;
    if (!items || !cells) throw new NoSuchPartError(`elements of ${id}`);
    const shown: (readonly ItemCell[])[] = [];
    const positions: number[] = [];
    const take = (item: unknown, position: number) => {
      shown.push(cells(item, position));
      positions.push(position);
    };
    try {
      if (search === '') {
        yield* items.read(from, count, take);
        const total = items.total ?? null;
        const last = shown.length < count || (total !== null && from + shown.length >= total);
        return { from, items: shown, positions, total, last, problem: null };
      }
      const matches = yield* this.search(session, section, search);
      for (const position of matches.subarray(from, from + count)) yield* items.read(position, 1, take);
      const last = from + shown.length >= matches.length;
      return { from, items: shown, positions, total: matches.length, last, problem: null };
    } catch (error) {
      // The elements before the damage are shown, and the damage behind them.
      const problem = this.problemOf(error, session.fact);
      return { from, items: shown, positions, total: from + shown.length, last: true, problem };
    }
  }

  private *search(session: Session, section: OpenSection, search: string): Generator<void, Uint32Array> {
    const name = `${section.info.id}\n${search}`;
    const known = session.searches.get(name);
    if (known) return known;
    const { items, texts, cells } = section;
    if (!items || !cells) return new Uint32Array(0);
    const matches = textMatcher(search);
    const found = yield* items.search((item) => {
      if (texts?.(item).some((text) => text !== undefined && matches(text))) return true;
      // Numbers, ids and times are found as they are shown.
      return texts === undefined && cells(item, 0).some((cell) => typeof cell === 'string' && cell.includes(search));
    });
    session.searches.set(name, found);
    for (const oldest of session.searches.keys()) {
      if (session.searches.size <= SEARCH_LIMIT) break;
      session.searches.delete(oldest);
    }
    return found;
  }

  /** Bytes of a string: of a text section, of an element, or of a pair of a stream entry. */
  *bytes(address: CellAddress, from: number, count: number): Generator<void, BytePage> {
    const text = yield* this.textAt(address);
    const bytes = textSlice(text, from, from + count).slice();
    return { from, bytes, total: text.length };
  }

  /** The string of a cell, and what choices about it are remembered by: its key and field with ids left out. */
  *string(address: CellAddress): Generator<void, FoundString> {
    const text = yield* this.textAt(address);
    const { row, section: id, position, column, pair } = address;
    const { session, section } = this.section(row, id);
    const { source } = this.file();
    let pattern = `${session.fact.kind.type} ${foldedName(readKeyName(source, session.fact.typeOffset))}`;
    if (section.text === undefined) {
      pattern += ` ${id.replace(/\d+/g, '*')}.${column}`;
      let field: Text | undefined;
      yield* section.items?.read(position, 1, (item) => {
        field = pair ? section.pairs?.(item)[pair[0]]?.[0] : section.texts?.(item)[0];
      }) ?? [];
      // The values of a field of a hash are of one kind; those of the members of a set have only themselves as a name.
      if (field && (pair || column > 0)) pattern += ` ${foldedName(field)}`;
    }
    return { text, pattern };
  }

  /** The elements of a table. */
  table(row: number, id: string): PagedCollection<unknown> {
    const { items } = this.section(row, id).section;
    if (!items) throw new NoSuchPartError(`elements of ${id}`);
    return items;
  }

  private *textAt({ row, section: id, position, column, pair }: CellAddress): Generator<void, Text> {
    const { section } = this.section(row, id);
    if (section.text !== undefined) return section.text;
    let text: Text | undefined;
    yield* section.items?.read(position, 1, (item) => {
      text = pair ? section.pairs?.(item)[pair[0]]?.[pair[1]] : section.texts?.(item)[column];
    }) ?? [];
    if (text === undefined) throw new NoSuchPartError(`cell ${column} of element ${position} of ${id}`);
    return text;
  }

  private problemOf(error: unknown, fact: KeyFact): ProblemInfo {
    if (!(error instanceof DecodeError)) throw error;
    return problemInfo(error.toProblem(fact.typeOffset), this.rowAt);
  }
}

/** Metadata and other notes that stand with a key. */
function headFacts(head: KeyHead): Fact[] {
  const facts: Fact[] = head.notes.map(({ name, value }) => ({ name, value }));
  for (const { class: spec, items } of head.metadata) {
    for (const [i, item] of collect(items).slice(0, 100).entries()) {
      const { value } = item;
      const cell =
        typeof value === 'bigint' ? bigCell(value) : typeof value === 'number' ? scoreCell(value) : textCell(value);
      facts.push({ name: `${spec.name} ${i}`, value: cell });
    }
  }
  return facts;
}
