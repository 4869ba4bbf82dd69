/** What can be compared: a file, a version of it that git has, or what a server held. */
import * as vscode from 'vscode';
import type { CompareLabel, CompareOrigin } from '../../compare-protocol.js';
import type { FileStart } from '../../engine/start.js';
import { memoryFiles, nameOf } from '../memory-files.js';
import type { ExtensionPlatform } from '../platform.js';

/** One side of a comparison. */
export interface CompareSource {
  readonly label: CompareLabel;
  /** The file that is opened to look at it; undefined if there is none. */
  readonly uri: vscode.Uri | undefined;
  /** What it can be made of again; null if it lasts no longer than the panel. */
  readonly origin: CompareOrigin | null;
  /** Gives the engine what it opens; once for each comparison. @throws CompareSourceError, TooLargeError, those of the file system. */
  start(): Promise<FileStart>;
  /** Lets go of what was made for the comparison. */
  dispose?(): Promise<void>;
}

/** Why something cannot be compared, for the user. */
export class CompareSourceError extends Error {
  override readonly name = 'CompareSourceError';
}

/** A file, as it is on disk when the comparison is made. */
export function fileSource(uri: vscode.Uri, platform: ExtensionPlatform): CompareSource {
  return {
    label: { name: nameOf(uri), detail: uri.scheme === 'git' ? refOf(uri) : '' },
    uri,
    origin: { kind: 'file', uri: uri.toString() },
    async start() {
      const path = platform.localPath(uri);
      return path === undefined ? { bytes: (await memoryFiles(uri))[0].bytes } : { path };
    },
  };
}

/** What git calls the version that an address of its own stands for. */
function refOf(uri: vscode.Uri): string {
  try {
    const { ref } = JSON.parse(uri.query) as { ref?: unknown };
    if (ref === '' || ref === '~') return vscode.l10n.t('index');
    return typeof ref === 'string' ? ref : 'git';
  } catch {
    return 'git';
  }
}

/** Tells two files of one name apart by their folders. */
export function distinctLabels(left: CompareSource, right: CompareSource): readonly [CompareLabel, CompareLabel] {
  const labels = [left.label, right.label] as const;
  if (labels[0].name !== labels[1].name || labels[0].detail !== labels[1].detail) return labels;
  const folders = [left, right].map(({ uri }) =>
    uri ? vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')) : '',
  );
  return [
    { ...labels[0], detail: folders[0] },
    { ...labels[1], detail: folders[1] },
  ];
}
