/** What a walk over the fields of a record tells: containers that open and close, and between them fields. */
import type { ByteSource } from '../../source.js';
import type { BlobKind } from '../layout.js';
import type { Millis, StreamId } from '../value-model.js';
import type { FieldName } from './names.js';

/** What a field says. */
export type FieldValue =
  | number
  | bigint
  | string
  | { readonly time: Millis }
  | { readonly id: StreamId }
  /** The start of a string, and how long it is. */
  | { readonly bytes: Uint8Array; readonly length: number };

/** What the entries of a compact structure are in turn. */
export type Roles = readonly FieldName[] | 'stream';

/** A compressed string: where its bytes are, and what they give. */
export interface Compressed {
  /** The string, decompressed when it is read. */
  readonly source: ByteSource;
  readonly holds: BlobKind | undefined;
  readonly roles: Roles;
  /** Offset in the file of the compressed bytes. */
  readonly fileOffset: number;
}

/** A step of a walk. Offsets are those of the source that is walked; `end` is the offset of the byte behind. */
export type FieldEvent =
  | {
      readonly kind: 'open';
      readonly name: FieldName;
      /** What it is called instead, where it has a name of its own: that of an opcode. */
      readonly label?: string;
      /** Number of an element, from 0. */
      readonly index?: number;
      readonly start: number;
      /** Null while it is not known: then the closing event tells. */
      readonly end: number | null;
      readonly value?: FieldValue;
    }
  | { readonly kind: 'close'; readonly end: number }
  | {
      readonly kind: 'field';
      readonly name: FieldName;
      readonly start: number;
      readonly end: number;
      readonly value?: FieldValue;
      readonly compressed?: Compressed;
    };

/** A walk: events, and undefined where it gives others the time to do something. */
export type FieldWalk = Generator<FieldEvent | undefined, void>;

/** The bytes that somebody wants to know about: only fields that reach into them are told. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** True if a field reaches into a stretch. */
export function reaches({ from, to }: Stretch, start: number, end: number): boolean {
  return end > from && start < to;
}
