/**
 * The messages of the viewers: strings that are decoded, the fields of the format under the bytes of a file, registers,
 * bits, points. Types only.
 */
import type { ChainStep, DecoderId } from './dataset/decoders/decoder.js';
import type { Phrase } from './format/messages.js';
import type { BytePage, CellAddress, ItemCell, Name, Place, ProblemInfo } from './protocol.js';

export type { ChainStep, DecoderId };

/** What decoders are remembered by key pattern: the chains that somebody has chosen. */
export type RememberedDecoders = Readonly<Record<string, readonly ChainStep[]>>;

/** How a decoder is called. */
export interface DecoderName {
  readonly id: DecoderId;
  readonly label: string;
}

/** A step of a chain, and what else its input could be. */
export interface DecodeStage {
  /** The step that was taken; null where there is none: the bytes are shown as they are. */
  readonly decoder: DecoderName | null;
  /** Decoders that the bytes go through; those that say most come first. */
  readonly fits: readonly DecoderId[];
}

/** A value of a tree, as a row. */
export interface ValueRow {
  /** Its name or key in its container; null in a list, where its position is its name. */
  readonly name: string | null;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'binary' | 'word';
  /** What the format calls it. */
  readonly type: string;
  /** A string or number, cut if it is very long; of binary data the first bytes in hexadecimal; the name of a class. */
  readonly text: string;
  readonly cut: boolean;
  /** Bytes of a string or of binary data. */
  readonly bytes: number | null;
  /** Values in it; null for a value that holds none. */
  readonly children: number | null;
  /** Where it stands in the bytes that were decoded. */
  readonly start: number;
  readonly end: number;
}

/** What came out of a string. */
export interface Decoding {
  /** Identity in requests about it. */
  readonly handle: number;
  /** What the choice is remembered by. */
  readonly pattern: string;
  readonly origin: 'automatic' | 'remembered' | 'asked';
  /** One for each step, and one for the bytes after the last step that gave bytes. */
  readonly stages: readonly DecodeStage[];
  /** All decoders that can be chosen. */
  readonly decoders: readonly DecoderName[];
  /** Size of the bytes after the last step that gave bytes. */
  readonly bytes: number;
  /** The tree that the last step gave; null if it gave bytes. */
  readonly tree: ValueRow | null;
  readonly failure: {
    readonly decoder: DecoderName;
    readonly offset: number;
    readonly reason: Phrase;
  } | null;
}

/** The requests about a decoded string; those about arguments of an AOF have names of their own. */
interface DecodingRequests<Where> {
  open: { params: Where & { chain: readonly ChainStep[] | null; remembered: RememberedDecoders }; result: Decoding };
  bytes: { params: { handle: number; from: number; count: number }; result: BytePage };
  nodes: {
    params: { handle: number; path: readonly number[]; from: number; count: number };
    result: { rows: readonly ValueRow[]; total: number };
  };
  copy: {
    params: { handle: number; path: readonly number[]; what: 'path' | 'value' | 'json' };
    result: { text: string };
  };
}

type Named<Requests, Prefix extends string> = {
  [Kind in keyof Requests as `${Prefix}.${Kind & string}`]: Requests[Kind];
};

/** A field of the format, as a row of a tree. */
export interface FieldRow {
  readonly depth: number;
  readonly name: Name;
  /** Number of an element, from 0. */
  readonly index: number | null;
  readonly start: number;
  /** The byte behind it; null where that is too far to be known. */
  readonly end: number | null;
  readonly value: ItemCell;
  /** True for what holds other fields. */
  readonly container: boolean;
  /** Bytes of what compressed data give, if this field is compressed. */
  readonly decompressed: number | null;
  /** Words of ours: what is wrong here. */
  readonly damaged: boolean;
}

/** The fields around a byte. */
export interface FieldsAround {
  readonly kind: Place['kind'] | 'command' | 'annotation';
  /** The key that the record is of. */
  readonly row: number | null;
  /** Where the record begins and ends. */
  readonly start: number;
  readonly end: number;
  /** The rows of the tree, those of containers before what is in them. Fields far from the byte are left out. */
  readonly rows: readonly FieldRow[];
  /** The stretch of the record whose fields are all there. */
  readonly from: number;
  readonly to: number;
  readonly problem: ProblemInfo | null;
}

/** The fields in a compressed string, by offsets in what it gives. */
export interface InnerFields {
  readonly size: number;
  readonly rows: readonly FieldRow[];
  readonly problem: ProblemInfo | null;
}

/** The registers of a HyperLogLog. */
export interface RegistersInfo {
  readonly encoding: 'dense' | 'sparse';
  readonly estimate: number;
  readonly cached: boolean;
  /** One byte for each of the 16,384 registers. */
  readonly registers: Uint8Array;
}

/** Members of a sorted set as points: longitudes and latitudes in degrees, by position in the set. */
export interface GeoPoints {
  readonly longitudes: Float64Array;
  readonly latitudes: Float64Array;
  readonly positions: Uint32Array;
  /** Members that are no points, or too many. */
  readonly left: number;
}

/** Elements of a vector set in a plane, as {@link GeoPoints} are on a map: in degrees, up to 80 from the middle. */
export interface VectorPoints extends GeoPoints {
  /** How much of what differs the plane shows: from left to right, and from top to bottom; 0 to 1. */
  readonly shares: readonly [number, number];
}

/** Samples of a time series, as far apart as a chart can show: the lowest and highest of each bucket. */
export interface SeriesPoints {
  /** Seconds since the epoch. */
  readonly times: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly samples: number;
}

/** The requests that every engine with values answers. */
export type ViewerRequests = Named<DecodingRequests<{ cell: CellAddress }>, 'decode'> & {
  /** The fields of the record that holds a byte. */
  'fields.around': { params: { offset: number }; result: FieldsAround };
  /** Inside of compressed data: `at` is where they begin in the file. */
  'fields.inner': { params: { at: number; offset: number }; result: InnerFields };
  'fields.innerBytes': { params: { at: number; from: number; count: number }; result: BytePage };
  'registers.read': { params: { cell: CellAddress }; result: RegistersInfo };
  'bits.count': { params: { cell: CellAddress }; result: { ones: number; bits: number } };
  /** The next bit of a value, from a position on or before it; null if there is none. */
  'bits.find': {
    params: { cell: CellAddress; from: number; value: 0 | 1; backwards: boolean };
    result: { position: number | null };
  };
  'geo.points': { params: { row: number; section: string; most: number }; result: GeoPoints };
  'vector.points': { params: { row: number; section: string }; result: VectorPoints };
  'series.points': { params: { row: number; section: string; buckets: number }; result: SeriesPoints };
};

/** The requests about arguments of commands, and the bytes of the parts of an AOF. */
export type ArgumentRequests = Named<DecodingRequests<{ command: number; argument: number }>, 'argument'> & {
  'part.fields': { params: { part: number; offset: number }; result: FieldsAround };
};
