/** Commands as a text to read: lines as redis-cli takes them, and comments for parts, times, transactions and damage. */
import { AFTER_DAMAGE, CLOSES_TRANSACTION, OPENS_TRANSACTION } from '../../decoder/aof/command-batch.js';
import { type Phrase, phrase } from '../../decoder/errors.js';
import { formatTime } from '../../format/quantities.js';
import { isLoaded } from './aof-scan.js';
import type { AofPart } from './aof-set.js';
import type { CommandIndex } from './command-index.js';
import { redisCliLine } from './command-text.js';
import type { LostStretch } from './lost-commands.js';
import type { PartFiles } from './part-files.js';
import type { PartScan } from './part-scan.js';

/** Whole lines, or what a comment line says. */
export type TextPiece = string | Phrase;

/** A text, as far as it was made. */
export interface ReadableText {
  readonly pieces: readonly TextPiece[];
  /** Commands that are in it, those in comments included. */
  readonly commands: number;
  /** The first command that is not; null if all are. */
  readonly stoppedAt: number | null;
}

/** What a text is made of. */
export interface ReadableSource {
  readonly files: PartFiles;
  readonly index: CommandIndex;
  readonly parts: readonly AofPart[];
  readonly scans: readonly PartScan[];
  /** Bytes that are no commands, in the order of the commands before which they stand. */
  readonly damages: readonly {
    readonly before: number;
    readonly part: number;
    readonly offset: number;
    readonly bytes: number;
  }[];
}

/** Commands between two chances for the caller. */
const SLICE = 64;
/** Characters that a comment is counted for. */
const COMMENT = 80;

/** The pieces of a text that must not get longer than a limit. */
class Pieces {
  readonly pieces: TextPiece[] = [];
  commands = 0;
  private lines: string[] = [];
  private size = 0;

  constructor(private readonly limit: number) {}

  comment(what: Phrase): void {
    this.flush();
    this.pieces.push(what);
    this.size += COMMENT;
  }

  /** Adds the line of a command. @returns false if it does not fit. */
  command({ files, index }: ReadableSource, row: number, commented: boolean): boolean {
    // A command that is much larger than the room that is left is not even read.
    if (this.size >= this.limit || index.size(row) > 2 * (this.limit - this.size)) return false;
    const line: string[] = commented ? ['# '] : [];
    let length = line.length;
    for (const piece of redisCliLine(files, index, row)) {
      line.push(piece);
      length += piece.length;
      if (this.size + length > this.limit) return false;
    }
    this.lines.push(line.join(''));
    this.size += length;
    this.commands++;
    return true;
  }

  flush(): void {
    if (this.lines.length > 0) this.pieces.push(this.lines.join(''));
    this.lines = [];
  }
}

/**
 * All commands that a server would run. Those that it would not get to stand in comments, so that the other lines,
 * read as commands, are exactly the commands that it would run.
 *
 * @param from number of the command to begin with.
 * @param limit the most characters to give.
 * @returns the text. Yields how much is done, from 0 to 1.
 * @throws DecodeError if the file was overwritten.
 */
export function* readableText(source: ReadableSource, from: number, limit: number): Generator<number, ReadableText> {
  const { index } = source;
  const text = new Pieces(limit);
  let time = 0;
  if (from > 0) {
    text.comment(phrase('From command {0} on; database {1} is selected.', from, index.db(from)));
  }
  for (const part of source.parts) {
    const [first, end] = index.commandsOf(part.part) ?? [index.length, index.length];
    if (from > 0 && end <= from) continue;
    describePart(text, source, part);
    if (!isLoaded(part)) continue;
    const damages = source.damages.filter((damage) => damage.part === part.part && damage.before >= from);
    let nextDamage = 0;
    const damageBefore = (row: number) => {
      for (; nextDamage < damages.length && damages[nextDamage].before <= row; nextDamage++) {
        const { offset, bytes } = damages[nextDamage];
        text.comment(phrase('Damage: {0} bytes at offset {1} are no command.', bytes, offset));
      }
    };
    const scan = source.scans[part.part];
    const open = scan?.openTransaction?.offset ?? Number.POSITIVE_INFINITY;
    let notRun = false;
    for (let row = Math.max(first, from); row < end; row++) {
      damageBefore(row);
      const skipped = (index.flags(row) & AFTER_DAMAGE) !== 0 || index.offset(row) >= open;
      if (skipped && !notRun) text.comment(whyNotRun(index, row));
      notRun = skipped;
      time = tellTime(text, index, row, time);
      if ((index.flags(row) & OPENS_TRANSACTION) !== 0) text.comment(phrase('transaction'));
      if (!text.command(source, row, skipped)) return stopped(text, source, row);
      if ((index.flags(row) & CLOSES_TRANSACTION) !== 0) text.comment(phrase('end of the transaction'));
      if (row % SLICE === 0) yield (row - from) / Math.max(1, index.length - from);
    }
    damageBefore(end);
  }
  text.flush();
  return { pieces: text.pieces, commands: text.commands, stoppedAt: null };
}

