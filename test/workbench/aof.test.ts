/** The editor of an AOF: what is on the screen is what the servers said of the files that they wrote. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AofView } from './support/aof-view.js';
import { Editor, fixture } from './support/editor.js';

/** What a summary says of a file of an AOF. */
interface FileTruth {
  readonly file: string;
  readonly size: number;
  readonly role: string;
  readonly commands?: number;
  readonly rdbPreambleKeys?: number;
  readonly commandCounts?: Readonly<Record<string, number>>;
}

interface AofTruth {
  readonly commands: number;
  readonly files: readonly FileTruth[];
}

function truth(server: string, variant: string): AofTruth {
  return JSON.parse(readFileSync(fixture('aof', server, variant, 'summary.json'), 'utf8')) as AofTruth;
}

const aof = (server: string, variant: string) => fixture('aof', server, variant, 'appendonly.aof');

/** The commands of a file without an RDB, read as plainly as can be; names in capital letters. */
function commandsOf(file: string): string[][] {
  const text = readFileSync(file, 'latin1');
  const commands: string[][] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    const line = text.slice(at, end);
    at = end + 2;
    if (!line.startsWith('*')) continue;
    const args: string[] = [];
    for (let i = 0; i < Number(line.slice(1)); i++) {
      const start = text.indexOf('\r\n', at) + 2;
      const length = Number(text.slice(at + 1, start - 2));
      args.push(text.slice(start, start + length));
      at = start + length + 2;
    }
    commands.push([args[0].toUpperCase(), ...args.slice(1)]);
  }
  return commands;
}

