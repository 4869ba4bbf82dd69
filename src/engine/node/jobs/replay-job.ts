/** Replays a file into a server: counts what is wanted, says what is about to be done, does it, and lets itself be steered. */
import path from 'node:path';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import type { AofSet } from '../../../dataset/aof/aof-set.js';
import { openReplayMemory } from '../../../decoder/replay/memory.js';
import { formatArgument } from '../../../format/redis-cli.js';
import type {
  CommandSet,
  JobControl,
  JobSummary,
  ReplayCheckpoint,
  ReplayErrorGroup,
  ReplayJob,
  Standing,
} from '../../../job-protocol.js';
import { AofInput } from '../../../server/aof-input.js';
import type { ServerFacts } from '../../../server/facts.js';
import { type NextCommand, ReplayControl, type ReplayStanding } from '../../../server/replay-control.js';
import type { InputPart, ReplayInput } from '../../../server/replay-input.js';
import type { ChosenCommands, ReplayOptions } from '../../../server/replay-options.js';
import { preambleRestorer } from '../../../server/replay-preamble.js';
import { resumePlace, resumePointAt } from '../../../server/replay-resume.js';
import { dryRun, type ReplayProgress, replayInto } from '../../../server/replay-session.js';
import { clusterAccess } from '../../../server/restore-session.js';
import { countStretch, countText, type StretchCounts } from '../../../server/stretch-counts.js';
import { cautionsFor, memoryOfKeys } from '../../../server/target-checks.js';
import { TextInput } from '../../../server/text-input.js';
import { openAof } from '../aof-folder.js';
import { FileSource } from '../file-source.js';
import { openForWriting } from './job-connect.js';
import type { JobHost } from './job-host.js';

/** Places of an error that are told while the replay runs; the report has more. */
const LIVE_PLACES = 5;
/** Characters of the next command that are told. */
const TEXT_LIMIT = 400;

/** The commands of a file, opened. */
interface OpenInput {
  readonly input: ReplayInput;
  /** The parts of an AOF. */
  readonly set?: AofSet;
  /** The same commands once more, to be counted. */
  readonly copy?: TextInput;
  /** Files whose bytes must not be cut or emptied meanwhile. */
  readonly files: readonly FileSource[];
  close(): void;
}

/** Does the job. @throws ServerError, ReplayInputError, JobError, JobStopped; the system's error if a file cannot be read. */
export async function replayJob(job: ReplayJob, host: JobHost): Promise<void> {
  const open = openInput(job);
  const { input } = open;
  try {
    const options = completed(job, input);
    const counts = await count(open, options, host);
    const { control, connect, address, facts } = await openForWriting(job.to);
    try {
      const [first] = input.parts;
      if (!job.goOn && first) host.send({ event: 'checkpoint', replay: beginningOf(input, first) });
      host.send({ event: 'prepared', summary: summaryOf(input, counts, facts, options) });
      await host.wanted();
      const steering = new ReplayControl(job.breakpoints, (standing) => {
        host.send({ event: 'paused', standing: told(standing, job.form === 'aof' ? 1 : 0) });
      });
      if (job.paused) steering.pause();
      host.steer((message) => steer(steering, message, host));
      const pause = (ms: number): Promise<void> => (ms > 0 ? sleep(ms) : soon());
      const cluster = clusterAccess({ address, control, connect }, facts, pause);
      const surroundings = {
        now: () => performance.now(),
        pause,
        restore: preambleRestorer(() => connect(address), facts, options, !job.dryRun, cluster),
        progress: progressTeller(host),
        control: steering,
        checkpoint: (replay: ReplayCheckpoint) => host.send({ event: 'checkpoint', replay }),
      };
      const run = job.dryRun ? dryRun : replayInto;
      const report = await run({ address, facts, control, connect }, input, options, surroundings);
      const changed = open.files.some((file) => file.currentSize < file.size);
      host.send({ event: 'replayed', report, changed });
    } finally {
      control.close();
    }
  } finally {
    open.close();
  }
}

/** Where nothing was sent of anything. */
function beginningOf(input: ReplayInput, { part, file }: InputPart): ReplayCheckpoint {
  return { resume: resumePointAt(input, { part, file, offset: 0 }), sent: 0, rate: 0, standing: true };
}

