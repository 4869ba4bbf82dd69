/** The decoders of strings: what real programs wrote, what is cut off anywhere, what would not fit into memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Decoders } from '../../../../src/dataset/decoders/chain.js';
import {
  type DecoderId,
  LIMITS,
  type Limits,
  type TreeNode,
  UndecodableError,
  type Work,
} from '../../../../src/dataset/decoders/decoder.js';
import { treeJson } from '../../../../src/dataset/decoders/tree-text.js';
import { brotli } from '../../../../src/engine/node/brotli.js';
import { seededBytes, seededRandom } from '../../support/random.js';
import {
  fromHex,
  IGBINARY_VALUES,
  JAVA_USER,
  LZ4_TEXT,
  PICKLED_CYCLE,
  PICKLED_OBJECT,
  PICKLES,
  PLAIN_TEXT,
  ZSTD_TEXT,
} from './samples.js';

const decoders = new Decoders([brotli]);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function run<Result>(work: Work<Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** Decodes with one decoder. */
function decode(id: DecoderId, bytes: Uint8Array, limits: Limits = LIMITS): Uint8Array | TreeNode {
  const decoder = decoders.find(id);
  assert.ok(decoder, id);
  return run<Uint8Array | TreeNode>(decoder.decode(bytes, limits));
}

function tree(id: DecoderId, bytes: Uint8Array): unknown {
  return JSON.parse(treeJson(decode(id, bytes) as TreeNode));
}

const LONG = bytesOf(`${'{"name":"value","list":[1,2,3]} '.repeat(3000)}${PLAIN_TEXT}`);
const RANDOM = seededBytes(70_000, 1);

describe('a compression', () => {
  const forms: readonly (readonly [DecoderId, (plain: Uint8Array) => Uint8Array])[] = [
    ['gzip', (plain) => gzipSync(plain)],
    ['gzip', (plain) => Buffer.concat([gzipSync(plain.subarray(0, 9), { level: 0 }), gzipSync(plain.subarray(9))])],
    ['zlib', (plain) => deflateSync(plain, { level: 9 })],
    ['zlib', (plain) => deflateSync(plain, { strategy: 4 })],
    ['deflate', (plain) => deflateRawSync(plain)],
    ['brotli', (plain) => brotliCompressSync(plain)],
  ];
  for (const [i, [id, compress]] of forms.entries()) {
    it(`gives back what went in: ${id} ${i}`, () => {
      for (const plain of [LONG, RANDOM, bytesOf('a'), bytesOf('a'.repeat(100_000))]) {
        assert.deepEqual(Buffer.from(decode(id, new Uint8Array(compress(plain))) as Uint8Array), Buffer.from(plain));
      }
    });
  }

  it('is read as the tools of zstd and lz4 wrote it', () => {
    assert.equal(textOf(decode('zstd', ZSTD_TEXT) as Uint8Array), PLAIN_TEXT);
    assert.equal(textOf(decode('lz4', LZ4_TEXT) as Uint8Array), PLAIN_TEXT);
  });

  it('is read as a block of lz4 with its length before it', () => {
    // The block of the frame: behind the header (15 bytes) and its size (4 bytes), before the end mark and checksum.
    const block = LZ4_TEXT.subarray(19, LZ4_TEXT.length - 8);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, PLAIN_TEXT.length, true);
    assert.equal(textOf(decode('lz4-block', Buffer.concat([length, block])) as Uint8Array), PLAIN_TEXT);
    assert.equal(textOf(decode('lz4-block', Buffer.concat([length.reverse(), block])) as Uint8Array), PLAIN_TEXT);
  });

  it('is read as snappy, raw and in its frames', () => {
    // "Wikipedia is a free, web-based, …" of the format's description: literals and copies.
    const raw = Buffer.concat([Buffer.from([18, 0x14]), Buffer.from('abcdef'), Buffer.from([0x2e, 6, 0])]);
    assert.equal(textOf(decode('snappy', raw) as Uint8Array), 'abcdefabcdefabcdef');
    const framed = fromHex(`ff060000734e61507059${'010a0000'}${'3ef64e92'}${Buffer.from('abcdef').toString('hex')}`);
    // The checksum of that chunk is wrong on purpose: the frames are only read when it agrees.
    assert.throws(() => decode('snappy-framed', framed), UndecodableError);
  });

  it('ends at the limit, whatever it says', () => {
    const limits = { ...LIMITS, bytes: 100_000 };
    const bomb = new Uint8Array(20_000_000);
    const bombs: readonly (readonly [DecoderId, Uint8Array])[] = [
      ['gzip', gzipSync(bomb)],
      ['zlib', deflateSync(bomb)],
      ['brotli', brotliCompressSync(bomb)],
      // A frame of blocks that repeat one byte 128 KiB times.
      ['zstd', fromHex(`28b52ffd0058${'02001000'.repeat(100)}03001000`)],
      ['zstd', fromHex(`28b52ffde0ffffffffffffff7f0100${'00'.repeat(20)}`)],
      ['snappy', fromHex('ffffffff0f00')],
      ['lz4-block', fromHex('00000004ff')],
    ];
    for (const [id, bytes] of bombs) {
      assert.throws(() => decode(id, new Uint8Array(bytes), limits), UndecodableError, id);
    }
  });
});

