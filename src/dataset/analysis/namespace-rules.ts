/**
 * Which parts of names are namespaces of their own: found in a sample, before all names are counted. Where the parts
 * at a place are mostly different from each other, as names of users are, they are ids whatever they look like.
 */
import { parseDisplayText } from '../../format/display.js';
import { type Rows, visitNames } from '../names.js';
import { foldSegment, segmentEnd, segmentText } from './fold.js';
import type { AnalysedKeys } from './keys.js';

/** Names that are looked at, and parts of them. */
const SAMPLE = 20_000;
const SAMPLE_DEPTH = 6;
/** More parts than this that are rare are taken for ids … */
const MANY = 64;
/** … if each of them occurs less often than this, on average. */
const RARE = 4;
/** A part is a namespace if it has this share of the names at its place, and so many of the sample. */
const SHARE = 0.005;
const LEAST = 4;

/** A place in the tree of names. */
export interface NamespacePlace {
  /** If given, only these parts are kept here, and all others are folded. */
  readonly keep: readonly string[] | undefined;
  /** The places behind its parts. */
  readonly parts: ReadonlyMap<string, NamespacePlace>;
}

interface SampledPlace {
  names: number;
  keep: readonly string[] | undefined;
  parts: Map<string, SampledPlace>;
}

/** Finds the rules, from the root of the tree on. Yields between 0 and 1, how much is done. */
export function* namespaceRules(keys: AnalysedKeys, separator: string): Generator<number, NamespacePlace> {
  const { index, rows, file } = keys;
  const cut = parseDisplayText(separator);
  const sample = sampleOf(rows, SAMPLE);
  const root = newPlace();
  const pass = visitNames(file.source, index, sample, (bytes, start, end) => {
    let place = root;
    let from = start;
    for (let depth = 0; depth < SAMPLE_DEPTH && from <= end; depth++) {
      const to = segmentEnd(bytes, from, end, cut);
      place = partOf(place, foldedText(bytes, from, to));
      place.names++;
      from = to === end ? end + 1 : to + cut.length;
    }
  });
  for (const done of pass) yield done / Math.max(1, sample.length);
  decide(root);
  return root;
}

function newPlace(): SampledPlace {
  return { names: 0, keep: undefined, parts: new Map() };
}

function partOf(place: SampledPlace, text: string): SampledPlace {
  let part = place.parts.get(text);
  if (!part) {
    part = newPlace();
    place.parts.set(text, part);
  }
  return part;
}

/** Decides what is kept at a place, and then at those behind it. */
function decide(place: SampledPlace): void {
  const kept = keptParts(place);
  if (kept) {
    place.keep = [...kept].sort();
    const folded = partOf(place, '*');
    for (const [text, part] of place.parts) {
      if (part === folded || kept.has(text)) continue;
      merge(folded, part);
      place.parts.delete(text);
    }
  }
  for (const part of place.parts.values()) decide(part);
}

/** The parts that are kept, where the others are to be folded; undefined where all are kept. */
function keptParts({ parts }: SampledPlace): Set<string> | undefined {
  if (parts.size <= MANY) return undefined;
  let names = 0;
  for (const part of parts.values()) names += part.names;
  const least = Math.max(LEAST, names * SHARE);
  const kept = new Set<string>();
  let rare = 0;
  let rareNames = 0;
  for (const [text, part] of parts) {
    if (text === '*') continue;
    if (part.names >= least) kept.add(text);
    else {
      rare++;
      rareNames += part.names;
    }
  }
  return rare > MANY && rareNames < rare * RARE ? kept : undefined;
}

/** Adds what is at and behind one place to another; no deeper than names are sampled. */
function merge(into: SampledPlace, from: SampledPlace): void {
  into.names += from.names;
  for (const [text, part] of from.parts) merge(partOf(into, text), part);
}

/** A part of a name as it is grouped, as text. */
export function foldedText(bytes: Uint8Array, start: number, end: number): string {
  const kept = foldSegment(bytes, start, end);
  const length = kept < 0 ? -1 - kept : kept;
  return segmentText({ bytes: bytes.slice(start, start + length), folded: kept < 0 });
}

/** Rows that stand evenly among others, at most so many. */
export function sampleOf(rows: Rows, most: number): Rows {
  const { length } = rows;
  if (length <= most) return rows;
  return { length: most, at: (i) => rows.at(Math.floor((i * length) / most)) };
}
