/**
 * `npm run test:memory -- FOLDER`: compares memory estimates with `MEMORY USAGE key SAMPLES 0` for every dump below a
 * folder, and prints the median and the 95th percentile of the error by type and version.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isVariant } from './compare.js';
import { type Estimate, errorOf, estimateVariant, quantile } from './memory.js';

const [root, ...options] = process.argv.slice(2);
if (!root || !existsSync(root)) {
  process.stderr.write('Usage: npm run test:memory -- FOLDER [--worst SERVER] [--bundled]\n');
  process.exit(2);
}
const worst = options.includes('--worst') ? options[options.indexOf('--worst') + 1] : undefined;
const groups = new Map<string, Estimate[]>();
for (const server of folders(root)) {
  for (const variant of folders(server).filter(isVariant)) {
    if (worst !== undefined && !variant.includes(worst)) continue;
    const choice = options.includes('--bundled') ? { allocator: 'jemalloc-bundled' as const } : {};
    for (const estimate of estimateVariant(variant, choice)) {
      const name = `${estimate.server.padEnd(16)}${estimate.type}`;
      groups.set(name, [...(groups.get(name) ?? []), estimate]);
    }
  }
}
let missed = 0;
print('server          type', 'keys', 'median', '95 %', 'worst', 'encodings');
for (const [name, estimates] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const errors = estimates.map(errorOf).sort((a, b) => a - b);
  const median = quantile(errors, 0.5);
  const most = quantile(errors, 0.95);
  const encodings = estimates.filter((one) => one.encoding === one.actualEncoding).length;
  const good = median <= 0.03 && most <= 0.1;
  if (!good) missed++;
  print(
    name,
    errors.length,
    part(median),
    part(most),
    part(quantile(errors, 1)),
    encodings,
    good ? '' : '  beyond the aim',
  );
  if (worst === undefined) continue;
  for (const one of [...estimates].sort((a, b) => errorOf(b) - errorOf(a)).slice(0, 8)) {
    const key = Buffer.from(one.key, 'base64').toString('latin1').slice(0, 40);
    process.stdout.write(
      `    ${one.variant} ${key}: ${one.estimated} (${one.encoding}) instead of ${one.actual} (${one.actualEncoding})\n`,
    );
  }
}
process.stdout.write(missed === 0 ? 'all within 3 % and 10 %\n' : `${missed} of ${groups.size} beyond 3 % or 10 %\n`);
process.exitCode = missed === 0 ? 0 : 1;

function print(name: string, ...cells: (string | number)[]): void {
  process.stdout.write(`${name.padEnd(32)}${cells.map((cell) => String(cell).padStart(10)).join('')}\n`);
}

function part(error: number): string {
  return `${(error * 100).toFixed(1)} %`;
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => path.join(folder, item.name))
    .sort();
}
