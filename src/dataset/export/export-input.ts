/** A file that is exported: its keys, and what is known of it. */
import type { ByteSource } from '../../decoder/source.js';
import type { FileFacts } from '../file-facts.js';
import type { ExportStretch, Takers } from './export-rows.js';

/** A file to export. */
export interface ExportInput {
  readonly source: ByteSource;
  /** True if its checksum says that the values are as a server wrote them: they need no further check. */
  readonly trusted: boolean;
  /** Gives its keys; may be asked twice. @param takers take keys before they are given. */
  readonly stretches: (takers?: Takers) => Iterable<ExportStretch>;
  /** What is known beside keys. For an RDB all of it must be known before the first key is asked for. */
  readonly facts: () => FileFacts;
  /** Keys, by their position among those given, that are left out because another file has them. */
  readonly skipped?: { has(position: number): boolean } | undefined;
}
