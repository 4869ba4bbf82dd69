/** Where a command goes in a cluster: to the node of its slot, in parts to several, to all, or nowhere. */

import { slotOf } from '../dataset/slots.js';
import { type CommandEntry, keyArguments } from '../decoder/aof/command-table.js';
import { SPLITTABLE } from './command-rewrite.js';
import type { SkipReason } from './replay-report.js';

/** A command for the node of a slot; −1 is all nodes. */
export interface SlotCommand {
  readonly slot: number;
  readonly argv: readonly Uint8Array[];
}

/** Commands without keys that every node has to be told. */
const EVERYWHERE = new Set(['FUNCTION', 'SCRIPT', 'FLUSHALL', 'FLUSHDB']);
const NOTHING = new Uint8Array(0);

/** Plans a command. @returns why it cannot be sent, where it cannot. */
export function planCommand(
  entry: CommandEntry | undefined,
  argv: readonly Uint8Array[],
): readonly SlotCommand[] | SkipReason {
  if (!entry) return 'unknown-keys';
  if (EVERYWHERE.has(entry.name)) return [{ slot: -1, argv }];
  const positions = keyArguments(entry, argv.length, (at) => argv[at] ?? NOTHING);
  if (positions.length === 0) return 'unknown-keys';
  const slots = positions.map((at) => slotOf(argv[at]));
  if (slots.every((slot) => slot === slots[0])) return [{ slot: slots[0], argv }];
  const width = SPLITTABLE[entry.name];
  if (!width) return 'cross-slot';
  const bySlot = new Map<number, Uint8Array[]>();
  for (const [i, at] of positions.entries()) {
    const part = bySlot.get(slots[i]) ?? [argv[0]];
    part.push(...argv.slice(at, at + width));
    bySlot.set(slots[i], part);
  }
  return [...bySlot].map(([slot, part]) => ({ slot, argv: part }));
}