/**
 * What a repair would lose: for each stretch its place, then its commands, each with offset and time before it.
 *
 * @param limit the most characters to give.
 * @throws DecodeError if the file was overwritten.
 */
export function* lostText(
  source: ReadableSource,
  stretches: readonly LostStretch[],
  limit: number,
): Generator<number, ReadableText> {
  const { index } = source;
  const text = new Pieces(limit);
  for (const [i, { part, file, from, to, commands }] of stretches.entries()) {
    const [first, end] = commands;
    text.comment(phrase('{0}: {1} bytes from offset {2} on, with {3} commands', file, to - from, from, end - first));
    const damages = source.damages.filter((one) => one.part === part && one.offset >= from && one.offset < to);
    let nextDamage = 0;
    const damageBefore = (offset: number) => {
      for (; nextDamage < damages.length && damages[nextDamage].offset < offset; nextDamage++) {
        const { offset: at, bytes } = damages[nextDamage];
        text.comment(phrase('Damage: {0} bytes at offset {1} are no command.', bytes, at));
      }
    };
    for (let row = first; row < end; row++) {
      damageBefore(index.offset(row));
      const time = index.time(row);
      text.comment(
        time === 0
          ? phrase('{0}, offset {1}, database {2}', file, index.offset(row), index.db(row))
          : phrase('{0}, offset {1}, database {2}, {3} UTC', file, index.offset(row), index.db(row), utc(time)),
      );
      if (!text.command(source, row, false)) return stopped(text, source, row);
      if (row % SLICE === 0) yield i / stretches.length;
    }
    damageBefore(to);
  }
  text.flush();
  return { pieces: text.pieces, commands: text.commands, stoppedAt: null };
}

function describePart(text: Pieces, { scans }: ReadableSource, part: AofPart): void {
  const { file } = part;
  if (!isLoaded(part)) {
    text.comment(phrase('{0} is history: no server loads it. Its commands are left out.', file));
    return;
  }
  if (!part.source) {
    text.comment(phrase('{0} is missing.', file));
    return;
  }
  text.comment(phrase('{0}', file));
  const keys = scans[part.part]?.rdbKeys ?? 0;
  const bytes = scans[part.part]?.rdbBytes ?? 0;
  if (bytes > 0)
    text.comment(phrase('It begins with an RDB of {0} keys ({1} bytes), which is no commands.', keys, bytes));
}

function whyNotRun(index: CommandIndex, row: number): Phrase {
  return (index.flags(row) & AFTER_DAMAGE) !== 0
    ? phrase('No server gets to the following commands: they stand behind damage.')
    : phrase('No server runs the following commands: their transaction has no EXEC.');
}

/** Tells the time of a command if it is another than the last one. @returns its time. */
function tellTime(text: Pieces, index: CommandIndex, row: number, last: number): number {
  const time = index.time(row);
  if (time !== 0 && time !== last) text.comment(phrase('{0} UTC', utc(time)));
  return time;
}

function utc(seconds: number): string {
  return formatTime(seconds * 1000);
}

function stopped(text: Pieces, { index, parts }: ReadableSource, row: number): ReadableText {
  const { file = '' } = parts[index.rangeOf(row).part] ?? {};
  text.comment(
    phrase(
      'The text ends here, before it gets longer than an editor colours. The next command is number {0}, at offset {1} of {2}.',
      row,
      index.offset(row),
      file,
    ),
  );
  text.comment(phrase('Go to Command… shows it in the list; "redis-persistence commands FILE" prints all of them.'));
  text.flush();
  return { pieces: text.pieces, commands: text.commands, stoppedAt: row };
}
