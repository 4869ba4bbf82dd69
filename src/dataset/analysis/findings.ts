/** What a file shows that somebody may want to change: each finding a pure function of what the other questions found. */
import type { Problem } from '../../decoder/errors.js';
import type { MessageArg, Phrase } from '../../format/messages.js';
import { formatBytes, formatCount, formatDuration } from '../../format/quantities.js';
import type { KeyFilter } from '../filter.js';
import type { BigKey } from './biggest.js';
import type { ExpiryTimeline } from './expiry.js';
import { pathText } from './fold.js';
import type { Amount } from './keys.js';
import type { Namespace } from './namespaces.js';
import type { SlotShares } from './slots.js';
import type { StreamFacts } from './streams.js';
import type { TypeShares } from './types.js';
import type { SameNames, ValueSample } from './value-sample.js';

/** What a finding is about. */
export type FindingCode =
  | 'checksum-mismatch'
  | 'unknown-records'
  | 'damage'
  | 'big-keys'
  | 'many-elements'
  | 'expired-keys'
  | 'no-expiry'
  | 'same-fields'
  | 'json-keys'
  | 'packed-strings'
  | 'near-threshold'
  | 'long-names'
  | 'name-share'
  | 'slot-share'
  | 'stream-pending'
  | 'idle-consumers';

/** Something that was found, and what to do about it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning' | 'info';
  readonly title: Phrase;
  readonly advice: Phrase;
  /** Which keys it is about, to be shown in the grid. */
  readonly filter: KeyFilter | null;
  /** Where in the file it is. */
  readonly offset: number | null;
}

/** From when on something is a finding. */
export interface FindingLimits {
  /** Bytes of a key: of memory where it is known, else in the file. */
  readonly bigKeyBytes: number;
  readonly bigKeyElements: number;
}

export const DEFAULT_FINDING_LIMITS: FindingLimits = { bigKeyBytes: 10 * 1024 * 1024, bigKeyElements: 100_000 };

/** What the other questions found. */
export interface FindingFacts {
  readonly limits: FindingLimits;
  readonly problems: readonly Problem[];
  readonly all: Amount;
  /** True if memory was estimated. */
  readonly hasMemory: boolean;
  /** The keys with the most memory, or bytes in the file; and with the most elements. */
  readonly biggest: readonly BigKey[];
  readonly longest: readonly BigKey[];
  readonly separator: string;
  /** The namespaces that hold something worth mentioning. */
  readonly namespaces: readonly Namespace[];
  readonly names: { readonly bytes: number; readonly longest: readonly BigKey[] };
  readonly expiry: ExpiryTimeline;
  readonly types: TypeShares;
  readonly slots: SlotShares;
  readonly streams: StreamFacts;
  readonly sample: ValueSample;
}

/** All findings, the worst first. */
export function findingsOf(facts: FindingFacts): readonly Finding[] {
  const found = FINDERS.flatMap((find) => find(facts));
  const order = ['error', 'warning', 'info'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

const phrase = (text: string, ...args: MessageArg[]): Phrase => ({ phrase: text, args });

function finding(
  code: FindingCode,
  severity: Finding['severity'],
  title: Phrase,
  advice: Phrase,
  { filter, offset }: { readonly filter?: KeyFilter; readonly offset?: number } = {},
): Finding {
  return { code, severity, title, advice, filter: filter ?? null, offset: offset ?? null };
}

const count = (value: number): string => formatCount(Math.round(value));
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The bytes of the file are not those that were written. */
export function checksumFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  return problems
    .filter(({ code }) => code === 'checksum-mismatch')
    .map(({ offset }) =>
      finding(
        'checksum-mismatch',
        'error',
        phrase('The checksum of the file is not that of its bytes.'),
        phrase('Fetch the file again from where it was copied; a server with rdbchecksum refuses to load it.'),
        { offset },
      ),
    );
}

const UNKNOWN: ReadonlySet<string> = new Set([
  'unknown-type',
  'unknown-opcode',
  'unknown-module',
  'unknown-version',
  'type-newer-than-version',
]);

/** Records of a kind that is not known. */
export function unknownFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  const unknown = problems.filter(({ code }) => UNKNOWN.has(code));
  if (unknown.length === 0) return [];
  return [
    finding(
      'unknown-records',
      'warning',
      phrase('{0} records or versions are not known.', count(unknown.length)),
      phrase('See the File tab for their offsets; load the file with the server that wrote it, or a newer one.'),
      { offset: unknown[0].offset },
    ),
  ];
}

