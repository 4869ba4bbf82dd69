/** Putting data back and taking it, as somebody does it in the editor: replay, restore, capture, the keyspace at a command. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { makeCertificate } from '../integration/certificates.js';
import { startCluster } from '../integration/cluster.js';
import { freePorts } from '../integration/ports.js';
import { startSentinel } from '../integration/sentinel-server.js';
import { TestServer } from '../integration/server.js';
import { aof, digest, keysOf } from '../integration/server-data.js';
import { tempFolder } from '../unit/support/temp.js';
import { AofView } from './support/aof-view.js';
import { Editor } from './support/editor.js';
import { answerDialog, answerQuestion, chooseEntry } from './support/quick-input.js';

/** Commands of which two fail: the key is no number. */
const COMMANDS = [
  ...Array.from({ length: 40 }, (_, i) => ['SET', `user:${i}`, `name ${i}`]),
  ['INCR', 'user:1'],
  ['MULTI'],
  ['RPUSH', 'list', 'a', 'b'],
  ['INCR', 'count'],
  ['EXEC'],
  ['INCR', 'user:2'],
  ['FLUSHALL'],
  ['SET', 'last', '1'],
];
const AOF = 'commands.aof';
const SLOW = 'slow.aof';
const PASSWORD = 'open-sesame';

/** Commands with the times at which a server has written them, a minute apart. */
const TIMED = Buffer.concat(
  Array.from({ length: 6 }, (_, i) =>
    Buffer.concat([Buffer.from(`#TS:${1_700_000_000 + i * 60}\r\n`), aof(['SET', `minute:${i}`, '1'])]),
  ),
);
/** Requests of which one has a script that empties everything. */
const REQUESTS = [
  ['SET', 'first', '1'],
  ['SET', 'second', '1'],
  ['EVAL', "return redis.call('FLUSHALL')", '0'],
  ['SET', 'fourth', '1'],
  ['SET', 'fifth', '1'],
];
const TYPED = Array.from({ length: 12 }, (_, i) => `SET typed:${i} "value ${i}"\n`).join('');

/** A page of a job. */
class JobPage {
  constructor(
    private readonly editor: Editor,
    readonly frame: Frame,
  ) {}

  static async of(editor: Editor, title: string): Promise<JobPage> {
    const frame = await editor.until(`the page ${title}`, async () => {
      for (const one of editor.page.frames()) {
        // A page that is behind others is hidden with the frame around it.
        const found = await Promise.all([
          one.title(),
          one.locator('.job').isVisible(),
          one
            .parentFrame()
            ?.frameElement()
            .then((element) => element.isVisible()),
        ]).catch(() => undefined);
        if (found?.[0].includes(title) && found[1] && found[2]) return one;
      }
      return undefined;
    });
    return new JobPage(editor, frame);
  }

  async until(state: string): Promise<void> {
    await this.editor.until(`the state ${state}`, async () =>
      ((await this.frame.locator('.job-state').textContent()) ?? '').includes(state),
    );
  }

  /** Waits until the next command is the one that is wanted. */
  async next(command: string): Promise<void> {
    await this.editor.until(`the next command ${command}`, async () => {
      const text = await this.frame
        .locator('.job-command')
        .textContent({ timeout: 1000 })
        .catch(() => '');
      return text === command;
    });
  }

  async press(button: string): Promise<void> {
    await this.frame.locator('vscode-button', { hasText: button }).first().click();
  }

  /** What the report says, by its labels. */
  async facts(): Promise<Record<string, string>> {
    const rows = await this.frame
      .locator('.job-result .facts-row')
      .evaluateAll((all) => all.map((row) => [...row.children].map((part) => part.textContent?.trim() ?? '')));
    return Object.fromEntries(rows);
  }
}

