/** Glob patterns, as KEYS and SCAN match them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchesGlob } from '../../../src/dataset/glob.js';
import { fromLatin1 } from '../../../src/decoder/bytes.js';
import { seededRandom } from '../support/random.js';

const matches = (pattern: string, text: string) =>
  matchesGlob(fromLatin1(pattern), fromLatin1(`<${text}>`), 1, text.length + 1);

describe('a glob pattern', () => {
  const cases: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ['', [''], ['a']],
    ['hello', ['hello'], ['hell', 'hello!', 'Hello', '']],
    ['h?llo', ['hello', 'hallo', 'h\xffllo', 'h\0llo'], ['hllo', 'heello']],
    ['h*llo', ['hllo', 'heeeello', 'hllollo'], ['hello!', 'ello']],
    ['h[ae]llo', ['hello', 'hallo'], ['hillo', 'haello']],
    ['h[^e]llo', ['hallo', 'hbllo', 'h^llo'], ['hello', 'hllo']],
    ['h[a-b]llo', ['hallo', 'hbllo'], ['hcllo', 'h-llo']],
    ['h[b-a]llo', ['hallo', 'hbllo'], ['hcllo']],
    ['h[a-b-]llo', ['hallo', 'h-llo'], ['hcllo']],
    ['[^]', ['a', ']'], ['']],
    ['[]', [], ['', 'a', ']']],
    ['[]]', [], ['', 'a', ']']],
    ['[a-z]*[0-9]', ['user:1', 'a0'], ['User:1', 'user:', '1']],
    ['*', ['', 'a', 'anything at all\n'], []],
    ['**', ['', 'a'], []],
    ['*a*', ['a', 'ba', 'bab'], ['', 'b']],
    ['a*b*c', ['abc', 'aXbXbXc', 'abcbc'], ['acb', 'abcX']],
    ['?*', ['a', 'ab'], ['']],
    ['*?', ['a', 'ab'], ['']],
    ['\\*', ['*'], ['a', '\\*']],
    ['h\\?llo', ['h?llo'], ['hello']],
    ['\\h\\e\\llo', ['hello'], ['\\h\\e\\llo']],
    ['a\\\\b', ['a\\b'], ['a\\\\b', 'ab']],
    ['a\\', ['a\\'], ['a']],
    ['[\\]]', [']'], ['\\', 'a']],
    ['[\\-z]', ['-', 'z'], ['a', '\\']],
    ['[a\\^]', ['a', '^'], ['b']],
    ['[a^]', ['a', '^'], ['b']],
    ['[abc', ['a', 'c'], ['d', '[abc', '']],
    ['x[', [], ['x', 'x[']],
    ['[^a', ['b'], ['a', '']],
    ['user:[0-9][0-9]:*', ['user:42:name', 'user:42:'], ['user:4:name', 'user:427:name']],
    ['\xe9*', ['\xe9t\xe9'], ['et']],
  ];
  for (const [pattern, yes, no] of cases) {
    it(`matches what KEYS finds: ${pattern === '' ? 'nothing' : pattern}`, () => {
      for (const text of yes) assert.equal(matches(pattern, text), true, `should match ${text}`);
      for (const text of no) assert.equal(matches(pattern, text), false, `should not match ${text}`);
    });
  }

  it('does not look outside the bytes that it is given', () => {
    const bytes = fromLatin1('abcdef');
    assert.equal(matchesGlob(fromLatin1('cd'), bytes, 2, 4), true);
    assert.equal(matchesGlob(fromLatin1('cd*'), bytes, 2, 4), true);
    assert.equal(matchesGlob(fromLatin1('*cde'), bytes, 2, 4), false);
    assert.equal(matchesGlob(fromLatin1('*'), bytes, 6, 6), true);
  });

  it('matches as the definition says, for random patterns and texts', () => {
    const random = seededRandom(1);
    const pick = (letters: string, most: number) =>
      Array.from({ length: random(most + 1) }, () => letters[random(letters.length)]).join('');
    let matched = 0;
    for (let round = 0; round < 20_000; round++) {
      const pattern = pick('abc*?[]^-\\', 7);
      const text = pick('abc^-]\\', 5);
      const expected = defined(pattern, text);
      if (expected) matched++;
      assert.equal(matches(pattern, text), expected, `${pattern} on ${text}`);
    }
    assert.ok(matched > 500, `only ${matched} matched`);
  });

  it('takes no more than pattern times text, however often the star could stand', () => {
    // With a step back for each star this would take longer than the age of the universe.
    const pattern = `${'a*'.repeat(30)}b`;
    assert.equal(matches(pattern, 'a'.repeat(2000)), false);
    assert.equal(matches(pattern, `${'a'.repeat(2000)}b`), true);
    assert.equal(matches(`${'*?'.repeat(1000)}b`, 'a'.repeat(1500)), false);
  });
});

/** The definition: what each element matches, and a star as any number of steps. */
function defined(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') {
    for (let skip = 0; skip <= text.length; skip++) if (defined(pattern.slice(1), text.slice(skip))) return true;
    return false;
  }
  if (text === '') return false;
  const [width, found] = element(pattern, text[0]);
  return found && defined(pattern.slice(width), text.slice(1));
}

/** The width of the first element of a pattern, and whether it matches a character. */
function element(pattern: string, char: string): [width: number, matches: boolean] {
  if (pattern[0] === '?') return [1, true];
  if (pattern[0] === '\\' && pattern.length > 1) return [2, pattern[1] === char];
  if (pattern[0] !== '[') return [1, pattern[0] === char];
  const negated = pattern[1] === '^';
  let at = negated ? 2 : 1;
  let found = false;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      found ||= pattern[at + 1] === char;
      at += 2;
    } else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      const [low, high] = [pattern[at], pattern[at + 2]].sort();
      found ||= char >= low && char <= high;
      at += 3;
    } else {
      found ||= pattern[at] === char;
      at += 1;
    }
  }
  return [Math.min(at + 1, pattern.length), found !== negated];
}
