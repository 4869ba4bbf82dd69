/** Documents of RedisJSON in each of their four forms: the JSON text, depth, pages, damage. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLong, textSlice } from '../../../src/decoder/rdb/string.js';
import { seededRandom } from '../support/random.js';
import {
  arrayItem,
  bytesItem,
  doubleItem,
  floatBits,
  fromJson,
  head,
  mapItem,
  negativeItem,
  simple,
  tagged,
  textItem,
  typedArray,
  uintItem,
} from './support/cbor.js';
import {
  double,
  END,
  join,
  joinAll,
  literal,
  refuses,
  refusesEveryCut,
  run,
  string,
  survivesEveryChange,
  uint,
  utf8,
  viewOf,
} from './support/items.js';
import { documentOf } from './support/plain.js';

const NAME = 'ReJSON-RL';

/** A value that is one string of CBOR. */
const cborValue = (document: Uint8Array) => join(string(document), END);
const fromCbor = (document: Uint8Array) => documentOf(viewOf(NAME, 4, cborValue(document)));

describe('a document that is JSON text', () => {
  it('is that text (version 3)', () => {
    assert.equal(documentOf(viewOf(NAME, 3, join(string('{"a":1}'), END))), '{"a":1}');
    refusesEveryCut(NAME, 3, join(string('{"a":1}'), END));
    refuses(NAME, 3, join(string('1'), string('2'), END), /more parts/);
  });

  it('may say which index it is in (version 2)', () => {
    assert.equal(documentOf(viewOf(NAME, 2, join(string('[]'), uint(0), END))), '[]');
    const indexed = join(string('[]'), uint(1), string('index'), string('path'), END);
    assert.equal(documentOf(viewOf(NAME, 2, indexed)), '[]');
    refusesEveryCut(NAME, 2, indexed);
  });

  it('has no view in unknown versions', () => {
    for (const version of [1, 5, 1023]) assert.equal(viewOf(NAME, version, join(string('1'), END)), undefined);
  });
});

/** Nodes of version 0. */
const node = {
  null: uint(1),
  string: (text: string | Uint8Array) => join(uint(2), string(text)),
  double: (value: number) => join(uint(4), double(value)),
  integer: (value: bigint) => join(uint(8), uint(value)),
  boolean: (value: boolean) => join(uint(0x10), string(value ? '1' : '0')),
  object: (...members: readonly (readonly [string, Uint8Array])[]) =>
    join(uint(0x20), uint(members.length), ...members.map(([name, value]) => join(uint(0x80), string(name), value))),
  array: (...values: readonly Uint8Array[]) => join(uint(0x40), uint(values.length), joinAll(values)),
};

describe('a document of nodes (version 0)', () => {
  const all = node.object(
    ['null', node.null],
    ['text', node.string('a "quoted" \\ line\nand é')],
    ['double', node.double(1.5)],
    ['whole', node.double(2)],
    ['integer', node.integer(-(2n ** 63n))],
    ['yes', node.boolean(true)],
    ['no', node.boolean(false)],
    ['list', node.array(node.integer(1n), node.array(), node.object())],
  );

  it('becomes JSON text', () => {
    assert.equal(
      documentOf(viewOf(NAME, 0, join(all, END))),
      '{"null":null,"text":"a \\"quoted\\" \\\\ line\\nand é","double":1.5,"whole":2.0,' +
        '"integer":-9223372036854775808,"yes":true,"no":false,"list":[1,[],{}]}',
    );
    assert.equal(documentOf(viewOf(NAME, 0, join(node.null, END))), 'null');
  });

  it('has null for numbers that JSON has not', () => {
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(node.double);
    assert.equal(documentOf(viewOf(NAME, 0, join(node.array(...numbers), END))), '[null,null,null]');
  });

  it('that is damaged is refused', () => {
    refusesEveryCut(NAME, 0, join(all, END));
    survivesEveryChange(NAME, 0, join(all, END));
    refuses(NAME, 0, join(uint(3), END), /unknown type 3/);
    refuses(NAME, 0, join(uint(0x20), uint(1), node.null, END), /type 1 stands in an object/);
    refuses(NAME, 0, join(uint(0x40), uint(2n ** 63n), node.null, END), /it ends where/);
    refuses(NAME, 0, join(node.null, node.null, END), /more parts/);
  });

  it('may nest 50,000 levels deep, and is refused when it nests without end', () => {
    const level = join(uint(0x40), uint(1));
    const nested = (depth: number) => joinAll([...Array<Uint8Array>(depth).fill(level), node.null, END]);
    assert.equal(documentOf(viewOf(NAME, 0, nested(50_000))), `${'['.repeat(50_000)}null${']'.repeat(50_000)}`);
    refuses(NAME, 0, nested(200_000), /nests deeper than 100000 levels/);
  });
});

