/** What a sample is: a value as it stands in a file, with what it must be decoded to. */
import { bytes, type Part } from './bytes.js';

/** A value as it stands in a file, and what it is. */
export interface Sample {
  /** The name of its key. */
  readonly name: string;
  readonly type: number;
  readonly value: Uint8Array;
  /** What `plainValue` must make of it. */
  readonly plain: unknown;
  /** What the scan must say of its elements: a number, or that only a walk tells. */
  readonly elements: number;
  readonly flags?: number;
}

/** Texts that samples share: one too long for the shortest forms of lengths, one that compresses. */
export const LONG = 'abcdefghij'.repeat(20);
export const REPEATED = `${'x'.repeat(100)}${'yz'.repeat(100)}`;

/** Makes a sample. */
export function sample(name: string, type: number, value: Part, plain: unknown, elements: number, flags = 0): Sample {
  return { name, type, value: bytes(value), plain, elements, flags };
}

/** An expiry in ms. */
export const EXPIRY = 4102444800000;
