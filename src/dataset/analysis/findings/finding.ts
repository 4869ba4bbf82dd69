/** What a finding is, and what findings are made of: the answers to the other questions. */
import type { Problem } from '../../../decoder/errors.js';
import type { MessageArg, Phrase } from '../../../format/messages.js';
import { formatCount } from '../../../format/quantities.js';
import type { KeyFilter } from '../../filter.js';
import type { BigKey } from '../biggest.js';
import type { ExpiryTimeline } from '../expiry.js';
import type { Amount } from '../keys.js';
import type { Namespace } from '../namespaces.js';
import type { SlotShares } from '../slots.js';
import type { StreamFacts } from '../streams.js';
import type { TypeShares } from '../types.js';
import type { ValueSample } from '../value-sample.js';

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

/** How many of the biggest keys those who look for findings keep. */
export const KEPT = 1000;

/** How many findings of one kind are told at most. */
export const MENTIONED = 5;

/** Words of ours, with what fills them. */
export const phrase = (text: string, ...args: MessageArg[]): Phrase => ({ phrase: text, args });

/** Puts a finding together. */
export function finding(
  code: FindingCode,
  severity: Finding['severity'],
  title: Phrase,
  advice: Phrase,
  { filter, offset }: { readonly filter?: KeyFilter; readonly offset?: number } = {},
): Finding {
  return { code, severity, title, advice, filter: filter ?? null, offset: offset ?? null };
}

/** A number of things, as text. */
export const count = (value: number): string => formatCount(Math.round(value));
/** A share, as text. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
