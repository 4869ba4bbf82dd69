/** The names of commands that a scan meets, each with a number: those of the table, and behind them all others. */
import { latin1 } from '../bytes.js';
import type { CommandNames } from './command-batch.js';
import { type CommandEntry, commandAt, commandCount, lookUpCommand } from './command-table.js';
import { upperByte } from './words.js';

/** What a command is to the scan. */
export const ORDINARY = 0;
export const SELECT = 1;
export const MULTI = 2;
export const EXEC = 3;
export const UNKNOWN = 4;

/** {@link NameTable.keyFirst} of a command whose keys only {@link keyArguments} finds. */
export const KEYS_ELSEWHERE = -1;

/** Bytes of a name that are looked at; no command of any server has half as many. */
export const NAME_LIMIT = 64;

/** The most names that are kept apart: what a batch can number. More only a damaged file has; they share the last. */
const NAME_COUNT = 0xffff;

/** A power of two, many times the number of names of an ordinary file. */
const SLOTS = 4096;

const KINDS: Readonly<Record<string, number>> = { SELECT, MULTI, EXEC };

/** Numbers the names of commands; one table can serve the scans of all parts of an AOF. */
export class NameTable implements CommandNames {
  /** What each number that was given is to the scan: {@link ORDINARY} and the like. */
  readonly kind = new Uint8Array(NAME_COUNT + 1);
  /** First key, last key and step, as COMMAND has them; a first of 0 means that there are none. */
  readonly keyFirst = new Int16Array(NAME_COUNT + 1);
  readonly keyLast = new Int16Array(NAME_COUNT + 1);
  readonly keyStep = new Int16Array(NAME_COUNT + 1);
  private readonly known = commandCount();
  private readonly others: string[] = [];
  private readonly otherNumbers = new Map<string, number>();

  // Names as they were written, with their number: what was met once is found without changing its case. The first and
  // the last four bytes and the length are the whole of most names.
  private readonly slotFirst = new Int32Array(SLOTS);
  private readonly slotLast = new Int32Array(SLOTS);
  private readonly slotLength = new Uint8Array(SLOTS);
  private readonly slotNumber = new Uint16Array(SLOTS);
  private readonly slotBytes: (Uint8Array | undefined)[] = new Array(SLOTS).fill(undefined);

  get count(): number {
    return this.known + this.others.length;
  }

  name(number: number): string {
    return commandAt(number)?.name ?? this.others[number - this.known] ?? '';
  }

  /** The command of the table that a number stands for; undefined for a name that the table does not have. */
  entry(number: number): CommandEntry | undefined {
    return commandAt(number);
  }

  /** The number of a name in any case. @param length 0 to {@link NAME_LIMIT}. */
  number(bytes: Uint8Array, from: number, length: number): number {
    let first = 0;
    let last = 0;
    const end = from + length;
    if (length >= 4) {
      first = bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
      last = bytes[end - 4] | (bytes[end - 3] << 8) | (bytes[end - 2] << 16) | (bytes[end - 1] << 24);
    } else {
      for (let i = from; i < end; i++) first = (first << 8) | bytes[i];
    }
    let slot = Math.imul(first ^ Math.imul(last, 0x9e37_79b1) ^ length, 0x85eb_ca6b) >>> 20;
    for (let tries = 0; tries < 8; tries++) {
      const known = this.slotBytes[slot];
      if (known === undefined) {
        const number = this.find(bytes, from, length);
        this.slotBytes[slot] = bytes.slice(from, end);
        this.slotFirst[slot] = first;
        this.slotLast[slot] = last;
        this.slotLength[slot] = length;
        this.slotNumber[slot] = number;
        return number;
      }
      if (this.slotFirst[slot] === first && this.slotLast[slot] === last && this.slotLength[slot] === length) {
        if (length <= 8 || sameBytes(known, bytes, from)) return this.slotNumber[slot];
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return this.find(bytes, from, length);
  }

  /** Notes what a command of the table is to the scan. */
  private meet({ number, name, keyRule }: CommandEntry): number {
    this.kind[number] = KINDS[name] ?? ORDINARY;
    if (keyRule.kind === 'other') this.keyFirst[number] = KEYS_ELSEWHERE;
    else if (keyRule.kind === 'range') {
      this.keyFirst[number] = keyRule.first;
      this.keyLast[number] = keyRule.last;
      this.keyStep[number] = keyRule.step;
    }
    return number;
  }

  private find(bytes: Uint8Array, from: number, length: number): number {
    const entry = lookUpCommand(bytes, from, length);
    if (entry) return this.meet(entry);
    const name = latin1(bytes.slice(from, from + length).map(upperByte));
    let number = this.otherNumbers.get(name);
    if (number === undefined) {
      number = Math.min(this.count, NAME_COUNT);
      this.kind[number] = UNKNOWN;
      if (this.count < NAME_COUNT) {
        this.others.push(name);
        this.otherNumbers.set(name, number);
      }
    }
    return number;
  }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
