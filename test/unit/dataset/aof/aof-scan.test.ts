/** The scan of a whole AOF, its damage, and whether a server would load it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NoAofError, openAofSet } from '../../../../src/dataset/aof/aof-set.js';
import { lastLoaded } from '../../../../src/dataset/aof/verdict.js';
import { type ByteSource, MemorySource } from '../../../../src/decoder/source.js';
import { memoryFolder, multiPart, scanSet, singleFile } from '../../support/aof-files.js';
import { resp } from '../../support/aof-scanned.js';
import { bytes } from '../../support/bytes.js';
import { seededRandom } from '../../support/random.js';
import { file, key, string } from '../../support/rdb-writer.js';

function joined(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
}

const set = (name: string) => resp('SET', name, 'value');
const A = set('a');
const CUT = set('cut').subarray(0, 17);
const RDB = file('REDIS0010', key(0, 'k', string('v')), key(0, 'l', string('v')));

/** The verdict, and where a server would cut. */
function judged(aof: ReturnType<typeof multiPart>) {
  const { scan } = scanSet(aof, { checksum: true });
  const { judgement } = scan;
  return [
    judgement?.verdict,
    judgement?.cut ? [judgement.cut.part, judgement.cut.at, judgement.cut.bytes, judgement.cut.commands] : null,
  ];
}

describe('a set of files', () => {
  it('is one file, or what a manifest names', () => {
    assert.deepEqual(
      singleFile(A).parts.map(({ file: name, role, seq }) => [name, role, seq]),
      [['a.aof', 'single', null]],
    );
    assert.deepEqual(
      multiPart([A, null], RDB).parts.map(({ file: name, role, seq, source }) => [name, role, seq, source !== null]),
      [
        ['a.1.base.rdb', 'base', 1, true],
        ['a.1.incr.aof', 'incr', 1, true],
        ['a.2.incr.aof', 'incr', 2, false],
      ],
    );
  });

  it('is told by a manifest under any name, and by the only one of a folder', () => {
    const files = { 'a.aof': A, 'renamed.txt': 'file a.aof seq 1 type i\n' };
    assert.equal(openAofSet(memoryFolder(files), 'renamed.txt').manifest?.file, 'renamed.txt');
    assert.throws(() => openAofSet(memoryFolder(files), null), new NoAofError('no-manifest', []));
    const two = { 'a.manifest': 'file a seq 1 type b\n', 'b.manifest': '', 'temp-a.manifest': '' };
    assert.throws(
      () => openAofSet(memoryFolder(two), null),
      new NoAofError('many-manifests', ['a.manifest', 'b.manifest']),
    );
    assert.throws(() => openAofSet(memoryFolder({}), 'x.aof'), new NoAofError('no-file', ['x.aof']));
  });

  it('ends with the file that alone may be cut off', () => {
    assert.equal(lastLoaded(multiPart([A, A], RDB))?.file, 'a.2.incr.aof');
  });
});

