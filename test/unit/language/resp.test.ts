/** Wire text in an editor: outline, folding, hover, and diagnostics that name what does not agree. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { lineAt, linesOfText, offsetOf, positionOf } from '../../../src/language/lines.js';
import { readRespText } from '../../../src/language/resp-commands.js';
import { respDiagnostics } from '../../../src/language/resp-diagnostics.js';
import { respHover } from '../../../src/language/resp-hover.js';
import { respFolds, respSymbols } from '../../../src/language/resp-outline.js';
import type { HelpPart, TextSymbol } from '../../../src/language-protocol.js';
import { bytes } from '../support/bytes.js';
import { seededRandom } from '../support/random.js';
import { fixed, textIn, wire, words } from './support.js';

declare const PROJECT_ROOT: string;

const AOF = [
  '#TS:1700000000\r\n',
  wire('SELECT', '0'),
  wire('SET', 'greeting', 'hello'),
  wire('MULTI'),
  wire('incr', 'counter'),
  wire('XGROUP', 'CREATE', 'stream', 'group', '$'),
  wire('EXEC'),
  wire('DEL', 'größe', 'b'),
].join('');

const diagnosticsOf = (text: string, aof = true) => respDiagnostics(readRespText(text, aof));
/** Severity, message and marked text of each diagnostic. */
const told = (text: string, aof = true) =>
  diagnosticsOf(text, aof).map(({ message, range }) => `${words(message)} | ${textIn(text, range)}`);

describe('the lines of a document', () => {
  it('lead from offsets to places and back, whatever the characters', () => {
    const text = 'ab\r\ngrößé\r\n😀x\n\r\n日本';
    const lines = linesOfText(text);
    let index = 0;
    for (const character of text) {
      const offset = Buffer.byteLength(text.slice(0, index));
      const line = text.slice(0, index).split('\n').length - 1;
      const column = index - (text.lastIndexOf('\n', index - 1) + 1);
      if (character !== '\n' && character !== '\r') {
        assert.deepEqual(positionOf(lines, offset), [line, column]);
        assert.equal(offsetOf(lines, [line, column]), offset);
      }
      assert.equal(lineAt(lines, offset), line);
      index += character.length;
    }
    assert.equal(offsetOf(lines, [0, 99]), 2);
    assert.equal(offsetOf(lines, [99, 0]), Buffer.byteLength(text));
  });
});

describe('the outline of wire text', () => {
  const tree = (symbols: readonly TextSymbol[]): unknown[] =>
    symbols.map(({ name, detail, children }) => {
      const own = `${words(name)} ${words(detail)}`.trimEnd();
      return children.length > 0 ? [own, tree(children)] : own;
    });

  it('has commands with their keys, and transactions around theirs', () => {
    assert.deepEqual(tree(respSymbols(readRespText(AOF, true))), [
      'SELECT 0',
      'SET greeting',
      ['MULTI 2 commands', ['INCR counter', 'XGROUP CREATE stream']],
      'DEL größe',
    ]);
  });

  it('has ranges of whole commands, and a selection within each', () => {
    const symbols = respSymbols(readRespText(AOF, true));
    assert.equal(textIn(AOF, symbols[1].range), wire('SET', 'greeting', 'hello').trimEnd());
    assert.equal(textIn(AOF, symbols[1].selection), '*3');
    assert.match(textIn(AOF, symbols[2].range), /^\*1\r\n\$5\r\nMULTI\r\n[\s\S]*EXEC$/);
  });

  it('has a transaction that does not end, and an RDB at the start', () => {
    // A key of the RDB holds wire text; its end mark, which is no UTF-8, and its checksum stand before the commands.
    const rdb = `REDIS0009\ufffd\u0000\n\u0008some-key\u000f${wire('SELECT', '1')}\ufffd12\ufffd45é`;
    const text = `${rdb}${wire('SELECT', '0')}${wire('MULTI')}${wire('SET', 'a', 'b')}`;
    const outline = ['RDB preamble', 'SELECT 0', ['MULTI 1 command', ['SET a']]];
    assert.deepEqual(tree(respSymbols(readRespText(text, true))), outline);
    const file = bytes(`REDIS0009\n${wire('SELECT', '1')}`, 0xff, '12345678', wire('DEL', 'a'));
    assert.deepEqual(tree(respSymbols(readRespText(file, true))), ['RDB preamble', 'DEL a']);
    assert.deepEqual(tree(respSymbols(readRespText('REDIS0009 only', true))), ['RDB preamble']);
  });

  it('has values of every type where they can stand', () => {
    const text =
      '+OK\r\n%1\r\n+a\r\n:1\r\n$-1\r\n|1\r\n+t\r\n:1\r\n*1\r\n:5\r\n*?\r\n:1\r\n.\r\n$?\r\n;1\r\na\r\n;0\r\nPING x\r\n';
    assert.deepEqual(tree(respSymbols(readRespText(text, false))), [
      'Simple string OK',
      'Map 1',
      'Bulk string -1',
      'Attribute 1',
      'Array 1',
      'Array ?',
      'Bulk string ?',
      'PING x',
    ]);
    assert.deepEqual(told(text, false), []);
  });

  it('ends where an editor could not draw it any more', () => {
    const symbols = respSymbols(readRespText(wire('PING').repeat(5010), true));
    assert.equal(symbols.length, 5001);
    assert.equal(words(symbols[5000].name), '10 more');
  });
});

