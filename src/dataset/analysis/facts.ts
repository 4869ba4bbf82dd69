/** All questions about the keys of a filter, answered one after the other: what findings and reports are made of. */
import type { Problem } from '../../decoder/errors.js';
import { type AccessShares, accessShares } from './access.js';
import { type BigKey, biggestKeys } from './biggest.js';
import { type ExpiryTimeline, expiryTimeline } from './expiry.js';
import { type Finding, type FindingLimits, KEPT } from './findings/finding.js';
import { findingsOf } from './findings.js';
import { type Amount, type AnalysedKeys, eachRow, type Measure } from './keys.js';
import { type NamespaceTree, namespaceTree } from './namespaces.js';
import { type SizeDistribution, sizeDistribution } from './sizes.js';
import { type SlotShares, slotShares } from './slots.js';
import { type StreamFacts, streamFacts } from './streams.js';
import { type TypeShares, typeShares } from './types.js';
import { sampleValues, type ValueSample } from './value-sample.js';

/** Answers a question, or gives the answer that is known from before. */
export type Remember = <Answer>(
  question: string,
  detail: string,
  work: () => Generator<number, Answer>,
) => Generator<number, Answer>;

/** Answers every question anew. */
export const forget: Remember = (_question, _detail, work) => work();

export interface FactOptions {
  readonly separator: string;
  readonly limits: FindingLimits;
  /** Problems of the file. */
  readonly problems: readonly Problem[];
}

/** Everything that was found out. */
export interface AnalysisFacts {
  readonly all: Amount;
  readonly hasMemory: boolean;
  readonly separator: string;
  readonly tree: NamespaceTree;
  readonly byBytes: readonly BigKey[];
  readonly byMemory: readonly BigKey[];
  readonly byElements: readonly BigKey[];
  readonly types: TypeShares;
  readonly expiry: ExpiryTimeline;
  readonly sizes: SizeDistribution;
  readonly access: AccessShares;
  readonly slots: SlotShares;
  readonly streams: StreamFacts;
  readonly sample: ValueSample;
  readonly findings: readonly Finding[];
}

/** The measure that counts most: memory, where it is known. */
export function mainMeasure(hasMemory: boolean): Exclude<Measure, 'keys'> {
  return hasMemory ? 'memory' : 'bytes';
}

/** How much there is in all. */
export function* totals(keys: AnalysedKeys): Generator<number, Amount> {
  const all = { keys: 0, bytes: 0, memory: 0 };
  yield* eachRow(keys, (_row, bytes, memory) => {
    all.keys++;
    all.bytes += bytes;
    all.memory += memory;
  });
  return all;
}

/** Streams that are listed. */
export const STREAMS_LISTED = 200;
/** Namespaces with fewer keys than this share of all are not looked at for findings. */
const NAMESPACE_SHARE = 0.001;

/** Answers all questions. Yields between 0 and 1, how much is done. */
export function* analysisFacts(
  keys: AnalysedKeys,
  { separator, limits, problems }: FactOptions,
  remember: Remember = forget,
): Generator<number, AnalysisFacts> {
  const hasMemory = keys.memory !== undefined;
  const by = mainMeasure(hasMemory);
  let done = 0;
  function* part<Answer>(
    share: number,
    question: string,
    detail: string,
    work: () => Generator<number, Answer>,
  ): Generator<number, Answer> {
    const going = remember(question, detail, work);
    let step = going.next();
    for (; !step.done; step = going.next()) yield done + share * step.value;
    done += share;
    return step.value;
  }
  const all = yield* part(0.05, 'totals', '', () => totals(keys));
  const tree = yield* part(0.35, 'namespaces', separator, () => namespaceTree(keys, separator));
  const byBytes = yield* part(0.03, 'biggest', `bytes {} ${KEPT}`, () => biggestKeys(keys, 'bytes', {}, KEPT));
  const byMemory = hasMemory
    ? yield* part(0.03, 'biggest', `memory {} ${KEPT}`, () => biggestKeys(keys, 'memory', {}, KEPT))
    : byBytes;
  const byElements = yield* part(0.03, 'biggest', `elements {} ${KEPT}`, () => biggestKeys(keys, 'elements', {}, KEPT));
  const types = yield* part(0.05, 'types', '', () => typeShares(keys));
  const expiry = yield* part(0.1, 'expiry', '', () => expiryTimeline(keys));
  const sizes = yield* part(0.05, 'sizes', by, () => sizeDistribution(keys, by));
  const access = yield* part(0.03, 'access', '', () => accessShares(keys));
  const slots = yield* part(0.18, 'slots', '', () => slotShares(keys));
  const streams = yield* part(0.05, 'streams', '', () => streamFacts(keys, STREAMS_LISTED));
  const sample = yield* part(0.05, 'sample', '', () => sampleValues(keys));
  const findings = findingsOf({
    limits,
    problems,
    all,
    hasMemory,
    biggest: hasMemory ? byMemory : byBytes,
    longest: byElements,
    separator,
    namespaces: [...tree.leaves(Math.max(1, all.keys * NAMESPACE_SHARE))],
    names: { bytes: tree.nameBytes, longest: tree.longest.sorted() },
    expiry,
    types,
    slots,
    streams,
    sample,
  });
  return {
    all,
    hasMemory,
    separator,
    tree,
    byBytes,
    byMemory,
    byElements,
    types,
    expiry,
    sizes,
    access,
    slots,
    streams,
    sample,
    findings,
  };
}
