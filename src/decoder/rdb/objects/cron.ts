/** Scheduled scripts of KeyDB: value type 64. */
import type { Cursor } from '../../cursor.js';
import { narrow } from '../blobs/reader.js';
import { readCount } from '../length.js';
import { readText, type Text } from '../string.js';
import type { Collection } from '../value-model.js';
import type { ValueType } from '../value-type.js';
import { counted } from '../walkers.js';

export const CRON_TYPES: readonly ValueType[] = [
  {
    code: 64,
    name: 'CRON',
    type: 'cronjob',
    encoding: null,
    since: 9,
    until: 9,
    writers: 'KeyDB',
    layout: [
      { step: 'string', name: 'script' },
      { step: 'bytes', name: 'start-time', as: 'time', count: 8 },
      { step: 'bytes', name: 'interval', as: 'milliseconds', count: 8 },
      { step: 'repeat', each: 'element', body: [{ step: 'string', name: 'key' }] },
      { step: 'repeat', each: 'element', body: [{ step: 'string', name: 'argument' }] },
    ],
    open: (cursor) => {
      const script = readText(cursor, 'the scheduled script');
      const startTime = narrow(cursor.i64le('the scheduled script'));
      const interval = narrow(cursor.i64le('the scheduled script'));
      const keys = strings(cursor);
      const args = strings(cursor);
      return { type: 'cronjob', script, startTime, interval, keys, args };
    },
  },
];

function strings(cursor: Cursor): Collection<Text> {
  const count = readCount(cursor, 'the scheduled script');
  const read = (at: Cursor) => readText(at, 'the scheduled script');
  const collection = counted(cursor, count, read);
  for (let i = 0; i < count; i++) read(cursor);
  return collection;
}
