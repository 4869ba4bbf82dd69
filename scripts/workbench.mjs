// The workbench from npm: installs `code-server` with a Node of its own into a cache folder, and starts it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** VS Code 1.139, and the Node that it needs. */
const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

const cache = path.join(root, '.vscode-test', `code-server-${CODE_SERVER}`);
const modules = path.join(cache, 'node_modules');

function nodePackage() {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'win' }[process.platform] ?? process.platform;
  return `node-${platform}-${process.arch}`;
}

function npm(args, cwd) {
  const { status } = spawnSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: true });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}`);
}

/** Installs the workbench unless it is there. None of its native modules is needed, so no install script runs. */
export function installWorkbench() {
  const done = path.join(cache, 'installed');
  if (existsSync(done)) return;
  console.log(`Installing the workbench (code-server ${CODE_SERVER}); this is done once.`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'package.json'), '{"private":true}\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  npm(['install', `code-server@${CODE_SERVER}`, `${nodePackage()}@${NODE}`, ...options], cache);
  npm(['install', '--omit=dev', ...options], path.join(modules, 'code-server', 'lib', 'vscode'));
  writeFileSync(done, '');
}

function nodeBinary() {
  const folder = path.join(modules, nodePackage(), 'bin');
  return path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
}

const entry = path.join(modules, 'code-server', 'out', 'node', 'entry.js');

/** Settings under which a screen shows the editor and nothing else. */
export const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
};

/** Writes the settings of the user, beside those under which a screen is quiet. */
export function writeSettings(userData, settings) {
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  const all = { ...QUIET_SETTINGS, ...settings };
  writeFileSync(path.join(userData, 'User', 'settings.json'), JSON.stringify(all, undefined, 2));
}

/** Installs a packed extension into an extensions folder. */
export function installExtension(vsix, { userData, extensions }) {
  const args = [entry, '--install-extension', vsix, '--extensions-dir', extensions, '--user-data-dir', userData];
  const { status, stdout, stderr } = spawnSync(nodeBinary(), args, {
    encoding: 'utf8',
    env: cleanEnvironment(userData),
  });
  if (status !== 0) throw new Error(`The extension could not be installed:\n${stdout}${stderr}`);
}

/** An environment in which the server keeps its own files to itself. */
function cleanEnvironment(userData) {
  const env = { ...process.env, XDG_CONFIG_HOME: userData, XDG_DATA_HOME: userData };
  // Set inside the terminals of VS Code, where they would make the server talk to that one.
  for (const name of Object.keys(env)) if (/^(VSCODE_|ELECTRON_)/.test(name)) delete env[name];
  return env;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(url) {
  return new Promise((resolve) => {
    http
      .get(url, (response) => {
        response.resume();
        resolve(true);
      })
      .on('error', () => resolve(false));
  });
}

/**
 * Starts the workbench.
 *
 * @param options.userData folder for settings and state; `settings` are written there first.
 * @param options.env more variables of the environment, which extensions see.
 * @param options.trust false asks for trust in every folder, as a fresh editor does.
 * @returns its address, and a function that stops it.
 */
export async function startWorkbench({ userData, extensions, settings = {}, trust = true, env = {} }) {
  writeSettings(userData, settings);
  const port = await freePort();
  const args = [
    entry,
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--user-data-dir',
    userData,
    '--extensions-dir',
    extensions,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(trust ? ['--disable-workspace-trust'] : []),
  ];
  const server = spawn(nodeBinary(), args, { stdio: 'ignore', env: { ...cleanEnvironment(userData), ...env } });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${url}/healthz`))) {
    if (server.exitCode !== null) throw new Error(`The workbench ended with status ${server.exitCode}.`);
    if (Date.now() > deadline) throw new Error('The workbench did not start within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    exited,
    async stop() {
      server.kill('SIGTERM');
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 3000))]);
      server.kill('SIGKILL');
    },
  };
}