describe('the scan of an AOF', () => {
  it('reads an RDB and the commands behind it', () => {
    const { scan, commands } = scanSet(singleFile(joined(RDB, A, A)), { checksum: true });
    const [part] = scan.parts;
    assert.deepEqual([part.rdbBytes, part.rdbKeys, part.commands, part.validUpTo], [RDB.length, 2, 2, part.bytes]);
    assert.deepEqual(
      commands.map(({ offset }) => offset),
      [RDB.length, RDB.length + A.length],
    );
    assert.deepEqual([scan.preambleKeys, scan.commands, scan.problems], [2, 2, []]);
  });

  it('finds commands behind garbage, and says how much of it there is', () => {
    const garbage = '\x00*garbage*3\r\n$3\r\nS\xff\xff\r\n';
    const { scan, commands } = scanSet(singleFile(joined(A, garbage, set('b'), set('c'))));
    assert.deepEqual(
      commands.map(({ offset, afterDamage }) => [offset, afterDamage]),
      [
        [0, false],
        [A.length + garbage.length, true],
        [A.length + garbage.length + set('b').length, true],
      ],
    );
    const [part] = scan.parts;
    assert.deepEqual(
      part.damage.map(({ offset, bytes: count, resumes }) => [offset, count, resumes]),
      [[A.length, garbage.length, true]],
    );
    assert.deepEqual([part.commands, part.commandsShown, scan.commands, scan.commandsAfterDamage], [1, 3, 1, 2]);
  });

  it('finds commands that a length which is too great has swallowed', () => {
    const swallowing = '*2\r\n$3\r\nGET\r\n$200\r\nkey\r\n';
    const rest = joined(set('b'), set('c'), set('d'), set('e'), set('f'), set('g'), set('h'));
    const { commands, scan } = scanSet(singleFile(joined(A, swallowing, rest)));
    assert.deepEqual(scan.parts[0].damage[0].bytes, swallowing.length);
    assert.equal(commands.length, 8);
    // A server meets the end of the file inside of the argument only if it is longer than the file.
    const beyond = joined(A, swallowing.replace('200', '9999'), rest);
    assert.deepEqual(judged(singleFile(beyond)), ['loads-truncated', [0, A.length, beyond.length - A.length, 7]]);
  });

  it('takes all that stands behind a damaged file for lost', () => {
    const { scan, commands } = scanSet(multiPart([joined(A, 'garbage'), joined(set('b'), set('c'))]));
    assert.deepEqual(
      commands.map(({ afterDamage }) => afterDamage),
      [false, true, true],
    );
    assert.deepEqual([scan.commands, scan.commandsAfterDamage], [1, 2]);
    // Each file by itself is as it is.
    assert.deepEqual(
      scan.parts.map((part) => [part.commands, part.validUpTo]),
      [
        [1, A.length],
        [2, 2 * A.length],
      ],
    );
  });

  it('gives history parts, which count for nothing', () => {
    const aof = openAofSet(
      memoryFolder({
        'h.1.incr.aof': joined('#TS:1000000000\r\n', A, 'garbage'),
        'i.2.incr.aof': joined('#TS:1700000000\r\n', A),
        'a.manifest': 'file h.1.incr.aof seq 1 type h\nfile i.2.incr.aof seq 2 type i\n',
      }),
      null,
    );
    const { scan, commands } = scanSet(aof);
    assert.deepEqual([commands.length, scan.commands, scan.commandsAfterDamage], [2, 1, 0]);
    assert.deepEqual([scan.judgement?.verdict, scan.timeRange], ['loads', [1700000000, 1700000000]]);
  });

  it('gives the same however few bytes are read at once', () => {
    const aof = () => multiPart([joined(A, '#TS:1700000000\r\n', A), joined(A, 'garbage', A, A, CUT)], RDB);
    const whole = scanSet(aof());
    for (const step of [1, 2, 7, 64]) {
      const { scan, commands } = scanSet(aof(), { step });
      assert.deepEqual(commands, whole.commands);
      assert.deepEqual(scan.problems, whole.scan.problems);
      assert.deepEqual(scan.judgement, whole.scan.judgement);
    }
  });

  it('goes on with a last file that has grown, and with a new one', () => {
    const content = joined(A, resp('MULTI'), set('b'), resp('EXEC'), '#TS:1700000000\r\n', set('c'));
    for (let cut = 0; cut <= content.length; cut++) {
      const { scan, commands } = scanSet(multiPart([A, content.subarray(0, cut)]));
      scan.grow(new MemorySource(content));
      scan.run();
      scan.append({ part: 2, file: 'a.3.incr.aof', role: 'incr', seq: 3, source: new MemorySource(A) });
      scan.run();
      assert.deepEqual(
        commands.map(({ part, name }) => `${part} ${name}`),
        ['0 SET', '1 SET', '1 MULTI', '1 SET', '1 EXEC', '1 SET', '2 SET'],
        `cut at ${cut}`,
      );
      assert.deepEqual([scan.problems, scan.judgement?.verdict, scan.commands], [[], 'loads', 7]);
      assert.equal(scan.parts[1].validUpTo, content.length);
    }
  });

  it('needs no more reads than the file is long a few times over, whatever is in it', () => {
    const hostile = '*1000000\r\n$1\r\nA\r\n'.repeat(4000);
    let read = 0;
    const memory = new MemorySource(joined(hostile));
    const counting: ByteSource = {
      size: memory.size,
      read: (position, target) => {
        const count = memory.read(position, target);
        read += count;
        return count;
      },
    };
    const { scan } = scanSet(
      { parts: [{ part: 0, file: 'a.aof', role: 'single', seq: null, source: counting }], manifest: null },
      { step: 4096 },
    );
    assert.equal(scan.commandsAfterDamage, 0);
    assert.ok(read < 40 * memory.size, `${read} bytes were read of ${memory.size}`);
  });

  it('comes to an end on any bytes, and never takes more for commands than there is', () => {
    const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
    const random = seededRandom(seed);
    const words = [
      '*1\r\n',
      '*3\r\n',
      '$3\r\n',
      'SET\r\n',
      '$1\r\n',
      'k\r\n',
      '\r\n',
      '#TS:17\r\n',
      '$99\r\n',
      '\n',
      '*',
      '$',
      'x',
      resp('MULTI'),
      resp('EXEC'),
      A,
      CUT,
    ];
    for (let round = 0; round < 300; round++) {
      const content = joined(...Array.from({ length: random(60) }, () => words[random(words.length)]));
      const { scan, commands } = scanSet(singleFile(content), { keys: true, step: 1 + random(200) });
      const [part] = scan.parts;
      const where = `TEST_SEED=${seed}, round ${round}`;
      assert.ok(part.validUpTo <= content.length, where);
      assert.equal(commands.length, part.commandsShown, where);
      for (const [i, { offset }] of commands.entries()) assert.ok(i === 0 || offset > commands[i - 1].offset, where);
      let at = 0;
      for (const { offset, bytes: count } of part.damage) {
        assert.ok(offset >= at && count > 0, where);
        at = offset + count;
        assert.ok(at <= content.length, where);
        assert.ok(!commands.some((one) => one.offset >= offset && one.offset < at), where);
      }
    }
  });
});

