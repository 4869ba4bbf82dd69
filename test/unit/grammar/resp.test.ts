/** The grammar of RESP on files of real servers, on all types of RESP3, and on damaged text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commandNamed, keyArguments } from '../../../src/decoder/aof/command-table.js';
import { linesOf, type Token, tokensOf } from '../support/grammar.js';

declare const PROJECT_ROOT: string;

const NAME = 'entity.name.function.command.resp';
const TRANSACTION = 'keyword.control.transaction.resp';
const KEY = 'variable.other.key.resp';

/** A file of a server, one character a byte. */
function fixture(name: string): string {
  return readFileSync(path.join(PROJECT_ROOT, 'test/fixtures/aof', name), 'latin1');
}

/** A command of a file: its arguments, and the line on which the first byte of each stands. */
interface Command {
  readonly args: readonly string[];
  readonly lines: readonly number[];
}

/** The commands of a text without damage, found by their lengths. */
function commandsOf(text: string, from = 0): Command[] {
  const commands: Command[] = [];
  const lineAt = (at: number) => linesOf(text.slice(0, at)).length - 1;
  let at = from;
  const header = (sign: string) => {
    const end = text.indexOf('\r\n', at);
    assert.equal(text[at], sign);
    const value = Number(text.slice(at + 1, end));
    at = end + 2;
    return value;
  };
  while (at < text.length) {
    if (text[at] === '#') {
      at = text.indexOf('\r\n', at) + 2;
      continue;
    }
    const args: string[] = [];
    const lines: number[] = [];
    for (let left = header('*'); left > 0; left--) {
      const length = header('$');
      args.push(text.slice(at, at + length));
      lines.push(lineAt(at));
      at += length + 2;
    }
    commands.push({ args, lines });
  }
  return commands;
}

/** Compares what the grammar makes of commands with what they are. @returns how many keys it has seen. */
function checkCommands(commands: readonly Command[], tokens: readonly Token[][]): number {
  let keys = 0;
  for (const { args, lines } of commands) {
    const where = `line ${lines[0] + 1}: ${args[0]}`;
    const entry = commandNamed(args[0]);
    assert.ok(entry, where);
    const scope = entry.group === 'transaction' ? TRANSACTION : NAME;
    assert.deepEqual(tokens[lines[0]], [{ text: args[0], scopes: scope }], where);
    const [key] = keyArguments(entry, args.length, (i) => Buffer.from(args[i], 'latin1'));
    for (const [i, line] of lines.entries()) {
      const [sign, length] = tokens[line - 1];
      // Content of more than one line may look like anything.
      if (linesOf(args[Math.max(0, i - 1)]).length === 1) {
        assert.equal(sign?.scopes, 'keyword.operator.bulk.resp', `${where}, argument ${i}`);
        assert.equal(length?.scopes, 'constant.numeric.length.resp', `${where}, argument ${i}`);
      }
      const [first] = tokens[line];
      if (i === key && first) {
        assert.equal(first.scopes, KEY, `${where}, argument ${i}`);
        keys++;
      }
      if (i > 0 && i !== key && entry.subcommands.length === 0 && first) {
        assert.match(first.scopes, /^(string\.unquoted|constant\.numeric)\.value\.resp$/, `${where}, argument ${i}`);
      }
    }
  }
  return keys;
}

describe('the grammar of RESP colours files of servers', () => {
  it('with annotations: each name, key and value of all commands', async () => {
    const text = fixture('redis-7.0.15-timestamps.aof');
    const tokens = await tokensOf('source.resp', text);
    const commands = commandsOf(text);
    assert.ok(commands.length > 150);
    assert.ok(checkCommands(commands, tokens) > 100);
    const annotations = linesOf(text).flatMap((line, i) => (line.startsWith('#TS:') ? [tokens[i]] : []));
    for (const [word, sign, time] of annotations) {
      assert.match(`${word?.scopes} ${sign?.scopes} ${time?.scopes}`, /annotation.*constant\.numeric\.timestamp/);
    }
    assert.ok(!tokens.flat().some(({ scopes }) => scopes.includes('invalid')));
  });

  it('with an RDB in front: one block up to the first command', async () => {
    const text = fixture('redis-6.2.16-preamble.aof');
    const start = text.lastIndexOf('*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n', text.indexOf('\r\nEXEC\r\n'));
    assert.ok(start > 20_000);
    const tokens = await tokensOf('source.resp', text);
    const first = linesOf(text.slice(0, start)).length - 1;
    for (const line of tokens.slice(0, first)) {
      assert.ok(line.every(({ scopes }) => scopes === 'comment.block.preamble.resp'));
    }
    assert.ok(checkCommands(commandsOf(text, start), tokens) > 50);
  });

  it('with bytes in the middle that are no commands: the commands behind them again', async () => {
    const text = fixture('redis-6.2.16-garbage.aof');
    const tokens = await tokensOf('source.resp', text);
    // The damage is told by the summary of the file: 64 bytes at 10854.
    const before = checkCommands(commandsOf(text.slice(0, 10_854)), tokens);
    assert.ok(before > 50);
    const from = text.indexOf('\r\n*', 10_854 + 64) + 2;
    assert.ok(checkCommands(commandsOf(text, from), tokens) > 50);
  });
});

/** What each line of a text is: the first part of the scopes of its tokens. */
async function kinds(...lines: string[]): Promise<string[]> {
  const tokens = await tokensOf('source.resp', lines.join('\r\n'));
  return tokens.map((line) => line.map(({ scopes }) => scopes.replace(/\.resp\b/g, '')).join(', '));
}

