/** The command line around its commands: wrong use, files that cannot be read, pipes that close, files that change. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { bytes } from '../support/bytes.js';
import { CORPUS } from '../support/fixtures.js';
import { cli, cliProcess, program } from '../support/programs.js';
import { file, key, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const dump = path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb');

describe('wrong use of the command line', () => {
  const CASES: readonly (readonly [args: readonly string[], message: string])[] = [
    [[], 'no command was given; --help lists them'],
    [['info'], 'info needs a file'],
    [['frobnicate', dump], 'there is no command frobnicate; --help lists them'],
    [['info', dump, 'more'], 'more is one argument too many'],
    [['info', dump, '--db', '1'], '--db is an option of decode'],
    [['check', dump, '--keys-only'], '--keys-only is an option of decode'],
    [['decode', dump, '--deep'], '--deep is an option of info'],
    [['decode', dump, '--db', 'x'], '--db takes a number, not x'],
    [['decode', dump, '--db', '1.5'], '--db takes a number, not 1.5'],
  ];
  for (const [args, message] of CASES) {
    it(`is told, with status 2: ${message}`, async () => {
      assert.deepEqual(await cli(...args), { status: 2, stdout: '', stderr: `redis-persistence: ${message}\n` });
    });
  }

  it('is told for options that do not exist, or have no value', async () => {
    for (const args of [
      ['info', dump, '--frob'],
      ['decode', dump, '--match'],
      ['info', dump, '--deep=1'],
    ]) {
      const { status, stdout, stderr } = await cli(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^redis-persistence: .*--(frob|match|deep)/);
      assert.doesNotMatch(stderr, /\n {4}at /, 'no stack trace');
    }
  });
});

describe('the command line', () => {
  it('is a program', () => {
    const { status, stdout, stderr } = cliProcess('info', dump);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal((JSON.parse(stdout) as { magic: string }).magic, 'REDIS0011');
    const damaged = cliProcess('check', path.join(CORPUS, 'corrupt', 'hand-dup-key.rdb'));
    assert.equal(damaged.status, 1);
    const wrong = cliProcess('info');
    assert.deepEqual(wrong, { status: 2, stdout: '', stderr: 'redis-persistence: info needs a file\n' });
  });

  it('helps', async () => {
    const { status, stdout, stderr } = await cli('--help');
    assert.deepEqual([status, stderr], [0, '']);
    for (const word of ['info FILE', 'decode FILE', 'check FILE', '--match', 'Exit status'])
      assert.ok(stdout.includes(word), word);
    assert.match((await cli('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  for (const command of ['info', 'decode', 'check']) {
    it(`says that a file is not there, or no file: ${command}`, async () => {
      const missing = path.join(folder, 'missing.rdb');
      assert.deepEqual(await cli(command, missing), {
        status: 2,
        stdout: '',
        stderr: `redis-persistence: ${missing} does not exist\n`,
      });
      assert.deepEqual(await cli(command, folder), {
        status: 2,
        stdout: '',
        stderr:
          command === 'decode'
            ? `redis-persistence: ${folder} is not a file\n`
            : 'redis-persistence: the folder has no manifest: name a file in it\n',
      });
    });
  }

  it('says that a file may not be read', (t) => {
    const secret = path.join(folder, 'secret.rdb');
    writeFileSync(secret, 'REDIS0011');
    chmodSync(secret, 0);
    chmodSync(folder, 0o755);
    // The system lets its administrator read anything: then somebody else has to try.
    const asNobody = process.getuid?.() === 0 ? { uid: 65534 } : {};
    if (process.platform === 'win32') return t.skip('Windows has no such permissions');
    const { status, stderr } = spawnSync(process.execPath, ['-', 'check', secret], {
      ...asNobody,
      encoding: 'utf8',
      cwd: tmpdir(),
      input: readFileSync(program('cli')),
    });
    assert.equal(stderr, `redis-persistence: ${secret} may not be read\n`);
    assert.equal(status, 2);
  });

  it('says that its output cannot be written, with status 2', (t) => {
    if (!existsSync('/dev/full')) return t.skip('this system has no device that is always full');
    const full = openSync('/dev/full', 'w');
    for (const command of ['info', 'decode', 'check']) {
      const { status, stderr } = spawnSync(process.execPath, [program('cli'), command, dump], {
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      });
      assert.equal(status, 2, command);
      assert.match(stderr, /^redis-persistence: ENOSPC.*\n$/);
    }
    closeSync(full);
  });
});

/** A file of many keys: far more output than a pipe holds. */
function largeFile(name: string, keys = 12_000): string {
  const at = path.join(folder, name);
  const records = Array.from({ length: keys }, (_, i) => key(0, `key:${i}`, string('some value of a key')));
  writeFileSync(at, file('REDIS0011', records));
  return at;
}

/** Starts `decode`, and waits until it has begun to print: it then waits for its reader. */
async function startDecode(
  file: string,
): Promise<{ child: ChildProcess; stderr: () => string; ended: Promise<unknown[]> }> {
  const child = spawn(process.execPath, [program('cli'), 'decode', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += String(data);
  });
  const ended = once(child, 'close');
  await once(child.stdout as NodeJS.ReadableStream, 'readable');
  return { child, stderr: () => stderr, ended };
}

describe('a pipe', () => {
  it('that is closed means that enough was read', async () => {
    const { child, stderr, ended } = await startDecode(largeFile('piped.rdb'));
    child.stdout?.destroy();
    assert.deepEqual(await ended, [0, null]);
    assert.equal(stderr(), '');
  });

  it('that is read slowly gets all of it', async () => {
    const { child, ended } = await startDecode(largeFile('slow.rdb', 3000));
    let lines = 0;
    child.stdout?.on('data', (data: Buffer) => {
      for (const byte of data) if (byte === 10) lines++;
      child.stdout?.pause();
      setImmediate(() => child.stdout?.resume());
    });
    assert.deepEqual(await ended, [0, null]);
    assert.equal(lines, 3000);
  });
});

describe('a file that is changed while it is read', () => {
  const changes: readonly (readonly [how: string, change: (file: string) => void])[] = [
    [
      'overwritten in place',
      (name) => {
        const fd = openSync(name, 'r+');
        writeSync(fd, bytes('REDIS0011'), 0, 9, 0);
        closeSync(fd);
      },
    ],
    ['cut off', (name) => truncateSync(name, 100_000)],
    ['added to', (name) => appendFileSync(name, 'more')],
  ];
  for (const [how, change] of changes) {
    it(`is reported, with status 2: ${how}`, async () => {
      const name = largeFile(`changed-${how.replaceAll(' ', '-')}.rdb`);
      const { child, stderr, ended } = await startDecode(name);
      change(name);
      child.stdout?.resume();
      assert.deepEqual(await ended, [2, null]);
      assert.ok(stderr().includes(`redis-persistence: ${name} was overwritten while it was read`), stderr());
    });
  }
});