describe('the editor of an AOF', () => {
  let editor: Editor;
  let plain: AofView;
  const plainTruth = truth('redis-6.2.16', 'aof-plain');
  const plainCommands = commandsOf(aof('redis-6.2.16', 'aof-plain'));
  const multiTruth = truth('redis-8.0.6', 'aof-multi');

  before(async () => {
    editor = await Editor.start({
      files: {
        'plain.aof': aof('redis-6.2.16', 'aof-plain'),
        'mixed.aof': aof('redis-6.2.16', 'aof-preamble'),
        'garbage.aof': aof('redis-6.2.16', 'aof-garbage'),
        'short.aof': aof('redis-6.0.16', 'aof-truncated'),
        'timed.aof': fixture('aof', 'redis-7.4.1', 'aof-timestamps', 'appendonlydir', 'appendonly.aof.1.incr.aof'),
        'backup.bin': aof('redis-6.2.16', 'aof-plain'),
        'wrong.rdb': aof('redis-6.2.16', 'aof-plain'),
        ...Object.fromEntries(
          multiTruth.files.map(({ file }) => [file, fixture('aof', 'redis-8.0.6', 'aof-multi', file)]),
        ),
      },
    });
    await editor.ready();
    plain = new AofView(await editor.openFile('plain.aof'));
  });

  after(() => editor.stop());

  it('says in one line what the file is', async () => {
    await plain.waitForStatus('402 commands');
    const words = await plain.view.summary();
    assert.ok(words.includes('AOF'), words.join(' | '));
    assert.ok(words.includes(`${plainTruth.commands} commands`));
    assert.ok(words.includes('loads'));
    await editor.page.locator('.statusbar-item', { hasText: 'AOF: 402 commands, loads' }).waitFor();
  });

  it('counts every command', async () => {
    assert.deepEqual(await plain.countsByName(), plainTruth.files[0].commandCounts);
  });

  it('has a row for each command, or for each transaction, which opens', async () => {
    const transactions = plainCommands.filter(([name]) => name === 'MULTI').length;
    const inside: number[] = [];
    let at = -1;
    for (const [i, [name]] of plainCommands.entries()) {
      if (name === 'MULTI') at = i;
      if (name === 'EXEC') inside.push(i - at + 1);
    }
    const folded = plainCommands.length - inside.reduce((sum, size) => sum + size - 1, 0);
    await plain.waitForRows(folded);
    const first = plain.frame.locator('#commands .pe-row.transaction:not([hidden])').first();
    await first.click();
    const scroller = plain.frame.locator('#commands .pe-scroller');
    await scroller.press('ArrowRight');
    await plain.view.until('a transaction to open', async () => (await plain.rowCount()) > folded);
    const open = plain.frame.locator('#commands .pe-row[aria-expanded="true"]:not([hidden])');
    await plain.view.until('the row to say that it is open', async () => (await open.count()) === 1);
    await scroller.press('ArrowLeft');
    await plain.waitForRows(folded);
    assert.ok(transactions > 5);
    await plain.frame.getByRole('button', { name: 'Transactions as rows that open' }).click();
    await plain.waitForRows(plainCommands.length);
    const shown = await plain.texts(['command', 'key']);
    for (const [i, [command]] of shown.entries()) assert.equal(command.split(' ')[0], plainCommands[i][0]);
  });

  it('shows every argument of a command, and its bytes', async () => {
    const position = plainCommands.findIndex(([name]) => name === 'HMSET' || name === 'HSET');
    const wanted = plainCommands[position];
    await plain.row(position).click();
    await plain.view.until(
      'the arguments',
      async () => (await plain.frame.locator('pe-command-pane .value-key').textContent()) === wanted[0],
    );
    await plain.waitForRows(wanted.length, 'arguments');
    const sizes = JSON.stringify(wanted.map((argument, i) => [String(i), `${argument.length} B`]));
    await plain.view.until(
      'the size of each argument',
      async () => JSON.stringify(await plain.texts(['index', 'bytes'], 'arguments')) === sizes,
    );
    await plain.row(1, 'arguments').click();
    const text = plain.frame.locator('pe-command-pane .string-body');
    await plain.view.until('the argument', async () => (await text.textContent()) === wanted[1]);
    await plain.frame.locator('pe-command-pane [data-choice="bytes"]').click();
    await plain.view.until('the bytes', async () => {
      const bytes = Buffer.from(await plain.view.hexBytes()).toString('latin1');
      return bytes.startsWith(`*${wanted.length}\r\n$${wanted[0].length}\r\n`);
    });
    await plain.frame.locator('pe-command-pane [data-choice="arguments"]').click();
  });

  it('filters by command, by key, and by both', async () => {
    const count = (name: string) => plainCommands.filter(([one]) => one === name).length;
    await plain.frame.locator('.chip[data-command="SET"]').click();
    await plain.waitForStatus(`${count('SET')} of 402 commands`);
    const names = await plain.texts(['command']);
    assert.ok(names.every(([name]) => name === 'SET'));
    const input = plain.frame.locator('pe-command-filter-bar vscode-text-field input').first();
    await input.fill('s:');
    await input.press('Enter');
    const both = plainCommands.filter(([name, key]) => name === 'SET' && key.toLowerCase().includes('s:')).length;
    await plain.waitForStatus(`${both} of 402 commands`);
    assert.ok(both > 0 && both < count('SET'));
    await input.fill('');
    await input.press('Enter');
    await plain.frame.locator('.chip[data-command="SET"]').click();
    await plain.waitForStatus('402 commands');
  });

  it('copies what is selected as redis-cli takes it', async () => {
    const position = plainCommands.findIndex(([name]) => name === 'SELECT');
    await editor.setClipboard('nothing');
    await plain.row(position).click();
    await plain.frame.locator('#commands .pe-scroller').press('Control+c');
    await editor.until('a copy', async () => (await editor.clipboard()) !== 'nothing');
    assert.equal((await editor.clipboard()).trim(), plainCommands[position].join(' '));
    await editor.menuOf(plain.row(position), 'Copy as RESP');
    await editor.until('a copy of the bytes', async () => (await editor.clipboard()).startsWith('*2'));
  });

  it('lists the keys that were touched, and the history of each', async () => {
    await plain.tab('Keys');
    await plain.view.until('touched keys', async () => (await plain.rowCount('touched')) > 50);
    const [[key, commands]] = await plain.texts(['key', 'commands'], 'touched');
    await plain.row(0, 'touched').click();
    await plain.waitForRows(Number(commands), 'history');
    const history = await plain.texts(['key'], 'history');
    assert.ok(history.some(([one]) => one.startsWith(key)));
    await plain.row(0, 'touched').dblclick();
    await plain.waitForStatus(`${commands} of 402 commands`);
    await plain.frame.locator('.chip.removable', { hasText: `history of ${key}` }).click();
    await plain.waitForStatus('402 commands');
  });

  it('shows the history of a key by its name', async () => {
    const [, key] = plainCommands.find(([name]) => name === 'HSET') ?? ['', ''];
    await editor.command('Redis Persistence: Show Key History');
    await editor.answer(key);
    await plain.view.until(
      'the history',
      async () =>
        (await plain.frame
          .locator('.history-title .value-key')
          .textContent()
          .catch(() => '')) === key,
    );
    await editor.command('Redis Persistence: Show Key History');
    await editor.answer('nowhere');
    await editor.notification('No command names the key nowhere.');
  });

  it('goes to a command by number and by offset', async () => {
    await plain.tab('Commands');
    await editor.command('Redis Persistence: Go to Command');
    await editor.answer('300');
    await plain.view.until('command 300', async () => (await plain.row(300).getAttribute('aria-selected')) === 'true');
    await editor.command('Redis Persistence: Go to Offset');
    await editor.answer('0');
    await plain.view.until('command 0', async () => (await plain.row(0).getAttribute('aria-selected')) === 'true');
  });

  it('selects a stretch of the file with the brush of the timeline', async () => {
    await plain.tab('Analysis');
    await plain.brush(0.25, 0.5);
    const range = plain.frame.locator('.analysis-range');
    await range.waitFor();
    const [from, to] = ((await range.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];
    assert.ok(Math.abs(from - 100) < 12 && Math.abs(to - 200) < 12, `${from} to ${to}`);
    await range.getByText('Show in the list').click();
    await plain.waitForStatus(`${to - from + 1} of 402 commands`);
    await plain.frame.locator('.chip.removable').click();
    await plain.waitForStatus('402 commands');
    await plain.tab('Analysis');
    const first = plain.frame.locator('#by-command .pe-row:not([hidden])').first().locator('.pe-cell');
    await plain.view.until('the counts of the whole file', async () => {
      const [name, count] = await first.allTextContents();
      return Number(count) === plainTruth.files[0].commandCounts?.[name];
    });
  });

  it('selects with the keyboard too', async () => {
    const plot = plain.frame.locator('.plot');
    await plot.focus();
    await plot.press('Home');
    await plot.press('Shift+ArrowRight');
    await plain.frame.locator('.analysis-range', { hasText: 'Commands 0 to' }).waitFor();
    await plot.press('Escape');
    await plain.frame.locator('.analysis-range').waitFor({ state: 'detached' });
    await plain.tab('Commands');
  });

  it('is where it was after the tab was in the background', async () => {
    await plain.frame.locator('.chip[data-command="SADD"]').click();
    await plain.idle();
    const rows = await plain.rowCount();
    await plain.row(2).click();
    await editor.openFile('timed.aof');
    plain = new AofView(await editor.showTab('plain.aof'));
    await plain.idle();
    assert.equal(await plain.rowCount(), rows);
    assert.equal(await plain.row(2).getAttribute('aria-selected'), 'true');
    await plain.frame.locator('.chip[data-command="SADD"]').click();
  });

  it('shows times where the server has noted them', async () => {
    const timed = new AofView(await editor.showTab('timed.aof'));
    await timed.waitForStatus('244 commands');
    // The clock of a server is noted only once it has moved on.
    await timed.frame.locator('#commands .pe-scroller').press('End');
    await timed.idle();
    const times = (await timed.texts(['time'])).map(([time]) => time);
    assert.ok(times.filter((time) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time)).length > 10, times.join());
    await timed.tab('Analysis');
    await timed.frame.getByText('Commands over time').first().waitFor();
  });

  it('shows the RDB that a file begins with in the key browser', async () => {
    const mixed = new AofView(await editor.openFile('mixed.aof'));
    await mixed.waitForStatus('150 commands');
    assert.ok((await mixed.view.summary()).includes('RDB with 119 keys'));
    await mixed.tab('Base');
    await mixed.view.waitForRows(119);
    await mixed.view.row(0).click();
    await mixed.view.selectedName(0);
    await mixed.view.search('hash');
    await mixed.view.idle();
    assert.ok((await mixed.view.rowCount()) < 119);
  });

  it('shows all parts of a multi-part AOF as one', async () => {
    await editor.expandFolder('appendonlydir');
    const multi = new AofView(await editor.openFile('appendonly.aof.manifest'));
    const parts = multiTruth.files.filter(({ role }) => role !== 'manifest');
    const all = parts.reduce((sum, { commands = 0 }) => sum + commands, 0);
    await multi.waitForStatus(`${all} commands`);
    const words = await multi.view.summary();
    assert.ok(words.includes(`AOF, ${parts.length} parts`), words.join(' | '));
    const loaded = await multi.frame.locator('.summary-part', { hasText: 'commands' }).getAttribute('title');
    assert.equal(loaded, `${multiTruth.commands} would be run by a server`);
    await multi.tab('File');
    const rows = await multi.frame
      .locator('.parts-table tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent?.trim() ?? '')));
    const shown = new Map(rows.map(([file, , , , commands]) => [file, Number(commands)]));
    assert.deepEqual(shown, new Map(parts.map(({ file, commands }) => [path.basename(file), commands ?? 0])));
    await multi.tab('Base');
    await multi.frame.locator('.base-choice vscode-dropdown').waitFor();
    // Of several RDB files it is the one that a server would load.
    const base = parts.find(({ role }) => role === 'base')?.rdbPreambleKeys;
    await multi.frame.locator('pe-base-view .keys-status', { hasText: new RegExp(`^\\s*${base} keys`) }).waitFor();
  });

  it('opens a part alone, and leads from it to the whole', async () => {
    const part = new AofView(await editor.openFile('appendonly.aof.4.incr.aof'));
    await part.waitForStatus('65 commands');
    await part.frame.locator('.part-banner').getByText('Open the whole AOF').click();
    const whole = new AofView(await editor.viewOf('appendonly.aof.manifest'));
    await whole.view.until('the parts', async () =>
      (await whole.view.summary()).some((word) => word.endsWith('parts')),
    );
  });

  it('says of a damaged file where it is damaged and that it does not load', async () => {
    const garbage = new AofView(await editor.openFile('garbage.aof'));
    await garbage.frame.locator('.verdict-chip', { hasText: 'does not load' }).waitFor();
    const row = garbage.frame.locator('#commands .pe-row.damage:not([hidden])');
    await garbage.frame.locator('#commands .pe-scroller').press('Home');
    await garbage.tab('File');
    await garbage.frame.locator('.parts-table', { hasText: '10,854' }).waitFor();
    await garbage.frame.locator('.problem-place .link', { hasText: 'show command' }).first().click();
    await row.first().waitFor();
    await row.first().click();
    await garbage.frame.locator('pe-command-pane .value-key', { hasText: 'Bytes that are no commands' }).waitFor();
    await editor.command('Redis Persistence: Verify File');
    await editor.notification(/garbage\.aof: does not load\./);
  });

  it('says of a file that was cut off what would be lost', async () => {
    const short = new AofView(await editor.openFile('short.aof'));
    await short.frame.locator('.verdict-chip', { hasText: 'loads with its tail cut' }).click();
    await short.frame.locator('.cut', { hasText: 'up to offset 18,462. Behind that, 13 bytes' }).waitFor();
  });

  it('opens any file as what it is, and says so where it was taken for something else', async () => {
    await editor.openWith('backup.bin', 'Redis Persistence Explorer');
    const backup = new AofView(await editor.viewOf('backup.bin'));
    await backup.waitForStatus('402 commands');
    const wrong = await editor.openFile('wrong.rdb');
    await wrong.frame.locator('.stop').getByText('Open as AOF').click();
    const right = await editor.until('the other editor', async () => {
      const view = new AofView(await editor.viewOf('wrong.rdb'));
      return (await view.frame.locator('pe-aof-app').count()) > 0 && view;
    });
    await right.waitForStatus('402 commands');
  });

  it('opens a file as text', async () => {
    await editor.showTab('short.aof');
    await editor.page.locator('.editor-actions a[aria-label^="Reopen as Text"]').first().click();
    await editor.page.locator('.view-lines', { hasText: 'SELECT' }).first().waitFor();
  });

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