describe('a tree', () => {
  it('of JSON keeps numbers as they are written', () => {
    const text = '{"a": [9007199254740993, 1.10, -0, 1e400], "b\\u00e9": "x\\n\\ud83d\\ude00", "": null}';
    assert.equal(
      treeJson(decode('json', bytesOf(text)) as TreeNode),
      '{"a":[9007199254740993,1.10,-0,1e400],"bé":"x\\n😀","":null}',
    );
    for (const bad of ['{', '[1,]', '{"a"}', '[01]', '"\\x"', '[1] 2', '{"a":1,}', '', 'nul', '["\u0001"]']) {
      assert.throws(() => decode('json', bytesOf(bad)), UndecodableError, bad);
    }
  });

  it('of JSON can be deep without a deep stack', () => {
    const deep = bytesOf('['.repeat(900) + ']'.repeat(900));
    assert.equal((decode('json', deep) as TreeNode).kind, 'array');
    assert.throws(() => decode('json', bytesOf('['.repeat(100_000))), /nested/);
  });

  it('of MessagePack has every form', () => {
    const bytes = fromHex(
      '8aa161' +
        'cfffffffffffffffff' +
        'a162' +
        'd38000000000000000' +
        'a163' +
        '93c0c2c3' +
        'a164' +
        'ca3fc00000' +
        'a165' +
        'cb3ff199999999999a' +
        'a166' +
        'c403010203' +
        'a167' +
        'd905c3a9c3a921' +
        'a168' +
        'd6ff66391200' +
        'a169' +
        'c70305aabbcc' +
        'a16a' +
        'e0',
    );
    assert.deepEqual(JSON.parse(treeJson(decode('msgpack', bytes) as TreeNode).replace(/-?\d{16,}/g, '"$&"')), {
      a: '18446744073709551615',
      b: '-9223372036854775808',
      c: [null, false, true],
      d: 1.5,
      e: 1.1,
      f: 'AQID',
      g: 'éé!',
      h: '2024-05-06 17:23:12 UTC',
      i: 'qrvM',
      j: -32,
    });
  });

  it('of CBOR is as in the examples of RFC 8949', () => {
    const examples: readonly (readonly [string, unknown])[] = [
      ['1903e8', 1000],
      ['3863', -100],
      ['f93c00', 1],
      ['f97bff', 65504],
      ['f90001', 2 ** -24],
      ['fb3ff199999999999a', 1.1],
      ['a26161016162820203', { a: 1, b: [2, 3] }],
      ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
      ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
      ['7f657374726561646d696e67ff', 'streaming'],
      ['5f42010243030405ff', 'AQIDBAU='],
      ['c11a514b67b0', [1363896240]],
      ['f7', 'undefined'],
    ];
    for (const [hex, expected] of examples) assert.deepEqual(tree('cbor', fromHex(hex)), expected, hex);
    assert.equal(treeJson(decode('cbor', fromHex('3bffffffffffffffff')) as TreeNode), '-18446744073709551616');
    for (const bad of ['ff', 'a1ff', 'a161', '1c', '9fff00', '62ff', 'bf6161ff']) {
      assert.throws(() => decode('cbor', fromHex(bad)), UndecodableError, bad);
    }
  });

  it('of BSON is a document', () => {
    const bytes = fromHex('160000000268656c6c6f0006000000776f726c640000');
    assert.deepEqual(tree('bson', bytes), { hello: 'world' });
    const array = fromHex(
      '310000000442534f4e002600000002300008000000617765736f6d65000131003333333333331440103200c20700000000',
    );
    assert.deepEqual(tree('bson', array), { BSON: ['awesome', 5.05, 1986] });
  });

  it('of PHP has arrays, objects and references', () => {
    const text =
      'a:5:{s:2:"id";i:9007199254740993;i:7;d:0.5;s:1:"o";O:4:"User":2:{s:4:"name";s:3:"Ada";s:7:"\0*\0self";r:4;}s:1:"n";N;s:1:"b";b:1;}';
    assert.equal(
      treeJson(decode('php', bytesOf(text)) as TreeNode),
      '{"id":9007199254740993,"7":0.5,"o":{"name":"Ada","\\u0000*\\u0000self":"#4"},"n":null,"b":true}',
    );
  });

  it('of igbinary has numbers, objects, enums, and strings by their number', () => {
    assert.equal(
      treeJson(decode('igbinary', IGBINARY_VALUES) as TreeNode),
      [
        '{"id":90071992547409931,"neg":-5,"big":-70000,"f":1.5,"yes":true,"no":false,"nil":null,"empty":""',
        '"list":{"0":1,"1":300,"2":70000},"name":"name","bin":"/wA="',
        '"u":{"name":"Ada","\\u0000*\\u0000age":36,"\\u0000User\\u0000tags":{"0":"a","1":"b"},"friend":' +
          '{"name":"Ada","\\u0000*\\u0000age":36,"\\u0000User\\u0000tags":"#4","friend":null}}',
        '"same":"#3","suit":"Suit::Hearts","suit2":"Suit::Spades","old":"cmF3IGRhdGE=","7":"seven","-3":"minus"',
        `"long":"${'x'.repeat(260)}","ref":"#1"}`,
      ].join(','),
    );
    const decoded = run(decoders.detect(IGBINARY_VALUES));
    assert.deepEqual(
      decoded.steps.map(({ decoder }) => decoder.id),
      ['igbinary'],
    );
  });

  for (const [protocol, bytes] of Object.entries(PICKLES)) {
    it(`of a pickle is the same in protocol ${protocol}`, () => {
      const text = treeJson(decode('pickle', bytes) as TreeNode);
      assert.match(
        text,
        /"id":9007199254740993,"big":1208925819614629174706176,"neg":-5,"f":1\.5,"t":\[1,"two",null,true\]/,
      );
      assert.match(text, /"l":\[1,\[2,\[3\]\]\]/);
      assert.match(text, /datetime\.date|"args"/);
    });
  }

  it('of a pickle has objects by the name of their class, and nothing that holds itself', () => {
    const object = decode('pickle', PICKLED_OBJECT) as TreeNode;
    assert.equal(object.text, '__main__.P');
    assert.equal(treeJson(object), '{"x":1,"name":"Ada"}');
    assert.deepEqual(tree('pickle', PICKLED_CYCLE), [1, 2, '@2']);
  });

  it('of Java has the fields of the class and of those it extends', () => {
    const root = decode('java', JAVA_USER) as TreeNode;
    assert.equal(root.text, 'T$User');
    const text = treeJson(root);
    assert.match(text, /"id":9007199254740993/);
    assert.match(text, /"name":"Ada"/);
    assert.match(text, /"scores":\[1,-2,300\]/);
    assert.match(text, /"raw":"AQID"/);
    assert.match(text, /"color":"T\$Color\.GREEN"/);
    assert.match(text, /"nothing":null/);
    assert.match(text, /"self":"@4"/);
  });

  it('of Protobuf marks what is guessed', () => {
    // Test1 { a: 150 }, Test2 { b: "testing" }, Test3 { c: { a: 150 } } of the description of the wire format.
    const root = decode('protobuf', fromHex('08960112' + '0774657374696e671a03089601')) as TreeNode;
    assert.deepEqual(
      root.children?.map(({ name, value }) => [name, value.type, value.text ?? '']),
      [
        ['1', 'varint', '150'],
        ['2', 'text?', ''],
        ['3', 'message?', ''],
      ],
    );
  });

  it('of a UUID tells version and time', () => {
    const v7 = decode('uuid', bytesOf('018f4c3e-5c00-7abc-8def-0123456789ab')) as TreeNode;
    assert.deepEqual(
      v7.children?.map(({ name, value }) => `${name} ${value.text}`),
      ['uuid 018f4c3e-5c00-7abc-8def-0123456789ab', 'version 7', 'time 2024-05-06 04:51:46.304 UTC'],
    );
    const v1 = decode('uuid', fromHex('c232ab00941411ec b3c89f6bdeced846'.replace(' ', ''))) as TreeNode;
    assert.equal(v1.children?.[2]?.value.text, '2022-02-22 19:22:22 UTC');
  });

  it('of a number tells the times that it can be', () => {
    assert.deepEqual(tree('time', bytesOf('1715000000')), { s: '2024-05-06 12:53:20 UTC' });
    assert.deepEqual(tree('time', bytesOf('1715000000123456789')), { ns: '2024-05-06 12:53:20.123456789 UTC' });
    assert.throws(() => decode('time', bytesOf('12')), UndecodableError);
  });
});

