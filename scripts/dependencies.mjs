// Sees that the packages of the lock file are installed: in a fresh clone, and after the lock file has changed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** True if every package is there in the version of the lock file; those for other platforms may be missing. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(([place, { version, optional }]) => {
    const found = installed[place];
    return place === '' || (found ? found.version === version : optional);
  });
}

/** Installs the packages unless they are there. @returns false if that failed. */
export function installDependencies() {
  if (isInstalled()) return true;
  console.log('Installing dependencies');
  const options = { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' };
  return spawnSync('npm', ['ci', '--no-audit', '--no-fund'], options).status === 0;
}
