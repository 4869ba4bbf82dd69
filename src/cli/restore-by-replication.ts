/** `restore --by-replication`: a server loads a whole file as a replica of this program, and is a primary again. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExportTarget } from '../dataset/export/target.js';
import type { FileSource } from '../engine/node/file-source.js';
import { formatBytes, formatCount } from '../format/quantities.js';
import type { ServerFacts } from '../server/facts.js';
import type { OpenTarget } from '../server/node/open-target.js';
import { endsOf, type ListenAddress, listenForReplica, parseListenAddress } from '../server/node/primary-listener.js';
import { type LoadableFile, loadableFile } from '../server/replication-contents.js';
import { ReplicationError } from '../server/replication-errors.js';
import { checkTarget, type ReplicationSettings, replicaCommand } from '../server/replication-target.js';
import {
  type LeftServer,
  type ReplicationProgress,
  type ReplicationReport,
  restoreByReplication,
} from '../server/restore-by-replication.js';
import { restoreTargetOf } from '../server/restore-target.js';
import { cautionsFor, factsForWriting, memoryOfKeys } from '../server/target-checks.js';
import { confirmed } from './confirmed.js';
import { connectAsking, parseWriteTarget } from './connect.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import type { RestoreArguments } from './restore-arguments.js';
import { cautionLine, targetLine } from './target-text.js';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 200;
/** What a person or a system ends programs with. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Restores a file.
 *
 * @returns the exit status: 0 all restored, 1 the server holds something else than the file, 2 refused, or failed in the
 * middle, 3 interrupted.
 */
export function restoreReplicated(
  asked: RestoreArguments,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const { listen } = asked;
  const to = parseWriteTarget(asked.to, 'keys');
  return withFile(asked.file, async (source) => {
    try {
      if (to.sentinel) throw new ReplicationError('sentinel-url');
      const where = listen === undefined ? undefined : parseListenAddress(listen);
      const open = await connectAsking(to);
      try {
        return await restoreInto(source, open, asked, where, output, complain);
      } finally {
        open.control.close();
      }
    } catch (error) {
      if (!(error instanceof ReplicationError)) throw error;
      complain(`redis-persistence: ${error.message} Nothing was changed.\n`);
      return 2;
    }
  });
}

async function restoreInto(
  source: FileSource,
  { control, connect, address }: OpenTarget,
  asked: RestoreArguments,
  listen: ListenAddress | undefined,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const facts = await factsForWriting({ connect, control, address }, asked.mode);
  if (facts.mode === 'cluster') throw new ReplicationError('cluster', facts.address);
  const { rdbVersion, clockOffset } = await restoreTargetOf(control, facts);
  const target = releaseOf(facts, rdbVersion);
  const file = loadableFile(source, asked.file, target, Date.now() + clockOffset, asked.verify);
  const settings = await checkTarget(control, target, { name: asked.file, databases: file.databases });
  complain(summaryText(asked, file, facts, settings, address.tls !== undefined));
  if (asked.options.dryRun) {
    output.write(`${formatCount(file.keys)} keys would be restored\n`);
    await output.end();
    return 0;
  }
  if (!(await confirmed(asked.yes, 'restore', 'Have the server load this file?'))) return 2;
  const ends = endsOf(control);
  const { host, port } = listen ?? { host: ends.own ?? '127.0.0.1', port: 0 };
  const began = performance.now();
  const report = await withInterrupts((signal, giveUp) =>
    restoreByReplication({
      source,
      file,
      control,
      address,
      connect,
      command: replicaCommand(target),
      host,
      // Behind what translates addresses it has another one; it is known by its replication id then.
      peer: listen && target.level >= REPLICATION_IDS ? undefined : (ends.peer ?? '127.0.0.1'),
      listen: () => listenForReplica({ host, port }),
      replid: randomBytes(20).toString('hex'),
      pause: (ms) => sleep(ms),
      intact: () => !source.changed,
      progress: progressLine(file, complain),
      signal,
      giveUp,
    }),
  );
  return await told(asked, facts, report, (performance.now() - began) / 1000, output);
}

/** The first release whose servers have replication ids that nobody can guess. */
const REPLICATION_IDS = 400;

/** The release of a server, by which it is known what it loads. @throws ReplicationError for one of another make. */
function releaseOf({ address, make, version }: ServerFacts, rdbVersion: number): ExportTarget {
  if (make !== 'redis' && make !== 'valkey' && make !== 'keydb') throw new ReplicationError('make', address, make);
  const [major, minor] = version.split('.').map(Number);
  const level = major * 100 + minor;
  if (!(level > 0)) throw new ReplicationError('version', address, version);
  return { make, level, rdbVersion };
}

