/** What the view says of a server: a node for it, and below it nodes for its keys, its files and its replicas. */
import * as vscode from 'vscode';
import { formatBytes, formatCount, formatDuration, formatTime } from '../../format/quantities.js';
import { addressText } from '../../server/address.js';
import type { ClusterNode, ClusterOverview } from '../../server/cluster-overview.js';
import type { PersistenceOverview, ReplicationOverview, ServerOverview } from '../../server/overview.js';
import { addressLabel, addressOf, type ConfiguredServer } from './configured-server.js';
import { serverErrorText } from './connection-errors.js';
import type { ServerLink } from './server-link.js';

/** A line of the view. */
export interface ServerNode {
  /** Unique in the view; the same as long as the line stands for the same. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Name of a codicon, and of a colour of the theme. */
  readonly icon?: string;
  readonly color?: string;
  /** Says to menus what it is. */
  readonly context: string;
  readonly children?: readonly ServerNode[];
  readonly isOpen?: boolean;
  readonly server?: ConfiguredServer;
  /** Name of the server that it is about. */
  readonly owner?: string;
  readonly command?: vscode.Command;
}

/** The node of a server, with all that is below it. */
export function serverNode(link: ServerLink): ServerNode {
  const { server, state, overview } = link;
  const failed = state === 'failed';
  const ownColor = server.color === undefined ? undefined : `charts.${server.color}`;
  return {
    id: `${server.name}#${link.stay}`,
    label: server.name,
    description: [...stateWords(link), ...(server.protected ? [vscode.l10n.t('protected')] : [])].join(' · '),
    tooltip: [`${server.name}: ${addressLabel(server)}`, ...(overview ? tooltipLines(overview) : [])].join('\n'),
    icon: state === 'connecting' ? 'loading~spin' : failed ? 'warning' : 'server',
    ...(failed ? { color: 'list.warningForeground' } : ownColor === undefined ? {} : { color: ownColor }),
    context: `server ${state}`,
    children: childrenOf(link),
    server,
    owner: server.name,
  };
}

function stateWords({ server, state, overview }: ServerLink): string[] {
  if (state === 'connecting') return [vscode.l10n.t('connecting…')];
  if (state === 'failed') return [vscode.l10n.t('not reached')];
  if (state === 'idle') return [addressLabel(server)];
  if (!overview) return [vscode.l10n.t('connected')];
  const words = [roleWord(overview), versionText(overview)];
  if (overview.mode === 'cluster') words.splice(1, 0, vscode.l10n.t('cluster'));
  if (overview.usedMemory !== undefined) words.push(formatBytes(overview.usedMemory));
  return words;
}

/** What a server is among others. */
export function roleWord({ role }: ServerOverview): string {
  if (role === 'replica') return vscode.l10n.t('replica');
  return role === 'sentinel' ? 'sentinel' : vscode.l10n.t('primary');
}

/** Make and version: `Redis 7.0.15`. */
export function versionText({ make, version }: Pick<ServerOverview, 'make' | 'version'>): string {
  return `${make.charAt(0).toUpperCase()}${make.slice(1)} ${version}`;
}

function tooltipLines(overview: ServerOverview): string[] {
  const { uptimeSeconds, clients } = overview;
  return [
    `${versionText(overview)}, ${roleWord(overview)}`,
    ...(uptimeSeconds === undefined ? [] : [vscode.l10n.t('Running for {0}', formatDuration(uptimeSeconds * 1000))]),
    ...(clients === undefined ? [] : [vscode.l10n.t('Clients: {0}', formatCount(clients))]),
  ];
}

function childrenOf(link: ServerLink): readonly ServerNode[] {
  const { server, overview, state, error } = link;
  const { name } = server;
  const told: ServerNode[] = error === undefined ? [] : errorNodes(server, error, state === 'failed');
  if (!overview || state !== 'connected') return told;
  const { databases, persistence, replication, role } = overview;
  return [
    ...told,
    ...(overview.loading === undefined ? [] : [loadingNode(name, overview.loading)]),
    ...(role === 'sentinel'
      ? []
      : [
          memoryNode(name, overview),
          keysNode(name, overview, databases),
          persistenceNode(name, persistence),
          replicationNode(name, replication),
          ...(link.cluster ? [clusterNode(name, link.cluster)] : []),
        ]),
  ];
}