describe('a chain', () => {
  const chainOf = (bytes: Uint8Array) => run(decoders.detect(bytes)).steps.map(({ decoder }) => decoder.id);
  const json = bytesOf('{"user":"Ada","cart":[1,2,3]}');

  it('is found where each step is certain', () => {
    assert.deepEqual(chainOf(json), ['json']);
    assert.deepEqual(chainOf(gzipSync(json)), ['gzip', 'json']);
    assert.deepEqual(chainOf(bytesOf(gzipSync(json).toString('base64'))), ['base64', 'gzip', 'json']);
    assert.deepEqual(chainOf(bytesOf(deflateSync(gzipSync(json)).toString('hex'))), ['hex', 'zlib', 'gzip', 'json']);
    assert.deepEqual(chainOf(ZSTD_TEXT), ['zstd']);
    assert.deepEqual(chainOf(PICKLES[4]), ['pickle']);
    assert.deepEqual(chainOf(JAVA_USER), ['java']);
    assert.deepEqual(chainOf(fromHex('82a161 01a162 02'.replace(/ /g, ''))), ['msgpack']);
    assert.deepEqual(chainOf(fromHex('a262696419 03e8646e616d6563416461'.replace(/ /g, ''))), ['cbor']);
  });

  it('is not found in what only looks like something', () => {
    for (const text of [
      'hello world',
      'SGVsbG8gd29ybGQhIQ==',
      '1715000000',
      'deadbeefdeadbeef',
      '{not json',
      'x',
      '',
    ]) {
      assert.deepEqual(chainOf(bytesOf(text)), [], text);
    }
    for (let seed = 0; seed < 400; seed++) assert.deepEqual(chainOf(seededBytes(64, seed)), [], `seed ${seed}`);
  });

  it('goes on by itself behind what was chosen', () => {
    const decoded = run(decoders.decode(deflateRawSync(json), ['deflate']));
    assert.deepEqual(
      decoded.steps.map(({ decoder }) => decoder.id),
      ['deflate', 'json'],
    );
    assert.deepEqual(run(decoders.decode(json, ['as-is'])).steps, []);
    const failed = run(decoders.decode(json, ['gzip']));
    assert.equal(failed.failure?.id, 'gzip');
    assert.deepEqual(failed.bytes, json);
  });

  it('is offered with what fits before the rest', () => {
    assert.equal(run(decoders.fitting(json))[0], 'json');
    assert.deepEqual(run(decoders.fitting(bytesOf('1715000000'))).slice(0, 1), ['time']);
    assert.ok(run(decoders.fitting(deflateRawSync(LONG))).includes('deflate'));
  });
});

