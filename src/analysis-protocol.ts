/** The messages about the analysis of the keys of an RDB: what pictures are drawn of. Types only. */

import type { AccessShares } from './dataset/analysis/access.js';
import type { BigAmong, BigBy } from './dataset/analysis/biggest.js';
import type { ExpiryTimeline } from './dataset/analysis/expiry.js';
import type { Finding, FindingLimits } from './dataset/analysis/findings.js';
import type { NamespaceFilter, NamespaceStep } from './dataset/analysis/fold.js';
import type { Amount, Measure } from './dataset/analysis/keys.js';
import type { Namespace, NamespaceLevel } from './dataset/analysis/namespaces.js';
import type { SizeDistribution } from './dataset/analysis/sizes.js';
import type { HashTag, SlotShares } from './dataset/analysis/slots.js';
import type { StreamFacts, StreamGroupFacts } from './dataset/analysis/streams.js';
import type { EncodingShare, NearThreshold, TypeShares } from './dataset/analysis/types.js';
import type { KeyFilter } from './dataset/filter.js';
import type { KeyRow } from './protocol.js';

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

/** A key that is big, with what the grid knows of it. */
export interface BigKeyRow {
  readonly key: KeyRow;
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
}

/** What is told of the analysis without being asked. */
export type AnalysisEventMessage = { readonly event: 'findings'; readonly findings: readonly Finding[] };
