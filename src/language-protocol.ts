/** The messages between the extension and the worker that reads text documents: types only. */

import type { Phrase } from './format/messages.js';

/** The languages whose documents are read. */
export type LanguageName = 'resp' | 'redis' | 'aof-manifest';

/** A place in a document: line from 0, character in UTF-16 units from 0, as editors count. */
export type TextPosition = readonly [line: number, character: number];

/** From a place to before another. */
export type TextRange = readonly [startLine: number, startCharacter: number, endLine: number, endCharacter: number];

/** A document as the editor has it. */
export interface DocumentText {
  readonly uri: string;
  readonly version: number;
  readonly language: LanguageName;
  readonly text: string;
  /** True if the document is an AOF by its name: only commands and annotations can stand in it. */
  readonly aof: boolean;
  /** Names of the files beside a manifest; null if they cannot be listed. */
  readonly files: readonly string[] | null;
}

/** What is to be changed. */
export interface TextChange {
  readonly range: TextRange;
  readonly text: string;
}

/** A way to mend something. */
export interface Fix {
  readonly title: Phrase;
  readonly changes: readonly TextChange[];
  /** True if the line ends of the whole document are to become CR LF. */
  readonly crlf?: boolean;
}

/** Something that the author of a document should know. */
export interface TextDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly range: TextRange;
  readonly message: Phrase;
  readonly fixes: readonly Fix[];
}

/** An entry of the outline. */
export interface TextSymbol {
  readonly kind: 'command' | 'transaction' | 'preamble' | 'value' | 'file';
  /** The name as it is, or words of ours. */
  readonly name: string | Phrase;
  readonly detail: string | Phrase;
  readonly range: TextRange;
  readonly selection: TextRange;
  readonly children: readonly TextSymbol[];
}

/** A piece of a text that explains: code, words of ours, or words of the table of commands. */
export type HelpPart = { readonly code: string } | { readonly phrase: Phrase } | { readonly plain: string };

export interface TextHover {
  readonly range: TextRange;
  readonly parts: readonly HelpPart[];
}

/** The name of a file that can be opened. */
export interface TextLink {
  readonly range: TextRange;
  readonly file: string;
}

export interface CompletionEntry {
  readonly label: string;
  readonly kind: 'command' | 'subcommand' | 'option';
  /** The arguments behind it, and what it does. */
  readonly syntax: string;
  readonly summary: string;
}

export interface Completions {
  /** What an entry replaces. */
  readonly range: TextRange;
  readonly entries: readonly CompletionEntry[];
}

export interface Signature {
  readonly label: string;
  readonly summary: string;
  /** Where the parameters stand in the label. */
  readonly parameters: readonly (readonly [start: number, end: number])[];
  /** The parameter that the place belongs to; −1 for none. */
  readonly active: number;
}

/** What a conversion gave. */
export interface Conversion {
  readonly text: string;
  readonly commands: number;
  /** What could not be converted. */
  readonly problems: readonly Phrase[];
}

/** What is asked of the worker. */
export interface LanguageRequests {
  diagnostics: { params: { uri: string }; result: readonly TextDiagnostic[] };
  symbols: { params: { uri: string }; result: readonly TextSymbol[] };
  folds: { params: { uri: string }; result: readonly (readonly [startLine: number, endLine: number])[] };
  links: { params: { uri: string }; result: readonly TextLink[] };
  hover: { params: { uri: string; position: TextPosition }; result: TextHover | null };
  completions: { params: { uri: string; position: TextPosition }; result: Completions | null };
  signature: { params: { uri: string; position: TextPosition }; result: Signature | null };
  /** Converts a text, or the bytes of a file where a text would not be exact; `aof` as for a document. */
  convert: {
    params: { from: 'resp' | 'redis'; content: string | Uint8Array; aof: boolean };
    result: Conversion;
  };
}

export type LanguageRequestKind = keyof LanguageRequests;
export type LanguageParams<Kind extends LanguageRequestKind> = LanguageRequests[Kind]['params'];
export type LanguageResult<Kind extends LanguageRequestKind> = LanguageRequests[Kind]['result'];

/** What the extension sends. A document is sent before the first request about a version of it. */
export type ToLanguageWorker =
  | { readonly document: DocumentText }
  | { readonly close: string }
  | {
      [Kind in LanguageRequestKind]: {
        readonly id: number;
        readonly request: Kind;
        readonly params: LanguageParams<Kind>;
      };
    }[LanguageRequestKind];

/** What the worker sends: exactly one for each request. */
export type FromLanguageWorker =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
