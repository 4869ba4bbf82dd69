/** The private folders of moments: how they are called, whose they are, and how they are removed. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRunning } from './job-marks.js';

const PREFIX = 'redis-persistence-moment-';
/** A file in each folder with the number of the process that uses it. */
const OWNER = 'owner';

/** Milliseconds that a folder is new. */
const NEW_MS = 10_000;

/** Makes a folder that nobody else can look into. */
export function makeMomentFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), PREFIX));
  // Whatever the habits of the system are.
  chmodSync(folder, 0o700);
  writeFileSync(path.join(folder, OWNER), String(process.pid), { mode: 0o600 });
  return folder;
}

/** Removes the folder of a dump; nothing that is not such a folder. */
export function removeMoment(dump: string): void {
  const folder = path.dirname(dump);
  if (path.dirname(folder) !== path.resolve(tmpdir()) || !path.basename(folder).startsWith(PREFIX)) return;
  rmSync(folder, { recursive: true, force: true });
}

/** Removes the folders of processes that are gone. */
export function removeLeftMoments(): void {
  const own = process.getuid?.();
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(tmpdir(), name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found?.isDirectory() || (own !== undefined && found.uid !== own)) continue;
    // One that is just being made does not say yet whose it is.
    if (isOwned(folder) || Date.now() - found.mtimeMs < NEW_MS) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOwned(folder: string): boolean {
  const owner = path.join(folder, OWNER);
  return existsSync(owner) && isRunning(Number(readFileSync(owner, 'utf8')));
}
