/** Time series (`TSDB-TYPE` of RedisTimeSeries), versions 0 to 9. */
import { DecodeError } from '../../errors.js';
import { narrow } from '../blobs/reader.js';
import type { Collection } from '../value-model.js';
import { FieldList, named, Room } from './fields.js';
import { type ItemReader, lastItems } from './items.js';
import type { ModuleType } from './module-type.js';
import { chunkSamples } from './time-series-chunks.js';
import { readRule } from './time-series-rules.js';
import type { Sample, ViewField } from './view.js';

const NEWEST = 9;
/** First versions with these parts. */
const WITH_OPTIONS = 1;
const WITH_CHUNKS = 2;
const WITH_DUPLICATE_POLICY = 3;
const WITH_IGNORE = 8;

const OPTION_UNCOMPRESSED = 1n;

const DUPLICATE_POLICIES = ['none', 'block', 'last', 'first', 'min', 'max', 'sum'] as const;

/** Before version 2 the size of a chunk was given as a number of samples. */
const SAMPLE_BYTES = 16;

/** The most samples that a byte of the file can stand for: 2 bits each, in a compressed string. */
const SAMPLES_PER_BYTE = 4n * 88n;

export const TIME_SERIES: ModuleType = {
  name: 'TSDB-TYPE',
  view(items) {
    const { version } = items.module;
    if (version > NEWEST) return undefined;
    const name = items.text();
    const retention = items.number();
    const chunkSize = items.number();
    const options = version >= WITH_OPTIONS ? items.unsigned() : OPTION_UNCOMPRESSED;
    const compressed = (options & OPTION_UNCOMPRESSED) === 0n;
    const last = version >= WITH_CHUNKS ? readLast(items) : undefined;
    const extras = readExtras(items);
    const room = new Room();
    const labels = new FieldList(room);
    for (let left = items.unsigned(); left > 0n; left--) {
      labels.add([
        { name: 'label', value: items.text() },
        { name: 'value', value: items.text() },
      ]);
    }
    const rules = new FieldList(room);
    for (let left = items.unsigned(); left > 0n; left--) {
      const rule = readRule(items);
      if (!rule) return undefined;
      rules.add(rule);
    }
    const count = items.number();
    const samples = last
      ? chunkSamples(items, BigInt(count), Number(last.samples), compressed)
      : lastItems(items, Number(count), readSample);
    const fields: ViewField[] = [
      { name: 'totalSamples', value: last?.samples ?? count },
      ...bounds(samples, last),
      { name: 'retentionTime', value: retention },
      ...(last ? [{ name: 'chunkCount', value: count }] : []),
      { name: 'chunkSize', value: last ? chunkSize : Number(chunkSize) * SAMPLE_BYTES },
      { name: 'chunkType', value: compressed ? 'compressed' : 'uncompressed' },
      ...extras,
      { name: 'keySelfName', value: name },
      ...labels.fields('labels'),
      ...rules.fields('rules'),
    ];
    return { kind: 'timeseries', fields, samples };
  },
};

/** What a series says of its samples. */
interface Last {
  readonly timestamp: number | bigint;
  readonly value: number;
  readonly samples: number | bigint;
}

function readLast(items: ItemReader): Last {
  const timestamp = items.number();
  const value = items.double();
  const offset = items.cursor.fileOffset;
  const samples = items.number();
  if (BigInt(samples) > BigInt(items.cursor.remaining) * SAMPLES_PER_BYTE) {
    throw items.bad(offset, 'it says that it has {0} samples, which its bytes cannot hold', String(samples));
  }
  return { timestamp, value, samples };
}

/** What came with later versions: how samples are taken that come twice or hardly change, and where they come from. */
function readExtras(items: ItemReader): ViewField[] {
  const { version } = items.module;
  const fields: ViewField[] = [];
  if (version >= WITH_DUPLICATE_POLICY) {
    fields.push({ name: 'duplicatePolicy', value: named(DUPLICATE_POLICIES, items.unsigned()) });
  }
  if (version >= WITH_CHUNKS && items.flag()) fields.push({ name: 'sourceKey', value: items.text() });
  if (version >= WITH_IGNORE) {
    fields.push(
      { name: 'ignoreMaxTimeDiff', value: items.number() },
      { name: 'ignoreMaxValDiff', value: items.double() },
    );
  }
  return fields;
}

/** A sample as versions 0 and 1 write it. */
function readSample(items: ItemReader): Sample {
  return { timestamp: items.unsigned(), value: items.double() };
}

/** The first sample, and the last one where the series tells it without a walk to the end. */
function bounds(samples: Collection<Sample>, last: Last | undefined): ViewField[] {
  const first = firstOf(samples);
  if (!first) return [];
  const fields: ViewField[] = [{ name: 'firstTimestamp', value: narrow(first.timestamp) }];
  if (!last) return fields;
  return [...fields, { name: 'lastTimestamp', value: last.timestamp }, { name: 'lastValue', value: last.value }];
}

/** The first sample, if it is intact: those who walk the samples are told of the damage. */
function firstOf(samples: Collection<Sample>): Sample | undefined {
  try {
    return samples.walk().next();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