/** What is wrong, and in a line of its own what can be done. */
function errorNodes(server: ConfiguredServer, error: unknown, failed: boolean): ServerNode[] {
  const text = serverErrorText(error);
  const [, what, advice] = /^(.+?\.)\s+(.+)$/s.exec(text) ?? ['', text, ''];
  const retry = {
    command: 'redisPersistence.connectServer',
    title: vscode.l10n.t('Connect'),
    arguments: [{ owner: server.name }],
  };
  const line = (id: string, label: string, icon: string, color: string): ServerNode => ({
    id: `${server.name}/${id}`,
    label: withoutAddress(label, server),
    tooltip: text,
    icon,
    color,
    context: id,
    ...(failed ? { command: retry } : {}),
  });
  return [
    line('error', what, 'error', 'list.errorForeground'),
    ...(advice === '' ? [] : [line('advice', advice, 'lightbulb', 'foreground')]),
  ];
}

/** Whose error it is stands in the line above. */
function withoutAddress(text: string, server: ConfiguredServer): string {
  const start = `${addressText(addressOf(server))} `;
  const rest = text.startsWith(start) ? text.slice(start.length) : text;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function loadingNode(name: string, percent: number): ServerNode {
  return {
    id: `${name}/loading`,
    label: vscode.l10n.t('Loading its files'),
    description: `${Math.floor(percent)} %`,
    icon: 'loading~spin',
    context: 'loading',
  };
}

function memoryNode(name: string, { usedMemory, maxMemory, evictionPolicy }: ServerOverview): ServerNode {
  const used = usedMemory === undefined ? '' : formatBytes(usedMemory);
  const limit =
    maxMemory === undefined || maxMemory === 0
      ? vscode.l10n.t('no limit')
      : vscode.l10n.t('limit {0}, {1}', formatBytes(maxMemory), evictionPolicy ?? '');
  return {
    id: `${name}/memory`,
    label: vscode.l10n.t('Memory'),
    description: [used, limit].filter((part) => part !== '').join(' · '),
    icon: 'pulse',
    context: 'memory',
  };
}

function keysNode(name: string, { mode }: ServerOverview, databases: ServerOverview['databases']): ServerNode {
  const total = databases.reduce((sum, { keys }) => sum + keys, 0);
  const expires = databases.reduce((sum, one) => sum + one.expires, 0);
  return {
    id: `${name}/keys`,
    // A node of a cluster speaks of its own slots.
    label: mode === 'cluster' ? vscode.l10n.t('Keys of this node') : vscode.l10n.t('Keys'),
    description: keysText(total, expires),
    icon: 'key',
    context: 'keys',
    isOpen: databases.length > 1,
    ...(databases.length === 0
      ? {}
      : {
          children: databases.map(({ db, keys, expires: expiring }) => ({
            id: `${name}/keys/${db}`,
            label: `db${db}`,
            description: keysText(keys, expiring),
            icon: 'database',
            context: 'database',
          })),
        }),
  };
}

function keysText(keys: number, expires: number): string {
  const count = formatCount(keys);
  return expires === 0 ? count : vscode.l10n.t('{0}, {1} expire', count, formatCount(expires));
}

function persistenceNode(name: string, persistence: PersistenceOverview): ServerNode {
  const { lastSaveOk, lastRewriteOk, lastWriteOk } = persistence;
  const fine = lastSaveOk && lastRewriteOk && lastWriteOk;
  return {
    id: `${name}/persistence`,
    label: vscode.l10n.t('Persistence'),
    description: fine ? '' : vscode.l10n.t('failed'),
    icon: fine ? 'save' : 'warning',
    ...(fine ? {} : { color: 'list.warningForeground' }),
    context: 'persistence',
    isOpen: true,
    children: [rdbNode(name, persistence), aofNode(name, persistence)],
  };
}

function rdbNode(name: string, { saving, lastSave, lastSaveOk, changesSinceSave }: PersistenceOverview): ServerNode {
  const words: string[] = [];
  if (saving !== undefined) words.push(vscode.l10n.t('being saved for {0}', formatDuration(saving * 1000)));
  if (!lastSaveOk) words.push(vscode.l10n.t('the last save failed'));
  if (lastSave !== undefined) words.push(vscode.l10n.t('saved {0} UTC', formatTime(lastSave * 1000)));
  if (changesSinceSave !== undefined)
    words.push(
      changesSinceSave === 1
        ? vscode.l10n.t('1 change since')
        : vscode.l10n.t('{0} changes since', formatCount(changesSinceSave)),
    );
  return {
    id: `${name}/persistence/rdb`,
    label: 'RDB',
    description: words.join(' · '),
    tooltip: words.join('\n'),
    ...fileIcon(saving !== undefined, lastSaveOk),
    context: 'rdb',
  };
}

function aofNode(name: string, persistence: PersistenceOverview): ServerNode {
  const { aof, rewriting, rewriteScheduled, lastRewriteOk, lastWriteOk, aofSize, aofBaseSize } = persistence;
  const words: string[] = [aof ? vscode.l10n.t('on') : vscode.l10n.t('off')];
  if (rewriting !== undefined) words.push(vscode.l10n.t('being rewritten for {0}', formatDuration(rewriting * 1000)));
  else if (rewriteScheduled) words.push(vscode.l10n.t('rewrite scheduled'));
  if (aof && !lastWriteOk) words.push(vscode.l10n.t('the last write failed'));
  if (!lastRewriteOk) words.push(vscode.l10n.t('the last rewrite failed'));
  if (aof && aofSize !== undefined) words.push(formatBytes(aofSize));
  if (aof && aofBaseSize !== undefined && aofBaseSize > 0)
    words.push(vscode.l10n.t('{0} after the last rewrite', formatBytes(aofBaseSize)));
  return {
    id: `${name}/persistence/aof`,
    label: 'AOF',
    description: words.join(' · '),
    tooltip: words.join('\n'),
    ...fileIcon(rewriting !== undefined, lastRewriteOk && (lastWriteOk || !aof)),
    context: 'aof',
  };
}

function fileIcon(busy: boolean, fine: boolean): Pick<ServerNode, 'icon' | 'color'> {
  if (!fine) return { icon: 'warning', color: 'list.warningForeground' };
  return { icon: busy ? 'sync~spin' : 'file' };
}

function replicationNode(name: string, replication: ReplicationOverview): ServerNode {
  const { role, replicas, link, id, offset, backlog } = replication;
  const children: ServerNode[] = [];
  if (link) children.push(linkNode(name, link));
  for (const replica of replicas) children.push(replicaNode(name, replica));
  if (id !== undefined) {
    children.push({
      id: `${name}/replication/id`,
      label: vscode.l10n.t('Replication id'),
      description: id,
      tooltip: id,
      icon: 'symbol-key',
      context: 'replication-id',
    });
  }
  if (offset !== undefined) {
    children.push({
      id: `${name}/replication/offset`,
      label: vscode.l10n.t('Offset'),
      description: formatCount(offset),
      icon: 'symbol-number',
      context: 'offset',
    });
  }
  if (backlog) {
    const kept = vscode.l10n.t('{0} of {1}', formatBytes(backlog.used), formatBytes(backlog.size));
    children.push({
      id: `${name}/replication/backlog`,
      label: vscode.l10n.t('Backlog'),
      description: backlog.active
        ? `${kept} · ${vscode.l10n.t('from offset {0}', formatCount(backlog.firstOffset))}`
        : vscode.l10n.t('off'),
      icon: 'history',
      context: 'backlog',
    });
  }
  const count =
    replicas.length === 1 ? vscode.l10n.t('1 replica') : vscode.l10n.t('{0} replicas', formatCount(replicas.length));
  const worry = link !== undefined && !link.up;
  return {
    id: `${name}/replication`,
    label: vscode.l10n.t('Replication'),
    description: role === 'replica' ? vscode.l10n.t('replica') : count,
    icon: worry ? 'warning' : 'git-merge',
    ...(worry ? { color: 'list.warningForeground' } : {}),
    context: 'replication',
    isOpen: replicas.length > 0 || link !== undefined,
    children,
  };
}

function linkNode(name: string, link: NonNullable<ReplicationOverview['link']>): ServerNode {
  const words: string[] = [link.up ? vscode.l10n.t('link up') : vscode.l10n.t('link down')];
  if (!link.up && link.downSeconds !== undefined) words.push(formatDuration(link.downSeconds * 1000));
  if (link.syncing) {
    words.push(
      link.syncBytesLeft === undefined
        ? vscode.l10n.t('receiving the data set')
        : vscode.l10n.t('receiving the data set, {0} left', formatBytes(link.syncBytesLeft)),
    );
  }
  if (link.up && link.lastIo !== undefined)
    words.push(vscode.l10n.t('heard {0} ago', formatDuration(link.lastIo * 1000)));
  return {
    id: `${name}/replication/link`,
    label: vscode.l10n.t('Primary {0}', link.primary),
    description: words.join(' · '),
    tooltip: words.join('\n'),
    icon: link.up ? 'link' : 'warning',
    ...(link.up ? {} : { color: 'list.warningForeground' }),
    context: 'link',
  };
}

function replicaNode(name: string, replica: ReplicationOverview['replicas'][number]): ServerNode {
  const { address, state, offset, lagBytes, lagSeconds } = replica;
  const words = [
    state,
    vscode.l10n.t('{0} behind', formatBytes(lagBytes)),
    ...(lagSeconds === undefined ? [] : [`${lagSeconds} s`]),
    vscode.l10n.t('offset {0}', formatCount(offset)),
  ];
  return {
    id: `${name}/replication/replica/${address}`,
    label: address,
    description: words.join(' · '),
    tooltip: words.join('\n'),
    icon: state === 'online' ? 'vm' : 'sync~spin',
    context: 'replica',
  };
}

function clusterNode(name: string, { ok, slotsAssigned, nodes }: ClusterOverview): ServerNode {
  const words = [
    ok ? vscode.l10n.t('takes commands') : vscode.l10n.t('is down'),
    vscode.l10n.t('{0} nodes', formatCount(nodes.length)),
    vscode.l10n.t('{0} slots', formatCount(slotsAssigned)),
  ];
  return {
    id: `${name}/cluster`,
    label: vscode.l10n.t('Cluster'),
    description: words.join(' · '),
    tooltip: words.join('\n'),
    icon: ok ? 'type-hierarchy' : 'warning',
    ...(ok ? {} : { color: 'list.warningForeground' }),
    context: 'cluster',
    children: nodes.map((node) => memberNode(name, node)),
  };
}

function memberNode(name: string, { id, address, role, health, slots, isMyself }: ClusterNode): ServerNode {
  const words = [
    role === 'primary' ? vscode.l10n.t('primary') : vscode.l10n.t('replica'),
    ...(role === 'primary' ? [vscode.l10n.t('{0} slots', formatCount(slots))] : []),
    ...(isMyself ? [vscode.l10n.t('asked here')] : []),
    ...(health === 'ok' ? [] : [healthWord(health)]),
  ];
  return {
    id: `${name}/cluster/${id}`,
    label: address,
    description: words.join(' · '),
    tooltip: [id, ...words].join('\n'),
    icon: health === 'ok' ? (role === 'primary' ? 'server' : 'vm') : 'warning',
    ...(health === 'ok' ? {} : { color: 'list.warningForeground' }),
    context: 'member',
  };
}

function healthWord(health: Exclude<ClusterNode['health'], 'ok'>): string {
  if (health === 'failed') return vscode.l10n.t('failed');
  return health === 'failing' ? vscode.l10n.t('seems to have failed') : vscode.l10n.t('no link');
}
