/** Answers to the viewers of values: decoded strings, fields of the format, registers, bits, points, samples. */
import { geoPoint } from '../dataset/geohash.js';
import { HYPERLOGLOG_BYTES, readHyperLogLog } from '../dataset/hyperloglog.js';
import type { PagedCollection } from '../dataset/paging.js';
import type { Sample, VectorElement } from '../decoder/rdb/modules/view.js';
import { textSlice } from '../decoder/rdb/string.js';
import type { ScoredMember } from '../decoder/rdb/value-model.js';
import type { CellAddress, EngineRequests } from '../protocol.js';
import type { GeoPoints, ViewerRequests } from '../viewer-protocol.js';
import { countBits, findBit } from './bits.js';
import type { DecodeSessions } from './decode-sessions.js';
import type { FieldPages } from './field-pages.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';
import { seriesPoints } from './series-points.js';
import type { ValueSessions } from './value-sessions.js';
import { NoSuchPartError } from './value-sessions.js';
import { vectorPoints } from './vector-points.js';

/** The most that is given at once. */
const ROW_LIMIT = 1000;
const BYTE_LIMIT = 1 << 20;
const POINT_LIMIT = 50_000;

/** What the viewers need of an engine. */
export interface ViewerHost {
  readonly requests: Requests;
  readonly values: ValueSessions;
  readonly decoded: DecodeSessions;
  readonly fields: FieldPages;
}

type Handlers = {
  [Kind in keyof ViewerRequests]: (
    params: EngineRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => EngineRequests[Kind]['result'] | Promise<EngineRequests[Kind]['result']>;
};

/** Makes what answers the requests of viewers. @param host asked for only when a request comes. */
export function viewerHandlers(host: () => ViewerHost): Handlers {
  const job = <Result>(work: (host: ViewerHost) => Generator<unknown, Result>, token: CancelToken): Promise<Result> => {
    const now = host();
    return now.requests.job(work(now), token);
  };
  return {
    'decode.open': ({ cell, chain, remembered }, token) => {
      return job(({ values, decoded }) => openCell(values, decoded, cell, chain, remembered), token);
    },
    'decode.bytes': ({ handle, from, count }) => host().decoded.bytes(handle, from, Math.min(count, BYTE_LIMIT)),
    'decode.nodes': ({ handle, path, from, count }) => {
      return host().decoded.nodes(handle, path, from, Math.min(count, ROW_LIMIT));
    },
    'decode.copy': ({ handle, path, what }) => host().decoded.copy(handle, path, what),
    'fields.around': ({ offset }, token) => job(({ fields }) => fields.around(offset), token),
    'fields.inner': ({ at, offset }, token) => job(({ fields }) => fields.inner(at, offset), token),
    'fields.innerBytes': ({ at, from, count }, token) => {
      return job(({ fields }) => fields.innerBytes(at, from, Math.min(count, BYTE_LIMIT)), token);
    },
    'registers.read': ({ cell }, token) => job(({ values }) => readRegisters(values, cell), token),
    'bits.count': ({ cell }, token) => job(({ values }) => countOf(values, cell), token),
    'bits.find': ({ cell, from, value, backwards }, token) => {
      return job(({ values }) => bitOf(values, cell, from, value, backwards), token);
    },
    'geo.points': ({ row, section, most }, token) => {
      return job(({ values }) => geoPoints(values.table(row, section) as PagedCollection<ScoredMember>, most), token);
    },
    'vector.points': ({ row, section }, token) => {
      return job(({ values }) => vectorPoints(values.table(row, section) as PagedCollection<VectorElement>), token);
    },
    'series.points': ({ row, section, buckets }, token) => {
      return job(({ values }) => seriesPoints(values.table(row, section) as PagedCollection<Sample>, buckets), token);
    },
  };
}

function* openCell(
  values: ValueSessions,
  decoded: DecodeSessions,
  cell: CellAddress,
  chain: Parameters<DecodeSessions['open']>[1],
  remembered: Parameters<DecodeSessions['open']>[2],
) {
  return yield* decoded.open(yield* values.string(cell), chain, remembered);
}

function* readRegisters(values: ValueSessions, cell: CellAddress) {
  const { text } = yield* values.string(cell);
  const log = text.length <= HYPERLOGLOG_BYTES ? readHyperLogLog(textSlice(text, 0, text.length)) : undefined;
  if (!log) throw new NoSuchPartError('HyperLogLog');
  return log;
}

function* countOf(values: ValueSessions, cell: CellAddress) {
  const { text } = yield* values.string(cell);
  return { ones: yield* countBits(text), bits: 8 * text.length };
}

function* bitOf(values: ValueSessions, cell: CellAddress, from: number, value: 0 | 1, backwards: boolean) {
  const { text } = yield* values.string(cell);
  return { position: yield* findBit(text, from, value, backwards) };
}

/** The members of a sorted set that are points. */
function* geoPoints(items: PagedCollection<ScoredMember>, most: number): Generator<void, GeoPoints> {
  const limit = Math.min(most, POINT_LIMIT);
  const longitudes: number[] = [];
  const latitudes: number[] = [];
  const positions: number[] = [];
  let left = 0;
  yield* items.read(0, Number.POSITIVE_INFINITY, ({ score }, position) => {
    const point = positions.length < limit ? geoPoint(score) : undefined;
    if (!point) {
      left++;
      return;
    }
    longitudes.push(point.longitude);
    latitudes.push(point.latitude);
    positions.push(position);
  });
  return {
    longitudes: Float64Array.from(longitudes),
    latitudes: Float64Array.from(latitudes),
    positions: Uint32Array.from(positions),
    left,
  };
}
