/** A replay into a server from beginning to end, or as a dry run, and the report of it. */
import type { ServerAddress } from './address.js';
import { ClusterLane } from './cluster-lane.js';
import { clusterResume } from './cluster-resume.js';
import { firstWords } from './command-words.js';
import { type Connection, errorText } from './connection.js';
import { DryLane } from './dry-lane.js';
import type { ServerFacts } from './facts.js';
import { isHarmless } from './harmless.js';
import { commandsOf, permissionOf } from './permissions.js';
import { Rate } from './rate.js';
import { Replay, type ReplayEnd, type ReplayHooks } from './replay.js';
import { type ReplayCheckpoint, ReplayCheckpoints } from './replay-checkpoint.js';
import type { ReplayControl } from './replay-control.js';
import { ReplayInputError } from './replay-errors.js';
import type { ReplayInput } from './replay-input.js';
import { EXEC, MULTI, type PendingCommand } from './replay-lane.js';
import type { ReplayOptions } from './replay-options.js';
import type { ErrorGroup, ReplayReport, Unacknowledged } from './replay-report.js';
import { resumePointAt } from './replay-resume.js';
import { ReplayTally } from './replay-tally.js';
import { ServerLane } from './server-lane.js';

/** Arguments of a command, and bytes of one, by which it is told whether it can be done again. */
const HEAD_WORDS = 12;
const WORD_BYTES = 33;
/** Milliseconds between two words of progress. */
const PROGRESS_MS = 100;

/** The server of a replay, or one node of its cluster. */
export interface ReplayTarget {
  readonly address: ServerAddress;
  readonly facts: ServerFacts;
  /** A connection for questions; the commands go through others. */
  readonly control: Connection;
  /** Opens connections to it, and to other nodes. */
  connect(address: ServerAddress): Promise<Connection>;
}

/** What a caller can see of a replay that runs. */
export interface ReplayProgress {
  /** Bytes of the input, and how many of them are done with. */
  readonly bytes: number;
  readonly position: number;
  readonly sent: number;
  readonly applied: number;
  readonly failed: number;
  readonly skipped: number;
  readonly keysRestored: number;
  /** Since it began, without those in which it stood. */
  readonly seconds: number;
  /** Commands a second, and of an RDB keys a second, over the last seconds. */
  readonly rate: number;
  /** How long the rest takes if it goes on so; undefined if that cannot be told. */
  readonly secondsLeft: number | undefined;
  /** The errors so far, sorted when they are asked for. */
  readonly errors: readonly ErrorGroup[];
}

/** Who steers a replay and sees how it goes on. */
export interface ReplaySurroundings extends Pick<ReplayHooks, 'now' | 'pause' | 'restore'> {
  /** Called some times a second, and at the end. */
  progress(progress: ReplayProgress): void;
  readonly control: ReplayControl;
  /** Called about once a second and where it stands, for those who want to go on if it is cut off. */
  checkpoint?(checkpoint: ReplayCheckpoint): void;
}

/**
 * Replays an input into a server or a cluster.
 *
 * @throws ReplayInputError if the input or the target cannot be used and nothing was sent; ServerError if there is no
 * connection to begin with.
 */
export async function replayInto(
  target: ReplayTarget,
  input: ReplayInput,
  options: ReplayOptions,
  surroundings: ReplaySurroundings,
): Promise<ReplayReport> {
  const { address, facts, control } = target;
  const tally = new ReplayTally(input.names, input.parts);
  const limit = options.stopAtError ? 1 : undefined;
  const { now, pause, control: steering, checkpoint } = surroundings;
  const { only } = options.resume ?? {};
  const cluster =
    facts.mode === 'cluster' ? await ClusterLane.open({ ...target, pause }, tally, limit, only) : undefined;
  const lane = cluster ?? new ServerLane(await target.connect(address), tally, { limit, memory: input.memory });
  const began = now();
  const checkpoints =
    checkpoint && new ReplayCheckpoints(input, tally, cluster ?? lane, only, now, (point) => checkpoint(point));
  const hooks = { ...hooksFor(control, input, tally, surroundings), ...(checkpoints ? { checkpoints } : {}) };
  try {
    const end = await new Replay(input, options, lane, tally, hooks, steering, false, cluster?.router).run();
    // What the other nodes have got is answered yet.
    await cluster?.settle();
    const refused = lane instanceof ServerLane ? lane.doubtful : [];
    const unsure = end.outcome === 'lost' ? lane.pending : refused;
    const report = reportOf(
      input,
      tally,
      end,
      cluster ? cluster.unsure : unsure,
      (now() - began - tally.stoodMs) / 1000,
    );
    if (!cluster || end.outcome === 'done' || !end.next) return report;
    return { ...report, resume: clusterResume(input, end.next, cluster, only) };
  } finally {
    lane.close();
  }
}

