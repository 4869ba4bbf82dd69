/** What texts that match an expression must have: by a table, and against the expressions themselves. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textOf } from '../../../src/dataset/key-pattern.js';
import { plainStretch, requiredTexts } from '../../../src/dataset/required-texts.js';
import { compileValuePattern } from '../../../src/dataset/value-pattern.js';
import { seededRandom } from '../support/random.js';

describe('what an expression requires', () => {
  const TABLE: readonly (readonly [source: string, texts: readonly string[] | undefined])[] = [
    ['player', ['player']],
    ['^player$', ['player']],
    ['ab+cd', ['bcd']],
    ['ab*cde', ['cde']],
    ['ab?', undefined],
    ['(?:abc){2}d', ['abcabcd']],
    ['(abc)?def', ['def']],
    ['(abc|xyz)[0-9]', ['abc', 'xyz']],
    ['abc|\\d', undefined],
    ['lorem|ipsum', ['lorem', 'ipsum']],
    ['(a|b)c(dd|ee)', ['dd', 'ee']],
    ['"id":\\s*\\d+', ['"id":']],
    ['foo(?=bar)bar', ['foobar']],
    ['foo(?!bar)\\d', ['foo']],
    ['(?<name>user):\\k<name>', ['user:']],
    ['(user)\\1end', ['user']],
    ['\\x41\\u0042\\u{43}', ['ABC']],
    ['a\\.b\\/c', ['a.b/c']],
    ['[ab]cd\\]', ['cd]']],
    ['[\\]x]cd', ['cd']],
    ['\\p{L}xx\\P{Nd}', ['xx']],
    ['Жук', ['Жук']],
    ['é', undefined],
    ['\\d{6}', undefined],
    ['x{3}', ['xxx']],
    ['x{3,}y', ['xxxy']],
    ['x{0}yz', ['yz']],
    ['(?:)ab', ['ab']],
    ['', undefined],
  ];
  for (const [source, texts] of TABLE) {
    it(`${source}`, () => assert.deepEqual(requiredTexts(source, false), texts));
  }

  it('leaves out letters with more forms than two where case does not count', () => {
    assert.deepEqual(requiredTexts('makes', true), ['ma']);
    assert.deepEqual(requiredTexts('market', true), ['mar']);
    assert.deepEqual(requiredTexts('Жук', true), undefined);
    assert.equal(plainStretch('Ärger in Köln', true), 'rger ');
    // The sign of Kelvin is a K, the long s an S.
    for (const [source, text] of [
      ['mark', 'mar\u212a'],
      ['sent', '\u017fent'],
    ] as const) {
      const bytes = new TextEncoder().encode(text);
      assert.ok(compileValuePattern({ mode: 'regex', text: source, ignoreCase: true }).test(bytes, 0, bytes.length));
    }
  });

  it('is in every text that a random expression matches', () => {
    const seed = 4711;
    const random = seededRandom(seed);
    const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item;
    const expression = (depth: number): string => {
      let source = '';
      for (let terms = 1 + random(4); terms > 0; terms--) {
        const kind = random(depth > 0 ? 12 : 8);
        let term = pick(['a', 'b', 'ab', 'c', 'K', 's', 'é', 'Ж', '.', '[ab]', '\\d', '\\x61', '1']);
        if (kind === 8) term = `(${expression(depth - 1)}|${expression(depth - 1)})`;
        else if (kind === 9) term = `(?:${expression(depth - 1)})`;
        else if (kind === 10) term = `(?=${expression(depth - 1)})`;
        else if (kind === 11) term = `(?<!${expression(depth - 1)})`;
        else if (kind === 7) term = pick(['\\b', '^', '$']);
        const repeats = kind !== 7 && kind < 10 && random(3) === 0;
        source += term + (repeats ? pick(['*', '+', '?', '{2}', '{0,1}', '{1,2}', '+?', '{0}']) : '');
      }
      return source;
    };
    let matched = 0;
    for (let round = 0; round < 4000; round++) {
      const source = expression(2);
      const ignoreCase = random(2) === 0;
      const regex = new RegExp(source, ignoreCase ? 'iu' : 'u');
      const matcher = (() => {
        try {
          return compileValuePattern({ mode: 'regex', text: source, ignoreCase });
        } catch {
          // Repeats a repetition.
          return undefined;
        }
      })();
      for (let i = 0; matcher && i < 8; i++) {
        let text = '';
        for (let length = random(9); length > 0; length--) {
          text += pick([
            'a',
            'b',
            'ab',
            'A',
            'c',
            'k',
            'K',
            '\u212a',
            's',
            'S',
            '\u017f',
            'é',
            'Ж',
            'ж',
            '1',
            '2',
            '-',
          ]);
        }
        const bytes = new TextEncoder().encode(text);
        // Bytes that are no text count as characters of their own.
        const given = random(4) === 0 ? bytes.slice(random(2)) : bytes;
        const expected = regex.test(textOf(given, 0, given.length));
        if (expected) matched++;
        const told = matcher.test(given, 0, given.length);
        assert.equal(told, expected, `/${source}/${ignoreCase ? 'i' : ''} and ${JSON.stringify(text)} (seed ${seed})`);
        if (expected) assert.ok(given.length >= matcher.least);
      }
    }
    assert.ok(matched > 2000, `${matched} matches`);
  });
});
