/**
 * `npm run test:export -- FOLDER`: exports every dump below a folder, as it is and for every release that can be chosen,
 * decodes what was written, compares it with the dump, and prints a table.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseTarget, TARGET_NAMES } from '../../src/dataset/export/target.js';
import { isVariant } from './compare.js';
import { compareFor, compareSame, type ExportComparison } from './compare-export.js';

const [root] = process.argv.slice(2);
if (!root) {
  process.stderr.write('Usage: npm run test:export -- FOLDER\n');
  process.exit(2);
}

interface Totals {
  dumps: number;
  keys: number;
  wrong: number;
  readonly leftOut: Map<string, number>;
  readonly losses: Map<string, number>;
}

const totals = new Map<string, Totals>();

function add(name: string, variant: string, comparison: ExportComparison): void {
  const total = totals.get(name) ?? { dumps: 0, keys: 0, wrong: 0, leftOut: new Map(), losses: new Map() };
  totals.set(name, total);
  total.dumps++;
  total.keys += comparison.keys;
  total.wrong += comparison.mismatches.length;
  for (const [kind, count] of comparison.leftOut) total.leftOut.set(kind, (total.leftOut.get(kind) ?? 0) + count);
  for (const [kind, count] of comparison.losses) total.losses.set(kind, (total.losses.get(kind) ?? 0) + count);
  for (const mismatch of comparison.mismatches.slice(0, 3)) {
    process.stdout.write(`${variant}, ${name}: ${mismatch.slice(0, 800)}\n`);
  }
}

for (const server of folders(root)) {
  for (const folder of folders(server).filter(isVariant)) {
    const bytes = readFileSync(path.join(folder, 'dump.rdb'));
    const variant = path.relative(root, folder);
    add('as it is', variant, compareSame(bytes, true));
    add('as it is, checked', variant, compareSame(bytes, false));
    for (const name of TARGET_NAMES) {
      const target = parseTarget(name);
      if (!target) throw new Error(name);
      add(name, variant, compareFor(bytes, target));
    }
  }
}
process.stdout.write(
  `${'for'.padEnd(18)}${'dumps'.padStart(7)}${'keys'.padStart(9)}${'wrong'.padStart(7)}  left out; losses\n`,
);
let failed = 0;
for (const [name, { dumps, keys, wrong, leftOut, losses }] of totals) {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  failed += wrong;
  process.stdout.write(
    `${name.padEnd(18)}${String(dumps).padStart(7)}${String(keys).padStart(9)}${String(wrong).padStart(7)}  ${list(leftOut)}; ${list(losses)}\n`,
  );
}
process.stdout.write(failed === 0 ? 'all equal\n' : `${failed} differences\n`);
process.exitCode = failed === 0 ? 0 : 1;

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => path.join(folder, item.name))
    .sort();
}
