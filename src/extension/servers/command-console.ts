/** Commands that somebody types for a server, and the document that shows what went over the wire for each. */
import * as vscode from 'vscode';
import { nameOfCommand, riskOf } from '../../server/command-risk.js';
import { ServerError } from '../../server/errors.js';
import { type Exchange, TypedCommands } from '../../server/exchange.js';
import { parseTypedLine } from '../../server/typed-line.js';
import { askForLine } from './command-line-input.js';
import { addressLabel, type ConfiguredServer, isSameConnection } from './configured-server.js';
import { confirmByName } from './confirm-by-name.js';
import { serverErrorText } from './connection-errors.js';
import { transcriptOf } from './exchange-text.js';
import type { ConnectTarget } from './server-link.js';
import type { ServerLinks } from './server-links.js';
import type { Servers } from './servers.js';

export const CONSOLE_SCHEME = 'redis-persistence-console';
/** Characters of a transcript; the oldest exchanges give way. */
const TRANSCRIPT_LIMIT = 2_000_000;
/** Commands that are remembered while the window is open. */
const HISTORY_LIMIT = 50;
/** Milliseconds after which a command that still runs can be given up. */
const PATIENCE_MS = 1000;

/** What is kept of the commands for a server. */
interface Console {
  server: ConfiguredServer;
  readonly uri: vscode.Uri;
  exchanges: string[];
  history: string[];
  typed: TypedCommands | undefined;
}

