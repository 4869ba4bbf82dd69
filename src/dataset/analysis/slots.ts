/** Where keys are in a cluster: what each of the 16,384 slots holds, hash tags, and how even that is. */
import { displayText } from '../../format/display.js';
import { visitNames } from '../names.js';
import { SLOTS, slotOf } from '../slots.js';
import { type Amount, Amounts, type AnalysedKeys } from './keys.js';

/** Keys whose names have the same hash tag, and so are in the same slot. */
export interface HashTag extends Amount {
  /** For the screen; cut if it is very long. */
  readonly tag: string;
  readonly whole: boolean;
  readonly slot: number;
}

export interface SlotShares {
  /** By slot. */
  readonly keys: Float64Array;
  readonly bytes: Float64Array;
  readonly memory: Float64Array;
  /** The greatest by bytes, or memory where it is known. */
  readonly tags: readonly HashTag[];
  /** All keys with a hash tag. */
  readonly tagged: Amount;
  /** True if there were more tags than can be told apart: sums of those that are listed may be too small. */
  readonly manyTags: boolean;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Tags that are told apart, and how many bytes of each. */
const TAG_LIMIT = 100_000;
const TAG_BYTES = 128;
const LISTED = 100;

interface TagSum {
  readonly slot: number;
  readonly whole: boolean;
  readonly bytes: Uint8Array;
  keys: number;
  size: number;
  memory: number;
}

/** Counts keys by slot. Yields between 0 and 1, how much is done. */
export function* slotShares({ index, rows, memory, file }: AnalysedKeys): Generator<number, SlotShares> {
  const amounts = new Amounts(SLOTS);
  const tagged = new Amounts(1);
  const tags = new Map<string, TagSum>();
  let manyTags = false;
  const pass = visitNames(file.source, index, rows, (bytes, start, end, row) => {
    const name = bytes.subarray(start, end);
    const slot = slotOf(name);
    const size = index.size(row);
    const weight = memory ? memory(row) : 0;
    amounts.add(slot, size, weight);
    const open = name.indexOf(OPEN);
    const close = open < 0 ? -1 : name.indexOf(CLOSE, open + 1);
    if (close <= open + 1) return;
    tagged.add(0, size, weight);
    const tag = name.subarray(open + 1, Math.min(close, open + 1 + TAG_BYTES));
    const key = `${slot} ${String.fromCharCode(...tag)}`;
    let sum = tags.get(key);
    if (!sum) {
      if (tags.size >= TAG_LIMIT) {
        manyTags = true;
        return;
      }
      sum = { slot, whole: tag.length === close - open - 1, bytes: tag.slice(), keys: 0, size: 0, memory: 0 };
      tags.set(key, sum);
    }
    sum.keys++;
    sum.size += size;
    sum.memory += weight;
  });
  for (const done of pass) yield done / Math.max(1, rows.length);
  const weigh = (one: TagSum) => (memory ? one.memory : one.size);
  const listed = [...tags.values()].sort((a, b) => weigh(b) - weigh(a) || b.keys - a.keys).slice(0, LISTED);
  return {
    keys: amounts.keys,
    bytes: amounts.bytes,
    memory: amounts.memory,
    tags: listed.map((one) => {
      const { text, whole } = displayText(one.bytes);
      const { slot, keys, size } = one;
      return { tag: text, whole: whole && one.whole, slot, keys, bytes: size, memory: one.memory };
    }),
    tagged: tagged.at(0),
    manyTags,
  };
}
