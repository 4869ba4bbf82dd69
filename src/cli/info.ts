/** `info`: what a file holds, as one JSON object. */

import { startsCommand } from '../dataset/aof/part-scan.js';
import { indexFile } from '../dataset/indexed-file.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { type Problem, problemMessage } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { aofInfo } from './aof-info.js';
import { startChecksum } from './checksum-thread.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { verifyKeys } from './verify-keys.js';

/** Files up to this size are verified value by value too: that takes no time worth mentioning. */
const DEEP_LIMIT = 64 * 1024 * 1024;

export interface InfoOptions {
  /** True to read every value, false never to; undefined: by the size of the file. */
  readonly deep: boolean | undefined;
}

/** Prints the object. @returns the exit status. */
export function info(path: string, options: InfoOptions, output: Output): Promise<number> {
  return withFile(path, (source) => describe(source, options, output));
}

async function describe(source: FileSource, options: InfoOptions, output: Output): Promise<number> {
  const started = performance.now();
  const pending = startChecksum(source.fd, source.size - 8);
  const { scan, index } = indexFile(source);
  // Commands behind the RDB make it an AOF, whatever its name.
  if (scan.complete && startsCommand(source, scan.end)) {
    pending.cancel();
    return aofInfo(source.path, output);
  }
  const checksum = scan.checksumWithoutReading ?? scan.compareChecksum(pending.result(scan.checkedBytes));
  pending.cancel();
  const { facts } = scan;
  const deep = options.deep ?? source.size <= DEEP_LIMIT;
  if (deep) verifyKeys(source, scan, index, (problem) => facts.problem(problem));
  const report = {
    magic: facts.fileHeader?.magic ?? null,
    version: facts.fileHeader?.version ?? null,
    aux: auxObject(facts.auxFields),
    bytes: source.size,
    keys: index.length,
    expires: index.expires,
    databases: Object.fromEntries(index.databases.map(({ db, keys, expires }) => [db, { keys, expires }])),
    types: countBy(index, (kind) => kind.type),
    encodings: countBy(index, (kind) => kind.encoding ?? 'unknown'),
    functions: facts.functions,
    checksum,
    trailingBytes: source.size - scan.end,
    verified: deep ? 'values' : 'structure',
    problems: facts.problems.map(problemJson),
    elapsedMs: Math.round(performance.now() - started),
  };
  output.write(`${JSON.stringify(report)}\n`);
  await output.end();
  return facts.problems.length > 0 ? 1 : 0;
}

/** Aux fields by name; one that occurs more than once is a list. */
function auxObject(fields: readonly { readonly name: string; readonly value: string }[]): Record<string, unknown> {
  const values = new Map<string, string | string[]>();
  for (const { name, value } of fields) {
    const known = values.get(name);
    if (known === undefined) values.set(name, value);
    else if (Array.isArray(known)) known.push(value);
    else values.set(name, [known, value]);
  }
  return Object.fromEntries(values);
}

function countBy(index: KeyIndex, name: (kind: KeyIndex['kinds'][number]) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const kind of index.kinds) counts.set(name(kind), (counts.get(name(kind)) ?? 0) + kind.keys);
  return Object.fromEntries(counts);
}

function problemJson(problem: Problem): { offset: number; code: string; message: string } {
  return { offset: problem.offset, code: problem.code, message: problemMessage(problem) };
}
