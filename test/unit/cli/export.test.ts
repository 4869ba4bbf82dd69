/** `export`: where it writes, what it refuses, and what its exit status says. */
import assert from 'node:assert/strict';
import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CORPUS } from '../support/fixtures.js';
import { cli, cliProcess } from '../support/programs.js';
import { counted, file, key, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const dump = path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb');
const inFolder = (name: string) => path.join(folder, name);

describe('export', () => {
  it('prints to standard output, and says nothing where nothing is wrong', async () => {
    const { status, stdout, stderr } = await cli('export', dump, '--format', 'jsonl');
    assert.deepEqual([status, stderr], [0, '']);
    const { stdout: decoded } = await cli('decode', dump);
    assert.equal(stdout.split('\n').length, decoded.split('\n').length);
    assert.equal((await cli('export', dump, '--format', 'jsonl', '--out', '-')).stdout, stdout);
  });

  it('writes a file, whose name can tell the form, and leaves nothing else behind', async () => {
    const out = inFolder('keys.json');
    const { status, stdout } = await cli('export', dump, '--out', out);
    assert.deepEqual([status, stdout], [0, '']);
    assert.ok(Array.isArray(JSON.parse(readFileSync(out, 'utf8'))));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('partial')),
      [],
    );
  });

  it('never replaces a file unasked', async () => {
    const out = inFolder('there.csv');
    writeFileSync(out, 'mine');
    const { status, stderr } = await cli('export', dump, '--out', out);
    assert.equal(status, 2);
    assert.match(stderr, /there\.csv is there; --force replaces it/);
    assert.equal(readFileSync(out, 'utf8'), 'mine');
    assert.equal((await cli('export', dump, '--out', out, '--force')).status, 0);
    assert.match(readFileSync(out, 'utf8'), /^db,key/);
  });

  it('never writes the file that it reads, whatever its name is', async () => {
    const own = inFolder('own.rdb');
    writeFileSync(own, readFileSync(dump));
    const link = inFolder('link.rdb');
    linkSync(own, link);
    for (const out of [own, link]) {
      const { status, stderr } = await cli('export', own, '--out', out, '--force');
      assert.equal(status, 2);
      assert.match(stderr, /never changed/);
    }
    assert.deepEqual(readFileSync(own), readFileSync(dump));
  });

  it('says that a file is cut off, and exports what is there of it', async () => {
    const whole = readFileSync(dump);
    const cut = inFolder('cut.rdb');
    writeFileSync(cut, whole.subarray(0, whole.length - 60));
    const { status, stdout, stderr } = await cli('export', cut, '--format', 'jsonl');
    assert.equal(status, 1);
    assert.match(stderr, /offset \d+: The file ends/);
    assert.match(stderr, /keys exported/);
    assert.ok(stdout.split('\n').length > 2);
    writeFileSync(cut, whole.subarray(0, 40));
    const early = await cli('export', cut, '--format', 'json');
    assert.equal(early.status, 1);
    assert.match(early.stderr, /0 keys exported/);
  });

  it('checks values before they are written to a file, where the checksum does not speak for them', () => {
    const records = [
      key(2, 'twice', counted([string('a'), string('a')])),
      // Enough for the checksum to be computed by a thread, and for more than one part to be written.
      ...Array.from({ length: 300 }, (_, i) => key(0, `key ${i}`, string('x'.repeat(60_000)))),
    ];
    for (const [name, some] of [
      ['small', records.slice(0, 3)],
      ['large', records],
    ] as const) {
      const right = file('REDIS0011', selectdb(0), some);
      const wrong = right.slice();
      wrong[wrong.length - 1] ^= 1;
      writeFileSync(inFolder('right.rdb'), right);
      writeFileSync(inFolder('wrong.rdb'), wrong);
      for (const [dump, keys] of [
        ['right', some.length],
        ['wrong', some.length - 1],
      ] as const) {
        const out = inFolder(`${name}-${dump}.jsonl`);
        const printed = cliProcess('export', inFolder(`${dump}.rdb`), '--format', 'jsonl');
        const written = cliProcess('export', inFolder(`${dump}.rdb`), '--out', out);
        assert.equal(readFileSync(out, 'utf8'), printed.stdout, out);
        assert.equal(printed.stdout.split('\n').length, keys + 1);
        assert.equal(written.status, printed.status);
        assert.equal(written.status, dump === 'right' ? 0 : 1);
        assert.equal(written.stderr.includes('left out'), dump === 'wrong');
      }
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('partial')),
      [],
    );
  });

  it('says what a server does not know, and left out', async () => {
    const hashes = path.join(CORPUS, 'redis-8.6.3', 'hfe', 'dump.rdb');
    const out = inFolder('old.rdb');
    const { status, stderr } = await cli('export', hashes, '--out', out, '--target', '7.2');
    assert.equal(status, 1);
    assert.match(stderr, /keys left out, the first at offset \d+: the server knows no expiry of fields/);
    assert.equal(readFileSync(out).subarray(0, 9).toString(), 'REDIS0011');
    assert.equal((await cli('check', out, '--target', '7.2')).status, 0);
    assert.equal((await cli('check', hashes, '--target', '7.2')).status, 1);
  });

  it('writes nothing in a dry run', async () => {
    const out = inFolder('dry.rdb');
    const { status, stderr } = await cli('export', dump, '--out', out, '--dry-run');
    assert.equal(status, 0);
    assert.match(stderr, /keys would be exported/);
    assert.equal(existsSync(out), false);
  });

  it('divides among files named after their parts', async () => {
    const { status } = await cli('export', dump, '--out', inFolder('parts.jsonl'), '--split-slots', '2');
    assert.equal(status, 0);
    const parts = readdirSync(folder).filter((name) => name.startsWith('parts.'));
    assert.deepEqual(parts.sort(), ['parts.slots-0-8191.jsonl', 'parts.slots-8192-16383.jsonl']);
  });

  it('takes names from a file, also those that are no text', async () => {
    const names = inFolder('names.txt');
    const { stdout } = await cli('export', dump, '--format', 'jsonl', '--base64');
    const [first, second] = stdout
      .split('\n')
      .map((line) => (line === '' ? undefined : (JSON.parse(line) as { key: string }).key));
    writeFileSync(names, `base64:${first}\r\n${Buffer.from(second ?? '', 'base64').toString('latin1')}\n`, 'latin1');
    const some = await cli('export', dump, '--format', 'jsonl', '--keys-from', names);
    assert.equal(some.stdout.split('\n').length, 3);
  });

  it('refuses what cannot be meant', async () => {
    for (const args of [
      ['--format', 'xml'],
      [],
      ['--format', 'csv', '--restore'],
      ['--format', 'rdb', '--target', 'oracle'],
      ['--format', 'rdb', '--target', '7.0', '--rdb-version', '10'],
      ['--format', 'rdb', '--slots', '5-2'],
      ['--format', 'rdb', '--split-db'],
      ['--format', 'rdb', '--drop-ttl', '--shift-ttl', '5'],
    ]) {
      assert.equal((await cli('export', dump, ...args)).status, 2, args.join(' '));
    }
    assert.equal((await cli('export', inFolder('not-there.rdb'), '--format', 'json')).status, 2);
  });
});
