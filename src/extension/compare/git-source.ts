/** The version of a file that git has: what was committed last. */
import * as vscode from 'vscode';
import { nameOf, TooLargeError } from '../memory-files.js';
import { type CompareSource, CompareSourceError } from './compare-source.js';

/** What is used of the API of the git extension. */
interface GitRepository {
  getObjectDetails(treeish: string, path: string): Promise<{ readonly size: number }>;
  buffer(ref: string, path: string): Promise<Uint8Array>;
}

interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
  openRepository?(root: vscode.Uri): Promise<GitRepository | null>;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

const MIB = 1024 * 1024;
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** True for the address that git gives a version of a file. */
export function isGitUri(uri: vscode.Uri): boolean {
  return uri.scheme === 'git';
}

/** The file that a version of git's is of. */
export function workingFile(uri: vscode.Uri): vscode.Uri {
  if (!isGitUri(uri)) return uri;
  try {
    const { path } = JSON.parse(uri.query) as { path?: unknown };
    if (typeof path === 'string') return vscode.Uri.file(path);
  } catch {
    // An address that somebody else has made up: its path is all that is known.
  }
  return vscode.Uri.file(uri.path);
}

/**
 * The version of a file in a commit.
 *
 * @param ref a commit, as git names it.
 */
export function gitSource(file: vscode.Uri, ref = 'HEAD'): CompareSource {
  return {
    label: { name: nameOf(file), detail: ref },
    uri: undefined,
    origin: { kind: 'git', uri: file.toString(), ref },
    async start() {
      const repository = await repositoryOf(file);
      let bytes: Uint8Array;
      try {
        const { size } = await repository.getObjectDetails(ref, file.fsPath);
        const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512);
        if (size > limit * MIB) throw new TooLargeError(size, limit);
        bytes = await repository.buffer(ref, file.fsPath);
      } catch (error) {
        if (error instanceof TooLargeError) throw error;
        throw new CompareSourceError(
          vscode.l10n.t('{0} is not in {1}: it has not been committed yet.', nameOf(file), ref),
        );
      }
      if (new TextDecoder('latin1').decode(bytes.subarray(0, LFS_POINTER.length)) === LFS_POINTER) {
        throw new CompareSourceError(
          vscode.l10n.t(
            'What {0} holds of {1} is a pointer of Git LFS, not the file. Check that version out to a file and compare with it.',
            ref,
            nameOf(file),
          ),
        );
      }
      // A buffer of Node can be a part of a larger one; what is sent to the engine is only the file.
      return { bytes: new Uint8Array(bytes) };
    },
  };
}

/** @throws CompareSourceError where git is not there, or the file is in no repository. */
async function repositoryOf(file: vscode.Uri): Promise<GitRepository> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const git = await extension?.activate();
  if (!git?.enabled) {
    throw new CompareSourceError(
      vscode.l10n.t('Git is not there, or switched off by the setting git.enabled. Compare with a file instead.'),
    );
  }
  const api = git.getAPI(1);
  const repository =
    api.getRepository(file) ?? (await api.openRepository?.(vscode.Uri.joinPath(file, '..'))) ?? undefined;
  if (!repository) {
    throw new CompareSourceError(vscode.l10n.t('{0} is in no repository of git.', nameOf(file)));
  }
  return repository;
}
