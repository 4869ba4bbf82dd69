/** Text coloured by the grammars of the extension, as an editor does it: line by line, without line ends. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, type IRawGrammar, parseRawGrammar, Registry } from 'vscode-textmate';

declare const PROJECT_ROOT: string;

/** A stretch of a line and what it is: all scopes but that of the language, joined by blanks. */
export interface Token {
  readonly text: string;
  readonly scopes: string;
}

/** What a manifest says of a grammar. */
interface GrammarContribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

/** A grammar that stands for Markdown: only its fences matter here. */
const MARKDOWN: IRawGrammar = {
  scopeName: 'text.html.markdown',
  patterns: [{ match: '\\*[^*]+\\*', name: 'markup.italic' }],
  repository: { $self: {}, $base: {} },
};

const manifest = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
const contributed: readonly GrammarContribution[] = manifest.contributes.grammars;

const registry = new Registry({
  onigLib: loadOniguruma(),
  loadGrammar: async (scope) => {
    if (scope === MARKDOWN.scopeName) return MARKDOWN;
    const grammar = contributed.find(({ scopeName }) => scopeName === scope);
    if (!grammar) return null;
    const file = path.join(PROJECT_ROOT, grammar.path);
    return parseRawGrammar(readFileSync(file, 'utf8'), file);
  },
  getInjections: (scope) =>
    contributed.filter(({ injectTo }) => injectTo?.includes(scope)).map(({ scopeName }) => scopeName),
});

async function loadOniguruma() {
  const wasm = readFileSync(path.join(PROJECT_ROOT, 'node_modules/vscode-oniguruma/release/onig.wasm'));
  await loadWASM(Uint8Array.from(wasm).buffer);
  return { createOnigScanner, createOnigString };
}

/** Lines of a text as an editor splits it: a lone CR ends one, too. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The tokens of each line of a text; blanks that are nothing are left out. */
export async function tokensOf(scope: string, text: string): Promise<Token[][]> {
  const grammar = await registry.loadGrammar(scope);
  if (!grammar) throw new Error(`no grammar ${scope}`);
  let state = INITIAL;
  return linesOf(text).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex),
        scopes: scopes.slice(1).join(' '),
      }))
      .filter((token) => token.text !== '' && (token.scopes !== '' || token.text.trim() !== ''));
  });
}
