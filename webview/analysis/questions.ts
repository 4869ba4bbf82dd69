/** The questions that are asked for one filter, one after the other: what is known of their answers, and how far they are. */
import type {
  AccessShares,
  Amount,
  BigBy,
  BigKeyRow,
  ExpiryTimeline,
  Finding,
  FindingLimits,
  KeyFilter,
  Measure,
  NamespaceLevel,
  NamespaceStep,
  SizeDistribution,
  SlotShares,
  StreamFacts,
  TypeShares,
} from '../../src/analysis-protocol.js';
import type { Params, RequestKind, Result } from '../../src/protocol.js';
import { ask, RequestError } from '../connection.js';
import { Cancelled, type Running } from '../running.js';
import { message } from '../strings.js';

/** What is asked. */
export interface Asked {
  readonly filter: KeyFilter;
  readonly separator: string;
  readonly limits: FindingLimits;
  readonly measure: Measure | undefined;
  readonly path: readonly NamespaceStep[];
  readonly bigBy: BigBy | undefined;
  readonly bigType: string;
  readonly bigDb: string;
  /** Bytes of the file: of a large one, some answers come before its memory is estimated. */
  readonly bytes: number;
}

/** What is known. */
export interface Answers {
  totals?: Amount & { readonly hasMemory: boolean };
  level?: NamespaceLevel;
  roots?: NamespaceLevel;
  types?: TypeShares;
  sizes?: SizeDistribution;
  sizesBy?: 'bytes' | 'memory';
  expiry?: ExpiryTimeline;
  biggest?: readonly BigKeyRow[];
  biggestBy?: BigBy;
  access?: AccessShares;
  slots?: SlotShares;
  streams?: StreamFacts;
  findings?: readonly Finding[];
}

/** Namespaces that are listed, and in each of them. */
const NAMESPACES = 60;
const INNER = 24;
const ROOTS = 40;
const BIGGEST = 100;
/** Bytes of a file whose memory is estimated before anything is shown. */
const SMALL_FILE = 32 * 1024 * 1024;

/** Asks one question after the other. */
export class Questions {
  answers: Answers = {};
  failure = '';
  /** What is being worked on; empty if nothing is. */
  busy: '' | 'memory' | 'counting' = '';
  /** From 0 to 1. */
  done = 0;
  private running: Running<unknown> | undefined;
  private round = 0;

  constructor(private readonly changed: () => void) {}

  /** Forgets the answers. */
  reset(): void {
    this.cancel();
    this.answers = {};
    this.changed();
  }

  /** Stops asking. */
  cancel(): void {
    this.round++;
    this.running?.cancel();
    this.running = undefined;
    this.busy = '';
  }

  /** Asks everything. What is known of another filter is shown until its place is taken. */
  async load(asked: Asked): Promise<void> {
    this.cancel();
    const mine = this.round;
    this.failure = '';
    const step = async <Kind extends RequestKind>(
      kind: Kind,
      params: Params<Kind>,
      use: (result: Result<Kind>) => void,
    ): Promise<void> => {
      this.busy = kind === 'keyspace.memory' ? 'memory' : 'counting';
      this.done = 0;
      this.changed();
      const running = ask(kind, params, (done) => {
        if (mine !== this.round) return;
        this.done = done;
        this.changed();
      });
      this.running = running;
      const result = await running.answer;
      if (mine !== this.round) throw new Cancelled();
      use(result);
      this.changed();
    };
    try {
      const { filter } = asked;
      await step('keyspace.totals', { filter }, (totals) => {
        this.answers.totals = totals;
      });
      if (!this.answers.totals?.hasMemory) {
        if (asked.bytes > SMALL_FILE) await this.first(step, asked);
        await step('keyspace.memory', {}, () => {});
        await step('keyspace.totals', { filter }, (totals) => {
          this.answers.totals = totals;
        });
      }
      await this.first(step, asked);
      await this.rest(step, asked);
    } catch (error) {
      if (mine !== this.round || error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    if (mine !== this.round) return;
    this.busy = '';
    this.changed();
  }

  /** The measure that is shown: memory as soon as it is known, unless another one was chosen. */
  measureOf(measure: Measure | undefined): Measure {
    const hasMemory = this.answers.totals?.hasMemory ?? false;
    if (measure === undefined || (measure === 'memory' && !hasMemory)) return hasMemory ? 'memory' : 'bytes';
    return measure;
  }

  private async first(step: Step, asked: Asked): Promise<void> {
    const { filter, separator, path } = asked;
    const by = this.measureOf(asked.measure);
    await step(
      'keyspace.namespaces',
      { filter, separator, path, by, limit: NAMESPACES, innerLimit: INNER },
      (level) => {
        this.answers.level = level;
      },
    );
    await step('keyspace.types', { filter }, (types) => {
      this.answers.types = types;
    });
  }

  private async rest(step: Step, asked: Asked): Promise<void> {
    const { filter, separator, limits } = asked;
    const by = this.measureOf(asked.measure);
    const sizesBy = by === 'memory' ? 'memory' : 'bytes';
    await step('keyspace.sizes', { filter, by: sizesBy }, (sizes) => {
      this.answers.sizes = sizes;
      this.answers.sizesBy = sizesBy;
    });
    await step('keyspace.expiry', { filter }, (expiry) => {
      this.answers.expiry = expiry;
    });
    await step('keyspace.namespaces', { filter, separator, path: [], by, limit: ROOTS, innerLimit: 0 }, (roots) => {
      this.answers.roots = roots;
    });
    const bigBy = this.bigByOf(asked);
    const among = {
      ...(asked.bigType === '' ? {} : { type: asked.bigType }),
      ...(asked.bigDb === '' ? {} : { db: Number(asked.bigDb) }),
    };
    await step('keyspace.biggest', { filter, by: bigBy, among, limit: BIGGEST }, ({ keys }) => {
      this.answers.biggest = keys;
      this.answers.biggestBy = bigBy;
    });
    await step('keyspace.access', { filter }, (access) => {
      this.answers.access = access;
    });
    await step('keyspace.slots', { filter }, (slots) => {
      this.answers.slots = slots;
    });
    await step('keyspace.streams', { filter }, (streams) => {
      this.answers.streams = streams;
    });
    await step('keyspace.findings', { filter, separator, limits }, ({ findings }) => {
      this.answers.findings = findings;
    });
  }

  /** What the biggest keys are big by: what is measured, unless something was chosen. */
  bigByOf({ bigBy, measure }: Pick<Asked, 'bigBy' | 'measure'>): BigBy {
    const by = this.measureOf(measure);
    const wanted = bigBy ?? (by === 'keys' ? 'bytes' : by);
    return wanted === 'memory' && !this.answers.totals?.hasMemory ? 'bytes' : wanted;
  }
}

type Step = <Kind extends RequestKind>(
  kind: Kind,
  params: Params<Kind>,
  use: (result: Result<Kind>) => void,
) => Promise<void>;