/** Whatever else is wrong with the bytes. */
export function damageFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  const damage = problems.filter(({ code }) => code !== 'checksum-mismatch' && !UNKNOWN.has(code));
  if (damage.length === 0) return [];
  const severity = damage.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return [
    finding(
      'damage',
      severity,
      phrase('The file has {0} places that are damaged or doubtful.', count(damage.length)),
      phrase('See the File tab; what is intact is counted here, and can be exported or restored without the rest.'),
      { offset: damage[0].offset },
    ),
  ];
}

/** Keys that are so large that deleting or moving them stops a server for a while. */
export function bigKeysFinding({
  biggest,
  limits,
  hasMemory,
}: Pick<FindingFacts, 'biggest' | 'limits' | 'hasMemory'>): Finding[] {
  const big = biggest.filter(({ value }) => value >= limits.bigKeyBytes);
  if (big.length === 0) return [];
  const limit = formatBytes(limits.bigKeyBytes);
  const largest = formatBytes(big[0].value);
  const title = hasMemory
    ? big.length === 1
      ? phrase('A key takes {0} of memory.', largest)
      : phrase('{0} keys take {1} of memory or more, the largest {2}.', countUpTo(big, biggest), limit, largest)
    : big.length === 1
      ? phrase('A key takes {0} of the file.', largest)
      : phrase('{0} keys take {1} of the file or more, the largest {2}.', countUpTo(big, biggest), limit, largest);
  return [
    finding(
      'big-keys',
      'warning',
      title,
      phrase('Split them by a part of their content, and remove them with UNLINK instead of DEL.'),
      { filter: hasMemory ? { rows: big.map(({ row }) => row) } : { size: { min: limits.bigKeyBytes } } },
    ),
  ];
}

/** The number of keys, which may be more than were kept. */
function countUpTo(found: readonly BigKey[], kept: readonly BigKey[]): string {
  return found.length === kept.length && kept.length >= KEPT ? `${count(found.length)}+` : count(found.length);
}

/** How many of the biggest keys those who look for findings keep. */
export const KEPT = 1000;

/** Keys with so many elements that a command over all of them stops a server for a while. */
export function manyElementsFinding({ longest, limits }: Pick<FindingFacts, 'longest' | 'limits'>): Finding[] {
  const many = longest.filter(({ value }) => value >= limits.bigKeyElements);
  if (many.length === 0) return [];
  const most = count(many[0].value);
  return [
    finding(
      'many-elements',
      'warning',
      many.length === 1
        ? phrase('A key has {0} elements.', most)
        : phrase(
            '{0} keys have {1} elements or more, the largest {2}.',
            countUpTo(many, longest),
            count(limits.bigKeyElements),
            most,
          ),
      phrase('Read them with SCAN, HSCAN, SSCAN or ZSCAN and ranges, never whole; split them where they keep growing.'),
      { filter: { rows: many.map(({ row }) => row) } },
    ),
  ];
}

/** Keys whose time was over when the file was saved. */
export function expiredFinding({ expiry, all }: Pick<FindingFacts, 'expiry' | 'all'>): Finding[] {
  const { expired } = expiry;
  if (expired.keys === 0) return [];
  const share = expired.keys / Math.max(1, all.keys);
  return [
    finding(
      'expired-keys',
      share >= 0.05 ? 'warning' : 'info',
      expired.keys === 1
        ? phrase('1 key had expired when the file was saved and is in it all the same.')
        : phrase(
            '{0} keys ({1}) had expired when the file was saved and are in it all the same, with {2}.',
            count(expired.keys),
            percent(share),
            formatBytes(expired.bytes),
          ),
      phrase('A primary drops them on loading; raise active-expire-effort if the share stays high.'),
      { filter: { expiry: { kind: 'expired-at-save' } } },
    ),
  ];
}