const LENGTH = 'keyword.operator.bulk, constant.numeric.length';
const ARRAY = 'keyword.control.array, constant.numeric.length';

describe('the grammar of RESP knows every type', () => {
  const types: readonly (readonly [line: string, kind: string])[] = [
    ['+OK', 'keyword.operator.simple-string, string.unquoted.simple'],
    ['-ERR no', 'keyword.operator.error, keyword.control.error, string.unquoted.error'],
    [':-12', 'keyword.operator.integer, constant.numeric.integer'],
    ['_', 'constant.language.null'],
    ['#t', 'keyword.operator.boolean, constant.language.boolean'],
    [',1.5e+20', 'keyword.operator.double, constant.numeric.double'],
    [',-inf', 'keyword.operator.double, constant.numeric.double'],
    [',nan', 'keyword.operator.double, constant.numeric.double'],
    ['(-3492890328409238509324850943850943825024385', 'keyword.operator.big-number, constant.numeric.big-number'],
    ['$-1', 'keyword.operator.null, constant.language.null'],
    ['*-1', 'keyword.operator.null, constant.language.null'],
    ['*0', ARRAY],
    ['%2', 'keyword.control.aggregate, constant.numeric.length'],
    ['~2', 'keyword.control.aggregate, constant.numeric.length'],
    ['>2', 'keyword.control.aggregate, constant.numeric.length'],
    ['|1', 'keyword.control.aggregate, constant.numeric.length'],
    ['$?', 'keyword.control.streamed, constant.language.streamed'],
    ['*?', 'keyword.control.streamed, constant.language.streamed'],
    [';0', 'keyword.control.streamed.end'],
    ['.', 'keyword.control.streamed.end'],
    ['# a note', 'punctuation.definition.comment, comment.line.number-sign'],
  ];
  for (const [line, kind] of types) {
    it(line, async () => {
      const [own, next] = await kinds(line, ':1');
      assert.equal(own.replace('comment.line.number-sign punctuation', 'punctuation'), kind);
      assert.equal(next, 'keyword.operator.integer, constant.numeric.integer');
    });
  }

  it('with content on the next line', async () => {
    assert.deepEqual(await kinds('$3', 'foo', '$0', '', ':1'), [
      LENGTH,
      'string.unquoted.value',
      LENGTH,
      '',
      'keyword.operator.integer, constant.numeric.integer',
    ]);
    assert.deepEqual(await kinds('!9', 'ERR wrong'), [LENGTH, 'keyword.control.error, string.unquoted.error']);
    assert.deepEqual(await kinds('=8', 'txt:some'), [
      LENGTH,
      'storage.type.format, punctuation.separator.format, string.unquoted.value',
    ]);
    assert.deepEqual(await kinds('$?', ';4', 'Hell', ';0').then((lines) => lines[2]), 'string.unquoted.value');
  });
});

describe('the grammar of RESP tells names from other strings', () => {
  it('by the table of commands, in any case', async () => {
    const lines = await kinds('*2', '$3', 'get', '$1', 'k', '*1', '$4', 'EXEC');
    assert.equal(lines[2], 'entity.name.function.command');
    assert.equal(lines[4], 'variable.other.key');
    assert.equal(lines[7], 'keyword.control.transaction');
  });

  it('with the key behind a subcommand', async () => {
    const lines = await kinds('*5', '$6', 'XGROUP', '$6', 'create', '$1', 'k', '$1', 'g', '$1', '0');
    assert.equal(lines[4], 'entity.name.function.subcommand');
    assert.equal(lines[6], 'variable.other.key');
    assert.equal(lines[8], 'string.unquoted.value');
    assert.equal(lines[10], 'constant.numeric.value');
  });

  it('and leaves an array of strings alone', async () => {
    assert.equal((await kinds('*1', '$3', 'foo'))[2], 'string.unquoted.value');
  });

  it('whatever the key and the values look like', async () => {
    const lines = await kinds('*4', '$4', 'MSET', '$2', '*3', '$2', '$5', '$5', '#TS:1', '*1', '$4', 'PING');
    assert.equal(lines[4], 'variable.other.key');
    assert.equal(lines[6], 'string.unquoted.value');
    assert.equal(lines[8], 'string.unquoted.value');
    assert.equal(lines[11], 'entity.name.function.command');
  });

  it('and keeps content of several lines together', async () => {
    const lines = await kinds('*3', '$3', 'SET', '$1', 'k', '$11', 'some', '', '-- more', '*1', '$4', 'PING');
    assert.deepEqual(lines.slice(6, 9), ['string.unquoted.value', '', 'string.unquoted.value']);
    assert.equal(lines[11], 'entity.name.function.command');
  });

  it('also in inline commands', async () => {
    const [line] = await kinds('SET k "v"');
    assert.match(line, /^entity\.name\.function\.command\.redis, variable\.other\.key\.redis, string\.quoted/);
  });
});

describe('the grammar of RESP marks a line where it cannot be', () => {
  it('and goes on with the next command', async () => {
    const lines = await kinds('*3', 'junk', '*1', '$4', 'PING', '$x', '*x');
    assert.equal(lines[1], 'invalid.illegal.unexpected-line');
    assert.equal(lines[4], 'entity.name.function.command');
    assert.equal(lines[5], 'invalid.illegal.unexpected-line');
    assert.equal((await kinds('*x'))[0], 'invalid.illegal.unexpected-line');
    assert.equal((await kinds('$12a'))[0], 'invalid.illegal.unexpected-line');
    assert.equal((await kinds(':1.5'))[0], 'invalid.illegal.unexpected-line');
    assert.equal((await kinds(',x'))[0], 'invalid.illegal.unexpected-line');
  });
});