/** Confirms what is asked in a dialogue. @param picture the name of one that is taken of it. @returns what it says. */
async function confirm(editor: Editor, button: string, picture?: string): Promise<string> {
  const dialog = editor.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  const text = await dialog.innerText();
  if (picture !== undefined) await editor.picture(picture);
  await dialog.locator('.monaco-button', { hasText: button }).first().click();
  await dialog.waitFor({ state: 'detached' });
  return text;
}

/** What the box or list says in which a command asks. */
function quickInput(editor: Editor): Promise<string> {
  return editor.page.locator('.quick-input-widget').innerText();
}

describe('putting data back and taking it', async () => {
  const [productionPort, securePort, sentinelPort] = await freePorts(3);
  const certificate = makeCertificate(tempFolder());
  const staging = await TestServer.start();
  const production = await TestServer.start('--port', String(productionPort));
  const secure = await TestServer.start(
    ...['--tls-port', String(securePort), '--tls-cert-file', certificate.cert, '--tls-key-file', certificate.key],
    ...['--tls-ca-cert-file', certificate.cert, '--tls-auth-clients', 'no', '--requirepass', PASSWORD],
  );
  await secure.command('AUTH', PASSWORD);
  await startSentinel(sentinelPort, [`sentinel monitor shop 127.0.0.1 ${productionPort} 1`]);
  const cluster = await startCluster();
  after(() => Promise.all(cluster.nodes.map((node) => node.stop())));
  const source = await TestServer.start('--repl-diskless-sync-delay', '0');
  await source.commands([
    ...Array.from({ length: 30 }, (_, i) => ['SET', `user:${i}`, `name ${i}`]),
    ['HSET', 'cart:1', 'item', '1', 'count', '2'],
    ['RPUSH', 'queue', 'a', 'b', 'c'],
    ['EXPIRE', 'queue', '100000'],
  ]);
  const dump = await source.save();
  const servers = [
    { name: 'staging', socket: staging.socketPath },
    { name: 'production', socket: production.socketPath, protected: true },
    { name: 'source', socket: source.socketPath },
    { name: 'secure', host: 'localhost', port: securePort, tls: { ca: certificate.cert } },
    { name: 'watched', host: '127.0.0.1', port: sentinelPort, mode: 'sentinel', masterName: 'shop' },
    { name: 'shards', host: '127.0.0.1', port: cluster.ports[0], mode: 'cluster' },
    { name: 'one shard', host: '127.0.0.1', port: cluster.ports[0] },
    { name: 'no shards', socket: staging.socketPath, mode: 'cluster' },
  ];
  const editor = await Editor.start({
    files: {
      [AOF]: aof(...COMMANDS),
      [SLOW]: aof(...Array.from({ length: 150 }, (_, i) => ['SET', `slow:${i}`, '1'])),
      'timed.aof': TIMED,
      'requests.resp': aof(...REQUESTS),
      'typed.redis': new TextEncoder().encode(TYPED),
      'dump.rdb': dump,
    },
    height: 900,
  });
  // What is of the machine is not taken from the settings of the user.
  const machine = path.join(editor.userData, 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'redisPersistence.servers': servers }));
  after(() => editor.stop());
  before(() => editor.ready());

  /** The AOF in its editor. */
  async function openAof(): Promise<AofView> {
    const view = new AofView(await editor.openFile(AOF));
    await view.idle();
    return view;
  }

  /** Shows a command, wherever the list was scrolled before. */
  async function goTo(view: AofView, command: number): Promise<void> {
    await editor.command('Redis Persistence: Go to Command…');
    await editor.answer(String(command));
    await view.row(command).waitFor();
  }

  it('replays an AOF by Enter, Enter, Enter and a confirmation that says what goes where', async () => {
    await openAof();
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Shows what goes where');
    const asked = await confirm(editor, 'Replay');
    assert.match(asked, /Replay commands\.aof into staging\?/);
    assert.match(asked, /48 commands/);
    assert.match(asked, /Redis 7\.\d+\.\d+, primary, standalone.*no keys/);
    const page = await JobPage.of(editor, 'Replay of commands.aof into staging');
    await page.until('Done');
    const facts = await page.facts();
    assert.deepEqual([facts.Applied, facts.Failed, facts.Skipped], ['45', '2', '1']);
    assert.equal(facts['1 × FLUSHALL'], 'They steer the server or empty databases');
    assert.equal((await keysOf(staging)).length, 43);
    await editor.picture('replay-report');
  });

  it('groups the errors, and goes to the command of one', async () => {
    const page = await JobPage.of(editor, 'Replay of commands.aof');
    const error = page.frame.locator('.job-error');
    assert.equal(await error.count(), 1);
    assert.match(await error.innerText(), /2 ×\s+INCR ERR value is not an integer/);
    await error.locator('button.link').nth(1).click();
    const view = new AofView(await editor.viewOf(AOF));
    await editor.until('the command to be selected', async () =>
      ((await view.frame.locator('pe-command-pane').textContent()) ?? '').includes('user:2'),
    );
  });

  it('asks for the name of a protected server, and writes nothing without it', async () => {
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'production');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Begin');
    await chooseEntry(editor, 'Shows what goes where');
    await confirm(editor, 'Replay');
    await answerQuestion(editor, 'production is protected', 'prod');
    await editor.until('the refusal', async () =>
      (await editor.page.locator('.quick-input-widget').innerText()).includes('not the name of the server'),
    );
    assert.deepEqual(await keysOf(production), []);
    await editor.answer('production');
    const page = await JobPage.of(editor, 'into production');
    await page.until('Paused');
  });

  it('stands before a command, goes on step by step and to a breakpoint, and stops with a place to go on from', async () => {
    const page = await JobPage.of(editor, 'into production');
    await page.next('SET user:0 "name 0"');
    assert.deepEqual(await keysOf(production), []);
    await page.press('Step');
    await page.next('SET user:1 "name 1"');
    assert.deepEqual(await keysOf(production), ['user:0']);
    await page.frame.locator('.job-add vscode-text-field').locator('input').fill('user:1*');
    await page.press('Add');
    await page.frame.locator('.job-points li', { hasText: 'user:1*' }).waitFor();
    await editor.picture('replay-paused');
    await page.press('Resume');
    await page.next('SET user:10 "name 10"');
    assert.equal((await keysOf(production)).length, 10);
    await page.press('Stop');
    await page.until('Stopped');
    assert.match((await page.facts())['Resume point'], /offset \d+ of commands\.aof/);
  });

  it('goes on where it was stopped, once', async () => {
    await editor.command('Redis Persistence: Resume Replay or Restore…');
    await chooseEntry(editor, 'commands.aof → production');
    const asked = await confirm(editor, 'Replay');
    assert.match(asked, /goes on at offset/);
    await answerQuestion(editor, 'production is protected', 'production');
    const page = await JobPage.of(editor, 'into production');
    await page.until('Done');
    assert.equal(await digest(production), await digest(staging));
    await editor.command('View: Close Editor');
    await editor.page.locator('.tabs-container .tab', { hasText: 'into production' }).click();
    const before = await JobPage.of(editor, 'into production');
    await before.until('Stopped');
    await before.frame.getByText('It was gone on with').waitFor();
    assert.equal(await before.frame.locator('vscode-button', { hasText: 'Resume' }).count(), 0);
    await editor.command('View: Close Editor');
    await editor.command('Redis Persistence: Resume Replay or Restore…');
    await editor.notification('No replay and no restore of this workspace was stopped');
  });

  it('goes on where it was when its window was reloaded in the middle, after a word of warning', async () => {
    await staging.command('FLUSHALL');
    const view = new AofView(await editor.openFile(SLOW));
    await view.idle();
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Pace');
    await chooseEntry(editor, 'Commands a second…');
    await answerQuestion(editor, 'a second', '25');
    await chooseEntry(editor, 'Shows what goes where');
    await confirm(editor, 'Replay');
    await editor.until('a third of the keys', async () => (await keysOf(staging)).length >= 50);
    await editor.page.reload();
    await editor.ready();
    const there = (await keysOf(staging)).length;
    assert.ok(there < 150, `${there} keys`);
    await editor.command('Redis Persistence: Resume Replay or Restore…');
    await chooseEntry(editor, 'slow.aof → staging');
    await editor.until('the warning', async () =>
      /Interrupted: commands from offset [1-9][\d,]* of slow\.aof on may have been applied/.test(
        await editor.page.locator('.quick-input-widget').innerText(),
      ),
    );
    await editor.picture('replay-interrupted');
    await chooseEntry(editor, 'Go on at offset');
    assert.match(await confirm(editor, 'Replay'), /Caution: It was interrupted, and last heard of at/);
    const page = await JobPage.of(editor, 'Replay of slow.aof into staging');
    await page.until('Done');
    assert.equal((await keysOf(staging)).length, 150);
    assert.ok(Number((await page.facts()).Applied) < 150);
  });

  it('replays what is selected only', async () => {
    await staging.command('FLUSHALL');
    const view = await openAof();
    await goTo(view, 3);
    await view.row(3).click();
    await view.row(5).click({ modifiers: ['Shift'] });
    await editor.menuOf(view.row(4), 'Replay Selection…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Replay'), /the selection, 3 commands/);
    const page = await JobPage.of(editor, 'into staging');
    await page.until('Done');
    assert.deepEqual(await keysOf(staging), ['user:3', 'user:4', 'user:5']);
  });

  it('restores selected keys, with their time to live, and leaves alone what is there', async () => {
    await staging.command('SET', 'user:7', 'own');
    const view = await editor.openFile('dump.rdb');
    await view.search('user:7');
    await editor.command('Redis Persistence: Restore to Server…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Keys that pass the current filter');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Restore'), /Restore 1 key of dump\.rdb into staging\?/);
    const page = await JobPage.of(editor, 'Restore of dump.rdb');
    await page.until('Done');
    assert.equal((await page.facts())['There already'], '1');
    assert.equal(Buffer.from((await staging.command('GET', 'user:7')) as Uint8Array).toString(), 'own');
    await staging.command('FLUSHALL');
    await editor.openFile('dump.rdb');
    await editor.command('Redis Persistence: Restore to Server…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'The whole file');
    await chooseEntry(editor, 'Shows what goes where');
    await confirm(editor, 'Restore');
    await editor.until('all keys', async () => (await keysOf(staging)).length === 32);
    assert.equal(await digest(staging), await digest(source));
    assert.ok(Number(await staging.command('TTL', 'queue')) > 90_000);
  });

  it('captures a snapshot, checks it and opens it', async () => {
    await editor.command('Redis Persistence: Capture Snapshot…');
    await chooseEntry(editor, 'source');
    await answerDialog(editor, path.join(editor.folder, 'captured.rdb'));
    assert.match(await editor.notification('was captured'), /32 keys.*its checksum is right/);
    const view = await editor.viewOf('captured.rdb');
    await view.waitForRows(32);
  });

  it('follows a server into a folder until it is stopped', async () => {
    const folder = path.join(editor.folder, 'followed');
    mkdirSync(folder);
    await editor.command('Redis Persistence: Capture and Follow…');
    await chooseEntry(editor, 'source');
    await answerDialog(editor, folder);
    await editor.until('the RDB', async () => readdirSync(folder).includes('appendonly.aof.manifest'));
    const view = new AofView(await editor.viewOf('appendonly.aof.manifest'));
    await source.command('SET', 'while', 'followed');
    await editor.until('the command', async () => (await view.texts(['key'])).flat().includes('while'));
    await editor.picture('capture-follow');
    await editor.page.locator('.statusbar-item', { hasText: 'source:' }).click();
    await confirm(editor, 'Stop');
    await editor.notification('The capture of source has ended at replication offset');
    assert.match(readFileSync(path.join(folder, 'appendonly.aof.1.incr.aof'), 'latin1'), /while/);
  });

  it('opens the keyspace at a command', async () => {
    const view = await openAof();
    await goTo(view, 10);
    await view.row(10).click();
    await editor.menuOf(view.row(10), 'Open Keyspace At This Command…');
    await editor.notification('The keyspace at command 10: 11 keys after 11 commands');
    const keys = await editor.viewOf('commands.aof at command 10.rdb');
    await keys.waitForRows(11);
    assert.deepEqual((await keys.names()).sort(), Array.from({ length: 11 }, (_, i) => `user:${i}`).sort());
  });

  it('replays typed commands at a pace, under another prefix', async () => {
    await staging.command('FLUSHALL');
    await editor.openText('typed.redis');
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Add a prefix to keys');
    await answerQuestion(editor, 'What is put before all keys', 'copy:');
    await chooseEntry(editor, 'Pace');
    await chooseEntry(editor, 'Commands a second…');
    await answerQuestion(editor, 'Commands a second', '40');
    await editor.until('the menu with what was chosen', async () =>
      /Add a prefix to keys\s*copy:[\s\S]*Pace\s*40 commands a second/.test(await quickInput(editor)),
    );
    await editor.picture('replay-menu');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Replay'), /12 commands[\s\S]*prefix copy: added.*40 commands a second/);
    const page = await JobPage.of(editor, 'Replay of typed.redis into staging');
    await page.until('Done');
    const expected = Array.from({ length: 12 }, (_, i) => `copy:typed:${i}`).sort();
    assert.deepEqual((await keysOf(staging)).sort(), expected);
    assert.equal(Buffer.from((await staging.command('GET', 'copy:typed:3')) as Uint8Array).toString(), 'value 3');
  });

  it('replays some requests of a wire text, and leaves out a script that would empty everything', async () => {
    await staging.command('FLUSHALL');
    await editor.openText('requests.resp');
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'From one command to another…');
    await answerQuestion(editor, 'Numbers of the first and the last command', '2 - 4');
    await chooseEntry(editor, 'Shows what goes where');
    const asked = await confirm(editor, 'Replay', 'replay-scripts');
    assert.match(asked, /commands 2 to 4, 3 commands/);
    assert.match(asked, /Caution: 1 command runs or loads a script/);
    assert.match(asked, /Left out for naming what steers .*: 1 \(FLUSHALL: offset \d+ of requests\.resp\)/);
    const page = await JobPage.of(editor, 'Replay of requests.resp into staging');
    await page.until('Done');
    assert.equal(
      (await page.facts())['1 × EVAL'],
      'Their scripts name commands that steer the server or empty databases',
    );
    assert.deepEqual((await keysOf(staging)).sort(), ['fourth', 'second']);
  });

  it('replays an AOF up to a time, and from one command to another', async () => {
    await staging.command('FLUSHALL');
    const view = new AofView(await editor.openFile('timed.aof'));
    await view.idle();
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'Up to a time…');
    await answerQuestion(editor, 'A time in UTC', '2023-11-14 22:15:30');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Replay'), /up to 2023-11-14 22:15:30 UTC, 3 commands/);
    await editor.until('the first minutes', async () => (await keysOf(staging)).length === 3);
    await editor.showTab('timed.aof');
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'staging');
    await chooseEntry(editor, 'From one command to another…');
    await answerQuestion(editor, 'Numbers of the first and the last command', '3 - 4');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Replay'), /commands 3 to 4, 2 commands/);
    await editor.until('the others', async () => (await keysOf(staging)).length === 5);
    assert.deepEqual(
      (await keysOf(staging)).sort(),
      [0, 1, 2, 3, 4].map((i) => `minute:${i}`),
    );
  });

  it('asks for the password of a server that is reached by TLS', async () => {
    await editor.showTab('timed.aof');
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'secure');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Shows what goes where');
    await answerQuestion(editor, 'The server wants a password', 'not-this');
    await answerQuestion(editor, 'The server refuses the password', PASSWORD);
    assert.match(await confirm(editor, 'Replay'), /rediss:\/\/localhost|secure \(/);
    const page = await JobPage.of(editor, 'Replay of timed.aof into secure');
    await page.until('Done');
    assert.equal((await keysOf(secure)).length, 6);
  });

  it('finds the primary that a Sentinel watches, and the nodes of a cluster', async () => {
    await production.command('FLUSHALL');
    await editor.showTab('timed.aof');
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'watched');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(
      await confirm(editor, 'Replay'),
      new RegExp(`To: watched \\(redis://127\\.0\\.0\\.1:${productionPort}\\)`),
    );
    await editor.until('the keys', async () => (await keysOf(production)).length === 6);
    await openAof();
    await editor.command('Redis Persistence: Replay AOF…');
    await chooseEntry(editor, 'shards');
    await chooseEntry(editor, 'Everything');
    await chooseEntry(editor, 'Shows what goes where');
    assert.match(await confirm(editor, 'Replay'), /primary, cluster of 3 primaries/);
    const page = await JobPage.of(editor, 'Replay of commands.aof into shards');
    await page.until('Done');
    const facts = await page.facts();
    assert.deepEqual([facts.Applied, facts.Failed], ['41', '2']);
    assert.match(JSON.stringify(facts), /different slots/);
    const counts = await Promise.all(cluster.nodes.map(async (node) => (await keysOf(node)).length));
    assert.equal(counts[0] + counts[1] + counts[2], 41);
    await editor.picture('replay-cluster');
  });

  it('refuses what is no place to write to, and says so before a full memory', async () => {
    await staging.command('FLUSHALL');
    await openAof();
    const ask = async (server: string) => {
      await editor.command('Redis Persistence: Replay AOF…');
      await chooseEntry(editor, server);
      await chooseEntry(editor, 'Everything');
      await chooseEntry(editor, 'Shows what goes where');
    };
    await ask('no shards');
    await editor.notification('is no node of a cluster, but its mode in the settings is cluster');
    await ask('one shard');
    await editor.notification('is a node of a cluster, but its mode in the settings is another');
    await staging.command('REPLICAOF', '127.0.0.1', '1');
    await ask('staging');
    await editor.notification('is a replica: what is written there is lost or refused');
    await editor.picture('replay-refused');
    await staging.commands([
      ['REPLICAOF', 'NO', 'ONE'],
      ['CONFIG', 'SET', 'maxmemory', '100kb'],
    ]);
    await ask('staging');
    const asked = await confirm(editor, 'Cancel');
    assert.match(asked, /Caution: The memory of the server may not be enough: it uses .* of 100 KB/);
    await staging.command('CONFIG', 'SET', 'maxmemory', '0');
    assert.deepEqual(await keysOf(staging), []);
  });

  it('raises no error on a page', () => assert.deepEqual(editor.complaints, []));
});

describe('a workspace that is not trusted', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({ files: { [AOF]: aof(...COMMANDS) }, trust: false });
  });

  after(() => editor.stop());

  it('can look, and neither replays nor starts a server', async () => {
    await editor.ready();
    await editor.distrust();
    await editor.openFile(AOF);
    for (const title of ['Replay AOF…', 'Capture Snapshot…', 'Open Keyspace At This Command…']) {
      await editor.command(`Redis Persistence: ${title}`);
      const told = editor.page.locator('.notification-list-item', { hasText: 'This workspace is not trusted' }).first();
      await told.waitFor();
      await editor.command('Notifications: Clear All Notifications');
      await told.waitFor({ state: 'detached' });
    }
  });
});
