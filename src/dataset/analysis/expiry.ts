/** When keys expire: a timeline on the scale that fits, with what was over when the file was saved. */
import { type Amount, Amounts, type AnalysedKeys, eachRow, NO_AMOUNT } from './keys.js';

/** A part of the timeline. */
export interface ExpiryBucket extends Amount {
  /** ms since the epoch, both ends included. */
  readonly from: number;
  readonly to: number;
}

export interface ExpiryTimeline {
  /** What is counted from: when the file was saved, or where it does not say so, the first expiry. */
  readonly start: number;
  readonly savedAt: number | null;
  /** How long a part is, in ms; 0 without parts. */
  readonly step: number;
  readonly buckets: readonly ExpiryBucket[];
  /** What expires behind the last part. */
  readonly later: Amount & { readonly latest: number | null };
  /** What was over when the file was saved, and is in it all the same. */
  readonly expired: Amount;
  /** Without expiry. */
  readonly never: Amount;
  readonly expiring: Amount;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How long a part of the timeline can be. */
const STEPS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
  91 * DAY,
  365 * DAY,
  3650 * DAY,
  36500 * DAY,
];
/** Parts that are drawn at most. */
const PARTS = 60;
/** The share of the keys that has to be on the timeline; the rest may be later. */
const SHOWN = 0.98;

/** Makes the timeline. Yields between 0 and 1, how much is done. */
export function* expiryTimeline(keys: AnalysedKeys): Generator<number, ExpiryTimeline> {
  const { index } = keys;
  const savedAt = keys.savedAt ?? null;
  let first = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  const sums = new Amounts(3);
  for (const done of eachRow(keys, (row, bytes, memory) => {
    const time = index.expireAt(row);
    if (Number.isNaN(time)) {
      sums.add(NEVER, bytes, memory);
      return;
    }
    sums.add(EXPIRING, bytes, memory);
    // The file gives the time of saving in seconds; what expired within that second is not counted.
    if (savedAt !== null && time <= savedAt) sums.add(EXPIRED, bytes, memory);
    else {
      if (time < first) first = time;
      if (time > latest) latest = time;
    }
  }))
    yield done / 3;
  const start = savedAt ?? (Number.isFinite(first) ? first : 0);
  // Far from each other, the expiries of cron jobs and of sessions would be one column: the last few are left out.
  const octaves = new Float64Array(64);
  for (const done of eachRow(keys, (row) => {
    const time = index.expireAt(row);
    if (time > start || (savedAt === null && time === start)) octaves[octaveOf(time - start)]++;
  }))
    yield (1 + done) / 3;
  const step = stepFor(octaves, latest - start);
  const count = step === 0 ? 0 : Math.min(PARTS, Math.floor((latest - start) / step) + 1);
  const buckets = new Amounts(count);
  const later = new Amounts(1);
  let lastLater = Number.NEGATIVE_INFINITY;
  for (const done of eachRow(keys, (row, bytes, memory) => {
    const time = index.expireAt(row);
    if (Number.isNaN(time) || (savedAt !== null && time <= savedAt)) return;
    const bucket = Math.floor((time - start) / step);
    if (bucket < count) buckets.add(bucket, bytes, memory);
    else {
      later.add(0, bytes, memory);
      if (time > lastLater) lastLater = time;
    }
  }))
    yield (2 + done) / 3;
  return {
    start,
    savedAt,
    step,
    buckets: Array.from({ length: count }, (_, i) => ({
      ...buckets.at(i),
      // The moment of saving itself counts as expired.
      from: start + i * step + (savedAt !== null && i === 0 ? 1 : 0),
      to: start + (i + 1) * step - 1,
    })),
    later: { ...later.at(0), latest: Number.isFinite(lastLater) ? lastLater : null },
    expired: sums.at(EXPIRED),
    never: sums.at(NEVER),
    expiring: sums.at(EXPIRING),
  };
}

const NEVER = 0;
const EXPIRING = 1;
const EXPIRED = 2;

function octaveOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(63, Math.floor(Math.log2(ms)) + 1);
}

/** The shortest step with which most keys are on the timeline. */
function stepFor(octaves: Float64Array, span: number): number {
  const total = octaves.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let seen = 0;
  let reach = span;
  for (let octave = 0; octave < octaves.length; octave++) {
    seen += octaves[octave];
    if (seen < total * SHOWN) continue;
    reach = Math.min(span, 2 ** octave);
    break;
  }
  return STEPS.find((step) => reach / step < PARTS) ?? STEPS[STEPS.length - 1];
}

/** Nothing at all, as before anything is known. */
export const NO_EXPIRIES: ExpiryTimeline = {
  start: 0,
  savedAt: null,
  step: 0,
  buckets: [],
  later: { ...NO_AMOUNT, latest: null },
  expired: NO_AMOUNT,
  never: NO_AMOUNT,
  expiring: NO_AMOUNT,
};
