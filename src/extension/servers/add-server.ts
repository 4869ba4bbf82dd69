/** *Add Server…*: asks where a server is, tries it, says what was found, and writes it into the settings of the user. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { Connection } from '../../server/connection.js';
import { ServerError } from '../../server/errors.js';
import { askOverview, type ServerOverview } from '../../server/overview.js';
import { primariesOf } from '../../server/sentinel-primaries.js';
import { addressLabel, type ConfiguredServer, identityOf } from './configured-server.js';
import { serverErrorText } from './connection-errors.js';
import type { ConnectTarget } from './server-link.js';
import { roleWord, versionText } from './server-nodes.js';
import { askAddress, askName, askProtection, askTls, askUser, titleOf } from './server-questions.js';
import type { Servers } from './servers.js';

/** What a try has found. */
interface Found {
  readonly overview: ServerOverview;
  /** The names of primaries, of a Sentinel. */
  readonly primaries: readonly string[];
}

/** Adds a server. @returns the server; undefined if the user gave up. */
export async function addServer(servers: Servers, connect: ConnectTarget): Promise<ConfiguredServer | undefined> {
  if (!servers.mayConnect()) return undefined;
  for (let draft = await askWhere(undefined); draft; draft = await askWhere(draft)) {
    const outcome = await tryServer(servers, connect, draft);
    const found = typeof outcome === 'object' ? outcome : undefined;
    const server = outcome === 'again' || outcome === 'given-up' ? undefined : await askRest(servers, draft, found);
    if (!server) {
      await forgetUnused(servers, draft);
      if (outcome === 'again') continue;
      return undefined;
    }
    await movePassword(servers, draft, server);
    await servers.save(server);
    const text = found
      ? vscode.l10n.t('{0} was added: {1}.', server.name, foundText(found.overview))
      : vscode.l10n.t('{0} was added.', server.name);
    void vscode.window.showInformationMessage(text);
    return server;
  }
  return undefined;
}

/** Asks what no server can tell: which primary, its name, its protection. */
async function askRest(
  servers: Servers,
  draft: Draft,
  found: Found | undefined,
): Promise<ConfiguredServer | undefined> {
  const server = await withMode(draft, found);
  if (!server) return undefined;
  const name = await askName(servers, suggestedName(server), found && foundText(found.overview));
  if (name === undefined) return undefined;
  const isProtected = await askProtection(name);
  return isProtected === undefined ? undefined : { ...server, name, protected: isProtected };
}

/** The password of a server that was not added is of no use, unless another one is at the same place. */
async function forgetUnused(servers: Servers, draft: ConfiguredServer): Promise<void> {
  const identity = identityOf(draft);
  if (!servers.list.some((server) => identityOf(server) === identity)) await servers.passwords.forget(draft);
}

/** Asks for the address, and what it does not say of itself. */
async function askWhere(before: ConfiguredServer | undefined): Promise<Draft | undefined> {
  const typed = await askAddress(titleOf(), before);
  if (!typed) return undefined;
  let place = typed.place;
  if (!typed.isWhole) {
    if (place.endpoint.kind === 'tcp') {
      const asked = await askTls(titleOf());
      if (!asked) return undefined;
      if (asked.tls) place = { ...place, tls: asked.tls };
    }
    const user = await askUser(titleOf(), undefined);
    if (user === undefined) return undefined;
    if (user.trim() !== '') place = { ...place, username: user.trim() };
  }
  const password = typed.password === undefined ? {} : { typedPassword: typed.password };
  return { ...place, name: '', databases: [], protected: false, ...password };
}

/** A server that has no name yet, and a password that goes straight to the secret storage. */
type Draft = ConfiguredServer & { readonly typedPassword?: string };

/** Tries to reach a server; where that fails, says why and asks what to do. */
async function tryServer(
  servers: Servers,
  connect: ConnectTarget,
  draft: Draft,
): Promise<Found | 'again' | 'as-it-is' | 'given-up'> {
  if (draft.typedPassword !== undefined) await servers.passwords.store(draft, draft.typedPassword);
  const address = addressLabel(draft);
  try {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Connecting to {0}', address),
    };
    const found = await servers.withPassword({ ...draft, name: address }, (target) =>
      Promise.resolve(vscode.window.withProgress(options, async () => look(await connect(target)))),
    );
    return found ?? 'given-up';
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const change = vscode.l10n.t('Change Address…');
    const anyway = vscode.l10n.t('Add Anyway');
    const chosen = await vscode.window.showErrorMessage(
      serverErrorText(error),
      { modal: true, detail: vscode.l10n.t('The server was not added.') },
      change,
      anyway,
    );
    if (chosen === change) return 'again';
    return chosen === anyway ? 'as-it-is' : 'given-up';
  }
}

async function look(connection: Connection): Promise<Found> {
  try {
    const overview = await askOverview(connection);
    return { overview, primaries: overview.mode === 'sentinel' ? await primariesOf(connection) : [] };
  } finally {
    connection.close();
  }
}

/** The server with the mode that was found; of a Sentinel with the primary that is wanted. */
async function withMode(
  { typedPassword: _, ...draft }: Draft,
  found: Found | undefined,
): Promise<ConfiguredServer | undefined> {
  if (!found || found.overview.mode === 'standalone' || draft.mode === 'sentinel') return draft;
  if (found.overview.mode === 'cluster') return { ...draft, mode: 'cluster' };
  const [only, ...others] = found.primaries;
  const masterName =
    others.length === 0
      ? only
      : await vscode.window.showQuickPick(found.primaries, {
          title: vscode.l10n.t('Add Server'),
          placeHolder: vscode.l10n.t('This is a Sentinel. Which of the primaries that it watches?'),
          ignoreFocusOut: true,
        });
  if (masterName !== undefined) return { ...draft, mode: 'sentinel', masterName };
  if (only === undefined) {
    void vscode.window.showWarningMessage(vscode.l10n.t('This is a Sentinel that watches no primary yet.'));
  }
  return undefined;
}

/** The password that was good for the trial is that of the server; of a Sentinel it is its own. */
async function movePassword(servers: Servers, draft: ConfiguredServer, server: ConfiguredServer): Promise<void> {
  if (server.mode !== 'sentinel') return;
  const password = await servers.passwords.get(draft);
  if (password === undefined) return;
  await servers.passwords.store(server, password, 'sentinel');
  await servers.passwords.forget(draft);
}

function suggestedName({ endpoint, masterName }: ConfiguredServer): string {
  if (masterName !== undefined) return masterName;
  if (endpoint.kind === 'unix')
    return (
      endpoint.path
        .split('/')
        .pop()
        ?.replace(/\.sock(?:et)?$/, '') ?? ''
    );
  const local = ['localhost', '127.0.0.1', '::1'].includes(endpoint.host);
  return endpoint.port === 6379
    ? local
      ? 'local'
      : endpoint.host
    : `${local ? 'local' : endpoint.host}:${endpoint.port}`;
}

/** What was found: `Redis 7.0.15, primary, 3 keys`. */
function foundText(overview: ServerOverview): string {
  const { databases, mode, role } = overview;
  const keys = databases.reduce((sum, one) => sum + one.keys, 0);
  const words = [versionText(overview), roleWord(overview)];
  if (mode === 'cluster') words.push(vscode.l10n.t('a node of a cluster'));
  if (role !== 'sentinel')
    words.push(keys === 1 ? vscode.l10n.t('1 key') : vscode.l10n.t('{0} keys', formatCount(keys)));
  return words.join(', ');
}
