// Bundles a TypeScript file of the project with what it imports and runs it: `node scripts/run-ts.mjs FILE [ARGS]`.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { common } from '../esbuild.mjs';

const [entry, ...args] = process.argv.slice(2);
const outfile = path.join(common.absWorkingDir, 'build', `${path.basename(entry, '.ts')}.cjs`);
await build({
  ...common,
  entryPoints: [path.resolve(entry)],
  outfile,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  external: ['playwright-core'],
  define: { ...common.define, PROJECT_ROOT: JSON.stringify(common.absWorkingDir) },
});
process.argv.splice(2, process.argv.length, ...args);
await import(pathToFileURL(outfile).href);
