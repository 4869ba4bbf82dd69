/** The servers that are connected, asked how they are as long as somebody looks. */
import * as vscode from 'vscode';
import type { ConfiguredServer } from './configured-server.js';
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
    if (known && same(known.server, server)) return known;
    known?.disconnect();
    const link = new ServerLink(server, this.servers, this.connectTarget, (changed) => this.changed.fire(changed));
    this.links.set(server.name, link);
    return link;
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
    } else if (this.timer === undefined) {
      this.timer = setTimeout(() => void this.look(), 0);
    }
  }

  /** Asks all connected servers how they are. */
  async refresh(): Promise<void> {
    const now = Date.now();
    await Promise.all(this.all.map((link) => link.refresh(now)));
  }

  private async look(): Promise<void> {
    await this.refresh();
    this.timer = this.watchers.size === 0 ? undefined : setTimeout(() => void this.look(), LOOK_MS);
  }

  /** A server whose entry is another one, or gone, is not the one that we are connected to. */
  private dropChanged(): void {
    for (const [name, link] of this.links) {
      const server = this.servers.list.find((one) => one.name === name);
      if (server && same(server, link.server)) continue;
      link.disconnect();
      this.links.delete(name);
    }
  }
}

function same(one: ConfiguredServer, other: ConfiguredServer): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
