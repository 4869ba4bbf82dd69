/** The messages of the comparison of two dumps: types only. Its engine has one comparison and one view of it. */
import type { AlignedRow } from './dataset/compare/aligned.js';
import type { ChangeKind } from './dataset/compare/comparison.js';
import type { FieldName, PartName } from './dataset/compare/parts.js';
import type { KeyPattern } from './dataset/key-pattern.js';
import type { BytePage, Cell, ErrorInfo, ItemCell, Name, ProblemInfo, Time } from './protocol.js';

export type { ChangeKind, FieldName, PartName };

/** The two files: the one from before, and the one from after. */
export type CompareSide = 'left' | 'right';

/** What can differ of a key that both files have. */
export type ChangedPart = 'value' | 'type' | 'ttl' | 'encoding' | 'access' | 'metadata' | 'unreadable';

/** The columns of the list of differences. */
export type DifferenceColumnId = 'key' | 'kind' | 'type' | 'db' | 'leftSize' | 'rightSize' | 'growth' | 'changed';

/** Which differences the list shows, in which order. Everything that is given must hold. */
export interface CompareSpec {
  readonly kinds?: readonly ChangeKind[];
  readonly key?: KeyPattern;
  /** What names start with: a namespace, as it is shown. */
  readonly prefix?: string;
  readonly sort: { readonly column: DifferenceColumnId; readonly descending: boolean };
}

/** A key that differs. */
export interface DifferenceRow {
  /** Its identity in requests. */
  readonly difference: number;
  readonly kind: ChangeKind;
  readonly db: number;
  readonly name: string;
  readonly nameCut: boolean;
  readonly leftType: string | null;
  readonly rightType: string | null;
  /** Bytes of the record. */
  readonly leftSize: number | null;
  readonly rightSize: number | null;
  readonly leftExpireAt: Time | null;
  readonly rightExpireAt: Time | null;
  readonly changed: readonly ChangedPart[];
}

/** Keys, and the bytes of their records in either file. */
export interface ChangeTotals {
  readonly keys: number;
  readonly leftBytes: number;
  readonly rightBytes: number;
}

/** The differences of a namespace. */
export interface NamespaceRow extends Readonly<Record<ChangeKind, ChangeTotals>> {
  /** Its last part, and all of it, as they are shown. */
  readonly name: string;
  readonly path: string;
  /** True if it can be looked into. */
  readonly inner: boolean;
}

/** What is known of one of the files. */
export interface CompareFileInfo {
  readonly bytes: number;
  readonly keys: number;
  readonly magic: string | null;
  /** When it was saved, ms since the epoch. */
  readonly created: number | null;
  readonly problems: readonly ProblemInfo[];
  readonly moreProblems: number;
}

/** How far the comparison is, and what it has found. */
export interface CompareSummary {
  readonly state: 'reading' | 'comparing' | 'ready' | 'failed';
  /** From 0 to 1. */
  readonly done: number;
  readonly left: CompareFileInfo;
  readonly right: CompareFileInfo;
  readonly unchanged: number;
  readonly added: ChangeTotals;
  readonly removed: ChangeTotals;
  readonly changed: ChangeTotals;
  readonly failure: { readonly side: CompareSide | null; readonly error: ErrorInfo } | null;
}

/** A named fact of both keys. */
export interface ComparedFact {
  readonly name: Name;
  readonly left: ItemCell;
  readonly right: ItemCell;
  readonly changed: boolean;
}

/** A part of both values. */
export interface ComparedPart {
  readonly name: PartName;
  readonly shape: 'text' | 'sequence' | 'keyed';
  readonly fields: readonly FieldName[];
  /** How many of the fields say which element it is. */
  readonly keys: number;
  /** Positions of the fields that some element has. */
  readonly shown: readonly number[];
  readonly rows: number;
  /** Elements that differ. */
  readonly changes: number;
  /** True if all elements are rows, not only those that differ. */
  readonly whole: boolean;
}

