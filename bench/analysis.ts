/** The questions of the Analysis tab over all keys of a file, and how long a page of rows takes while they are answered. */
import { performance } from 'node:perf_hooks';
import { DEFAULT_FINDING_LIMITS } from '../src/dataset/analysis/findings/finding.js';
import type { EngineClient } from '../src/engine/client.js';
import type { Params, RequestKind, ViewSpec } from '../src/protocol.js';
import type { Step } from './engine.js';

/** Milliseconds between two looks at the grid. */
const PAUSE_MS = 20;

/** Asks everything as the tab does, once: what is known is not counted again. @param keys of the file. */
export async function measureAnalysis(engine: EngineClient, spec: ViewSpec, keys: number): Promise<Step[]> {
  const steps: Step[] = [];
  const pages: number[] = [];
  await engine.request('view.set', { view: 4, spec }).result;
  let asking = true;
  const looking = (async () => {
    for (let i = 0; asking; i++) {
      const from = Math.floor((((i * 0.618) % 1) * (keys - 100)) / 100) * 100;
      const begin = performance.now();
      await engine.request('view.rows', { view: 4, from, count: 50 }).result;
      pages.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  const ask = async <Kind extends RequestKind>(name: string, kind: Kind, params: Params<Kind>): Promise<void> => {
    const begin = performance.now();
    await engine.request(kind, params).result;
    steps.push({ name, ms: [performance.now() - begin] });
  };
  const filter = {};
  const separator = ':';
  const limits = DEFAULT_FINDING_LIMITS;
  await ask('memory', 'keyspace.memory', {});
  await ask('namespaces', 'keyspace.namespaces', {
    filter,
    separator,
    path: [],
    by: 'memory',
    limit: 60,
    innerLimit: 24,
  });
  await ask('types', 'keyspace.types', { filter });
  await ask('sizes', 'keyspace.sizes', { filter, by: 'memory' });
  await ask('expiry', 'keyspace.expiry', { filter });
  await ask('biggest keys', 'keyspace.biggest', { filter, by: 'memory', among: {}, limit: 100 });
  await ask('longest elements', 'keyspace.biggest', { filter, by: 'longest', among: {}, limit: 100 });
  await ask('slots', 'keyspace.slots', { filter });
  await ask('streams', 'keyspace.streams', { filter });
  await ask('findings, the rest', 'keyspace.findings', { filter, separator, limits });
  asking = false;
  await looking;
  pages.sort((a, b) => a - b);
  steps.push({ name: 'a page of rows meanwhile (median)', ms: [pages[pages.length >> 1] ?? 0] });
  steps.push({ name: 'a page of rows meanwhile (longest)', ms: [pages.at(-1) ?? 0] });
  return steps;
}
