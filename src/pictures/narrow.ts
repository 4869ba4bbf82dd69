/** A choice within what a filter shows: only what passes both. */
import type { KeyFilter } from '../analysis-protocol.js';

type Range = NonNullable<KeyFilter['size']>;

/**
 * The filter for what was chosen in a picture of the keys that another one shows. Where both ask for the same thing,
 * ranges and rows are cut to what they have in common; of other parts the choice is the narrower one.
 *
 * @param now ms since the epoch, which times from now on are counted from.
 */
export function narrowed(current: KeyFilter, choice: KeyFilter, now: number): KeyFilter {
  const filter: { -readonly [Name in keyof KeyFilter]: KeyFilter[Name] } = { ...current, ...choice };
  for (const name of ['size', 'elements', 'idle', 'freq', 'slots'] as const) {
    const [a, b] = [current[name], choice[name]];
    if (a && b) filter[name] = common(a, b);
  }
  if (current.rows && choice.rows) {
    const rows = new Set(current.rows);
    filter.rows = choice.rows.filter((row) => rows.has(row));
  }
  const [a, b] = [current.expiry, choice.expiry];
  if (b?.kind === 'between' && (a?.kind === 'between' || a?.kind === 'within')) {
    const [from, to] = a.kind === 'between' ? [a.from, a.to] : [now + 1, now + a.ms];
    filter.expiry = { kind: 'between', from: Math.max(from, b.from), to: Math.min(to, b.to) };
  }
  return filter;
}

function common(a: Range, b: Range): Range {
  const min = Math.max(a.min ?? Number.NEGATIVE_INFINITY, b.min ?? Number.NEGATIVE_INFINITY);
  const max = Math.min(a.max ?? Number.POSITIVE_INFINITY, b.max ?? Number.POSITIVE_INFINITY);
  return {
    ...(min === Number.NEGATIVE_INFINITY ? {} : { min }),
    ...(max === Number.POSITIVE_INFINITY ? {} : { max }),
  };
}
