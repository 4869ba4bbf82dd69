/** What a module type is described by: a row of the table in `module-types.ts`. */
import type { Cursor } from '../../cursor.js';
import type { Layout } from '../layout.js';
import type { ItemReader } from './items.js';
import type { ModuleView } from './view.js';

/** A type of value that a module brings, whose parts have a known meaning. */
export interface ModuleType {
  /** The nine characters of the module id. */
  readonly name: string;
  /**
   * The meaning of a value.
   *
   * @param items reads the parts from the first on.
   * @returns undefined if the layout of this version is not known.
   * @throws DecodeError `bad-module-value` if the parts are not what the version says.
   */
  readonly view: (items: ItemReader) => ModuleView | undefined;
  /** How Redis 4.0 release candidates wrote it, without tags. */
  readonly untagged?: {
    readonly layout: Layout;
    readonly view: (cursor: Cursor) => ModuleView;
  };
}
