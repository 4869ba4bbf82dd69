// `npm run grammars`: writes the TextMate grammars of `syntaxes`; `--check` only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './grammars/commands.mjs';
import { manifestGrammar } from './grammars/manifest.mjs';
import { markdownGrammar } from './grammars/markdown.mjs';
import { redisGrammar } from './grammars/redis.mjs';
import { respGrammar } from './grammars/resp.mjs';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'syntaxes');
const all = commands();
const grammars = {
  'resp.tmLanguage.json': respGrammar(all),
  'redis.tmLanguage.json': redisGrammar(all),
  'aof-manifest.tmLanguage.json': manifestGrammar(),
  'markdown-fences.tmLanguage.json': markdownGrammar(),
};

mkdirSync(folder, { recursive: true });
for (const [name, grammar] of Object.entries(grammars)) {
  const file = path.join(folder, name);
  const text = `${JSON.stringify(grammar, null, 1)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`syntaxes/${name} is not what \`npm run grammars\` writes.`);
    process.exitCode = 1;
  }
}
