// The icons of the webview: of the font with some hundred of them, and of its style sheet, only those that are used.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import subsetFont from 'subset-font';

const RULE = /^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)" \}\n/gm;

/** The words that can be the name of an icon: what stands in quotes, or behind `codicon-`; and beginnings of names. */
async function wordsOf(folder) {
  const words = new Set();
  const beginnings = new Set();
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(ts|css)$/.test(name));
  for (const name of files) {
    const source = await readFile(path.join(folder, name), 'utf8');
    for (const [, word] of source.matchAll(/['"]([a-z0-9-]+)['"]/g)) words.add(word);
    for (const [, word, end] of source.matchAll(/codicon-([a-z0-9-]+)(\$\{)?/g)) (end ? beginnings : words).add(word);
  }
  return { words, beginnings };
}

/** The names of all icons that a webview can show, of those that a style sheet defines, with their characters. */
async function usedIcons(styles, folder) {
  const { words, beginnings } = await wordsOf(folder);
  const used = (name) =>
    words.has(name) || [...beginnings].some((start) => name.startsWith(start) && words.has(name.slice(start.length)));
  return new Map([...styles.matchAll(RULE)].filter(([, name]) => used(name)).map(([, name, code]) => [name, code]));
}

/** The esbuild plugin. @param folder with the sources of the webview. */
export function iconsPlugin(folder) {
  return {
    name: 'icons',
    setup(setup) {
      setup.onLoad({ filter: /codicon\.css$/ }, async ({ path: file }) => {
        const styles = await readFile(file, 'utf8');
        const icons = await usedIcons(styles, folder);
        const contents = styles.replaceAll(RULE, (rule, name) => (icons.has(name) ? rule : ''));
        return { contents, loader: 'css' };
      });
      setup.onLoad({ filter: /codicon\.ttf$/ }, async ({ path: file }) => {
        const styles = await readFile(path.join(path.dirname(file), 'codicon.css'), 'utf8');
        const icons = await usedIcons(styles, folder);
        if (icons.size === 0) throw new Error('no icon of the font is used: has its style sheet another form?');
        const text = [...icons.values()].map((code) => String.fromCodePoint(Number.parseInt(code, 16))).join('');
        return { contents: await subsetFont(await readFile(file), text, { targetFormat: 'truetype' }), loader: 'file' };
      });
    },
  };
}
