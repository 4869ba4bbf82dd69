/** The manifest of a multi-part AOF. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksLikeManifest, parseManifest, replayOrder, writeManifest } from '../../../../src/decoder/aof/manifest.js';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const codes = (text: string) => parseManifest(bytes(text)).problems.map(({ code, offset }) => [code, offset]);

const LINES = `file appendonly.aof.2.base.rdb seq 2 type b
file appendonly.aof.1.incr.aof seq 1 type h
file appendonly.aof.1.base.rdb seq 1 type h
file appendonly.aof.2.incr.aof seq 2 type i
file appendonly.aof.3.incr.aof seq 3 type i startoffset 120
`;

describe('a manifest', () => {
  it('names the files, with the places of what it says of them', () => {
    const text = '# comment\r\nFILE "my app.aof.2.base.rdb" Seq 2 TYPE b\r\n';
    const { lines, problems } = parseManifest(bytes(text));
    assert.deepEqual(problems, []);
    const [line] = lines;
    assert.deepEqual([line.fileName, line.seq, line.type], ['my app.aof.2.base.rdb', 2, 'b']);
    const place = ([from, to]: readonly [number, number]) => text.slice(from, to);
    assert.deepEqual([line.fileSpan, line.seqSpan, line.typeSpan].map(place), ['"my app.aof.2.base.rdb"', '2', 'b']);
    assert.deepEqual([line.offset, line.offset + line.size], [text.indexOf('FILE'), text.length]);
  });

  it('keeps offsets and pairs that it does not know, and writes them again', () => {
    const text = 'file a.1.incr.aof seq 1 type i startoffset 12 endoffset 9223372036854775807 colour "light blue"\n';
    const { lines } = parseManifest(bytes(text));
    assert.deepEqual([lines[0].startOffset, lines[0].endOffset], [12n, 9223372036854775807n]);
    assert.equal(Buffer.from(writeManifest(lines)).toString(), text);
  });

  it('writes names as servers do', () => {
    for (const fileName of ['plain.aof', 'with blank.aof', 'quo"te\\.aof', 'naïve-文件.aof', '%41.aof', "it's.aof"]) {
      const written = writeManifest([{ fileName, seq: 1, type: 'i' }]);
      // A path separator is refused when it is read.
      const expected = fileName.includes('\\') ? undefined : fileName;
      assert.equal(parseManifest(written).lines[0]?.fileName, expected);
    }
    const written = Buffer.from(writeManifest([{ fileName: 'é.aof', seq: 1, type: 'b' }])).toString();
    assert.equal(written, 'file "\\xc3\\xa9.aof" seq 1 type b\n');
  });

  it('writes the base, then history, then incremental files', () => {
    const shuffled = [...parseManifest(bytes(LINES)).lines].reverse();
    const types = parseManifest(writeManifest(shuffled)).lines.map(({ type }) => type);
    assert.deepEqual(types, ['b', 'h', 'h', 'i', 'i']);
  });

  it('is replayed in the order of what happened', () => {
    assert.deepEqual(
      replayOrder(parseManifest(bytes(LINES)).lines).map(({ fileName, type }) => `${type} ${fileName}`),
      [
        'h appendonly.aof.1.base.rdb',
        'h appendonly.aof.1.incr.aof',
        'b appendonly.aof.2.base.rdb',
        'i appendonly.aof.2.incr.aof',
        'i appendonly.aof.3.incr.aof',
      ],
    );
  });

  it('is told from an AOF by its first line', () => {
    assert.equal(looksLikeManifest(bytes(LINES)), true);
    assert.equal(looksLikeManifest(bytes(`# one\n# two\n${LINES}`)), true);
    assert.equal(looksLikeManifest(bytes('*1\r\n$4\r\nfile\r\n')), false);
    assert.equal(looksLikeManifest(bytes('#TS:1700000000\r\n*1\r\n')), false);
    assert.equal(looksLikeManifest(bytes('')), false);
    assert.equal(looksLikeManifest(bytes('# only a comment')), false);
  });

  const line = 'file a seq 1 type i\n';
  const refused: readonly [title: string, text: string, problems: readonly (readonly [string, number])[]][] = [
    ['nothing at all', '', [['manifest-empty', 0]]],
    ['a last line without an end', line.trimEnd(), [['manifest-no-line-end', 0]]],
    ['a blank line', `${line} \n`, [['manifest-blank-line', 20]]],
    ['too few words', 'file a seq 1\n', [['manifest-tokens', 0]]],
    ['a key without a value', 'file a seq 1 type i more\n', [['manifest-tokens', 0]]],
    ['no file', 'name a seq 1 type i\n', [['manifest-incomplete', 0]]],
    ['a sequence of zero', 'file a seq 0 type i\n', [['manifest-incomplete', 0]]],
    ['no sequence', 'file a seq x type i\n', [['manifest-incomplete', 0]]],
    ['an empty type', 'file a seq 1 type ""\n', [['manifest-incomplete', 0]]],
    ['a path', 'file ../a seq 1 type i\n', [['manifest-path', 5]]],
    ['a path of Windows', 'file ..\\a seq 1 type i\n', [['manifest-path', 5]]],
    ['an unknown type', 'file a seq 1 type x\n', [['manifest-type', 18]]],
    ['two bases', 'file a seq 1 type b\nfile b seq 2 type b\n', [['manifest-two-bases', 20]]],
    ['a sequence twice', `${line}${line}`, [['manifest-sequence', 31]]],
    ['a sequence below zero', 'file a seq -1 type i\n', [['manifest-sequence', 11]]],
    ['open quotes', 'file "a seq 1 type i\n', [['manifest-quotes', 5]]],
    [
      'a line of 1025 bytes',
      `file a seq 1 type i ${'x'.repeat(1004)}\n`,
      [
        ['manifest-long-line', 0],
        ['manifest-blank-line', 1024],
      ],
    ],
  ];
  for (const [title, text, problems] of refused) {
    it(`has a problem with its offset for ${title}`, () => assert.deepEqual(codes(text), problems));
  }

  it('lets pass what servers let pass', () => {
    for (const text of [
      'file a seq 1 type incremental\n',
      'file a seq 1x type i\n',
      '\tfile a seq 1 type i \r\n',
      'type i seq 1 file a\n',
      `# ${'x'.repeat(1000)}\n${line}`,
      'file a seq 1 type h\nfile b seq 1 type h\n',
      'file old.aof seq -3 type b\n',
    ]) {
      assert.deepEqual(codes(text), [], text);
    }
  });
});
