/** The compact structures: every form of an element, large ones, going on from an element, and every kind of damage. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import type { BlobReader } from '../../../src/decoder/rdb/blobs/reader.js';
import type { BlobKind } from '../../../src/decoder/rdb/layout.js';
import { type Blob, isLong, type Text } from '../../../src/decoder/rdb/string.js';
import { openBlob } from '../../../src/decoder/rdb/walkers.js';
import { bytes, little, type Part } from '../support/bytes.js';
import {
  intset,
  listpack,
  lpInteger,
  lpString,
  withBacklen,
  ziplist,
  zipmap,
  zlInteger,
  zlString,
} from '../support/compact.js';
import { text } from '../support/plain.js';
import { ShortReads } from '../support/scanned.js';

/** Where the tests say that the blobs are in their file. */
const AT = 5000;

const blobOf = (content: Text): Blob => ({ text: content, fileOffset: AT, mapped: true });

function drain(reader: BlobReader): string[] {
  const result: string[] = [];
  while (reader.read()) result.push(text(reader.text()));
  return result;
}

const elementsOf = (kind: BlobKind, content: Text) => drain(openBlob(kind, blobOf(content)));

describe('a listpack', () => {
  it('is read from bytes that a server wrote', () => {
    const written = `
      38000000 1600
      0201 0101 0101 8166 02 0001
      0201 0001 0001 8176 02 0401
      0301 0001 0101 8177 02 0401
      0001 0101 dfff 02 0101 8167 02 0101 0601
      ff`;
    const content = new Uint8Array(Buffer.from(written.replace(/\s/g, ''), 'hex'));
    assert.deepEqual(elementsOf('listpack', content), '2 1 1 f 0 2 0 0 v 4 3 0 1 w 4 0 1 -1 1 g 1 6'.split(' '));
  });

  it('has integers of every width at their limits', () => {
    const limits = [7, 13, 16, 24, 32, 64] as const;
    const elements = limits.flatMap((bits) => {
      const most = bits === 7 ? 127n : (1n << BigInt(bits - 1)) - 1n;
      const least = bits === 7 ? 0n : -most - 1n;
      return [lpInteger(least, bits), lpInteger(most, bits)];
    });
    assert.deepEqual(elementsOf('listpack', listpack(elements)), [
      ...['0', '127', '-4096', '4095', '-32768', '32767', '-8388608', '8388607', '-2147483648', '2147483647'],
      ...['-9223372036854775808', '9223372036854775807'],
    ]);
  });

  it('has texts of every size around the steps of its lengths', () => {
    const sizes = [
      0, 1, 62, 63, 64, 125, 126, 127, 4094, 4095, 4096, 16377, 16378, 16379, 65535, 65536, 65537, 2097150,
    ];
    const texts = sizes.map((size) => 'x'.repeat(size));
    const content = listpack(texts.flatMap((each) => [each, 1]));
    assert.deepEqual(
      elementsOf('listpack', content).map((each) => each.length),
      sizes.flatMap((size) => [size, 1]),
    );
  });

  it('gives very long texts as pages', () => {
    const long = 'y'.repeat(100_000);
    const reader = openBlob('listpack', blobOf(listpack(['a', long])));
    reader.read();
    reader.read();
    const content = reader.text();
    assert.ok(isLong(content));
    assert.equal(content.fileOffset, AT + 6 + 3 + 5);
    assert.equal(text(content), long);
  });

  it('may hold more elements than its header can count', () => {
    const content = listpack(Array.from({ length: 70_000 }, (_, index) => index % 100));
    assert.equal(elementsOf('listpack', content).length, 70_000);
  });

  it('is read in the same way from a source that reads little at a time', () => {
    const elements = ['a', 'x'.repeat(5000), 1, -70_000, 'b'];
    const content = listpack(elements);
    const source = new ShortReads(content, 3);
    assert.deepEqual(elementsOf('listpack', { length: content.length, source, fileOffset: AT }), elements.map(String));
  });

  it('knows which elements are integers', () => {
    const reader = openBlob('listpack', blobOf(listpack(['1', 1, -(2n ** 60n)])));
    const integers: (number | bigint | undefined)[] = [];
    while (reader.read()) integers.push(reader.integer);
    assert.deepEqual(integers, [undefined, 1, -(2n ** 60n)]);
    assert.equal(reader.taken, 3);
    assert.equal(reader.read(), false);
  });
});

