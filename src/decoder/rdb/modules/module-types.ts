/** The module types whose values are understood; any other is shown as its tagged parts. */
import type { ModuleType } from './module-type.js';
import { HELLOTYPE, TEST_DATATYPE, TEST_RDB } from './test-modules.js';
import { VECTORSET } from './vectorset.js';

const TYPES: readonly ModuleType[] = [VECTORSET, HELLOTYPE, TEST_DATATYPE, TEST_RDB];

const BY_NAME: ReadonlyMap<string, ModuleType> = new Map(TYPES.map((type) => [type.name, type]));

/** The module type of a name, if its values are understood. */
export function moduleType(name: string): ModuleType | undefined {
  return BY_NAME.get(name);
}
