/** Which commands of an input are wanted, as far as their places and names decide. */
import type { NameTable } from '../decoder/aof/command-names.js';
import { type CommandClass, CommandClasses } from './command-class.js';
import type { CommandBlock } from './replay-input.js';
import type { ReplayOptions } from './replay-options.js';
import type { SkipReason } from './replay-report.js';

/** The choice of one replay. */
export class CommandChoice {
  readonly classes: CommandClasses;
  /** It depends on the name of a command. */
  readonly filtersNames: boolean;
  /** Every place is wanted. */
  readonly isWhole: boolean;

  constructor(
    private readonly options: ReplayOptions,
    private readonly names: NameTable,
  ) {
    this.classes = new CommandClasses(names);
    this.filtersNames = options.commands !== undefined || options.groups !== undefined;
    const { from, to, untilTime, untilOffset, chosen, dbs } = options;
    this.isWhole = [from, to, untilTime, untilOffset, chosen, dbs].every((limit) => limit === undefined);
  }

  /** True if a former replay has done what stands there. */
  wasDone(part: number, offset: number): boolean {
    const { resume } = this.options;
    return resume !== undefined && (part < resume.part || (part === resume.part && offset < resume.offset));
  }

  /** True for a command before those that are wanted, or between them. @param number from 1 over all parts. @param place in its part, from 0. */
  leavesOut(part: number, number: number, place: number): boolean {
    return number < (this.options.from ?? 0) || this.options.chosen?.has(part, place) === false;
  }

  /** True if neither the command nor one behind it is wanted. Numbers as in {@link leavesOut}. */
  isOver(block: CommandBlock, row: number, number: number, place: number): boolean {
    const { to, untilTime, untilOffset, chosen } = this.options;
    const { part } = block;
    return (
      (to !== undefined && number > to) ||
      chosen?.isOver(part, place) === true ||
      (untilTime !== undefined && block.time[row] > untilTime) ||
      (untilOffset !== undefined &&
        (part > untilOffset.part || (part === untilOffset.part && block.offset[row] >= untilOffset.offset)))
    );
  }

  /** Why a command is left out, as far as its arguments do not decide. @param name its number. @param db in the input. */
  skipOf(kind: CommandClass, name: number, db: number): SkipReason | undefined {
    const { options } = this;
    if (kind === 'connection') return 'connection';
    if (kind === 'admin' && !options.admin) return 'admin';
    if (options.dbs && !options.dbs.has(db)) return 'filter';
    return this.filtersNames && !this.wantsName(name) ? 'filter' : undefined;
  }

  private wantsName(name: number): boolean {
    const { commands, groups } = this.options;
    if (commands && !commands.has(this.names.name(name))) return false;
    return !groups || groups.has(this.names.entry(name)?.group ?? 'unknown');
  }
}
