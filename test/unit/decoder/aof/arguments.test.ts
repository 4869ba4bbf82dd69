/** The arguments of a command: read with the lengths that servers read, whatever else stands in a line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandArguments } from '../../../../src/decoder/aof/arguments.js';
import { MemorySource } from '../../../../src/decoder/source.js';

/** The arguments as text. */
function argumentsIn(text: string): string[] {
  const bytes = Buffer.from(text);
  const walker = commandArguments(new MemorySource(bytes), 0, bytes.length).walk();
  const found: string[] = [];
  for (let next = walker.next(); next; next = walker.next()) {
    found.push(bytes.toString('latin1', next.offset, next.offset + next.length));
  }
  return found;
}

describe('the arguments of a command', () => {
  const LINES: readonly string[] = ['$3\r\n', '$+3\r\n', '$ 3\r\n', '$003\r\n', '$3 1\r\n', '$3x9\r\n', '$3\n'];
  for (const line of LINES) {
    it(`have the length that ${JSON.stringify(line)} says`, () => {
      assert.deepEqual(argumentsIn(`*2\r\n$3\r\nDEL\r\n${line}key\r\n`), ['DEL', 'key']);
    });
  }
});
