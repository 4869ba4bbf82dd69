/** Where the user wants something to be written, and writing it there: by the engine, or through the file system's provider. */
import * as vscode from 'vscode';
import { EngineError, RequestCancelledError } from '../engine/client.js';
import { isManifest } from './file-kind.js';
import { nameOf } from './memory-files.js';
import type { ExtensionPlatform } from './platform.js';

const MIB = 1024 * 1024;

/** A file to write, and how to get its bytes from the engine. */
export interface PulledFile {
  readonly file: string;
  readonly bytes: number;
  /** Gives bytes from an offset on: at least one, unless it is the end. */
  read(from: number): Promise<Uint8Array>;
}

/** Asks for a file beside the one that is open. @param name that is proposed. */
export function askForFile(source: vscode.Uri, name: string, title: string): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(source, '..', name), title });
}

/**
 * Asks for a folder for the files of an AOF. What is chosen is used itself if it is empty, else a new folder in it.
 *
 * @param source the manifest that is open.
 * @returns the folder, and whether it has to be made.
 */
export async function askForFolder(
  source: vscode.Uri,
): Promise<{ readonly target: vscode.Uri; readonly isNew: boolean } | undefined> {
  const own = vscode.Uri.joinPath(source, '..');
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.joinPath(own, '..'),
      title: vscode.l10n.t('Folder for the Repaired Copy'),
      openLabel: vscode.l10n.t('Write Here'),
    })) ?? [];
  if (!chosen) return undefined;
  const entries = await vscode.workspace.fs.readDirectory(chosen);
  if (entries.length === 0 || samePlace(chosen, own)) return { target: chosen, isNew: false };
  const names = new Set(entries.map(([name]) => name));
  const base = `${nameOf(own)}-repaired`;
  let name = base;
  for (let number = 2; names.has(name); number++) name = `${base}-${number}`;
  return { target: vscode.Uri.joinPath(chosen, name), isNew: true };
}

/** The name of a repaired copy: `appendonly.aof` to `appendonly.repaired.aof`. */
export function repairedName(name: string): string {
  return /\.aof$/i.test(name) ? name.replace(/\.aof$/i, '.repaired.aof') : `${name}.repaired`;
}

/** The name of an extracted RDB: `appendonly.aof` to `appendonly.rdb`. */
export function preambleName(name: string): string {
  const plain = name.replace(/\.(?:aof|rdb)$/i, '');
  return /\.rdb$/i.test(name) ? `${plain}.copy.rdb` : `${plain}.rdb`;
}

/**
 * Makes sure that nothing is written onto or into what is read, as far as addresses tell; the engine looks closer.
 *
 * @throws EngineError with what is to be told.
 */
export function refuseSource(target: vscode.Uri, source: vscode.Uri, files: readonly string[]): void {
  const own = vscode.Uri.joinPath(source, '..');
  const read = [
    source,
    ...files.map((file) => vscode.Uri.joinPath(own, file)),
    ...(isManifest(source.path) ? [own] : []),
  ];
  if (!read.some((one) => samePlace(one, target))) return;
  throw new EngineError({
    code: 'not-written',
    template: 'The file or folder {0} is what is being read, and is never changed. Choose another place.',
    args: [nameOf(target)],
  });
}

function samePlace(one: vscode.Uri, other: vscode.Uri): boolean {
  const plain = (uri: vscode.Uri) => uri.with({ path: uri.path.replace(/\/+$/, '') }).toString();
  return plain(one) === plain(other);
}

/** The path at which the engine can write; undefined if the bytes have to go through the extension. */
export function enginePath(platform: ExtensionPlatform, target: vscode.Uri): string | undefined {
  return platform.localPath(target);
}

/**
 * Writes files through the provider of their file system, which takes them only whole. What exists is replaced only if
 * it was chosen itself. If it fails or is given up, what was written is removed.
 *
 * @param targets where each of the files goes.
 * @throws EngineError if they are larger than what may be held in memory, or the file system says no.
 */
export async function writePulled(
  files: readonly PulledFile[],
  targets: readonly vscode.Uri[],
  token: vscode.CancellationToken,
  onProgress: (done: number) => void,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512);
  if (total > limit * MIB) {
    throw new EngineError({
      code: 'too-large',
      template:
        'The file system of this folder takes files only whole, and these are larger ({0} MB) than what may be held in memory ({1} MB). Choose a place on a disk.',
      args: [Math.ceil(total / MIB), limit],
    });
  }
  const written: vscode.Uri[] = [];
  let pulled = 0;
  try {
    for (const [i, file] of files.entries()) {
      const bytes = new Uint8Array(file.bytes);
      for (let at = 0; at < bytes.length; ) {
        if (token.isCancellationRequested) throw new RequestCancelledError();
        const page = await file.read(at);
        if (page.length === 0) throw new Error(`${file.file}: ${at}`);
        bytes.set(page, at);
        at += page.length;
        pulled += page.length;
        onProgress(pulled / Math.max(1, total));
      }
      await vscode.workspace.fs.writeFile(targets[i], bytes);
      written.push(targets[i]);
    }
  } catch (error) {
    for (const uri of written) await vscode.workspace.fs.delete(uri);
    if (error instanceof EngineError || error instanceof RequestCancelledError) throw error;
    throw new EngineError({
      code: 'not-written',
      template: 'The file {0} could not be written: {1}',
      args: [nameOf(targets[written.length] ?? targets[0]), error instanceof Error ? error.message : String(error)],
    });
  }
}