/**
 * Does everything but send: counts, rewrites, and checks each command against what the server has and allows.
 *
 * @throws as {@link replayInto}.
 */
export async function dryRun(
  { control, facts }: Pick<ReplayTarget, 'control' | 'facts'>,
  input: ReplayInput,
  options: ReplayOptions,
  surroundings: ReplaySurroundings,
): Promise<ReplayReport> {
  const tally = new ReplayTally(input.names, input.parts);
  const commands = await commandsOf(control);
  const permission = facts.user === undefined ? undefined : await permissionOf(control, facts.user);
  const lane = new DryLane({ commands, permission }, tally, (name) => input.names.name(name));
  const router = facts.mode === 'cluster' ? lane.router(options.resume?.only) : undefined;
  const { now } = surroundings;
  const began = now();
  const hooks = hooksFor(control, input, tally, surroundings);
  const end = await new Replay(input, options, lane, tally, hooks, surroundings.control, true, router).run();
  return reportOf(input, tally, end, [], (now() - began - tally.stoodMs) / 1000);
}

function hooksFor(
  control: Connection,
  input: ReplayInput,
  tally: ReplayTally,
  { now, pause, progress, restore }: ReplaySurroundings,
): ReplayHooks {
  const began = now();
  const done = new Rate(now);
  const read = new Rate(now);
  let told = began;
  return {
    now,
    pause,
    restore,
    progress: (position, keys, stands = false) => {
      const time = now();
      if (!stands && time - told < PROGRESS_MS && position < input.bytes) return;
      told = time;
      const { sent, applied, failed, skipped } = tally;
      const keysRestored = tally.keysRestored + keys;
      const bytesRate = read.of(position);
      progress({
        ...{ bytes: input.bytes, position, sent, applied, failed, skipped, keysRestored },
        seconds: (time - began - tally.stoodMs) / 1000,
        rate: done.of(sent + keysRestored),
        secondsLeft: bytesRate > 0 ? (input.bytes - position) / bytesRate : undefined,
        get errors() {
          return tally.errors;
        },
      });
    },
    selectable: async (db) => {
      const error = errorText(await control.ask('SELECT', db));
      if (error !== undefined) throw new ReplayInputError('no-database', control.address, db, error);
    },
  };
}

function reportOf(
  input: ReplayInput,
  tally: ReplayTally,
  end: ReplayEnd,
  pending: readonly PendingCommand[],
  seconds: number,
): ReplayReport {
  const [oldest] = pending;
  const next = oldest ? tally.place(oldest.part, oldest.offset) : end.next;
  const unacknowledged = unknownOf(input, tally, pending);
  return {
    outcome: end.outcome,
    ...(end.reason === undefined ? {} : { reason: end.reason }),
    read: tally.read,
    sent: tally.sent,
    applied: tally.applied,
    failed: tally.failed,
    skipped: tally.skipped,
    skips: tally.skipCounts,
    errors: tally.errors,
    moreErrors: tally.moreErrors,
    keysRestored: tally.keysRestored,
    bytesSent: tally.bytesSent,
    seconds,
    ...(end.problem ? { problem: end.problem } : {}),
    ...(next && end.outcome !== 'done' ? { resume: resumePointAt(input, next) } : {}),
    ...(unacknowledged ? { unacknowledged } : {}),
  };
}

/** The commands of which nobody knows if they were done: not those of a transaction whose EXEC was not sent. */
function unknownOf(
  input: ReplayInput,
  tally: ReplayTally,
  pending: readonly PendingCommand[],
): Unacknowledged | undefined {
  const unknown: PendingCommand[] = [];
  let transaction: PendingCommand[] | undefined;
  for (const command of pending) {
    if (command.kind === MULTI) transaction = [command];
    else if (transaction && command.kind === EXEC) {
      unknown.push(...transaction, command);
      transaction = undefined;
    } else (transaction ?? unknown).push(command);
  }
  const last = unknown.at(-1);
  if (!last) return undefined;
  const commands = new Map<string, number>();
  for (const { name } of unknown) {
    const text = input.names.name(name);
    commands.set(text, (commands.get(text) ?? 0) + 1);
  }
  return {
    count: unknown.length,
    from: tally.place(unknown[0].part, unknown[0].offset),
    to: tally.place(last.part, last.offset),
    harmless: unknown.every(({ name, part, offset }) => {
      const source = input.source(part);
      return (
        source !== undefined && isHarmless(input.names.name(name), firstWords(source, offset, HEAD_WORDS, WORD_BYTES))
      );
    }),
    commands: Object.fromEntries(commands),
  };
}
