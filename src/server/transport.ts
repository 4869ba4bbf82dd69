/** The stream of bytes to a server and back: the one seam between this room and sockets. */
import type { ServerError } from './errors.js';

/** What a stream tells. All of it comes asynchronously, in order. */
export interface TransportListener {
  /** True if bytes that come are needed only during the call: they need not be the listener's own. */
  readonly borrows?: boolean;
  /** Bytes came. */
  data(bytes: Uint8Array): void;
  /** There is room again after {@link Transport.write} returned false. */
  drained(): void;
  /** The stream has ended; nothing follows. @param error why, if it was not us. */
  closed(error: ServerError): void;
}

/** An open stream. */
export interface Transport {
  /** Where it leads, for messages. */
  readonly address: string;
  /** Who listens; can be set anew at any time. */
  listener: TransportListener;
  /**
   * Sends bytes, which must not be changed before `sent` was called.
   *
   * @param sent called when the system has taken them, or the stream has ended.
   * @returns false if more should wait for {@link TransportListener.drained}.
   */
  write(bytes: Uint8Array, sent?: () => void): boolean;
  /** Holds back what comes, or lets it come again. */
  pause(): void;
  resume(): void;
  /** Ends the stream; the listener hears nothing of it. */
  close(): void;
}
