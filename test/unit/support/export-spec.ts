/** What an export is asked for where a test says nothing else. */
import type { ExportSpec } from '../../../src/export-protocol.js';

/** An export of all keys with nothing left out. */
export function exportSpec(format: ExportSpec['format'], more: Partial<ExportSpec> = {}): ExportSpec {
  return {
    format,
    target: null,
    chosen: null,
    base64: false,
    flat: false,
    restore: false,
    skipExpired: false,
    dropExpiry: false,
    dropFieldExpiry: false,
    split: null,
    seed: null,
    ...more,
  };
}
