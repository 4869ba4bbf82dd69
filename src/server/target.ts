/** A server that somebody has configured, as it is handed to who works with it: plain data that can be sent to a worker. */
import type { ServerAddress } from './address.js';

/** How servers stand together: alone (or with replicas), as nodes of a cluster, or watched by Sentinels. */
export type ServerMode = 'standalone' | 'cluster' | 'sentinel';

/** Where Sentinels listen that know the primary of a name. */
export interface SentinelTarget {
  readonly masterName: string;
  /** All that were configured; the first that answers counts. */
  readonly addresses: readonly ServerAddress[];
  /** Password of the Sentinels themselves, which is not that of the server. */
  readonly password?: string;
}

/** All that it takes to connect. It holds passwords: it is never written, shown or logged. */
export interface ServerTarget {
  readonly name: string;
  /** Of the server, of any node of the cluster, or of the first Sentinel; database 0. */
  readonly address: ServerAddress;
  readonly password?: string;
  readonly mode: ServerMode;
  /** In mode `sentinel`. */
  readonly sentinel?: SentinelTarget;
  /** Writing to it needs its name to be typed. */
  readonly protected: boolean;
  /** Databases of files, and those of the server that they go to; others keep their number. */
  readonly databases: readonly (readonly [from: number, to: number])[];
}
