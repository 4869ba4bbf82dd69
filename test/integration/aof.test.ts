/** Verdicts, offsets and repairs of AOFs against a real server and `redis-check-aof`. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AofScan } from '../../src/dataset/aof/aof-scan.js';
import { openAof } from '../../src/engine/node/aof-folder.js';
import { aofVariants } from '../unit/support/aof-files.js';
import { resp } from '../unit/support/aof-scanned.js';
import { cli } from '../unit/support/programs.js';
import { seededRandom } from '../unit/support/random.js';
import { TestServer } from './server.js';

/** Another one with every run; the number of a failed run repeats it. */
const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

const temp = mkdtempSync(path.join(tmpdir(), 'persistence-aof-'));
after(() => rmSync(temp, { recursive: true, force: true }));
let made = 0;

/** A folder for a server, with nothing in it. */
function newFolder(): string {
  const folder = path.join(temp, String(made++));
  mkdirSync(folder);
  return folder;
}

const AOF = 'appendonlydir';
const MANIFEST = 'appendonly.aof.manifest';

/** Makes the folder of a server with files of these contents: a base, and incremental files. */
function folderWith(increments: readonly (Uint8Array | null)[], base?: Uint8Array): string {
  const folder = newFolder();
  mkdirSync(path.join(folder, AOF));
  let manifest = '';
  const add = (name: string, seq: number, type: string, content: Uint8Array | null) => {
    if (content) writeFileSync(path.join(folder, AOF, name), content);
    manifest += `file ${name} seq ${seq} type ${type}\n`;
  };
  if (base) add('appendonly.aof.1.base.rdb', 1, 'b', base);
  for (const [i, content] of increments.entries()) add(`appendonly.aof.${i + 1}.incr.aof`, i + 1, 'i', content);
  writeFileSync(path.join(folder, AOF, MANIFEST), manifest);
  return folder;
}

/** What a server made of a folder. */
interface ServerSaid {
  readonly verdict: string;
  /** Offset where it cut the last file. */
  readonly cutAt: number | undefined;
  /** A digest of all that it holds. */
  readonly digest: string | undefined;
}

/** Starts a server on a copy of a folder, as it changes what it loads. It listens before it has loaded: its log tells. */
async function loadInServer(folder: string): Promise<ServerSaid> {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  const own = newFolder();
  const socket = path.join(own, 'socket');
  const log = () => (existsSync(path.join(own, 'log')) ? readFileSync(path.join(own, 'log'), 'utf8') : '');
  const server = spawn(
    'redis-server',
    // biome-ignore format: pairs
    ['--port', '0', '--unixsocket', socket, '--dir', copy, '--save', '', '--logfile', path.join(own, 'log'),
      '--enable-debug-command', 'yes', '--appendonly', 'yes'],
    { stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const isOver = () => server.exitCode !== null || server.signalCode !== null;
  while (!isOver() && !log().includes('eady to accept connections')) await sleep(20);
  if (isOver()) return { verdict: 'refused', cutAt: undefined, digest: undefined };
  const { stdout } = spawnSync('redis-cli', ['-s', socket, 'DEBUG', 'DIGEST'], { encoding: 'utf8' });
  server.kill('SIGKILL');
  await ended;
  assert.match(stdout, /^[0-9a-f]{40}\n$/);
  const cut = /Truncating the AOF .* at offset (\d+)/.exec(log())?.[1];
  return {
    verdict: cut === undefined ? 'loads' : 'loads-truncated',
    cutAt: cut === undefined ? undefined : Number(cut),
    digest: stdout.trim(),
  };
}

/** Where `redis-check-aof` finds files valid up to, by name; files that it did not get to are missing. */
function checkedUpTo(folder: string): Map<string, number> {
  const { stdout } = spawnSync('redis-check-aof', [path.join(folder, AOF, MANIFEST)], { encoding: 'latin1' });
  const found = new Map<string, number>();
  for (const [, name, offset] of stdout.matchAll(/^AOF analyzed: filename=(.*), size=\d+, ok_up_to=(\d+)/gm)) {
    found.set(name, Number(offset));
  }
  return found;
}

/** Compares what we say of a folder with the server and its tool. */
async function compare(folder: string, where: string): Promise<ServerSaid> {
  const said = await loadInServer(folder);
  const { folder: files, set } = openAof(folder);
  const scan = new AofScan(set, () => {}, { checksum: true });
  scan.run();
  files.close();
  const { judgement } = scan;
  const cutAt = judgement?.verdict === 'loads-truncated' ? judgement.cut?.at : undefined;
  assert.deepEqual([judgement?.verdict, cutAt], [said.verdict, said.cutAt], where);
  const checked = checkedUpTo(folder);
  for (const part of scan.parts) {
    const offset = checked.get(part.part.file);
    if (offset !== undefined) assert.equal(part.validUpTo, offset, `${where}: ${part.part.file}`);
  }
  return said;
}

/** Repairs a folder and loads the result. */
async function repaired(folder: string, ...options: string[]): Promise<ServerSaid> {
  const fixed = newFolder();
  const { status, stderr } = await cli('repair', folder, '--out', path.join(fixed, AOF), ...options);
  assert.equal(status, 0, stderr);
  const { status: checkStatus } = spawnSync('redis-check-aof', [path.join(fixed, AOF, MANIFEST)]);
  assert.equal(checkStatus, 0, 'redis-check-aof finds nothing wrong with what was repaired');
  return loadInServer(fixed);
}

const set = (name: string) => resp('SET', name, 'value');
const joined = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));

