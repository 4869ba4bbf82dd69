/** The messages about the analysis of the keys of an RDB: what pictures are drawn of. Types only. */

import type { AccessShares } from './dataset/analysis/access.js';
import type { BigAmong, BigBy } from './dataset/analysis/biggest.js';
import type { ExpiryTimeline } from './dataset/analysis/expiry.js';
import type { Finding, FindingLimits } from './dataset/analysis/findings/finding.js';
import type { NamespaceFilter, NamespaceStep } from './dataset/analysis/fold.js';
import type { Amount, Measure } from './dataset/analysis/keys.js';
import type { Namespace, NamespaceLevel } from './dataset/analysis/namespaces.js';
import type { SizeDistribution } from './dataset/analysis/sizes.js';
import type { HashTag, SlotShares } from './dataset/analysis/slots.js';
import type { StreamFacts, StreamGroupFacts } from './dataset/analysis/streams.js';
import type { EncodingShare, NearThreshold, TypeShares } from './dataset/analysis/types.js';
import type { KeyFilter } from './dataset/filter.js';

export type {
  AccessShares,
  Amount,
  BigAmong,
  BigBy,
  EncodingShare,
  ExpiryTimeline,
  Finding,
  FindingLimits,
  HashTag,
  KeyFilter,
  Measure,
  Namespace,
  NamespaceFilter,
  NamespaceLevel,
  NamespaceStep,
  NearThreshold,
  SizeDistribution,
  SlotShares,
  StreamFacts,
  StreamGroupFacts,
  TypeShares,
};

/** A key that is big. */
export interface BigKeyRow {
  readonly row: number;
  /** The name for the screen, cut if it is very long. */
  readonly name: string;
  readonly nameCut: boolean;
  readonly type: string;
  readonly encoding: string | null;
  readonly elements: number | null;
  readonly db: number;
  readonly size: number;
  /** ms since the epoch; as decimal text where a number is not exact. */
  readonly expireAt: number | string | null;
  /** What it was found by: bytes, elements, or bytes of its longest element. */
  readonly value: number;
  /** Estimated memory; null where it was not estimated. */
  readonly memory: number | null;
}

/** What pictures of an RDB are asked with: the filter of the grid. */
interface OfKeys {
  readonly filter: KeyFilter;
}

/** The requests about the keys of a filter; all of them take a while in large files. */
export interface AnalysisRequests {
  /** Estimates the memory of all keys, which the answers to the others have from then on. */
  'keyspace.memory': { params: Record<string, never>; result: { readonly total: number } };
  'keyspace.totals': { params: OfKeys; result: Amount & { readonly hasMemory: boolean } };
  'keyspace.namespaces': {
    params: OfKeys & {
      readonly separator: string;
      readonly path: readonly NamespaceStep[];
      readonly by: Measure;
      readonly limit: number;
      readonly innerLimit: number;
    };
    result: NamespaceLevel;
  };
  'keyspace.biggest': {
    params: OfKeys & { readonly by: BigBy; readonly among: BigAmong; readonly limit: number };
    result: { readonly keys: readonly BigKeyRow[] };
  };
  'keyspace.types': { params: OfKeys; result: TypeShares };
  'keyspace.expiry': { params: OfKeys; result: ExpiryTimeline };
  'keyspace.sizes': { params: OfKeys & { readonly by: 'bytes' | 'memory' }; result: SizeDistribution };
  'keyspace.access': { params: OfKeys; result: AccessShares };
  'keyspace.slots': { params: OfKeys; result: SlotShares };
  'keyspace.streams': { params: OfKeys; result: StreamFacts };
  /** Of the whole file they are told to all who listen, too. */
  'keyspace.findings': {
    params: OfKeys & { readonly separator: string; readonly limits: FindingLimits };
    result: { readonly findings: readonly Finding[] };
  };
  /** A page of HTML that needs nothing beside it. */
  'keyspace.report': {
    params: OfKeys & {
      readonly separator: string;
      readonly limits: FindingLimits;
      readonly fileName: string;
      /** Rows of each table. */
      readonly limit: number;
      /** Translations by English text. */
      readonly strings: Readonly<Record<string, string>>;
      readonly language: string;
    };
    result: { readonly html: string };
  };
}

/** What is asked of the extension. */
export interface AnalysisHostRequests {
  /** From when on something is a finding, by the settings. */
  'host.findingLimits': { params: Record<string, never>; result: FindingLimits };
  /** Saves an image where the user chooses. */
  'host.saveImage': { params: { readonly name: string; readonly bytes: Uint8Array }; result: Record<string, never> };
  /** Writes a report about the keys of a filter where the user chooses. */
  'host.exportReport': { params: OfKeys & { separator: string }; result: Record<string, never> };
}

/** What is told of the analysis without being asked. */
export type AnalysisEventMessage = { readonly event: 'findings'; readonly findings: readonly Finding[] };
