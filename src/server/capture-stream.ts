/** The commands of a replication stream as a server writes them into an AOF: whole transactions, nothing of the link itself. */
import { fromLatin1, latin1 } from '../decoder/bytes.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import { writeCommand } from '../decoder/resp/writer.js';

/** What keeps the link alive or is for those who listen; no server has it in its AOF. */
const LINK_COMMANDS = new Set(['PING', 'REPLCONF', 'PUBLISH', 'SPUBLISH']);

/** Turns the stream into the bytes of an AOF. */
export class CaptureStream {
  private decoder: RespDecoder;
  /** Commands of a transaction that is not over. */
  private transaction: Uint8Array[] | undefined;

  /**
   * @param offset replication offset of the first byte.
   * @param db database that the stream begins with.
   * @param write takes whole commands and whole transactions.
   * @param asked called when the primary wants to know the offset.
   */
  constructor(
    offset: number,
    db: number,
    private readonly write: (bytes: Uint8Array) => void,
    private readonly asked: () => void,
  ) {
    this.decoder = this.decoderAt(offset);
    write(writeCommand([fromLatin1('SELECT'), fromLatin1(String(db))]));
  }

  private decoderAt(offset: number): RespDecoder {
    return new RespDecoder((value) => this.take(value), { input: 'requests', offset });
  }

  /** Replication offset behind the last whole command. */
  get offset(): number {
    return this.decoder.offset;
  }

  /** Takes the next bytes. @throws DecodeError if they are no commands. */
  push(bytes: Uint8Array): void {
    this.decoder.push(bytes);
  }

  /** Forgets a command of which only a part has come: after a broken link it comes again. */
  restart(): void {
    this.decoder = this.decoderAt(this.offset);
  }

  private take(value: RespValue): void {
    const argv = argumentsOf(value);
    const name = latin1(argv[0] ?? new Uint8Array(0)).toUpperCase();
    if (LINK_COMMANDS.has(name)) {
      if (name === 'REPLCONF' && latin1(argv[1] ?? new Uint8Array(0)).toUpperCase() === 'GETACK') this.asked();
      return;
    }
    const bytes = writeCommand(argv);
    if (name === 'MULTI') this.transaction = [];
    this.transaction?.push(bytes);
    if (!this.transaction) this.write(bytes);
    else if (name === 'EXEC') {
      for (const command of this.transaction) this.write(command);
      this.transaction = undefined;
    }
  }
}

function argumentsOf(value: RespValue): readonly Uint8Array[] {
  if (value.type === 'inline') return value.arguments;
  return value.type === 'array' ? value.items.flatMap((item) => (item.type === 'bulk' ? [item.bytes] : [])) : [];
}
