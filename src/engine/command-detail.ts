/** One command in detail: its arguments by the page, searched, and their bytes, however many or long they are. */

import type { ArgumentInfo, CommandDetail } from '../aof-protocol.js';
import { readHead } from '../dataset/aof/command-head.js';
import type { CommandIndex } from '../dataset/aof/command-index.js';
import { type PartFiles, StretchReader } from '../dataset/aof/part-files.js';
import { PagedCollection } from '../dataset/paging.js';
import { textMatcher } from '../dataset/text-search.js';
import { argumentText, type CommandArgument, commandArguments } from '../decoder/aof/command-arguments.js';
import { type CommandEntry, commandNamed, keyArguments, summaryOf, syntaxOf } from '../decoder/aof/command-table.js';
import { hashKey } from '../decoder/aof/key-hash.js';
import { DecodeError } from '../decoder/errors.js';
import { textSlice } from '../decoder/rdb/string.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import type { BytePage } from '../protocol.js';
import { problemInfo, textCell } from './cells.js';
import { type FoundString, foldedName } from './folded-name.js';
import { NoSuchPartError } from './value-sessions.js';

/** Commands that are kept open: their pages are found without walking to them again. */
const KEPT = 8;
/** Names of keys beyond this are not looked up. */
const KEY_LIMIT = 1 << 20;
/** Arguments of a command that are read at most to tell which of them are keys, where only their text does. */
const RULE_LIMIT = 1 << 16;
/** Arguments that are told apart by their place; of those behind them, names and values take turns. */
const FIRST_ARGUMENTS = 4;
const EMPTY = new Uint8Array(0);

/** A command that is looked at. */
interface OpenCommand {
  readonly row: number;
  readonly source: ByteSource;
  readonly paged: PagedCollection<CommandArgument>;
  /** Positions of the keys; undefined where a range tells. */
  keys: ReadonlySet<number> | undefined;
  search: string;
  matches: Uint32Array;
}

/** The commands of an index in detail. */
export class CommandDetails {
  private readonly open: OpenCommand[] = [];

  constructor(
    private readonly files: PartFiles,
    private readonly index: CommandIndex,
  ) {}

  private check(row: number): void {
    if (!(Number.isInteger(row) && row >= 0 && row < this.index.length)) throw new NoSuchPartError(`command ${row}`);
  }

  /** What is known of a command before its arguments. */
  detail(row: number): CommandDetail {
    this.check(row);
    const { index } = this;
    const head = readHead(new StretchReader(this.files, 0), index, row);
    const at = index.transactions.positionOf(row);
    const transaction = at < 0 ? undefined : index.transactions.at(at);
    return {
      command: row,
      name: head.name,
      group: index.groupOf(index.name(row)),
      summary: head.entry ? summaryOf(head.entry) : null,
      syntax: head.entry ? syntaxOf(head.entry) : null,
      part: index.rangeOf(row).part,
      offset: index.offset(row),
      bytes: index.size(row),
      argc: index.argc(row),
      time: index.time(row) || null,
      db: index.db(row),
      writes: head.entry?.writes ?? null,
      transaction: transaction ? [transaction.first, transaction.last] : null,
      facts: [],
      problem: this.problemOf(row),
    };
  }

  private problemOf(row: number): CommandDetail['problem'] {
    try {
      this.session(row);
      return null;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return problemInfo(error.toProblem(), () => undefined);
    }
  }

  /** @throws DecodeError if no command stands where one was found. */
  private session(row: number): OpenCommand {
    this.check(row);
    const at = this.open.findIndex((one) => one.row === row);
    if (at >= 0) return this.open[at];
    const { part } = this.index.rangeOf(row);
    const source = this.files(part);
    if (!source) throw new NoSuchPartError(`part ${part}`);
    const offset = this.index.offset(row);
    const paged = new PagedCollection(commandArguments(source, offset, offset + this.index.size(row)));
    const session = { row, source, paged, keys: undefined, search: '', matches: new Uint32Array(0) };
    this.open.push(session);
    if (this.open.length > KEPT) this.open.shift();
    return session;
  }

