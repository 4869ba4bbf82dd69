/** What a file says of itself, as pages and reports show it: its server, its keys by type and encoding, its problems. */
import type { FileFacts } from '../dataset/file-facts.js';
import type { FileScan } from '../dataset/file-scan.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { type ReportHead, serverName } from '../dataset/report/report.js';
import type { Summary } from '../protocol.js';
import { problemInfo } from './cells.js';

/** What is known of a file by its scan alone. */
export type ScanSummary = Omit<
  Summary,
  'memory' | 'checksum' | 'checksumProgress' | 'verified' | 'verifiedKeys' | 'inMemory'
>;

/** Sums up a scan, also one that goes on. @param bytes of the file. */
export function scanSummary(scan: FileScan, index: KeyIndex, bytes: number, scanning: boolean): ScanSummary {
  const { facts } = scan;
  const header = facts.fileHeader;
  const failed = !scanning && !scan.complete && index.length === 0;
  return {
    state: scanning ? 'scanning' : failed && !header ? 'failed' : 'ready',
    bytes,
    scanned: scan.position,
    magic: header?.magic ?? null,
    version: header?.version ?? null,
    server: header ? { make: facts.server.make, version: facts.server.version ?? null } : null,
    created: savedAt(facts) ?? null,
    usedMemory: usedMemory(facts),
    keys: index.length,
    expires: index.expires,
    databases: index.databases,
    types: countsBy(index, (kind) => kind.type).map(([type, counts]) => ({ type, ...counts })),
    encodings: countsBy(index, (kind) => kind.encoding ?? '').map(([encoding, { keys }]) => ({ encoding, keys })),
    functions: facts.functions,
    records: facts.recordCodes.length,
    trailingBytes: scanning ? 0 : bytes - scan.end,
    problems: facts.problems.map((problem) => problemInfo(problem, (offset) => index.rowAt(offset))),
    moreProblems: facts.moreProblems,
    hasIdle: index.hasIdle,
    hasFreq: index.hasFreq,
    indexBytes: index.memory,
  };
}

/** What a report says of a file at its beginning. @param bytes of the file. */
export function reportHead(
  facts: FileFacts,
  index: KeyIndex,
  bytes: number,
): Omit<ReportHead, 'fileName' | 'filter' | 'target'> {
  const { make, version } = facts.server;
  return {
    bytes,
    magic: facts.fileHeader?.magic ?? '',
    server: serverName(make, version),
    savedAt: savedAt(facts) ?? null,
    usedMemory: usedMemory(facts),
    keys: index.length,
    damaged: facts.problems.some(({ severity }) => severity === 'error'),
  };
}

/** When a file was saved, ms since the epoch, if it says so. */
export function savedAt(facts: FileFacts): number | undefined {
  return numberOf(facts.auxValue('ctime'), 1000) ?? undefined;
}

/** Bytes that the server used when it saved the file. */
function usedMemory(facts: FileFacts): number | null {
  return numberOf(facts.auxValue('used-mem'), 1);
}

/** Keys and bytes by a name of their kinds, those with most keys first. */
function countsBy(index: KeyIndex, name: (kind: KeyIndex['kinds'][number]) => string) {
  const counts = new Map<string, { keys: number; bytes: number }>();
  for (const kind of index.kinds) {
    const known = counts.get(name(kind)) ?? { keys: 0, bytes: 0 };
    counts.set(name(kind), { keys: known.keys + kind.keys, bytes: known.bytes + kind.bytes });
  }
  return [...counts].sort(([, a], [, b]) => b.keys - a.keys);
}

function numberOf(text: string | undefined, times: number): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null;
  return Number(text) * times;
}
