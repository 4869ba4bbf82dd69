/** Findings about keys: large ones, long names, those that expire and those that do not, encodings about to change. */
import { formatBytes } from '../../../format/quantities.js';
import type { BigKey } from '../biggest.js';
import { pathText } from '../fold.js';
import { count, type Finding, type FindingFacts, finding, KEPT, MENTIONED, percent, phrase } from './finding.js';

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
/** The share of everything from which on a namespace is worth mentioning. */
const WORTH = 0.01;
/** Keys that a namespace has to have: a single key is meant to stay. */
const SOME = 10;

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
    .filter((one) => one.keys >= SOME && one.expiring.keys < one.keys * SELDOM && one[measure] >= all[measure] * WORTH)
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
