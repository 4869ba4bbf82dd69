// What the tests need besides Node: a browser for the workbench, a Redis server for the integration tests.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Programs by the stage that needs them: what they may be called, and Debian's package. */
const PROGRAMS = {
  workbench: [
    {
      names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
      debian: 'chromium',
      variable: 'CHROMIUM',
    },
    { names: ['redis-server'], debian: 'redis-server' },
  ],
  integration: [{ names: ['redis-server'], debian: 'redis-server' }],
};

/** The path of the first program that is there. */
function find(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

function missingOf(stages) {
  const missing = [];
  for (const stage of stages) {
    for (const program of PROGRAMS[stage] ?? []) {
      if (program.variable && process.env[program.variable]) continue;
      const file = find(program.names);
      if (!file) missing.push({ ...program, stage });
      else if (program.variable) process.env[program.variable] = file;
    }
  }
  return missing;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
  return status === 0;
}

/**
 * Sees that what the stages need is there: installs it where that is possible without asking (as root on Debian), else
 * says what is missing and how it is installed.
 *
 * @returns true if everything is there.
 */
export function requirePrograms(stages) {
  let missing = missingOf(stages);
  if (missing.length === 0) return true;
  if (process.getuid?.() === 0 && find(['apt-get'])) {
    const packages = missing.map(({ debian }) => debian);
    console.log(`Installing ${packages.join(' and ')}`);
    // The list of packages may be old or empty, as it is in a fresh container.
    apt('update');
    apt('install', '--yes', '--no-install-recommends', ...packages);
    missing = missingOf(stages);
  }
  for (const { names, debian, stage, variable } of missing) {
    console.error(`The stage ${stage} needs ${names[0]}, which is not on the path. On Debian: apt install ${debian}`);
    if (variable) console.error(`Another program can be named in the environment variable ${variable}.`);
  }
  return missing.length === 0;
}
