/** Where the commands of a replay go in a cluster: each to the node of its slot, transactions as a whole when they end. */
import type { CommandEntry } from '../decoder/aof/command-table.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { planCommand, type SlotCommand } from './cluster-plan.js';
import { encodeCommand } from './connection.js';
import { COMMAND, COPY, EXEC, MULTI, type SendUnit } from './replay-lane.js';
import type { OnlyPlaces } from './replay-options.js';
import type { SkipReason } from './replay-report.js';
import type { ReplayTally } from './replay-tally.js';

/** Bytes of a transaction that is held until its EXEC. */
const TRANSACTION_LIMIT = 32 * 1024 * 1024;

type Item = SendUnit['items'][number];

/** A transaction whose EXEC has not come yet. */
interface OpenTransaction {
  readonly items: Item[];
  slot: number | undefined;
  bytes: number;
  skip: SkipReason | undefined;
}

function isBefore(only: OnlyPlaces, part: number, offset: number): boolean {
  return part < only.part || (part === only.part && offset < only.offset);
}

/** A place as a text. */
export function placeKey(part: number, offset: number): string {
  return `${part}:${offset}`;
}

/** Routes commands. */
export class ClusterRouter {
  private transaction: OpenTransaction | undefined;

  /**
   * @param deliver takes what belongs together, for the node of a slot; −1 is all nodes.
   * @param only what a former replay left undone before a place.
   */
  constructor(
    private readonly tally: ReplayTally,
    private readonly deliver: (slot: number, items: readonly Item[]) => void,
    private readonly only?: OnlyPlaces,
    /** Says what a server would say of a command; its error is kept with it. */
    private readonly check?: (name: number, argv: readonly Uint8Array[]) => string | undefined,
  ) {}

  /** Takes a MULTI, EXEC or DISCARD, or a MULTI within a transaction as a `COMMAND`. */
  frame(kind: number, name: number, part: number, offset: number): void {
    if (kind === MULTI) this.transaction = { items: [], slot: undefined, bytes: 0, skip: undefined };
    const { transaction } = this;
    if (!transaction) {
      // It belongs to no transaction: a server would answer with an error.
      this.tally.skip('unknown-keys', name);
      return;
    }
    if (kind === MULTI || kind === EXEC) {
      const bytes = encodeCommand(kind === MULTI ? 'MULTI' : 'EXEC');
      transaction.items.push({ kind, name, part, offset, bytes });
    }
    if (kind === MULTI || kind === COMMAND) return;
    this.transaction = undefined;
    const { items, slot, skip } = transaction;
    if (kind !== EXEC || skip || slot === undefined) {
      for (const item of items) this.tally.skip(skip ?? 'filter', item.name);
      return;
    }
    this.deliver(slot, items);
  }

  /** Sends a command where it belongs, or keeps it for its transaction. @returns why it is left out. */
  route(
    entry: CommandEntry | undefined,
    argv: readonly Uint8Array[],
    name: number,
    part: number,
    offset: number,
  ): SkipReason | undefined {
    const plan = planCommand(entry, argv);
    const { transaction } = this;
    const error = this.check?.(name, argv);
    const told = error === undefined ? {} : { error };
    if (transaction) {
      this.keep(transaction, plan, { kind: COMMAND, name, part, offset, bytes: NOTHING, ...told });
      return undefined;
    }
    if (typeof plan === 'string') return plan;
    const parts = this.leftOf(plan, part, offset);
    for (const [i, { slot, argv: words }] of parts.entries()) {
      const kind = i === parts.length - 1 ? COMMAND : COPY;
      this.deliver(slot, [{ kind, name, part, offset, bytes: writeCommand(words), ...told }]);
    }
    return undefined;
  }

  /** Gives up a transaction that was begun. */
  discard(): void {
    this.transaction = undefined;
  }

  /** True for a command, or the MULTI of a transaction, that a former replay has done. */
  hasDone(part: number, offset: number): boolean {
    const { only } = this;
    return only !== undefined && isBefore(only, part, offset) && !only.slots.has(placeKey(part, offset));
  }

  /** What of a command is left to be done. */
  private leftOf(plan: readonly SlotCommand[], part: number, offset: number): readonly SlotCommand[] {
    const { only } = this;
    const slots = only && isBefore(only, part, offset) ? only.slots.get(placeKey(part, offset)) : undefined;
    if (!slots) return plan;
    const [first] = plan;
    // What all nodes have to do is left to be done by the nodes of these slots.
    if (first.slot < 0) return [...slots].map((slot) => ({ slot, argv: first.argv }));
    return plan.filter(({ slot }) => slots.has(slot));
  }

  private keep(transaction: OpenTransaction, plan: readonly SlotCommand[] | SkipReason, item: Item): void {
    const one = typeof plan !== 'string' && plan.length === 1 && plan[0].slot >= 0 ? plan[0] : undefined;
    const bytes = one && !transaction.skip ? writeCommand(one.argv) : NOTHING;
    transaction.items.push({ ...item, bytes });
    transaction.bytes += bytes.length;
    if (transaction.skip) return;
    if (!one) transaction.skip = typeof plan === 'string' ? plan : 'cross-slot';
    else if (transaction.slot !== undefined && transaction.slot !== one.slot) transaction.skip = 'cross-slot';
    else if (transaction.bytes > TRANSACTION_LIMIT) transaction.skip = 'too-large';
    transaction.slot ??= one?.slot;
  }
}

const NOTHING = new Uint8Array(0);
