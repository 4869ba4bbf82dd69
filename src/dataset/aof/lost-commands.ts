/** What a repair would lose, by the index of commands: which stretches of which parts, and the commands in them. */
import { isLoaded } from './aof-scan.js';
import type { AofSet } from './aof-set.js';
import type { CommandIndex } from './command-index.js';
import type { RepairPlan } from './repair.js';

/** Bytes of a part that are not kept. */
export interface LostStretch {
  readonly part: number;
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** The first command that begins in it, and the one behind the last. */
  readonly commands: readonly [from: number, to: number];
}

/** All that a plan does not keep of the parts that servers load, in their order. @param set that was planned for. */
export function lostStretches(set: AofSet, index: CommandIndex, plan: RepairPlan): LostStretch[] {
  const stretches: LostStretch[] = [];
  for (const part of set.parts.filter(isLoaded)) {
    const planned = plan.files.find((file) => file.part.part === part.part);
    const lost = planned ? planned.lost : part.source ? [[0, part.source.size] as const] : [];
    for (const [from, to] of lost) {
      const commands = [firstFrom(index, part.part, from), firstFrom(index, part.part, to)] as const;
      stretches.push({ part: part.part, file: part.file, from, to, commands });
    }
  }
  return stretches;
}

/** The number of the first command of a part that begins at an offset or behind it; behind its last if there is none. */
function firstFrom(index: CommandIndex, part: number, offset: number): number {
  const found = index.commandAt(part, offset);
  if (found === undefined) return index.commandsOf(part)?.[1] ?? index.length;
  return index.offset(found) < offset ? found + 1 : found;
}
