/** Values of a file as cells of a table on the screen. */
import { type DecodeError, isPart, PROBLEM_TEMPLATES, type Problem } from '../decoder/errors.js';
import type { ViewField, ViewValue } from '../decoder/rdb/modules/view.js';
import { type Text, textSlice } from '../decoder/rdb/string.js';
import { type Millis, type StreamId, streamIdText } from '../decoder/rdb/value-model.js';
import { displayText } from '../format/display.js';
import type { Cell, Fact, ItemCell, MessageArg, Phrase, ProblemInfo, Time } from '../protocol.js';

/** Characters of a string that a cell shows. */
const CELL_CHARACTERS = 400;

/** The start of a string for the screen. */
export function textCell(text: Text, most = CELL_CHARACTERS): Cell {
  const { text: shown, whole } = displayText(textSlice(text, 0, most + 4), most);
  const cut = !whole || text.length > most + 4;
  return { text: shown, bytes: text.length, cut };
}

/** A text of our own, not of the file. */
export function plainCell(text: string): Cell {
  return { text, bytes: text.length, cut: false };
}

/** A time: a number, or decimal text where a number is not exact. */
export function timeOf(time: Millis): Time {
  return typeof time === 'bigint' ? String(time) : time;
}

export function timeCell(time: Millis | undefined): ItemCell {
  return time === undefined ? null : { time: timeOf(time) };
}

export function idCell(id: StreamId): ItemCell {
  return streamIdText(id);
}

/** A 64-bit number: as a number where that is exact. */
export function bigCell(value: bigint | undefined): ItemCell {
  if (value === undefined) return null;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : String(value);
}

/** A score as servers print it. */
export function scoreCell(score: number): ItemCell {
  if (score === Number.POSITIVE_INFINITY) return 'inf';
  if (score === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(score, -0) ? '-0' : String(score);
}

/** The most named values that are shown of one list of them. */
const FACT_LIMIT = 2000;

/** Named values of a module, those in lists with the names in front: `rules › dest`. */
export function factsOf(fields: readonly ViewField[], prefix = ''): Fact[] {
  const facts: Fact[] = [];
  for (const { name, value } of fields) {
    if (facts.length >= FACT_LIMIT) break;
    const label = prefix === '' ? name : `${prefix} › ${name}`;
    if (Array.isArray(value)) facts.push(...factsOf(value as readonly ViewField[], label));
    else facts.push({ name: label, value: viewCell(value) });
  }
  return facts;
}

function viewCell(value: ViewValue): ItemCell {
  if (typeof value === 'bigint') return bigCell(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : scoreCell(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return value;
  return textCell(value as Text);
}

/** A problem, ready to be shown. @param rowOf finds the key whose type byte is at an offset. */
export function problemInfo(problem: Problem, rowOf: (offset: number) => number | undefined): ProblemInfo {
  return {
    code: problem.code,
    severity: problem.severity,
    offset: problem.offset,
    template: PROBLEM_TEMPLATES[problem.code],
    args: messageArgs(problem),
    row: problem.entryOffset === undefined ? null : (rowOf(problem.entryOffset) ?? null),
  };
}

/** The same as words of ours, for where no problem but a fact is shown. */
export function errorPhrase(error: DecodeError): Phrase {
  return { phrase: PROBLEM_TEMPLATES[error.code], args: messageArgs(error) };
}

/** What fills a message, with the parts of a file marked as words to be translated. */
function messageArgs({ args }: Pick<Problem, 'args'>): MessageArg[] {
  return args.map((arg) => (typeof arg === 'string' && isPart(arg) ? { phrase: arg, args: [] } : arg));
}
