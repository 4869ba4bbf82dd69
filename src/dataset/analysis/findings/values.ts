/** Findings about what is in values: the same names again and again, strings that are packed. */
import { formatBytes } from '../../../format/quantities.js';
import type { SameNames } from '../value-sample.js';
import { count, type Finding, type FindingFacts, finding, phrase } from './finding.js';

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
    .map(({ format, values, json, rows }) =>
      finding(
        'packed-strings',
        'info',
        2 * json > values
          ? phrase(
              '{0} strings are JSON that the application has compressed ({1}).',
              estimated(values, sample.strings),
              format,
            )
          : phrase('{0} strings are compressed by the application ({1}).', estimated(values, sample.strings), format),
        phrase('Set rdbcompression no if most values are like that: the server compresses them in vain once more.'),
        { filter: { rows } },
      ),
    );
}
