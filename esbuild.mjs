// Builds everything that runs: `node esbuild.mjs [--watch] [--production]`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build, context } from 'esbuild';
import { compiledCli } from './scripts/compiled-cli.mjs';
import { iconsPlugin } from './scripts/icons.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** Bytes as text: from 128 on two characters for each, since a bundle has four for such a character. */
function textOfBytes(bytes) {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 128) text += String.fromCharCode(byte < 192 ? 37 : 38, 48 + (byte & 63));
    else text += String.fromCharCode(byte) + (byte === 37 || byte === 38 ? ' ' : '');
  }
  return text;
}

/**
 * Compiles AssemblyScript: `wasm:PATH/NAME` is the module made of `src/PATH/NAME/assembly/NAME.ts`, as bytes. With
 * `?memory` behind it, it takes the memory of another one; the loop over all bytes is then there, and it is kept small.
 *
 * The bytes stand in a string, most of them a character each: Base64 takes less of the file, but a fifth more of the
 * package, where nothing that is repeated can be found in it.
 */
export const wasmPlugin = {
  name: 'wasm',
  setup(setup) {
    setup.onResolve({ filter: /^wasm:/ }, ({ path: specifier }) => ({
      path: specifier.slice('wasm:'.length),
      namespace: 'wasm',
    }));
    setup.onLoad({ filter: /.*/, namespace: 'wasm' }, async ({ path: specifier }) => {
      // Several bundles take the same module in, most of them at the same time: it is compiled once.
      let known = await compiledModule(specifier);
      if (isOutdated(known)) {
        compiled.delete(specifier);
        known = await compiledModule(specifier);
      }
      return loaded(known);
    });
  },
};

/** Modules that are or were compiled, by what they are imported as. */
const compiled = new Map();

/** What an import of a module gives; compiled unless that was done before. */
function compiledModule(specifier) {
  const before = compiled.get(specifier);
  if (before) return before;
  const compiling = compileModule(specifier);
  compiled.set(specifier, compiling);
  // What could not be compiled may be mended, while files are watched.
  compiling.catch(() => compiled.delete(specifier));
  return compiling;
}

