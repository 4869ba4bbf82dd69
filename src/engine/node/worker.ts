/** The engine in a worker thread of Node. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { EngineStart } from '../start.js';
import { serveEngine } from './serve.js';

if (!isMainThread && parentPort) serveEngine((workerData as { readonly start: EngineStart }).start, parentPort);
