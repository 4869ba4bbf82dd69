/** *Edit Server* and *Remove Server*: one thing at a time, each written at once; what is rare, in the settings. */
import * as vscode from 'vscode';
import { addressText } from '../../server/address.js';
import { addressLabel, addressOf, type ConfiguredServer, SERVER_COLORS } from './configured-server.js';
import { askAddress, askName, askTls, askUser, titleOf } from './server-questions.js';
import { SETTING } from './server-settings.js';
import type { Servers } from './servers.js';
import type { ServerPlace } from './typed-address.js';

/** Something that can be changed. */
interface Change extends vscode.QuickPickItem {
  /** Gives the changed server; undefined if nothing is to be written. */
  run(): Promise<ConfiguredServer | undefined>;
}

/** Opens the settings at the servers. */
export function openServerSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: SETTING, edit: true },
  });
}

/** Asks what to change, and changes it. */
export async function editServer(servers: Servers, server: ConfiguredServer): Promise<void> {
  const change = await vscode.window.showQuickPick(changesOf(servers, server), {
    title: titleOf(server.name),
    ignoreFocusOut: true,
  });
  const changed = await change?.run();
  if (changed) await servers.save(changed, server);
}

function changesOf(servers: Servers, server: ConfiguredServer): Change[] {
  const { endpoint, tls, username } = server;
  const network: Change[] =
    endpoint.kind === 'unix'
      ? []
      : [
          {
            label: vscode.l10n.t('TLS…'),
            description: tls ? vscode.l10n.t('on') : vscode.l10n.t('off'),
            async run() {
              const asked = await askTls(titleOf(server.name));
              return asked && withTls(server, asked.tls);
            },
          },
        ];
  return [
    {
      label: vscode.l10n.t('Name…'),
      description: server.name,
      async run() {
        const name = await askName(servers, server.name, undefined, server.name);
        return name === undefined ? undefined : { ...server, name };
      },
    },
    {
      label: vscode.l10n.t('Address…'),
      description: addressText(addressOf(server)),
      run: () => readdressed(servers, server),
    },
    ...network,
    {
      label: vscode.l10n.t('User…'),
      description: username ?? 'default',
      async run() {
        const { username: _, ...rest } = server;
        const user = await askUser(titleOf(server.name), username);
        return user === undefined ? undefined : user.trim() === '' ? rest : { ...rest, username: user.trim() };
      },
    },
    {
      label: vscode.l10n.t('Password…'),
      description: vscode.l10n.t('in the secret storage'),
      async run() {
        await servers.passwords.ask(server, 'new');
        return undefined;
      },
    },
    {
      label: server.protected ? vscode.l10n.t('Protect No Longer') : vscode.l10n.t('Protect'),
      description: vscode.l10n.t('whatever writes to it is confirmed by typing {0}', server.name),
      run: async () => ({ ...server, protected: !server.protected }),
    },
    { label: vscode.l10n.t('Color…'), description: server.color ?? '', run: () => recolored(server) },
    {
      label: vscode.l10n.t('Open Settings'),
      description: vscode.l10n.t('mode, database map, certificates'),
      async run() {
        await openServerSettings();
        return undefined;
      },
    },
  ];
}

function withTls<Server extends Pick<ConfiguredServer, 'tls'>>(server: Server, tls: ConfiguredServer['tls']) {
  const { tls: _, ...rest } = server;
  return tls ? { ...rest, tls } : rest;
}

/** A server somewhere else: what the new address says counts, the rest stays. */
async function readdressed(servers: Servers, server: ConfiguredServer): Promise<ConfiguredServer | undefined> {
  const typed = await askAddress(titleOf(server.name), server);
  if (!typed) return undefined;
  const { place, password, isWhole } = typed;
  const { masterName, sentinels, sentinelUsername, ...rest } = server;
  // A URL says what there is to say; a host or a socket alone says nothing of users, nor of Sentinels.
  const watched = {
    sentinels,
    ...(masterName === undefined ? {} : { masterName }),
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
  };
  const moved: ConfiguredServer = isWhole
    ? {
        ...withTls(rest, place.tls),
        ...place,
        database: place.database || server.database,
        mode: modeOf(place, server),
      }
    : withTls(
        { ...rest, ...watched, endpoint: place.endpoint },
        place.endpoint.kind === 'unix' ? undefined : server.tls,
      );
  if (password !== undefined) await servers.passwords.store(moved, password);
  return moved;
}

/** A URL of a server may be that of a node of a cluster as well. */
function modeOf(place: ServerPlace, before: ConfiguredServer): ConfiguredServer['mode'] {
  return place.mode === 'standalone' && before.mode === 'cluster' ? 'cluster' : place.mode;
}

async function recolored(server: ConfiguredServer): Promise<ConfiguredServer | undefined> {
  const { color: _, ...rest } = server;
  const none = { label: vscode.l10n.t('no color'), color: undefined };
  const colors = SERVER_COLORS.map((color) => ({
    label: color,
    iconPath: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor(`charts.${color}`)),
    color,
  }));
  const chosen = await vscode.window.showQuickPick([...colors, none], {
    title: vscode.l10n.t('Color of {0}', server.name),
    ignoreFocusOut: true,
  });
  if (!chosen) return undefined;
  return chosen.color === undefined ? rest : { ...rest, color: chosen.color };
}

/** Takes a server out of the settings, once that is confirmed. */
export async function removeServer(servers: Servers, server: ConfiguredServer): Promise<void> {
  const remove = vscode.l10n.t('Remove');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove {0} from the settings?', server.name),
    {
      modal: true,
      detail: vscode.l10n.t(
        '{0}. Its password is forgotten. The server itself is left as it is.',
        addressLabel(server),
      ),
    },
    remove,
  );
  if (chosen === remove) await servers.remove(server);
}
