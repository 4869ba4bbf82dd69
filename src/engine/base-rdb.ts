/** The RDB that a part of an AOF is, or begins with: an engine of its own, which answers the requests of the RDB editor. */
import { SliceSource } from '../decoder/rdb/string.js';
import type { MemoryChoice } from '../memory-protocol.js';
import type { AnswerMessage, CancelMessage, EventMessage, RequestMessage } from '../protocol.js';
import type { AofContent } from './aof-content.js';
import type { AofPlatform } from './aof-files.js';
import { Engine } from './engine.js';
import { NoSuchPartError } from './value-sessions.js';

/** The engine of the RDB of a part. */
export class BaseRdb {
  private readonly engine: Engine;

  /**
   * @param content the files that hold the part; they have to stay open.
   * @throws NoSuchPartError if the part holds no RDB, or is not scanned so far.
   */
  constructor(
    readonly content: AofContent,
    readonly part: number,
    platform: AofPlatform,
    send: (message: AnswerMessage | EventMessage) => void,
    memory: MemoryChoice | undefined,
  ) {
    const bytes = content.scan.parts[part]?.rdbBytes ?? 0;
    const source = content.files(part);
    if (bytes === 0 || !source) throw new NoSuchPartError(`RDB of part ${part}`);
    this.engine = new Engine(
      new SliceSource(source, 0, bytes),
      content.opened.inMemory,
      {
        defer: (callback) => platform.defer(callback),
        now: () => platform.now(),
        every: (ms, callback) => platform.every(ms, callback),
        checksum: (length, onProgress) => content.opened.checksum(part, length, onProgress),
        // The engine of the AOF looks after its files, and says so.
        fileState: () => 'same',
        decoders: platform.decoders,
        output: null,
        holds: () => false,
      },
      send,
    );
    if (memory) this.engine.chooseMemory(memory);
  }

  receive(message: RequestMessage | CancelMessage): void {
    this.engine.receive(message);
  }

  close(): void {
    this.engine.close();
  }
}