describe('a ziplist', () => {
  it('is read from bytes that a server wrote', () => {
    const content = new Uint8Array(Buffer.from('100000000d000000020000016103f6ff', 'hex'));
    assert.deepEqual(elementsOf('ziplist', content), ['a', '5']);
  });

  it('has integers of every width at their limits', () => {
    const elements = ([8, 16, 24, 32, 64] as const).flatMap((bits) => {
      const most = (1n << BigInt(bits - 1)) - 1n;
      return [zlInteger(-most - 1n, bits), zlInteger(most, bits)];
    });
    const immediate = Array.from({ length: 13 }, (_, value) => zlInteger(value, 4));
    assert.deepEqual(elementsOf('ziplist', ziplist([...immediate, ...elements])), [
      ...immediate.map((_, value) => String(value)),
      ...['-128', '127', '-32768', '32767', '-8388608', '8388607', '-2147483648', '2147483647'],
      ...['-9223372036854775808', '9223372036854775807'],
    ]);
  });

  it('has texts of every size around the steps of its lengths', () => {
    const sizes = [0, 62, 63, 64, 250, 251, 252, 253, 254, 16382, 16383, 16384, 65536, 65537];
    const texts = sizes.map((size) => 'x'.repeat(size));
    assert.deepEqual(elementsOf('ziplist', ziplist(texts)), texts);
    assert.deepEqual(elementsOf('ziplist', ziplist(texts, { widePrevious: true })), texts);
  });

  it('ignores the low bits of the widest length', () => {
    const content = zlString('abc', 32);
    content[0] |= 0x3f;
    assert.deepEqual(elementsOf('ziplist', ziplist([content])), ['abc']);
  });

  it('may be empty', () => {
    assert.deepEqual(elementsOf('ziplist', ziplist([])), []);
  });
});

describe('an intset', () => {
  it('is read from bytes that a server wrote', () => {
    const content = new Uint8Array(Buffer.from('0400000003000000010000002c01000070110100', 'hex'));
    assert.deepEqual(elementsOf('intset', content), ['1', '300', '70000']);
  });

  it('has integers of every width at their limits', () => {
    for (const width of [2, 4, 8]) {
      const most = (1n << BigInt(width * 8 - 1)) - 1n;
      const values = [-most - 1n, -1n, 0n, most];
      assert.deepEqual(elementsOf('intset', intset(values, width)), values.map(String));
    }
  });
});

describe('a zipmap', () => {
  it('is read from the example of the format', () => {
    const content = bytes(2, 3, 'foo', 3, 0, 'bar', 5, 'hello', 5, 0, 'world', 0xff);
    assert.deepEqual(elementsOf('zipmap', content), ['foo', 'bar', 'hello', 'world']);
  });

  it('has texts of every size around the step of its lengths', () => {
    const sizes = [0, 1, 252, 253, 254, 255, 70_000];
    for (const free of [0, 1, 255]) {
      const pairs = sizes.map((size) => ['f'.repeat(size), 'v'.repeat(size)] as const);
      assert.deepEqual(elementsOf('zipmap', zipmap(pairs, free)), pairs.flat());
    }
  });

  it('gives very long texts as pages', () => {
    const reader = openBlob('zipmap', blobOf(zipmap([['f', 'v'.repeat(100_000)]])));
    reader.read();
    reader.read();
    assert.ok(isLong(reader.text()));
  });

  it('may hold more pairs than its header can count', () => {
    const pairs = Array.from({ length: 300 }, (_, index) => [`f${index}`, 'v'] as const);
    assert.deepEqual(elementsOf('zipmap', zipmap(pairs)), pairs.flat());
  });
});

describe('going on in a compact structure', () => {
  const cases: readonly (readonly [kind: BlobKind, content: Uint8Array, step: number])[] = [
    ['listpack', listpack(['a', 1, 'b'.repeat(200), -5000, '']), 1],
    ['ziplist', ziplist(['a', 1, 'b'.repeat(300), -5000, '']), 1],
    ['intset', intset([-3, 5, 7, 9], 4), 1],
    [
      'zipmap',
      zipmap(
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        2,
      ),
      2,
    ],
  ];
  for (const [kind, content, step] of cases) {
    it(`gives the rest of a ${kind} from every element`, () => {
      const whole = elementsOf(kind, content);
      const reader = openBlob(kind, blobOf(content));
      for (let index = 0; index <= whole.length; index += step) {
        assert.deepEqual(drain(openBlob(kind, blobOf(content), reader.inner)), whole.slice(index));
        for (let i = 0; i < step; i++) reader.read();
      }
      assert.deepEqual(drain(openBlob(kind, blobOf(content), reader.inner)), []);
    });
  }
});

