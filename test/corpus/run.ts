/** `npm run test:corpus -- FOLDER`: compares every dump and AOF below a folder with its ground truth, and prints a table. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type Comparison, compareVariant, isVariant } from './compare.js';
import { type AofComparison, compareAof, isAofVariant } from './compare-aof.js';

const [root] = process.argv.slice(2);
if (!root) {
  process.stderr.write('Usage: npm run test:corpus -- FOLDER\n');
  process.exit(2);
}
let failed = 0;
const codes = new Set<number>();
process.stdout.write(
  `${'server'.padEnd(18)}${'dumps'.padStart(7)}${'keys'.padStart(9)}${'encodings'.padStart(11)}${'wrong'.padStart(7)}\n`,
);
let dumps = 0;
let keys = 0;
for (const server of folders(root).map((folder) => path.basename(folder))) {
  const variants = folders(path.join(root, server)).filter(isVariant);
  if (variants.length === 0) continue;
  const results: [string, Comparison][] = variants.map((variant) => [path.basename(variant), compareVariant(variant)]);
  const sum = (pick: (comparison: Comparison) => number) => results.reduce((total, [, one]) => total + pick(one), 0);
  const wrong = sum((one) => one.mismatches.length);
  dumps += results.length;
  keys += sum((one) => one.keys);
  failed += wrong;
  process.stdout.write(
    `${server.padEnd(18)}${String(results.length).padStart(7)}${String(sum((one) => one.keys)).padStart(9)}` +
      `${String(sum((one) => one.encodings)).padStart(11)}${String(wrong).padStart(7)}\n`,
  );
  for (const [variant, { mismatches, typeCodes }] of results) {
    for (const code of typeCodes) codes.add(code);
    for (const mismatch of mismatches.slice(0, 5)) process.stdout.write(`  ${variant}: ${mismatch.slice(0, 700)}\n`);
    if (mismatches.length > 5) process.stdout.write(`  ${variant}: and ${mismatches.length - 5} more\n`);
  }
}
process.stdout.write(`${dumps} dumps, ${keys} keys; type codes ${[...codes].sort((a, b) => a - b).join(' ')}\n`);

process.stdout.write(
  `\n${'server'.padEnd(18)}${'AOFs'.padStart(7)}${'parts'.padStart(7)}${'commands'.padStart(10)}${'verdicts'.padStart(10)}${'wrong'.padStart(7)}\n`,
);
let aofs = 0;
let commands = 0;
for (const server of folders(root).map((folder) => path.basename(folder))) {
  const variants = folders(path.join(root, server)).filter(isAofVariant);
  if (variants.length === 0) continue;
  const results: [string, AofComparison][] = variants.map((variant) => [path.basename(variant), compareAof(variant)]);
  const sum = (pick: (comparison: AofComparison) => number) => results.reduce((total, [, one]) => total + pick(one), 0);
  const wrong = sum((one) => one.mismatches.length);
  aofs += results.length;
  commands += sum((one) => one.commands);
  failed += wrong;
  process.stdout.write(
    `${server.padEnd(18)}${String(results.length).padStart(7)}${String(sum((one) => one.parts)).padStart(7)}` +
      `${String(sum((one) => one.commands)).padStart(10)}${String(sum((one) => one.verdicts)).padStart(10)}${String(wrong).padStart(7)}\n`,
  );
  for (const [variant, { mismatches }] of results) {
    for (const mismatch of mismatches.slice(0, 5)) process.stdout.write(`  ${variant}: ${mismatch.slice(0, 700)}\n`);
  }
}
process.stdout.write(`${aofs} AOFs, ${commands} commands\n`);
process.stdout.write(failed === 0 ? 'all equal to their ground truth\n' : `${failed} differences\n`);
process.exitCode = failed === 0 ? 0 : 1;

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => path.join(folder, item.name))
    .sort();
}
