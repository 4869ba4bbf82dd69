/** A connection to a server that is busy for long, or closes what was open: it is made anew where it was lost. */
import type { RespValue } from '../decoder/resp/values.js';
import { type Argument, type Connection, errorText } from './connection.js';
import { ServerError } from './errors.js';

/** Asks a server, on a new connection if the last one is gone. */
export class PatientConnection {
  private current: Connection | undefined;

  /** @param connect opens another one. */
  constructor(
    first: Connection,
    private readonly connect: () => Promise<Connection>,
  ) {
    this.current = first;
    this.address = first.address;
  }

  readonly address: string;

  /** Runs a command; after a lost connection once more, so that only such are asked that do no harm twice. @throws ServerError */
  async ask(...argv: readonly Argument[]): Promise<RespValue> {
    if (this.current) {
      try {
        return await this.current.ask(...argv);
      } catch (error) {
        this.drop(error);
      }
    }
    this.current = await this.connect();
    try {
      return await this.current.ask(...argv);
    } catch (error) {
      throw this.drop(error);
    }
  }

  /** As {@link ask}. @throws ServerError `reply` for an error reply, too. */
  async command(...argv: readonly Argument[]): Promise<RespValue> {
    const value = await this.ask(...argv);
    const error = errorText(value);
    if (error !== undefined) throw new ServerError('reply', this.address, String(argv[0]), error);
    return value;
  }

  close(): void {
    this.current?.close();
    this.current = undefined;
  }

  private drop(error: unknown): unknown {
    if (!(error instanceof ServerError)) throw error;
    this.close();
    return error;
  }
}
