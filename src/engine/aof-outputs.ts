/** What an engine of an AOF makes for others to keep: repaired files, the RDB at the start, commands as a text. */
import type { AofRequests, RepairInfo } from '../aof-protocol.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { type LostStretch, lostStretches } from '../dataset/aof/lost-commands.js';
import { lostText, type ReadableSource, readableText } from '../dataset/aof/readable-text.js';
import { type RepairPlan, RepairPlanner, type RepairWay, repairedBytes } from '../dataset/aof/repair.js';
import { judgeRepaired, type RepairedFile, repairedFiles } from '../dataset/aof/repaired-source.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import type { AofContent } from './aof-content.js';
import { type Output, OutputError } from './aof-files.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';
import { NoSuchPartError } from './value-sessions.js';
import { writeFiles } from './write-files.js';

/** What the requests need of the engine. */
export interface OutputHost {
  readonly requests: Requests;
  /** The files as they are shown now. */
  content(): AofContent;
  /** True if what was shown before can still be read. */
  isOpen(content: AofContent): boolean;
  /** Settled when all is read. @throws CancelledError */
  whenRead(token: CancelToken): Promise<void>;
  readonly output: Output | null;
}

type OutputKind = 'repair.plan' | 'repair.lost' | 'repair.write' | 'repair.bytes' | 'preamble.write' | 'readable.text';

