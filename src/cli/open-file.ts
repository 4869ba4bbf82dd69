/** The file that a command reads: opened, watched for being overwritten, and closed. */
import { FileSource } from '../engine/node/file-source.js';

/** The file was overwritten while it was read. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';

  constructor(path: string) {
    super(`${path} was overwritten while it was read: what was printed of it may be wrong`);
  }
}

/**
 * Opens a file for a command.
 *
 * @throws FileChangedError if its bytes were not the same from beginning to end; what the command throws otherwise.
 */
export async function withFile(path: string, command: (source: FileSource) => Promise<number>): Promise<number> {
  const source = new FileSource(path);
  let status: number;
  try {
    try {
      status = await command(source);
    } catch (error) {
      // Bytes that are not there any more are no error of the disk.
      throw source.changed ? new FileChangedError(path) : error;
    }
    if (source.changed) throw new FileChangedError(path);
    return status;
  } finally {
    source.close();
  }
}