/** True if a file of a module has another text by now, while files are watched. */
function isOutdated({ read }) {
  return [...read].some(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
}

/** What esbuild loads of a module that was compiled. */
function loaded({ binary, read }) {
  const contents = `const text = ${JSON.stringify(textOfBytes(binary))};
        const bytes = new Uint8Array(${binary.length});
        for (let i = 0, at = 0; at < bytes.length; at++) {
          const code = text.charCodeAt(i++);
          const next = code === 37 || code === 38 ? text.charCodeAt(i++) : 0;
          bytes[at] = next < 48 ? code : next + (code - 36) * 64 + 16;
        }
        export default bytes;`;
  return { contents, loader: 'js', watchFiles: [...read.keys()] };
}

/** @returns the module, and the texts of the files that it was made of: it can take others in, such as a layout of its memory. */
async function compileModule(specifier) {
  const [folder, memory] = specifier.split('?');
  const flags = memory ? ['--shrinkLevel', '1', '--importMemory'] : ['--initialMemory', '1'];
  const source = path.join(root, 'src', folder, 'assembly', `${path.basename(folder)}.ts`);
  const read = new Map();
  let binary;
  const { error, stderr } = await asc.main(
    [source, '--outFile', 'out.wasm', '-O3', '--enable', 'simd', ...flags, '--runtime', 'stub', '--noAssert'],
    {
      readFile: (file, folder) => {
        const whole = path.resolve(folder, file);
        if (!existsSync(whole)) return null;
        const text = readFileSync(whole, 'utf8');
        read.set(whole, text);
        return text;
      },
      writeFile(file, contents) {
        if (file.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return { binary, read };
}

/**
 * Bundles the program that `src/PATH.ts` is, as the text of a function of `require`: `program:PATH` exports it as
 * `SOURCE`, and as `ID` what tells it from others. What is given such a text needs no file beside it, a thread starts
 * without reading again what started it, and what V8 makes of it can be kept.
 */
async function bundleProgram(name) {
  const { outputFiles, metafile } = await build({
    ...node,
    entryPoints: [path.join(root, 'src', `${name}.ts`)],
    // Scripts that are given as text have no modules of their own.
    supported: { 'dynamic-import': false },
    banner: { js: '(function (require) {' },
    footer: { js: '})' },
    minify: true,
    write: false,
    metafile: true,
  });
  const source = outputFiles[0].text;
  const id = createHash('sha256').update(source).digest('hex').slice(0, 32);
  const files = Object.keys(metafile.inputs).filter((file) => !file.includes(':'));
  return { source, id, files: files.map((file) => path.join(root, file)) };
}

/** The program of the command line. */
const CLI = 'cli/main';

/** In place of the end of a comment: no regular expression or string of a program has it. */
const END_OF_COMMENT = '*\\u{2f}';

/** A program as a comment, for the end of what starts it. */
async function programComment(name) {
  const { source, id } = await bundleProgram(name);
  if (source.includes(END_OF_COMMENT)) throw new Error(`${name} has ${END_OF_COMMENT} in it`);
  return `/*${id}${source.replaceAll('*/', END_OF_COMMENT)}*/`;
}

/** The settings of the bundle that the command line is, as it is installed. */
export async function commandLine() {
  return { entryPoints: ['src/cli/start.ts'], footer: { js: await programComment(CLI) } };
}

const programPlugin = {
  name: 'program',
  setup(setup) {
    setup.onResolve({ filter: /^program:/ }, ({ path: specifier }) => ({
      path: specifier.slice('program:'.length),
      namespace: 'program',
    }));
    setup.onLoad({ filter: /.*/, namespace: 'program' }, async ({ path: name }) => {
      const { source, id, files } = await bundleProgram(name);
      const values = { SOURCE: source, ID: id, END_OF_COMMENT };
      const contents = Object.entries(values).map(
        ([key, value]) => `export const ${key} = ${JSON.stringify(value)};\n`,
      );
      return { contents: contents.join(''), loader: 'js', watchFiles: files };
    });
  },
};

/**
 * Writes what this Node makes of the program of the command line: a file for each command, its id before the data for V8.
 *
 * @param folder is made. @param names commands; all without them.
 */
export async function compileCommandLine(folder, names) {
  const { source, id } = await bundleProgram(CLI);
  await mkdir(folder, { recursive: true });
  for (const [name, data] of await compiledCli(source, names)) {
    await writeFile(path.join(folder, name), Buffer.concat([Buffer.from(id), data]));
  }
}

/** What all bundles have in common. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  plugins: [wasmPlugin, programPlugin],
  define: { VERSION: JSON.stringify(version) },
  legalComments: 'none',
};

/** The path of a file from the root. */
const fromRoot = (file) => path.relative(root, file).split(path.sep).join('/');

/** What Node and the browser have in common is built once: modules by name, as one CommonJS file. */
class Core {
  /** Paths of modules from the root, as others import them. */
  modules = new Set();

  /**
   * @param file its path in `dist`.
   * @param own tells of a module, by its path from the root, whether it stays out of the core.
   * @param entry what the file exports beside the modules, as a statement.
   */
  constructor(file, own, entry = '') {
    this.file = file;
    this.own = own;
    this.entry = entry;
  }

  /** For a bundle that takes modules from the core. @param more folders that only this one needs, which stay out of it. */
  plugin(more = []) {
    const own = (file) => this.own(fromRoot(file)) || more.some((folder) => fromRoot(file).startsWith(`${folder}/`));
    return {
      name: 'core',
      setup: (setup) => {
        setup.onResolve({ filter: /^\.\.?\// }, ({ path: specifier, resolveDir, importer }) => {
          if (specifier === `./${this.file}`) return { path: specifier, external: true };
          const file = path.join(resolveDir, specifier.replace(/\.js$/, '.ts'));
          if (!own(importer) || own(file)) return undefined;
          const name = fromRoot(file);
          this.modules.add(name);
          return { path: name, namespace: 'core' };
        });
        setup.onLoad({ filter: /.*/, namespace: 'core' }, ({ path: name }) => ({
          contents: `module.exports = require('./${this.file}').modules[${JSON.stringify(name)}];`,
          resolveDir: root,
        }));
      },
    };
  }

  /** For the bundle of the core itself, once those that take from it are built. */
  get bundle() {
    const names = [...this.modules].sort();
    const contents = names.map((name, i) => `import * as module${i} from './${name}';`).join('\n');
    const table = names.map((name, i) => `${JSON.stringify(name)}: module${i}`).join(', ');
    return {
      ...common,
      platform: 'neutral',
      format: 'cjs',
      target: ['node18', 'chrome114'],
      external: ['vscode'],
      stdin: {
        contents: `${contents}\n${this.entry}\nexport const modules = { ${table} };`,
        resolveDir: root,
        sourcefile: this.file,
      },
      outfile: `dist/${this.file}`,
    };
  }
}

const ofPlatform = (name) => (file) => new RegExp(`^src/${name}/(?:node|browser)/`).test(file);
const engineCore = new Core('engine-core.js', ofPlatform('engine'));
const languageCore = new Core('language-core.js', ofPlatform('language'));

const node = { ...common, platform: 'node', format: 'cjs', target: 'node18' };

const browser = { ...common, platform: 'browser', target: 'chrome114' };

const worker = (platform, entry, outfile, core, own) => ({
  ...platform,
  entryPoints: [entry],
  outfile,
  plugins: [core.plugin(own), ...common.plugins],
});

/** The extension of the browser, which has to be one file, is the core of that of Node: all that it imports. */
async function openExtensionCore() {
  const entry = 'src/extension/main-browser.ts';
  const options = { ...common, entryPoints: [entry], external: ['vscode'], outdir: 'dist', write: false };
  const { inputs } = (await build({ ...options, metafile: true })).metafile;
  const own = (file) => file === entry || !(file in inputs);
  return new Core('browser/extension.js', own, `export { activate } from './${entry}';`);
}

const bundlesWith = (extensionCore, cli) => [
  { ...node, ...cli, outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  worker(node, 'src/engine/node/worker.ts', 'dist/engine.js', engineCore),
  worker(node, 'src/engine/node/job-worker.ts', 'dist/jobs.js', engineCore, ['src/server']),
  worker(node, 'src/language/node/worker.ts', 'dist/language.js', languageCore),
  {
    ...worker(node, 'src/extension/main-node.ts', 'dist/extension.js', extensionCore),
    external: ['vscode'],
  },
  worker({ ...browser, format: 'iife' }, 'src/engine/browser/worker.ts', 'dist/browser/engine.js', engineCore),
  worker({ ...browser, format: 'iife' }, 'src/language/browser/worker.ts', 'dist/browser/language.js', languageCore),
  {
    ...browser,
    entryPoints: ['webview/main.ts', 'webview/main.css'],
    outdir: 'dist/webview',
    format: 'esm',
    plugins: [...common.plugins, iconsPlugin(path.join(root, 'webview'))],
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const production = process.argv.includes('--production');
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const setting = (bundle) => ({ ...bundle, minify: production, sourcemap: !production });
  const extensionCore = await openExtensionCore();
  // While it is worked on, the program is a file of its own that a debugger can read.
  const cli = production ? await commandLine() : { entryPoints: ['src/cli/main.ts'] };
  const bundles = bundlesWith(extensionCore, cli);
  const cores = () => [engineCore, languageCore, extensionCore].map((core) => setting(core.bundle));
  await Promise.all(bundles.map((bundle) => build(setting(bundle))));
  if (process.argv.includes('--watch')) {
    for (const options of [...bundles.map(setting), ...cores()]) await (await context(options)).watch();
  } else {
    await Promise.all(cores().map((options) => build(options)));
    if (production) await compileCommandLine(path.join(root, 'dist/cli.cache'));
  }
}