describe('a document of CBOR (version 4)', () => {
  it('becomes JSON text', () => {
    const documents = [
      'null',
      'true',
      'false',
      '0',
      '-1',
      '1.5',
      '"text"',
      '""',
      '[]',
      '{}',
      '[[],{},[[1]]]',
      '{"a":{"b":[1,2,{"c":null}],"d":"e"},"f":-70000,"":[true,false]}',
    ];
    for (const json of documents) {
      assert.equal(fromCbor(fromJson(JSON.parse(json))), json);
      refusesEveryCut(NAME, 4, cborValue(fromJson(JSON.parse(json))));
      survivesEveryChange(NAME, 4, cborValue(fromJson(JSON.parse(json))));
    }
  });

  it('keeps integers exact', () => {
    assert.equal(fromCbor(uintItem(2n ** 64n - 1n)), '18446744073709551615');
    assert.equal(fromCbor(uintItem(2n ** 53n + 1n)), '9007199254740993');
    assert.equal(fromCbor(negativeItem(-(2n ** 63n))), '-9223372036854775808');
    assert.equal(fromCbor(negativeItem(-(2n ** 64n))), '-18446744073709551616');
    for (const width of [0, 1, 2, 4, 8] as const) assert.equal(fromCbor(head(0, 23, width)), '23');
  });

  it('reads floats of every width', () => {
    assert.equal(fromCbor(floatBits(0x3c00, 2)), '1.0');
    assert.equal(fromCbor(floatBits(0x8001, 2)), '-5.960464477539063e-8');
    assert.equal(fromCbor(floatBits(0x3dcccccd, 4)), '0.10000000149011612');
    assert.equal(fromCbor(doubleItem(0.1)), '0.1');
    assert.equal(fromCbor(doubleItem(-0)), '-0.0');
  });

  it('has null for what JSON has not', () => {
    for (const item of [
      floatBits(0x7e00, 2),
      floatBits(0x7f800000, 4),
      doubleItem(Number.NaN),
      simple(23),
      simple(99),
    ]) {
      assert.equal(fromCbor(item), 'null');
    }
  });

  it('escapes what JSON forbids in strings, and nothing else', () => {
    const text = Array.from({ length: 0x30 }, (_, i) => String.fromCharCode(i)).join('');
    const json = fromCbor(mapItem(textItem(text), textItem('\\ / \u007f \u2028 ü 😀')));
    assert.deepEqual(JSON.parse(json), { [text]: '\\ / \u007f \u2028 ü 😀' });
    assert.ok(json.includes('\\u0000') && json.includes('\\b\\t\\n\\u000b\\f\\r') && json.includes('ü 😀'));
  });

  it('has byte strings as base64url without padding', () => {
    for (let length = 0; length < 10; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => 250 + i);
      assert.equal(fromCbor(bytesItem(bytes)), `"${Buffer.from(bytes).toString('base64url')}"`);
    }
    const long = Uint8Array.from({ length: 30_001 }, (_, i) => i % 251);
    assert.equal(fromCbor(bytesItem(long)), `"${Buffer.from(long).toString('base64url')}"`);
  });

  it('reads the typed arrays of every type', () => {
    const arrays: [number, ArrayBufferView, string][] = [
      [64, Uint8Array.of(0, 255), '[0,255]'],
      [69, Uint16Array.of(1, 65535), '[1,65535]'],
      [70, Uint32Array.of(2, 4294967295), '[2,4294967295]'],
      [71, BigUint64Array.of(3n, 2n ** 64n - 1n), '[3,18446744073709551615]'],
      [72, Int8Array.of(-128, 127), '[-128,127]'],
      [77, Int16Array.of(-32768, 32767), '[-32768,32767]'],
      [78, Int32Array.of(-2147483648, 2147483647), '[-2147483648,2147483647]'],
      [79, BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n), '[-9223372036854775808,9223372036854775807]'],
      [84, Uint16Array.of(0x34cd, 0x3c00, 0x7c00, 0x4248), '[0.3,1.0,null,3.14]'],
      [85, Float32Array.of(0.3, -1, Number.NaN, 16777216), '[0.3,-1.0,null,16777216.0]'],
      [86, Float64Array.of(0.1, 1e300, -0), '[0.1,1e300,-0.0]'],
      [65536, Uint16Array.of(0x3f80, 0x3e9a, 0xff80), '[1.0,0.3,null]'],
    ];
    for (const [tag, numbers, json] of arrays) {
      assert.equal(fromCbor(typedArray(tag, numbers)), json, `tag ${tag}`);
      refusesEveryCut(NAME, 4, cborValue(typedArray(tag, numbers)));
      assert.equal(fromCbor(typedArray(tag, new Uint8Array(0))), '[]');
    }
    refuses(NAME, 4, cborValue(tagged(85, bytesItem(new Uint8Array(13)))), /cut off/);
    refuses(NAME, 4, cborValue(tagged(85, textItem('1234'))), /no byte string/);
  });

  it('leaves out other tags, but not without end', () => {
    assert.equal(fromCbor(tagged(55799, arrayItem(tagged(0, textItem('2020'))))), '["2020"]');
    refuses(NAME, 4, cborValue(join(...Array(20).fill(Uint8Array.of(0xc0)), uintItem(1))), /16 tags in a row/);
  });

  it('may have containers that end with a break', () => {
    const open = (major: number) => Uint8Array.of((major << 5) | 31);
    const stop = Uint8Array.of(0xff);
    const list = join(
      open(4),
      uintItem(1),
      open(5),
      textItem('a'),
      uintItem(2),
      textItem('b'),
      uintItem(3),
      stop,
      stop,
    );
    assert.equal(fromCbor(list), '[1,{"a":2,"b":3}]');
    assert.equal(fromCbor(join(open(4), stop)), '[]');
    refusesEveryCut(NAME, 4, cborValue(list));
    refuses(NAME, 4, cborValue(join(open(5), textItem('a'), stop)), /a break where a value/);
    refuses(NAME, 4, cborValue(join(open(3), textItem('a'), stop)), /string of unknown length/);
  });

  it('that is damaged is refused', () => {
    refuses(NAME, 4, cborValue(new Uint8Array(0)), /ends 1 bytes too early/);
    refuses(NAME, 4, cborValue(head(4, 2n ** 63n)), /too early/);
    refuses(NAME, 4, cborValue(head(5, 2n ** 63n)), /too early/);
    refuses(NAME, 4, cborValue(head(3, 2n ** 63n)), /too early/);
    refuses(NAME, 4, cborValue(mapItem(uintItem(1), uintItem(2))), /no text/);
    refuses(NAME, 4, cborValue(join(uintItem(1), uintItem(2))), /1 bytes stand behind/);
    refuses(NAME, 4, cborValue(Uint8Array.of(0x1c)), /unknown form/);
    refuses(NAME, 4, cborValue(Uint8Array.of(0x1f)), /unknown form/);
    refuses(NAME, 4, join(uint(1), END), /kind unsigned stands where one of kind string/);
  });

  it('may nest 50,000 levels deep, and is refused when it nests without end', () => {
    const nested = (depth: number) => join(new Uint8Array(depth).fill(0x81), uintItem(7));
    assert.equal(fromCbor(nested(50_000)), `${'['.repeat(50_000)}7${']'.repeat(50_000)}`);
    refuses(NAME, 4, cborValue(nested(200_000)), /nests deeper than 100000 levels/);
  });
});

