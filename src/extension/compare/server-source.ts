/** What a live server holds, as one side of a comparison: captured into a file of our own when it is compared. */
import * as vscode from 'vscode';
import { JobFailedError } from '../jobs/job-run.js';
import { type JobSurroundings, startJob, tellFailure, withPasswords, withProgress } from '../jobs/prepared-job.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { type CompareSource, CompareSourceError } from './compare-source.js';

/** The folder of such files, in the storage of the extension. */
const FOLDER = 'compared';
/** Files that were left by windows that are gone are this old. */
const LEFT_MS = 24 * 3600 * 1000;

/** What a server holds; captured anew whenever it is compared anew. */
export function serverSource(surroundings: JobSurroundings, server: ConfiguredServer): CompareSource {
  const folder = vscode.Uri.joinPath(surroundings.context.globalStorageUri, FOLDER);
  const name = `${server.name.replace(/[^\w.-]+/g, '-')}-${crypto.randomUUID()}.rdb`;
  const uri = vscode.Uri.joinPath(folder, name);
  return {
    label: { name: server.name, detail: vscode.l10n.t('live') },
    uri,
    origin: null,
    async start() {
      const path = surroundings.platform.localPath(uri);
      await vscode.workspace.fs.createDirectory(folder);
      await removeLeft(folder);
      if (path === undefined || !(await capture(surroundings, server, path))) {
        throw new CompareSourceError(
          vscode.l10n.t('{0} was not captured, so that there is nothing to compare.', server.name),
        );
      }
      return { path };
    },
    async dispose() {
      // It is not there where nothing was captured.
      await Promise.resolve(vscode.workspace.fs.delete(uri)).catch(() => {});
    },
  };
}

/** @returns whether all has come; what went wrong has been said. */
async function capture(surroundings: JobSurroundings, server: ConfiguredServer, out: string): Promise<boolean> {
  try {
    const report = await withPasswords(surroundings, server, async (from) => {
      const run = startJob(surroundings, { kind: 'capture', from, out, follow: false, overwrite: true });
      try {
        const title = vscode.l10n.t('Capturing {0}', server.name);
        return (await withProgress(title, run, 'captureEnded')).report;
      } finally {
        run.dispose();
      }
    });
    return report?.rdb !== undefined && report.rdb !== null;
  } catch (error) {
    if (!(error instanceof JobFailedError)) throw error;
    tellFailure(error);
    return false;
  }
}

async function removeLeft(folder: vscode.Uri): Promise<void> {
  for (const [name] of await vscode.workspace.fs.readDirectory(folder)) {
    const uri = vscode.Uri.joinPath(folder, name);
    const { mtime } = await vscode.workspace.fs.stat(uri);
    if (Date.now() - mtime > LEFT_MS) await vscode.workspace.fs.delete(uri);
  }
}
