/** What the views of several modules need: lists that stay small, names of numbers, strings without their NUL. */
import { isLong, SliceSource, type Text } from '../string.js';
import type { ViewField, ViewValue } from './view.js';

/** Estimated bytes that all lists of one view may take together. */
const ROOM = 64 * 1024 * 1024;
/** Estimated bytes that a field takes beside what its value holds. */
const FIELD = 96;

/** How much the lists of one view may still hold: entries beyond it are read, checked and counted, but not kept. */
export class Room {
  constructor(private left = ROOM) {}

  /** @returns false if there is no room for as many bytes. */
  take(weight: number): boolean {
    if (weight > this.left) return false;
    this.left -= weight;
    return true;
  }
}

/** Collects the entries of a list. */
export class FieldList {
  private readonly entries: ViewField[] = [];
  private omitted = 0;

  constructor(private readonly room: Room) {}

  add(value: ViewValue): void {
    if (this.omitted === 0 && this.room.take(weigh(value))) {
      this.entries.push({ name: String(this.entries.length), value });
    } else {
      this.omitted++;
    }
  }

  /** The list as a field, and behind it, if there was no room for all, the number of entries that are left out. */
  fields(name: string): ViewField[] {
    const list: ViewField = { name, value: this.entries };
    return this.omitted === 0 ? [list] : [list, { name: `${name} omitted`, value: this.omitted }];
  }
}

/** The memory that a value takes, without the lists in it: those were weighed when they were filled. */
function weigh(value: ViewValue): number {
  if (isList(value)) return value.reduce((sum, field) => sum + FIELD + heldBytes(field.value), FIELD);
  return FIELD + heldBytes(value);
}

/** The memory that a string takes beside its field: a long one is not held. */
export function heldBytes(value: ViewValue): number {
  return value instanceof Uint8Array ? FIELD + value.length : 0;
}

function isList(value: ViewValue): value is readonly ViewField[] {
  return Array.isArray(value);
}

/** Values as a list, numbered from 0. */
export function listOf(values: readonly ViewValue[]): ViewField[] {
  return values.map((value, index) => ({ name: String(index), value }));
}

/** The name that a number stands for; the number itself if it stands for none. */
export function named(names: readonly string[], value: number | bigint): string | number | bigint {
  return names[Number(value)] ?? value;
}

/** The names of the bits that are set, in the order of the table. */
export function bitNames(table: readonly (readonly [bit: bigint, name: string])[], bits: bigint): string[] {
  return table.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
}

/** A string without the NUL that some modules write behind it. That of a long string is not looked at. */
export function withoutNul(text: Text): Text {
  const length = text.length - 1;
  return isLong(text) || text[length] === 0 ? subText(text, 0, length) : text;
}

/** A part of a string, without copying it. @param from offset in bytes; with `length` inside the string. */
export function subText(text: Text, from: number, length: number): Text {
  if (!isLong(text)) return text.subarray(from, from + length);
  return { length, source: new SliceSource(text.source, from, length), fileOffset: text.fileOffset };
}
