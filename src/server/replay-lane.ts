/** What takes the commands of a replay, and what it knows of each: the way to a server, to a cluster, or to nobody. */
import type { CommandBlock } from './replay-input.js';

/** What a command is for the one who waits for its reply. */
export const COMMAND = 0;
export const MULTI = 1;
export const EXEC = 2;
export const DISCARD = 3;
/** Not a command of the input: SELECT, ASKING. */
export const ADDED = 4;
/** A part of a command that was split, but not the last one. */
export const PIECE = 5;
/** A DISCARD that is no command of the input: a transaction was begun that will not be ended. */
export const ADDED_DISCARD = 6;

/** A further part of a command, on the way to another node: only its error counts. */
export const COPY = 7;

/** A command of a unit. */
export interface UnitItem extends PendingCommand {
  readonly bytes: Uint8Array;
  /** What a server would say of it, where nothing is sent. */
  readonly error?: string;
}

/** What is sent as one and, where a node of a cluster does not have its keys any more, sent again as one. */
export interface SendUnit {
  readonly slot: number;
  readonly items: readonly UnitItem[];
  /** What the node has said that does not have the keys. */
  redirect?: string | undefined;
}

/** A command whose reply is outstanding. */
export interface PendingCommand {
  readonly part: number;
  readonly offset: number;
  readonly name: number;
  readonly kind: number;
  /** In a cluster the slot whose node has to do it. */
  readonly slot?: number;
}

/** Takes commands many at a time. */
export interface RunTaker {
  /** How many more may be on their way. */
  readonly room: number;
  /** Tells of commands that are about to be written. @param from the first row of them, `to` behind the last. */
  expectRun(block: CommandBlock, from: number, to: number): void;
}

/** What takes commands: a server, or for a dry run nobody. */
export interface ReplayLane {
  /** Database that is selected; −1 if it is not known. */
  db: number;
  /** True if nothing more should be sent before {@link ready}. */
  readonly full: boolean;
  /** Tells what is about to be written. @param bytes of the command. */
  expect(kind: number, name: number, part: number, offset: number, bytes: number, argv?: readonly Uint8Array[]): void;
  /** Set where commands need not be told one by one. */
  readonly runs?: RunTaker;
  write(bytes: Uint8Array, sent?: () => void): void;
  /** Waits until there is room. @throws ServerError if the connection is lost. */
  ready(): Promise<void>;
  /** Waits until all replies are there. @throws ServerError if the connection is lost. */
  drained(): Promise<void>;
  /** Gives up a transaction that was begun. @param part and `offset` of its MULTI. */
  discard(part: number, offset: number): void;
  /** What was sent but has no reply, the oldest first. */
  readonly pending: readonly PendingCommand[];
  /** What a server has said that takes no more commands for now, and the first command that it has refused. */
  readonly refusal?: string | undefined;
  readonly firstRefused?: PendingCommand | undefined;
  close(): void;
}
