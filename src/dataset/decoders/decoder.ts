/** What a decoder of strings is: bytes in, other bytes or a tree out, within limits, and a reason where it cannot. */
import { type Phrase, phrase } from '../../decoder/errors.js';

/** The most that a decoder gives: what comes out of a string is at most this large, whatever the string says. */
export interface Limits {
  /** Bytes of output. */
  readonly bytes: number;
  /** Values of a tree. */
  readonly values: number;
  /** Containers within each other. */
  readonly depth: number;
}

/** The limits of a viewer. */
export const LIMITS: Limits = { bytes: 64 * 1024 * 1024, values: 250_000, depth: 1000 };

/** The decoders, as they are named in requests and preferences. */
export type DecoderId =
  | 'gzip'
  | 'zlib'
  | 'deflate'
  | 'zstd'
  | 'lz4'
  | 'lz4-block'
  | 'snappy'
  | 'snappy-framed'
  | 'brotli'
  | 'base64'
  | 'hex'
  | 'json'
  | 'msgpack'
  | 'cbor'
  | 'bson'
  | 'php'
  | 'igbinary'
  | 'pickle'
  | 'java'
  | 'protobuf'
  | 'uuid'
  | 'time';

/** A step of a chain: a decoder, or the word that the bytes are wanted as they are from here on. */
export type ChainStep = DecoderId | 'as-is';

/** Bytes are not what a decoder reads: where that shows, and why. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';

  /**
   * @param offset in the bytes that were decoded.
   * @param reason finishes the sentence "These bytes are no …: …".
   */
  constructor(
    readonly offset: number,
    readonly reason: Phrase,
  ) {
    super(`${reason.phrase} (${reason.args.join(', ')})`);
  }
}

/** Work in slices: between two steps the engine can answer others, or stop. */
export type Work<Result> = Generator<void, Result>;

/** Turns bytes into other bytes: a compression, or a text form of bytes. */
export interface BytesDecoder {
  readonly id: DecoderId;
  readonly kind: 'bytes';
  /** How it is called; the same in every language. */
  readonly label: string;
  /** True where the first bytes are its own: whole decoding then makes it certain. */
  readonly starts: (bytes: Uint8Array) => boolean;
  /** @throws UndecodableError */
  readonly decode: (bytes: Uint8Array, limits: Limits) => Work<Uint8Array>;
}

/** Turns bytes into a tree of values. */
export interface TreeDecoder {
  readonly id: DecoderId;
  readonly kind: 'tree';
  readonly label: string;
  readonly starts: (bytes: Uint8Array) => boolean;
  /** @throws UndecodableError */
  readonly decode: (bytes: Uint8Array, limits: Limits) => Work<TreeNode>;
  /** True if bytes that gave this tree can hardly be anything else. */
  readonly certain: (root: TreeNode, bytes: Uint8Array) => boolean;
}

export type Decoder = BytesDecoder | TreeDecoder;

/** A value of a tree. */
export interface TreeNode {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'binary' | 'word';
  /** What the format calls it: `fixmap`, `int64`, `tag 2`; empty where its kind says all. */
  readonly type: string;
  /** Where it stands in the bytes that were decoded. */
  readonly start: number;
  readonly end: number;
  /** Of a number or word, what it says; exact. Of an object, what it is of: the name of a class. */
  readonly text?: string;
  /** The bytes of a string (in UTF-8) or of binary data. */
  readonly bytes?: Uint8Array;
  readonly children?: readonly Member[];
}

/** A value in another, with its name or key. */
export interface Member {
  readonly name?: string | TreeNode;
  readonly value: TreeNode;
}

/** The error for bytes that end too early. */
export function endsEarly(offset: number, missing: number): UndecodableError {
  return new UndecodableError(offset, phrase('it ends here, {0} bytes short', missing));
}

/** The error for output that is too large. */
export function tooMuch(offset: number, limits: Limits): UndecodableError {
  return new UndecodableError(offset, phrase('more than {0} bytes come out of it', limits.bytes));
}

/** The error for bytes that do not begin as they should. @param magic what should stand there. */
export function noMagic(magic: string): UndecodableError {
  return new UndecodableError(0, phrase('it does not begin with {0}', magic));
}

/** A byte as it is written in texts. */
export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

/** The error for a byte that means nothing where it stands. */
export function badByte(offset: number, byte: number): UndecodableError {
  return new UndecodableError(offset, phrase('byte {0} means nothing here', hex(byte)));
}

/** The error for something behind the end. */
export function trailing(offset: number, count: number): UndecodableError {
  return new UndecodableError(offset, phrase('{0} bytes follow behind its end', count));
}

/** The error for a checksum that does not agree. */
export function badChecksum(offset: number): UndecodableError {
  return new UndecodableError(offset, phrase('its checksum is wrong'));
}

/** The error for a reference to what is not there. */
export function badReference(offset: number): UndecodableError {
  return new UndecodableError(offset, phrase('it refers to something that is not there'));
}

/** The error for a back reference of a compression that points before its output. */
export function badDistance(offset: number): UndecodableError {
  return new UndecodableError(offset, phrase('a back reference points before the start'));
}
