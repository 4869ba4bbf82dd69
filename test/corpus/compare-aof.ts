/** Compares what the scan makes of an AOF with what the server and `redis-check-aof` said of it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AofScan } from '../../src/dataset/aof/aof-scan.js';
import { openAof } from '../../src/engine/node/aof-folder.js';

/** What the summary of a variant says. */
interface AofSummary {
  readonly server: string;
  readonly version: string;
  readonly redisCompatVersion?: string;
  readonly files: readonly {
    readonly file: string;
    readonly role: string;
    readonly seq?: number;
    readonly size: number;
    readonly commands?: number;
    readonly commandCounts?: Readonly<Record<string, number>>;
    readonly rdbPreambleBytes?: number;
    readonly rdbPreambleKeys?: number;
    readonly parseError?: { readonly offset: number; readonly what: string };
  }[];
  readonly commands: number;
  readonly serverLoads: boolean;
  readonly serverLog?: readonly string[];
  readonly checkAof?: { readonly output: readonly string[] };
}

/** What the comparison of an AOF found. */
export interface AofComparison {
  readonly parts: number;
  readonly commands: number;
  /** Verdicts of servers that were compared. */
  readonly verdicts: number;
  readonly mismatches: readonly string[];
}

/** True if the folder holds an AOF with its summary. */
export function isAofVariant(folder: string): boolean {
  return path.basename(folder).startsWith('aof-') && existsSync(path.join(folder, 'summary.json'));
}

/** Scans the AOF of a variant and compares it. */
export function compareAof(folder: string): AofComparison {
  const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as AofSummary;
  const main = summary.files.find(({ role }) => role === 'manifest' || role === 'single');
  if (!main) throw new Error(`${folder} has no AOF`);
  const { folder: files, set } = openAof(path.join(folder, main.file));
  const mismatches: string[] = [];
  const compare = (what: string, actual: unknown, expected: unknown) => {
    if (JSON.stringify(actual) === JSON.stringify(expected)) return;
    mismatches.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  };
  const counts = set.parts.map(() => new Map<string, number>());
  const scan = new AofScan(
    set,
    (part, batch) => {
      for (let i = 0; i < batch.length; i++) {
        const name = scan.names.name(batch.name[i]);
        if ((batch.flags[i] & 8) === 0) counts[part].set(name, (counts[part].get(name) ?? 0) + 1);
      }
    },
    { checksum: true },
  );
  scan.run();
  const judgement = scan.judgement;
  for (const expected of summary.files) {
    if (expected.role === 'manifest') continue;
    const name = path.basename(expected.file);
    const part = scan.parts.find((one) => one.part.file === name);
    if (!part) {
      mismatches.push(`${name}: no part`);
      continue;
    }
    compare(`${name}: role`, part.part.role, expected.role);
    compare(`${name}: seq`, part.part.seq, expected.seq ?? null);
    compare(`${name}: bytes`, part.bytes, expected.size);
    compare(`${name}: commands`, part.commands, expected.commands ?? 0);
    compare(`${name}: rdbBytes`, part.rdbBytes, expected.rdbPreambleBytes ?? 0);
    compare(`${name}: rdbKeys`, part.rdbKeys, expected.rdbPreambleKeys ?? 0);
    if (expected.commandCounts) {
      const sorted = (entries: Iterable<readonly [string, number]>) =>
        [...entries].map(([word, count]) => [word.toUpperCase(), count] as const).sort();
      compare(`${name}: names`, sorted(counts[part.part.part]), merged(sorted(Object.entries(expected.commandCounts))));
    }
    compare(`${name}: damage`, part.damage[0]?.problem.offset, faultOffset(expected.parseError, part.damage[0]));
    const checked = checkedUpTo(summary, name);
    if (checked !== undefined) compare(`${name}: validUpTo`, part.validUpTo, checked);
  }
  compare('commands', scan.commands, summary.commands);
  const comparable = judgesLikeNow(summary);
  if (comparable) {
    compare('verdict', judgement?.verdict, verdictOf(summary));
    const cut = /Truncating the AOF .*at offset (\d+)/.exec(summary.serverLog?.join('\n') ?? '')?.[1];
    if (cut !== undefined) compare('cut', judgement?.cut?.at, Number(cut));
  }
  files.close();
  return { parts: scan.parts.length, commands: scan.commands, verdicts: comparable ? 1 : 0, mismatches };
}

/** Counts of the same name, however it was written, added up. */
function merged(counts: readonly (readonly [string, number])[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].sort();
}

/** The summaries give the offset of a cut command where the scan does; damage has its own. */
function faultOffset(
  parseError: { readonly offset: number } | undefined,
  own: { readonly offset: number; readonly problem: { readonly code: string; readonly offset: number } } | undefined,
): number | undefined {
  return parseError?.offset ?? (own?.problem.code === 'aof-unclosed-multi' ? own.offset : undefined);
}

/** Where `redis-check-aof` found a file valid up to, if it was asked and got so far. */
function checkedUpTo(summary: AofSummary, name: string): number | undefined {
  for (const line of summary.checkAof?.output ?? []) {
    const match = /^AOF analyzed: filename=(.*), size=\d+, ok_up_to=(\d+)/.exec(line);
    if (match?.[1] === name) return Number(match[2]);
  }
  return undefined;
}

/** True for servers whose loader has the rules of Redis 7.0 and later. */
function judgesLikeNow({ server, version }: AofSummary): boolean {
  if (server === 'valkey') return true;
  return server === 'redis' && Number.parseInt(version, 10) >= 7;
}

function verdictOf({ serverLoads, serverLog }: AofSummary): string {
  if (!serverLoads) return 'refused';
  return serverLog?.some((line) => line.includes('Truncating the AOF')) ? 'loads-truncated' : 'loads';
}
