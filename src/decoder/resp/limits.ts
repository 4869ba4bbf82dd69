/** How much a RESP stream may ask of its reader. */

/** The most of everything; a breach is an error at the place where it is said. */
export interface RespLimits {
  /** Aggregates within each other. The protocol has no such limit. */
  readonly depth: number;
  /** Elements of an aggregate, pairs of a map: what a header may say, and how many a streamed one may have. */
  readonly elements: number;
  /** Bytes of a bulk string, bulk error or verbatim string, and of all chunks of a streamed string. */
  readonly bulkLength: number;
  /** Bytes of a line between its type byte and its line end. */
  readonly lineLength: number;
  /** Bytes of an inline command without its line end. */
  readonly inlineLength: number;
}

/** What a server of 7.0 or later allows its clients, and a depth that no server comes near. */
export const SERVER_LIMITS: RespLimits = {
  depth: 128,
  elements: 2 ** 31 - 1,
  bulkLength: 512 * 1024 * 1024,
  lineLength: 64 * 1024,
  inlineLength: 64 * 1024,
};
