/** Commands as text: places of their arguments, comments, problems, and the way to RESP and back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  commandLine,
  commandOf,
  parseCommandText,
  respOfCommandText,
} from '../../../../src/decoder/resp/command-text.js';
import { decodeResp } from '../../../../src/decoder/resp/decoder.js';
import { writeCommand } from '../../../../src/decoder/resp/writer.js';
import { bytes, characters } from '../../support/bytes.js';
import { seededBytes } from '../../support/random.js';

const TEXT = '# a comment\nSET k "a b"\r\n\n  # another\n\t\n  GET \'k\'\nDEL "#x"';

describe('a text of commands', () => {
  it('has a command in each line that is neither blank nor a comment', () => {
    const { commands, problems } = parseCommandText(bytes(TEXT));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      commands.map(({ tokens }) => tokens.map((token) => characters(token.bytes))),
      [
        ['SET', 'k', 'a b'],
        ['GET', 'k'],
        ['DEL', '#x'],
      ],
    );
    for (const { tokens, start, end } of commands) {
      assert.match(TEXT.slice(start, end), /^[^\r\n]+$/);
      for (const token of tokens) {
        assert.equal(TEXT.slice(token.start, token.end).replace(/["']/g, ''), characters(token.bytes));
      }
    }
  });

  it('keeps the other lines where quotes do not close', () => {
    const { commands, problems } = parseCommandText(bytes('SET a "b\nGET a\nSET "c"d e\n"'));
    assert.deepEqual(
      problems.map(({ code, offset, severity }) => [code, offset, severity]),
      [
        ['quote-not-closed', 6, 'error'],
        ['quote-not-followed-by-blank', 21, 'error'],
        ['quote-not-closed', 26, 'error'],
      ],
    );
    assert.deepEqual(
      commands.map(({ tokens, damaged }) => [tokens.length, damaged]),
      [
        [2, true],
        [2, false],
        [1, true],
        [0, true],
      ],
    );
    const resp = respOfCommandText(bytes('SET a "b\nGET a\n'));
    assert.equal(characters(resp.bytes), '*2\r\n$3\r\nGET\r\n$1\r\na\r\n');
    assert.equal(resp.problems.length, 1);
  });

  it('goes to RESP and back, whatever the arguments hold', () => {
    const argvs = Array.from({ length: 300 }, (_, seed) => [
      bytes('SET'),
      seededBytes(seed % 9, seed),
      seededBytes(seed, 1000 + seed),
    ]);
    argvs.push([bytes('#no comment')], [bytes('#')], [bytes('')]);
    const text = argvs.map((argv) => `${commandLine(argv)}\n`).join('');
    assert.match(text, /^[\x20-\x7e\n]*$/);
    const { bytes: resp, problems } = respOfCommandText(bytes(text));
    assert.deepEqual(problems, []);
    assert.deepEqual(Buffer.from(resp), Buffer.concat(argvs.map(writeCommand)));
    assert.deepEqual(decodeResp(resp).map(commandOf), argvs);
  });

  it('can be made of any value that is a command, and of no other', () => {
    const content = bytes('*3\r\n+SET\r\n$1\r\nk\r\n:12\r\nGET k\r\n*0\r\n*1\r\n_\r\n+OK\r\n*-1\r\n%1\r\n+a\r\n+b\r\n');
    const found = decodeResp(content, { input: 'any' }).map((value) => commandOf(value)?.map(characters));
    assert.deepEqual(found, [['SET', 'k', '12'], ['GET', 'k'], undefined, undefined, undefined, undefined, undefined]);
  });
});
