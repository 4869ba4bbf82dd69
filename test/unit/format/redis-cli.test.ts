/** Arguments as redis-cli reads them: any bytes come back exactly. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatArgument, quoteArgument } from '../../../src/format/redis-cli.js';
import { bytes } from '../support/bytes.js';
import { seededBytes } from '../support/random.js';

/** Splits a line as `sdssplitargs` of redis-cli does, which reads one character a byte. */
function splitArguments(line: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  const letters: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, a: 7 };
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at++;
      continue;
    }
    const argument: number[] = [];
    if (line[at] !== '"') {
      assert.doesNotMatch(line[at], /['\s]/, 'what is not in quotes begins with neither a quote nor a space');
      while (at < line.length && line[at] !== ' ') {
        assert.doesNotMatch(line[at], /["'\\\s]/, 'what is not in quotes holds none');
        argument.push(line.charCodeAt(at++));
      }
    } else {
      at++;
      while (line[at] !== '"') {
        assert.ok(at < line.length, 'the quotes are closed');
        if (line[at] === '\\') {
          const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(at + 1, at + 4));
          argument.push(hex ? Number.parseInt(hex[1], 16) : (letters[line[at + 1]] ?? line.charCodeAt(at + 1)));
          at += hex ? 4 : 2;
        } else {
          argument.push(line.charCodeAt(at++));
        }
      }
      at++;
      assert.ok(at === line.length || line[at] === ' ', 'closing quotes are followed by a space');
    }
    found.push(Uint8Array.from(argument));
  }
  return found;
}

describe('an argument for redis-cli', () => {
  it('has quotes only where it needs them', () => {
    assert.equal(formatArgument(bytes('user:1000/a.b_c-d')), 'user:1000/a.b_c-d');
    assert.equal(formatArgument(bytes('')), '""');
    assert.equal(formatArgument(bytes('a b')), '"a b"');
    assert.equal(formatArgument(bytes("it's")), '"it\'s"');
    assert.equal(formatArgument(bytes('say "hi" \\ ')), '"say \\"hi\\" \\\\ "');
    assert.equal(formatArgument(bytes('\r\n\t', 7, 8, 0, 0x1b, 0x7f, 0xff)), '"\\r\\n\\t\\a\\b\\x00\\x1b\\x7f\\xff"');
    for (const special of '$`!*?[]{}()<>|&;#~^') assert.equal(formatArgument(bytes(special)), `"${special}"`);
  });

  it('is printable ASCII in one line, whatever it holds', () => {
    for (let byte = 0; byte < 256; byte++) {
      assert.match(formatArgument(bytes('a', byte, 'b')), /^[\x20-\x7e]+$/, `byte ${byte}`);
    }
  });

  it('comes back exactly', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const some = Array.from({ length: 300 }, (_, seed) => seededBytes(seed % 40, seed));
    // After a byte that is written in hex stand digits that must not be taken for it.
    const every = [all, bytes(1, '23'), bytes(0xff, 'ff'), bytes('x'.repeat(2000)), ...some];
    assert.deepEqual(splitArguments(every.map(formatArgument).join(' ')), every);
    assert.deepEqual(splitArguments(every.map(quoteArgument).join(' ')), every);
  });
});
