/** The view *Redis Servers*: a tree of what the connected servers say of themselves. */
import * as vscode from 'vscode';
import type { ServerLinks } from './server-links.js';
import { type ServerNode, serverNode } from './server-nodes.js';
import { problemText, type Servers } from './servers.js';
import { SERVERS_VIEW } from './servers-view-id.js';

/** The data of the view. Nodes are made anew with each change, and known by their ids. */
class ServersTree implements vscode.TreeDataProvider<ServerNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /**
   * Part of the ids: what was open when the window was closed is not open in the next one, for that would connect to
   * servers that nobody asked for.
   */
  private readonly session = Date.now().toString(36);
  private shown = '';

  constructor(
    private readonly servers: Servers,
    private readonly links: ServerLinks,
  ) {}

  /** Draws again, if there is anything new to see. */
  refresh(): void {
    const now = JSON.stringify(this.roots());
    if (now === this.shown) return;
    this.shown = now;
    this.changed.fire(undefined);
  }

  private roots(): ServerNode[] {
    const problems = this.servers.problems.map((problem, i): ServerNode => {
      const text = problemText(problem);
      return {
        id: `problem/${i}`,
        label: text,
        tooltip: text,
        icon: 'error',
        color: 'list.errorForeground',
        context: 'problem',
        command: { command: 'redisPersistence.openServerSettings', title: vscode.l10n.t('Open Settings') },
      };
    });
    return [...problems, ...this.servers.list.map((server) => serverNode(this.links.of(server)))];
  }

  getTreeItem(node: ServerNode): vscode.TreeItem {
    const { TreeItemCollapsibleState: State } = vscode;
    const isServer = node.context.startsWith('server ');
    const foldable = isServer || (node.children !== undefined && node.children.length > 0);
    const item = new vscode.TreeItem(
      node.label,
      !foldable ? State.None : node.isOpen ? State.Expanded : State.Collapsed,
    );
    item.id = `${this.session}/${node.id}`;
    item.contextValue = node.context;
    if (node.description !== undefined) item.description = node.description;
    item.tooltip = node.tooltip ?? [node.label, node.description ?? ''].join('  ').trim();
    if (node.icon !== undefined)
      item.iconPath = new vscode.ThemeIcon(node.icon, node.color ? new vscode.ThemeColor(node.color) : undefined);
    if (node.command) item.command = node.command;
    item.accessibilityInformation = { label: [node.label, node.description ?? ''].join(' ').trim() };
    return item;
  }

  async getChildren(node?: ServerNode): Promise<ServerNode[]> {
    if (!node) return this.roots();
    if (!node.server || !node.context.startsWith('server ')) return withOwner(node.children, node.owner);
    // A row may be of a server that was edited since.
    const server = this.servers.from(node.server.name);
    if (!server) return [];
    // To open a server is to want to see it.
    const link = this.links.of(server);
    if (link.state === 'idle' && this.servers.mayConnect()) await link.connect();
    return withOwner(serverNode(link).children, server.name);
  }
}

function withOwner(nodes: readonly ServerNode[] | undefined, owner: string | undefined): ServerNode[] {
  return (nodes ?? []).map((node) => (owner === undefined ? node : { ...node, owner }));
}

/** Shows the view. @param onSelect is told the name of the server that is selected, or whose line is. */
export function showServers(
  servers: Servers,
  links: ServerLinks,
  onSelect: (name: string) => void,
): vscode.Disposable[] {
  const tree = new ServersTree(servers, links);
  const view = vscode.window.createTreeView(SERVERS_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  links.watch(view, view.visible);
  return [
    view,
    servers.onDidChange(() => tree.refresh()),
    links.onDidChange(() => tree.refresh()),
    view.onDidChangeSelection(({ selection: [node] }) => {
      if (node?.owner !== undefined) onSelect(node.owner);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.refresh()),
    view.onDidChangeVisibility(({ visible }) => {
      links.watch(view, visible);
      if (visible) tree.refresh();
    }),
  ];
}
