/** What an engine of an RDB answers about exports: keys written in other forms, and whether a server would load the file. */

import type { ExportInput } from '../dataset/export/export-input.js';
import { indexedRows } from '../dataset/export/export-rows.js';
import { exportKeys } from '../dataset/export/exporter.js';
import type { ExportOptions } from '../dataset/export/options.js';
import type { ByteSink } from '../dataset/export/out-buffer.js';
import { openPlainKeys } from '../dataset/export/plain/plain-keys.js';
import { type ExportReport, leftOutPhrase, lossPhrase } from '../dataset/export/report.js';
import { parseTarget, TARGET_NAMES, targetName } from '../dataset/export/target.js';
import { loads, willItLoad } from '../dataset/export/will-it-load.js';
import type { FileFacts } from '../dataset/file-facts.js';
import { RowList } from '../dataset/filter.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { allRows, type Rows } from '../dataset/names.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import type { ExportRequests, ExportResult, ExportSpec, TargetInfo } from '../export-protocol.js';
import { type Output, OutputError, type OutputFile } from './aof-files.js';
import { ExportTooLargeError } from './error-info.js';
import type { GridView } from './grid-view.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';
import { NoSuchPartError } from './value-sessions.js';

/** What the requests need of the engine. */
export interface ExportHost {
  readonly requests: Requests;
  /** The files and their keys that are to be exported. Yields how much is done. */
  inputs(spec: ExportSpec): Generator<number, readonly ExportInput[]>;
  /** Settled when all of the files is known. @throws CancelledError */
  whenRead(token: CancelToken): Promise<void>;
  /** @throws FileChangedError if what was read may not be what a file held when it was opened. */
  check(): void;
  /** Where files can be written; null if only those who ask can write. */
  readonly output: Output | null;
  /** True if a path leads to a file that is read. */
  holds(path: string): boolean;
}

/** An RDB whose keys are shown, and exported from there. */
export interface ShownRdb {
  file(): RdbFile;
  facts(): FileFacts;
  index(): KeyIndex;
  view(number: number): GridView;
  /** True if the checksum says that the values are as a server wrote them. */
  trusted(): boolean;
}

