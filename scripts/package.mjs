// `npm run package`: builds and writes the VSIX, prints its size, and fails if it is larger than it may be.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const LIMIT = 700 * 1000;

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

/**
 * Writes the README as the page of an installed extension can show it. That page resolves no relative addresses, so
 * pictures and links to other files of the project would be broken there: pictures are left out, links become words.
 *
 * @returns its path, relative to the project.
 */
function writePageReadme() {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8')
    .replace(/^!\[.*\]\((?!https:).*\)\n\n?/gm, '')
    .replace(/(?<!!)\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
  const file = path.join('build', 'README.md');
  writeFileSync(path.join(root, file), text);
  return file;
}

/** Builds and packs. @returns the path of the VSIX. */
export function packExtension() {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const out = path.join(root, 'build', `${name}-${version}.vsix`);
  mkdirSync(path.dirname(out), { recursive: true });
  run(process.execPath, ['esbuild.mjs', '--production']);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--readme-path', writePageReadme(), '--out', out];
  run(process.execPath, [vsce, 'package', ...options]);
  const { size } = statSync(out);
  console.log(`${path.relative(root, out)}: ${size.toLocaleString('en-US')} bytes`);
  if (size > LIMIT) throw new Error(`The package is larger than ${LIMIT.toLocaleString('en-US')} bytes.`);
  return out;
}

/** Packs the extension that opens a file at the start. @returns the path of the VSIX. */
export function packOpener() {
  const folder = path.join(root, 'scripts', 'opener');
  const out = path.join(root, 'build', 'opener.vsix');
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', out];
  const { status } = spawnSync(process.execPath, [vsce, 'package', ...options], { cwd: folder, stdio: 'ignore' });
  if (status !== 0) throw new Error('the opener could not be packed');
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) packExtension();
