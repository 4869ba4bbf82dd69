/** Namespaces of touched keys: what stands before the first separator, with what its commands add up to. */
import { latin1 } from '../../decoder/bytes.js';
import type { CommandIndex } from './command-index.js';
import { visitKeyNames } from './key-names.js';
import type { KeyTotals } from './key-totals.js';
import type { PartFiles } from './part-files.js';

/** A namespace. */
export interface NamespaceSum {
  /** The bytes before the separator; undefined for keys without one. */
  readonly name: Uint8Array | undefined;
  /** Commands, each as often as it names different keys of the namespace. */
  commands: number;
  keys: number;
  bytes: number;
}

/** The most namespaces that are told apart; keys of further ones count as those without. */
const NAMESPACE_LIMIT = 1 << 17;
/** Bytes of a name in which a separator is looked for. */
const REACH = 1024;

/**
 * Sums by namespace, those with most bytes first. Yields between 0 and 1, how much is done.
 *
 * @param separator not empty.
 */
export function* sumByNamespace(
  files: PartFiles,
  index: CommandIndex,
  totals: KeyTotals,
  separator: Uint8Array,
): Generator<number, NamespaceSum[]> {
  const sums = new Map<string, NamespaceSum>();
  const rest: NamespaceSum = { name: undefined, commands: 0, keys: 0, bytes: 0 };
  const touched: number[] = [];
  for (let key = 0; key < totals.length; key++) if (totals.commands(key) > 0) touched.push(key);
  const pass = visitKeyNames(files, index, touched, (bytes, start, end, key) => {
    const to = find(bytes, start, Math.min(end, start + REACH), separator);
    let sum = rest;
    if (to >= 0) {
      const text = latin1(bytes, start, to);
      const known = sums.get(text);
      if (known) sum = known;
      else if (sums.size < NAMESPACE_LIMIT) {
        sum = { name: bytes.slice(start, to), commands: 0, keys: 0, bytes: 0 };
        sums.set(text, sum);
      }
    }
    sum.keys++;
    sum.commands += totals.commands(key);
    sum.bytes += totals.bytes(key);
  });
  for (const done of pass) yield done / Math.max(1, touched.length);
  const found = [...sums.values()];
  if (rest.keys > 0) found.push(rest);
  return found.sort((a, b) => b.bytes - a.bytes);
}

/** Where the separator begins; −1 if it is not there. */
function find(bytes: Uint8Array, start: number, end: number, separator: Uint8Array): number {
  for (let at = start; at <= end - separator.length; at++) {
    let i = 0;
    while (i < separator.length && bytes[at + i] === separator[i]) i++;
    if (i === separator.length) return at;
  }
  return -1;
}