/** The answers to requests. */
type HandlersOf<Kinds extends keyof ExportRequests> = {
  [Kind in Kinds]: (
    params: ExportRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => ExportRequests[Kind]['result'] | Promise<ExportRequests[Kind]['result']>;
};

export type ExportHandlers = HandlersOf<Exclude<keyof ExportRequests, 'export.check'>>;

/** The most bytes that are given at once. */
const BYTE_LIMIT = 1 << 20;

/** Forms in which the order of keys means nothing, so that it is the one in which they are read fastest. */
const UNORDERED: ReadonlySet<string> = new Set(['rdb', 'resp', 'redis-cli', 'dump']);

/** The servers that are offered. */
export const TARGETS: readonly TargetInfo[] = TARGET_NAMES.flatMap((name) => {
  const target = parseTarget(name);
  return target ? [{ name, label: targetName(target), rdbVersion: target.rdbVersion }] : [];
});

/** Makes what answers the requests. @param host asked for only when a request comes. */
export function exportHandlers(host: () => ExportHost): ExportHandlers {
  let made: readonly Uint8Array[][] = [];

  return {
    'export.targets': () => ({ targets: TARGETS }),

    'export.write': async ({ spec, path }, token, id) => {
      const { requests, whenRead, output, holds } = host();
      if (!output) throw new OutputError('system', path, 'nothing can be written here');
      await whenRead(token);
      return requests.job(written(host(), spec, path, output, holds), token, id);
    },

    'export.make': async ({ spec, limit }, token, id) => {
      await host().whenRead(token);
      made = [];
      const parts: Uint8Array[][] = [];
      let bytes = 0;
      const open = (): ByteSink => {
        const pieces: Uint8Array[] = [];
        parts.push(pieces);
        return (piece) => {
          bytes += piece.length;
          if (bytes > limit) throw new ExportTooLargeError(limit);
          pieces.push(piece.slice());
        };
      };
      const result = await host().requests.job(exported(host(), spec, open), token, id);
      made = parts;
      return result;
    },

    'export.read': ({ file, from, count }) => {
      const pieces = made[file];
      if (!pieces) throw new NoSuchPartError(`file ${file}`);
      let at = 0;
      for (const piece of pieces) {
        if (from < at + piece.length) {
          return { bytes: piece.slice(from - at, from - at + Math.min(count, BYTE_LIMIT)) };
        }
        at += piece.length;
      }
      return { bytes: new Uint8Array(0) };
    },

    'export.forget': () => {
      made = [];
      return {};
    },
  };
}

/** Makes what answers whether a server would load a file. */
export function loadHandlers(
  host: () => ShownRdb & Pick<ExportHost, 'requests' | 'whenRead'>,
): HandlersOf<'export.check'> {
  return {
    'export.check': async ({ target: named }, token, id) => {
      const target = parseTarget(named);
      if (!target) throw new NoSuchPartError(named);
      await host().whenRead(token);
      const { requests, file, facts, index } = host();
      const findings = await requests.job(willItLoad(file().source, facts(), index(), target), token, id);
      return { name: targetName(target), loads: loads(findings), findings };
    },
  };
}

/** Writes beside the places first: all files get to them, or none. */
function* written(
  host: ExportHost,
  spec: ExportSpec,
  path: string,
  output: Output,
  holds: (path: string) => boolean,
): Generator<number, ExportResult> {
  const unfinished: OutputFile[] = [];
  const open = (part: string): ByteSink => {
    const target = partName(path, part);
    if (holds(target)) throw new OutputError('is-source', target);
    // What was chosen in a dialog may be replaced; files whose names nobody has seen may not.
    const file = output.file(target, part === '');
    unfinished.push(file);
    return (bytes) => file.write(bytes);
  };
  try {
    const result = yield* exported(host, spec, open);
    host.check();
    for (const file of unfinished) file.close();
    for (let next = unfinished[0]; next; next = unfinished[0]) {
      next.keep();
      unfinished.shift();
    }
    return result;
  } finally {
    for (const file of unfinished) file.discard();
  }
}

/** The name of a part: `dump.rdb` to `dump.db0.rdb`. */
export function partName(name: string, part: string): string {
  return part === '' ? name : name.replace(/(\.[^./\\]*)?$/, (ending: string) => `.${part}${ending}`);
}

function* exported(
  host: ExportHost,
  spec: ExportSpec,
  open: (part: string) => ByteSink,
): Generator<number, ExportResult> {
  const inputs = yield* host.inputs(spec);
  return resultOf(yield* exportKeys(inputs, optionsOf(spec), open, openPlainKeys));
}

/** The keys of an RDB that were chosen. Yields how much is done. */
export function* chosenInput(rdb: ShownRdb, spec: ExportSpec): Generator<number, readonly ExportInput[]> {
  const rows = yield* rowsOf(rdb, spec);
  const file = rdb.file();
  return [
    {
      source: file.source,
      trusted: rdb.trusted(),
      stretches: (takers) => indexedRows(file, rdb.index(), rows, takers?.rows),
      facts: () => rdb.facts(),
    },
  ];
}

/** The rows that were chosen, in the order of the view where that means something. */
function* rowsOf(host: ShownRdb, { chosen, format }: ExportSpec): Generator<number, Rows> {
  const { length } = host.index();
  if (!chosen) return allRows(length);
  const seen = new Uint8Array(Math.ceil(length / 8));
  const list = new RowList();
  let looked = 0;
  for (const row of host.view(chosen.view).chosen(chosen.positions)) {
    if (++looked % 65536 === 0) yield 0;
    if (row === undefined) continue;
    // A folder may be chosen together with keys that are in it.
    const bit = 1 << (row & 7);
    if ((seen[row >> 3] & bit) !== 0) continue;
    seen[row >> 3] |= bit;
    list.add(row);
  }
  const rows = list.toArray();
  if (UNORDERED.has(format)) rows.sort();
  return { length: rows.length, at: (position) => rows[position] };
}

function optionsOf(spec: ExportSpec): ExportOptions {
  const { split, seed, target, chosen } = spec;
  return {
    format: spec.format,
    target: target === null ? undefined : parseTarget(target),
    base64: spec.base64,
    flat: spec.flat,
    restore: spec.restore,
    expiredBefore: spec.skipExpired ? Date.now() : undefined,
    expiry: spec.dropExpiry ? { kind: 'drop' } : undefined,
    dropFieldExpiry: spec.dropFieldExpiry,
    split: split === null ? undefined : split === 'db' ? { kind: 'db' } : { kind: 'slots', parts: split },
    seed: seed ?? undefined,
    // Functions are no keys: who chose some keys did not choose them.
    functions: chosen === null ? undefined : false,
  };
}

function resultOf(report: ExportReport): ExportResult {
  return {
    keys: report.keys,
    bytes: report.bytes,
    files: report.parts,
    expired: report.expired,
    duplicates: report.duplicates,
    leftOut: report.leftOut.map((met) => ({ what: leftOutPhrase(met), count: met.count, offset: met.offset })),
    losses: report.losses.map((met) => ({ what: lossPhrase(met), count: met.count, offset: met.offset })),
    damaged: report.damaged.length + report.moreDamaged,
  };
}
