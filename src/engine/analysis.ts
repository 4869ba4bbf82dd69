/** Answers to questions about the keys of a filter. What was found out is kept until another filter is asked about. */
import type { AnalysisRequests, BigKeyRow } from '../analysis-protocol.js';
import { accessShares } from '../dataset/analysis/access.js';
import { biggestKeys } from '../dataset/analysis/biggest.js';
import { expiryTimeline } from '../dataset/analysis/expiry.js';
import { analysisFacts, type Remember, STREAMS_LISTED, totals } from '../dataset/analysis/facts.js';
import type { AnalysedKeys } from '../dataset/analysis/keys.js';
import { namespaceTree } from '../dataset/analysis/namespaces.js';
import { sizeDistribution } from '../dataset/analysis/sizes.js';
import { slotShares } from '../dataset/analysis/slots.js';
import { streamFacts } from '../dataset/analysis/streams.js';
import { typeShares } from '../dataset/analysis/types.js';
import { type Clock, filterRows, isOpen, type KeyFilter } from '../dataset/filter.js';
import { allRows, type Rows } from '../dataset/names.js';
import { type ReportHead, reportPage } from '../dataset/report/report.js';
import type { Problem } from '../decoder/errors.js';
import { fill } from '../format/messages.js';
import { filterWords } from '../pictures/filter-words.js';
import type { Words } from '../pictures/shapes.js';
import type { EventMessage, KeyRow } from '../protocol.js';
import type { MemoryEstimates } from './memory.js';
import type { Requests } from './requests.js';
import type { CancelToken } from './scheduler.js';

/** What is needed of the engine. */
export interface AnalysisHost {
  readonly requests: Requests;
  /** The keys of the file, as far as they are known. */
  keys(): Omit<AnalysedKeys, 'rows' | 'memory'>;
  readonly memory: MemoryEstimates;
  clock(): Clock;
  problems(): readonly Problem[];
  keyRow(row: number): KeyRow;
  /** What a report says of the file as a whole. */
  head(): Omit<ReportHead, 'fileName' | 'filter' | 'target'>;
  send(message: EventMessage): void;
}

/** Answers that are kept: of the last filter. */
const KEPT_ANSWERS = 40;
const ROW_LIMIT = 1000;

type Handlers = {
  [Kind in keyof AnalysisRequests]: (
    params: AnalysisRequests[Kind]['params'],
    token: CancelToken,
    id: number,
  ) => Promise<AnalysisRequests[Kind]['result']>;
};

/** The questions about one file. */
export class Analysis {
  /** What the answers that are kept belong to. */
  private state = '';
  private answers = new Map<string, unknown>();

  constructor(private readonly host: AnalysisHost) {}

  /** Answers from what is known, or runs the work for it and keeps the answer. */
  private rememberFor(state: string): Remember {
    const { answers } = this;
    const isCurrent = () => this.state === state;
    return function* remember<Answer>(
      question: string,
      detail: string,
      work: () => Generator<number, Answer>,
    ): Generator<number, Answer> {
      const name = `${question} ${detail}`;
      if (isCurrent() && answers.has(name)) return answers.get(name) as Answer;
      const answer = yield* work();
      if (isCurrent()) {
        if (answers.size >= KEPT_ANSWERS) answers.delete(answers.keys().next().value ?? '');
        answers.set(name, answer);
      }
      return answer;
    };
  }

  /** Runs a question about the keys of a filter. */
  private ask<Answer>(
    filter: KeyFilter,
    token: CancelToken,
    id: number,
    question: (keys: AnalysedKeys, remember: Remember) => Generator<number, Answer>,
  ): Promise<Answer> {
    return this.host.requests.job(this.answer(filter, question), token, id);
  }

