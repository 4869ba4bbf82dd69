/** Whether a chosen server would load a file, in words: the end of `check --target`. */
import { type AofLoadFinding, aofWillLoad, type ScannedAof } from '../dataset/aof/will-it-load.js';
import type { ExportTarget } from '../dataset/export/target.js';
import { targetName } from '../dataset/export/target.js';
import { type LoadFinding, loads, type Remedy, willItLoad } from '../dataset/export/will-it-load.js';
import type { FileScan } from '../dataset/file-scan.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { fillTemplate } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { formatCount } from '../format/quantities.js';
import type { Output } from './output.js';

/** What `export` does with it, in words. */
const REMEDIES: Record<Remedy, string> = {
  converted: '; export converts it',
  'left-out': '; export leaves it out',
  dropped: '; export drops it',
  none: '',
};

/** Prints what stops the server. @returns true if it loads the file. */
export function checkTarget(
  source: FileSource,
  scan: FileScan,
  index: KeyIndex,
  target: ExportTarget,
  output: Output,
): boolean {
  const search = willItLoad(source, scan.facts, index, target);
  let step = search.next();
  while (!step.done) step = search.next();
  const name = targetName(target);
  for (const finding of step.value) output.write(`${line(finding, name)}\n`);
  const loaded = loads(step.value);
  output.write(loaded ? `${name} loads it\n` : `${name} does not load it; export --target writes what it would load\n`);
  return loaded;
}

/** The same for an AOF. @returns true if it loads all of it. */
export function checkAofTarget(aof: ScannedAof, target: ExportTarget, output: Output): boolean {
  const search = aofWillLoad(aof, target);
  let step = search.next();
  while (!step.done) step = search.next();
  const name = targetName(target);
  for (const finding of step.value) output.write(`${line(finding, name)}\n`);
  const loaded = loads(step.value);
  output.write(loaded ? `${name} loads it\n` : `${name} does not load it; replay brings the rest into such a server\n`);
  return loaded;
}

function line(finding: LoadFinding & Partial<Pick<AofLoadFinding, 'file'>>, name: string): string {
  const { stops, what, count, offset, remedy, file } = finding;
  const text = fillTemplate(what.phrase, ...what.args).replace(/\.$/, '');
  const times = count > 1 ? `, ${formatCount(count)} times, first` : '';
  const where = file === undefined ? '' : ` of ${file}`;
  return `${stops ? `stops ${name}` : 'note'}: ${text}${times} at offset ${offset}${where}${REMEDIES[remedy]}`;
}
