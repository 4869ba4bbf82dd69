/** The engine in a web worker: takes the bytes of a file, because there are no positional reads. */
import { MemorySource } from '../../decoder/source.js';
import type { CancelMessage, RequestMessage } from '../../protocol.js';
import { AofEngine } from '../aof-engine.js';
import { startChecksum } from '../checksum.js';
import { CompareEngine } from '../compare-engine.js';
import { Engine, type Platform } from '../engine.js';
import { failureText } from '../error-info.js';
import { MemoryAofFiles } from '../memory-aof-files.js';
import { openBytes } from '../memory-file.js';
import { MergeEngine } from '../merge-engine.js';
import type { EngineStart, FileStart, WorkerMessage } from '../start.js';

declare const self: DedicatedWorkerGlobalScope;

type AnyEngine = Engine | AofEngine | CompareEngine | MergeEngine;

let engine: AnyEngine | undefined;

/** Delivers messages that wait before the callback runs, without the delay that timers have. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const defer = (callback: () => void) => {
  waiting.push(callback);
  channel.port2.postMessage(null);
};

self.onmessage = ({
  data,
}: MessageEvent<{ start: EngineStart } | RequestMessage | CancelMessage | { close: true }>) => {
  if ('start' in data) open(data.start);
  else if ('close' in data) close();
  else engine?.receive(data);
};

function open(start: EngineStart): void {
  const send = (message: WorkerMessage) => self.postMessage(message);
  try {
    engine = makeEngine(start, send);
  } catch (error) {
    send({ failed: failureText(error) });
  }
}

/** How work is deferred and repeated, and what is brought for strings. */
const CLOCK = {
  decoders: [],
  defer,
  now: () => performance.now(),
  every(ms: number, callback: () => void) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};

function makeEngine(start: EngineStart, send: (message: WorkerMessage) => void): AnyEngine {
  if ('aof' in start) {
    const { aof } = start;
    if (!('files' in aof)) throw new Error(ONLY_MEMORY);
    return new AofEngine({ ...CLOCK, open: () => new MemoryAofFiles(aof.name, aof.files, defer), output: null }, send);
  }
  if ('compare' in start) {
    const { left, right } = start.compare;
    return new CompareEngine({ left: opened(left), right: opened(right) }, CLOCK, send);
  }
  if ('merge' in start) {
    const files = start.merge.map(({ name, file }) => ({ name, ...opened(file) }));
    return new MergeEngine(files, CLOCK, null, send);
  }
  if (!('bytes' in start)) throw new Error(ONLY_MEMORY);
  const source = new MemorySource(start.bytes);
  const platform: Platform = {
    ...CLOCK,
    checksum: (length, onProgress) => startChecksum(source, length, onProgress, defer),
    fileState: () => 'same',
    output: null,
    holds: () => false,
  };
  return new Engine(source, true, platform, send);
}

function opened(start: FileStart) {
  if (!('bytes' in start)) throw new Error(ONLY_MEMORY);
  return openBytes(start.bytes, defer);
}

const ONLY_MEMORY = 'files can only be read from memory here';

function close(): void {
  engine?.close();
  self.close();
}
