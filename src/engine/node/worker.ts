/** The engine in a worker thread of Node: opens files of the local machine, or takes the bytes of one. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { MemorySource } from '../../decoder/source.js';
import type { CancelMessage, RequestMessage } from '../../protocol.js';
import { Engine, type Platform } from '../engine.js';
import { startMemoryChecksum } from '../memory-checksum.js';
import type { EngineStart, WorkerMessage } from '../start.js';
import {
  type ChecksumTask,
  cancelChecksum,
  checksumProgress,
  checksumResult,
  newChecksumTask,
  workOnChecksum,
} from './checksum.js';
import { type FileIdentity, FileSource } from './file-source.js';

/** What a thread of this file is started with: the engine, or a helper for a checksum. */
type ThreadData = { readonly start: EngineStart } | { readonly checksum: ChecksumTask };

function runEngine(start: EngineStart): void {
  const port = parentPort;
  if (!port) return;
  const send = (message: WorkerMessage) => port.postMessage(message);
  let file: FileSource | undefined;
  let engine: Engine;
  try {
    file = 'path' in start ? new FileSource(start.path) : undefined;
    const source = 'path' in start ? (file as FileSource) : new MemorySource(start.bytes);
    engine = new Engine(source, !file, platformOf(file, source), send);
  } catch (error) {
    send({ failed: error instanceof Error ? error.message : String(error) });
    return;
  }
  port.on('message', (message: RequestMessage | CancelMessage | { close: true }) => {
    if ('close' in message) {
      engine.close();
      file?.close();
      port.close();
      return;
    }
    engine.receive(message);
  });
}

function platformOf(file: FileSource | undefined, source: FileSource | MemorySource): Platform {
  return {
    defer: (callback) => setImmediate(callback),
    now: () => performance.now(),
    checksum: (length, onProgress) =>
      file ? startChecksum(file.fd, length, onProgress) : startMemoryChecksum(source, length, onProgress, setImmediate),
    fileState: () => (file ? stateOf(file) : 'same'),
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      return () => clearInterval(timer);
    },
  };
}

/** Compares the open file, and what its path leads to now, with what was opened. */
function stateOf(file: FileSource): 'same' | 'replaced' | 'changed' | 'gone' {
  if (file.changed) return 'changed';
  let there: FileIdentity;
  try {
    const { dev, ino, size, mtimeNs } = statSync(file.path, { bigint: true });
    there = { device: dev, inode: ino, size, modified: mtimeNs };
  } catch {
    return 'gone';
  }
  const same = there.inode === file.identity.inode && there.device === file.identity.device;
  return same ? 'same' : 'replaced';
}

/** Milliseconds between two looks at how far the threads are. */
const PROGRESS_MS = 50;
/** The most threads that compute a checksum; the disk is the limit beyond. */
const THREADS = 4;
/** Files smaller than this are done before a thread has started. */
const THREAD_WORTH = 4 * 1024 * 1024;

function startChecksum(fd: number, length: number, onProgress: (done: number) => void) {
  const task = newChecksumTask(fd, length);
  if (length < THREAD_WORTH) {
    workOnChecksum(task);
    return { result: Promise.resolve(checksumResult(task)), cancel: () => {} };
  }
  const count = Math.min(THREADS, Math.max(1, availableParallelism() - 1));
  const threads = Array.from({ length: count }, () => new Worker(__filename, { workerData: { checksum: task } }));
  const result = new Promise<bigint>((resolve, reject) => {
    let running = count;
    const timer = setInterval(() => {
      const { done, of } = checksumProgress(task);
      onProgress(done / of);
    }, PROGRESS_MS);
    for (const thread of threads) {
      thread.on('error', (error) => {
        clearInterval(timer);
        cancelChecksum(task);
        reject(error);
      });
      thread.on('exit', () => {
        running--;
        if (running > 0) return;
        clearInterval(timer);
        if (checksumProgress(task).done === checksumProgress(task).of) resolve(checksumResult(task));
        else reject(new Error('the checksum was cancelled'));
      });
    }
  });
  // Whoever cancels does not wait for the result.
  result.catch(() => {});
  return { result, cancel: () => cancelChecksum(task) };
}

if (!isMainThread) {
  const data = workerData as ThreadData;
  if ('checksum' in data) workOnChecksum(data.checksum);
  else runEngine(data.start);
}
