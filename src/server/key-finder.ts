/** Finds the keys of a file in WebAssembly where they are plain, for a restore and for what is told before it. */
import type { FileFacts } from '../dataset/file-facts.js';
import type { KeyTaker } from '../dataset/file-scan.js';
import type { Header } from '../decoder/rdb/header.js';
import type { Layout } from '../decoder/rdb/layout.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { valueTypes } from '../decoder/rdb/value-types.js';
import {
  VALUE_NODES,
  VALUE_PAIRS,
  VALUE_SCORED,
  VALUE_STREAM,
  VALUE_STRING,
  VALUE_STRINGS,
  WHOLE_KEY,
} from '../decoder/restore/layout.js';
import type { FoundKeys, RestoreMemory } from '../decoder/restore/memory.js';

/** Takes the keys of a scan that are found in a memory. */
export class KeyFinder implements KeyTaker {
  readonly window: Uint8Array;
  again = false;
  private known: Header | undefined;

  /** @param found told of keys that are in the columns of the memory now. */
  constructor(
    private readonly memory: RestoreMemory,
    private readonly found: (keys: FoundKeys, db: number, bytes: number) => void,
  ) {
    this.window = memory.window;
  }

  take(start: number, end: number, db: number, { fileHeader }: FileFacts, base: number): number {
    if (fileHeader && fileHeader !== this.known) this.learn(fileHeader);
    let at = start;
    for (;;) {
      const keys = this.memory.scan(at, end, base);
      if (keys.count > 0) this.found(keys, db, keys.behind - at);
      const more = keys.behind > at;
      at = keys.behind;
      // One that fills the window would be no more whole the next time.
      this.again = keys.goesOn && at > 0 && end - at <= WHOLE_KEY;
      if (this.again) return at;
      if (at === end || !more || keys.goesOn) return at > start ? at : -1;
    }
  }

  private learn(header: Header): void {
    this.known = header;
    const { values } = this.memory;
    values.fill(0);
    for (const type of valueTypes(header.family, header.version)) {
      if (type && type.since <= header.version) values[type.code] = plainValue(type);
    }
  }
}

/** How the values of a type stand in the file: `VALUE_…`, or 0 for those that are not plain. */
function plainValue({ type, layout }: ValueType): number {
  const [step, ...more] = layout;
  if (step === undefined) return 0;
  const groups = more.pop();
  if (groups) {
    const isStream = type === 'stream' && groups.step === 'repeat' && more.every((next) => next.step === 'length');
    return isStream ? VALUE_STREAM + more.length : 0;
  }
  if (step.step === 'string' || step.step === 'blob') return VALUE_STRING;
  return step.step === 'repeat' ? repeated(step.body) : 0;
}

function repeated([first, second, ...more]: Layout): number {
  if (first?.step === 'quicklist-node' && !second) return VALUE_NODES;
  if ((first?.step !== 'string' && first?.step !== 'blob') || more.length > 0) return 0;
  if (!second) return VALUE_STRINGS;
  if (second.step === 'string') return VALUE_PAIRS;
  return second.step === 'bytes' && second.count === 8 ? VALUE_SCORED : 0;
}
