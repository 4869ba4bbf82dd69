/** Tells which breakpoint a command is for. */
import { matchesGlob } from '../dataset/glob.js';
import type { NameTable } from '../decoder/aof/command-names.js';
import { keyArguments } from '../decoder/aof/command-table.js';
import type { Breakpoint } from './replay-control.js';
import type { CommandBlock } from './replay-input.js';

/** A place in the input, and the time there. */
export interface Reached {
  readonly part: number;
  readonly offset: number;
  readonly time: number;
}

/** Nothing of the input was met yet. */
export const NOTHING_REACHED: Reached = { part: -1, offset: -1, time: -1 };

const NOTHING = new Uint8Array(0);

/** Matches the commands of an input, in its order. */
export class BreakpointMatcher {
  /** Times and offsets that are behind. */
  private readonly passed: boolean[];

  /** @param reached what of the input was met before: times and offsets up to there are behind. */
  constructor(
    readonly list: readonly Breakpoint[],
    private readonly names: NameTable,
    reached: Reached,
  ) {
    this.passed = list.map((point) => isReached(point, reached));
  }

  /**
   * The position in the list of the breakpoint that a command is for; −1 without one.
   *
   * @param argv gives its arguments.
   */
  match(block: CommandBlock, row: number, argv: () => readonly Uint8Array[]): number {
    const here = { part: block.part, offset: block.offset[row], time: block.time[row] };
    let found = -1;
    for (let i = this.list.length - 1; i >= 0; i--) {
      const point = this.list[i];
      if (point.kind === 'time' || point.kind === 'offset') {
        if (this.passed[i] || !isReached(point, here)) continue;
        this.passed[i] = true;
        found = i;
      } else if (
        point.kind === 'command' ? this.names.name(block.name[row]) === point.name : this.has(point, block, row, argv)
      ) {
        found = i;
      }
    }
    return found;
  }

  private has(
    { glob }: { glob: Uint8Array },
    block: CommandBlock,
    row: number,
    argvOf: () => readonly Uint8Array[],
  ): boolean {
    const entry = this.names.entry(block.name[row]);
    if (!entry) return false;
    const argv = argvOf();
    const positions = keyArguments(entry, argv.length, (at) => argv[at] ?? NOTHING);
    return positions.some((at) => matchesGlob(glob, argv[at], 0, argv[at].length));
  }
}

function isReached(point: Breakpoint, { part, offset, time }: Reached): boolean {
  if (point.kind === 'time') return time >= point.time;
  if (point.kind !== 'offset') return false;
  return part > point.part || (part === point.part && offset >= point.offset);
}
