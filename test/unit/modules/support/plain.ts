/** Views as plain objects, for comparisons: lists as arrays, strings as text. */
import assert from 'node:assert/strict';
import type { ModuleView, ViewField, ViewValue } from '../../../../src/decoder/rdb/modules/view.js';
import { type Text, textSlice } from '../../../../src/decoder/rdb/string.js';

export type Plain = number | bigint | boolean | string | readonly Plain[] | { readonly [name: string]: Plain };

/** Fields as an object; fields numbered from 0 on as an array. */
export function plainFields(fields: readonly ViewField[]): Plain {
  if (fields.every(({ name }, index) => name === String(index))) return fields.map(({ value }) => plainValue(value));
  return Object.fromEntries(fields.map(({ name, value }) => [name, plainValue(value)]));
}

function plainValue(value: ViewValue): Plain {
  if (typeof value !== 'object') return value;
  return Array.isArray(value) ? plainFields(value as readonly ViewField[]) : plainText(value as Text);
}

export function plainText(text: Text): string {
  return Buffer.from(textSlice(text, 0, text.length)).toString('utf8');
}

/** The fields of a view that consists of them, or has them beside its elements. */
export function fieldsOf(view: ModuleView | undefined): Plain {
  assert.ok(view && view.kind !== 'json', 'it has no fields');
  return plainFields(view.fields);
}

/** The text of a view that is a document. */
export function documentOf(view: ModuleView | undefined): string {
  assert.equal(view?.kind, 'json');
  return plainText(view.text);
}
