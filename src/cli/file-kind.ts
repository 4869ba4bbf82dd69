/** What a path leads to: an RDB file or an AOF, told by what is in it, and by its name only where that does not tell. */
import { statSync } from 'node:fs';
import { readManifest } from '../dataset/aof/aof-set.js';
import { beginsWithRdb, startsCommand } from '../dataset/aof/part-scan.js';
import { FileScan } from '../dataset/file-scan.js';
import type { ByteSource } from '../decoder/source.js';
import { FileSource } from '../engine/node/file-source.js';

export type FileKind = 'rdb' | 'aof';

/** Tells what is at a path; a folder can only be that of an AOF. @throws the system's error if it cannot be read. */
export function fileKind(path: string): FileKind {
  if (statSync(path).isDirectory()) return 'aof';
  const source = new FileSource(path);
  try {
    return sourceKind(path, source);
  } finally {
    source.close();
  }
}

/**
 * What a file is read as by commands that take both: what it is, but for a file that is called `.rdb` and begins with a
 * command. That it is no RDB is then what there is to say.
 */
export function readAs(path: string): FileKind {
  const kind = fileKind(path);
  return kind === 'aof' && path.toLowerCase().endsWith('.rdb') && !isRdbFile(path) ? 'rdb' : kind;
}

function sourceKind(path: string, source: ByteSource): FileKind {
  const named = path.toLowerCase().endsWith('.aof');
  if (beginsWithRdb(source)) return named || isPreamble(source) ? 'aof' : 'rdb';
  if (named || readManifest(path, source) || startsCommand(source, 0)) return 'aof';
  return 'rdb';
}

/** True if a server wrote the RDB as the start of an AOF (4.0 to 6.2). The base files of later ones are files of their own. */
function isPreamble(source: ByteSource): boolean {
  const scan = new FileScan(source, () => {});
  scan.step();
  return scan.facts.auxValue('aof-preamble') === '1';
}

/** True for a file that begins with an RDB, whatever follows it: an RDB file, or an AOF with a preamble. */
export function isRdbFile(path: string): boolean {
  const source = new FileSource(path);
  try {
    return beginsWithRdb(source);
  } finally {
    source.close();
  }
}
