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
  /** Exports that are not answered yet. */
  private readonly exports = new Set<number>();
  /** True if it is not, or not any more, the one that is shown: what it tells of itself is for nobody. */
  private hidden: boolean;
  private closing = false;

  /**
   * @param content the files that hold the part; they have to stay open until it has ended.
   * @param aside true if nobody is shown it.
   * @throws NoSuchPartError if the part holds no RDB, or is not scanned so far.
   */
  constructor(
    readonly content: AofContent,
    readonly part: number,
    platform: AofPlatform,
    send: (message: AnswerMessage | EventMessage) => void,
    memory: MemoryChoice | undefined,
    aside: boolean,
    private readonly onEnd: (rdb: BaseRdb) => void,
  ) {
    this.hidden = aside;
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
        output: platform.output,
        holds: (path) => content.opened.holds(path),
      },
      (message) => {
        if ('event' in message && message.event !== 'progress' && this.hidden) return;
        send(message);
        if ('id' in message && !('event' in message) && this.exports.delete(message.id)) this.endIfIdle();
      },
    );
    if (memory) this.engine.chooseMemory(memory);
  }

  receive(message: RequestMessage | CancelMessage): void {
    if ('request' in message && message.request.startsWith('export.')) this.exports.add(message.id);
    this.engine.receive(message);
  }

  /** Another one is shown in its place: what it still exports is finished. */
  close(): void {
    this.closing = true;
    this.hidden = true;
    this.endIfIdle();
  }

  private endIfIdle(): void {
    if (this.closing && this.exports.size === 0) this.end();
  }

  /** Stops everything; nothing is answered any more. */
  end(): void {
    this.engine.close();
    this.onEnd(this);
  }
}
