/** The view *Replication Lag*: how far the replicas of a server are behind, over the last minutes. */
import * as vscode from 'vscode';
import { LAG_SPAN } from '../../server/lag-history.js';
import type { LagMessage, LagPageState, LagPicture } from '../../servers-protocol.js';
import { translations } from '../translations.js';
import { pageOf } from '../webview-page.js';
import type { ServerLinks } from './server-links.js';

export const LAG_VIEW = 'redisPersistence.replicationLag';

/** Seconds that the chart shows at least: it grows with what was seen. */
const SHORTEST_SPAN = 120;

/** The view of the replicas of the server that is selected, or else of the first that has some. */
export class LagView implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private selected: string | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly links: ServerLinks,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview')],
    };
    const state: LagPageState = { strings: translations(), picture: this.picture() };
    view.webview.html = pageOf(view.webview, this.extensionUri, 'pe-lag-app', vscode.l10n.t('Replication Lag'), state);
    const watch = () => {
      this.links.watch(this, view.visible);
      this.send();
    };
    watch();
    const listening = [
      view.onDidChangeVisibility(watch),
      // A page that is shown again begins anew, with what it once began with.
      view.webview.onDidReceiveMessage(() => this.send()),
      this.links.onDidChange(() => this.send()),
    ];
    view.onDidDispose(() => {
      this.view = undefined;
      this.links.watch(this, false);
      for (const one of listening) one.dispose();
    });
  }

  /** Shows the replicas of another server. */
  select(name: string | undefined): void {
    if (name === undefined || name === this.selected) return;
    this.selected = name;
    this.send();
  }

  private send(): void {
    if (!this.view?.visible) return;
    void this.view.webview.postMessage({ event: 'lag', picture: this.picture() } satisfies LagMessage);
  }

  private picture(): LagPicture {
    const withReplicas = this.links.all.filter(({ lag }) => lag.series.length > 0);
    const link = withReplicas.find(({ server }) => server.name === this.selected) ?? withReplicas[0];
    const to = Date.now() / 1000;
    const first = Math.min(...(link?.lag.series ?? []).map(({ samples }) => (samples[0]?.time ?? Date.now()) / 1000));
    return {
      server: link?.server.name ?? null,
      lines: (link?.lag.series ?? []).map(({ replica, samples }) => ({
        replica,
        times: samples.map(({ time }) => time / 1000),
        bytes: samples.map(({ bytes }) => bytes),
        seconds: samples.map(({ seconds }) => seconds ?? null),
      })),
      from: Math.max(to - LAG_SPAN / 1000, Math.min(first, to - SHORTEST_SPAN)),
      to,
    };
  }
}
