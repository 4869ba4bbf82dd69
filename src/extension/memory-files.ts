/** Files of file systems that cannot read parts of a file: read whole, together up to the size that the user allows. */
import * as vscode from 'vscode';
import type { FileStart, NamedBytes } from '../engine/start.js';
import { isManifest } from './file-kind.js';
import type { ExtensionPlatform } from './platform.js';

const MIB = 1024 * 1024;

/** The files are larger than what may be read into memory. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';

  /** @param bytes of all files. @param limit in MB. */
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`${bytes} bytes are more than ${limit} MB`);
  }

  /** Size in MB, rounded up. */
  get megabytes(): number {
    return Math.ceil(this.bytes / MIB);
  }
}

/**
 * The bytes of a file; for a manifest, also of the parts beside it.
 *
 * @throws TooLargeError before anything is read, and the errors of the file system.
 */
export async function memoryFiles(uri: vscode.Uri): Promise<NamedBytes[]> {
  return readWhole(isManifest(uri.path) ? [uri, ...(await partsOf(uri))] : [uri]);
}

/** What an engine opens of each of several files. @throws TooLargeError and the errors of the file system. */
export async function fileStarts(uris: readonly vscode.Uri[], platform: ExtensionPlatform): Promise<FileStart[]> {
  const inMemory = await readWhole(uris.filter((uri) => platform.localPath(uri) === undefined));
  return uris.map((uri) => {
    const path = platform.localPath(uri);
    return path === undefined ? { bytes: (inMemory.shift() as NamedBytes).bytes } : { path };
  });
}

async function readWhole(uris: readonly vscode.Uri[]): Promise<NamedBytes[]> {
  const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512);
  const stats = await Promise.all(uris.map((one) => vscode.workspace.fs.stat(one)));
  const bytes = stats.reduce((sum, { size }) => sum + size, 0);
  if (bytes > limit * MIB) throw new TooLargeError(bytes, limit);
  return Promise.all(uris.map(async (one) => ({ name: nameOf(one), bytes: await vscode.workspace.fs.readFile(one) })));
}

/** The files beside a manifest that it names, or whose names begin as servers name its parts. */
async function partsOf(manifest: vscode.Uri): Promise<vscode.Uri[]> {
  const folder = vscode.Uri.joinPath(manifest, '..');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(manifest));
  const prefix = nameOf(manifest).replace(/manifest$/i, '');
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries
    .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && !isManifest(name))
    .filter(([name]) => name.startsWith(prefix) || text.includes(name))
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}

/** The last part of a path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').pop() ?? '';
}