  private *answer<Answer>(
    filter: KeyFilter,
    question: (keys: AnalysedKeys, remember: Remember) => Generator<number, Answer>,
  ): Generator<number, Answer> {
    const known = { ...this.host.keys(), memory: this.host.memory.known };
    const { host } = this;
    const { index, file } = known;
    const state = JSON.stringify([filter, index.length, known.memory !== undefined, host.memory.version]);
    if (state !== this.state) {
      this.state = state;
      this.answers = new Map();
    }
    const remember = this.rememberFor(state);
    const { length } = index;
    const rows = isOpen(filter)
      ? allRows(length)
      : yield* quietly(
          remember('rows', '', function* () {
            const pass = filterRows(file, index, filter, host.clock(), 0, length);
            let step = pass.next();
            for (; !step.done; step = pass.next()) yield 0;
            const list = step.value.toArray();
            return { length: list.length, at: (i: number) => list[i] } satisfies Rows;
          }),
        );
    return yield* question({ ...known, rows }, remember);
  }

  readonly handlers: Handlers = {
    'keyspace.memory': async (_, token, id) => {
      await this.host.requests.job(this.host.memory.measure(), token, id);
      return { total: this.host.memory.total };
    },

    'keyspace.totals': async ({ filter }, token, id) => {
      const hasMemory = this.host.memory.known !== undefined;
      const all = await this.ask(filter, token, id, (keys, remember) => remember('totals', '', () => totals(keys)));
      return { ...all, hasMemory };
    },

    'keyspace.namespaces': async ({ filter, separator, path, by, limit, innerLimit }, token, id) => {
      const tree = await this.ask(filter, token, id, (keys, remember) =>
        remember('namespaces', separator, () => namespaceTree(keys, separator)),
      );
      return tree.level(path, by, Math.min(limit, ROW_LIMIT), Math.min(innerLimit, ROW_LIMIT));
    },

    'keyspace.biggest': async ({ filter, by, among, limit }, token, id) => {
      const most = Math.min(limit, ROW_LIMIT);
      const found = await this.ask(filter, token, id, (keys, remember) =>
        remember('biggest', `${by} ${JSON.stringify(among)} ${most}`, () => biggestKeys(keys, by, among, most)),
      );
      const memory = this.host.memory.known;
      return {
        keys: found.map(({ row, value }): BigKeyRow => {
          const { name, nameCut, type, encoding, elements, db, size, expireAt } = this.host.keyRow(row);
          const known = { row, name, nameCut, type, encoding, elements, db, size, expireAt };
          return { ...known, value, memory: memory?.(row) ?? null };
        }),
      };
    },

    'keyspace.types': ({ filter }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('types', '', () => typeShares(keys))),

    'keyspace.expiry': ({ filter }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('expiry', '', () => expiryTimeline(keys))),

    'keyspace.sizes': ({ filter, by }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('sizes', by, () => sizeDistribution(keys, by))),

    'keyspace.access': ({ filter }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('access', '', () => accessShares(keys))),

    'keyspace.slots': ({ filter }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('slots', '', () => slotShares(keys))),

    'keyspace.streams': ({ filter }, token, id) =>
      this.ask(filter, token, id, (keys, remember) => remember('streams', '', () => streamFacts(keys, STREAMS_LISTED))),

    'keyspace.findings': async ({ filter, separator, limits }, token, id) => {
      const options = { separator, limits, problems: this.host.problems() };
      const { findings } = await this.ask(filter, token, id, (keys, remember) =>
        analysisFacts(keys, options, remember),
      );
      if (isOpen(filter)) this.host.send({ event: 'findings', findings });
      return { findings };
    },

    'keyspace.report': ({ filter, separator, limits, fileName, limit, strings, language }, token, id) => {
      const { host } = this;
      const options = { separator, limits, problems: this.host.problems() };
      const known = new Map(Object.entries(strings));
      const words: Words = (template, ...args) => fill(known.get(template) ?? template, args);
      return this.ask(filter, token, id, function* (keys, remember) {
        const facts = yield* analysisFacts(keys, options, remember);
        const head = { ...host.head(), fileName, filter: filterWords(filter, words), target: '' };
        return { html: reportPage(keys, facts, head, { limit: Math.min(limit, ROW_LIMIT), words, language }) };
      });
    },
  };
}

/** Work that is done before the part whose progress is told. */
function* quietly<Answer>(work: Generator<number, Answer>): Generator<number, Answer> {
  let step = work.next();
  for (; !step.done; step = work.next()) yield 0;
  return step.value;
}
