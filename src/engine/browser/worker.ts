/** The engine in a web worker: takes the bytes of a file, because there are no positional reads. */
import { MemorySource } from '../../decoder/source.js';
import type { CancelMessage, RequestMessage } from '../../protocol.js';
import { Engine } from '../engine.js';
import { startMemoryChecksum } from '../memory-checksum.js';
import type { EngineStart, WorkerMessage } from '../start.js';

declare const self: DedicatedWorkerGlobalScope;

let engine: Engine | undefined;

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
  if (!('bytes' in start)) {
    send({ failed: 'files can only be read from memory here' });
    return;
  }
  const source = new MemorySource(start.bytes);
  engine = new Engine(
    source,
    true,
    {
      defer,
      now: () => performance.now(),
      checksum: (length, onProgress) => startMemoryChecksum(source, length, onProgress, defer),
      fileState: () => 'same',
      every(ms, callback) {
        const timer = setInterval(callback, ms);
        return () => clearInterval(timer);
      },
    },
    send,
  );
}

function close(): void {
  engine?.close();
  self.close();
}
