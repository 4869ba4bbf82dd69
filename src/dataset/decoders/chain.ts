/**
 * Chains of decoders: base64, then gzip, then JSON. Where nothing is chosen, what is certain is found step by step; a
 * step that is only a text form of bytes counts when what comes out of it is certain.
 */
import { BSON } from './bson.js';
import { CBOR } from './cbor.js';
import {
  type BytesDecoder,
  type ChainStep,
  type Decoder,
  type DecoderId,
  LIMITS,
  type TreeNode,
  UndecodableError,
  type Work,
} from './decoder.js';
import { IGBINARY } from './igbinary.js';
import { DEFLATE, GZIP, ZLIB } from './inflate.js';
import { JAVA } from './java.js';
import { JSON_TEXT } from './json.js';
import { LZ4, LZ4_BLOCK } from './lz4.js';
import { MSGPACK } from './msgpack.js';
import { PHP } from './php.js';
import { PICKLE } from './pickle.js';
import { PROTOBUF } from './protobuf.js';
import { TIME, UUID } from './scalars.js';
import { FRAMED, SNAPPY } from './snappy.js';
import { BASE64, HEX } from './text-forms.js';
import { ZSTD } from './zstd.js';

/** Steps of a chain, at most. */
const STEPS = 6;
/** Strings up to this size are tried with every decoder, to say which fit. */
export const TRY_LIMIT = 256 * 1024;

/** The decoders in the order in which they are offered. */
const DECODERS: readonly Decoder[] = [
  JSON_TEXT,
  GZIP,
  ZLIB,
  ZSTD,
  LZ4,
  FRAMED,
  JAVA,
  PICKLE,
  PHP,
  IGBINARY,
  BSON,
  MSGPACK,
  CBOR,
  BASE64,
  HEX,
  UUID,
  TIME,
  SNAPPY,
  LZ4_BLOCK,
  DEFLATE,
  PROTOBUF,
];

/** Decoders whose start says little: only what comes out of them shows whether they were right. */
const TEXT_FORMS: ReadonlySet<DecoderId> = new Set(['base64', 'hex']);
/** Decoders that almost anything fits: they are tried, but never offered as fitting before the others. */
const WEAK: ReadonlySet<DecoderId> = new Set(['deflate', 'protobuf', 'snappy', 'lz4-block', 'brotli', 'base64', 'hex']);

/** The decoders of a platform; a browser has no Brotli. */
export class Decoders {
  readonly all: readonly Decoder[];

  /** @param extra what the platform brings. */
  constructor(extra: readonly BytesDecoder[] = []) {
    this.all = [...DECODERS, ...extra];
  }

  find(id: DecoderId): Decoder | undefined {
    return this.all.find((decoder) => decoder.id === id);
  }

  /** What bytes are, with certainty; the steps to it and what came out. */
  *detect(bytes: Uint8Array, steps: number = STEPS): Work<Decoded> {
    const none: Decoded = { steps: [], bytes, tree: undefined };
    if (bytes.length === 0 || steps === 0) return none;
    for (const decoder of this.all) {
      if (!decoder.starts(bytes)) continue;
      const result = yield* attempt(decoder, bytes);
      if (result instanceof UndecodableError) continue;
      if (decoder.kind === 'tree') {
        const tree = result as TreeNode;
        if (decoder.certain(tree, bytes)) return { steps: [{ decoder, bytes }], bytes, tree };
        continue;
      }
      const output = result as Uint8Array;
      const rest = yield* this.detect(output, steps - 1);
      if (TEXT_FORMS.has(decoder.id) && rest.steps.length === 0) continue;
      return { ...rest, steps: [{ decoder, bytes }, ...rest.steps] };
    }
    return none;
  }

  /**
   * Decodes by a chain.
   *
   * @param chain the first steps; what comes out of them is looked at as {@link detect} does, unless the chain says
   * that it is wanted as it is. Null where nothing is chosen.
   */
  *decode(bytes: Uint8Array, chain: readonly ChainStep[] | null): Work<Decoded> {
    if (chain === null) return yield* this.detect(bytes);
    const steps: DecodedStep[] = [];
    let current = bytes;
    for (const id of chain.slice(0, STEPS + 1)) {
      if (id === 'as-is') return { steps, bytes: current, tree: undefined };
      const decoder = this.find(id);
      if (!decoder) return { steps, bytes: current, tree: undefined, failure: { id, error: undefined } };
      const result = yield* attempt(decoder, current);
      if (result instanceof UndecodableError) {
        return { steps, bytes: current, tree: undefined, failure: { id, error: result } };
      }
      steps.push({ decoder, bytes: current });
      if (decoder.kind === 'tree') return { steps, bytes: current, tree: result as TreeNode };
      current = result as Uint8Array;
    }
    const rest = yield* this.detect(current, STEPS - steps.length);
    return { ...rest, steps: [...steps, ...rest.steps] };
  }

  /** The decoders that bytes go through without an error; those that say most come first. */
  *fitting(bytes: Uint8Array): Work<DecoderId[]> {
    const strong: DecoderId[] = [];
    const weak: DecoderId[] = [];
    for (const decoder of this.all) {
      // Any number is JSON too; what is offered is more than that.
      const mustStart = bytes.length > TRY_LIMIT || decoder.id === 'json';
      if (mustStart && !decoder.starts(bytes)) continue;
      const result = bytes.length > TRY_LIMIT ? undefined : yield* attempt(decoder, bytes);
      yield;
      if (result instanceof UndecodableError) continue;
      (WEAK.has(decoder.id) ? weak : strong).push(decoder.id);
    }
    return [...strong, ...weak];
  }
}

/** A step of a chain, with the bytes that went into it. */
export interface DecodedStep {
  readonly decoder: Decoder;
  readonly bytes: Uint8Array;
}

/** What came out of a chain. */
export interface Decoded {
  readonly steps: readonly DecodedStep[];
  /** The bytes after the last step that gives bytes. */
  readonly bytes: Uint8Array;
  /** What the last step made of them, if it gives a tree. */
  readonly tree: TreeNode | undefined;
  /** The step that could not be done; without an error, for a decoder that the platform does not have. */
  readonly failure?: { readonly id: DecoderId; readonly error: UndecodableError | undefined };
}

function* attempt(decoder: Decoder, bytes: Uint8Array): Work<Uint8Array | TreeNode | UndecodableError> {
  try {
    return yield* decoder.decode(bytes, LIMITS);
  } catch (error) {
    if (error instanceof UndecodableError) return error;
    throw error;
  }
}