/** Lets a server write an AOF with everything: a base, two incremental files, transactions, annotations. */
async function writeAof(): Promise<string> {
  const folder = newFolder();
  const server = await TestServer.start(
    ...['--dir', folder, '--appendonly', 'yes', '--aof-timestamp-enabled', 'yes', '--appendfsync', 'always'],
  );
  const random = seededRandom(SEED);
  const work = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const name = `key:${random(50)}`;
      switch (random(7)) {
        case 0:
          await server.commands([
            ['MULTI'],
            ['SET', name, 'x'],
            ['SELECT', String(random(3))],
            ['INCR', `n:${random(5)}`],
            ['EXEC'],
          ]);
          break;
        case 1:
          await server.commands([
            ['DEL', `h:${name}`],
            ['HSET', `h:${name}`, 'f', `*1\r\n$3\r\n${'v'.repeat(random(300))}`],
          ]);
          break;
        case 2:
          await server.command(
            'EVAL',
            "redis.call('set', KEYS[1], ARGV[1]) redis.call('incr', KEYS[2])",
            '2',
            `s:${name}`,
            'c',
            'v',
          );
          break;
        case 3:
          await server.command('SELECT', String(random(4)));
          break;
        default:
          await server.command('SET', name, 'v'.repeat(random(2000)), 'EX', '10000000');
      }
    }
  };
  await work(60);
  await server.command('BGREWRITEAOF');
  for (let info = ''; !info.includes('aof_rewrite_in_progress:0'); ) {
    info = Buffer.from((await server.command('INFO', 'persistence')) as Uint8Array).toString();
    await sleep(20);
  }
  await work(60);
  await server.stop();
  return folder;
}

describe('an AOF that a server writes', () => {
  it('is judged as the server and its tool do, wherever it is cut, and loads when it is repaired', async () => {
    const whole = await writeAof();
    const said = await compare(whole, 'whole');
    assert.equal(said.verdict, 'loads');
    const files = readdirSync(path.join(whole, AOF));
    const last =
      files
        .filter((name) => name.endsWith('.incr.aof'))
        .sort()
        .at(-1) ?? '';
    assert.ok(files.some((name) => name.endsWith('.base.rdb')) && last !== '');
    const content = readFileSync(path.join(whole, AOF, last));
    const random = seededRandom(SEED);
    const multi = content.indexOf('MULTI');
    assert.ok(multi > 0, `a transaction is there, TEST_SEED=${SEED}`);
    const cuts = [1, multi + 7, multi + 40, content.length - 1, content.length - 2];
    while (cuts.length < 16) cuts.push(random(content.length));
    for (const cut of cuts) {
      const folder = newFolder();
      cpSync(whole, folder, { recursive: true });
      writeFileSync(path.join(folder, AOF, last), content.subarray(0, cut));
      const where = `TEST_SEED=${SEED}, cut at ${cut}`;
      const truncated = await compare(folder, where);
      const fixed = await repaired(folder);
      assert.deepEqual([fixed.verdict, fixed.digest], ['loads', truncated.digest], where);
    }
  });

  it('is cut at a time as its tool does', async () => {
    const whole = folderWith([
      joined('#TS:1700000000\r\n', set('a'), '#TS:1700000005\r\n', set('b'), '#TS:1700000009\r\n', set('c')),
    ]);
    for (const time of [1700000000, 1700000004, 1700000005, 1700000008]) {
      const copy = newFolder();
      cpSync(whole, copy, { recursive: true });
      spawnSync('redis-check-aof', ['--truncate-to-timestamp', String(time), path.join(copy, AOF, MANIFEST)]);
      const fixed = newFolder();
      await cli('repair', whole, '--cut-at-time', String(time), '--out', path.join(fixed, AOF));
      const name = path.join(AOF, 'appendonly.aof.1.incr.aof');
      assert.ok(readFileSync(path.join(fixed, name)).equals(readFileSync(path.join(copy, name))), String(time));
    }
  });

  it('loses with its damage what was said, and no more', async () => {
    const folder = folderWith([
      joined(set('a'), 'garbage', set('b')),
      joined(set('c'), '*2\r\n$3\r\nGET\r\n$9\r\nkey\r\n', set('d')),
    ]);
    assert.equal((await compare(folder, 'damaged')).verdict, 'refused');
    const sound = await loadInServer(folderWith([joined(set('a'), set('b')), joined(set('c'), set('d'))]));
    assert.equal((await repaired(folder, '--drop-damage')).digest, sound.digest);
  });

  it('loads again when its CRs are restored', async () => {
    const content = joined(set('a'), resp('SET', 'text', 'one\r\ntwo\r\n'), set('b'));
    const sound = await loadInServer(folderWith([content]));
    const broken = folderWith([joined(Buffer.from(content).toString('latin1').replaceAll('\r', ''))]);
    assert.equal((await compare(broken, 'without CRs')).verdict, 'refused');
    assert.deepEqual(await repaired(broken, '--restore-crs'), sound);
  });
});

