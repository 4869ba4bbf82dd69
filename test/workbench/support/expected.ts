/** What the screen has to show of a key, from what the server said of it. */
import { displayText } from '../../../src/format/display.js';
import { formatCount, formatTime } from '../../../src/format/quantities.js';
import type { Truth } from '../../corpus/compare.js';

/** A table of elements: the cells of each row under the headings that are compared. */
export interface ExpectedTable {
  /** The part of the value to open, where there is more than one. */
  readonly section?: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** True if the rows stand in the order of the server; sets and hashes have none. */
  readonly ordered: boolean;
}

/** Bytes of the ground truth. */
export function bytesOf(base64: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(base64), 'base64'));
}

/** A string as a cell shows it. */
export function shown(base64: unknown, most = 400): string {
  const bytes = bytesOf(base64);
  if (bytes.length === 0) return '(empty)';
  const { text, whole } = displayText(bytes.subarray(0, most + 4), most);
  return whole && bytes.length <= most + 4 ? text : `${text}…`;
}

/** A time as a cell shows it. */
export function shownTime(ms: unknown): string {
  return ms === null || ms === undefined ? '–' : formatTime(Number(ms));
}

/** A score as a cell shows it; old servers print more digits than it has. */
function shownScore(score: unknown): string {
  if (score === 'inf' || score === '-inf') return score;
  const value = Number(score);
  return Object.is(value, -0) ? '-0' : String(value);
}

interface StreamTruth {
  readonly entries: readonly { readonly id: string; readonly fields: readonly (readonly [string, string])[] }[];
  readonly groups: readonly {
    readonly name: string;
    readonly lastDeliveredId: string;
    readonly pending: readonly unknown[];
    readonly consumers: readonly unknown[];
  }[];
}

/** The tables that the screen has to show of a key; none for strings. */
export function expectedTables(key: Truth): ExpectedTable[] {
  const value = key.value as readonly unknown[];
  switch (key.type) {
    case 'list':
      return [
        {
          headings: ['Index', 'Value'],
          rows: value.map((item, i) => [formatCount(i), shown(item)]),
          ordered: true,
        },
      ];
    case 'set':
      return [{ headings: ['Member'], rows: value.map((item) => [shown(item)]), ordered: false }];
    case 'zset':
      return [
        {
          headings: ['Score', 'Member'],
          rows: (value as readonly (readonly unknown[])[]).map(([member, score]) => [shownScore(score), shown(member)]),
          ordered: false,
        },
      ];
    case 'hash': {
      const fields = value as readonly (readonly unknown[])[];
      const expires = fields.some((field) => field.length > 2);
      return [
        {
          headings: expires ? ['Field', 'Value', 'Expires (UTC)'] : ['Field', 'Value'],
          rows: fields.map(([field, content, expireAt]) => [
            shown(field),
            shown(content),
            ...(expires ? [shownTime(expireAt)] : []),
          ]),
          ordered: false,
        },
      ];
    }
    case 'stream': {
      const { entries, groups } = key.value as StreamTruth;
      return [
        {
          section: 'entries',
          headings: ['Id', 'Fields'],
          rows: entries.map(({ id, fields }) => [id, shownPairs(fields)]),
          ordered: true,
        },
        {
          section: 'groups',
          headings: ['Name', 'Last delivered id', 'Pending', 'Consumers'],
          rows: groups.map((group) => [
            shown(group.name),
            group.lastDeliveredId,
            formatCount(group.pending.length),
            formatCount(group.consumers.length),
          ]),
          ordered: false,
        },
      ];
    }
    case 'vectorset': {
      const { elements } = key.value as { elements: readonly { element: string; attributes: string | null }[] };
      return [
        {
          headings: ['Member', 'Attributes'],
          rows: elements.map(({ element, attributes }) => [
            shown(element),
            attributes === null || attributes === undefined ? '–' : shown(attributes),
          ]),
          ordered: false,
        },
      ];
    }
    default:
      return [];
  }
}

/** Pairs of a stream entry as their cell shows them: the first eight. */
function shownPairs(fields: readonly (readonly [string, string])[]): string {
  const pairs = fields.slice(0, 8).map(([field, value]) => `${shown(field, 100)}: ${shown(value, 100)}`);
  const more = fields.length > 8 ? [`and ${fields.length - 8} more`] : [];
  return [...pairs, ...more].join('  ').replaceAll('(empty)', '').trim();
}
