/** Consumer groups of streams as a table. */
import type { StreamFacts } from '../../analysis-protocol.js';
import { formatCount, formatDuration, formatTime } from '../../format/quantities.js';
import type { View, Words } from '../shapes.js';
import { countCell, numberColumn, textCell, textColumn } from './amounts.js';

const SECOND = 1000;

/** Groups, those with the most pending entries first. @param savedAt when the file was saved, if it says so. */
export function streamsView(
  { groups, moreGroups, streams, unread }: StreamFacts,
  savedAt: number | null,
  t: Words,
): View {
  const most = Math.max(1, ...groups.map(({ pending }) => pending));
  const since = (time: number | null) => {
    if (time === null) return textCell('');
    // The file gives the time of saving in seconds.
    if (savedAt === null || time >= savedAt + SECOND) return { text: formatTime(time).slice(0, 19), value: -time };
    const age = Math.max(0, savedAt - time);
    return { text: age < SECOND ? t('when saved') : t('{0} before saving', formatDuration(age)), value: age };
  };
  const notes = [streams === 1 ? t('1 stream') : t('{0} streams', formatCount(streams))];
  if (moreGroups > 0) notes.push(t('{0} more groups', formatCount(moreGroups)));
  if (unread > 0) notes.push(t('{0} not looked into', formatCount(unread)));
  return {
    title: t('Streams'),
    note: streams === 0 ? '' : notes.join(', '),
    draw: undefined,
    parts: [],
    legend: [],
    tables: [
      {
        title: t('Streams'),
        table: {
          columns: [
            textColumn(t('Stream')),
            textColumn(t('Group')),
            numberColumn(t('Entries')),
            numberColumn(t('Lag')),
            numberColumn(t('Pending')),
            numberColumn(t('Oldest pending')),
            numberColumn(t('Consumers')),
            numberColumn(t('Longest not seen')),
          ],
          rows: groups.map((group) => ({
            cells: [
              textCell(group.key),
              textCell(group.group ?? t('no group')),
              countCell(group.entries),
              group.lag === null ? textCell('') : countCell(group.lag),
              group.group === null ? textCell('') : countCell(group.pending),
              since(group.delivered),
              group.group === null ? textCell('') : countCell(group.consumers),
              since(group.seen),
            ],
            choice: { row: group.row },
            share: group.pending / most,
          })),
        },
      },
    ],
    nothing: streams === 0 ? t('There are no streams.') : '',
  };
}
