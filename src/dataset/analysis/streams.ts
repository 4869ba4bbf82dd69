/** Streams and their consumer groups: who lags, what was delivered and never acknowledged, which consumers are gone. */
import { DecodeError } from '../../decoder/errors.js';
import { openEntry } from '../../decoder/rdb/entry.js';
import { type StreamGroup, type StreamInfo, streamIdText } from '../../decoder/rdb/value-model.js';
import { displayText } from '../../format/display.js';
import { nameOf } from '../names.js';
import { groupLag } from '../stream-lag.js';
import { Greatest } from './biggest.js';
import { type AnalysedKeys, eachRow } from './keys.js';

/** A consumer group of a stream. */
export interface StreamGroupFacts {
  readonly row: number;
  /** Name of the stream, for the screen. */
  readonly key: string;
  readonly entries: number;
  readonly bytes: number;
  /** Null for a stream without groups. */
  readonly group: string | null;
  /** Entries that were not delivered yet; null where the file does not tell. */
  readonly lag: number | null;
  /** Entries that were delivered and not acknowledged. */
  readonly pending: number;
  /** The oldest of them: its id, and when it was delivered last, ms since the epoch. */
  readonly oldest: string | null;
  readonly delivered: number | null;
  readonly consumers: number;
  /** When the consumer that was seen least recently was seen, ms since the epoch. */
  readonly seen: number | null;
}

export interface StreamFacts {
  /** Groups with the most pending entries first, then those with the most lag, then streams without any. */
  readonly groups: readonly StreamGroupFacts[];
  /** Groups that are not listed. */
  readonly moreGroups: number;
  readonly streams: number;
  /** Streams that were not looked into, because there are so many that are larger, or because they are damaged. */
  readonly unread: number;
}

/** Streams that are looked into: those with the most bytes. */
const STREAM_LIMIT = 5000;
/** Groups of one stream, and consumers of one group, that are looked at. */
const GROUP_LIMIT = 1000;
const CONSUMER_LIMIT = 1000;
const NAME_CHARACTERS = 200;

/** Looks into the streams. Yields between 0 and 1, how much is done. */
export function* streamFacts(keys: AnalysedKeys, limit: number): Generator<number, StreamFacts> {
  const { index } = keys;
  const isStream = index.kinds.map(({ type }) => type === 'stream');
  const largest = new Greatest(STREAM_LIMIT);
  let streams = 0;
  if (isStream.includes(true)) {
    for (const done of eachRow(keys, (row, bytes) => {
      if (!isStream[index.kind(row)]) return;
      streams++;
      largest.offer(row, bytes);
    }))
      yield done / 2;
  }
  const found: StreamGroupFacts[] = [];
  const chosen = largest.sorted();
  let damaged = 0;
  let moreGroups = 0;
  for (const [i, { row }] of chosen.entries()) {
    try {
      for (const group of groupsOf(keys, row)) {
        if (found.length < limit * 20) found.push(group);
        else moreGroups++;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      damaged++;
    }
    yield 0.5 + (0.5 * i) / chosen.length;
  }
  found.sort(
    (a, b) =>
      b.pending - a.pending || (b.lag ?? -1) - (a.lag ?? -1) || Number(a.group === null) - Number(b.group === null),
  );
  return {
    groups: found.slice(0, limit),
    moreGroups: moreGroups + Math.max(0, found.length - limit),
    streams,
    unread: streams - chosen.length + damaged,
  };
}

function* groupsOf({ file, index }: AnalysedKeys, row: number): Generator<StreamGroupFacts> {
  const typeOffset = index.typeOffset(row);
  const { value } = openEntry(file, typeOffset, typeOffset - index.head(row) + index.size(row));
  if (value.type !== 'stream') return;
  const info = value.info();
  const key = displayText(nameOf(file.source, index, row, NAME_CHARACTERS), NAME_CHARACTERS).text;
  const stream = { row, key, entries: Number(info.length), bytes: index.size(row) };
  const walker = info.groups.walk();
  let any = false;
  let count = 0;
  for (let group = walker.next(); group && count < GROUP_LIMIT; group = walker.next(), count++) {
    any = true;
    yield { ...stream, ...groupFacts(group, info) };
  }
  if (!any) {
    const none = { group: null, lag: null, pending: 0, oldest: null, delivered: null, consumers: 0, seen: null };
    yield { ...stream, ...none };
  }
}

function groupFacts(group: StreamGroup, info: StreamInfo): Omit<StreamGroupFacts, 'row' | 'key' | 'entries' | 'bytes'> {
  const lag = groupLag(info, group);
  // Pending entries stand in the order of their ids.
  const first = group.pending.walk().next();
  let consumers = 0;
  let seen: number | null = null;
  const walker = group.consumers.walk();
  for (let one = walker.next(); one && consumers < CONSUMER_LIMIT; one = walker.next(), consumers++) {
    const time = Number(one.seenTime);
    if (seen === null || time < seen) seen = time;
  }
  return {
    group: displayText(group.name, NAME_CHARACTERS).text,
    lag: lag === undefined ? null : Number(lag),
    pending: group.pending.count ?? 0,
    oldest: first ? streamIdText(first.id) : null,
    delivered: first ? Number(first.deliveryTime) : null,
    consumers: group.consumers.count ?? consumers,
    seen,
  };
}
