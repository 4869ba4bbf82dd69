/** Typed commands in an editor: diagnostics, hover, completion, signature help, and the way to RESP and back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandLine, parseCommandText } from '../../../src/decoder/resp/command-text.js';
import { convertToCommands, convertToResp, readableArgument } from '../../../src/language/convert.js';
import {
  readRedisText,
  redisCompletions,
  redisDiagnostics,
  redisHover,
  redisSignature,
} from '../../../src/language/redis-text.js';
import { syntaxParts } from '../../../src/language/syntax-words.js';
import { bytes } from '../support/bytes.js';
import { seededBytes } from '../support/random.js';
import { textIn, wire, words } from './support.js';

/** A text whose | is where the cursor stands. */
function cursor(marked: string): { text: string; offset: number } {
  const at = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset: Buffer.byteLength(marked.slice(0, at)) };
}

function completionsAt(marked: string): { labels: string[]; replaced: string } | null {
  const { text, offset } = cursor(marked);
  const found = redisCompletions(readRedisText(text), offset);
  return found && { labels: found.entries.map(({ label }) => label), replaced: textIn(text, found.range) };
}

function parameterAt(marked: string): string | undefined {
  const { text, offset } = cursor(marked);
  const found = redisSignature(readRedisText(text), offset);
  const [start, end] = found?.parameters[found.active] ?? [0, 0];
  return found?.label.slice(start, end);
}

describe('diagnostics of typed commands', () => {
  const told = (text: string) =>
    redisDiagnostics(readRedisText(text)).map(
      ({ severity, message, range }) => `${severity}: ${words(message)} | ${textIn(text, range)}`,
    );

  it('are none for commands that a server takes', () => {
    assert.deepEqual(told('# nothing wrong\nset k v EX 10\nPING\nPING x\nXGROUP CREATE s g $\n\nDEL a b c\n'), []);
  });

  it('name what is not known, what is missing and what is not closed', () => {
    assert.deepEqual(told('GTE k\nGET\nGET a b\nDEL\nXGROUP NOSUCH a\nxgroup create s\nSET größe "v\n'), [
      'error: This quote is not closed before the end of the line. | "v',
      'information: The command GTE is not known here. | GTE',
      'warning: GET needs 1 argument, 0 are given. | GET',
      'warning: GET needs 1 argument, 2 are given. | GET a b',
      'warning: DEL needs at least 1 argument, 0 are given. | DEL',
      'information: XGROUP has no subcommand NOSUCH that is known here. | NOSUCH',
      'warning: XGROUP CREATE needs at least 3 arguments, 1 are given. | xgroup create s',
    ]);
  });
});

describe('completion of typed commands', () => {
  it('has all commands where a command begins', () => {
    for (const line of ['|', 'se|', '  SE|T k v', 'GET a\nz|']) {
      const found = completionsAt(line);
      assert.ok(found?.labels.includes('SET') && found.labels.includes('ZADD') && found.labels.length > 300, line);
    }
    assert.equal(completionsAt('  SE|T k v')?.replaced, 'SET');
  });

  it('has the subcommands of a command', () => {
    assert.ok(completionsAt('xgroup |')?.labels.includes('CREATE'));
    assert.equal(completionsAt('XGROUP CRE|')?.replaced, 'CRE');
  });

  it('has the options that are not there yet', () => {
    const options = completionsAt('SET k v |')?.labels ?? [];
    for (const option of ['NX', 'XX', 'GET', 'EX', 'PX', 'KEEPTTL']) assert.ok(options.includes(option), option);
    const left = completionsAt('SET k v NX |')?.labels ?? [];
    assert.ok(left.includes('EX') && !left.includes('XX') && !left.includes('NX'));
  });

  it('is silent in comments and in quotes that are open', () => {
    assert.equal(completionsAt('# SE|'), null);
    assert.equal(completionsAt('SET k "a |'), null);
    assert.equal(completionsAt('NOSUCH |'), null);
  });
});

