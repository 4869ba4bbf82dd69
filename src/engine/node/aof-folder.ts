/** The folder of an AOF on the local machine: opens a manifest, a folder or a single file with all that belongs to it. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type AofFolder, type AofSet, openAofSet } from '../../dataset/aof/aof-set.js';
import { FileSource } from './file-source.js';

/** Where servers keep a multi-part AOF below their folder, unless they are told otherwise. */
const DEFAULT_FOLDER = 'appendonlydir';

/** The files of a folder; what was opened is open until {@link close}. */
export class NodeAofFolder implements AofFolder {
  private readonly sources = new Map<string, FileSource>();

  constructor(readonly path: string) {}

  list(): string[] {
    return readdirSync(this.path, { withFileTypes: true })
      .filter((item) => !item.isDirectory())
      .map((item) => item.name);
  }

  open(name: string): FileSource | undefined {
    const known = this.sources.get(name);
    if (known) return known;
    try {
      const source = new FileSource(path.join(this.path, name));
      this.sources.set(name, source);
      return source;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The files that were opened. */
  get opened(): readonly FileSource[] {
    return [...this.sources.values()];
  }

  close(): void {
    for (const source of this.sources.values()) source.close();
    this.sources.clear();
  }
}

/** An AOF on the disk: its folder, which has to be closed, and its parts. */
export interface OpenedAof {
  readonly folder: NodeAofFolder;
  readonly set: AofSet;
}

/**
 * Opens the AOF at a path: a manifest, a folder with one (or the folder of a server, with `appendonlydir` in it), or a
 * single file.
 *
 * @throws NoAofError where there is none, the system's error where something cannot be read.
 */
export function openAof(target: string): OpenedAof {
  const isFolder = statSync(target).isDirectory();
  const folder = new NodeAofFolder(isFolder ? folderOf(target) : path.dirname(target));
  try {
    return { folder, set: openAofSet(folder, isFolder ? null : path.basename(target)) };
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** The folder that has the manifest: the one given, or the default one below it. */
function folderOf(target: string): string {
  const below = path.join(target, DEFAULT_FOLDER);
  const hasManifest = readdirSync(target).some((name) => name.endsWith('.manifest'));
  return !hasManifest && statSync(below, { throwIfNoEntry: false })?.isDirectory() ? below : target;
}
