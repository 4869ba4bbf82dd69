/**
 * Measures against the servers' own tools, on the same files in the same run: `npm run bench [-- KEYS …]`, or only a
 * part: `npm run bench -- replay`, `aof [COMMANDS …]`, or `memory`, `engine`, `export`, `diff` or `restore` with
 * `[KEYS …]`.
 * Figures of different machines cannot be compared; the ratios can.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, release, type as system, totalmem } from 'node:os';
import path from 'node:path';
import { formatBytes, formatCount } from '../src/format/quantities.js';
import { aofOf } from './aof.js';
import { measureCompare } from './compare.js';
import { dumpOf } from './dump.js';
import { measureEngine, type Step } from './engine.js';
import { measureExports } from './export.js';
import { measureFirstRows } from './first-rows.js';
import { inTurns, median, type Program, type Timing } from './processes.js';
import { measureReplay } from './replay.js';
import { measureRestore } from './restore.js';

declare const PROJECT_ROOT: string;

const ROUNDS = 5;
/** Of a replay, which is so short that whatever else runs on the machine decides a few rounds. */
const REPLAY_ROUNDS = 15;
/** The largest dump that is restored into a server: it has to fit into the memory beside everything else. */
const RESTORED_KEYS = 1_000_000;
/** What is measured of each dump, by the word that asks for it alone. */
const PARTS: Readonly<Record<string, (dump: string, keys: number) => Promise<void>>> = {
  memory: measureProcesses,
  engine: async (dump, keys) => printSteps(await measureEngine(dump, keys, ROUNDS)),
  export: printExports,
  diff: printCompare,
};
const only = ['replay', 'aof', 'restore', ...Object.keys(PARTS)].find((part) => part === process.argv[2]);
const sizes = process.argv.slice(only ? 3 : 2).map(Number);
if (sizes.some((size) => !(size > 0)))
  throw new Error('npm run bench [-- KEYS … | replay | aof [COMMANDS …] | memory|engine|export|diff|restore [KEYS …]]');
const COMMANDS = 5_000_000;
const PIPE = '`redis-cli --pipe`';
const cli = path.join(PROJECT_ROOT, 'dist', 'cli.js');

/** The tools of others that read a whole dump, and how each is called. */
const PEERS: readonly (readonly [command: string, args: (file: string) => string[]])[] = [
  ['redis-check-rdb', (file) => [file]],
  ['valkey-check-rdb', (file) => [file]],
  ['rdb-cli', (file) => [file, 'print']],
  ['rdb', (file) => ['-c', 'memory', file]],
];

