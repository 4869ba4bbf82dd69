/** The dumps of moments: each in a private folder, which is removed when its editor is closed, or was left by a crash. */
import * as vscode from 'vscode';
import type { ExtensionPlatform } from '../platform.js';

/** Keeps the dumps that are open. */
export class Moments implements vscode.Disposable {
  private readonly dumps = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly platform: ExtensionPlatform,
    private readonly log: vscode.LogOutputChannel,
  ) {
    // What an earlier window has left behind, if it could not clean up.
    this.tell(platform.removeLeftMoments());
    this.listening = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) {
        if (input instanceof vscode.TabInputCustom) this.release(input.uri);
      }
    });
  }

  /** Keeps a dump as long as an editor shows it. */
  keep(dump: vscode.Uri): void {
    this.dumps.add(dump.toString());
  }

  private release(uri: vscode.Uri): void {
    const dump = uri.toString();
    if (!this.dumps.has(dump) || isOpen(dump)) return;
    this.dumps.delete(dump);
    this.tell(this.platform.removeMoment(uri.fsPath));
  }

  /** What cannot be removed is named in the log: it holds data. */
  private tell(removal: Promise<void>): void {
    removal.catch((error: unknown) => this.log.warn(error instanceof Error ? error.message : String(error)));
  }

  dispose(): void {
    this.listening.dispose();
    for (const dump of this.dumps) this.tell(this.platform.removeMoment(vscode.Uri.parse(dump, true).fsPath));
    this.dumps.clear();
  }
}

function isOpen(dump: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === dump),
  );
}