function openInput({ path: file, form }: ReplayJob): OpenInput {
  if (form === 'aof') {
    const { folder, set } = openAof(file);
    try {
      return {
        input: new AofInput(set, openReplayMemory()),
        set,
        files: folder.opened,
        close: () => folder.close(),
      };
    } catch (error) {
      folder.close();
      throw error;
    }
  }
  const source = new FileSource(file);
  const name = path.basename(file);
  return {
    input: new TextInput(name, source, form),
    copy: new TextInput(name, source, form),
    files: [source],
    close: () => source.close(),
  };
}

/** The options with what can only be said when the files are known. */
function completed({ options, chosen, goOn }: ReplayJob, input: ReplayInput): ReplayOptions {
  return {
    ...options,
    ...(chosen ? { chosen: chosenCommands(chosen) } : {}),
    ...(goOn ? { resume: resumePlace(goOn.from, goOn.unacknowledged, input) } : {}),
  };
}

/** The bits of commands by part and place in it. */
export function chosenCommands({ bits, firsts }: CommandSet): ChosenCommands {
  const first = new Map(firsts);
  let last = bits.length * 8 - 1;
  while (last >= 0 && !hasBit(bits, last)) last--;
  const number = (part: number, place: number) => (first.get(part) ?? bits.length * 8) + place;
  return {
    has: (part, place) => hasBit(bits, number(part, place)),
    isOver: (part, place) => number(part, place) > last,
  };
}

function hasBit(bits: Uint8Array, number: number): boolean {
  return (((bits[number >> 3] ?? 0) >> (number & 7)) & 1) === 1;
}

async function count({ input, set, copy }: OpenInput, options: ReplayOptions, host: JobHost): Promise<StretchCounts> {
  if (set) return host.prepare(countStretch(set, options), input.bytes);
  if (copy) return host.prepare(countText(copy, options), input.bytes);
  return { keys: 0, functions: 0, bytes: input.bytes, commands: 0 };
}

function summaryOf(
  input: ReplayInput,
  { scripts, ...counts }: StretchCounts,
  server: ServerFacts,
  { admin }: ReplayOptions,
): JobSummary {
  return {
    files: input.parts.length,
    ...counts,
    server,
    cautions: [
      ...cautionsFor(server, memoryOfKeys(counts.bytes, counts.keys)),
      ...(scripts ? [{ kind: 'scripts' as const, ...scripts, sent: admin }] : []),
    ],
  };
}

function steer(steering: ReplayControl, message: JobControl, host: JobHost): void {
  switch (message.control) {
    case 'pause':
      steering.pause();
      break;
    case 'resume':
      host.send({ event: 'paused', standing: null });
      steering.resume();
      break;
    case 'step':
      steering.step();
      break;
    case 'stop':
      steering.stop();
      break;
    case 'breakpoints':
      steering.breakpoints = message.breakpoints;
      break;
  }
}

/** @param first the number of the first command less that by which editors call it: those of AOFs count from 0. */
function told({ reason, breakpoint, hit, place, number, time, db, next }: ReplayStanding, first: number): Standing {
  return {
    reason,
    breakpoint: breakpoint ?? null,
    ...(hit ? { hit } : {}),
    place,
    number: number - first,
    time: time > 0 ? time : null,
    db,
    text: next ? commandText(next) : null,
  };
}

/** A command as redis-cli would take it, as far as its arguments are told. */
function commandText({ words, argc }: NextCommand): string {
  const text = words.map(formatArgument).join(' ');
  const cut = words.length < argc || text.length > TEXT_LIMIT;
  return cut ? `${text.slice(0, TEXT_LIMIT)} …` : text;
}

function progressTeller(host: JobHost): (progress: ReplayProgress) => void {
  let failed = 0;
  return (state) => {
    const { position, bytes, sent, keysRestored, seconds, rate, secondsLeft } = state;
    const progress = {
      ...{ done: position, of: bytes, sent: sent + keysRestored, failed: state.failed, seconds, rate },
      ...(secondsLeft === undefined ? {} : { left: secondsLeft }),
    };
    const news = state.failed > failed ? { errors: state.errors.map(shortened) } : {};
    failed = state.failed;
    host.send({ event: 'progress', progress, ...news });
  };
}

function shortened(group: ReplayErrorGroup): ReplayErrorGroup {
  return group.places.length <= LIVE_PLACES ? group : { ...group, places: group.places.slice(0, LIVE_PLACES) };
}
