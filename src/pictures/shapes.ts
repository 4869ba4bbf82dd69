/** What pictures are made of: shapes with the names of their colours, drawn by whoever shows them. */
import type { KeyFilter, NamespaceStep } from '../analysis-protocol.js';

/** Words in the language of the user, with `{0}`, `{1}` … filled in. */
export type Words = (template: string, ...args: (string | number)[]) => string;

/** A colour: of a series, by its number; the quiet one of all the rest; a step of a scale from 0 to 5. */
export type Paint = 'series-0' | 'series-1' | 'series-2' | 'series-3' | 'series-4' | 'series-5' | 'rest' | Heat;
export type Heat = 'heat-0' | 'heat-1' | 'heat-2' | 'heat-3' | 'heat-4' | 'heat-5';

export interface RectShape {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
  /** Filled with less of its colour, so that text can be read on it. */
  readonly soft?: boolean;
}

export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly dim?: boolean;
  readonly bold?: boolean;
}

export interface LineShape {
  readonly kind: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A filled path, as SVG writes them. */
export interface PathShape {
  readonly kind: 'path';
  readonly d: string;
  readonly paint: Paint;
}

export type Shape = RectShape | TextShape | LineShape | PathShape;

/** Where a part of a picture is, which can be pointed at. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture, in pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** Places of the parts, in their order; null for one that is too small to be drawn. */
  readonly places: readonly (Place | null)[];
}

/** What the colours of a picture mean. */
export interface LegendEntry {
  readonly paint: Paint;
  readonly text: string;
}

/** What happens when somebody chooses a part of a picture or a row of a table: keys are shown, or a namespace is gone into. */
export type Choice =
  | { readonly filter: KeyFilter }
  | { readonly path: readonly NamespaceStep[] }
  | { readonly row: number };

/** A part of a picture. */
export interface Part {
  /** What it is and how much. */
  readonly text: string;
  readonly choice: Choice | null;
}

/** A cell of a table: what is shown, and what it is sorted by where that is another thing. */
export interface Cell {
  readonly text: string;
  readonly value?: number;
}

export interface Column {
  readonly label: string;
  readonly numeric: boolean;
}

/** The table behind a picture. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly choice: Choice | null;
  /** From 0 to 1: the length of its bar. */
  readonly share?: number;
}

/** An answer as it is shown: a picture with its parts, and the table behind it. */
export interface View {
  readonly title: string;
  readonly note: string;
  /** Draws it for a width; undefined where there is only a table. */
  readonly draw: ((width: number) => Picture) | undefined;
  readonly parts: readonly Part[];
  readonly legend: readonly LegendEntry[];
  /** True if its colours are left out in themes of high contrast. */
  readonly plainInContrast?: boolean;
  readonly tables: readonly { readonly title: string; readonly table: Table }[];
  /** What is said instead, where there is nothing to show. */
  readonly nothing: string;
}

/** Width of a character on average, in pixels, at the size of texts in pictures. */
const CHARACTER = 7;
export const TEXT_HEIGHT = 16;

/** A text as far as it fits into a width; empty where not even its start does. */
export function fitting(text: string, width: number): string {
  const most = Math.floor(width / CHARACTER);
  if (text.length <= most) return text;
  return most < 4 ? '' : `${text.slice(0, most - 1)}…`;
}

/** The width of a text, about. */
export function textWidth(text: string): number {
  return text.length * CHARACTER;
}

const TYPE_PAINTS: Readonly<Record<string, Paint>> = {
  string: 'series-0',
  list: 'series-1',
  hash: 'series-2',
  set: 'series-3',
  zset: 'series-4',
  stream: 'series-5',
};

/** The colour of a type, the same in all pictures. */
export function typePaint(type: string): Paint {
  return Object.hasOwn(TYPE_PAINTS, type) ? TYPE_PAINTS[type] : 'rest';
}
