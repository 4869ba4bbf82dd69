/** A replay into a server from beginning to end, or as a dry run, and the report of it. */
import { commandArguments } from '../decoder/aof/arguments.js';
import { DecodeError } from '../decoder/errors.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import { type Connection, errorText } from './connection.js';
import { DryLane } from './dry-lane.js';
import type { ServerFacts } from './facts.js';
import { isHarmless } from './harmless.js';
import { commandsOf, permissionOf } from './permissions.js';
import { Replay, type ReplayEnd, type ReplayHooks } from './replay.js';
import { ReplayInputError } from './replay-errors.js';
import type { ReplayInput } from './replay-input.js';
import { EXEC, MULTI, type PendingCommand, ServerLane } from './replay-lane.js';
import type { ReplayOptions } from './replay-options.js';
import type { ReplayReport, ResumePoint, Unacknowledged } from './replay-report.js';
import { ReplayTally } from './replay-tally.js';

/** The two connections of a replay: one that the commands go through, one for questions beside it. */
export interface ReplayConnections {
  readonly data: Connection;
  readonly control: Connection;
}

/** What a caller can see of a replay that runs. */
export interface ReplayProgress {
  /** Bytes of the input, and how many of them are done with. */
  readonly bytes: number;
  readonly position: number;
  readonly sent: number;
  readonly failed: number;
}

export interface ReplaySurroundings extends Pick<ReplayHooks, 'now' | 'pause' | 'restore'> {
  progress(progress: ReplayProgress): void;
  readonly signal: AbortSignal;
}

/**
 * Replays an input into a server. The data connection is closed at the end.
 *
 * @param facts of the target; its database at the start is 0.
 * @throws ReplayInputError if the input or the target cannot be used and nothing was sent.
 */
export async function replayInto(
  { data, control }: ReplayConnections,
  input: ReplayInput,
  options: ReplayOptions,
  surroundings: ReplaySurroundings,
): Promise<ReplayReport> {
  const tally = new ReplayTally(input.names, input.parts);
  const lane = new ServerLane(data, tally, options.stopAtError ? 1 : undefined);
  const { now } = surroundings;
  const began = now();
  const hooks = hooksFor(control, input, tally, surroundings);
  try {
    const end = await new Replay(input, options, lane, tally, hooks, surroundings.signal, false).run();
    return reportOf(input, tally, end, end.outcome === 'lost' ? lane.pending : [], (now() - began) / 1000);
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
  control: Connection,
  facts: ServerFacts,
  input: ReplayInput,
  options: ReplayOptions,
  surroundings: ReplaySurroundings,
): Promise<ReplayReport> {
  const tally = new ReplayTally(input.names, input.parts);
  const commands = await commandsOf(control);
  const permission = facts.user === undefined ? undefined : await permissionOf(control, facts.user);
  const lane = new DryLane({ commands, permission }, tally, (name) => input.names.name(name));
  const { now } = surroundings;
  const began = now();
  const hooks = hooksFor(control, input, tally, surroundings);
  const end = await new Replay(input, options, lane, tally, hooks, surroundings.signal, true).run();
  return reportOf(input, tally, end, [], (now() - began) / 1000);
}

function hooksFor(
  control: Connection,
  input: ReplayInput,
  tally: ReplayTally,
  { now, pause, progress, restore }: ReplaySurroundings,
): ReplayHooks {
  return {
    now,
    pause,
    restore,
    progress: (position) => progress({ bytes: input.bytes, position, sent: tally.sent, failed: tally.failed }),
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
  const bytes = input.parts.find(({ part }) => part === next?.part)?.bytes ?? 0;
  const resume: ResumePoint | undefined = next && { ...next, bytes };
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
    ...(resume && end.outcome !== 'done' ? { resume } : {}),
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
      return source !== undefined && isHarmless(input.names.name(name), firstWords(source, offset));
    }),
    commands: Object.fromEntries(commands),
  };
}

/** Bytes of a command, arguments, and bytes of an argument that are looked at. */
const HEAD_BYTES = 1024;
const HEAD_WORDS = 12;
const WORD_BYTES = 33;

/** The first arguments of a command, as far as they stand in its first bytes; long ones are cut. */
function firstWords(source: ByteSource, offset: number): Uint8Array[] {
  const words: Uint8Array[] = [];
  try {
    const end = Math.min(source.size, offset + HEAD_BYTES);
    const walker = commandArguments(source, offset, end).walk();
    for (let argument = walker.next(); argument && words.length < HEAD_WORDS; argument = walker.next()) {
      const word = new Uint8Array(Math.min(WORD_BYTES, argument.length));
      words.push(word.subarray(0, readFully(source, argument.offset, word)));
    }
  } catch (error) {
    // The rest of a long command is not looked at.
    if (!(error instanceof DecodeError)) throw error;
  }
  return words;
}
