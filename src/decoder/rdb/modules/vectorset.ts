/** Vector sets (`vectorset`, Redis 8.0 and later): named vectors in a navigable graph. */
import { DecodeError } from '../../errors.js';
import { narrow } from '../blobs/reader.js';
import { type Text, wholeText } from '../string.js';
import type { Collection } from '../value-model.js';
import { type ItemReader, lastItems } from './items.js';
import type { ModuleType } from './module-type.js';
import type { VectorElement, ViewField } from './view.js';

const FLAG_PROJECTION = 1;
const FLAG_ATTRIBUTES = 2;

/** Sets up to this size are walked for what only all elements together tell. */
const SMALL = 1000;

/** How the components of a vector are kept. */
const QUANTISATION = ['f32', 'int8', 'bin'] as const;

export const VECTORSET: ModuleType = {
  name: 'vectorset',
  view(items) {
    if (items.module.version !== 0) return undefined;
    const dimension = items.count();
    const size = items.count();
    const config = items.count();
    const flags = items.count();
    const quantisation = QUANTISATION[config & 0xff];
    if (quantisation === undefined) return undefined;
    const links = (config >>> 8) & 0xffff;
    let inputDimension = 0;
    if (flags & FLAG_PROJECTION) {
      inputDimension = items.count();
      items.text();
    }
    const elements = elementsOf(items, size, dimension, quantisation, (flags & FLAG_ATTRIBUTES) !== 0);
    const fields: ViewField[] = [
      { name: 'quant-type', value: quantisation },
      { name: 'hnsw-m', value: links === 0 ? 16 : links },
      { name: 'vector-dim', value: dimension },
      { name: 'projection-input-dim', value: inputDimension },
      { name: 'size', value: size },
      ...(size <= SMALL ? summary(items, size, (flags & FLAG_ATTRIBUTES) !== 0) : []),
    ];
    return { kind: 'vectorset', fields, elements };
  },
};

/**
 * What VINFO says of all elements together; nothing if one is damaged, which those are told who walk the elements.
 *
 * @param items at the first element; they are not moved.
 */
function summary(items: ItemReader, size: number, attributes: boolean): ViewField[] {
  try {
    return sumUp(items.fork(items.cursor.offset), size, attributes);
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}

function sumUp(own: ItemReader, size: number, attributes: boolean): ViewField[] {
  let highest = 0;
  let described = 0;
  let newest = 0n;
  for (let i = 0; i < size; i++) {
    const { attribute, parameters } = readNode(own, attributes);
    highest = Math.max(highest, levelOf(parameters));
    if (attribute && attribute.length > 0) described++;
    const id = parameters[0] ?? 0n;
    if (id > newest) newest = id;
  }
  return [
    { name: 'max-level', value: highest },
    { name: 'attributes-count', value: described },
    { name: 'hnsw-max-node-uid', value: narrow(newest) },
  ];
}

/** An element as it stands in the file. */
interface Node {
  readonly name: Text;
  readonly attribute: Text | undefined;
  /** Offset in the file of the vector. */
  readonly offset: number;
  readonly vector: Text;
  /** The id, the level, the links of each layer, the scale of the vector. */
  readonly parameters: readonly bigint[];
}

function readNode(items: ItemReader, attributes: boolean): Node {
  const name = items.text();
  const attribute = attributes ? items.text() : undefined;
  const offset = items.cursor.fileOffset;
  const vector = items.text();
  const parameters: bigint[] = [];
  for (let left = items.count(); left > 0; left--) parameters.push(items.unsigned());
  return { name, attribute, offset, vector, parameters };
}

function levelOf(parameters: readonly bigint[]): number {
  return Number((parameters[1] ?? 0n) & 0xffn);
}

function elementsOf(
  items: ItemReader,
  size: number,
  dimension: number,
  quantisation: (typeof QUANTISATION)[number],
  attributes: boolean,
): Collection<VectorElement> {
  const read = (own: ItemReader): VectorElement => {
    const { name, attribute, offset, vector: content, parameters } = readNode(own, attributes);
    const stored = wholeText(content, 'the module data');
    const level = levelOf(parameters);
    const scale = parameters[parameters.length - 1] ?? 0n;
    const vector = dequantise(stored, dimension, quantisation, scale);
    if (!vector) throw own.bad(offset, 'a vector does not have the size of its dimension');
    return attribute && attribute.length > 0 ? { name, attributes: attribute, vector, level } : { name, vector, level };
  };
  return lastItems(items, size, read);
}

/**
 * The components of a stored vector.
 *
 * @param scale the last parameter of the node: the quantisation range in the high half, the length in the low, both
 * as the bits of a float.
 */
function dequantise(
  stored: Uint8Array,
  dimension: number,
  quantisation: (typeof QUANTISATION)[number],
  scale: bigint,
): number[] | undefined {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const range = floatOf(scale >> 32n);
  const length = floatOf(scale & 0xffffffffn);
  const vector: number[] = [];
  switch (quantisation) {
    case 'f32':
      if (stored.length !== dimension * 4) return undefined;
      for (let i = 0; i < dimension; i++) vector.push(Math.fround(view.getFloat32(i * 4, true) * length));
      return vector;
    case 'int8':
      if (stored.length !== dimension) return undefined;
      for (let i = 0; i < dimension; i++) {
        vector.push(Math.fround(Math.fround(Math.fround(view.getInt8(i) * range) / 127) * length));
      }
      return vector;
    case 'bin':
      if (stored.length !== Math.ceil(dimension / 64) * 8) return undefined;
      for (let i = 0; i < dimension; i++) vector.push((stored[i >> 3] >> (i & 7)) & 1 ? 1 : -1);
      return vector;
  }
}

function floatOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
}
