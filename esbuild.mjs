// Builds everything that runs: `node esbuild.mjs [--watch] [--production]`.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build, context } from 'esbuild';
import { codiconsPlugin } from './scripts/codicons.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** Compiles AssemblyScript: `wasm:NAME` is the module made of `src/decoder/NAME/assembly/NAME.ts`, as bytes. */
export const wasmPlugin = {
  name: 'wasm',
  setup(setup) {
    setup.onResolve({ filter: /^wasm:/ }, ({ path: specifier }) => ({
      path: specifier.slice('wasm:'.length),
      namespace: 'wasm',
    }));
    setup.onLoad({ filter: /.*/, namespace: 'wasm' }, async ({ path: name }) => {
      const source = path.join(root, 'src', 'decoder', name, 'assembly', `${name}.ts`);
      let binary;
      const { error, stderr } = await asc.main(
        [source, '--outFile', 'out.wasm', '-O3', '--runtime', 'stub', '--noAssert', '--initialMemory', '1'],
        {
          writeFile(file, contents) {
            if (file.endsWith('.wasm')) binary = contents;
          },
        },
      );
      if (error) throw new Error(`${error.message}\n${stderr}`);
      return { contents: binary, loader: 'binary', watchFiles: [source] };
    });
  },
};

/** What all bundles have in common. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  plugins: [wasmPlugin],
  define: { VERSION: JSON.stringify(version) },
  legalComments: 'none',
};

const node = { ...common, platform: 'node', format: 'cjs', target: 'node18' };

const browser = { ...common, platform: 'browser', target: 'chrome114' };

const bundles = [
  { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  { ...node, entryPoints: ['src/engine/node/worker.ts'], outfile: 'dist/engine.js' },
  { ...node, entryPoints: ['src/extension/main-node.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  {
    ...browser,
    entryPoints: ['src/extension/main-browser.ts'],
    outfile: 'dist/browser/extension.js',
    format: 'cjs',
    external: ['vscode'],
  },
  { ...browser, entryPoints: ['src/engine/browser/worker.ts'], outfile: 'dist/browser/engine.js', format: 'iife' },
  {
    ...browser,
    entryPoints: ['webview/main.ts', 'webview/main.css'],
    outdir: 'dist/webview',
    format: 'esm',
    loader: { '.ttf': 'file' },
    plugins: [...common.plugins, codiconsPlugin(path.join(root, 'webview'))],
    assetNames: '[name]',
  },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const production = process.argv.includes('--production');
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const settings = bundles.map((bundle) => ({ ...bundle, minify: production, sourcemap: !production }));
  if (process.argv.includes('--watch')) {
    for (const setting of settings) await (await context(setting)).watch();
  } else {
    await Promise.all(settings.map((setting) => build(setting)));
  }
}
