/** How many entries of a stream a consumer group has not been given yet, as XINFO GROUPS of Redis 8 counts them. */
import type { StreamGroup, StreamId, StreamInfo } from '../decoder/rdb/value-model.js';

const ZERO: StreamId = { ms: 0n, seq: 0n };

function isBefore(one: StreamId, other: StreamId): boolean {
  return one.ms === other.ms ? one.seq < other.seq : one.ms < other.ms;
}

function isSame(one: StreamId, other: StreamId): boolean {
  return one.ms === other.ms && one.seq === other.seq;
}

/** The lag of a group; undefined where the file, or the server itself, does not know it: after deletions ahead of it. */
export function groupLag(stream: Omit<StreamInfo, 'groups'>, group: Pick<StreamGroup, 'lastId' | 'entriesRead'>) {
  const { entriesAdded, length, lastId, firstId = ZERO, maxDeletedId = ZERO } = stream;
  if (entriesAdded === undefined) return undefined;
  if (entriesAdded === 0n || length === 0n) return 0n;
  const { entriesRead = -1n } = group;
  const wholeAhead = isBefore(maxDeletedId, firstId);
  // Servers before Redis 8 count what was trimmed away as well, here and where nothing is left.
  if (isBefore(group.lastId, firstId) && wholeAhead) return length;
  const deletedAhead = !isSame(maxDeletedId, ZERO) && !isBefore(maxDeletedId, group.lastId);
  if (entriesRead >= 0n && !deletedAhead) return entriesAdded - entriesRead;
  if (isSame(group.lastId, lastId)) return 0n;
  // All that is left stands behind the first entry.
  return wholeAhead && isSame(group.lastId, firstId) ? length - 1n : undefined;
}
