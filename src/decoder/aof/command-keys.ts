/** Which arguments of a command are keys: the rules by which COMMAND says it, and how they are applied. */

import { decimalNumber, sameWord } from './words.js';

/** Where a specification begins: at a position, or behind a keyword that is searched from a position. */
export type KeyBegin =
  | { readonly kind: 'index'; readonly index: number }
  /** A negative `from` counts from the end, and searches backwards. */
  | { readonly kind: 'keyword'; readonly keyword: string; readonly from: number };

/** How keys go on from there: positions relative to the begin. */
export type KeyFind =
  /** Up to `last`; negative counts from the end. A `limit` of n > 1 means: within the first n-th of what is left. */
  | { readonly kind: 'range'; readonly last: number; readonly step: number; readonly limit: number }
  /** As many as the argument at `count` says, from `first` on. */
  | { readonly kind: 'count'; readonly count: number; readonly first: number; readonly step: number };

/** A key specification, as Redis 7.0 has them. */
export interface KeySpec {
  readonly begin: KeyBegin;
  readonly find: KeyFind;
}

/** Commands whose options have to be read to find all keys. */
export type KeyFunction = 'sort' | 'migrate';

/** Which arguments of a command are keys; positions count the name of the command as 0. */
export type KeyRule =
  | { readonly kind: 'none' }
  /** The first, last and step of COMMAND: `first` is 1 or more, a negative `last` counts from the end (-1 is the last). */
  | { readonly kind: 'range'; readonly first: number; readonly last: number; readonly step: number }
  /** All else; a command with subcommands has its rules there. */
  | { readonly kind: 'other'; readonly specs: readonly KeySpec[]; readonly by: KeyFunction | null };

/** Gives the bytes of an argument: 0 is the name of the command. */
export type ArgumentAt = (index: number) => Uint8Array;

/**
 * Positions of the keys among `argc` arguments, ascending; those that lie beyond the last argument are left out, as a
 * command may have too few of them. Never throws for what the arguments say.
 */
export function keyPositions(rule: KeyRule, argc: number, argumentAt: ArgumentAt): number[] {
  const found: number[] = [];
  if (rule.kind === 'range') addRange(found, rule.first, rule.last < 0 ? argc + rule.last : rule.last, rule.step, argc);
  if (rule.kind === 'other') {
    for (const spec of rule.specs) addSpec(found, spec, argc, argumentAt);
    if (rule.by === 'sort') addSort(found, argc, argumentAt);
    if (rule.by === 'migrate') addMigrate(found, argc, argumentAt);
  }
  return found.length < 2 ? found : [...new Set(found)].sort((a, b) => a - b);
}

function addRange(found: number[], first: number, last: number, step: number, argc: number): void {
  for (let at = first; at <= last && at < argc; at += step) found.push(at);
}

function addSpec(found: number[], { begin, find }: KeySpec, argc: number, argumentAt: ArgumentAt): void {
  const at = begin.kind === 'index' ? begin.index : behindKeyword(begin.keyword, begin.from, argc, argumentAt);
  if (at === undefined || at >= argc) return;
  if (find.kind === 'count') {
    if (at + find.count >= argc) return;
    const count = decimalNumber(argumentAt(at + find.count)) ?? 0;
    const first = at + find.first;
    addRange(found, first, first + (count - 1) * find.step, find.step, argc);
  } else {
    const share = find.limit > 1 ? Math.floor((argc - at) / find.limit) : argc - at;
    addRange(found, at, at + (find.last < 0 ? share + find.last : find.last), find.step, argc);
  }
}

function behindKeyword(keyword: string, from: number, argc: number, argumentAt: ArgumentAt): number | undefined {
  const step = from < 0 ? -1 : 1;
  for (let at = from < 0 ? argc + from : from; at >= 1 && at < argc; at += step) {
    if (sameWord(argumentAt(at), keyword)) return at + 1;
  }
  return undefined;
}

/** SORT key … STORE destination: the words of BY, GET and LIMIT may be spelled like options. */
function addSort(found: number[], argc: number, argumentAt: ArgumentAt): void {
  addRange(found, 1, 1, 1, argc);
  let store: number | undefined;
  for (let at = 2; at < argc; at++) {
    const option = argumentAt(at);
    if (sameWord(option, 'LIMIT')) at += 2;
    else if (sameWord(option, 'GET') || sameWord(option, 'BY')) at += 1;
    else if (sameWord(option, 'STORE')) store = ++at;
  }
  if (store !== undefined) addRange(found, store, store, 1, argc);
}

/** MIGRATE host port key … , or with an empty key … KEYS key … at the end. */
function addMigrate(found: number[], argc: number, argumentAt: ArgumentAt): void {
  if (argc < 4) return;
  if (argumentAt(3).length > 0) {
    found.push(3);
    return;
  }
  for (let at = 6; at < argc; at++) {
    const option = argumentAt(at);
    if (sameWord(option, 'KEYS')) {
      addRange(found, at + 1, argc - 1, 1, argc);
      return;
    }
    if (sameWord(option, 'AUTH')) at += 1;
    else if (sameWord(option, 'AUTH2')) at += 2;
  }
}

const RULE = /^(\d+)(?:,(-?\d+),(\d+))?$/;
const SPEC = /^(?:(\d+)|([A-Z]+)@(-?\d+))\/(?:(-?\d+),(\d+),(\d+)|#(\d+),(\d+),(\d+))$/;
const NONE: KeyRule = { kind: 'none' };

/**
 * Reads a rule as the data of the table write it (explained in the head of `command-data.ts`).
 * @throws RangeError if it is none: the data are wrong.
 */
export function parseKeyRule(text: string): KeyRule {
  if (text === '') return NONE;
  if (text.startsWith('!')) {
    const by = text.slice(1);
    if (by !== 'sort' && by !== 'migrate') throw new RangeError(`no function for keys: ${text}`);
    return { kind: 'other', specs: [], by };
  }
  const range = RULE.exec(text);
  if (range) {
    const [, first, last = first, step = 1] = range;
    return { kind: 'range', first: Number(first), last: Number(last), step: Number(step) };
  }
  return { kind: 'other', specs: text.split('+').map(parseSpec), by: null };
}

function parseSpec(text: string): KeySpec {
  const part = SPEC.exec(text);
  if (!part) throw new RangeError(`no key specification: ${text}`);
  const [, index, keyword, from, last, step, limit, count, first, countStep] = part;
  return {
    begin:
      index !== undefined
        ? { kind: 'index', index: Number(index) }
        : { kind: 'keyword', keyword: keyword ?? '', from: Number(from) },
    find:
      count !== undefined
        ? { kind: 'count', count: Number(count), first: Number(first), step: Number(countStep) }
        : { kind: 'range', last: Number(last), step: Number(step), limit: Number(limit) },
  };
}
