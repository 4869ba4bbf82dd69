/** The servers of the workbench that were started for the tests: one of them at a time is a file's own. */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A server that runs; see scripts/workbench-lanes.mjs. */
export interface Lane {
  /** Address of the workbench. */
  readonly url: string;
  /** Its folder for settings and state. */
  readonly userData: string;
  /** Lets another process have it. */
  release(): void;
}

/** True if a process still runs. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The process that has a lane, unless it is just taking it or giving it back. */
function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** Takes a lane by a file that only one process can make. A lane of a process that ended without a word is free. */
function take(lock: string): boolean {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    const owner = ownerOf(lock);
    if (owner === undefined || runs(owner)) return false;
    rmSync(lock, { force: true });
    return take(lock);
  }
}

/**
 * Takes a lane. There are as many as files that run at the same time.
 *
 * @throws if none is free: a file has two editors at once.
 */
export function takeLane(): Lane {
  const folder = process.env.WORKBENCH_LANES;
  if (!folder) throw new Error('WORKBENCH_LANES names no folder of lanes; run these tests with npm test.');
  const lanes = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const name = lanes.find((lane) => take(path.join(folder, `${lane}.taken`)));
  if (!name) throw new Error('No lane is free: a file of tests has one editor at a time.');
  const addresses = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Omit<Lane, 'release'>;
  return { ...addresses, release: () => rmSync(path.join(folder, `${name}.taken`)) };
}
