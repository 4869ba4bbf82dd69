/** The module types whose values are understood; any other is shown as its tagged parts. */
import { BLOOM_FILTER } from './bloom-filter.js';
import { COUNT_MIN_SKETCH } from './count-min-sketch.js';
import { CUCKOO_FILTER } from './cuckoo-filter.js';
import { JSON_DOCUMENT } from './json.js';
import type { ModuleType } from './module-type.js';
import { SUGGESTIONS } from './suggestions.js';
import { T_DIGEST } from './t-digest.js';
import { HELLOTYPE, TEST_DATATYPE, TEST_RDB } from './test-modules.js';
import { TIME_SERIES } from './time-series.js';
import { TOP_K } from './top-k.js';
import { VECTORSET } from './vectorset.js';

const TYPES: readonly ModuleType[] = [
  VECTORSET,
  JSON_DOCUMENT,
  TIME_SERIES,
  BLOOM_FILTER,
  CUCKOO_FILTER,
  COUNT_MIN_SKETCH,
  TOP_K,
  T_DIGEST,
  SUGGESTIONS,
  HELLOTYPE,
  TEST_DATATYPE,
  TEST_RDB,
];

const BY_NAME: ReadonlyMap<string, ModuleType> = new Map(TYPES.map((type) => [type.name, type]));

/** The module type of a name, if its values are understood. */
export function moduleType(name: string): ModuleType | undefined {
  return BY_NAME.get(name);
}