describe('hostile bytes', () => {
  const samples: readonly (readonly [DecoderId, Uint8Array])[] = [
    ['gzip', gzipSync(LONG.subarray(0, 400))],
    ['zlib', deflateSync(LONG.subarray(0, 400))],
    ['deflate', deflateRawSync(LONG.subarray(0, 400))],
    ['zstd', ZSTD_TEXT],
    ['lz4', LZ4_TEXT],
    ['brotli', brotliCompressSync(LONG.subarray(0, 400))],
    ['snappy', Buffer.concat([Buffer.from([18, 0x14]), Buffer.from('abcdef'), Buffer.from([0x2e, 6, 0])])],
    ['json', bytesOf('{"a":[1,2.5,"x\\u0041"],"b":{"c":null}}')],
    ['msgpack', fromHex('84a16193c0c2c3a162cb3ff199999999999aa163d905c3a9c3a921a164c403010203')],
    ['cbor', fromHex('bf61610161629f0203ff6163c11a514b67b0ff')],
    ['bson', fromHex('160000000268656c6c6f0006000000776f726c640000')],
    ['php', bytesOf('a:2:{s:2:"id";i:90;s:1:"o";O:4:"User":1:{s:4:"name";s:3:"Ada";}}')],
    ['igbinary', IGBINARY_VALUES],
    ['pickle', PICKLES[0]],
    ['pickle', PICKLES[4]],
    ['java', JAVA_USER],
    ['protobuf', fromHex('089601120774657374696e671a03089601')],
  ];

  for (const [i, [id, whole]] of samples.entries()) {
    const bytes = new Uint8Array(whole);

    it(`are refused where they are cut off: ${id} ${i}`, () => {
      for (let end = 0; end < bytes.length; end++) {
        try {
          decode(id, bytes.subarray(0, end));
          // A message of Protobuf, or numbers of JSON, can end in many places.
          assert.ok(id === 'protobuf', `${end} of ${bytes.length} bytes are taken for the whole`);
        } catch (error) {
          assert.ok(error instanceof UndecodableError, `${end}: ${error}`);
          assert.ok(error.offset >= 0 && error.offset <= end, `${end}: offset ${error.offset}`);
        }
      }
    });

    it(`give a tree, other bytes or a reason when they are changed: ${id} ${i}`, () => {
      const seed = 7000 + i;
      const random = seededRandom(seed);
      const limits = { bytes: 1 << 20, values: 10_000, depth: 100 };
      for (let round = 0; round < 400; round++) {
        const changed = Uint8Array.from(bytes);
        for (let count = 1 + random(4); count > 0; count--) changed[random(changed.length)] = random(256);
        try {
          const result = decode(id, changed, limits);
          if (result instanceof Uint8Array) assert.ok(result.length <= limits.bytes);
          else treeJson(result);
        } catch (error) {
          assert.ok(error instanceof UndecodableError, `seed ${seed}, round ${round}: ${error}`);
        }
      }
    });
  }
});
