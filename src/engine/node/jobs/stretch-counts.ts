/** Counts the commands of the stretch of an AOF that a replay is about to take, whatever its filters leave of them. */
import { AofScan, isLoaded } from '../../../dataset/aof/aof-scan.js';
import type { AofSet } from '../../../dataset/aof/aof-set.js';
import { AFTER_DAMAGE } from '../../../decoder/aof/command-batch.js';
import type { ReplayOptions } from '../../../server/replay-options.js';

/** What is in a stretch. */
export interface StretchCounts {
  readonly commands: number;
  /** Keys and function libraries of the RDBs that parts begin with, if they are restored. */
  readonly keys: number;
  readonly functions: number;
  /** Of the commands, and of these RDBs. */
  readonly bytes: number;
  /** Seconds since the epoch. */
  readonly timeRange?: readonly [from: number, to: number];
}

/** Counts, a stretch at a time. Yields the bytes that are done with. */
export function* countStretch(set: AofSet, options: ReplayOptions): Generator<number, StretchCounts> {
  const { from = 1, to = Number.POSITIVE_INFINITY, untilTime, untilOffset, resume, chosen } = options;
  const loaded = new Set(set.parts.filter(isLoaded).map(({ part }) => part));
  const counts = { commands: 0, keys: 0, functions: 0, bytes: 0 };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let number = 0;
  let current = -1;
  let place = 0;
  const scan = new AofScan(set, (part, batch) => {
    if (!loaded.has(part)) return;
    if (part !== current) place = 0;
    current = part;
    for (let i = 0; i < batch.length; i++, place++) {
      if ((batch.flags[i] & AFTER_DAMAGE) !== 0) continue;
      number++;
      if (number < from || number > to) continue;
      const offset = batch.offset[i];
      if (resume && (part < resume.part || (part === resume.part && offset < resume.offset))) continue;
      if (untilOffset && (part > untilOffset.part || (part === untilOffset.part && offset >= untilOffset.offset)))
        continue;
      const time = batch.time[i];
      if (untilTime !== undefined && time > untilTime) continue;
      if (chosen && !chosen.has(part, place)) continue;
      counts.commands++;
      counts.bytes += batch.size[i];
      if (time === 0) continue;
      if (time < first) first = time;
      if (time > last) last = time;
    }
  });
  while (scan.step()) yield scan.scanned;
  const skipsRdb = options.commandsOnly || from > 1 || chosen;
  for (const { part, rdb, rdbKeys, rdbBytes } of scan.parts) {
    const done = resume && (part.part < resume.part || (part.part === resume.part && resume.offset >= rdbBytes));
    if (!rdb || skipsRdb || done || !loaded.has(part.part)) continue;
    counts.keys += rdbKeys;
    counts.functions += rdb.facts.functions;
    counts.bytes += rdbBytes;
  }
  return { ...counts, ...(last >= first ? { timeRange: [first, last] as const } : {}) };
}