function installed(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** `info` and the peers over one file. */
async function measureProcesses(file: string, keys: number): Promise<void> {
  const node = process.execPath;
  const peers = PEERS.filter(([command]) => installed(command));
  const programs: Program[] = [
    { name: 'info (index and checksum)', command: node, args: [cli, 'info', file] },
    { name: 'memory (a line for each key)', command: node, args: [cli, 'memory', file] },
    ...peers.map(([command, args]) => ({ name: command, command, args: args(file) })),
    { name: 'cat', command: 'cat', args: [file] },
  ];
  const [, memory] = await compareProcesses(programs, `${formatCount(keys)} keys`, keys);
  print();
  print(`\`memory\` reads ${(statSync(file).size / 1e6 / median(memory.seconds)).toFixed(0)} MB a second.`);
}

/** `info` and the tool of the server over one AOF. */
async function measureAof(commands: number): Promise<void> {
  const manifest = await aofOf(commands, path.join(PROJECT_ROOT, '.bench'));
  const folder = path.dirname(manifest);
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  spawnSync('cat', files, { stdio: ['ignore', 'ignore', 'inherit'] });
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  print();
  print(`## AOF of ${formatCount(commands)} commands, ${formatBytes(bytes)}`);
  const programs: Program[] = [
    { name: 'info (index of commands)', command: process.execPath, args: [cli, 'info', manifest] },
    { name: 'redis-check-aof', command: 'redis-check-aof', args: [manifest] },
    { name: 'cat', command: 'cat', args: files },
  ];
  await compareProcesses(programs, `${formatCount(commands)} commands`, commands);
}

/** Prints a table of processes, the first of which is ours. @param rows what it indexes. */
async function compareProcesses(programs: readonly Program[], what: string, rows: number): Promise<readonly Timing[]> {
  const node = process.execPath;
  const timings = await inTurns(programs, ROUNDS);
  const [bare] = await inTurns([{ name: 'bare Node', command: node, args: ['-e', 'setTimeout(() => {}, 100)'] }], 3);
  const ours = median(timings[0].seconds);
  print();
  print('| whole process | median | least to most | times as long as `info` | peak memory |');
  print('|---|---|---|---|---|');
  for (const { program, seconds, peakMemory } of timings) {
    const middle = median(seconds);
    const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
    const memory = peakMemory === 0 ? 'unknown' : formatBytes(peakMemory);
    print(`| ${program.name} | ${middle.toFixed(2)} s | ${range} | ${(middle / ours).toFixed(2)} | ${memory} |`);
  }
  if (bare.peakMemory > 0) {
    const above = timings[0].peakMemory - bare.peakMemory;
    const limit = 64 * 1024 * 1024 + 40 * rows;
    print();
    print(`Memory of \`info\` above bare Node (${formatBytes(bare.peakMemory)}): ${formatBytes(above)}; `);
    print(`64 MB and 40 bytes for each of ${what} would be ${formatBytes(limit)}.`);
  }
  return timings;
}

function printSteps(steps: readonly Step[]): void {
  print();
  print('| engine, in its worker | median | least to most |');
  print('|---|---|---|');
  for (const { name, ms } of steps) {
    print(
      `| ${name} | ${median(ms).toFixed(0)} ms | ${Math.min(...ms).toFixed(0)} to ${Math.max(...ms).toFixed(0)} ms |`,
    );
  }
}

/** A replay of a million commands, where there is a server. */
async function printReplay(): Promise<void> {
  if (!installed('redis-server') || !installed('redis-cli')) return;
  print();
  print('## A million commands into a server');
  printAgainstPipe(await measureReplay(cli, REPLAY_ROUNDS));
}

/** A restore of the keys of a dump, where there is a server. */
async function printRestore(dump: string, keys: number): Promise<void> {
  if (!installed('redis-server') || !installed('redis-cli')) return;
  print();
  print(`## ${formatCount(keys)} keys into a server`);
  printAgainst(await measureRestore(cli, dump, ROUNDS), 2, PIPE);
}

/** The comparison of a dump with a later one, where there is a server that makes it. */
async function printCompare(dump: string, keys: number): Promise<void> {
  if (!installed('redis-server') || !installed('redis-check-rdb')) return;
  print();
  print(`## Two dumps of ${formatCount(keys)} keys compared`);
  printAgainst(await measureCompare(cli, dump, keys, ROUNDS), 2, '`redis-check-rdb`');
}

/** Ours, then `redis-cli --pipe`. */
function printAgainstPipe(timings: readonly Timing[]): void {
  printAgainst(timings, 1, PIPE);
}

/** @param peerAt which of the timings the others are compared with. */
function printAgainst(timings: readonly Timing[], peerAt: number, peerName: string): void {
  print();
  print(`| whole process | median | least to most | times as long as ${peerName} | peak memory |`);
  print('|---|---|---|---|---|');
  const peer = median(timings[peerAt].seconds);
  for (const { program, seconds, peakMemory } of timings) {
    const middle = median(seconds);
    const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
    print(
      `| ${program.name} | ${middle.toFixed(2)} s | ${range} | ${(middle / peer).toFixed(2)} | ${formatBytes(peakMemory)} |`,
    );
  }
}

/** Exports of a dump in several forms. */
async function printExports(dump: string): Promise<void> {
  const megabytes = statSync(dump).size / 1e6;
  print();
  print('| whole process | median | least to most | MB of the dump a second | peak memory |');
  print('|---|---|---|---|---|');
  for (const { program, seconds, peakMemory } of await measureExports(cli, dump, ROUNDS)) {
    const middle = median(seconds);
    const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
    const rate = (megabytes / middle).toFixed(0);
    print(`| ${program.name} | ${middle.toFixed(2)} s | ${range} | ${rate} | ${formatBytes(peakMemory)} |`);
  }
}

/** Packs the extension. @returns the path of the VSIX. */
function packed(): string {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/package.mjs'], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const file = /^(\S+\.vsix)/m.exec(stdout)?.[1];
  if (status !== 0 || !file) throw new Error('the extension could not be packed');
  return path.resolve(PROJECT_ROOT, file);
}

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string };
  const [processor] = cpus();
  print(`Persistence Explorer ${version}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
  print(`${processor.model.trim()}, ${cpus().length} cores, ${formatBytes(totalmem())}; ${system()} ${release()}`);
  const build = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: PROJECT_ROOT, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('the build failed');

  if (only === 'restore') {
    for (const keys of sizes.length > 0 ? sizes : [RESTORED_KEYS]) {
      await printRestore(await dumpOf(keys, path.join(PROJECT_ROOT, '.bench')), keys);
    }
    return;
  }
  if (only === 'aof') {
    for (const commands of sizes.length > 0 ? sizes : [COMMANDS]) await measureAof(commands);
    return;
  }
  if (only === undefined || only === 'replay') await printReplay();
  if (only === 'replay') return;

  const files: string[] = [];
  for (const keys of sizes.length > 0 ? sizes : [1_000_000, 10_000_000]) {
    const file = await dumpOf(keys, path.join(PROJECT_ROOT, '.bench'));
    files.push(file);
    // Read once, so that all find the file in the memory of the system.
    spawnSync('cat', [file], { stdio: ['ignore', 'ignore', 'inherit'] });
    print();
    print(`## ${formatCount(keys)} keys, ${formatBytes(statSync(file).size)}`);
    for (const [name, measure] of Object.entries(PARTS)) {
      if (only === undefined || only === name) await measure(file, keys);
    }
    if (only === undefined && keys <= RESTORED_KEYS) await printRestore(file, keys);
  }

  if (only !== undefined) return;

  await measureAof(COMMANDS);

  print();
  print('## The editor: milliseconds until rows are drawn');
  print();
  print(
    '| file | since the page of the editor began | since the workbench asked for the editor | since the scroll bar was moved |',
  );
  print('|---|---|---|---|');
  for (const [file, times] of await measureFirstRows(packed(), files, ROUNDS)) {
    const column = (values: number[]) =>
      `${median(values).toFixed(0)} (${Math.min(...values)} to ${Math.max(...values)})`;
    const page = column(times.map(({ sincePage }) => sincePage));
    const asked = column(times.map(({ sinceAsked }) => sinceAsked));
    print(`| ${path.basename(file)} | ${page} | ${asked} | ${column(times.flatMap(({ scrolled }) => scrolled))} |`);
  }
}

void main();
