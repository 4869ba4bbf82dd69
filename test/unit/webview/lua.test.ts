/** Lua source in pieces: each of its kind, all together the source again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { highlightLua } from '../../../webview/file/lua.js';
import { seededRandom } from '../support/random.js';

/** The pieces of a kind. */
const of = (source: string, kind: string) =>
  highlightLua(source)
    .filter((piece) => piece.kind === kind)
    .map(({ text }) => text);

const LIBRARY = `#!lua name=mylib
-- a comment
local function my_hset(keys, args) -- "no string"
  --[==[ long
  ]] comment ]==]
  local hash = keys[1]
  local time = redis.call('TIME')[1] + 0x1F - 1.5e-3
  if not hash then return [[long
string]] end
  return redis.call("HSET", hash, 'a\\'b', "x\\"y", time)
end
redis.register_function('my_hset', my_hset)
`;

describe('Lua', () => {
  it('has comments, short and long', () => {
    assert.deepEqual(of(LIBRARY, 'comment'), [
      '#!lua name=mylib',
      '-- a comment',
      '-- "no string"',
      '--[==[ long\n  ]] comment ]==]',
    ]);
  });

  it('has strings, with escapes in them, short and long', () => {
    const strings = ["'TIME'", '[[long\nstring]]', '"HSET"', "'a\\'b'", '"x\\"y"', "'my_hset'"];
    assert.deepEqual(of(LIBRARY, 'string'), strings);
  });

  it('has numbers, keywords and calls', () => {
    assert.deepEqual(of(LIBRARY, 'number'), ['1', '1', '0x1F', '1.5e-3']);
    assert.deepEqual(of(LIBRARY, 'keyword').slice(0, 4), ['local', 'function', 'local', 'local']);
    assert.deepEqual(of(LIBRARY, 'call'), ['my_hset', 'call', 'call', 'register_function']);
  });

  it('takes no part of a name for a number or a keyword', () => {
    assert.deepEqual(of('x1 = endless + do_it2', 'number'), []);
    assert.deepEqual(of('x1 = endless + do_it2', 'keyword'), []);
  });

  it('that is not finished goes on to the end', () => {
    assert.deepEqual(of('x = [[no end\nat all', 'string'), ['[[no end\nat all']);
    assert.deepEqual(of('--[[ no end\nat all', 'comment'), ['--[[ no end\nat all']);
    assert.deepEqual(of('x = "no end\ny = 1', 'string'), ['"no end']);
  });

  it('is the source again when its pieces are put together, whatever it is', () => {
    const parts = [
      '--',
      '[[',
      ']]',
      '[=[',
      ']=]',
      '"',
      "'",
      '\\',
      '\n',
      'end',
      '1',
      '0x',
      'e',
      '.',
      '(',
      'é',
      '#!',
      ' ',
    ];
    for (let seed = 0; seed < 5000; seed++) {
      const random = seededRandom(seed);
      const source = Array.from({ length: random(14) }, () => parts[random(parts.length)]).join('');
      const pieces = highlightLua(source);
      assert.equal(pieces.map(({ text }) => text).join(''), source);
      assert.ok(pieces.every(({ text }) => text !== ''));
    }
  });

  it('is taken apart in time, however hostile', () => {
    for (const source of ['--[['.repeat(100_000), '[=['.repeat(100_000), '"\\'.repeat(200_000), '['.repeat(300_000)]) {
      assert.equal(
        highlightLua(source).reduce((sum, { text }) => sum + text.length, 0),
        source.length,
      );
    }
  });
});