/** The answers to these requests. */
export type OutputHandlers = {
  [Kind in OutputKind]: (
    params: AofRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => AofRequests[Kind]['result'] | Promise<AofRequests[Kind]['result']>;
};

/** A repair that was planned. */
interface KeptPlan {
  readonly content: AofContent;
  readonly plan: RepairPlan;
  readonly files: readonly RepairedFile[];
  readonly lost: readonly LostStretch[];
}

/** Plans that are kept; older ones have to be made anew. */
const PLAN_LIMIT = 16;
/** The most characters of a text, and the most bytes that are given at once. */
const TEXT_LIMIT = 64 * 1024 * 1024;
const BYTE_LIMIT = 1 << 20;

/** Makes what answers the requests. @param host asked for only when a request comes. */
export function outputHandlers(host: () => OutputHost): OutputHandlers {
  const plans = new Map<number, KeptPlan>();
  let nextPlan = 1;

  const keep = (kept: KeptPlan): number => {
    const [oldest] = plans.keys();
    if (plans.size >= PLAN_LIMIT && oldest !== undefined) plans.delete(oldest);
    plans.set(nextPlan, kept);
    return nextPlan++;
  };

  const planOf = (number: number): KeptPlan => {
    const kept = plans.get(number);
    if (!kept || !host().isOpen(kept.content)) throw new NoSuchPartError(`repair ${number}`);
    return kept;
  };

  /** Where to write. @throws OutputError if a path leads to what is read. */
  const outputTo = (content: AofContent, path: string): Output => {
    const { output } = host();
    if (!output) throw new OutputError('system', path, 'files cannot be written here');
    if (content.opened.holds(path)) throw new OutputError('is-source', path);
    return output;
  };

  return {
    'repair.plan': async ({ way, time }, token, id) => {
      const { requests, whenRead, content } = host();
      await whenRead(token);
      const own = content();
      const made = await requests.job(makePlan(own, way, time), token, id);
      const { info, ...kept } = made;
      return { plan: keep({ content: own, ...kept }), ...info };
    },

    'repair.lost': ({ plan, limit }, token, id) => {
      const { content, lost } = planOf(plan);
      return host().requests.job(lostText(textSource(content), lost, Math.min(limit, TEXT_LIMIT)), token, id);
    },

    'repair.write': async ({ plan: number, path }, token, id) => {
      const { content, plan, files } = planOf(number);
      const output = outputTo(content, path);
      const folder = plan.manifest !== null;
      const written = files.map(({ file, source }, i) => {
        const planned = plan.files[i];
        return {
          begin: () => (folder ? output.fileIn(path, file) : output.file(path, true)),
          bytes: source.size,
          pieces: () => (planned ? repairedBytes(planned) : piecesOf(source, source.size)),
        };
      });
      return { bytes: await host().requests.job(writeFiles(written), token, id) };
    },

    'repair.bytes': ({ plan, file, from, count }) => {
      const { source } = planOf(plan).files[file] ?? {};
      if (!source) throw new NoSuchPartError(`file ${file}`);
      const bytes = new Uint8Array(Math.max(0, Math.min(count, BYTE_LIMIT, source.size - from)));
      return { from, bytes: bytes.subarray(0, readFully(source, from, bytes)), total: source.size };
    },

    'preamble.write': async ({ part, path }, token, id) => {
      const { requests, whenRead, content } = host();
      await whenRead(token);
      const own = content();
      const source = own.files(part);
      const bytes = own.scan.parts[part]?.rdbBytes ?? 0;
      if (!source || bytes === 0) throw new NoSuchPartError(`part ${part}`);
      const output = outputTo(own, path);
      const file = { begin: () => output.file(path, true), bytes, pieces: () => piecesOf(source, bytes) };
      return { bytes: await requests.job(writeFiles([file]), token, id) };
    },

    'readable.text': async ({ from, limit }, token, id) => {
      const { requests, whenRead, content } = host();
      await whenRead(token);
      const source = textSource(content());
      const first = Math.max(0, Math.min(from, source.index.length - 1));
      return requests.job(readableText(source, first, Math.min(limit, TEXT_LIMIT)), token, id);
    },
  };
}

/** Plans a repair and judges what would come of it. Yields how much is done, from 0 to 1. */
function* makePlan(
  content: AofContent,
  way: RepairWay,
  time: number | null,
): Generator<number, Omit<KeptPlan, 'content'> & { readonly info: Omit<RepairInfo, 'plan'> }> {
  const set = setOf(content);
  const planner = new RepairPlanner(set, way, time ?? undefined);
  while (planner.step()) yield planner.progress.scanned / Math.max(1, planner.progress.bytes) / 2;
  const plan = planner.plan();
  const lost = lostStretches(set, content.index, plan);
  const files = yield* repairedFiles(plan);
  const opened = plan.manifest?.file ?? plan.files[0]?.part.file;
  const judgement = opened === undefined ? undefined : yield* judgeRepaired(files, opened);
  const info = {
    way,
    changes: plan.changes,
    notes: plan.notes,
    files: files.map(({ file, source }) => ({ file, bytes: source.size })),
    folder: plan.manifest !== null,
    lost: {
      commands: lost.reduce((sum, { commands: [from, to] }) => sum + to - from, 0),
      bytes: lost.reduce((sum, { from, to }) => sum + to - from, 0),
    },
    restored: restoredOf(plan),
    verdict: judgement?.verdict ?? null,
    verdictReason: judgement?.reason ?? null,
  };
  return { plan, files, lost, info };
}

/** CRs that a plan puts back; null if it restores none. */
function restoredOf(plan: RepairPlan): RepairInfo['restored'] {
  const restorations = plan.files.flatMap(({ restoration }) => restoration ?? []);
  if (restorations.length === 0) return null;
  return {
    lineEnds: restorations.reduce((sum, { lineEnds }) => sum + lineEnds, 0),
    inValues: restorations.reduce((sum, { inValues }) => sum + inValues, 0),
  };
}

/** The set with its files as far as they were scanned: the last one may have grown since it was opened. */
function setOf(content: AofContent): AofSet {
  const { set } = content.opened;
  return { ...set, parts: set.parts.map((part) => content.scan.parts[part.part]?.part ?? part) };
}

function textSource(content: AofContent): ReadableSource {
  const { files, index, scan, damages } = content;
  return { files, index, damages, parts: setOf(content).parts, scans: scan.parts };
}

/** The first bytes of a source, a piece at a time; a piece is overwritten by the next one. */
function* piecesOf(source: ByteSource, bytes: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(BYTE_LIMIT, Math.max(1, bytes)));
  for (let at = 0; at < bytes; ) {
    const count = readFully(source, at, buffer.subarray(0, Math.min(buffer.length, bytes - at)));
    if (count === 0) throw new RangeError('the file has become shorter');
    yield buffer.subarray(0, count);
    at += count;
  }
}
