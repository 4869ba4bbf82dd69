/** `check` of an AOF: reads all of it, the values of its RDBs included, and says in words what is wrong. */
import { AofScan, type PartProblem } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { CommandIndex } from '../dataset/aof/command-index.js';
import type { PartScan } from '../dataset/aof/part-scan.js';
import type { Verdict } from '../dataset/aof/verdict.js';
import type { ExportTarget } from '../dataset/export/target.js';
import { FileScan } from '../dataset/file-scan.js';
import { KeyIndex } from '../dataset/key-index.js';
import type { CommandBatch } from '../decoder/aof/command-batch.js';
import { fillTemplate, type Problem, problemMessage } from '../decoder/errors.js';
import { checkAofTarget } from './check-target.js';
import { withAof } from './open-aof.js';
import type { Output } from './output.js';
import { verifyKeys } from './verify-keys.js';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  loads: 'a server loads it',
  'loads-truncated': 'a server with aof-load-truncated yes (the default) cuts off its tail and loads the rest',
  refused: 'a server refuses it',
};

/**
 * Prints the report.
 *
 * @param target a server, for whether it would load the AOF.
 * @returns the exit status.
 */
export function aofCheck(path: string, output: Output, target?: ExportTarget): Promise<number> {
  return withAof(path, (set) => report(path, set, output, target));
}

async function report(path: string, set: AofSet, output: Output, target: ExportTarget | undefined): Promise<number> {
  let begun = 0;
  const beginParts = (last: number) => {
    for (; begun <= last; begun++) index.beginPart(begun, set.parts[begun].role === 'history');
  };
  const take = (part: number, batch: CommandBatch) => {
    beginParts(part);
    index.add(batch);
  };
  const scan = new AofScan(set, target ? take : () => {}, { checksum: true });
  const index = new CommandIndex(scan.names);
  scan.run();
  beginParts(set.parts.length - 1);
  const parts = set.parts.length === 1 ? '1 file' : `${set.parts.length} files`;
  output.write(`${path}: AOF, ${parts}, ${scan.bytes} bytes\n`);
  for (const part of scan.parts) output.write(`${partLine(part)}\n`);
  const problems: PartProblem[] = [...scan.problems, ...valueProblems(scan)];
  for (const problem of problems) output.write(`${problemLine(problem, set)}\n`);
  if (scan.moreProblems > 0) output.write(`and ${scan.moreProblems} more problems\n`);
  for (const part of scan.parts) {
    for (const { offset, bytes, resumes } of part.damage) {
      const then = resumes ? `commands go on at offset ${offset + bytes}` : 'nothing follows';
      output.write(`${part.part.file}: ${bytes} bytes at offset ${offset} are no whole command; ${then}\n`);
    }
  }
  const { judgement } = scan;
  if (judgement) {
    output.write(
      `${VERDICTS[judgement.verdict]}: ${fillTemplate(judgement.reason.phrase, ...judgement.reason.args)}\n`,
    );
    if (judgement.cut) {
      const { part, at, bytes, commands } = judgement.cut;
      output.write(
        `${set.parts[part].file} would be cut at offset ${at}: ${bytes} bytes, ${commands} whole commands\n`,
      );
    }
  }
  if (problems.length === 0) output.write('nothing wrong\n');
  const loaded = !target || checkAofTarget({ set, parts: scan.parts, judgement, index }, target, output);
  await output.end();
  return problems.length > 0 || !loaded ? 1 : 0;
}

function partLine(scan: PartScan): string {
  const { part } = scan;
  const role = part.seq === null ? part.role : `${part.role} ${part.seq}`;
  if (!part.source) return `  ${part.file} (${role}): missing`;
  const rdb = scan.rdb ? `${scan.rdbKeys} keys in ${scan.rdbBytes} bytes of RDB, ` : '';
  const valid = scan.validUpTo === scan.bytes ? 'valid' : `valid up to ${scan.validUpTo}`;
  return `  ${part.file} (${role}): ${scan.bytes} bytes, ${rdb}${scan.commandsShown} commands, ${valid}`;
}

function problemLine(problem: PartProblem, set: AofSet): string {
  const file = problem.part === null ? set.manifest?.file : set.parts[problem.part].file;
  const where = problem.entryOffset === undefined ? '' : `, in the key at ${problem.entryOffset}`;
  return `${problem.severity} at offset ${problem.offset} of ${file}${where}: ${problemMessage(problem)} [${problem.code}]`;
}

/** What is wrong with values of the RDBs, which a scan does not look at. */
function valueProblems(scan: AofScan): PartProblem[] {
  const found: PartProblem[] = [];
  for (const { part, rdb } of scan.parts) {
    const { source } = part;
    if (!source || !rdb) continue;
    let index: KeyIndex | undefined;
    const again = new FileScan(source, (batch, types, facts) => {
      index ??= new KeyIndex(facts.server);
      index.add(batch, types);
    });
    again.run();
    const add = (problem: Problem) => void found.push({ ...problem, part: part.part });
    if (index) verifyKeys(source, again, index, add);
  }
  return found;
}
