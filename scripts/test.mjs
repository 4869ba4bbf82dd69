// `npm test`: every check of the project, or one stage of them: types, lint, unit, integration, workbench.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';
import { requirePrograms } from './requirements.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [only, ...filters] = process.argv.slice(2);

/** Runs a program of a dependency. */
function tool(name, ...args) {
  const bin = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const { status } = spawnSync(bin, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0;
}

const stages = {
  types: () => PROJECTS.every((project) => tool('tsc', '-p', project)),
  lint: async () => {
    const { checkTexts } = await import('./l10n.mjs');
    return tool('biome', 'check', '--error-on-warnings', '.') && (await checkTexts());
  },
  unit: async () => (await import('./bundle-tests.mjs')).runTests('test/unit', { filters, together: 12 }),
  integration: async () => (await import('./bundle-tests.mjs')).runTests('test/integration', { filters, again: 2 }),
  workbench: async () => {
    const { packExtension } = await import('./package.mjs');
    const { installWorkbench } = await import('./workbench.mjs');
    installWorkbench();
    const vsix = packExtension();
    const { startLanes } = await import('./workbench-lanes.mjs');
    const around = async (count) => {
      const { folder, stop } = await startLanes(count, vsix);
      return { env: { WORKBENCH_LANES: folder }, stop };
    };
    // Two editors at a time at most: each is a browser, a server and an extension host.
    const concurrency = Math.min(2, availableParallelism());
    return (await import('./bundle-tests.mjs')).runTests('test/workbench', { filters, concurrency, again: 2, around });
  },
};

/** The folders that are type-checked, each with the library types that it may know. */
const PROJECTS = [
  'src/decoder',
  'src/format',
  'src/pictures',
  'src/dataset',
  'src/server',
  'src/server/node',
  'src/engine',
  'src/engine/browser',
  'src/language',
  'src/language/node',
  'src/language/browser',
  'src/extension',
  'src/cli',
  'webview',
  'test',
  'test/workbench',
  'bench',
];

if (!installDependencies()) process.exit(1);
const names = only ? [only] : Object.keys(stages);
if (!requirePrograms(names)) process.exit(1);
for (const name of names) {
  const stage = stages[name];
  if (!stage) {
    console.error(`There is no stage ${name}; there are ${Object.keys(stages).join(', ')}.`);
    process.exit(2);
  }
  const started = Date.now();
  console.log(`\n--- ${name}`);
  const passed = await stage();
  console.log(`--- ${name} ${passed ? 'passed' : 'failed'} after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!passed) process.exit(1);
}