describe('a long document', () => {
  const random = seededRandom(7);
  const members = Array.from({ length: 40_000 }, (_, i) => [`name ${i}`, [i, -i, `text "${random(1e9)}"\n`]] as const);
  const document = Object.fromEntries([...members, ['long', 'é"'.repeat(200_000)]]);
  const expected = utf8(JSON.stringify(document));
  const view = viewOf(NAME, 4, cborValue(fromJson(document)));
  assert.ok(view?.kind === 'json' && isLong(view.text));
  const text = view.text;

  it('is known by its length, without being held', () => {
    assert.equal(text.length, expected.length);
    assert.ok(expected.length > 2 ** 21);
  });

  it('is read in pages, forward', () => {
    for (let at = 0; at < expected.length; at += 100_000) {
      assert.deepEqual(textSlice(text, at, at + 100_000), expected.slice(at, at + 100_000), `page at ${at}`);
    }
    assert.equal(textSlice(text, text.length, text.length + 10).length, 0);
  });

  it('is read at any place, in any order', () => {
    for (let i = 0; i < 20; i++) {
      const at = random(expected.length);
      const end = at + 1 + random(5000);
      assert.deepEqual(textSlice(text, at, end), expected.slice(at, end), `from ${at}`);
    }
  });

  it('may be compressed', () => {
    const compressed = viewOf(NAME, 4, join(literal(fromJson(document)), END));
    assert.ok(compressed?.kind === 'json' && isLong(compressed.text));
    assert.equal(compressed.text.length, expected.length);
    for (const at of [0, expected.length - 5000, 1_000_000, 1_100_000, 3000]) {
      assert.deepEqual(textSlice(compressed.text, at, at + 5000), expected.slice(at, at + 5000), `from ${at}`);
    }
  });

  it('may have compressed strings that are long themselves', () => {
    const lengths = [100_000, 3_000_000, 70_000];
    const nodes = lengths.map((length) => join(uint(2), run(0x78, length)));
    const whole = utf8(JSON.stringify(lengths.map((length) => 'x'.repeat(length))));
    const value = viewOf(NAME, 0, join(uint(0x40), uint(3), ...nodes, END));
    assert.ok(value?.kind === 'json' && isLong(value.text));
    assert.equal(value.text.length, whole.length);
    for (const at of [0, 99_995, 2_500_000, 1_100_000, whole.length - 70_010]) {
      assert.deepEqual(textSlice(value.text, at, at + 50), whole.slice(at, at + 50), `from ${at}`);
    }
  });

  it('of version 0 is read like that, too', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `value ${i} ${'x'.repeat(i % 200)}`);
    const whole = utf8(JSON.stringify(values));
    const nodes = viewOf(NAME, 0, join(uint(0x40), uint(values.length), joinAll(values.map(node.string)), END));
    assert.ok(nodes?.kind === 'json' && isLong(nodes.text));
    assert.equal(nodes.text.length, whole.length);
    for (const at of [whole.length - 1000, 5, 1_500_000, 1_200_000, 0]) {
      assert.deepEqual(textSlice(nodes.text, at, at + 1000), whole.slice(at, at + 1000), `from ${at}`);
    }
  });
});
