// Bundles test files and runs them with Node's test runner.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** All test files below a folder of the project. */
function testFiles(folder) {
  return readdirSync(path.join(common.absWorkingDir, folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file))
    .sort();
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
    compileCommandLine(path.join(settings.outdir, 'programs', 'cli.cache')),
  ]);
}

/**
 * Runs the tests of a folder.
 *
 * @param folder relative to the project, such as `test/unit`.
 * @param options.filter only files whose path contains it.
 * @param options.concurrency files run at the same time: one more than there are processors, because some of them wait.
 * @param options.together files that run in one process, one after the other: starting one takes as long as many tests.
 * @param options.again files that are run a second time if a test in them fails, at most; for tests that drive programs
 *   which are not ours, such as a browser, and what those miss on a busy machine.
 * @returns true if all passed.
 */
export async function runTests(
  folder,
  { filter = '', concurrency = availableParallelism() + 1, together = 1, again = 0, env = {} } = {},
) {
  const files = testFiles(folder).filter((file) => file.includes(filter));
  if (files.length === 0) throw new Error(`no test file below ${folder} has "${filter}" in its path`);
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
  const entries = together > 1 ? joined(files, together, path.join(outdir, 'entries')) : files;
  const outbase = together > 1 ? path.join(outdir, 'entries') : path.join(common.absWorkingDir, folder);
  await Promise.all([
    build({ ...settings, entryPoints: entries, outbase, banner: { js: NO_THREAD } }),
    build({ ...settings, entryPoints: PROGRAMS, entryNames: 'programs/[name]' }),
    files.some((file) => file.endsWith(path.join('cli', 'start.test.ts'))) && installedCommandLine(settings),
  ]);
  const outputs = entries.map((file) => path.join(outdir, path.relative(outbase, file).replace(/\.ts$/, '.cjs')));
  // A test that waits for what never comes ends, too; the limit is one for each process as well, whatever it holds.
  const limits = [`--test-concurrency=${concurrency}`, '--test-timeout=900000'];
  const failures = path.join(outdir, 'failed-files.txt');
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('failed-files.mjs', import.meta.url)}`,
    `--test-reporter-destination=${failures}`,
  ];
  const run = (bundles) => {
    const args = ['--enable-source-maps', '--test', ...reporters, ...limits, ...bundles];
    const { status } = spawnSync(process.execPath, args, {
      stdio: 'inherit',
      cwd: common.absWorkingDir,
      env: { ...process.env, TEST_PROGRAMS: path.join(outdir, 'programs'), ...env },
    });
    return status === 0;
  };
  if (run(outputs)) return true;
  // Files are told as they are in the project or as bundles, as source maps have it.
  const stem = (file) => path.basename(file).replace(/\.\w+$/, '');
  const failed = new Set(readFileSync(failures, 'utf8').split('\n').map(stem));
  const bundles = outputs.filter((output) => failed.has(stem(output)));
  if (bundles.length === 0 || bundles.length > again) return false;
  const names = bundles.map(stem).join(', ');
  console.log(`\nTests failed in ${names}. They are run once more; what fails again has failed.`);
  const passed = run(bundles);
  if (passed) console.log(`\n${names} passed at the second try: see above what went wrong at the first.`);
  return passed;
}