/** The share of keys with an expiry from which on those without one stand out. */
const MOSTLY = 0.5;
const SELDOM = 0.05;
/** The share of everything from which on a namespace is worth mentioning, and how many are mentioned. */
const WORTH = 0.01;
const MENTIONED = 5;

/** Namespaces whose keys stay, in a file where most keys go. */
export function noExpiryFinding({
  namespaces,
  expiry,
  all,
  separator,
  hasMemory,
}: Pick<FindingFacts, 'namespaces' | 'expiry' | 'all' | 'separator' | 'hasMemory'>): Finding[] {
  if (expiry.expiring.keys < all.keys * MOSTLY) return [];
  const measure = hasMemory ? 'memory' : 'bytes';
  return namespaces
    .filter((one) => one.expiring.keys < one.keys * SELDOM && one[measure] >= all[measure] * WORTH)
    .sort((a, b) => b[measure] - a[measure])
    .slice(0, MENTIONED)
    .map(({ path, keys, expiring, ...amount }) =>
      finding(
        'no-expiry',
        'info',
        phrase(
          '{0} keys of {1} have no expiry, where most of the file has one; they take {2}.',
          count(keys - expiring.keys),
          pathText(path, separator),
          formatBytes(amount[measure]),
        ),
        phrase('Make sure that something else removes them, or set an expiry when they are written.'),
        { filter: { namespace: { separator, path }, expiry: { kind: 'none' } } },
      ),
    );
}

/** Values of the sample that make a finding, and their share of it. */
const SAME_VALUES = 50;
const SAME_SHARE = 0.1;

function estimated(values: number, of: { readonly all: number; readonly sampled: number }): string {
  return of.all === of.sampled ? count(values) : `~${count((values * of.all) / Math.max(1, of.sampled))}`;
}

/** What names of fields or keys cost in all values that have them, estimated from the sample. */
function nameCost({ nameBytes, values }: SameNames, of: { readonly all: number; readonly sampled: number }): string {
  return formatBytes(Math.round((nameBytes * values * of.all) / Math.max(1, of.sampled)));
}

const namesOf = ({ names, count: all }: SameNames): string => names.join(', ') + (all > names.length ? ', …' : '');

/** Many hashes with the same fields: each of them stores their names again. */
export function sameFieldsFinding({ sample }: Pick<FindingFacts, 'sample'>): Finding[] {
  return sample.fields
    .filter(
      (one) => one.values >= SAME_VALUES && one.values >= sample.hashes.sampled * SAME_SHARE && one.nameBytes >= 16,
    )
    .slice(0, 3)
    .map((one) =>
      finding(
        'same-fields',
        'info',
        phrase(
          '{0} hashes have the same {1} fields ({2}); their names take about {3} in all.',
          estimated(one.values, sample.hashes),
          one.count,
          namesOf(one),
          nameCost(one, sample.hashes),
        ),
        phrase('Shorter names of fields save most of that; a server with hash templates stores them once.'),
        { filter: { rows: one.rows } },
      ),
    );
}

/** Many strings that are JSON objects with the same keys. */
export function jsonFinding({ sample }: Pick<FindingFacts, 'sample'>): Finding[] {
  return sample.json
    .filter((one) => one.values >= SAME_VALUES && one.values >= sample.strings.sampled * SAME_SHARE)
    .slice(0, 3)
    .map((one) =>
      finding(
        'json-keys',
        'info',
        phrase(
          '{0} strings are JSON objects with the same {1} keys ({2}), which take about {3} in all.',
          estimated(one.values, sample.strings),
          one.count,
          namesOf(one),
          nameCost(one, sample.strings),
        ),
        phrase(
          'A hash lets clients read and change single fields; MessagePack or shorter keys make the strings smaller.',
        ),
        { filter: { rows: one.rows } },
      ),
    );
}

