// Bundles test files and runs them with Node's test runner.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { commandLine, common, compileCommandLine } from '../esbuild.mjs';

/** What runs in a process or thread of its own; tests find it in the folder `programs` of their bundles. */
const PROGRAMS = {
  cli: 'src/cli/main.ts',
  engine: 'src/engine/node/worker.ts',
  jobs: 'src/engine/node/job-worker.ts',
  language: 'src/language/node/worker.ts',
};

/**
 * What starts a thread of its own script would otherwise run the tests in it, which start more of them: such threads are
 * for the programs, and what tests start in their own process gets none.
 */
const NO_THREAD =
  "if (!require('node:worker_threads').isMainThread) throw new Error('a bundle of tests is no script of a thread');";

/** With more certificates than its own each Node reads all of them before it begins: of those that tests start, none needs them. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** All test files below a folder of the project. */
function testFiles(folder) {
  return readdirSync(path.join(common.absWorkingDir, folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file))
    .sort();
}

/** Files with the longest, which mostly take the longest too, first: what is begun last should be over soon. */
function longestFirst(files) {
  const sizes = new Map(files.map((file) => [file, statSync(path.join(common.absWorkingDir, file)).size]));
  return [...files].sort((a, b) => sizes.get(b) - sizes.get(a));
}

/** Entries by the names of their bundles: the runner goes through them by name, so that each has a place of its own. */
function inOrder(entries) {
  const places = entries.map((entry, i) => `${String(i + 1).padStart(3, '0')}/${path.basename(entry, '.ts')}`);
  return Object.fromEntries(places.map((place, i) => [place, entries[i]]));
}

/** Writes entries that hold so many files each; neighbours, which are alike, go to different ones. */
function joined(files, together, folder) {
  mkdirSync(folder, { recursive: true });
  const count = Math.ceil(files.length / together);
  return Array.from({ length: count }, (_, i) => {
    const entry = path.join(folder, `part-${i + 1}.ts`);
    const own = files.filter((_, at) => at % count === i).map((file) => path.join(common.absWorkingDir, file));
    writeFileSync(entry, own.map((file) => `import ${JSON.stringify(file)};\n`).join(''));
    return entry;
  });
}

/** Makes the command line as it is installed, with all that is compiled of it. */
async function installedCommandLine(settings) {
  await Promise.all([
    build({ ...settings, ...(await commandLine()), entryNames: 'programs/cli-start', sourcemap: false }),
    compileCommandLine(path.join(settings.outdir, 'programs', 'cli.cache'), ['replay', 'decode', 'other']),
  ]);
}

/**
 * Runs the tests of a folder.
 *
 * @param folder relative to the project, such as `test/unit`.
 * @param options.filters only files whose path contains one of them; all if there is none.
 * @param options.concurrency files run at the same time: one more than there are processors, because some of them wait.
 * @param options.together files that run in one process, one after the other: starting one takes as long as many tests.
 * @param options.again files that are run a second time if a test in them fails, at most; for tests that drive programs
 *   which are not ours, such as a browser, and what those miss on a busy machine. They run one at a time then.
 * @param options.around starts what a run needs: from how many files run at the same time, it makes variables of the
 *   environment and a function that stops what it has started.
 * @returns true if all passed.
 */
export async function runTests(
  folder,
  { filters = [], concurrency = availableParallelism() + 1, together = 1, again = 0, around } = {},
) {
  const files = testFiles(folder).filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)));
  if (files.length === 0) throw new Error(`no test file below ${folder} has ${filters.join(' or ')} in its path`);
  const outdir = path.join(common.absWorkingDir, 'build', folder);
  rmSync(outdir, { recursive: true, force: true });
  const settings = {
    ...common,
    outdir,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    external: ['playwright-core'],
    define: { ...common.define, PROJECT_ROOT: JSON.stringify(common.absWorkingDir) },
  };
  const entries = together > 1 ? joined(files, together, path.join(outdir, 'entries')) : longestFirst(files);
  const entryPoints = inOrder(entries);
  await Promise.all([
    build({ ...settings, entryPoints, banner: { js: NO_THREAD } }),
    build({ ...settings, entryPoints: PROGRAMS, entryNames: 'programs/[name]' }),
    files.some((file) => file.endsWith(path.join('cli', 'start.test.ts'))) && installedCommandLine(settings),
  ]);
  const outputs = Object.keys(entryPoints).map((place) => path.join(outdir, `${place}.cjs`));
  // A test that waits for what never comes ends, too; the limit is one for each process as well, whatever it holds.
  const limits = ['--test-timeout=900000'];
  const failures = path.join(outdir, 'failed-files.txt');
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('failed-files.mjs', import.meta.url)}`,
    `--test-reporter-destination=${failures}`,
  ];
  const run = async (bundles, most) => {
    const surroundings = await around?.(Math.min(most, bundles.length));
    const args = ['--enable-source-maps', '--test', `--test-concurrency=${most}`, ...reporters, ...limits, ...bundles];
    const tests = spawn(process.execPath, args, {
      stdio: 'inherit',
      cwd: common.absWorkingDir,
      env: { ...ENVIRONMENT, TEST_PROGRAMS: path.join(outdir, 'programs'), ...surroundings?.env },
    });
    const status = await new Promise((resolve) => tests.once('exit', resolve));
    await surroundings?.stop();
    return status === 0;
  };
  if (await run(outputs, concurrency)) return true;
  // Files are told as they are in the project or as bundles, as source maps have it.
  const stem = (file) => path.basename(file).replace(/\.\w+$/, '');
  const failed = new Set(readFileSync(failures, 'utf8').split('\n').map(stem));
  const bundles = outputs.filter((output) => failed.has(stem(output)));
  if (bundles.length === 0 || bundles.length > again) return false;
  const names = bundles.map(stem).join(', ');
  console.log(`\nTests failed in ${names}. They are run once more; what fails again has failed.`);
  const passed = await run(bundles, 1);
  if (passed) console.log(`\n${names} passed at the second try: see above what went wrong at the first.`);
  return passed;
}
