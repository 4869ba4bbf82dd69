/** How a search index keeps the vectors of a field. */
import { named } from './fields.js';
import type { ItemReader } from './items.js';
import type { ViewField } from './view.js';

const WITH_VECTORS = 19;
const WITH_BLOB_SIZE = 20;
const WITH_MULTI = 21;
const WITH_TIERED = 22;
/** Since this version the capacity at the start is not written, but how exact a range query is. */
const WITH_EPSILON = 25;
const WITH_RERANK = 27;

/** Algorithms by number. */
const FLAT = 0n;
const HNSW = 1n;
const TIERED = 2n;
const SVS = 3n;

const TYPES = ['FLOAT32', 'FLOAT64', 'BFLOAT16', 'FLOAT16', 'INT8', 'UINT8', 'INT32', 'INT64'] as const;
const METRICS = ['L2', 'IP', 'COSINE'] as const;

/** Compressions by number: bits of the first level, bits of the second, and whether dimensions are left out. */
const COMPRESSIONS: ReadonlyMap<bigint, string> = new Map([
  [0n, 'NO_COMPRESSION'],
  [1n, 'GlobalSQ8'],
  [4n, 'LVQ4'],
  [8n, 'LVQ8'],
  [0x404n, 'LVQ4x4'],
  [0x804n, 'LVQ4x8'],
  [0x10804n, 'LeanVec4x8'],
  [0x10808n, 'LeanVec8x8'],
]);

/** Reads the parameters. @returns undefined if the algorithm is not known for this version. */
export function readVectorIndex(items: ItemReader): ViewField[] | undefined {
  const { version } = items.module;
  if (version < WITH_VECTORS) return undefined;
  if (version >= WITH_BLOB_SIZE) items.unsigned();
  let algorithm = items.unsigned();
  let training: number | bigint = 0;
  if (algorithm === TIERED && version >= WITH_TIERED) {
    algorithm = items.unsigned();
    if (algorithm !== HNSW && algorithm !== SVS) return undefined;
    training = items.number();
  } else if (algorithm !== FLAT && version >= WITH_TIERED) {
    return undefined;
  }
  switch (algorithm) {
    case FLAT:
      return [{ name: 'algorithm', value: 'FLAT' }, ...readShape(items), ...readBlockSize(items)];
    case HNSW:
      return [{ name: 'algorithm', value: 'HNSW' }, ...readShape(items), ...readGraph(items)];
    case SVS:
      if (version < WITH_EPSILON) return undefined;
      return [{ name: 'algorithm', value: 'SVS-VAMANA' }, ...readShape(items), ...readVamana(items, training)];
    default:
      return undefined;
  }
}

/** What all algorithms have. */
function readShape(items: ItemReader): ViewField[] {
  const { version } = items.module;
  const fields: ViewField[] = [
    { name: 'data_type', value: named(TYPES, items.unsigned()) },
    { name: 'dim', value: items.number() },
    { name: 'distance_metric', value: named(METRICS, items.unsigned()) },
  ];
  if (version >= WITH_MULTI) fields.push({ name: 'multi', value: items.flag() });
  return fields;
}

function readBlockSize(items: ItemReader): ViewField[] {
  if (items.module.version >= WITH_EPSILON) return [];
  return [
    { name: 'initial_cap', value: items.number() },
    { name: 'block_size', value: items.number() },
  ];
}

function readGraph(items: ItemReader): ViewField[] {
  const { version } = items.module;
  const fields: ViewField[] = [];
  if (version < WITH_EPSILON) fields.push({ name: 'initial_cap', value: items.number() });
  fields.push(
    { name: 'M', value: items.number() },
    { name: 'ef_construction', value: items.number() },
    { name: 'ef_runtime', value: items.number() },
  );
  if (version >= WITH_EPSILON) fields.push({ name: 'epsilon', value: items.double() });
  if (version >= WITH_RERANK) fields.push({ name: 'rerank', value: items.flag() });
  return fields;
}

function readVamana(items: ItemReader, training: number | bigint): ViewField[] {
  const compression = items.unsigned();
  const fields: ViewField[] = [
    { name: 'compression', value: COMPRESSIONS.get(compression) ?? compression },
    { name: 'graph_max_degree', value: items.number() },
    { name: 'construction_window_size', value: items.number() },
    { name: 'reduced_dim', value: items.number() },
    { name: 'search_window_size', value: items.number() },
    { name: 'epsilon', value: items.double() },
  ];
  return compression === 0n ? fields : [...fields, { name: 'training_threshold', value: training }];
}
