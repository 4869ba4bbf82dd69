/** Messages in the language of the user: what is translated, and what of the file stays as it is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { errorPhrase } from '../../../src/engine/cells.js';
import { fill, phraseText, sentence } from '../../../src/format/messages.js';

declare const PROJECT_ROOT: string;

const german = new Map<string, string>(
  Object.entries(JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'l10n', 'bundle.l10n.de.json'), 'utf8'))),
);
const toGerman = (english: string) => german.get(english) ?? english;
const asItIs = (english: string) => english;

/** An error as the engine sends it and the webview shows it. */
function shown(error: DecodeError, translate: (english: string) => string): string {
  const { phrase, args } = errorPhrase(error);
  return sentence(phrase, args, translate);
}

describe('a message', () => {
  it('names the parts of a file in the language of the user', () => {
    const error = new DecodeError('truncated', 10, 7, 'the sorted set');
    assert.equal(shown(error, asItIs), 'The file ends here, 7 bytes short: the sorted set is cut off.');
    assert.equal(
      shown(error, toGerman),
      'Die Datei endet hier, 7 Byte zu früh: die sortierte Menge ist abgeschnitten.',
    );
  });

  it('begins with a capital where a part of the file begins it', () => {
    const error = new DecodeError('empty-value', 10, 'the hash');
    assert.match(shown(error, asItIs), /^The hash has no elements;/);
    assert.match(shown(error, toGerman), /^Der Hash hat keine Elemente;/);
  });

  it('translates the reason that it gives', () => {
    const error = new DecodeError('bad-listpack', 10, { phrase: 'it has only {0} bytes', args: [3] });
    assert.equal(shown(error, toGerman), 'Das Listpack ist beschädigt: nur 3 Byte sind vorhanden.');
  });

  it('is the same in English as the command line says it', () => {
    const error = new DecodeError('bad-length', 10, '0xc9 (201)', 'the key name');
    assert.equal(shown(error, asItIs), error.message);
  });

  it('leaves words of the file alone, whatever they say', () => {
    for (const word of ['Key', 'Keys', '{0}', '{1}', 'constructor', '__proto__']) {
      const text = shown(new DecodeError('duplicate-element', 10, 'the set', word), toGerman);
      assert.equal(text, `Die Menge enthält ${word} mehrfach.`);
    }
  });
});

describe('a template', () => {
  it('keeps placeholders that nothing fills', () => {
    assert.equal(fill('{0} of {1}', [1]), '1 of {1}');
    assert.equal(fill('{0} of {0}', [0]), '0 of 0');
  });

  it('takes phrases within phrases', () => {
    const inner = { phrase: 'the value', args: [] };
    assert.equal(phraseText({ phrase: '{0}', args: [{ phrase: '({0})', args: [inner] }] }, toGerman), '(der Wert)');
  });
});
