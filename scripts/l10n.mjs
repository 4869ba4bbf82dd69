// `npm run l10n`: writes l10n/bundle.l10n.json, the English texts that can be translated, from the sources. With
// `--check` it writes nothing and says what does not agree: the bundle, a translation, the names in package.json.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const BUNDLE = 'l10n/bundle.l10n.json';

/** A string as the formatter leaves it: in single quotes, or in double ones where it holds single ones. */
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;

/**
 * How the sources mark a text for translation. What follows the mark must be the text itself, not an expression: only
 * then can it be found here.
 */
const MARKS = [
  { folder: 'src/extension', mark: /(?<![\w$])vscode\.l10n\.t\(\s*/g },
  { folder: 'src/extension', mark: /(?<![\w$.])template:\s*/g, unless: /string\b|\(\) =>/y },
  { folder: 'src/engine', mark: /(?<![\w$.])template:\s*/g, unless: /string\b|PROBLEM_TEMPLATES\b|\(\) =>/y },
  { folder: 'src/engine', mark: /(?<![\w$.])phrase\(\s*/g },
  { folder: 'src/decoder', mark: /(?<![\w$.]|function )phrase\(\s*/g },
  { folder: 'src/dataset', mark: /(?<![\w$.]|function )phrase\(\s*/g },
  { folder: 'src/decoder', mark: /\.bad\([^,]*,\s*/g },
  { folder: 'src/language', mark: /(?<![\w$.]|function )phrase\(\s*/g },
  { folder: 'webview', mark: /(?<![\w$.]|function )t\(\s*/g },
  { folder: 'src/dataset/report', mark: /(?<![\w$.]|function )t\(\s*/g },
  { folder: 'src/pictures', mark: /(?<![\w$.]|function )t\(\s*/g },
];

/** Words that stand in a template as they are, and so would never be translated. */
const UNMARKED = /(?:aria-label|title|placeholder|alt)="[^"$]*[a-z][^"]*"/g;

const problems = [];

function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

function sources(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file));
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}

function literalAt(text, index) {
  LITERAL.lastIndex = index;
  const match = LITERAL.exec(text);
  if (!match) return undefined;
  const body = match[1] ?? match[2];
  return JSON.parse(`"${body.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`);
}

/** The texts that are marked in the sources. */
function markedTexts() {
  const texts = [];
  for (const { folder, mark, unless } of MARKS) {
    for (const file of sources(folder)) {
      const source = read(file);
      for (const match of source.matchAll(mark)) {
        const at = match.index + match[0].length;
        if (unless) {
          unless.lastIndex = at;
          if (unless.test(source)) continue;
        }
        const text = literalAt(source, at);
        if (text === undefined) {
          problems.push(`${file}:${lineOf(source, at)}: a text to be translated must stand here as it is`);
        } else {
          texts.push(text);
        }
      }
    }
  }
  for (const file of sources('webview')) {
    const source = read(file);
    for (const match of source.matchAll(UNMARKED)) {
      problems.push(`${file}:${lineOf(source, match.index)}: ${match[0]} is not translated`);
    }
  }
  return texts;
}

/** The messages of the decoder and the parts of a file that they name. */
async function decoderTexts() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/decoder/errors.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  const { PROBLEM_TEMPLATES, PARTS } = await import(url);
  return [...Object.values(PROBLEM_TEMPLATES), ...PARTS];
}

/** The bundle as the sources say: each text by itself, without those that are nothing but placeholders. */
async function makeBundle() {
  const texts = new Set([...markedTexts(), ...(await decoderTexts())]);
  const sorted = [...texts]
    .filter((text) => /[a-z]/i.test(text.replace(/\{\d+\}/g, '')))
    .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`;
}

function placeholders(text) {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort().join(' ');
}

/** Compares a translation with the English texts, of the same form. */
function checkTranslation(file, english) {
  const translated = JSON.parse(read(file));
  for (const [key, text] of Object.entries(english)) {
    const translation = translated[key];
    if (!translation) problems.push(`${file}: "${key}" is not translated`);
    else if (placeholders(translation) !== placeholders(text)) {
      problems.push(`${file}: the placeholders of "${key}" and of its translation differ`);
    }
  }
  for (const key of Object.keys(translated)) {
    if (!(key in english)) problems.push(`${file}: "${key}" is no longer there in English`);
  }
}

/** The names in package.json are those of package.nls.json, and each is used. */
function checkManifest(english) {
  const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
  for (const name of used) if (!(name in english)) problems.push(`package.nls.json: ${name} is missing`);
  for (const name of Object.keys(english)) if (!used.has(name)) problems.push(`package.nls.json: ${name} is not used`);
}

/** Compares everything with the sources. @returns true if all agrees; else says what does not. */
export async function checkTexts() {
  problems.length = 0;
  const bundle = await makeBundle();
  if (read(BUNDLE) !== bundle) problems.push(`${BUNDLE} is not what the sources say; run \`npm run l10n\``);
  for (const name of readdirSync(path.join(root, 'l10n'))) {
    const file = `l10n/${name}`;
    if (file !== BUNDLE) checkTranslation(file, JSON.parse(bundle));
  }
  const names = JSON.parse(read('package.nls.json'));
  checkManifest(names);
  for (const file of readdirSync(root)) {
    if (/^package\.nls\..+\.json$/.test(file)) checkTranslation(file, names);
  }
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) writeFileSync(path.join(root, BUNDLE), await makeBundle());
  if (!(await checkTexts())) process.exitCode = 1;
}
