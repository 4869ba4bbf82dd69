/** The connection to a server that is being watched: what it last said of itself, and why it cannot be reached. */
import { askCluster, type ClusterOverview } from '../../server/cluster-overview.js';
import type { Connection } from '../../server/connection.js';
import { ServerError, type ServerErrorCode } from '../../server/errors.js';
import { LagHistory } from '../../server/lag-history.js';
import { askOverview, type ServerOverview } from '../../server/overview.js';
import type { ServerTarget } from '../../server/target.js';
import type { ConfiguredServer } from './configured-server.js';
import type { Servers } from './servers.js';

/** Opens a connection as the user of the target. Rejects with ServerError. */
export type ConnectTarget = (target: ServerTarget) => Promise<Connection>;

export type LinkState = 'idle' | 'connecting' | 'connected' | 'failed';

/** Milliseconds until a lost server is tried again: at first, and at most. */
const RETRY_MS = 2000;
const RETRY_LIMIT_MS = 30_000;

/** Failures that pass by themselves. */
const PASSING: ReadonlySet<ServerErrorCode> = new Set([
  'unreachable',
  'closed',
  'timeout',
  'connect-timeout',
  'sentinel-role',
]);

/** How often servers were begun with or left. */
let stays = 0;

/** A server, connected or not. */
export class ServerLink {
  state: LinkState = 'idle';
  overview: ServerOverview | undefined;
  /** Of a node of a cluster. */
  cluster: ClusterOverview | undefined;
  /** Why it is failed; while it is connected, why it says nothing of itself. */
  error: unknown;
  lag = new LagHistory();
  /**
   * Another number each time that it is left, and of each link: a server that is open in the view is closed by that,
   * and not connected anew.
   */
  stay = ++stays;
  private connection: Connection | undefined;
  private connecting: Promise<void> | undefined;
  private retryMs = RETRY_MS;
  /** When to try again by itself; undefined if only the user can. */
  private retryAt: number | undefined;
  /** Counts connections that were wanted: an answer to an earlier wish is none any more. */
  private wish = 0;

  /** @param onChange is told of every change of what can be seen. */
  constructor(
    public server: ConfiguredServer,
    private readonly servers: Servers,
    private readonly connectTarget: ConnectTarget,
    private readonly onChange: (link: ServerLink) => void,
  ) {}

  /** Connects unless that is done already, and asks for the password where it takes one. Never rejects: the state tells. */
  connect(): Promise<void> {
    if (this.connection) return Promise.resolve();
    this.connecting ??= this.open(true).finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async open(asking: boolean): Promise<void> {
    const wish = ++this.wish;
    this.set('connecting');
    try {
      const connection = asking
        ? await this.servers.withPassword(this.server, this.connectTarget)
        : await this.connectTarget(await this.servers.targetOf(this.server));
      if (wish !== this.wish) connection?.close();
      else if (!connection) this.set('idle');
      else {
        this.connection = connection;
        await this.look(connection);
      }
    } catch (error) {
      if (wish === this.wish) this.fail(error);
    }
  }

  disconnect(): void {
    this.wish++;
    this.connection?.close();
    this.connection = undefined;
    this.overview = undefined;
    this.error = undefined;
    this.retryAt = undefined;
    this.lag = new LagHistory();
    this.set('idle');
  }

  /** Asks the server how it is, or tries to reach it again if it is time for that. */
  async refresh(now: number): Promise<void> {
    if (this.connecting) return;
    const { connection } = this;
    if (connection) {
      await this.look(connection);
    } else if (this.state === 'failed' && this.retryAt !== undefined && now >= this.retryAt) {
      this.connecting = this.open(false).finally(() => {
        this.connecting = undefined;
      });
      await this.connecting;
    }
  }

  /** The connection, for questions that are answered at once; undefined while there is none. */
  get current(): Connection | undefined {
    return this.connection;
  }

  private async look(connection: Connection): Promise<void> {
    try {
      const overview = await askOverview(connection);
      const cluster = overview.mode === 'cluster' ? await askCluster(connection) : undefined;
      if (connection !== this.connection) return;
      const { mode, masterName } = this.server;
      // After a failover the Sentinels know where the primary is now.
      if (mode === 'sentinel' && overview.role === 'replica') {
        throw new ServerError('sentinel-role', connection.address, masterName ?? '', overview.role);
      }
      this.overview = overview;
      this.cluster = cluster;
      this.error = undefined;
      this.lag.add(overview, Date.now());
      this.retryMs = RETRY_MS;
      this.set('connected');
    } catch (error) {
      if (connection !== this.connection) return;
      if (!(error instanceof ServerError) || error.code !== 'reply') {
        this.fail(error);
        return;
      }
      // A user who may not ask for INFO can do other things.
      this.overview = undefined;
      this.error = error;
      this.set('connected');
    }
  }

  private fail(error: unknown): void {
    this.connection?.close();
    this.connection = undefined;
    this.error = error;
    // What a person has to mend is not tried again and again.
    const passes = error instanceof ServerError && PASSING.has(error.code);
    this.retryAt = passes ? Date.now() + this.retryMs : undefined;
    this.retryMs = Math.min(this.retryMs * 2, RETRY_LIMIT_MS);
    this.set('failed');
  }

  private set(state: LinkState): void {
    if (state === 'idle' && this.state !== 'idle') this.stay = ++stays;
    this.state = state;
    this.onChange(this);
  }
}
