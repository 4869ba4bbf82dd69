/**
 * A restore of a whole file by replication: the server is told that we are its primary, loads the file from us as it is,
 * and is told that it is a primary itself again. Whatever happens in between, that is the last thing it is told.
 */
import type { ByteSource } from '../decoder/source.js';
import type { ServerAddress } from './address.js';
import { type Connection, errorText } from './connection.js';
import { ServerError } from './errors.js';
import type { DatabaseKeys } from './first-keys.js';
import { PatientConnection } from './patient-connection.js';
import { PrimaryDoor, type PrimaryListener } from './primary-door.js';
import type { PrimaryLink } from './primary-link.js';
import type { LoadableFile } from './replication-contents.js';
import { ReplicationError } from './replication-errors.js';
import { checkEmpty, checkState, type ReplicationState, stateOf, tryLibraries } from './replication-target.js';

/** What a restore by replication runs with. */
export interface ReplicationTools {
  readonly source: ByteSource;
  readonly file: LoadableFile;
  /** A connection to the server; it is used up. */
  readonly control: Connection;
  readonly address: ServerAddress;
  connect(address: ServerAddress): Promise<Connection>;
  /** REPLICAOF, or SLAVEOF where it is not known by that name. */
  readonly command: string;
  /** Where the server finds us. */
  readonly host: string;
  /** The address that it has to come from; undefined if it may have another one. */
  readonly peer: string | undefined;
  listen(): Promise<PrimaryListener>;
  /** 40 hexadecimal digits that nobody can guess. */
  readonly replid: string;
  pause(ms: number): Promise<void>;
  /** False when the file has changed since it was looked at. */
  intact(): boolean;
  readonly progress?: (progress: ReplicationProgress) => void;
  /** Breaks it off. What is loaded from a file of the server by then is loaded to its end. */
  readonly signal: AbortSignal;
  /** Waits no longer for that: how the server is left is not known then. */
  readonly giveUp: AbortSignal;
  /** Seconds in which the server has to connect. */
  readonly connectSeconds?: number;
  /** Seconds in which it has to say that it is a primary again, those that it needs to load what it has not counted. */
  readonly endSeconds?: number;
}

/** How far it is. */
export type ReplicationProgress =
  | { readonly phase: 'sending'; readonly sent: number }
  | { readonly phase: 'loading'; readonly percent: number | undefined }
  | { readonly phase: 'ending' };

/** How the server was left. */
export interface LeftServer {
  /** What it calls itself; `unknown` if it did not say so any more. */
  readonly role: 'primary' | 'replica' | 'unknown';
  /** What it holds; undefined if it did not say so any more. */
  readonly databases: readonly DatabaseKeys[] | undefined;
  readonly libraries: number | undefined;
  readonly aofRewriting: boolean;
}

/** What came of it. */
export interface ReplicationReport {
  /** Keys of the file, and those that the server had when it had loaded it; 0 if it has not. */
  readonly keys: number;
  readonly restored: number;
  /** Keys of the file whose time was over: the server loads them, and deletes them as a primary. */
  readonly expired: number;
  /** Function libraries that the server had when it had loaded the file. */
  readonly functions: number;
  /** Keys by database, of the file and of the server when it had loaded it. */
  readonly databases: readonly { readonly db: number; readonly keys: number; readonly restored: number }[];
  /** True if the server had what the file holds. */
  readonly equal: boolean;
  readonly bytes: number;
  readonly sent: number;
  /** Why it did not come to the end, and whether that was wanted. */
  readonly stopped?: string;
  readonly interrupted: boolean;
  readonly left: LeftServer;
}

const CONNECT_SECONDS = 5;
/** Seconds for the first words of a server that has connected, and for what it says at the end. */
const WORDS_SECONDS = 30;
const END_SECONDS = 10;
/** Milliseconds between two looks at a server: at first, and for long. */
const LOOK_MS = 10;
const LONG_LOOK_MS = 50;

/** The reason why it does not go on after the server was told to be a replica. */
class Broken extends Error {
  override readonly name = 'Broken';

  constructor(
    message: string,
    readonly interrupted = false,
  ) {
    super(message);
  }
}

/**
 * Restores.
 *
 * @returns what was done, also if it was broken off in the middle.
 * @throws ReplicationError, ServerError if nothing was changed.
 */
