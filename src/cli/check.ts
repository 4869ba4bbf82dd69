/** `check`: reads every value of a file and says in words what is wrong with it. */

import { startsCommand } from '../dataset/aof/part-scan.js';
import { findDuplicateKeys } from '../dataset/duplicate-keys.js';
import type { ExportTarget } from '../dataset/export/target.js';
import { indexFile } from '../dataset/indexed-file.js';
import { type Problem, problemMessage } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { aofCheck } from './aof-check.js';
import { checkTarget } from './check-target.js';
import { startChecksum } from './checksum-thread.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { verifyKeys } from './verify-keys.js';

/**
 * Prints the report.
 *
 * @param target a server, for whether it would load the file.
 * @returns the exit status.
 */
export function check(path: string, output: Output, target?: ExportTarget): Promise<number> {
  return withFile(path, (source) => report(source, output, target));
}

async function report(source: FileSource, output: Output, target: ExportTarget | undefined): Promise<number> {
  const pending = startChecksum(source.fd, source.size - 8);
  const { scan, index } = indexFile(source);
  // Commands behind the RDB make it an AOF, whatever its name.
  if (scan.complete && startsCommand(source, scan.end)) {
    pending.cancel();
    return aofCheck(source.path, output, target);
  }
  const { facts } = scan;
  verifyKeys(source, scan, index, (problem) => facts.problem(problem));
  for (const _ of findDuplicateKeys(source, index, (problem) => facts.problem(problem)));
  const checksum = scan.checksumWithoutReading ?? scan.compareChecksum(pending.result(scan.checkedBytes));
  pending.cancel();
  const header = facts.fileHeader;
  output.write(`${source.path}: ${source.size} bytes${header ? `, ${header.magic}` : ''}\n`);
  if (header) {
    output.write(`${index.length} keys, ${index.expires} of them with an expiry; checksum ${checksum}\n`);
  }
  const problems = [...facts.problems].sort((a, b) => a.offset - b.offset);
  for (const problem of problems) output.write(`${line(problem)}\n`);
  if (facts.moreProblems > 0) output.write(`and ${facts.moreProblems} more problems\n`);
  const trailing = source.size - scan.end;
  if (scan.complete && trailing > 0) {
    output.write(`note: ${trailing} bytes follow the end of the RDB at offset ${scan.end}; servers ignore them\n`);
  }
  if (problems.length === 0) output.write('nothing wrong\n');
  const loaded = target === undefined || checkTarget(source, scan, index, target, output);
  await output.end();
  return problems.length > 0 || !loaded ? 1 : 0;
}

function line(problem: Problem): string {
  const where = problem.entryOffset === undefined ? '' : `, in the key at ${problem.entryOffset}`;
  return `${problem.severity} at offset ${problem.offset}${where}: ${problemMessage(problem)} [${problem.code}]`;
}
