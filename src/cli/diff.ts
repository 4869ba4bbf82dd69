/** `diff`: which keys were added, removed or changed from one file to another, as JSON Lines. */
import { startsCommand } from '../dataset/aof/part-scan.js';
import { base64 } from '../dataset/base64.js';
import { type CompareOptions, type Comparison, compareSides } from '../dataset/compare/comparison.js';
import { filterDifferences } from '../dataset/compare/difference-filter.js';
import { differenceLine } from '../dataset/compare/difference-json.js';
import { type ChangeCount, type NamespaceChange, namespaceChanges } from '../dataset/compare/namespace-changes.js';
import { inNameOrder } from '../dataset/compare/order.js';
import { type Side, scanSide } from '../dataset/compare/side.js';
import { matchesGlob } from '../dataset/glob.js';
import { type Problem, problemMessage } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { isRdbFile } from './file-kind.js';
import { withFile } from './open-file.js';
import { readOptions, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { UsageError } from './usage.js';

interface DiffArguments {
  readonly files: readonly [left: string, right: string];
  readonly compare: CompareOptions;
  readonly dbs: readonly number[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly match: Uint8Array | undefined;
  readonly keysOnly: boolean;
  readonly maxChanges: number;
  readonly summary: boolean;
  readonly separator: Uint8Array;
}

/** Elements of a key that are printed, unless told otherwise. */
const MAX_CHANGES = 100;

/**
 * Prints the differences.
 *
 * @param args the arguments behind `diff`.
 * @param complain takes a line for each problem of the files.
 * @returns the exit status, as diff(1) gives it: 0 equal, 1 different, 2 a file is damaged.
 */
export function diff(args: readonly string[], output: Output, complain: (text: string) => void): Promise<number> {
  const given = diffArguments(args);
  for (const file of given.files) {
    if (!isRdbFile(file)) throw new UsageError(`${file} does not begin with an RDB: diff compares keys, not commands`);
  }
  const [left, right] = given.files;
  return withFile(left, (a) => withFile(right, (b) => printDifferences(a, b, given, output, complain)));
}

function diffArguments(args: readonly string[]): DiffArguments {
  const { values, positionals } = parse(args);
  const [left, right, ...rest] = positionals;
  if (left === undefined || right === undefined) throw new UsageError('diff needs two files');
  if (rest.length > 0) throw new UsageError(`${rest[0]} is one argument too many`);
  if (values.separator === '') throw new UsageError('--separator takes at least one character');
  return {
    files: [left, right],
    compare: {
      ignoreTtl: values['ignore-ttl'] ?? false,
      encoding: values.encoding ?? false,
      access: values.access ?? false,
    },
    dbs: values.db === undefined ? undefined : [wholeNumber('db', values.db)],
    types: values.type === undefined ? undefined : [values.type],
    match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
    keysOnly: values['keys-only'] ?? false,
    maxChanges: values['max-changes'] === undefined ? MAX_CHANGES : wholeNumber('max-changes', values['max-changes']),
    summary: values.summary ?? false,
    separator: new TextEncoder().encode(values.separator ?? ':'),
  };
}

function parse(args: readonly string[]) {
  return readOptions(args, {
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    'keys-only': { type: 'boolean' },
    'max-changes': { type: 'string' },
    'ignore-ttl': { type: 'boolean' },
    encoding: { type: 'boolean' },
    access: { type: 'boolean' },
    summary: { type: 'boolean' },
    separator: { type: 'string' },
  });
}

async function printDifferences(
  leftFile: FileSource,
  rightFile: FileSource,
  given: DiffArguments,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  let damaged = 0;
  const report = (file: FileSource, problem: Problem) => {
    damaged++;
    complain(`${file.path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  };
  const open = (file: FileSource): Side => {
    const side = finish(scanSide(file));
    for (const problem of side.scan.facts.problems) report(file, problem);
    if (side.scan.complete && startsCommand(file, side.scan.end)) {
      complain(`${file.path}: the commands behind the RDB, from offset ${side.scan.end} on, are not compared\n`);
    }
    return side;
  };
  const left = open(leftFile);
  const comparison = finish(compareSides(left, open(rightFile), given.compare));
  const problemIn = (side: 'left' | 'right', problem: Problem) =>
    report(side === 'left' ? leftFile : rightFile, problem);
  for (const { side, problem } of comparison.problems) problemIn(side, problem);
  const shown = finish(inNameOrder(comparison, chosen(comparison, given)));
  if (given.summary) output.write(`${summaryJson(comparison, shown, given)}\n`);
  for (const difference of given.summary ? [] : shown) {
    const most = given.keysOnly ? undefined : given.maxChanges;
    const line = finish(differenceLine(comparison, difference, most, problemIn));
    if (output.write(`${line}\n`)) await output.flush();
    if (output.closed) break;
  }
  await output.end();
  return damaged > 0 ? 2 : shown.length > 0 ? 1 : 0;
}

/** The differences that the filters let pass, ascending. */
function chosen(comparison: Comparison, { dbs, types, match }: DiffArguments): Uint32Array {
  return finish(
    filterDifferences(comparison, {
      ...(dbs ? { dbs } : {}),
      ...(types ? { types } : {}),
      ...(match ? { matches: (bytes, start, end) => matchesGlob(match, bytes, start, end) } : {}),
    }),
  );
}

function summaryJson(comparison: Comparison, shown: Uint32Array, given: DiffArguments): string {
  const ascending = shown.slice().sort();
  const changes = finish(namespaceChanges(comparison, ascending, new Uint8Array(0), given.separator));
  const total = { added: empty(), removed: empty(), changed: empty() };
  for (const namespace of [...changes.namespaces, ...(changes.rest ? [changes.rest] : [])]) {
    for (const kind of ['added', 'removed', 'changed'] as const) {
      total[kind].keys += namespace[kind].keys;
      total[kind].leftBytes += namespace[kind].leftBytes;
      total[kind].rightBytes += namespace[kind].rightBytes;
    }
  }
  const side = (file: string, { index, source }: Side) => ({ file, bytes: source.size, keys: index.length });
  return JSON.stringify({
    left: side(given.files[0], comparison.left),
    right: side(given.files[1], comparison.right),
    ...counts(total),
    unchanged: { keys: comparison.counts.unchangedKeys },
    namespaces: changes.namespaces.map((one) => ({ namespace: base64(one.path), ...counts(one) })),
    ...(changes.rest ? { furtherNamespaces: counts(changes.rest) } : {}),
  });
}

const empty = (): ChangeCount => ({ keys: 0, leftBytes: 0, rightBytes: 0 });

function counts({ added, removed, changed }: Pick<NamespaceChange, 'added' | 'removed' | 'changed'>) {
  return {
    added: { keys: added.keys, bytes: added.rightBytes },
    removed: { keys: removed.keys, bytes: removed.leftBytes },
    changed,
  };
}

/** The result of work that nobody waits beside. */
function finish<Result>(work: Generator<unknown, Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
