/** Where a replica is waited for: who connects that is not the server that was told to gets nothing. */
import type { ServerError } from './errors.js';
import { PrimaryLink } from './primary-link.js';
import type { Transport } from './transport.js';

/** Something that listens. */
export interface PrimaryListener {
  readonly port: number;
  /** Set before anybody connects. @param peer address of who connects. */
  connected: (transport: Transport, peer: string | undefined) => void;
  /** Takes no more connections; those that there are stay. */
  close(): void;
}

/** What the server is known by that is waited for. */
export interface AwaitedReplica {
  /** The address that it has to come from; undefined if it may have another one. */
  readonly peer: string | undefined;
  /** The replication id that it has to name, which no stranger knows; undefined for servers that have none. */
  readonly replid: string | undefined;
}

/** Connections that are waited for at once until they have asked for the data. */
const CANDIDATES = 8;

/** Why nobody was let in. */
export interface ClosedDoor {
  /** Addresses that were turned away, the last ones. */
  readonly turnedAway: readonly string[];
  /** Somebody began to speak TLS. */
  readonly tls: boolean;
}

/** Lets in one replica. */
export class PrimaryDoor {
  private readonly candidates = new Set<PrimaryLink>();
  private readonly turned = new Set<string>();
  private tls = false;
  private let: ((link: PrimaryLink) => void) | undefined;
  /** The replica that was let in. */
  readonly replica: Promise<PrimaryLink>;

  constructor(
    private readonly listener: PrimaryListener,
    private readonly awaited: AwaitedReplica,
  ) {
    this.replica = new Promise((resolve) => {
      this.let = resolve;
    });
    listener.connected = (transport, peer) => this.knock(transport, peer);
  }

  /** Who was turned away until now. */
  get state(): ClosedDoor {
    return { turnedAway: [...this.turned], tls: this.tls };
  }

  /** True while somebody is there who may be the server. */
  get isAnybodyThere(): boolean {
    return this.candidates.size > 0;
  }

  /** Takes nobody any more. */
  close(): void {
    this.let = undefined;
    this.listener.close();
    for (const link of this.candidates) link.close();
    this.candidates.clear();
  }

  private knock(transport: Transport, peer: string | undefined): void {
    const { awaited } = this;
    const stranger = awaited.peer !== undefined && peer !== awaited.peer;
    if (!this.let || stranger || this.candidates.size >= CANDIDATES) {
      if (peer !== undefined && this.turned.size < CANDIDATES) this.turned.add(peer);
      transport.close();
      return;
    }
    const link = new PrimaryLink(transport);
    this.candidates.add(link);
    link.asked.then(
      ({ replid }) => {
        this.candidates.delete(link);
        if (this.let && replid === awaited.replid) {
          this.let(link);
          this.close();
          return;
        }
        if (peer !== undefined) this.turned.add(peer);
        link.close();
      },
      (_: ServerError) => {
        this.tls ||= link.speaksTls;
        this.candidates.delete(link);
      },
    );
  }
}
