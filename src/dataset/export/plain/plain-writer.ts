/** Writing keys straight from the bytes of a file: what an export asks of it. */
import type { Header } from '../../../decoder/rdb/header.js';
import type { ValueType } from '../../../decoder/rdb/value-type.js';
import type { FileFacts } from '../../file-facts.js';

/** The forms that are known, as formatters ask for them. */
export type PlainChoice =
  | { readonly kind: 'json'; readonly lines: boolean }
  /** Commands for a server of a release: {@link ExportTarget.level}. */
  | { readonly kind: 'resp'; readonly level: number }
  /** A row for each element, or for each key. */
  | { readonly kind: 'csv'; readonly flat: boolean }
  /** The bytes of the file. @param access true if times and frequencies of access are kept. */
  | {
      readonly kind: 'rdb';
      readonly access: boolean;
      readonly copies: (type: ValueType, header: Header) => boolean;
    };

/** What has to be known of a file. */
export type PlainFacts = Pick<FileFacts, 'fileHeader' | 'server'>;

/** Writes keys one after the other, as far as they are plain. */
export interface PlainWriter {
  /** Where the bytes of the file are put. */
  readonly window: Uint8Array;
  /** What the last run has written; valid until the next one. */
  readonly written: Uint8Array;
  /** How many keys that was, and how many of them expire. */
  readonly keys: number;
  readonly expiring: number;
  /** Sets the form for the keys of a file. Their database is to be selected then. */
  setUp(choice: PlainChoice, facts: PlainFacts): void;
  /** Sets the database of the keys that follow. */
  select(choice: PlainChoice, db: number): void;
  /**
   * Writes keys.
   *
   * @param start index in the window of the first byte of a key, its expiry if there is one.
   * @param end index of the byte behind those that are there.
   * @returns the index of the first byte that was not taken.
   */
  run(start: number, end: number): number;
}
