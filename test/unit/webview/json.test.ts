/** JSON of values as a tree: what JSON.parse takes and nothing else, numbers exact, any depth, any length. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type JsonNode, parseJson } from '../../../webview/value/json.js';
import { type Random, seededRandom } from '../support/random.js';

/** The tree as JSON.parse would give it. */
function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(([name, value]) => [name, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
      return node.value;
    default:
      return JSON.parse(node.text);
  }
}

function randomJson(random: Random, depth: number): unknown {
  switch (random(depth > 4 ? 5 : 8)) {
    case 0:
      return random(2) === 0;
    case 1:
      return null;
    case 2:
      return random(2 ** 30) - 2 ** 29;
    case 3:
      return (random(2 ** 30) - 2 ** 29) / 2 ** random(60);
    case 4:
      return ['', 'a', '"', '\\', '\n', '\u2028', 'é🚀', '\ud800', '{"a":1}'][random(9)];
    case 5:
      return Array.from({ length: random(5) }, () => randomJson(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(5) }, () => [`k${random(9)}`, randomJson(random, depth + 1)]),
      );
  }
}

describe('JSON as a tree', () => {
  it('is what JSON.parse makes of it', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = seededRandom(seed);
      const value = randomJson(random, 0);
      for (const text of [JSON.stringify(value), ` \n${JSON.stringify(value, null, '\t')}\r\n `]) {
        const node = parseJson(text);
        assert.ok(node, text);
        assert.deepEqual(plain(node), JSON.parse(text));
      }
    }
  });

  it('takes what JSON.parse takes, and nothing else, of texts that are almost JSON', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.5',
      '0',
      'true',
      'nul',
      ' ',
      '"\\x"',
      '"\t"',
      'e5',
      '""',
    ];
    let good = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const random = seededRandom(seed);
      const text = Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join('');
      let expected: boolean;
      try {
        JSON.parse(text);
        expected = true;
        good++;
      } catch {
        expected = false;
      }
      assert.equal(parseJson(text) !== undefined, expected, text);
    }
    assert.ok(good > 100);
  });

  it('keeps numbers as they are written', () => {
    for (const text of ['12345678901234567890123', '1.0', '1e400', '-0', '0.10000000000000000000001', '1E+2']) {
      assert.deepEqual(parseJson(text), { kind: 'number', text });
    }
  });

  it('keeps all members of an object, in their order, also of one name', () => {
    const node = parseJson('{"b":1,"a":2,"b":3,"__proto__":4}');
    assert.ok(node?.kind === 'object');
    assert.deepEqual(
      node.members.map(([name]) => name),
      ['b', 'a', 'b', '__proto__'],
    );
  });

  it('may be nested as deep as it likes', () => {
    let node = parseJson('['.repeat(200_000) + ']'.repeat(200_000));
    let depth = 0;
    for (; node?.kind === 'array'; node = node.items[0]) depth++;
    assert.equal(depth, 200_000);
  });

  it('may hold very long strings', () => {
    for (const long of ['x'.repeat(10_000_000), '\\n'.repeat(3_000_000)]) {
      const node = parseJson(`["${long}"]`);
      assert.ok(node?.kind === 'array' && node.items[0].kind === 'string');
      assert.equal(node.items[0].value.length, long.startsWith('x') ? 10_000_000 : 3_000_000);
    }
  });

  it('is none beyond half a million nodes', () => {
    assert.ok(parseJson(`[${'1,'.repeat(499_000)}1]`));
    assert.equal(parseJson(`[${'1,'.repeat(501_000)}1]`), undefined);
  });
});
