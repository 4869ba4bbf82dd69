/** Reads the damaged files of a corpus: the damage must be reported, and everything before it must be right. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { base64 } from '../../src/dataset/base64.js';
import { FileScan } from '../../src/dataset/file-scan.js';
import { KeyIndex } from '../../src/dataset/key-index.js';
import { readKeyName } from '../../src/decoder/rdb/entry.js';
import { MemorySource } from '../../src/decoder/source.js';
import { parseLine, readTruth, type Truth } from './compare.js';
import { type Decoded, decodeLines } from './decode-lines.js';

/** A line of the manifest of damaged files. */
export interface DamagedFile {
  readonly file: string;
  readonly base: string;
  readonly op: string;
  readonly offset: number;
  readonly detail: string;
  readonly goodKeys?: readonly string[] | null;
  readonly redisCheckRdb: { readonly verdict: string; readonly message: string };
  readonly valkeyCheckRdb: { readonly verdict: string; readonly message: string };
}

export function readManifest(folder: string): DamagedFile[] {
  return readFileSync(path.join(folder, 'manifest.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DamagedFile);
}

/** What is wrong with how a damaged file was read; empty if nothing is. */
export function examine(folder: string, corpus: string, damaged: DamagedFile): { decoded: Decoded; faults: string[] } {
  const decoded = decodeLines(path.join(folder, damaged.file));
  const faults: string[] = [];
  const tool = damaged.base.startsWith('valkey-9') ? damaged.valkeyCheckRdb : damaged.redisCheckRdb;
  if (tool.verdict !== 'ok' && decoded.problems.length === 0)
    faults.push(`nothing reported; the tool: ${tool.message}`);
  if (/\((sound|control)\)/.test(damaged.detail) && decoded.problems.length > 0) {
    faults.push(`a sound file has problems: ${decoded.problems[0]}`);
  }
  const keys = new Map(decoded.lines.map((line) => [nameOf(parseLine(line)), parseLine(line)] as const));
  if (damaged.base === 'hand-made') {
    // The key in front of the damage.
    const before = damaged.goodKeys?.[0];
    if (before !== undefined && !keys.has(`0 ${base64(new TextEncoder().encode(before))}`)) {
      faults.push(`the key ${before} is missing`);
    }
    return { decoded, faults };
  }
  for (const [name, truth] of keysBefore(path.join(corpus, damaged.base), damaged.offset)) {
    const key = keys.get(name);
    if (!key) faults.push(`${name} before the damage is missing`);
    else if (JSON.stringify(key.value) !== JSON.stringify(truth.value) && !nearlyEqual(key, truth)) {
      faults.push(`${name} before the damage differs`);
    }
  }
  return { decoded, faults };
}

const nameOf = (key: Truth) => `${key.db} ${key.key}`;

/** Streams and sorted sets are compared in full by the test of the undamaged file. */
function nearlyEqual(key: Truth, truth: Truth): boolean {
  return key.type === truth.type && (key.type === 'zset' || key.type === 'stream');
}

const cache = new Map<string, { name: string; end: number; truth: Truth }[]>();

/** The keys of an undamaged dump that end before an offset, with their truth. */
function keysBefore(dump: string, offset: number): [string, Truth][] {
  let rows = cache.get(dump);
  if (!rows) {
    const source = new MemorySource(readFileSync(dump));
    const folder = path.dirname(dump);
    const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as { truth: string };
    const truth = readTruth(folder, summary.truth);
    let index: KeyIndex | undefined;
    const scan = new FileScan(source, (batch, types, facts) => {
      index ??= new KeyIndex(facts.server);
      index.add(batch, types);
    });
    scan.run();
    rows = [];
    for (let row = 0; row < (index?.length ?? 0); row++) {
      const fact = (index as KeyIndex).fact(row);
      const name = `${fact.db} ${base64(readKeyName(source, fact.typeOffset) as Uint8Array)}`;
      rows.push({ name, end: fact.offset + fact.size, truth: truth.get(name) as Truth });
    }
    cache.set(dump, rows);
  }
  return rows.filter((row) => row.end <= offset && row.truth).map((row) => [row.name, row.truth]);
}
