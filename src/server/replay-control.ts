/** The controls of a replay that runs: pause, go on, one command at a time, stop; and places where it pauses by itself. */
import type { ReplayPlace } from './replay-report.js';

/** Where a replay pauses by itself, before a command that would be sent. */
export type Breakpoint =
  /** One of its keys matches a glob as KEYS has it. The keys of the input count, whatever they are renamed to. */
  | { readonly kind: 'key'; readonly glob: Uint8Array }
  /** It has this name, in upper case. */
  | { readonly kind: 'command'; readonly name: string }
  /** It is the first one behind an annotation of this time or a later one: seconds since the epoch. */
  | { readonly kind: 'time'; readonly time: number }
  /** It is the first one that begins there or later. */
  | { readonly kind: 'offset'; readonly part: number; readonly offset: number };

/** A command that was not sent yet. */
export interface NextCommand {
  /** In upper case. */
  readonly name: string;
  /** The first of its arguments, the name included; long ones are cut. */
  readonly words: readonly Uint8Array[];
  readonly argc: number;
  /** Bytes in the input. */
  readonly bytes: number;
}

/** Where a replay stands while it is paused. All that was sent before it has been answered. */
export interface ReplayStanding {
  readonly reason: 'pause' | 'step' | 'breakpoint';
  /** Position of the breakpoint in the list that was given. */
  readonly breakpoint?: number;
  /**
   * Where the command stands that the breakpoint is for, if that is not the next one: a transaction is not interrupted,
   * so that the pause can be before it or behind it.
   */
  readonly hit?: ReplayPlace;
  /** Where the next command begins; of an RDB that is being restored, how far it has come. */
  readonly place: ReplayPlace;
  /** Number of the next command, counted from 1 over all parts. */
  readonly number: number;
  /** Seconds since the epoch of the annotation before it; 0 without one. */
  readonly time: number;
  /** Its database in the input. */
  readonly db: number;
  /** Undefined where it is not known yet. */
  readonly next?: NextCommand;
}

/** What steers a replay. One is for one run. */
export class ReplayControl {
  /** True if the replay has to look at every command before it is sent. */
  armed = false;
  /** Set while it is paused. */
  standing: ReplayStanding | undefined;
  private readonly abort = new AbortController();
  private pausing: 'pause' | 'step' | undefined;
  private points: readonly Breakpoint[] = [];
  private wake: (() => void) | undefined;

  /** @param paused told each time when the replay has come to stand. */
  constructor(
    breakpoints: readonly Breakpoint[] = [],
    private readonly paused: (standing: ReplayStanding) => void = () => {},
  ) {
    this.breakpoints = breakpoints;
    this.signal.addEventListener('abort', () => this.release());
  }

  /** Aborted by {@link stop}. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get breakpoints(): readonly Breakpoint[] {
    return this.points;
  }

  /** Takes the place of the breakpoints there were. Times and offsets that are behind already count as passed. */
  set breakpoints(list: readonly Breakpoint[]) {
    this.points = list;
    this.rearm();
  }

  /** Why the replay is to pause before the next command, whatever that is; undefined if it is not. */
  get wanted(): 'pause' | 'step' | undefined {
    return this.pausing;
  }

  /** Pauses before the next command; a transaction that has begun is sent to its end. */
  pause(): void {
    this.pausing = 'pause';
    this.rearm();
  }

  resume(): void {
    this.pausing = undefined;
    this.release();
  }

  /** Sends one command, or a transaction as a whole, and pauses again. */
  step(): void {
    this.pausing = 'step';
    this.release();
  }

  /** Ends the replay; what was sent is waited for. */
  stop(): void {
    this.abort.abort();
  }

  /** For the replay: holds it until it may go on. */
  async hold(standing: ReplayStanding): Promise<void> {
    if (this.signal.aborted) return;
    const going = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.standing = standing;
    this.paused(standing);
    await going;
    this.standing = undefined;
  }

  private release(): void {
    this.rearm();
    this.wake?.();
    this.wake = undefined;
  }

  private rearm(): void {
    this.armed = this.pausing !== undefined || this.points.length > 0;
  }
}