describe('signature help of typed commands', () => {
  it('marks the argument that is being typed', () => {
    assert.equal(parameterAt('SET |'), 'key');
    assert.equal(parameterAt('SET k|'), 'key');
    assert.equal(parameterAt('SET k |'), 'value');
    assert.match(parameterAt('SET k v EX |') ?? '', /^\[EX seconds/);
    assert.match(parameterAt('ZADD k 1 |') ?? '', /\.\.\.\]$/);
    assert.equal(parameterAt('XGROUP CREATE s |'), 'groupname');
  });

  it('takes a syntax apart at its top', () => {
    const parts = syntaxParts('key <a|b> [NX|XX] [EX seconds|KEEPTTL] value [value ...]');
    assert.deepEqual(
      parts.map(({ text }) => text),
      ['key', '<a|b>', '[NX|XX]', '[EX seconds|KEEPTTL]', 'value', '[value ...]'],
    );
    assert.deepEqual(parts[3].keywords, ['EX', 'KEEPTTL']);
  });
});

describe('hover over typed commands', () => {
  const hoverAt = (marked: string) => {
    const { text, offset } = cursor(marked);
    const hover = redisHover(readRedisText(text), offset);
    return hover?.parts.map((part) => ('code' in part ? part.code : 'plain' in part ? part.plain : words(part.phrase)));
  };

  it('tells of commands and of arguments', () => {
    assert.match(hoverAt('xgro|up create s g $')?.join('\n') ?? '', /^XGROUP CREATE key groupname/);
    assert.deepEqual(hoverAt('SET grö|ße v')?.slice(0, 2), ['Argument 1 of 2, the name of a key.', '7 bytes']);
    assert.match(hoverAt('NOS|UCH')?.join() ?? '', /not known/);
    assert.equal(hoverAt('# SE|T'), undefined);
  });
});

describe('converting commands', () => {
  it('makes RESP of lines, and lines of RESP', () => {
    const text = 'SET größe "a b"\nDEL "it\'s"\n';
    const resp = convertToResp(`# comment\n${text}`);
    assert.equal(resp.text, wire('SET', 'größe', 'a b') + wire('DEL', "it's"));
    assert.equal(resp.commands, 2);
    assert.deepEqual(convertToCommands(resp.text, false), { text, commands: 2, problems: [] });
  });

  it('writes any argument so that the same bytes come back', () => {
    const some = ['', '#', '#größe', 'a b', '\\', '"', "'", 'ü', 'ü "', '\u202e', 'e\u0301', '日本 語', '😀', '\n'];
    const all = [
      ...some.map((text) => new Uint8Array(Buffer.from(text))),
      ...Array.from({ length: 300 }, (_, i) => seededBytes(i % 30, i)),
    ];
    for (const argument of all) {
      const line = commandLine([argument, argument], readableArgument);
      assert.doesNotMatch(line, /[\r\n]/);
      const [{ tokens }] = parseCommandText(new Uint8Array(Buffer.from(line))).commands;
      assert.deepEqual(
        tokens.map((token) => Buffer.from(token.bytes)),
        [Buffer.from(argument), Buffer.from(argument)],
      );
    }
    assert.equal(readableArgument(new Uint8Array(Buffer.from('größe'))), 'größe');
  });

  it('takes the bytes of a file, where a text would not be exact', () => {
    const file = bytes('#TS:1\r\n*2\r\n$3\r\nGET\r\n$3\r\na', 0xff, '\n\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n');
    assert.equal(convertToCommands(file, true).text, '#TS:1\nGET "a\\xff\\n"\nGET b\n');
  });

  it('names what it leaves out', () => {
    const toResp = convertToResp('GET "a\nGET "\\xff"\nGET "a\\nb"\nGET c\n');
    assert.equal(toResp.text, wire('GET', 'c'));
    assert.deepEqual(toResp.problems.map(words), [
      'Line 1 was left out: its quotes are not balanced.',
      'Line 2 was left out: it has bytes that no text can hold.',
      'Line 3 was left out: it has bytes that no text can hold.',
    ]);
    const toCommands = convertToCommands(
      `REDIS0009xx\ufffd12345678${wire('GET', 'a')}:1\r\n${wire('GET', 'b').replace('$1', '$2')}*1\r\n$4\r\nPING\r\nPING x\r\n`,
      false,
    );
    assert.equal(toCommands.text, 'GET a\nPING\nPING x\n');
    assert.deepEqual(toCommands.problems.map(words), [
      'The RDB at the start was left out: it holds keys, not commands.',
      'The value at line 6 was left out: it is no command.',
      'The command at line 7 was left out: it is damaged.',
    ]);
  });
});