describe('a server', () => {
  const cut = set('cut').subarray(0, 17);
  const [A, B, C] = ['a', 'b', 'c'].map(set);
  const MULTI = resp('MULTI');
  const EXEC = resp('EXEC');
  const cases: Readonly<Record<string, readonly (Uint8Array | null)[]>> = {
    'nothing at all': [joined()],
    'a cut inside a transaction': [joined(A, MULTI, B, C.subarray(0, 20))],
    'an annotation before the cut': [joined(A, '#TS:1700000000\r\n', cut)],
    'a transaction that is not closed': [joined(A, '#TS:1700000000\r\n', MULTI, B)],
    'a transaction in a transaction': [joined(A, MULTI, B, MULTI, C, EXEC)],
    'a transaction in one that is not closed': [joined(A, MULTI, B, MULTI, C)],
    'EXEC alone': [joined(A, EXEC, B)],
    'a wrong line end behind an argument': [joined(A, '*1\r\n$4\r\nPINGxx', B)],
    'a wrong line end at the end': [joined(A, '*1\r\n$4\r\nPINGxx')],
    'letters behind numbers': [joined('*2x\r\n$3\r\nGET\r\n$1y\r\nk\r\n', B)],
    'a command without a name': [joined(A, '*-1\r\n', B)],
    'an unknown command': [joined(A, resp('nosuch', 'b'), B)],
    'an annotation that is cut off': [joined(A, '#TS:170')],
    'an annotation that is cut off in a transaction': [joined(A, MULTI, '#TS:170')],
    'an annotation that is too long': [joined(A, `#${'x'.repeat(1030)}\r\n`, B)],
    'a length beyond the end': [joined(A, '*2\r\n$3\r\nGET\r\n$999\r\nkey\r\n', B)],
    'a length that swallows the next command': [joined(A, '*2\r\n$3\r\nGET\r\n$9\r\nkey\r\n', B)],
    'a first file that is cut off': [joined(A, cut), B],
    'a first file that is cut off, and an empty one': [joined(A, cut), joined()],
    'a first file with an open transaction': [joined(A, MULTI, B), C],
    'a first file with SELECT': [joined(resp('SELECT', '5'), A), B],
    'an empty last file': [A, joined()],
    'a missing file': [null, A],
    garbage: [joined(A, 'garbage', B)],
    'no line end with CR': [joined('*3\n$3\nSET\n$1\nk\n$1\nv\n')],
  };
  for (const [title, increments] of Object.entries(cases)) {
    it(`makes of a file what we say: ${title}`, async () => {
      await compare(folderWith(increments), title);
    });
  }
});

describe('whether a server loads the AOFs of other releases', async () => {
  const release = /v=(\d+\.\d+)/.exec(spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? '';

  for (const { name, folder } of aofVariants()) {
    // What a server with the usual names finds in its folder.
    const opened = [AOF, 'appendonly.aof'].map((own) => path.join(folder, own)).find(existsSync);
    if (opened === undefined) continue;
    it(`is said before of ${name}`, async () => {
      const { verdict } = await loadInServer(folder);
      const { stdout } = await cli('check', opened, '--target', release);
      const [line = ''] = stdout.split('\n').slice(-2);
      assert.equal(/^Redis [\d.]+ loads it$/.test(line), verdict !== 'refused', line);
    });
  }
});
