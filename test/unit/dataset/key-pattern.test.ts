/** Patterns for key names: parts of names, globs and expressions, over text and over bytes that are none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compileKeyPattern,
  type KeyPattern,
  PatternError,
  repeatsRepetition,
  textOf,
} from '../../../src/dataset/key-pattern.js';
import { bytes } from '../support/bytes.js';

function matches(mode: KeyPattern['mode'], text: string, name: string | Uint8Array, ignoreCase = false): boolean {
  const content = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  // In the middle of other bytes, which must not be looked at.
  const around = bytes('*a', content, 'z*');
  return compileKeyPattern({ mode, text, ignoreCase })(around, 2, around.length - 2);
}

type Case = readonly [text: string, name: string | Uint8Array, expected: boolean, ignoreCase?: boolean];

function table(mode: KeyPattern['mode'], cases: readonly Case[]): void {
  for (const [text, name, expected, ignoreCase = false] of cases) {
    const shown = typeof name === 'string' ? name : Buffer.from(name).toString('latin1');
    it(`${text} ${expected ? 'is' : 'is not'} in ${JSON.stringify(shown)}${ignoreCase ? ', in any case' : ''}`, () => {
      assert.equal(matches(mode, text, name, ignoreCase), expected);
    });
  }
}

describe('a part of a name', () => {
  table('substring', [
    ['', 'x', true],
    ['', '', true],
    ['a', '', false],
    ['ser', 'user', true],
    ['USER', 'user', false],
    ['USER', 'user', true, true],
    ['aab', 'aaab', true],
    ['user*', 'user1', false],
    ['\\x00', bytes('a', 0), true],
    ['\\xff', bytes(0xff), true, true],
    ['\\xff', 'ÿ', false, true],
    ['ÿ', bytes(0xff), false],
    ['É', 'été', false],
    ['É', 'été', true, true],
    ['\\\\n', 'a\\n', true],
    ['\\n', 'a\nb', true],
  ]);
});

describe('a glob over names', () => {
  table('glob', [
    ['user:*', 'user:1', true],
    ['user', 'user:1', false],
    ['*:1', 'user:1', true],
    ['h[ae]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['H[A-Z]llo', 'hello', true, true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['\\x2a', '*', true],
    ['\\x2a', 'x', false],
    ['[\\x5d]', ']', true],
    ['\\u{e9}*', 'été', true],
    ['é?', 'éa', true],
    ['?', 'é', false],
    ['a\\', 'a\\', true],
  ]);
});

describe('an expression over names', () => {
  table('regex', [
    ['^user:\\d+$', 'user:12', true],
    ['^USER', 'user', true, true],
    ['^.$', 'é', true],
    ['^.$', '🚀', true],
    ['\\u{1f680}', '🚀', true],
    ['^ÿ$', bytes(0xff), true],
    ['a$', 'ab', false],
  ]);

  it('sees the start of a name that is very long', () => {
    assert.equal(matches('regex', 'x{4000}', 'x'.repeat(5000)), true);
    assert.equal(matches('regex', 'y', `${'x'.repeat(5000)}y`), false);
  });

  it('is refused where it is none, with the reason', () => {
    for (const text of ['(', '[', '*', '\\', '(?<=']) {
      assert.throws(
        () => compileKeyPattern({ mode: 'regex', text, ignoreCase: false }),
        (error) => error instanceof PatternError && error.reason === 'syntax' && error.message !== '',
        text,
      );
    }
  });

  it('is refused where it repeats a repetition', () => {
    for (const text of ['(a+)+', '(a*)*b', '((a|b)+c)*', '(\\d{2,})+', '(x[*]y+)*', '(?:a+){10,}', '((a+))+']) {
      assert.equal(repeatsRepetition(text), true, text);
      assert.throws(
        () => compileKeyPattern({ mode: 'regex', text, ignoreCase: false }),
        (error) => error instanceof PatternError && error.reason === 'exponential',
      );
    }
    for (const text of ['a+b+', '(ab)+', '(a|b)*c', '\\(a+\\)+', '[(a+)]+', '(a+)(b+)', '(a+)?', 'a{2}', '(a{2})+']) {
      assert.equal(repeatsRepetition(text), false, text);
    }
  });
});

describe('bytes as text', () => {
  it('are UTF-8, and where they are not, one character each', () => {
    const mixed = bytes('a', 0xc3, 0xa9, 0xff, 0xe2, 0x82, 'z');
    assert.equal(textOf(mixed, 0, mixed.length), 'aéÿâ\u0082z');
    assert.equal(textOf(mixed, 1, 3), 'é');
    assert.equal(textOf(mixed, 2, 3), '©');
  });

  it('may be many', () => {
    const many = 'x'.repeat(300_000);
    assert.equal(textOf(bytes(many), 0, many.length), many);
  });
});
