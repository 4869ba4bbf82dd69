/** Counts the commands of the stretch that a replay is about to take, whatever its filters leave of them. */
import { AofScan, isLoaded } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { AFTER_DAMAGE } from '../decoder/aof/command-batch.js';
import { argumentsOf } from './command-frame.js';
import type { InputStep } from './replay-input.js';
import type { ReplayOptions } from './replay-options.js';
import { ScriptCounter, type ScriptCounts } from './script-counter.js';
import type { TextInput } from './text-input.js';

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
  /** Scripts among the commands, if there are any. */
  readonly scripts?: ScriptCounts;
}

/** Counts what is in an AOF, a stretch at a time. Yields the bytes that are done with. */
export function* countStretch(set: AofSet, options: ReplayOptions): Generator<number, StretchCounts> {
  const { from = 1, to = Number.POSITIVE_INFINITY, untilTime, untilOffset, resume, chosen } = options;
  const loaded = new Map(set.parts.filter(isLoaded).map((part) => [part.part, part]));
  const scripts = new ScriptCounter(options);
  const counts = { commands: 0, keys: 0, functions: 0, bytes: 0 };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let number = 0;
  let current = -1;
  let place = 0;
  const scan = new AofScan(set, (part, batch) => {
    const of = loaded.get(part);
    if (!of) return;
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
      const entry = scan.names.entry(batch.name[i]);
      if (of.source && scripts.wants(entry, batch.db[i])) {
        scripts.takeFrom(of.source, entry, of.file, offset, batch.size[i]);
      }
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
  const found = scripts.counts;
  return {
    ...counts,
    ...(last >= first ? { timeRange: [first, last] as const } : {}),
    ...(found ? { scripts: found } : {}),
  };
}

/** Counts the commands of a text, a stretch at a time. @param input is used up; it is not the one to be replayed. */
export function* countText(input: TextInput, options: ReplayOptions): Generator<number, StretchCounts> {
  const { from = 1, to = Number.POSITIVE_INFINITY, resume, untilOffset } = options;
  const scripts = new ScriptCounter(options);
  const counts = { commands: 0, keys: 0, functions: 0, bytes: 0 };
  let number = 0;
  for (let step: InputStep = input.next(); step.kind !== 'end'; step = input.next()) {
    if (step.kind !== 'block') continue;
    const { length, offset, name, db, start, size, buffer } = step.block;
    for (let row = 0; row < length; row++) {
      number++;
      if (number < from || number > to || offset[row] < (resume?.offset ?? 0)) continue;
      if (untilOffset && offset[row] >= untilOffset.offset) continue;
      counts.commands++;
      counts.bytes += size[row];
      const entry = input.names.entry(name[row]);
      if (!scripts.wants(entry, db[row])) continue;
      const argv = argumentsOf(buffer.bytes, start[row], start[row] + size[row]);
      scripts.take(entry, argv, input.parts[0].file, offset[row]);
    }
    input.pool.release(buffer);
    yield input.position;
  }
  const found = scripts.counts;
  return { ...counts, ...(found ? { scripts: found } : {}) };
}
