/** The first bytes of a file: versions, makes, and the other kinds of file that are told apart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemMessage } from '../../../src/decoder/errors.js';
import { hasMagic, parseHeader } from '../../../src/decoder/rdb/header.js';
import { bytes, type Part } from '../support/bytes.js';
import { file } from '../support/rdb-writer.js';
import { scan } from '../support/scanned.js';

describe('the header of an RDB file', () => {
  it('tells version and family', () => {
    const cases = [
      ['REDIS0001', 'redis', 1],
      ['REDIS0011', 'redis', 11],
      ['REDIS0015', 'redis', 15],
      ['VALKEY080', 'valkey', 80],
      ['REDIS   9', 'redis', 9],
    ] as const;
    for (const [magic, family, version] of cases) {
      assert.deepEqual(parseHeader(bytes(magic)), { magic, family, version });
    }
  });

  it('is read with a warning where the version is unknown or does not go with the magic', () => {
    const cases = [
      ['REDIS0016', 5, 'RDB version 16 is newer than the newest known version 15; records of known types are shown.'],
      ['REDIS9999', 5, 'RDB version 9999 is newer than the newest known version 15; records of known types are shown.'],
      ['VALKEY081', 6, 'RDB version 81 is newer than the newest known version 80; records of known types are shown.'],
      ['VALKEY011', 6, 'Version 11 does not go with the magic VALKEY: no server writes or loads this combination.'],
      ['REDIS0000', 5, 'The version in the header is 0000, which is no RDB version.'],
    ] as const;
    for (const [magic, offset, message] of cases) {
      const { problems, complete } = scan(file(magic));
      assert.equal(complete, true, magic);
      assert.deepEqual(
        problems.map((problem) => [problem.severity, problem.offset, problemMessage(problem)]),
        [['warning', offset, message]],
      );
    }
  });

  it('is recognised by its magic alone', () => {
    assert.equal(hasMagic(bytes('REDIS0011', 250)), true);
    assert.equal(hasMagic(bytes('VALKEYxyz')), true);
    assert.equal(hasMagic(bytes('redis0011')), false);
  });
});

describe('a file that is no RDB file', () => {
  const starts = 'This is not an RDB file: it starts with';
  const CASES: readonly (readonly [title: string, content: Part, message: string])[] = [
    ['nothing', '', 'The file is empty (0 bytes).'],
    [
      'an AOF',
      '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n',
      'This is an append-only file (AOF), not an RDB file: it starts with the command SELECT.',
    ],
    [
      'an AOF with line feeds only',
      '*1\n$4\nPING\n',
      'This is an append-only file (AOF), not an RDB file: it starts with the command PING.',
    ],
    [
      'a replication stream with a length',
      '$176\r\nREDIS0011\xfa\x09redis-ver',
      'This is a replication stream, not an RDB file: the RDB file in it starts after the line $176.',
    ],
    [
      'a diskless replication stream',
      `$EOF:${'0123456789'.repeat(4)}\r\nREDIS0011`,
      `This is a replication stream, not an RDB file: the RDB file in it starts after the line $EOF:${'0123456789'.repeat(4)}.`,
    ],
    [
      'a manifest of an AOF',
      'file appendonly.aof.1.base.rdb seq 1 type b\n',
      `${starts} the first line of an AOF manifest, where REDIS or VALKEY and a version should stand.`,
    ],
    [
      'zeros',
      new Uint8Array(100),
      `${starts} bytes that are all 0x00 (0), where REDIS or VALKEY and a version should stand.`,
    ],
    [
      'a picture',
      '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
      `${starts} "\\x89PNG\\x0d\\x0a\\x1a\\x0a\\x00", where REDIS or VALKEY and a version should stand.`,
    ],
    ['a short text', 'hello', `${starts} "hello", where REDIS or VALKEY and a version should stand.`],
    ['a version of letters', 'REDISabcd', 'The version in the header is abcd, which is no RDB version.'],
    ['a negative version', 'REDIS-001', 'The version in the header is -001, which is no RDB version.'],
    ['a begun header', 'REDIS00', 'The file ends here, 2 bytes short: the header is cut off.'],
    ['a begun header of Valkey', 'VALKEY', 'The file ends here, 3 bytes short: the header is cut off.'],
  ];
  for (const [title, content, message] of CASES) {
    it(`is told by its start: ${title}`, () => {
      const { problems, header, complete } = scan(bytes(content));
      assert.deepEqual(
        problems.map((problem) => problemMessage(problem)),
        [message],
      );
      assert.equal(header, undefined);
      assert.equal(complete, false);
    });
  }
});
