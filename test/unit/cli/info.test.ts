/** `info` over real and damaged files: every field of its object, and its exit status. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { bytes, little } from '../support/bytes.js';
import { CORPUS } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { aux, file, key, OP, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

interface Info {
  readonly magic: string | null;
  readonly version: number | null;
  readonly aux: Record<string, string | string[]>;
  readonly bytes: number;
  readonly keys: number;
  readonly expires: number;
  readonly databases: Record<string, { keys: number; expires: number }>;
  readonly types: Record<string, number>;
  readonly encodings: Record<string, number>;
  readonly functions: number;
  readonly checksum: string;
  readonly trailingBytes: number;
  readonly verified: string;
  readonly problems: readonly { offset: number; code: string; message: string }[];
  readonly elapsedMs: number;
}

const folder = tempFolder();

async function info(file: string, ...options: string[]): Promise<{ status: number | null; info: Info }> {
  const { status, stdout, stderr } = await cli('info', file, ...options);
  assert.equal(stderr, '');
  assert.ok(stdout.endsWith('\n') && stdout.indexOf('\n') === stdout.length - 1, 'one line');
  return { status, info: JSON.parse(stdout) as Info };
}

async function infoOf(content: Uint8Array, ...options: string[]) {
  const file = path.join(folder, 'some.rdb');
  writeFileSync(file, content);
  return info(file, ...options);
}

describe('info', () => {
  it('has every field of a dump as the server said it', async () => {
    for (const name of ['redis-7.2.6/mini', 'redis-7.0.15/mini', 'valkey-9.1.2/mini', 'redis-2.8.24/mini']) {
      const summary = JSON.parse(readFileSync(path.join(CORPUS, name, 'summary.json'), 'utf8')) as {
        rdbVersion: number;
        dbsize: Record<string, number>;
        opcodes: Record<string, number>;
        aux: readonly [string, string][];
      };
      const dump = path.join(CORPUS, name, 'dump.rdb');
      const { status, info: said } = await info(dump);
      assert.equal(status, 0, name);
      assert.equal(said.version, summary.rdbVersion);
      assert.equal(said.magic, readFileSync(dump).subarray(0, 9).toString('latin1'));
      assert.equal(said.bytes, readFileSync(dump).length);
      assert.deepEqual(said.aux, Object.fromEntries(summary.aux));
      const sizes = Object.entries(said.databases).map(([db, { keys }]) => [db, keys]);
      assert.deepEqual(Object.fromEntries(sizes), summary.dbsize);
      const keys = Object.values(summary.dbsize).reduce((sum, count) => sum + count, 0);
      const add = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
      assert.deepEqual([said.keys, add(said.types), add(said.encodings)], [keys, keys, keys]);
      assert.equal(said.expires, (summary.opcodes.EXPIRETIME ?? 0) + (summary.opcodes.EXPIRETIME_MS ?? 0));
      assert.equal(said.functions, summary.opcodes.FUNCTION2 ?? 0);
      assert.equal(said.checksum, 'ok');
      assert.deepEqual([said.trailingBytes, said.verified, said.problems], [0, 'values', []]);
      assert.ok(Number.isInteger(said.elapsedMs) && said.elapsedMs >= 0);
    }
  });

  const whole = file('REDIS0011', key(0, 'k', string('v')));

  it('tells the four states of a checksum', async () => {
    assert.deepEqual([(await infoOf(whole)).info.checksum, (await infoOf(whole)).status], ['ok', 0]);
    const disabled = bytes(whole.subarray(0, -8), little(0, 8));
    assert.deepEqual([(await infoOf(disabled)).info.checksum, (await infoOf(disabled)).status], ['disabled', 0]);
    const wrong = await infoOf(bytes(whole.subarray(0, -8), little(5, 8)));
    assert.deepEqual([wrong.info.checksum, wrong.status], ['mismatch', 1]);
    assert.equal(wrong.info.problems[0].code, 'checksum-mismatch');
    assert.equal(wrong.info.problems[0].offset, whole.length - 8);
    assert.equal((await infoOf(file('REDIS0003', key(0, 'k', string('v'))))).info.checksum, 'absent');
    assert.equal((await infoOf(whole.subarray(0, -12))).info.checksum, 'absent');
  });

  it('tells problems with offset, code and message', async () => {
    const { status, info: said } = await infoOf(whole.subarray(0, -10));
    assert.equal(status, 1);
    assert.equal(said.problems.length, 1);
    const [problem] = said.problems;
    assert.deepEqual(Object.keys(problem), ['offset', 'code', 'message']);
    assert.equal(problem.code, 'truncated');
    assert.equal(problem.offset, whole.length - 10);
    assert.match(problem.message, /^The file ends here, 1 bytes short/);
  });

  it('reads values, or not, as it is told', async () => {
    const damaged = file('REDIS0011', key(11, 'k', string(bytes(little(2, 4), little(9, 4)))));
    assert.deepEqual([(await infoOf(damaged)).status, (await infoOf(damaged, '--deep')).status], [1, 1]);
    const shallow = await infoOf(damaged, '--shallow');
    assert.deepEqual([shallow.status, shallow.info.verified, shallow.info.problems], [0, 'structure', []]);
  });

  it('gives aux fields whatever they are called, and all values of one that occurs more than once', async () => {
    const { info: said } = await infoOf(
      file('REDIS0011', aux('__proto__', 'x'), aux('a', '1'), aux('a', '2'), aux('a', '3')),
    );
    assert.deepEqual(Object.entries(said.aux), [
      ['__proto__', 'x'],
      ['a', ['1', '2', '3']],
    ]);
  });

  it('gives null for a file that is no RDB, and its problem', async () => {
    for (const [content, code] of [
      [bytes('hello world'), 'not-rdb'],
      [bytes('*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n'), 'not-rdb-aof'],
      [bytes(), 'empty-file'],
    ] as const) {
      const { status, info: said } = await infoOf(content);
      assert.deepEqual([status, said.magic, said.version, said.keys], [1, null, null, 0], code);
      assert.equal(said.problems[0].code, code);
    }
  });

  it('counts bytes that follow the end', async () => {
    const { status, info: said } = await infoOf(bytes(whole, 'more'));
    assert.deepEqual([status, said.trailingBytes, said.checksum], [0, 4, 'ok']);
  });

  it('counts functions', async () => {
    const library = bytes(OP.function2, string('#!lua name=l\n'));
    assert.equal((await infoOf(file('REDIS0011', library, library))).info.functions, 2);
  });
});
