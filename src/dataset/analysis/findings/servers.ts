/** Findings about what matters to servers and clients: cluster slots, consumer groups of streams. */
import { formatDuration } from '../../../format/quantities.js';
import { count, type Finding, type FindingFacts, finding, MENTIONED, percent, phrase } from './finding.js';

const SLOT_KEYS = 1000;
const SLOT_SHARE = 0.1;
/** Slots that have to be in use before one of them can stand out. */
const SLOTS_USED = 50;

/**
 * A slot of a cluster that holds much more than the others because of its hash tag. Without one it is a single large
 * key, which is a finding of its own, and in most files slots mean nothing.
 */
export function slotFinding({ slots, all, hasMemory }: Pick<FindingFacts, 'slots' | 'all' | 'hasMemory'>): Finding[] {
  const measure = hasMemory ? 'memory' : 'bytes';
  const values = slots[measure];
  let most = 0;
  let used = 0;
  for (let slot = 0; slot < values.length; slot++) {
    if (slots.keys[slot] > 0) used++;
    if (values[slot] > values[most]) most = slot;
  }
  const share = values[most] / Math.max(1, all[measure]);
  const tag = slots.tags.find(({ slot }) => slot === most);
  if (!tag || all.keys < SLOT_KEYS || used < SLOTS_USED || share < SLOT_SHARE) return [];
  return [
    finding(
      'slot-share',
      'info',
      phrase(
        'Cluster slot {0} has {1} of everything, most of it with the hash tag {2}.',
        most,
        percent(share),
        tag.tag,
      ),
      phrase('In a cluster one node has to hold it all: use finer hash tags, or split the largest key in it.'),
      { filter: { slots: { min: most, max: most } } },
    ),
  ];
}

const PENDING = 1000;

/** Streams with entries that were delivered and never acknowledged. */
export function pendingFinding({ streams, expiry }: Pick<FindingFacts, 'streams' | 'expiry'>): Finding[] {
  const { savedAt } = expiry;
  return streams.groups
    .filter(({ pending }) => pending >= PENDING)
    .slice(0, MENTIONED)
    .map(({ row, key, group, pending, delivered }) =>
      finding(
        'stream-pending',
        'warning',
        delivered !== null && savedAt !== null && savedAt > delivered
          ? phrase(
              'The group {0} of the stream {1} has {2} entries that were not acknowledged; the oldest was delivered {3} before the file was saved.',
              group ?? '',
              key,
              count(pending),
              formatDuration(savedAt - delivered),
            )
          : phrase(
              'The group {0} of the stream {1} has {2} entries that were not acknowledged.',
              group ?? '',
              key,
              count(pending),
            ),
        phrase(
          'Let consumers acknowledge with XACK, and take over what is left of those that are gone with XAUTOCLAIM.',
        ),
        { filter: { rows: [row] } },
      ),
    );
}

const IDLE_MS = 7 * 86400e3;

/** Consumers that nobody has seen for long. */
export function idleConsumersFinding({ streams, expiry }: Pick<FindingFacts, 'streams' | 'expiry'>): Finding[] {
  const { savedAt } = expiry;
  if (savedAt === null) return [];
  const idle = streams.groups.filter(({ seen }) => seen !== null && savedAt - seen >= IDLE_MS);
  if (idle.length === 0) return [];
  const longest = idle.reduce((most, { seen }) => Math.max(most, savedAt - (seen ?? savedAt)), 0);
  return [
    finding(
      'idle-consumers',
      'info',
      idle.length === 1
        ? phrase(
            'The group {0} of the stream {1} has a consumer that was not seen for {2}.',
            idle[0].group ?? '',
            idle[0].key,
            formatDuration(longest),
          )
        : phrase(
            '{0} groups of streams have consumers that were not seen for up to {1}.',
            count(idle.length),
            formatDuration(longest),
          ),
      phrase('Remove consumers that are gone with XGROUP DELCONSUMER once their pending entries are taken over.'),
      { filter: { rows: [...new Set(idle.map(({ row }) => row))] } },
    ),
  ];
}
