/** The values of RESP2 and RESP3, as they are read and written. */

/** Where a value stands. */
export interface Place {
  /** Offset of its type byte, in bytes from the start of the stream. */
  readonly offset: number;
  /** Bytes of the whole value with all that is in it; attributes stand before it and do not count. */
  readonly size: number;
}

/**
 * A value; `P` is what is known of it beside its content: {@link Place} for one that was read. Strings are bytes. An
 * integer is a bigint where a number would not be exact.
 */
export type Resp<P> = P & Attributed<P> & Content<P>;

/** A value that was read. */
export type RespValue = Resp<Place>;

/** A value to be written. */
export type RespData = Resp<unknown>;

/** What a reader may know of a value beside it (RESP3); attributes come before the value in the stream. */
export interface Attributed<P> {
  readonly attributes?: readonly Attribute<P>[];
}

/** Auxiliary data that somebody who does not want them can leave out. */
export type Attribute<P> = P & { readonly pairs: readonly Pair<P>[] };

/** A key and its value. */
export type Pair<P> = readonly [key: Resp<P>, value: Resp<P>];

type Content<P> = Simple | Numeric | Text | Nothing | Items<P> | Pairs<P> | Inline;

/** A line of text: a status or an error, without CR and LF. */
interface Simple {
  readonly type: 'simple' | 'error';
  readonly bytes: Uint8Array;
}

type Numeric =
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bignum'; readonly value: bigint }
  | { readonly type: 'boolean'; readonly value: boolean };

type Text =
  | {
      readonly type: 'bulk';
      readonly bytes: Uint8Array;
      /** Sizes of the pieces of a streamed string, without the empty one that ends it. */
      readonly chunks?: readonly number[];
    }
  | { readonly type: 'bulk-error'; readonly bytes: Uint8Array }
  | {
      readonly type: 'verbatim';
      /** Three characters: `txt`, `mkd`. */
      readonly format: string;
      readonly bytes: Uint8Array;
    };

/** Null as RESP3 writes it, or as the null bulk string or null array of RESP2. */
interface Nothing {
  readonly type: 'null';
  readonly form: 'null' | 'bulk' | 'array';
}

interface Items<P> {
  readonly type: 'array' | 'set' | 'push';
  readonly items: readonly Resp<P>[];
  /** True if the values ended with a mark instead of being counted before. */
  readonly streamed?: boolean;
}

interface Pairs<P> {
  readonly type: 'map';
  readonly pairs: readonly Pair<P>[];
  readonly streamed?: boolean;
}

/** A command that somebody typed: a line of arguments, split at its blanks. */
interface Inline {
  readonly type: 'inline';
  readonly arguments: readonly Uint8Array[];
}
