/** What belongs to one AOF: a single file, or a manifest and the files that it names, in the order of what happened. */
import {
  isBaseName,
  looksLikeManifest,
  type Manifest,
  parseManifest,
  replayOrder,
} from '../../decoder/aof/manifest.js';
import { type ByteSource, readFully } from '../../decoder/source.js';

/** What a part of an AOF is for. */
export type PartRole = 'base' | 'incr' | 'history' | 'single';

/** A part: a file. */
export interface AofPart {
  /** Its place among the parts. */
  readonly part: number;
  /** Name of the file, in the folder of the set. */
  readonly file: string;
  readonly role: PartRole;
  /** Sequence number of the manifest; null for a single file. */
  readonly seq: number | null;
  /** Null if the file is not there. */
  readonly source: ByteSource | null;
}

/** The parts of an AOF, history first, in the order in which their commands happened. */
export interface AofSet {
  readonly parts: readonly AofPart[];
  /** The manifest that names the parts; null for a single file. */
  readonly manifest: { readonly file: string; readonly manifest: Manifest } | null;
}

/** Where the files of an AOF are: a folder of a disk, or files in memory. */
export interface AofFolder {
  /** Names of the files of the folder. */
  list(): readonly string[];
  /** Opens a file; undefined if there is none of this name. */
  open(name: string): ByteSource | undefined;
}

/** Bytes of a manifest that are read; real ones have a line for each file. */
const MANIFEST_LIMIT = 1 << 20;

const NO_AOF = {
  'no-manifest': 'the folder has no manifest: name a file in it',
  'many-manifests': 'the folder has several manifests: name one of ',
  'no-file': 'there is no file ',
} as const;

/** The folder or file is no AOF that could be opened. */
export class NoAofError extends Error {
  override readonly name = 'NoAofError';

  /** @param files the manifests that there are, where there is more than one; the file that is not there. */
  constructor(
    readonly reason: 'no-manifest' | 'many-manifests' | 'no-file',
    readonly files: readonly string[],
  ) {
    super(NO_AOF[reason] + files.join(', '));
  }
}

/**
 * Opens the AOF that a file of a folder stands for: with all its parts if it is a manifest, else the file alone.
 *
 * @param name the file; null for the one manifest of the folder.
 * @throws NoAofError if the folder has no manifest or several, or the file is not there.
 */
export function openAofSet(folder: AofFolder, name: string | null): AofSet {
  const file = name ?? manifestOf(folder);
  const source = folder.open(file);
  if (!source) throw new NoAofError('no-file', [file]);
  const manifest = readManifest(file, source);
  if (!manifest) return { parts: [{ part: 0, file, role: 'single', seq: null, source }], manifest: null };
  const roles = { b: 'base', i: 'incr', h: 'history' } as const;
  const parts = replayOrder(manifest.lines).map(
    ({ fileName, seq, type }, part): AofPart => ({
      part,
      file: fileName,
      role: roles[type],
      seq,
      source: folder.open(fileName) ?? null,
    }),
  );
  return { parts, manifest: { file, manifest } };
}

/** The one manifest of a folder. @throws NoAofError if there is none or more than one. */
function manifestOf(folder: AofFolder): string {
  const files = folder.list().filter((name) => name.endsWith('.manifest') && !name.startsWith('temp-'));
  if (files.length !== 1) throw new NoAofError(files.length === 0 ? 'no-manifest' : 'many-manifests', files);
  return files[0];
}

/** The manifest in a file; undefined if it is none, by its name and by its first line. */
export function readManifest(file: string, source: ByteSource): Manifest | undefined {
  const named = file.endsWith('.manifest');
  const start = new Uint8Array(Math.min(source.size, named ? MANIFEST_LIMIT : 4096));
  const count = readFully(source, 0, start);
  if (!named && !looksLikeManifest(start.subarray(0, count))) return undefined;
  const bytes = new Uint8Array(Math.min(source.size, MANIFEST_LIMIT));
  return parseManifest(bytes.subarray(0, readFully(source, 0, bytes)));
}

/** True if the name of a part says that it begins with an RDB or is a rewritten base; history keeps these names. */
export function isBasePart({ file, role }: AofPart): boolean {
  return role === 'base' || (role === 'history' && isBaseName(file));
}