  /** A page of arguments: of all, or of those that hold a text. @throws DecodeError where the file was overwritten. */
  *arguments(
    row: number,
    from: number,
    count: number,
    search: string,
  ): Generator<void, { items: ArgumentInfo[]; total: number }> {
    const session = this.session(row);
    const entry = commandNamed(this.index.nameText(this.index.name(row)));
    const isKey = yield* this.keyTest(session, entry);
    const items: ArgumentInfo[] = [];
    const take = (argument: CommandArgument, index: number) => {
      const text = argumentText(session.source, argument);
      const role = index === 0 ? 'name' : isKey(index) ? 'key' : 'argument';
      const keyId =
        role === 'key' && text.length <= KEY_LIMIT ? this.keyId(row, textSlice(text, 0, text.length)) : null;
      items.push({ index, cell: textCell(text), offset: argument.offset, role, keyId });
    };
    if (search === '') {
      yield* session.paged.read(Math.max(0, from), count, take);
      return { items, total: session.paged.total ?? 0 };
    }
    if (session.search !== search) {
      const matches = textMatcher(search);
      session.matches = yield* session.paged.search((argument) => matches(argumentText(session.source, argument)));
      session.search = search;
    }
    for (const position of session.matches.subarray(from, from + count)) yield* session.paged.read(position, 1, take);
    return { items, total: session.matches.length };
  }

  private keyId(row: number, name: Uint8Array): number | null {
    const { low, high } = hashKey(this.index.db(row), name);
    return this.index.keys.find(low, high) ?? null;
  }

  /** Tells which positions are keys. */
  private *keyTest(
    session: OpenCommand,
    entry: CommandEntry | undefined,
  ): Generator<void, (position: number) => boolean> {
    if (!entry || entry.keyRule.kind === 'none') return () => false;
    const argc = session.paged.total ?? 0;
    if (entry.keyRule.kind === 'range' && entry.subcommands.length === 0) {
      const { first, last, step } = entry.keyRule;
      const end = last < 0 ? argc + last : last;
      return (at) => at >= first && at <= end && (at - first) % step === 0;
    }
    if (!session.keys) {
      const texts: Uint8Array[] = [];
      yield* session.paged.read(0, Math.min(argc, RULE_LIMIT), (argument) => {
        texts.push(argument.length <= WORD ? textSlice(argumentText(session.source, argument), 0, WORD) : EMPTY);
      });
      session.keys = new Set(keyArguments(entry, argc, (at) => texts[at] ?? EMPTY));
    }
    const { keys } = session;
    return (at) => keys.has(at);
  }

  /** The string of an argument, and what choices about it are remembered by: the command, the argument, its key. */
  *string(row: number, argument: number): Generator<void, FoundString> {
    const session = this.session(row);
    const wanted: CommandArgument[] = [];
    const head = readHead(new StretchReader(this.files, 0), this.index, row);
    const keyAt = head.entry?.keyRule.kind === 'range' ? head.entry.keyRule.first : 0;
    for (const position of [argument, keyAt]) {
      yield* session.paged.read(position, 1, (one) => {
        wanted.push(one);
      });
      if (wanted.length === 0) throw new NoSuchPartError(`argument ${argument}`);
    }
    const [text, key] = wanted.map((one) => argumentText(session.source, one));
    const place = argument <= FIRST_ARGUMENTS ? String(argument) : argument % 2 === 0 ? '2n' : '2n+1';
    return { text, pattern: `${head.name} ${place} ${key && keyAt > 0 ? foldedName(key) : ''}`.trimEnd() };
  }

  /** Bytes of an argument, or of the whole command as it stands in the file. */
  *bytes(row: number, argument: number | null, from: number, count: number): Generator<void, BytePage> {
    const session = this.session(row);
    let offset = this.index.offset(row);
    let total = this.index.size(row);
    if (argument !== null) {
      let found: CommandArgument | undefined;
      yield* session.paged.read(argument, 1, (one) => {
        found = one;
      });
      if (!found) throw new NoSuchPartError(`argument ${argument}`);
      ({ offset, length: total } = found);
    }
    const start = Math.max(0, Math.min(from, total));
    const bytes = new Uint8Array(Math.max(0, Math.min(count, total - start)));
    return { from: start, bytes: bytes.subarray(0, readFully(session.source, offset + start, bytes)), total };
  }
}

/** Bytes of an argument that can be a keyword or a number; a longer one can only be a key or a value. */
const WORD = 64;
