/** Registers what puts data back into servers and takes it from them. */
import * as vscode from 'vscode';
import type { ActiveEditor } from '../active-editor.js';
import type { ExtensionPlatform } from '../platform.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import type { Servers } from '../servers/servers.js';
import { captureAndFollow, captureSnapshot, Follows } from './capture-flow.js';
import { JobPanels } from './job-panels.js';
import { momentFlow } from './moment-flow.js';
import { Moments } from './moments.js';
import { type FlowSurroundings, replayFlow } from './replay-flow.js';
import { resourceOf } from './replay-source.js';
import { restoreFlow } from './restore-flow.js';
import { resumeFlow } from './resume-flow.js';

/** What a command was given: a file of the explorer or a tab, a server of the view, or the row of a context menu. */
interface Given {
  readonly resource: vscode.Uri | undefined;
  readonly server: ConfiguredServer | undefined;
  readonly ofRow: boolean;
}

/** Registers the commands. Each takes a resource, or a server. */
export function registerJobs(
  active: ActiveEditor,
  servers: Servers,
  context: vscode.ExtensionContext,
  platform: ExtensionPlatform,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const panels = new JobPanels(context);
  const moments = new Moments(platform, log);
  const follows = new Follows();
  const marks = platform.jobMarks(vscode.Uri.joinPath(context.globalStorageUri, 'jobs').fsPath);
  marks?.removeOld();
  const runningJobs = new Set<string>();
  const flows: FlowSurroundings = { active, servers, context, platform, log, panels, moments, runningJobs, marks };
  const register = (name: string, run: (given: Given) => Promise<void>) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, (...args: unknown[]) => run(given(servers, args)));
  return [
    panels,
    moments,
    follows,
    register('replayAof', ({ resource, server }) => replayFlow(flows, resource, server)),
    register('replayFrom', ({ resource, server }) => replayFlow(flows, resource, server, 'from')),
    register('replayUpTo', ({ resource, server }) => replayFlow(flows, resource, server, 'upTo')),
    register('replaySelection', ({ resource, server }) => replayFlow(flows, resource, server, 'selection')),
    register('resumeReplay', ({ server }) => resumeFlow(flows, server)),
    register('restoreRdb', ({ resource, server, ofRow }) => restoreFlow(flows, resource, server, ofRow)),
    register('captureSnapshot', ({ server }) => captureSnapshot(flows, server)),
    register('captureAndFollow', ({ server }) => captureAndFollow(flows, server, follows)),
    register('openKeyspaceAt', ({ resource, ofRow }) => momentFlow(flows, resource, ofRow)),
    vscode.commands.registerCommand('redisPersistence.stopFollowing', (number) => follows.stop(number)),
    vscode.commands.registerCommand('redisPersistence.showJob', (number) => panels.show(number)),
  ];
}

function given(servers: Servers, args: readonly unknown[]): Given {
  let server: ConfiguredServer | undefined;
  for (const arg of args) server ??= arg instanceof vscode.Uri ? undefined : servers.from(arg);
  const ofRow = args.some((arg) => typeof arg === 'object' && arg !== null && 'webviewSection' in arg);
  return { resource: resourceOf(args), server, ofRow };
}
