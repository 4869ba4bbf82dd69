/** The engine as the editor uses it, in its worker: the first page, filters and orders over all keys of a file. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { EngineClient } from '../src/engine/client.js';
import type { KeyFilter, KeySort, ViewSpec } from '../src/protocol.js';
import { measureAnalysis } from './analysis.js';

declare const PROJECT_ROOT: string;

/** A step, and the milliseconds of each run. */
export interface Step {
  readonly name: string;
  readonly ms: readonly number[];
}

const IN_FILE_ORDER: KeySort = { column: 'offset', descending: false };
export const EVERYTHING: ViewSpec = {
  filter: {},
  sort: IN_FILE_ORDER,
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};

/** Starts an engine for a file. */
export function start(file: string): EngineClient {
  return new EngineClient(
    (begin) => {
      const worker = new Worker(path.join(PROJECT_ROOT, 'dist', 'engine.js'), { workerData: { start: begin } });
      return {
        post: (message) => worker.postMessage(message),
        onMessage: (listener) => void worker.on('message', listener),
        onError: (listener) => void worker.on('error', (error) => listener(String(error))),
        terminate: () => void worker.terminate(),
      };
    },
    { path: file },
    (reason) => {
      throw new Error(reason);
    },
  );
}

/** Milliseconds from the start of a worker until its first fifty rows are there. */
async function firstRows(file: string): Promise<number> {
  const begin = performance.now();
  const engine = start(file);
  await engine.request('view.set', { view: 1, spec: EVERYTHING }).result;
  for (;;) {
    const { rows } = await engine.request('view.rows', { view: 1, from: 0, count: 50 }).result;
    if (rows.length === 50) break;
  }
  const ms = performance.now() - begin;
  engine.close();
  return ms;
}

/** Waits until a file is read to its end. */
export async function ready(engine: EngineClient): Promise<void> {
  for (;;) {
    const { state } = await engine.request('summary', {}).result;
    if (state === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Measures the steps of a user over one file. @param keys of the file, to make a filter that finds few. */
export async function measureEngine(file: string, keys: number, rounds: number): Promise<Step[]> {
  const steps: Step[] = [];
  const first: number[] = [];
  for (let round = 0; round < rounds; round++) first.push(await firstRows(file));
  steps.push({ name: 'first 50 rows, from the start of the engine', ms: first });
  const engine = start(file);
  await ready(engine);
  const arrange = async (spec: ViewSpec): Promise<number> => {
    // Another view each time, so that nothing is known from the time before.
    const begin = performance.now();
    await engine.request('view.set', { view: 2, spec }).result;
    await engine.request('view.rows', { view: 2, from: 0, count: 50 }).result;
    const ms = performance.now() - begin;
    await engine.request('view.close', { view: 2 }).result;
    return ms;
  };
  const part = (text: string, mode: 'substring' | 'glob' | 'regex', ignoreCase = false): KeyFilter => ({
    key: { mode, text, ignoreCase },
  });
  const inValues = (text: string, mode: 'substring' | 'regex' | 'bytes', ignoreCase = false): ViewSpec => ({
    ...EVERYTHING,
    filter: { value: { mode, text, ignoreCase } },
  });
  const wanted: [string, ViewSpec][] = [
    ['filter by substring', { ...EVERYTHING, filter: part(String(keys - 1), 'substring') }],
    ['filter by substring, any case', { ...EVERYTHING, filter: part('PROFILE', 'substring', true) }],
    ['filter by glob', { ...EVERYTHING, filter: part('user:*77:*', 'glob') }],
    ['filter by regular expression', { ...EVERYTHING, filter: part('^user:\\d+7:', 'regex') }],
    ['filter by type', { ...EVERYTHING, filter: { types: ['hash'] } }],
    ['search in values, a text that few have', inValues('player-4242', 'substring')],
    ['search in values, any case', inValues('EXAMPLE.COM', 'substring', true)],
    ['search in values, a number', inValues('12345', 'substring')],
    ['search in values, bytes', inValues('1f 8b 08', 'bytes')],
    ['search in values, a regular expression', inValues('ab+c', 'regex')],
    ['search in values, one with a longer text', inValues('"email":"[a-z]+\\.4242\\d@', 'regex')],
    ['search in values, one without any text', inValues('^\\d{6}$', 'regex')],
    ['sort by size', { ...EVERYTHING, sort: { column: 'size', descending: true } }],
    ['sort by expiry', { ...EVERYTHING, sort: { column: 'expireAt', descending: false } }],
    ['sort by key', { ...EVERYTHING, sort: { column: 'key', descending: false } }],
    ['tree of folders', { ...EVERYTHING, layout: 'tree' }],
  ];
  for (const [name, spec] of wanted) {
    const ms: number[] = [];
    for (let round = 0; round < rounds; round++) ms.push(await arrange(spec));
    steps.push({ name, ms });
  }
  steps.push({ name: 'measure the memory of all keys', ms: await measureMemory(engine, rounds) });
  steps.push({ name: 'a page of rows anywhere', ms: await jumps(engine, keys) });
  for (const { name, ms } of await measureAnalysis(engine, EVERYTHING, keys))
    steps.push({ name: `analysis: ${name}`, ms });
  engine.close();
  return steps;
}

/** Milliseconds to measure all keys, for another server each time. */
async function measureMemory(engine: EngineClient, rounds: number): Promise<number[]> {
  const ms: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const allocator = round % 2 === 0 ? 'libc' : 'jemalloc';
    await engine.request('memory.configure', { target: 'auto', allocator }).result;
    const begin = performance.now();
    await engine.request('memory.measure', {}).result;
    ms.push(performance.now() - begin);
  }
  return ms;
}

/** Milliseconds for a screen of rows at places all over the file. */
async function jumps(engine: EngineClient, keys: number): Promise<number[]> {
  await engine.request('view.set', { view: 3, spec: EVERYTHING }).result;
  const ms: number[] = [];
  for (let i = 0; i < 50; i++) {
    const from = Math.floor((((i * 0.618) % 1) * (keys - 100)) / 100) * 100;
    const begin = performance.now();
    await engine.request('view.rows', { view: 3, from, count: 100 }).result;
    ms.push(performance.now() - begin);
  }
  return ms;
}
