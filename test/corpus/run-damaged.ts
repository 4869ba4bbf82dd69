/** Reads every damaged file of a corpus and prints what was found: `FOLDER` holds `corrupt/manifest.jsonl`. */
import path from 'node:path';
import { examine, readManifest } from './damaged.js';

const [corpus] = process.argv.slice(2);
const folder = path.join(corpus, 'corrupt');
let faulty = 0;
let slowest = 0;
const counts = new Map<string, number>();
for (const damaged of readManifest(folder)) {
  const started = performance.now();
  try {
    const { decoded, faults } = examine(folder, corpus, damaged);
    if (process.argv.includes('--verbose')) {
      process.stdout.write(`${damaged.file} (${damaged.detail}): ${decoded.problems.join(' | ') || 'no problem'}\n`);
    }
    for (const code of new Set(decoded.codes)) counts.set(code, (counts.get(code) ?? 0) + 1);
    for (const fault of faults) {
      faulty++;
      process.stdout.write(`${damaged.file} (${damaged.detail} @${damaged.offset}): ${fault}\n`);
    }
  } catch (error) {
    faulty++;
    process.stdout.write(`${damaged.file}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  slowest = Math.max(slowest, performance.now() - started);
}
process.stdout.write(`${[...counts].map(([code, count]) => `${code} ${count}`).join(', ')}\n`);
process.stdout.write(`${faulty} faults; slowest file ${slowest.toFixed(0)} ms\n`);
process.exitCode = faulty === 0 ? 0 : 1;