export async function restoreByReplication(tools: ReplicationTools): Promise<ReplicationReport> {
  return new ReplicationRun(tools).all();
}

class ReplicationRun {
  private readonly target: PatientConnection;
  private link: PrimaryLink | undefined;
  private loaded: ReplicationState | undefined;
  /** True as soon as the server may have heard that it is a replica. */
  private told = false;

  constructor(private readonly tools: ReplicationTools) {
    const { control, address, connect } = tools;
    this.target = new PatientConnection(control, () => connect(address));
  }

  async all(): Promise<ReplicationReport> {
    const { tools, target } = this;
    const { address } = target;
    checkState(await stateOf(target), address);
    await tryLibraries(tools.control, tools.file.libraries);
    const before = await stateOf(target);
    checkState(before, address);
    const listener = await tools.listen();
    const door = new PrimaryDoor(listener, { peer: tools.peer, replid: before.replid });
    let broken: Broken | undefined;
    try {
      if (tools.signal.aborted) throw new ReplicationError('interrupted');
      await this.become(listener.port);
      await this.load(door, listener.port);
    } catch (error) {
      if (!this.told) {
        door.close();
        target.close();
        throw error;
      }
      // Whatever it was: how the server was left has to be told with it.
      broken = error instanceof Broken ? error : new Broken(error instanceof Error ? error.message : String(error));
    }
    door.close();
    const left = await this.end();
    this.link?.close();
    target.close();
    return this.report(left, broken);
  }

  /** Tells the server to be a replica. @throws ReplicationError if it refuses that; ServerError if it is not known whether it has heard. */
  private async become(port: number): Promise<void> {
    const { tools, target } = this;
    this.told = true;
    const refusal = errorText(await target.ask(tools.command, tools.host, port));
    if (refusal === undefined) return;
    this.told = false;
    throw new ReplicationError('command', target.address, `${tools.command} ${tools.host} ${port}`, refusal);
  }

  /** Everything between the server's being told that it is a replica, and its having loaded the file. */
  private async load(door: PrimaryDoor, port: number): Promise<void> {
    const { tools } = this;
    const { source, file, replid } = tools;
    this.link = await this.accepted(door, port);
    // What others have written before it was a replica would be lost now.
    const state = await stateOf(this.target);
    if (state.role !== 'slave' || state.primaryPort !== port) throw new Broken('somebody else told it to do otherwise');
    checkEmpty(state, this.target.address);
    if (!state.readOnly) throw new ReplicationError('writable', this.target.address);
    const stop = () => this.link?.close();
    tools.signal.addEventListener('abort', stop);
    try {
      if (tools.signal.aborted) stop();
      await this.link.send({
        source,
        bytes: file.bytes,
        replid,
        intact: () => tools.intact(),
        progress: (sent) => tools.progress?.({ phase: 'sending', sent }),
      });
    } catch (error) {
      if (tools.signal.aborted) throw interrupted();
      if (error instanceof ServerError) throw new Broken(`the server has ended the link after ${this.link.sent} bytes`);
      if (error instanceof RangeError) throw new Broken('the file was overwritten while it was sent');
      throw error;
    } finally {
      tools.signal.removeEventListener('abort', stop);
    }
    this.loaded = await this.untilLoaded(this.link);
  }

  /** The link of the server. @throws Broken if it does not come. */
  private async accepted(door: PrimaryDoor, port: number): Promise<PrimaryLink> {
    const { tools } = this;
    const { connectSeconds = CONNECT_SECONDS } = tools;
    const began = Date.now();
    for (let ms = LOOK_MS; ; ms = Math.min(LONG_LOOK_MS, 2 * ms)) {
      const link = await Promise.race([door.replica, tools.pause(ms)]);
      if (link) return link;
      const waited = (Date.now() - began) / 1000;
      if (tools.signal.aborted) throw interrupted();
      const { tls, turnedAway } = door.state;
      if (tls) throw new Broken('it speaks TLS to its primary (tls-replication yes), which is not offered here');
      if (waited < connectSeconds || (door.isAnybodyThere && waited < WORDS_SECONDS)) continue;
      const others = turnedAway.length > 0 ? `; turned away were connections of ${turnedAway.join(', ')}` : '';
      const where = `${tools.host.includes(':') ? `[${tools.host}]` : tools.host}:${port}`;
      throw new Broken(
        `it did not connect to ${where} within ${connectSeconds} s${others}. If it reaches this machine by another address, give that with --listen HOST[:PORT]`,
      );
    }
  }