/** One key in both files. */
export interface KeyComparison {
  readonly difference: number;
  readonly key: Cell;
  readonly kind: ChangeKind;
  readonly changed: readonly ChangedPart[];
  readonly facts: readonly ComparedFact[];
  readonly parts: readonly ComparedPart[];
  /** Why a value cannot be shown. */
  readonly problem: { readonly side: CompareSide; readonly problem: ProblemInfo } | null;
}

/** An element in both files: its fields as cells; null where it is not there. */
export interface ComparedRow {
  readonly status: AlignedRow['status'];
  readonly leftIndex: number | null;
  readonly rightIndex: number | null;
  readonly left: readonly ItemCell[] | null;
  readonly right: readonly ItemCell[] | null;
}

/** A string of both values: of a part, its element and the field of that. */
export interface ComparedText {
  readonly difference: number;
  readonly part: number;
  readonly row: number;
  readonly field: number;
  /** Only rows that differ are counted. */
  readonly changedOnly: boolean;
}

/** The requests that the engine of a comparison answers. */
export interface CompareRequests {
  'compare.summary': { params: Record<string, never>; result: CompareSummary };
  /** Makes the list show something, once there is a comparison; answered with the first rows, up to `count` of them. */
  'compare.set': {
    params: { spec: CompareSpec; count: number };
    result: { readonly total: number; readonly rows: readonly DifferenceRow[] };
  };
  'compare.rows': { params: { from: number; count: number }; result: { readonly rows: readonly DifferenceRow[] } };
  /** The position of a difference in the list; null if it is not shown. */
  'compare.locate': { params: { difference: number }; result: { readonly position: number | null } };
  /** The next row whose name starts with a text, from a position on and around the end; null if there is none. */
  'compare.find': { params: { text: string; from: number }; result: { readonly position: number | null } };
  /** The differences that the list shows, by namespaces under a path, as it is shown. */
  'compare.namespaces': {
    params: { path: string; separator: string };
    result: { readonly namespaces: readonly NamespaceRow[]; readonly more: ChangeTotals | null };
  };
  'compare.key': { params: { difference: number }; result: KeyComparison };
  'compare.elements': {
    params: { difference: number; part: number; changedOnly: boolean; from: number; count: number };
    result: { readonly rows: readonly ComparedRow[] };
  };
  'compare.bytes': { params: { text: ComparedText; side: CompareSide; count: number }; result: BytePage };
  /** Names of keys, or lines of JSON, for ranges of rows, both ends included. */
  'compare.copy': {
    params: { positions: readonly (readonly [number, number])[]; format: 'names' | 'json' };
    result: { readonly text: string; readonly keys: number };
  };
}

/** The requests that the extension answers itself. */
export interface CompareHostRequests {
  'host.compareReady': { params: Record<string, never>; result: CompareHostState };
  /** Shows a string of both files in the editor for differences of texts. */
  'host.compareTexts': { params: { text: ComparedText; name: string }; result: Record<string, never> };
  /** Opens one of the files in its own editor. */
  'host.compareOpen': { params: { side: CompareSide }; result: Record<string, never> };
  'host.compareSwap': { params: Record<string, never>; result: Record<string, never> };
}

/** What is told without being asked. */
export type CompareEventMessage = { readonly event: 'compareSummary'; readonly summary: CompareSummary };

/** What one of the files is called. */
export interface CompareLabel {
  readonly name: string;
  /** What tells it from another of that name: a folder, a commit, a server; empty if nothing has to. */
  readonly detail: string;
}

/** What one side of a comparison is, so that it can be made again with the window. */
export type CompareOrigin =
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'git'; readonly uri: string; readonly ref: string };

/** What a page remembers while its tab is closed and opened with the window; null for what is made of nothing that lasts. */
export interface CompareSaved {
  readonly left: CompareOrigin | null;
  readonly right: CompareOrigin | null;
}

/** What the page of a comparison needs to start; a copy of it is in the page. */
export interface CompareHostState {
  readonly left: CompareLabel;
  readonly right: CompareLabel;
  readonly saved: CompareSaved;
  readonly separator: string;
  /** Translations by English text. */
  readonly strings: Readonly<Record<string, string>>;
  /** Why the comparison cannot be made. */
  readonly failure: ErrorInfo | null;
}