describe('folding of wire text', () => {
  it('takes transactions, and commands of many lines', () => {
    const text = AOF + wire('RPUSH', 'list', 'a', 'b', 'c', 'd', 'e', 'f');
    const lines = text.split('\r\n');
    const folds = respFolds(readRespText(text, true)).map(([from, to]) => [lines[from], lines[to]]);
    assert.deepEqual(folds, [
      ['*1', 'EXEC'],
      ['*8', 'f'],
    ]);
  });
});

describe('hover over wire text', () => {
  const said = (parts: readonly HelpPart[]) =>
    parts.map((part) => ('code' in part ? part.code : 'plain' in part ? part.plain : words(part.phrase))).join('\n');
  const hoverAt = (text: string, needle: string, aof = true) => {
    const read = readRespText(text, aof);
    const hover = respHover(read, Buffer.byteLength(text.slice(0, text.indexOf(needle) + 1)));
    return hover && { said: said(hover.parts), marked: textIn(text, hover.range) };
  };

  it('tells of a command what it does, and its syntax', () => {
    const hover = hoverAt(AOF, 'SET\r');
    assert.match(hover?.said ?? '', /^SET key value \[NX\|XX/);
    assert.match(hover?.said ?? '', /Set the string value of a key\./);
    assert.equal(hover?.marked, '$3\r\nSET');
  });

  it('tells of an argument its number, its bytes and whether it is a key', () => {
    assert.match(hoverAt(AOF, 'größe')?.said ?? '', /^Argument 1 of 2, the name of a key\.\n7 bytes\nDEL key/);
    assert.match(hoverAt(AOF, 'hello')?.said ?? '', /^Argument 2 of 2\.\n5 bytes/);
  });

  it('tells of an annotation its time, and of other values their type', () => {
    assert.match(hoverAt(AOF, '#TS')?.said ?? '', /2023-11-14T22:13:20/);
    assert.match(hoverAt('%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n', '*2', false)?.said ?? '', /^Array\n2 elements/);
    assert.match(hoverAt(wire('NOSUCH', 'x'), 'NOSUCH')?.said ?? '', /NOSUCH is not known/);
  });
});

/** A file as editors show it: bytes that are no UTF-8 replaced, and all line ends alike. */
function shownAsText(name: string): string {
  const text = new TextDecoder().decode(readFileSync(path.join(PROJECT_ROOT, 'test', 'fixtures', 'aof', name)));
  const breaks = text.match(/\r\n|\r|\n/g) ?? [];
  const crlf = breaks.filter((lineEnd) => lineEnd === '\r\n').length;
  return text.replace(/\r\n|\r|\n/g, crlf > breaks.length / 2 ? '\r\n' : '\n');
}

describe('files of real servers as text', () => {
  const errors = (name: string) =>
    diagnosticsOf(shownAsText(name))
      .filter(({ severity }) => severity !== 'information')
      .map(({ message, range }) => `${range[0] + 1}: ${words(message)}`);

  it('have no errors, also where bytes of theirs cannot be shown', () => {
    assert.deepEqual(errors('redis-7.0.15-timestamps.aof'), []);
    assert.deepEqual(errors('redis-6.2.16-preamble.aof'), []);
    assert.equal(respSymbols(readRespText(shownAsText('redis-6.2.16-preamble.aof'), true))[0].kind, 'preamble');
  });

  it('have the damage that was done to them, and nothing else', () => {
    assert.deepEqual(errors('redis-6.2.16-garbage.aof'), [
      '1640: A command or value should start here; the next 8 lines are neither.',
    ]);
  });
});

describe('diagnostics of wire text', () => {
  it('are none for what a server writes', () => {
    assert.deepEqual(told(AOF), []);
    assert.deepEqual(told(''), []);
    const nested = wire('SET', 'k', wire('SET', 'a', 'b'));
    assert.deepEqual(told(nested + wire('SET', 'k', '\r\n\r\n') + wire('SET', '', '$5\r\n')), []);
  });

  it('name a wrong length and what it should be, and the fix mends it', () => {
    for (const wrong of ['$4', '$6', '$70', '$15', '$0', '$999999999']) {
      const text = AOF.replace('$5\r\nhello', `${wrong}\r\nhello`);
      const [diagnostic, ...more] = diagnosticsOf(text);
      assert.equal(more.length, 0, wrong);
      assert.equal(words(diagnostic.message), `The length says ${wrong.slice(1)} bytes, the argument has 5.`);
      assert.equal(textIn(text, diagnostic.range), wrong);
      assert.equal(words(diagnostic.fixes[0].title), 'Change the length to 5');
      assert.equal(fixed(text, diagnostic.fixes[0]), AOF);
    }
  });

  it('name a wrong count and what it should be, and the fix mends it', () => {
    for (const [wrong, count] of [
      ['*1', 3],
      ['*2', 3],
      ['*4', 3],
      ['*9', 3],
    ] as const) {
      const text = AOF.replace('*3\r\n$3\r\nSET', `${wrong}\r\n$3\r\nSET`);
      const [diagnostic, ...more] = diagnosticsOf(text);
      assert.equal(more.length, 0, wrong);
      assert.equal(words(diagnostic.message), `The count says ${wrong.slice(1)}, but ${count} elements follow.`);
      assert.equal(fixed(text, diagnostic.fixes[0]), AOF);
    }
  });

  it('mend a length and a count that are no numbers', () => {
    for (const [right, wrong] of [
      ['$5\r\nhello', '$-5\r\nhello'],
      ['$5\r\nhello', '$x\r\nhello'],
      ['*3\r\n$3\r\nSET', '*\r\n$3\r\nSET'],
      ['*3\r\n$3\r\nSET', '*03\r\n$3\r\nSET'],
    ]) {
      const text = AOF.replace(right, wrong);
      const [diagnostic] = diagnosticsOf(text);
      assert.match(words(diagnostic.message), /is no length/);
      assert.equal(fixed(text, diagnostic.fixes[0]), AOF);
    }
  });

  it('tell of bytes that are no command, and go on behind them', () => {
    const text = AOF.replace('*3\r\n$3\r\nSET', 'garbage\r\nmore\r\n*3\r\n$3\r\nSET');
    assert.deepEqual(told(text), ['A command or value should start here; the next 2 lines are neither. | garbage']);
  });

  it('tell where the document ends too early', () => {
    const command = wire('SET', 'key', 'hello');
    assert.deepEqual(told(command.slice(0, -4)), [
      'The document ends inside this argument: 3 of 5 bytes are there. | $5',
    ]);
    assert.deepEqual(told(command.slice(0, -2)), ['The document ends without the CR LF behind this argument. | $5']);
    assert.deepEqual(told('*3\r\n$3\r\nSET\r\n'), [
      'The document ends before all 3 elements have come: 1 are there. | *3',
    ]);
    for (let end = 1; end < command.length; end++)
      assert.equal(diagnosticsOf(command.slice(0, end)).length, 1, `${end}`);
  });

  it('say once that line ends were lost, and the fix brings them back', () => {
    const lost = AOF.replace(/\r\n/g, '\n');
    const [diagnostic, ...more] = diagnosticsOf(lost);
    assert.equal(more.length, 0);
    assert.match(words(diagnostic.message), /RESP needs CR LF/);
    assert.equal(fixed(lost, diagnostic.fixes[0]), AOF);
  });

  it('allow for line ends within arguments that the editor has changed', () => {
    // The file has a bare LF in its argument; editors show all line ends of a document the same.
    const shown = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$7\r\nab\r\ncd\r\ne\r\n*1\r\n$4\r\nPING\r\n';
    const [diagnostic, ...more] = diagnosticsOf(shown);
    assert.equal(more.length, 0);
    assert.equal(diagnostic.severity, 'information');
    assert.match(words(diagnostic.message), /Saving the document would change it\./);
    assert.equal(textIn(shown, diagnostic.range), '$7');
    // Where most line ends are LF, editors show all of them so; CR LF everywhere would not bring back the file.
    const lf = diagnosticsOf(shown.replace(/\r/g, ''));
    assert.deepEqual(
      lf.map(({ code, fixes }) => [code, fixes.length]),
      [['other-line-ends', 0]],
    );
  });

  it('do not count what did not survive decoding, and say so once', () => {
    const text = `${wire('SET', 'k', 'v').replace('$1\r\nv', '$4\r\na\ufffd\ufffdb')}${wire('SET', 'k', 'v')}`;
    const [diagnostic, ...more] = diagnosticsOf(text);
    assert.equal(more.length, 0);
    assert.equal(diagnostic.severity, 'information');
    assert.match(words(diagnostic.message), /cannot be checked/);
    // Elsewhere lengths are still compared.
    assert.equal(diagnosticsOf(text.replace(/\$1\r\nv/, '$2\r\nv')).length, 2);
  });

  it('know what a line of each type can hold', () => {
    const text = ':x\r\n,1.5.2\r\n#y\r\n(1a\r\n_\r\n';
    assert.deepEqual(told(text, false), [
      '"x" is no value of the type :. | :x',
      '"1.5.2" is no value of the type ,. | ,1.5.2',
      '"1a" is no value of the type (. | (1a',
    ]);
    assert.deepEqual(told('SET a "b\r\n', false), ['This quote is not closed before the end of the line. | "b']);
  });

  it('are found for any damage without harm, in places of the document', () => {
    const seed = Date.now() % 2 ** 31;
    const random = seededRandom(seed);
    const alphabet = '*$:#\r\n0123456789abÄ\ufffd+-?;.%"';
    for (let round = 0; round < 3000; round++) {
      const at = random(AOF.length);
      const added = Array.from({ length: random(6) }, () => alphabet[random(alphabet.length)]).join('');
      const text = AOF.slice(0, at) + added + AOF.slice(at + random(12));
      const lines = text.split('\n').length;
      for (const aof of [true, false]) {
        const read = readRespText(text, aof);
        const where = `seed ${seed}, round ${round}`;
        for (const { range, message } of respDiagnostics(read)) {
          assert.ok(range[0] <= range[2] && range[2] < lines, where);
          assert.doesNotMatch(words(message), /\{\d\}|undefined|\[object/, where);
        }
        for (const { range, selection } of respSymbols(read)) {
          assert.ok(range[0] <= selection[0] && selection[2] <= range[2], where);
        }
        respFolds(read);
        respHover(read, random(text.length));
      }
    }
  });
});
