/** What a module value means, in shapes that can be shown: JSON text, named fields, samples, vectors. */
import type { Text } from '../string.js';
import type { Collection } from '../value-model.js';

/** A named part of a module value; a list of fields nests. */
export interface ViewField {
  readonly name: string;
  readonly value: ViewValue;
}

export type ViewValue = number | bigint | boolean | string | Text | readonly ViewField[];

/** A sample of a time series. */
export interface Sample {
  /** Unsigned; ms since the epoch by convention. */
  readonly timestamp: bigint;
  readonly value: number;
}

/** An element of a vector set. */
export interface VectorElement {
  readonly name: Text;
  /** JSON text, where the set has attributes and this element has some. */
  readonly attributes?: Text;
  /** The components as the server gives them back, after quantisation. */
  readonly vector: readonly number[];
  /** Highest layer of the graph that the element is in. */
  readonly level: number;
}

/** The meaning of a module value. */
export type ModuleView =
  | { readonly kind: 'json'; readonly text: Text }
  | { readonly kind: 'fields'; readonly fields: readonly ViewField[] }
  | { readonly kind: 'timeseries'; readonly fields: readonly ViewField[]; readonly samples: Collection<Sample> }
  | { readonly kind: 'vectorset'; readonly fields: readonly ViewField[]; readonly elements: Collection<VectorElement> };
