/** Differences by namespace: what was added, removed and changed under each part before a separator. */
import { latin1 } from '../../decoder/bytes.js';
import { behindSeparator } from '../namespaces.js';
import { ABSENT, type ChangeKind, type Comparison } from './comparison.js';
import { visitDifferences } from './order.js';

/** Keys of one kind, and the bytes of their records in either file. */
export interface ChangeCount {
  keys: number;
  leftBytes: number;
  rightBytes: number;
}

/** The differences of a namespace. */
export interface NamespaceChange extends Readonly<Record<ChangeKind, ChangeCount>> {
  /** What the names start with, the separator included; for keys that are in no further namespace, that of all. */
  readonly path: Uint8Array;
  /** True for a namespace that can be looked into; false for the keys that stand beside the namespaces. */
  readonly inner: boolean;
}

/** The most namespaces that are told apart. */
const LIMIT = 10_000;

/**
 * Counts differences by the namespaces under a path; those with the most bytes come first. Yields how many are done.
 *
 * @param path what the names start with, its separator included; empty for all.
 * @param separator not empty.
 * @returns the namespaces, and what is in further ones where they are too many.
 */
export function* namespaceChanges(
  comparison: Comparison,
  numbers: Uint32Array | undefined,
  path: Uint8Array,
  separator: Uint8Array,
): Generator<number, { readonly namespaces: readonly NamespaceChange[]; readonly rest: NamespaceChange | undefined }> {
  const groups = new Map<string, NamespaceChange>();
  const own = newChange(path, false);
  const rest = newChange(path, false);
  let last = { text: '', group: own };
  yield* visitDifferences(comparison, numbers, (bytes, start, end, difference) => {
    if (end - start < path.length) return;
    for (let i = 0; i < path.length; i++) if (bytes[start + i] !== path[i]) return;
    const to = behindSeparator(bytes, start + path.length, end, separator);
    let group = own;
    if (to >= 0) {
      const text = latin1(bytes, start, to);
      if (text !== last.text) {
        const known = groups.get(text);
        group = known ?? (groups.size < LIMIT ? newChange(bytes.slice(start, to), true) : rest);
        if (!known && group !== rest) groups.set(text, group);
        last = { text, group };
      }
      group = last.group;
    }
    count(group, comparison, difference);
  });
  const namespaces = [...groups.values(), own].filter((group) => keysOf(group) > 0);
  namespaces.sort((a, b) => bytesOf(b) - bytesOf(a));
  return { namespaces, rest: keysOf(rest) > 0 ? rest : undefined };
}

function newChange(path: Uint8Array, inner: boolean): NamespaceChange {
  const none = () => ({ keys: 0, leftBytes: 0, rightBytes: 0 });
  return { path, inner, added: none(), removed: none(), changed: none() };
}

function count(group: NamespaceChange, comparison: Comparison, difference: number): void {
  const counted = group[comparison.kind(difference)];
  counted.keys++;
  if (comparison.leftRow(difference) !== ABSENT) counted.leftBytes += comparison.leftSize(difference);
  if (comparison.rightRow(difference) !== ABSENT) counted.rightBytes += comparison.rightSize(difference);
}

/** All keys of a namespace that differ. */
export function keysOf({ added, removed, changed }: NamespaceChange): number {
  return added.keys + removed.keys + changed.keys;
}

/** All bytes that differ, of both files. */
function bytesOf({ added, removed, changed }: NamespaceChange): number {
  return added.rightBytes + removed.leftBytes + changed.leftBytes + changed.rightBytes;
}