/** Strings that the application has compressed. */
export function packedFinding({ sample }: Pick<FindingFacts, 'sample'>): Finding[] {
  return sample.packed
    .filter(({ values }) => values >= SAME_VALUES && values >= sample.strings.sampled * SAME_SHARE)
    .map(({ format, values, rows }) =>
      finding(
        'packed-strings',
        'info',
        phrase('{0} strings are compressed by the application ({1}).', estimated(values, sample.strings), format),
        phrase('Set rdbcompression no if most values are like that: the server compresses them in vain once more.'),
        { filter: { rows } },
      ),
    );
}

/** Keys that are about to change to an encoding that costs more. */
export function nearThresholdFinding({ types }: Pick<FindingFacts, 'types'>): Finding[] {
  return types.near
    .filter(({ keys, cost }) => keys >= 10 || cost >= 1024 * 1024)
    .map(({ type, encoding, becomes, setting, limit, from, keys, cost }) =>
      finding(
        'near-threshold',
        'info',
        phrase(
          '{0} keys of type {1} have {2} to {3} elements: with more than {3} they change from {4} to {5}, about {6} more memory.',
          count(keys),
          type,
          count(from),
          count(limit),
          encoding,
          becomes,
          formatBytes(cost),
        ),
        phrase('Raise {0} if they keep growing, or split them.', setting),
        { filter: { types: [type], encodings: [encoding], elements: { min: from, max: limit } } },
      ),
    );
}

/** Bytes of a name from which on it is long. */
const LONG_NAME = 1024;

/** Names that are as long as values. */
export function longNamesFinding({ names }: Pick<FindingFacts, 'names'>): Finding[] {
  const long = names.longest.filter(({ value }) => value >= LONG_NAME);
  if (long.length === 0) return [];
  return [
    finding(
      'long-names',
      'warning',
      long.length === 1
        ? phrase('A key has a name of {0}.', formatBytes(long[0].value))
        : phrase(
            '{0} keys have names of {1} or more, the longest {2}.',
            countUpTo(long, names.longest),
            formatBytes(LONG_NAME),
            formatBytes(long[0].value),
          ),
      phrase('Use a hash of what is in the name as the name: names are sent, compared and kept in memory whole.'),
      { filter: { rows: long.map(({ row }) => row) } },
    ),
  ];
}

/** The share of names in all bytes from which on it is worth a word. */
const NAME_SHARE = 0.4;
const NAME_KEYS = 10_000;

/** A file that is mostly names. */
export function nameShareFinding({ names, all }: Pick<FindingFacts, 'names' | 'all'>): Finding[] {
  if (all.keys < NAME_KEYS || names.bytes < all.bytes * NAME_SHARE) return [];
  return [
    finding(
      'name-share',
      'info',
      phrase(
        '{0} of the bytes are names of keys, {1} on average.',
        percent(Math.min(1, names.bytes / all.bytes)),
        formatBytes(Math.round(names.bytes / all.keys)),
      ),
      phrase('Shorter names help here, or hashes that hold many small values under one name.'),
    ),
  ];
}

const SLOT_KEYS = 1000;
const SLOT_SHARE = 0.1;
/** Slots that have to be in use before one of them can stand out. */
const SLOTS_USED = 50;

/** A slot of a cluster that holds much more than the others. */
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
  if (all.keys < SLOT_KEYS || used < SLOTS_USED || share < SLOT_SHARE) return [];
  const tag = slots.tags.find(({ slot }) => slot === most);
  return [
    finding(
      'slot-share',
      'info',
      tag
        ? phrase(
            'Cluster slot {0} has {1} of everything, most of it with the hash tag {2}.',
            most,
            percent(share),
            tag.tag,
          )
        : phrase('Cluster slot {0} has {1} of everything.', most, percent(share)),
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

const FINDERS: readonly ((facts: FindingFacts) => Finding[])[] = [
  checksumFinding,
  unknownFinding,
  damageFinding,
  bigKeysFinding,
  manyElementsFinding,
  pendingFinding,
  longNamesFinding,
  expiredFinding,
  slotFinding,
  noExpiryFinding,
  nearThresholdFinding,
  sameFieldsFinding,
  jsonFinding,
  packedFinding,
  nameShareFinding,
  idleConsumersFinding,
];
