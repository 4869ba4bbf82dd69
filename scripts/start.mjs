// `npm start -- [--web] [FILE]`: installs what is missing, builds, packs, and opens the file in a real editor: VS Code
// where `code` is on the path, else the workbench from npm in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const web = args.includes('--web');
const [given] = args.filter((arg) => !arg.startsWith('--'));
const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--web');
if (unknown) fail(`There is no option ${unknown}. Usage: npm start -- [--web] [FILE]`);

if (!installDependencies()) fail('npm ci failed.');
const file = given ? fileOf(path.resolve(process.env.INIT_CWD ?? process.cwd(), given)) : await makeSample();
if (!statSync(file).isFile()) fail(`${file} is not a file.`);
const { packExtension, packOpener } = await import('./package.mjs');
const vsix = packExtension();
const code = web ? undefined : findCode();
if (code) openInCode(code);
else await openInBrowser();

function fail(message) {
  console.error(message);
  process.exit(2);
}

/** What to open: of the folder of a multi-part AOF its manifest. */
function fileOf(place) {
  if (!existsSync(place)) fail(`${place} does not exist.`);
  if (!statSync(place).isDirectory()) return place;
  const manifest = readdirSync(place).find((name) => name.endsWith('.aof.manifest'));
  if (manifest === undefined) fail(`${place} is a folder without a manifest of an AOF.`);
  return path.join(place, manifest);
}

async function makeSample() {
  const folder = path.join(root, 'build', 'sample');
  mkdirSync(folder, { recursive: true });
  const { writeSample } = await import('./sample.mjs');
  return writeSample(path.join(folder, 'dump.rdb'));
}

/** The command of an installed VS Code. */
function findCode() {
  for (const name of ['code', 'code-insiders', 'codium']) {
    const { status } = spawnSync(name, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' });
    if (status === 0) return name;
  }
  return undefined;
}

function openInCode(command) {
  const shell = process.platform === 'win32';
  const install = spawnSync(command, ['--install-extension', vsix, '--force'], { stdio: 'inherit', shell });
  if (install.status !== 0) fail('The extension could not be installed.');
  console.log(`Opening ${file} in VS Code`);
  spawnSync(command, ['--new-window', path.dirname(file), '--goto', file], { stdio: 'inherit', shell });
}

async function openInBrowser() {
  const { installExtension, installWorkbench, startWorkbench } = await import('./workbench.mjs');
  installWorkbench();
  const folders = {
    userData: path.join(root, '.vscode-test', 'start', 'user-data'),
    extensions: path.join(root, '.vscode-test', 'start', 'extensions'),
  };
  installExtension(vsix, folders);
  installExtension(packOpener(), folders);
  const real = realpathSync(file);
  const workbench = await startWorkbench({ ...folders, env: { PERSISTENCE_EXPLORER_OPEN: real } });
  const address = new URL(workbench.url);
  address.searchParams.set('folder', path.dirname(real));
  console.log(`\n${path.basename(file)} is open at\n\n  ${address.href}\n\nPress Ctrl+C to stop.`);
  showInBrowser(address.href);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, async () => {
      await workbench.stop();
      process.exit(0);
    });
  }
  await workbench.exited;
}

/** Opens a browser if the machine has a screen and a way to do so. */
function showInBrowser(address) {
  const [command, ...rest] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : process.env.DISPLAY || process.env.WAYLAND_DISPLAY
          ? ['xdg-open']
          : [];
  if (!command) return;
  const opener = spawn(command, [...rest, address], { stdio: 'ignore', detached: true });
  opener.on('error', () => console.log('No browser could be started; open the address yourself.'));
  opener.unref();
}