describe('the verdict', () => {
  const MULTI = resp('MULTI');
  const two = joined(A, MULTI, set('b'));
  const cases: readonly [title: string, aof: ReturnType<typeof multiPart>, verdict: unknown][] = [
    ['a sound file', multiPart([A], RDB), ['loads', null]],
    ['an empty file', singleFile(joined()), ['loads', null]],
    ['an empty last file', multiPart([A, joined()]), ['loads', null]],
    ['a manifest that names no file', openAofSet(memoryFolder({ 'a.manifest': '# nothing\n' }), null), ['loads', null]],
    ['a tail that is cut off', multiPart([A, joined(A, CUT)]), ['loads-truncated', [1, A.length, CUT.length, 0]]],
    [
      'an annotation before the tail',
      singleFile(joined(A, '#TS:17\r\n', CUT)),
      ['loads-truncated', [0, A.length, CUT.length + 8, 0]],
    ],
    ['an open transaction', singleFile(two), ['loads-truncated', [0, A.length, two.length - A.length, 2]]],
    ['a tail cut off in a file that is not the last', multiPart([joined(A, CUT), joined()]), ['refused', null]],
    ['an open transaction in a file that is not the last', multiPart([two, A]), ['refused', null]],
    ['garbage', multiPart([joined(A, 'garbage')]), ['refused', [0, A.length, 7, 0]]],
    ['garbage in a file that is not the last', multiPart([joined(A, 'garbage'), A]), ['refused', null]],
    ['a file that is missing', multiPart([A, null]), ['refused', null]],
    ['an unknown command', multiPart([joined(A, resp('nosuch'))]), ['refused', null]],
    ['a command of an unknown module', multiPart([joined(A, resp('my.command'))]), ['loads', null]],
    ['a command without a name', multiPart([joined(A, '*0\r\n', A)]), ['refused', null]],
    ['EXEC alone', multiPart([joined(A, resp('EXEC'), A)]), ['loads', null]],
    ['an RDB that is cut off', multiPart([A], RDB.subarray(0, -9)), ['refused', null]],
    [
      'an RDB with a wrong checksum',
      multiPart([A], bytes(RDB.subarray(0, -1), [RDB[RDB.length - 1] ^ 1])),
      ['refused', null],
    ],
    [
      'a manifest with two bases',
      openAofSet(memoryFolder({ 'a.manifest': 'file a seq 1 type b\nfile b seq 2 type b\n', a: A, b: A }), null),
      ['refused', null],
    ],
  ];
  for (const [title, aof, expected] of cases)
    it(`is right for ${title}`, () => assert.deepEqual(judged(aof), expected));
});
