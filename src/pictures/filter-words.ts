/** A filter in words: what keys have in common that are shown. */
import type { KeyFilter } from '../analysis-protocol.js';
import { formatBytes, formatCount, formatDuration, formatTime } from '../format/quantities.js';
import type { Words } from './shapes.js';

/** The parts of a filter that are chosen in pictures, with their words. */
export function chosenParts(filter: KeyFilter, t: Words): (readonly [name: keyof KeyFilter, text: string])[] {
  const { namespace, slots, idle, freq, memory, rows, expiry } = filter;
  const parts: (readonly [keyof KeyFilter, string])[] = [];
  if (namespace) {
    const path = namespace.path.map(({ text }) => text).join(namespace.separator);
    parts.push(['namespace', namespace.whole ? t('named {0}', path) : t('in {0}', path)]);
  }
  if (slots)
    parts.push([
      'slots',
      slots.min === slots.max ? t('slot {0}', slots.min ?? 0) : t('slots {0}', rangeText(slots, String)),
    ]);
  if (memory) parts.push(['memory', t('{0} of memory', rangeText(memory, formatBytes))]);
  if (idle)
    parts.push([
      'idle',
      t(
        'idle {0}',
        rangeText(idle, (seconds) => formatDuration(seconds * 1000)),
      ),
    ]);
  if (freq) parts.push(['freq', t('frequency {0}', rangeText(freq, String))]);
  if (expiry?.kind === 'between')
    parts.push(['expiry', t('expires {0} to {1} UTC', secondText(expiry.from), secondText(expiry.to))]);
  if (rows)
    parts.push(['rows', rows.length === 1 ? t('1 key of a list') : t('{0} keys of a list', formatCount(rows.length))]);
  return parts;
}

/** The whole filter; empty for one that lets all keys pass. */
export function filterWords(filter: KeyFilter, t: Words): string {
  const { key, types, encodings, dbs, expiry, size, elements } = filter;
  const parts: string[] = [];
  if (key) parts.push(t('name matches {0}', key.text));
  if (types) parts.push(t('type {0}', types.join(', ')));
  if (encodings) parts.push(t('encoding {0}', encodings.map((one) => one || '–').join(', ')));
  if (dbs) parts.push(t('database {0}', dbs.join(', ')));
  if (expiry?.kind === 'none') parts.push(t('never expires'));
  if (expiry?.kind === 'any') parts.push(t('expires'));
  if (expiry?.kind === 'expired-at-save') parts.push(t('expired when saved'));
  if (expiry?.kind === 'expired-now') parts.push(t('expired by now'));
  if (expiry?.kind === 'within') parts.push(t('expires within {0}', formatDuration(expiry.ms)));
  if (size) parts.push(t('{0} in the file', rangeText(size, formatBytes)));
  if (elements) parts.push(t('{0} elements', rangeText(elements, formatCount)));
  return [...parts, ...chosenParts(filter, t).map(([, text]) => text)].join('; ');
}

function secondText(ms: number): string {
  return formatTime(Math.floor(ms / 1000) * 1000).slice(0, 19);
}

function rangeText(
  { min, max }: { readonly min?: number; readonly max?: number },
  text: (value: number) => string,
): string {
  if (min === undefined) return `≤ ${text(max ?? 0)}`;
  return max === undefined || max >= 2 ** 32 - 1 ? `≥ ${text(min)}` : `${text(min)} – ${text(max)}`;
}