/** The consoles, one a server. */
export class CommandConsoles implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly consoles = new Map<string, Console>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly servers: Servers,
    private readonly links: ServerLinks,
    private readonly connectTarget: ConnectTarget,
  ) {
    this.registered = [
      vscode.workspace.registerTextDocumentContentProvider(CONSOLE_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      servers.onDidChange(() => this.closeChanged()),
    ];
  }

  dispose(): void {
    for (const one of this.registered) one.dispose();
    for (const { typed } of this.consoles.values()) typed?.close();
    this.changed.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const console = [...this.consoles.values()].find((one) => one.uri.toString() === uri.toString());
    return console?.exchanges.join('\n') ?? '';
  }

  /** Asks for commands, runs each, and shows it in the document, until the user has enough. */
  async open(server: ConfiguredServer): Promise<void> {
    if (!this.servers.mayConnect()) return;
    if (!(await this.links.reach(server))) return;
    const console = this.of(server);
    for (let text = ''; ; ) {
      const line = await askForLine(server, console.history, text);
      if (line === undefined) return;
      // What was not run can be mended.
      text = (await this.runLine(console, line)) ? '' : line;
    }
  }

  private of(server: ConfiguredServer): Console {
    const known = this.consoles.get(server.name);
    if (known) return known;
    const uri = vscode.Uri.from({
      scheme: CONSOLE_SCHEME,
      path: `/${server.name.replace(/[\\/]/g, '-')} (commands).md`,
    });
    const console: Console = { server, uri, exchanges: [], history: [], typed: undefined };
    this.consoles.set(server.name, console);
    return console;
  }

  /** @returns false if the line was not run, and why was said. */
  private async runLine(console: Console, line: string): Promise<boolean> {
    const parsed = parseTypedLine(line);
    if (!('argv' in parsed) || parsed.argv.length === 0) return false;
    const { argv } = parsed;
    try {
      if (!(await this.allowed(console.server, argv))) return false;
      const typed = await this.connected(console);
      if (!typed) return false;
      const exchange = await patiently(nameOfCommand(argv), typed, () => typed.run(argv));
      if (exchange) await this.show(console, line, exchange);
      return true;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      void vscode.window.showErrorMessage(serverErrorText(error));
      return false;
    }
  }

  /** Whether a command may be run here: refuses some, and has others confirmed. */
  private async allowed(server: ConfiguredServer, argv: readonly Uint8Array[]): Promise<boolean> {
    const current = await this.links.reach(server);
    if (!current) return false;
    const risk = await riskOf(current, argv);
    const name = nameOfCommand(argv);
    if (risk === 'stream') {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('{0} makes the connection a stream of messages, which is not shown here. Use redis-cli.', name),
      );
      return false;
    }
    if (risk === 'password') {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'Passwords are not typed here, where they would be shown. The user is that of the settings; the password is asked for after Forget Password.',
        ),
      );
      return false;
    }
    if (risk === 'read' || !server.protected) return true;
    return confirmByName(
      server,
      risk === 'steer'
        ? vscode.l10n.t('{0} steers or empties {1}, which is protected.', name, server.name)
        : risk === 'write'
          ? vscode.l10n.t('{0} writes to {1}, which is protected.', name, server.name)
          : vscode.l10n.t('{0} may write to {1}, which is protected.', name, server.name),
    );
  }

  /** The connection that commands are typed on; a new one if there is none any more. */
  private async connected(console: Console): Promise<TypedCommands | undefined> {
    if (console.typed?.isOpen) return console.typed;
    const { server } = console;
    const connection = await this.servers.withPassword(server, this.connectTarget);
    if (!connection) return undefined;
    try {
      if (server.database !== 0) await connection.command('SELECT', server.database);
    } catch (error) {
      connection.close();
      throw error;
    }
    console.typed = new TypedCommands(connection, () => performance.now());
    return console.typed;
  }

  private async show(console: Console, line: string, exchange: Exchange): Promise<void> {
    console.history = [line, ...console.history.filter((one) => one !== line)].slice(0, HISTORY_LIMIT);
    if (console.exchanges.length === 0) {
      console.exchanges.push(`# ${console.server.name}: ${addressLabel(console.server)}\n`);
    }
    console.exchanges.push(transcriptOf(line, exchange, new Date()));
    let size = console.exchanges.reduce((sum, { length }) => sum + length, 0);
    while (size > TRANSCRIPT_LIMIT && console.exchanges.length > 2) size -= console.exchanges.splice(1, 1)[0].length;
    this.changed.fire(console.uri);
    const document = await vscode.workspace.openTextDocument(console.uri);
    const editor = await vscode.window.showTextDocument(document, { preview: false, preserveFocus: true });
    // The text of the document follows the event a little later.
    const wanted = console.exchanges.join('\n').split('\n').length;
    const toEnd = () => {
      const end = document.lineAt(document.lineCount - 1).range.end;
      editor.revealRange(new vscode.Range(end, end), vscode.TextEditorRevealType.Default);
    };
    if (document.lineCount >= wanted) {
      toEnd();
      return;
    }
    const listening = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      listening.dispose();
      toEnd();
    });
  }

  private forget(uri: vscode.Uri): void {
    for (const [name, console] of this.consoles) {
      if (console.uri.toString() !== uri.toString()) continue;
      console.typed?.close();
      this.consoles.delete(name);
    }
  }

  /** A server that is another one now gets a connection of its own. */
  private closeChanged(): void {
    for (const [name, console] of this.consoles) {
      const server = this.servers.from(name);
      if (server && isSameConnection(server, console.server)) {
        console.server = server;
        continue;
      }
      console.typed?.close();
      this.consoles.delete(name);
    }
  }
}

/** Waits for a command; one that takes long can be given up, which ends its connection. */
async function patiently(
  name: string,
  typed: TypedCommands,
  run: () => Promise<Exchange>,
): Promise<Exchange | undefined> {
  const running = run();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    const done = await Promise.race([running, soon]);
    if (done) return done;
  } finally {
    clearTimeout(timer);
  }
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Running {0}', name),
    cancellable: true,
  };
  let givenUp = false;
  return vscode.window.withProgress(options, async (_progress, token) => {
    const listening = token.onCancellationRequested(() => {
      givenUp = true;
      typed.close();
    });
    try {
      return await running;
    } catch (error) {
      if (givenUp) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}
