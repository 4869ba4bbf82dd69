/** `info` of an AOF: its parts and what a server would make of them, as one JSON object. */
import { AofScan, type PartProblem } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import type { PartScan } from '../dataset/aof/part-scan.js';
import { AFTER_DAMAGE } from '../decoder/aof/command-batch.js';
import { fillTemplate, problemMessage } from '../decoder/errors.js';
import { withAof } from './open-aof.js';
import type { Output } from './output.js';

/** Prints the object. @returns the exit status. */
export function aofInfo(path: string, output: Output): Promise<number> {
  return withAof(path, (set) => describe(set, output));
}

async function describe(set: AofSet, output: Output): Promise<number> {
  const started = performance.now();
  const roles = set.parts.map(({ role }) => role);
  const counts = new Float64Array(0x10000);
  const scan = new AofScan(
    set,
    (part, batch) => {
      if (roles[part] === 'history') return;
      const { name, flags, length } = batch;
      for (let i = 0; i < length; i++) if ((flags[i] & AFTER_DAMAGE) === 0) counts[name[i]]++;
    },
    { checksum: true },
  );
  scan.run();
  const { judgement, problems } = scan;
  const files = set.parts.map(({ file }) => file);
  const names = Array.from({ length: scan.names.count }, (_, i) => [scan.names.name(i), counts[i]] as const)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  const report = {
    format: 'aof',
    manifest: set.manifest?.file ?? null,
    bytes: scan.bytes,
    parts: scan.parts.map(partJson),
    commands: scan.commands,
    commandCounts: Object.fromEntries(names),
    preambleKeys: scan.preambleKeys,
    commandsAfterDamage: scan.commandsAfterDamage,
    timeRange: scan.timeRange ?? null,
    verdict: judgement?.verdict ?? null,
    verdictReason: judgement ? fillTemplate(judgement.reason.phrase, ...judgement.reason.args) : null,
    cut: judgement?.cut ? { ...judgement.cut, part: files[judgement.cut.part] } : null,
    problems: problems.map((problem) => problemJson(problem, files, set.manifest?.file)),
    moreProblems: scan.moreProblems,
    elapsedMs: Math.round(performance.now() - started),
  };
  output.write(`${JSON.stringify(report)}\n`);
  await output.end();
  return problems.length > 0 ? 1 : 0;
}

function partJson(scan: PartScan): Record<string, unknown> {
  const { part } = scan;
  return {
    file: part.file,
    role: part.role,
    seq: part.seq,
    bytes: scan.bytes,
    commands: scan.commands,
    commandsAfterDamage: scan.commandsShown - scan.commands,
    preambleKeys: scan.rdbKeys,
    preambleBytes: scan.rdbBytes,
    validUpTo: scan.validUpTo,
    timeRange: scan.timeRange ?? null,
    missing: part.source === null,
    damage: scan.damage.map(({ offset, bytes, resumes }) => ({ offset, bytes, resumes })),
  };
}

function problemJson(
  problem: PartProblem,
  files: readonly string[],
  manifest: string | undefined,
): Record<string, unknown> {
  return {
    part: problem.part === null ? (manifest ?? null) : files[problem.part],
    offset: problem.offset,
    code: problem.code,
    message: problemMessage(problem),
  };
}
