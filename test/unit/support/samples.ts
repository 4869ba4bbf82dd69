/** Files that hold every value type and every opcode, one for each make of server that has its own. */
import { bytes, little, type Part } from './bytes.js';
import {
  ARRAYS,
  CRON,
  GCRA,
  MODULES,
  REDIS_HASHES,
  TEMPLATE_HASHES,
  TEMPLATES,
  VALKEY_HASHES,
} from './newer-samples.js';
import { HASHES, LISTS, SETS, STRINGS, ZSETS } from './plain-samples.js';
import {
  aux,
  compressed,
  counted,
  expireMs,
  file,
  integer,
  item,
  key,
  length,
  metadataClass,
  moduleId,
  OP,
  selectdb,
  string,
} from './rdb-writer.js';
import { EXPIRY, REPEATED, type Sample, sample } from './sample.js';
import { STREAMS } from './stream-samples.js';

const SHARED: readonly Sample[] = [...STRINGS, ...LISTS, ...SETS, ...ZSETS, ...HASHES, ...MODULES];

/** A file, and the values that it holds under the names of the samples. */
export interface SampleFile {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly samples: readonly Sample[];
}

const keysOf = (samples: readonly Sample[]) => samples.map(({ type, name, value }) => key(type, name, value));

/** All that stands before the type byte of a key in files of Redis. */
const HEADS: readonly Part[] = [
  expireMs(EXPIRY),
  bytes(OP.expireSeconds, little(1900000000, 4)),
  bytes(OP.idle, length(1000000)),
  bytes(OP.freq, 255),
  bytes(OP.noEvict),
  bytes(OP.ramLru, length(5)),
  bytes(
    OP.keyMeta,
    counted([
      [little(metadataClass('KMT1', 2, 1), 4), item.string('note'), item.end],
      [little(metadataClass('a-_Z', 31, 0), 4), item.unsigned(1), item.double(2), item.end],
    ]),
  ),
  bytes(expireMs(EXPIRY + 1), OP.idle, length(7), OP.freq, 0),
];

const REDIS_SAMPLES: readonly Sample[] = [
  ...SHARED,
  ...REDIS_HASHES,
  ...STREAMS,
  ...ARRAYS,
  ...TEMPLATE_HASHES,
  ...GCRA,
];

/** A file of Redis 8.10 and later: every type and every opcode that Redis has. */
export const REDIS_FILE: SampleFile = {
  title: 'Redis',
  samples: REDIS_SAMPLES,
  bytes: file(
    'REDIS0015',
    aux('redis-ver', '8.10.0'),
    bytes(OP.aux, string('redis-bits'), integer(64, 8)),
    bytes(OP.aux, string('text'), compressed(REPEATED)),
    bytes(OP.moduleAux, length(moduleId('hellotype', 3), 64), length(2), length(1), item.string('before'), item.end),
    bytes(OP.function2, string('#!lua name=mylib\nreturn 1')),
    bytes(OP.functionPreGa, string('old'), string('LUA'), length(1), string('about'), string('return 2')),
    bytes(OP.functionPreGa, string('bare'), string('LUA'), length(0), compressed(REPEATED)),
    TEMPLATES.map(({ id, names }) => bytes(OP.hashTemplate, length(id), counted(names.map((name) => string(name))))),
    selectdb(0),
    bytes(OP.resizedb, length(REDIS_SAMPLES.length), length(70000)),
    bytes(OP.slotInfo, length(16383), length(100), length(0)),
    bytes(OP.slotNum, length(12182)),
    keysOf(REDIS_SAMPLES),
    selectdb(70000),
    HEADS.map((head, index) => [head, key(0, `head ${index}`, string('v'))]),
    bytes(expireMs(EXPIRY), aux('between', 'expiry and type'), key(2, 'across an aux field', counted([string('m')]))),
    aux('lua', 'return 3'),
    bytes(OP.moduleAux, length(moduleId('hellotype', 3), 64), length(2), length(2), item.unsigned(1), item.end),
  ),
};

const VALKEY_SAMPLES: readonly Sample[] = [...SHARED, ...VALKEY_HASHES, ...STREAMS.filter(({ type }) => type <= 21)];

/** A file of Valkey 9. */
export const VALKEY_FILE: SampleFile = {
  title: 'Valkey',
  samples: VALKEY_SAMPLES,
  bytes: file(
    'VALKEY080',
    aux('valkey-ver', '9.1.0'),
    bytes(
      OP.slotImport,
      string('0123456789abcdef0123456789abcdef01234567'),
      counted([
        [length(0), length(100)],
        [length(200), length(16383)],
      ]),
    ),
    selectdb(0),
    bytes(OP.resizedb, length(2), length(0)),
    aux('slot-info', '866,1,0,0'),
    keysOf(VALKEY_SAMPLES),
  ),
};

const KEYDB_SAMPLES: readonly Sample[] = [
  ...CRON,
  sample('set with member expiry', 2, counted([string('m'), string('n')]), [['m', EXPIRY], 'n'], 2),
  sample('string behind it', 0, string('v'), 'v', 1),
];

/** A file of KeyDB with scheduled scripts, versions of keys and member expiry. */
export const KEYDB_FILE: SampleFile = {
  title: 'KeyDB',
  samples: KEYDB_SAMPLES,
  bytes: file(
    'REDIS0009',
    aux('redis-ver', '6.3.4'),
    selectdb(0),
    KEYDB_SAMPLES.map(({ type, name, value }, index) => [
      index === 1 ? expireMs(EXPIRY) : [],
      aux('mvcc-tstamp', '1234567890123456789'),
      key(type, name, value),
      index === 1 ? [aux('keydb-subexpire-key', 'm'), aux('keydb-subexpire-when', String(EXPIRY))] : [],
    ]),
  ),
};

const BIG_SAMPLES: readonly Sample[] = [...STRINGS, ...LISTS, ...ZSETS].filter(({ type }) => type <= 13 && type !== 5);

/** A file that Redis 2.6 wrote on a host that keeps the most significant byte first. */
export const BIG_ENDIAN_FILE: SampleFile = {
  title: 'Redis 2.6 on a big-endian host',
  samples: BIG_SAMPLES,
  bytes: file(
    'REDIS0006',
    selectdb(0),
    BIG_SAMPLES.map(({ type, name, value }, index) => [
      index % 2 === 0 ? bytes(OP.expireMs, little(EXPIRY + index, 8).reverse()) : [],
      key(type, name, value),
    ]),
  ),
};

const FIRST_SAMPLES: readonly Sample[] = [...STRINGS, ...LISTS, ...SETS, ...ZSETS, ...HASHES].filter(
  ({ type }) => type <= 4,
);

/** A file of Redis 2.2: expiry in seconds, no checksum. */
export const FIRST_FILE: SampleFile = {
  title: 'Redis 2.2',
  samples: FIRST_SAMPLES,
  bytes: file(
    'REDIS0001',
    selectdb(0),
    FIRST_SAMPLES.map(({ type, name, value }, index) => [
      index % 3 === 0 ? bytes(OP.expireSeconds, little(1900000000 + index, 4)) : [],
      key(type, name, value),
    ]),
  ),
};

/** All of them. */
export const SAMPLE_FILES: readonly SampleFile[] = [REDIS_FILE, VALKEY_FILE, KEYDB_FILE, BIG_ENDIAN_FILE, FIRST_FILE];
