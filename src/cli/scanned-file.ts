/** Files that commands scan from beginning to end. */

import { startsCommand } from '../dataset/aof/part-scan.js';
import type { FileScan } from '../dataset/file-scan.js';
import type { Problem } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import type { startChecksum } from './checksum-thread.js';
import type { Output } from './output.js';

/**
 * Ends the output of a scan: compares the checksum, and reports what is wrong with the file as a whole.
 *
 * @param complain takes a line if commands follow the RDB.
 * @param commands what is to be said of them: finishes the sentence "the commands behind the RDB …".
 */
export async function endScan(
  source: FileSource,
  scan: FileScan,
  pending: ReturnType<typeof startChecksum>,
  output: Output,
  report: (problem: Problem) => void,
  complain: (text: string) => void,
  commands: string,
): Promise<void> {
  await output.end();
  if (!output.closed && !scan.checksumWithoutReading) scan.compareChecksum(pending.result(scan.checkedBytes));
  pending.cancel();
  for (const problem of scan.facts.problems) report(problem);
  if (!scan.complete || !startsCommand(source, scan.end)) return;
  complain(`${source.path}: the commands behind the RDB, from offset ${scan.end} on, ${commands}\n`);
}
