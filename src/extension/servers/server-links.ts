/** The servers that are connected, asked how they are as long as somebody looks. */
import * as vscode from 'vscode';
import type { Connection } from '../../server/connection.js';
import { type ConfiguredServer, isSameConnection } from './configured-server.js';
import { serverErrorText } from './connection-errors.js';
import { type ConnectTarget, ServerLink } from './server-link.js';
import type { Servers } from './servers.js';

/** Milliseconds between two looks at a server. */
const LOOK_MS = 2000;

/** A link for each configured server. */
export class ServerLinks implements vscode.Disposable {
  private readonly links = new Map<string, ServerLink>();
  private readonly changed = new vscode.EventEmitter<ServerLink>();
  private readonly listening: vscode.Disposable;
  /** Views that are on the screen. */
  private readonly watchers = new Set<object>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A look is under way, which goes on to the next one by itself. */
  private isLooking = false;
  /** Something about a server is another than before. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly servers: Servers,
    private readonly connectTarget: ConnectTarget,
  ) {
    this.listening = servers.onDidChange(() => this.dropChanged());
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watchers.clear();
    this.listening.dispose();
    for (const link of this.links.values()) link.disconnect();
    this.changed.dispose();
  }

  /** The link of a server; it connects when it is told to. */
  of(server: ConfiguredServer): ServerLink {
    const known = this.links.get(server.name);
    if (known && isSameConnection(known.server, server)) return known;
    const link = new ServerLink(server, this.servers, this.connectTarget, (changed) => this.changed.fire(changed));
    this.links.set(server.name, link);
    // Who hears of the end of the old one asks for the new one.
    known?.disconnect();
    return link;
  }

  /** Connects to a server unless that is done already; says why it cannot. @returns the connection, for short questions. */
  async reach(server: ConfiguredServer): Promise<Connection | undefined> {
    const link = this.of(server);
    await link.connect();
    if (!link.current && link.error !== undefined) void vscode.window.showErrorMessage(serverErrorText(link.error));
    return link.current;
  }

  /** The links there are, in the order of the servers. */
  get all(): readonly ServerLink[] {
    return this.servers.list.flatMap(({ name }) => this.links.get(name) ?? []);
  }

  /** Says whether somebody can see what servers say. While nobody does, they are not asked. */
  watch(watcher: object, watching: boolean): void {
    if (watching) this.watchers.add(watcher);
    else this.watchers.delete(watcher);
    if (this.watchers.size === 0) {
      clearTimeout(this.timer);
      this.timer = undefined;
    } else if (this.timer === undefined && !this.isLooking) {
      void this.look();
    }
  }

  /** Asks all connected servers how they are. */
  async refresh(): Promise<void> {
    const now = Date.now();
    await Promise.all(this.all.map((link) => link.refresh(now)));
  }

  private async look(): Promise<void> {
    this.timer = undefined;
    this.isLooking = true;
    await this.refresh();
    this.isLooking = false;
    if (this.watchers.size > 0) this.timer = setTimeout(() => void this.look(), LOOK_MS);
  }

  /** A server that is somewhere else now, or gone, is not the one that we are connected to. */
  private dropChanged(): void {
    for (const [name, link] of this.links) {
      const server = this.servers.from(name);
      if (server && isSameConnection(server, link.server)) {
        link.server = server;
        continue;
      }
      this.links.delete(name);
      link.disconnect();
    }
  }
}
