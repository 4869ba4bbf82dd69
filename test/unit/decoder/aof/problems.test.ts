/** What is said of damaged AOFs and manifests: each kind of problem with its offset and its sentence. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAofSet } from '../../../../src/dataset/aof/aof-set.js';
import { PROBLEM_TEMPLATES, problemMessage } from '../../../../src/decoder/errors.js';
import { memoryFolder, multiPart, scanSet, singleFile } from '../../support/aof-files.js';
import { resp } from '../../support/aof-scanned.js';

const A = resp('SET', 'a', 'value');
const AT = A.length;

function file(...tail: (string | Uint8Array)[]) {
  return singleFile(new Uint8Array(Buffer.concat([A, ...tail].map((part) => Buffer.from(part as string, 'latin1')))));
}

function manifest(text: string) {
  return openAofSet(memoryFolder({ 'a.manifest': text, a: A, b: A }), null);
}

const CASES: Readonly<Record<string, readonly [aof: ReturnType<typeof file>, offset: number, message: string]>> = {
  'aof-not-command': [file('x'), AT, 'Byte 0x78 (120) stands where a command (*) or an annotation (#) should begin.'],
  'aof-bad-count': [file('*1x\r\nx'), AT, 'The number of arguments is no number with CR LF behind it.'],
  'aof-bad-length': [file('*1\r\n$-4\r\n'), AT + 4, 'The length of argument 1 is no number with CR LF behind it.'],
  'aof-lone-lf': [file('*1\n$4\nPING\nx'), AT, 'The line ends with LF alone, where CR LF should stand.'],
  'aof-not-bulk': [
    file('*1\r\n:'),
    AT + 4,
    'Byte 0x3a (58) stands where argument 1 of the command should begin with $.',
  ],
  'aof-no-crlf': [
    file('*1\r\n$4\r\nPINGxy', A),
    AT + 12,
    'Argument 1 has 4 bytes by its length, but then 0x78 (120), 0x79 (121) follow where CR LF should stand.',
  ],
  'aof-cut-off': [file('*1\r\n$4'), AT, 'The file ends inside a command: only its first 6 bytes are there.'],
  'aof-unclosed-multi': [
    file(resp('MULTI'), A),
    AT,
    'The file ends inside a transaction: 2 commands from this MULTI on have no EXEC behind them, and do not happen.',
  ],
  'aof-nested-multi': [
    file(resp('MULTI'), resp('MULTI'), resp('EXEC')),
    AT + 15,
    'MULTI stands inside a transaction: redis-check-aof stops here, servers go on.',
  ],
  'aof-exec-without-multi': [
    file(resp('EXEC')),
    AT,
    'EXEC stands outside of a transaction: redis-check-aof stops here, servers go on.',
  ],
  'aof-empty-command': [
    file('*0\r\n'),
    AT,
    'The command has 0 arguments: redis-check-aof lets it pass, servers refuse the file.',
  ],
  'aof-unknown-command': [
    file(resp('nosuch')),
    AT,
    'No known server has the command NOSUCH; one that does not have it refuses the file.',
  ],
  'aof-missing-part': [
    multiPart([null]),
    0,
    'The manifest names the file a.1.incr.aof, which is not there; servers refuse to start.',
  ],
  'manifest-empty': [manifest(''), 0, 'The manifest is empty.'],
  'manifest-no-line-end': [
    manifest('file a seq 1 type i'),
    0,
    'The last line has no line end; servers refuse the manifest.',
  ],
  'manifest-long-line': [
    manifest(`file a seq 1 type i ${'x '.repeat(510)}\nfile b seq 2 type i\n`),
    0,
    'The line is longer than 1024 bytes; servers refuse the manifest.',
  ],
  'manifest-quotes': [manifest('file "a seq 1 type i\n'), 5, 'The quotes of the line are not balanced.'],
  'manifest-blank-line': [manifest('\nfile a seq 1 type i\n'), 0, 'The line is blank; servers refuse the manifest.'],
  'manifest-tokens': [
    manifest('file a\n'),
    0,
    'The line has 2 words; it must have at least three pairs: file, seq and type, each with a value.',
  ],
  'manifest-incomplete': [manifest('file a seq 0 type i\n'), 0, 'The line lacks a file, a seq other than 0 or a type.'],
  'manifest-path': [
    manifest('file ../a seq 1 type i\n'),
    5,
    'The file ../a is a path; only a name in the folder of the manifest can stand here.',
  ],
  'manifest-type': [
    manifest('file a seq 1 type x\n'),
    18,
    'The type x is unknown: there are b (base), h (history) and i (incremental).',
  ],
  'manifest-two-bases': [
    manifest('file a seq 1 type b\nfile b seq 2 type b\n'),
    20,
    'This is the second base file; a is one already.',
  ],
  'manifest-sequence': [
    manifest('file a seq 1 type i\nfile b seq 1 type i\n'),
    31,
    'The sequence number 1 is not greater than that of the incremental file before, 1.',
  ],
};

describe('a problem of an AOF', () => {
  for (const [code, [aof, offset, message]] of Object.entries(CASES)) {
    it(`has its offset and its sentence: ${code}`, () => {
      const [problem] = scanSet(aof).scan.problems;
      assert.deepEqual([problem.code, problem.offset, problemMessage(problem)], [code, offset, message]);
    });
  }

  it('has a case here, whatever its kind', () => {
    const codes = Object.keys(PROBLEM_TEMPLATES).filter((code) => /^(aof|manifest)-/.test(code));
    assert.deepEqual(codes.sort(), Object.keys(CASES).sort());
  });
});
