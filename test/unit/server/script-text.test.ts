/** Scripts are judged by what their text names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandNamed } from '../../../src/decoder/aof/command-table.js';
import { fromLatin1 } from '../../../src/decoder/bytes.js';
import { lookAtScript } from '../../../src/server/script-text.js';

function adminOf(...words: string[]): string | undefined {
  const entry = commandNamed(words[0]);
  assert.ok(entry);
  return lookAtScript(
    entry,
    words.map((word) => fromLatin1(word)),
  )?.admin;
}

describe('what a script names', () => {
  for (const [text, admin] of [
    ["return redis.call('FLUSHALL')", 'FLUSHALL'],
    ['return server.pcall("flushdb", "ASYNC")', 'FLUSHDB'],
    ['redis.call [[SWAPDB]]', 'SWAPDB'],
    ['redis.call([==[shutdown]==])', 'SHUTDOWN'],
    ["local name = 'FLUSHALL' return redis.call(name)", 'FLUSHALL'],
    ["redis.call(  \n\t 'CONFIG', 'SET', 'maxmemory', 1)", 'CONFIG'],
    ["redis.call('MIGRATE', 'h', 1, 'k', 0, 1)", 'MIGRATE'],
    ["redis.call('function', 'flush')", 'FUNCTION'],
    ["redis.call('CONFIG', ARGV[1])", 'CONFIG'],
    ["redis.call'SAVE'", 'SAVE'],
    // What means something else, reads, or is only spoken of.
    ["redis.call('HGET', KEYS[1], 'config')", undefined],
    ["redis.call('TIME') redis.call('PUBLISH', 'c', 'x') redis.call('INFO')", undefined],
    ["redis.call('FUNCTION', 'LIST')", undefined],
    ["redis.call('OBJECT', 'ENCODING', KEYS[1])", undefined],
    ['-- never calls FLUSHALL\nreturn 1', undefined],
    ["return 'save'", undefined],
  ] as const) {
    it(`is ${admin ?? 'nothing'} in ${JSON.stringify(text)}`, () => {
      assert.equal(adminOf('EVAL', text, '0'), admin);
      assert.equal(adminOf('SCRIPT', 'LOAD', text), admin);
      assert.equal(adminOf('FUNCTION', 'LOAD', 'REPLACE', text), admin);
    });
  }

  it('counts in the arguments of scripts whose text is elsewhere, too', () => {
    assert.equal(adminOf('EVAL', 'return redis.call(unpack(ARGV))', '0', 'flushall'), 'FLUSHALL');
    assert.equal(adminOf('FCALL', 'run', '0', 'FLUSHALL'), 'FLUSHALL');
    assert.equal(adminOf('EVALSHA', 'a'.repeat(40), '0', 'save'), undefined);
  });

  it('is told of commands with a script only', () => {
    const entry = commandNamed('SCRIPT');
    assert.ok(entry);
    assert.equal(lookAtScript(entry, ['SCRIPT', 'EXISTS', 'x'].map(fromLatin1)), undefined);
  });

  it('ends soon whatever the text is', () => {
    const blanks = `redis.call${' '.repeat(1_000_000)}('x'`;
    assert.equal(adminOf('EVAL', blanks.repeat(3), '0'), undefined);
    assert.equal(adminOf('EVAL', `${"'save' ".repeat(400_000)}`, '0'), undefined);
    assert.equal(adminOf('EVAL', 'x'.repeat(5_000_000), '0'), '…');
  });
});
