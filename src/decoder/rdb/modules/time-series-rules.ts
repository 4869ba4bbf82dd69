/** Compaction rules of time series, and what they know of the bucket that is not yet written. */
import { named } from './fields.js';
import { ITEM_DOUBLE, type ItemReader } from './items.js';
import type { ViewField } from './view.js';

/** First versions with these parts, or without them. */
const WITH_BUCKET_START = 1;
const WITH_RESET = 3;
const WITH_OVERFLOW = 4;
const WITH_ALIGNMENT = 6;
const WITHOUT_RESET_TEXT = 6;
const WITHOUT_RESET = 7;
const WITH_VALID = 9;

/** Aggregations by number, as TS.INFO names them. */
const AGGREGATIONS = [
  'NONE',
  'MIN',
  'MAX',
  'SUM',
  'AVG',
  'COUNT',
  'FIRST',
  'LAST',
  'RANGE',
  'STD.P',
  'STD.S',
  'VAR.P',
  'VAR.S',
  'TWA',
  'COUNTNAN',
  'COUNTALL',
] as const;

type Kind = 'unsigned' | 'double' | 'text';

/** The parts of the state of an aggregation, in order. */
type State = readonly (readonly [name: string, kind: Kind])[];

/**
 * Reads a rule.
 *
 * @returns undefined if the aggregation is not known: then nothing after it can be read either.
 */
export function readRule(items: ItemReader): ViewField[] | undefined {
  const { version } = items.module;
  const fields: ViewField[] = [
    { name: 'destKey', value: items.text() },
    { name: 'bucketDuration', value: items.number() },
  ];
  const alignment = version >= WITH_ALIGNMENT ? items.number() : 0;
  const aggregation = Number(items.unsigned());
  fields.push(
    { name: 'aggregation', value: named(AGGREGATIONS, aggregation) },
    { name: 'alignment', value: alignment },
  );
  // The module did not write it into version 0. Later modules look for it there, and fail to load such a rule.
  if (version >= WITH_BUCKET_START) fields.push({ name: 'bucketStart', value: items.number() });
  if (version >= WITH_VALID) fields.push({ name: 'validSamples', value: items.flag() });
  const parts = stateOf(aggregation, items)?.map(([name, kind]) => ({ name, value: readPart(items, kind) }));
  return parts && [...fields, { name: 'state', value: parts }];
}

function readPart(items: ItemReader, kind: Kind): ViewField['value'] {
  switch (kind) {
    case 'unsigned':
      return items.number();
    case 'double':
      return items.double();
    case 'text':
      return items.text();
  }
}

/** What an aggregation keeps of its current bucket. @param items at that state; they are not moved. */
function stateOf(aggregation: number, items: ItemReader): State | undefined {
  const { version } = items.module;
  const name = AGGREGATIONS[aggregation];
  const reset: State = version >= WITH_RESET ? [['reset', 'unsigned']] : [];
  switch (name) {
    case 'SUM':
    case 'COUNT':
    case 'LAST':
    case 'COUNTNAN':
    case 'COUNTALL':
      return [['value', 'double'], ...(version < WITHOUT_RESET ? reset : [])];
    case 'FIRST':
      return [['value', 'double'], ...reset];
    case 'AVG':
      return average(version);
    case 'MIN':
    case 'MAX':
    case 'RANGE': {
      const bounds: State = [
        ['max', 'double'],
        ['min', 'double'],
      ];
      return version < WITHOUT_RESET_TEXT ? [...bounds, ['reset', 'text']] : bounds;
    }
    case 'STD.P':
    case 'STD.S':
    case 'VAR.P':
    case 'VAR.S':
      return [
        ['sum', 'double'],
        ['sumOfSquares', 'double'],
        ['count', 'unsigned'],
      ];
    case 'TWA': {
      // The first release with this aggregation (1.8.0) wrote an average and its weights; only there a double is second.
      const probe = items.fork(items.cursor.offset);
      probe.double();
      return probe.nextIs(ITEM_DOUBLE) ? [...average(version), ...WEIGHTS] : TIME_WEIGHTED;
    }
    default:
      return undefined;
  }
}

function average(version: number): State {
  const sum: State = [
    ['sum', 'double'],
    ['count', 'double'],
  ];
  return version >= WITH_OVERFLOW ? [...sum, ['overflow', 'unsigned']] : sum;
}

const TIME_WEIGHTED: State = [
  ['result', 'double'],
  ['previousTimestamp', 'unsigned'],
  ['previousValue', 'double'],
  ['bucketStart', 'unsigned'],
  ['bucketEnd', 'unsigned'],
  ['firstTimestamp', 'unsigned'],
  ['lastTimestamp', 'unsigned'],
  ['firstBucket', 'unsigned'],
  ['iteration', 'unsigned'],
  ['reverse', 'unsigned'],
];

const WEIGHTS: State = [
  ['weightSum', 'double'],
  ['timestampBeforePrevious', 'unsigned'],
  ['previousTimestamp', 'unsigned'],
  ['previousValue', 'double'],
  ['bucketStart', 'unsigned'],
  ['bucketEnd', 'unsigned'],
  ['firstBucket', 'unsigned'],
  ['lastTimestampHandled', 'unsigned'],
  ['iteration', 'unsigned'],
  ['previousWeight', 'double'],
  ['sumOfWeights', 'double'],
  ['reverse', 'unsigned'],
];