describe('a damaged compact structure', () => {
  /** A blob with changed bytes. */
  const changed = (content: Uint8Array, at: number, ...parts: readonly Part[]) => {
    const result = content.slice();
    result.set(bytes(parts), at < 0 ? content.length + at : at);
    return result;
  };
  const lp = (...parts: readonly Part[]) => {
    const body = bytes(parts);
    return bytes(little(body.length + 6, 4), little(65535, 2), body);
  };
  const zl = (...parts: readonly Part[]) => {
    const body = bytes(parts);
    return bytes(little(body.length + 10, 4), little(10, 4), little(65535, 2), body);
  };

  const CASES: readonly (readonly [
    kind: BlobKind,
    title: string,
    content: Uint8Array,
    offset: number,
    reason: string,
    before?: readonly string[],
  ])[] = [
    ['listpack', 'too short', bytes(6, 0, 0, 0, 0, 0), 0, 'it has only 6 bytes'],
    [
      'listpack',
      'of another size than it says',
      changed(listpack(['a']), 0, 99),
      4,
      'its header says 99 bytes, it has 10',
    ],
    [
      'listpack',
      'of more elements than it says',
      listpack(['a', 'b'], 1),
      13,
      'its header says 1 elements, it has 2',
      ['a', 'b'],
    ],
    [
      'listpack',
      'of fewer elements than it says',
      listpack(['a'], 2),
      10,
      'its header says 2 elements, it has 1',
      ['a'],
    ],
    ['listpack', 'without an end mark', lp(1, 1), 8, 'it ends inside an element', ['1']],
    ['listpack', 'that ends inside a number', lp(1, 1, 0xf3, 1), 9, 'it ends inside an element', ['1']],
    ['listpack', 'that ends before the size of an element', lp(1), 7, 'it ends inside an element'],
    ['listpack', 'with an unknown element', lp(0xf5, 1, 0xff), 7, '0xf5 (245) starts no element'],
    ['listpack', 'with an element past its end', lp(0x85, 'abc', 4, 0xff), 12, 'it ends inside an element'],
    [
      'listpack',
      'with a text past its end',
      lp(0xe0, 9, 'abc', 4, 0xff),
      8,
      'an element says it has 9 bytes, 5 are left',
    ],
    [
      'listpack',
      'with a wide text past its end',
      lp(0xf0, little(2 ** 32 - 1, 4), 'abc', 0xff),
      11,
      'an element says it has 4294967295 bytes, 4 are left',
    ],
    [
      'listpack',
      'with a wrong size behind an element',
      lp(withBacklen(bytes(5)), 0x81, 'a', 3, 0xff),
      10,
      'the size behind an element is 3 instead of 2',
      ['5'],
    ],
    [
      'listpack',
      'with bytes behind its end mark',
      lp(1, 1, 0xff, 0),
      9,
      'its end mark stands 1 bytes before its end',
      ['1'],
    ],
    ['ziplist', 'too short', new Uint8Array(10), 0, 'it has only 10 bytes'],
    [
      'ziplist',
      'of another size than it says',
      changed(ziplist(['a']), 0, 99),
      4,
      'its header says 99 bytes, it has 14',
    ],
    [
      'ziplist',
      'of fewer elements than it says',
      ziplist(['a'], { count: 2 }),
      14,
      'its header says 2 elements, it has 1',
      ['a'],
    ],
    [
      'ziplist',
      'with a wrong place of its last element',
      ziplist(['a', 'b'], { tail: 10 }),
      17,
      'its header puts the last element at 10, it is at 13',
      ['a', 'b'],
    ],
    ['ziplist', 'with an unknown element', zl(0, 0xc1, 0, 0xff), 12, '0xc1 (193) starts no element'],
    ['ziplist', 'without an end mark', zl(0, 1, 'a'), 13, 'it ends inside an element', ['a']],
    ['ziplist', 'that ends inside a number', zl(0, 0xd0, 1), 12, 'it ends inside an element'],
    ['ziplist', 'with a text past its end', zl(0, 9, 'abc', 0xff), 12, 'an element says it has 9 bytes, 4 are left'],
    [
      'ziplist',
      'with a wide text past its end',
      zl(0, 0x80, 0xff, 0xff, 0xff, 0xff, 'abc', 0xff),
      16,
      'an element says it has 4294967295 bytes, 4 are left',
    ],
    [
      'ziplist',
      'with a wrong size of the element before',
      zl(0, 1, 'a', 4, 1, 'b', 0xff),
      14,
      'an element says that the one before it has 4 bytes instead of 3',
      ['a'],
    ],
    [
      'ziplist',
      'with bytes behind its end mark',
      zl(0, 1, 'a', 0xff, 0),
      14,
      'its end mark stands 1 bytes before its end',
      ['a'],
    ],
    ['intset', 'too short', new Uint8Array(7), 0, 'it has only 7 bytes'],
    ['intset', 'of elements of an unknown width', intset([1], 3), 8, 'its elements cannot be 3 bytes wide'],
    [
      'intset',
      'of more elements than it has',
      intset([1], 2, 2),
      8,
      'its header says 2 elements of 2 bytes, it has 10 bytes',
    ],
    [
      'intset',
      'of the most elements that a header can say',
      intset([1], 8, 2 ** 32 - 1),
      8,
      'its header says 4294967295 elements of 8 bytes, it has 16 bytes',
    ],
    ['intset', 'that is not sorted', intset([1, 3, 2], 2), 14, '2 stands behind 3', ['1', '3']],
    ['intset', 'with an element twice', intset([-1, -1], 8), 24, '-1 stands behind -1', ['-1']],
    ['zipmap', 'too short', bytes(0), 0, 'it has only 1 bytes'],
    [
      'zipmap',
      'of more pairs than it says',
      zipmap([['f', 'v']], 0, 2),
      7,
      'its header says 2 elements, it has 1',
      ['f', 'v'],
    ],
    ['zipmap', 'with a field without a value', bytes(1, 1, 'f', 0xff), 4, 'a field has no value', ['f']],
    [
      'zipmap',
      'without an end mark',
      bytes(1, 1, 'f', 1, 0, 'v'),
      5,
      'an element says it has 1 bytes, 1 are left',
      ['f'],
    ],
    [
      'zipmap',
      'with a text past its end',
      bytes(1, 0xfe, little(2 ** 32 - 1, 4), 'f', 0xff),
      6,
      'an element says it has 4294967295 bytes, 2 are left',
    ],
    [
      'zipmap',
      'with unused bytes past its end',
      bytes(1, 1, 'f', 1, 200, 'v', 0xff),
      5,
      'an element says it has 201 bytes, 2 are left',
      ['f'],
    ],
    ['zipmap', 'that ends inside a length', bytes(1, 0xfe, 1, 0), 2, 'it ends inside an element'],
    [
      'zipmap',
      'with bytes behind its end mark',
      bytes(1, 1, 'f', 1, 0, 'v', 0xff, 0),
      7,
      'its end mark stands 1 bytes before its end',
      ['f', 'v'],
    ],
  ];
  for (const [kind, title, content, offset, reason, before = []] of CASES) {
    it(`is refused behind its good elements: a ${kind} ${title}`, () => {
      const met: string[] = [];
      assert.throws(
        () => {
          const reader = openBlob(kind, blobOf(content));
          while (reader.read()) met.push(text(reader.text()));
        },
        (error) => {
          assert.ok(error instanceof DecodeError);
          assert.equal(error.message, `The ${kind} is damaged: ${reason}.`);
          assert.equal(error.code, `bad-${kind}`);
          assert.equal(error.offset - AT, offset);
          return true;
        },
      );
      assert.deepEqual(met, before);
    });
  }

  it('is said to be where its compressed bytes begin, if it is compressed', () => {
    const blob: Blob = { text: listpack(['a'], 2), fileOffset: AT, mapped: false };
    assert.throws(
      () => drain(openBlob('listpack', blob)),
      (error) => error instanceof DecodeError && error.offset === AT,
    );
  });

  it('has texts of every form of length, also where a shorter one would do', () => {
    const content = listpack([lpString('a', 6), lpString('a', 12), lpString('a', 32)]);
    assert.deepEqual(elementsOf('listpack', content), ['a', 'a', 'a']);
    assert.deepEqual(elementsOf('ziplist', ziplist([zlString('a', 6), zlString('a', 14), zlString('a', 32)])), [
      ...['a', 'a', 'a'],
    ]);
  });
});
