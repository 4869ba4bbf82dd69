/** The engine of Node: opens files of the local machine, or takes the bytes of one, and answers to a port. */
import { statSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { convertTextBy } from '../../dataset/ascii-text.js';
import { MemorySource } from '../../decoder/source.js';
import type { CancelMessage, RequestMessage } from '../../protocol.js';
import { AofEngine } from '../aof-engine.js';
import { startChecksum } from '../checksum.js';
import { CompareEngine } from '../compare-engine.js';
import { Engine, type Platform } from '../engine.js';
import { failureText } from '../error-info.js';
import { MemoryAofFiles } from '../memory-aof-files.js';
import { openBytes } from '../memory-file.js';
import { MergeEngine, type MergeFile } from '../merge-engine.js';
import type { AofStart, EngineStart, FileStart, MergeStart, WorkerMessage } from '../start.js';
import { NodeAofFiles } from './aof-files.js';
import { brotli } from './brotli.js';
import { type FileIdentity, FileSource } from './file-source.js';
import { nodeOutput } from './output.js';

/** An engine of either kind, and how its files are closed. */
interface RunningEngine {
  receive(message: RequestMessage | CancelMessage): void;
  close(): void;
}

/** Runs an engine until it is told to close, which closes the port, too. */
export function serveEngine(start: EngineStart, port: MessagePort): void {
  const send = (message: WorkerMessage) => port.postMessage(message);
  convertTextBy((bytes, end) => Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1'));
  let engine: RunningEngine;
  try {
    engine = openEngine(start, send);
  } catch (error) {
    send({ failed: failureText(error) });
    return;
  }
  port.on('message', (message: RequestMessage | CancelMessage | { close: true }) => {
    if ('close' in message) {
      engine.close();
      port.close();
      return;
    }
    engine.receive(message);
  });
}

function openEngine(start: EngineStart, send: (message: WorkerMessage) => void): RunningEngine {
  if ('aof' in start) return openAofEngine(start.aof, send);
  if ('compare' in start) return openCompareEngine(start.compare, send);
  if ('merge' in start) return openMergeEngine(start.merge, send);
  return openRdbEngine(start, send);
}

function openCompareEngine(
  { left, right }: { readonly left: FileStart; readonly right: FileStart },
  send: (message: WorkerMessage) => void,
): RunningEngine {
  const first = openCompared(left);
  try {
    return new CompareEngine({ left: first, right: openCompared(right) }, CLOCK, send);
  } catch (error) {
    first.close();
    throw error;
  }
}

function openCompared(start: FileStart): Omit<MergeFile, 'name'> {
  if ('bytes' in start) return openBytes(start.bytes, setImmediate);
  const file = new FileSource(start.path);
  return {
    source: file,
    changed: () => file.changed,
    checksum: (length) => startChecksum(file, length, () => {}, setImmediate),
    holds: (path) => isFile(path, file),
    close: () => file.close(),
  };
}

function openMergeEngine(starts: readonly MergeStart[], send: (message: WorkerMessage) => void): RunningEngine {
  const opened: MergeFile[] = [];
  try {
    for (const { name, file } of starts) opened.push({ name, ...openCompared(file) });
    return new MergeEngine(opened, CLOCK, nodeOutput, send);
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}

function openRdbEngine(start: FileStart, send: (message: WorkerMessage) => void) {
  const file = 'path' in start ? new FileSource(start.path) : undefined;
  const source = 'path' in start ? (file as FileSource) : new MemorySource(start.bytes);
  const engine = new Engine(source, !file, platformOf(file, source), send);
  return {
    receive: (message: RequestMessage | CancelMessage) => engine.receive(message),
    close: () => {
      engine.close();
      file?.close();
    },
  };
}

function openAofEngine(start: AofStart, send: (message: WorkerMessage) => void): RunningEngine {
  const open = () =>
    'path' in start ? new NodeAofFiles(start.path) : new MemoryAofFiles(start.name, start.files, setImmediate);
  return new AofEngine({ ...CLOCK, open, output: nodeOutput }, send);
}

/** How work is deferred and repeated, and what is brought for strings. */
const CLOCK = {
  decoders: [brotli],
  defer: (callback: () => void) => void setImmediate(callback),
  now: () => performance.now(),
  every(ms: number, callback: () => void) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};

function platformOf(file: FileSource | undefined, source: FileSource | MemorySource): Platform {
  return {
    ...CLOCK,
    checksum: (length, onProgress) => startChecksum(source, length, onProgress, setImmediate),
    fileState: () => (file ? stateOf(file) : 'same'),
    output: nodeOutput,
    holds: (path) => file !== undefined && isFile(path, file),
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

/** True if a path leads to the open file. */
function isFile(path: string, { identity }: FileSource): boolean {
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  return there !== undefined && there.ino === identity.inode && there.dev === identity.device;
}
