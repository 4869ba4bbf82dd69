/** The rules of ACLs, and which commands can be done again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isHarmless } from '../../../src/server/harmless.js';
import { mayCall, type ServerCommand } from '../../../src/server/permissions.js';

function command(name: string, ...categories: string[]): ServerCommand {
  return { name, arity: -1, categories: new Set(categories) };
}

describe('the rules of a user', () => {
  const set = command('set', 'write', 'string');
  const config = command('config', 'admin', 'dangerous');
  const get = command('config|get', 'admin', 'dangerous');
  const CASES: readonly (readonly [
    rules: string,
    command: ServerCommand,
    sub: ServerCommand | undefined,
    may: boolean,
  ])[] = [
    ['-@all', set, undefined, false],
    ['+@all', set, undefined, true],
    ['+@all -@write', set, undefined, false],
    ['+@all -@write +set', set, undefined, true],
    ['-@all +SET', set, undefined, true],
    ['+@all -@dangerous', config, get, false],
    ['-@all +config|get', config, get, true],
    ['-@all +config|set', config, get, false],
    ['+@all -config|get', config, get, false],
    ['-@all +config', config, get, true],
  ];
  for (const [rules, of, sub, may] of CASES) {
    it(`${may ? 'allow' : 'forbid'} ${sub?.name ?? of.name} by ${rules}`, () =>
      assert.equal(mayCall(rules, of, sub), may));
  }
});

describe('a command that is done again', () => {
  const words = (text: string) => text.split(' ').map((word) => Buffer.from(word));
  const CASES: readonly (readonly [text: string, harmless: boolean])[] = [
    ['SET k v', true],
    ['INCR k', false],
    ['RPUSH k v', false],
    ['ZADD k 1 m', true],
    ['ZADD k INCR 1 m', false],
    ['XADD k 1-1 f v', true],
    ['XADD k * f v', false],
    ['RESTORE k 0 x REPLACE', true],
    ['RESTORE k 0 x', false],
    ['FUNCTION LOAD x', false],
    ['EVAL x 0', false],
    ['NOSUCH', false],
  ];
  for (const [text, harmless] of CASES) {
    it(`${harmless ? 'does no harm' : 'may do harm'}: ${text}`, () => {
      assert.equal(isHarmless(text.split(' ')[0], words(text)), harmless);
    });
  }
});
