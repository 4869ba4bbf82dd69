/** The AOF that a command reads: opened with all its parts, watched for being overwritten, and closed. */
import type { AofSet } from '../dataset/aof/aof-set.js';
import { openAof } from '../engine/node/aof-folder.js';
import type { FileSource } from '../engine/node/file-source.js';
import { FileChangedError } from './open-file.js';

/**
 * Opens an AOF for a command.
 *
 * @param path of a manifest, a folder, or a single file.
 * @throws FileChangedError if the bytes of a part were not the same from beginning to end; a server may add to a file
 * meanwhile. What the command throws otherwise.
 */
export async function withAof(path: string, command: (set: AofSet) => Promise<number>): Promise<number> {
  const { folder, set } = openAof(path);
  try {
    const status = await command(set);
    for (const source of folder.opened) if (wasReplaced(source)) throw new FileChangedError(source.path);
    return status;
  } finally {
    folder.close();
  }
}

/** True if a file has been cut or emptied; growing is what the files of a live server do. */
function wasReplaced(source: FileSource): boolean {
  return source.currentSize < source.size;
}