function summaryText(
  { file: name }: RestoreArguments,
  file: LoadableFile,
  facts: ServerFacts,
  { rdbFile, diskless }: ReplicationSettings,
  isTls: boolean,
): string {
  const what = [
    formatBytes(file.bytes),
    `${formatCount(file.keys)} keys, ${formatCount(file.expires)} of them with an expiry`,
    ...(file.libraries.length > 0 ? [`${formatCount(file.libraries.length)} function libraries`] : []),
  ];
  const replaced = `its file ${rdbFile ?? 'dump.rdb'} is replaced by this one`;
  const cautions = [
    'while it loads, other clients get READONLY or LOADING; those that wait for something are disconnected',
    diskless ? 'its replication id changes' : `its replication id changes, and ${replaced}`,
    'if this program is killed in the middle, tell the server REPLICAOF NO ONE',
    ...(file.expired > 0
      ? [`the time of ${formatCount(file.expired)} keys is over: the server loads them and then deletes them`]
      : []),
    ...(file.verified
      ? []
      : [
          'the checksum stands for the values: a file that a tool has made of wrong ones ends the server; --verify reads them',
        ]),
    ...(isTls ? ['the file goes to the server without TLS'] : []),
  ];
  const needed = Math.max(memoryOfKeys(file.bytes, file.keys), file.usedMemory);
  return [
    `from    ${name}: ${what.join(', ')}`,
    targetLine(facts),
    'how     by replication: the server loads the whole file as a replica, and is a primary again',
    ...cautions.map((text) => `caution ${text}`),
    ...cautionsFor(facts, needed).map(cautionLine),
    '',
  ].join('\n');
}

/** Runs something that the first interrupt asks to stop; the second one no longer waits for what has to be brought to an end. */
async function withInterrupts<T>(run: (signal: AbortSignal, giveUp: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const interrupt = () => (stop.signal.aborted ? giveUp : stop).abort();
  // Never less than this: a program that ends at once leaves a replica behind.
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await run(stop.signal, giveUp.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt);
  }
}

/** Shows the progress at a terminal. */
function progressLine(file: LoadableFile, complain: (text: string) => void): (state: ReplicationProgress) => void {
  if (process.stderr.isTTY !== true) return () => {};
  let shown = 0;
  return (state) => {
    const now = performance.now();
    if (now - shown < PROGRESS_MS) return;
    shown = now;
    complain(`\r\u001b[K${progressText(state, file)}`);
  };
}

function progressText(state: ReplicationProgress, { bytes }: LoadableFile): string {
  switch (state.phase) {
    case 'sending':
      return `${formatBytes(state.sent)} of ${formatBytes(bytes)} sent`;
    case 'loading':
      return state.percent === undefined ? 'the server loads' : `the server loads, ${state.percent.toFixed(1)} %`;
    default:
      return 'waits until the server is a primary again; another interrupt waits no longer';
  }
}

async function told(
  asked: RestoreArguments,
  { address, make, version }: ServerFacts,
  report: ReplicationReport,
  seconds: number,
  output: Output,
): Promise<number> {
  if (asked.report !== undefined) {
    const to = { address, make, version };
    const whole = { from: asked.file, to, way: 'replication', dryRun: false, seconds, ...report };
    writeFileSync(asked.report, `${JSON.stringify(whole, null, 2)}\n`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  output.write(resultText(report, seconds));
  await output.end();
  if (report.interrupted) return 3;
  if (report.stopped !== undefined || report.left.role !== 'primary') return 2;
  return report.equal ? 0 : 1;
}

function resultText(report: ReplicationReport, seconds: number): string {
  const { stopped, restored, expired, functions, equal, left } = report;
  const lines: string[] = [];
  if (stopped === undefined) {
    const counts = [
      `${formatCount(restored)} keys restored`,
      ...(expired > 0 ? [`${formatCount(expired)} of them expired, which the server deletes`] : []),
      ...(functions > 0 ? [`${formatCount(functions)} function libraries restored`] : []),
    ];
    const rate = seconds > 0 ? `, ${formatCount(Math.round(restored / seconds))} keys a second` : '';
    lines.push(`${counts.join(', ')} in ${seconds.toFixed(2)} s${rate}`);
    if (!equal) lines.push(...differences(report));
  } else {
    lines.push(`not finished: ${stopped}`, `${formatBytes(report.sent)} of ${formatBytes(report.bytes)} were sent`);
  }
  lines.push(leftText(left, stopped === undefined));
  return `${lines.join('\n')}\n`;
}

function differences({ databases }: ReplicationReport): string[] {
  return databases
    .filter(({ keys, restored }) => keys !== restored)
    .map(
      ({ db, keys, restored }) =>
        `database ${db} has ${formatCount(keys)} keys in the file and ${formatCount(restored)} in the server`,
    );
}

/** How the server was left. @param done true if what it holds has been told. */
function leftText({ role, databases, libraries, aofRewriting }: LeftServer, done: boolean): string {
  if (role === 'unknown') {
    return 'how the server is left is not known: it does not answer. Tell it REPLICAOF NO ONE when it does';
  }
  if (role === 'replica') {
    return 'the server is still a replica of this program, which is gone. Tell it REPLICAOF NO ONE';
  }
  const rewriting = aofRewriting ? '; it is still writing its AOF anew' : '';
  if (done) return `the server is a primary again${rewriting}`;
  const keys = (databases ?? []).map(({ db, keys }) => `${formatCount(keys)} keys in database ${db}`);
  const holds = [...(keys.length > 0 ? keys : ['no keys']), ...(libraries ? [`${libraries} function libraries`] : [])];
  return `the server is a primary again, and holds ${holds.join(', ')}${rewriting}`;
}
