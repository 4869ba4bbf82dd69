/** Files that are written to the local machine: beside their place first, so that nothing half written is ever in it. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type Output, OutputError, type OutputFile } from '../aof-files.js';

/** Writes to the local machine. */
export const nodeOutput: Output = {
  file: (target, replace) => begin(target, replace),
  fileIn(folder, name) {
    if (path.basename(name) !== name) throw new OutputError('system', name, 'a file name cannot be a path');
    return begin(path.join(folder, name), false);
  },
};

function begin(target: string, replace: boolean): OutputFile {
  const name = path.basename(target);
  if (!replace && existsSync(target)) throw new OutputError('exists', name);
  // Not in another folder: what is moved from one file system to another would be copied.
  const unfinished = `${target}.${process.pid}-${Date.now()}.part`;
  const fd = told(name, () => openSync(unfinished, 'wx'));
  let open = true;
  const end = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    write: (piece) =>
      told(name, () => {
        for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
      }),
    close: () =>
      told(name, () => {
        fsyncSync(fd);
        end();
      }),
    keep: () => {
      if (!replace && existsSync(target)) throw new OutputError('exists', name);
      told(name, () => renameSync(unfinished, target));
    },
    discard: () => {
      end();
      rmSync(unfinished, { force: true });
    },
  };
}

/** Does something for a file. @throws OutputError with what the system says. */
function told<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new OutputError('system', name, error instanceof Error ? error.message : String(error));
  }
}