  /** Waits until the server has loaded the file. @returns what it says then. @throws Broken */
  private async untilLoaded(link: PrimaryLink): Promise<ReplicationState> {
    const { tools } = this;
    for (let ms = LOOK_MS; ; ms = Math.min(LONG_LOOK_MS, 2 * ms)) {
      const ended = link.failure;
      let state: ReplicationState | undefined;
      try {
        state = await stateOf(this.target);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        // As long as the link is whole, it is only busy.
        if (ended) throw new Broken('the server was lost while it loaded the file');
      }
      if (state && !state.loading) {
        if (state.role !== 'slave') throw new Broken('somebody else told it to do otherwise');
        if (state.linkUp) return state;
        if (ended) throw new Broken('the link ended before the server had loaded the file; its log says why');
      }
      if (tools.signal.aborted) throw interrupted();
      tools.progress?.({ phase: 'loading', percent: state?.loadedPercent });
      await Promise.race([tools.pause(ms), tools.signal.aborted ? undefined : endOf(link)]);
    }
  }

  /** Tells the server that it is a primary, until it says so itself. */
  private async end(): Promise<LeftServer> {
    const { tools } = this;
    const { endSeconds = END_SECONDS } = tools;
    let until = Date.now() + endSeconds * 1000;
    let last: ReplicationState | undefined;
    const givenUp = whenAborted(tools.giveUp);
    for (let ms = LOOK_MS; ; ms = Math.min(LONG_LOOK_MS, 2 * ms)) {
      last = await Promise.race([this.promoted(), givenUp]);
      if (last?.role === 'master' && !last.loading) break;
      // What is loaded from a file is loaded to its end before the server hears that.
      if (last?.loading) until = Date.now() + endSeconds * 1000;
      // From a link that is cut nothing more is loaded.
      this.link?.close();
      if (Date.now() >= until || tools.giveUp.aborted) break;
      tools.progress?.({ phase: 'ending' });
      await tools.pause(ms);
    }
    return {
      role: last === undefined ? 'unknown' : last.role === 'master' ? 'primary' : 'replica',
      databases: last?.loading ? undefined : last?.databases,
      libraries: last?.loading ? undefined : last?.libraries,
      aofRewriting: last?.aofRewriting ?? false,
    };
  }

  /** Tells the server that it is a primary. @returns what it says then; undefined if it says nothing. */
  private async promoted(): Promise<ReplicationState | undefined> {
    try {
      await this.target.ask(this.tools.command, 'NO', 'ONE');
      return await stateOf(this.target);
    } catch (error) {
      if (error instanceof ServerError) return undefined;
      throw error;
    }
  }

  private report(left: LeftServer, broken: Broken | undefined): ReplicationReport {
    const { file } = this.tools;
    const there = new Map(this.loaded?.databases.map(({ db, keys }) => [db, keys]));
    const numbers = new Set([...file.databases.map(({ db }) => db), ...there.keys()]);
    const databases = [...numbers].map((db) => ({
      db,
      keys: file.databases.find((of) => of.db === db)?.keys ?? 0,
      restored: there.get(db) ?? 0,
    }));
    const functions = this.loaded?.libraries ?? 0;
    return {
      keys: file.keys,
      restored: databases.reduce((sum, { restored }) => sum + restored, 0),
      expired: file.expired,
      functions,
      databases,
      equal: databases.every(({ keys, restored }) => keys === restored) && functions === file.libraries.length,
      bytes: file.bytes,
      sent: this.link?.sent ?? 0,
      ...(broken ? { stopped: broken.message } : {}),
      interrupted: broken?.interrupted ?? false,
      left,
    };
  }
}

function interrupted(): Broken {
  return new Broken('it was interrupted', true);
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function endOf(link: PrimaryLink): Promise<void> {
  if (link.failure) return new Promise(() => {});
  return new Promise((resolve) => {
    link.ended = resolve;
  });
}
