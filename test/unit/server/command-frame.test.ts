/** Commands that the scan lets pass as clients write them: none is, of whose bytes a server would think otherwise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AofScanner } from '../../../src/decoder/aof/scan.js';
import { isPlainFrame } from '../../../src/server/command-frame.js';
import { mixedAof } from '../support/aof-indexed.js';
import { resp } from '../support/aof-scanned.js';
import { seededRandom } from '../support/random.js';

/** How many commands a scan found, and where those are that it took for plain; they must be. */
function plainOnes(bytes: Uint8Array, cuts: readonly number[] = []): { plain: number[]; commands: number } {
  const found = { plain: [] as number[], commands: 0 };
  const scanner = new AofScanner(
    {
      commands: ({ length, plain, offset, size, argc }) => {
        found.commands += length;
        for (let i = 0; i < length; i++) {
          if (plain[i] === 0) continue;
          found.plain.push(offset[i]);
          assert.ok(isPlainFrame(bytes, offset[i], offset[i] + size[i], argc[i]), `at ${offset[i]}`);
        }
      },
      problem: () => {},
    },
    { size: bytes.length },
  );
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (!scanner.stopped) scanner.push(bytes, at, cut);
    at = cut;
  }
  scanner.finish();
  return found;
}

/** Bytes that make something else of a frame. */
const PIECES = ['0', '00', '\r', '\n', '\r\n', '$', '*1', ' ', '-', '+', '9', '$0\r\n\r\n', '*1\r\n$4\r\nPING\r\n'];

describe('commands as clients write them', () => {
  it('are nearly all of those that a server has written', () => {
    const { plain, commands } = plainOnes(mixedAof(seededRandom(7), 2000));
    assert.ok(commands > 1000 && plain.length > commands * 0.98, `${plain.length} of ${commands}`);
  });

  // What follows is long enough for the command to be read on the fast way.
  const rest = resp('SET', 'key', 'v'.repeat(200));
  for (const [name, text] of Object.entries({
    'with zeros before the count': '*02\r\n$3\r\nGET\r\n$1\r\na\r\n',
    'with zeros before the length of the name': '*2\r\n$03\r\nGET\r\n$1\r\na\r\n',
    'with zeros before the length of an argument': '*2\r\n$3\r\nGET\r\n$01\r\na\r\n',
    'with zeros for no length': '*2\r\n$3\r\nGET\r\n$00\r\n\r\n',
    'with a blank before a length': '*2\r\n$3\r\nGET\r\n$ 1\r\na\r\n',
    'with other bytes behind an argument': '*2\r\n$3\r\nGET\r\n$1\r\naxx',
  })) {
    it(`are not those ${name}`, () => {
      const bytes = Buffer.concat([rest, Buffer.from(text), rest, rest]);
      assert.ok(!plainOnes(bytes).plain.includes(rest.length));
    });
  }

  for (let seed = 1; seed <= 60; seed++) {
    it(`are what a server takes them for, whatever has become of the file and wherever it is cut, seed ${seed}`, () => {
      const random = seededRandom(seed);
      const bytes = [...mixedAof(random, 40)];
      for (let i = 0; i < 1 + (seed % 4); i++) {
        const piece = [...Buffer.from(PIECES[random(PIECES.length)])];
        bytes.splice(random(bytes.length), random(3), ...piece);
      }
      const cuts = Array.from({ length: random(4) }, () => random(bytes.length)).sort((a, b) => a - b);
      plainOnes(Uint8Array.from(bytes), cuts);
      plainOnes(Uint8Array.from(bytes), [...bytes.keys()]);
    });
  }
});
