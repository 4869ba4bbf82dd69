/** Servers in the editor: adding one, seeing how it is, typing commands for it; against real servers with a replica and a password. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../integration/certificates.js';
import { freePort, freePorts } from '../integration/ports.js';
import { startSentinel } from '../integration/sentinel-server.js';
import { TestServer } from '../integration/server.js';
import { tempFolder } from '../unit/support/temp.js';
import { Editor } from './support/editor.js';
import { answerQuestion, chooseEntry } from './support/quick-input.js';

const NOTES = { 'notes.txt': new TextEncoder().encode('notes') };
const PASSWORD = 'open-sesame';

/** Starts a Sentinel that watches a primary under the name shop. @returns its port. */
async function startShopSentinel(primary: number): Promise<number> {
  const port = await freePort();
  await startSentinel(port, [`sentinel monitor shop 127.0.0.1 ${primary} 1`, `sentinel auth-pass shop ${PASSWORD}`]);
  return port;
}

/** A line of the view. */
function line(editor: Editor, text: string) {
  return editor.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
}

describe('servers in the editor', async () => {
  const [port, tlsPort] = await freePorts(2);
  const { cert, key } = makeCertificate(tempFolder());
  const tls = [
    '--tls-port',
    String(tlsPort),
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
    '--tls-auth-clients',
    'no',
  ];
  const secured = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
  const server = await TestServer.start(
    '--port',
    String(port),
    ...tls,
    '--tls-ca-cert-file',
    cert,
    ...secured,
    ...['--repl-diskless-sync-delay', '0'],
  );
  await TestServer.start(...secured, '--replicaof', '127.0.0.1', String(port));
  await server.command('AUTH', PASSWORD);
  const editor = await Editor.start({ files: NOTES, height: 900 });
  after(() => editor.stop());

  before(async () => {
    await server.commands([
      ['SET', 'user:1', 'Ann'],
      ['SET', 'user:2', 'Bob', 'EX', '5000'],
      ['SELECT', '4'],
      ['SET', 'cart', '1'],
    ]);
    await editor.ready();
  });

  /** All settings that were written, of the user and of the machine. */
  function settings(): string {
    const folder = editor.userData;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files
      .filter((name) => path.basename(name) === 'settings.json')
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('\n');
  }

  /** Clients of the server that are no replicas; one of them is the test. */
  async function clients(): Promise<number> {
    const list = Buffer.from((await server.command('CLIENT', 'LIST', 'TYPE', 'normal')) as Uint8Array).toString();
    return list.trim().split('\n').length;
  }

  it('are added by a URL, whose password is tried, asked for again if it is wrong, and not in the settings', async () => {
    await editor.command('Redis Persistence: Add Server…');
    await answerQuestion(editor, 'A URL (redis://', `redis://:not-this@127.0.0.1:${port}`);
    await answerQuestion(editor, 'refuses the password', PASSWORD);
    await answerQuestion(editor, 'primary, 3 keys', 'Shop');
    await chooseEntry(editor, 'whatever writes to it');
    const text = await editor.notification('was added');
    assert.match(text, /Shop was added: Redis 7\.\d+\.\d+, primary, 3 keys\./);
    const written = settings();
    assert.match(written, /"name": "Shop"/);
    assert.match(written, /"protected": true/);
    assert.doesNotMatch(written, new RegExp(`${PASSWORD}|not-this`));
  });

  it('are connected to once they are added, and not any more when they are left', async () => {
    const root = line(editor, 'Shop');
    await editor.until('to be connected', async () => (await root.innerText()).includes('primary'));
    await root.hover();
    await root.locator('.action-label[aria-label^="Disconnect"]').click();
    await editor.until('to be left', async () => (await root.innerText()).includes(`127.0.0.1:${port}`));
    await editor.until('no client', async () => (await clients()) === 1);
  });

  it('say in their view how they are, once somebody opens them', async () => {
    const root = line(editor, 'Shop');
    await root.click();
    await line(editor, 'db4').waitFor();
    assert.match(await line(editor, 'db0').innerText(), /2, 1 expire/);
    await editor.until('its version', async () => /primary · Redis 7.*protected/.test(await root.innerText()));
    await line(editor, 'behind').waitFor();
    await editor.until('the replica to be online', async () =>
      (await line(editor, 'behind').innerText()).includes('online'),
    );
    assert.match(await line(editor, 'AOF').innerText(), /off/);
    await server.command('CONFIG', 'SET', 'appendonly', 'yes');
    await editor.until('the AOF to be on', async () => (await line(editor, 'AOF').innerText()).includes('on'));
  });

  it('show how far their replicas are behind', async () => {
    await editor.page.locator('.pane-header', { hasText: 'Replication Lag' }).click();
    const frame = await editor.until('the chart', async () => {
      for (const one of editor.page.frames()) {
        if (
          (await one
            .locator('pe-lag-app .lag-plot canvas')
            .count()
            .catch(() => 0)) > 0
        )
          return one;
      }
      return undefined;
    });
    await frame.getByText('Shop').waitFor();
    assert.equal(await frame.locator('.lag-legend li').count(), 1);
    assert.match((await frame.locator('.lag-plot').getAttribute('aria-label')) ?? '', /replicas of Shop/);
    await frame.getByText('Seconds').click();
    for (const [name, theme] of Object.entries({
      'high-contrast': 'Dark High Contrast',
      light: 'Light Modern',
      dark: 'Dark Modern',
    })) {
      await editor.chooseTheme(theme);
      await editor.until(`the theme ${theme}`, () =>
        frame.evaluate((wanted) => document.body.classList.contains(wanted), `vscode-${name}`),
      );
      await editor.page.waitForTimeout(300);
      await editor.picture(`servers-${name}`);
    }
  });

  it('run commands that are typed, and show what goes over the wire', async () => {
    const root = line(editor, 'Shop');
    const widget = editor.page.locator('.quick-input-widget');
    await editor.until('the question for a command', async () => {
      if (!(await widget.isVisible())) {
        await root.hover({ timeout: 2000 }).catch(() => undefined);
        await root
          .locator('.action-label[aria-label^="Run Command"]')
          .click({ timeout: 2000 })
          .catch(() => undefined);
        await editor.page.waitForTimeout(500);
        return false;
      }
      if ((await widget.innerText()).includes('Run Command on Shop')) return true;
      // The workbench does not tell the server of a row that is just being drawn anew: then it is asked for.
      const choice = widget.locator('.monaco-list-row', { hasText: 'Shop' }).first();
      if (await choice.isVisible()) await choice.click({ timeout: 2000 }).catch(() => undefined);
      return false;
    });
    await answerQuestion(editor, 'Run Command on Shop', 'HSET "a cart" item 1');
    // The server is protected, and this writes.
    await answerQuestion(editor, 'Shop is Protected', 'Shop');
    const document = editor.page.locator('.editor-instance .view-lines');
    await editor.until('the exchange', async () => {
      const text = (await document.innerText().catch(() => '')).replaceAll('\u00a0', ' ');
      return ['HSET "a cart" item 1', '*4', '$6', ':1', '(integer) 1'].every((part) => text.includes(part));
    });
    await answerQuestion(editor, 'Run Command on Shop', 'GET user:1');
    await editor.until('the second exchange', async () => {
      const text = (await document.innerText()).replaceAll('\u00a0', ' ');
      return text.includes('"Ann"') && text.includes('$3');
    });
    await editor.picture('servers-command');
    await answerQuestion(editor, 'Run Command on Shop', 'MONITOR');
    await editor.notification('stream of messages');
    await editor.page.keyboard.press('Escape');
    assert.equal(String(await server.command('EXISTS', 'a cart')), '0', 'it went to database 0');
  });

  it('keep their connection when only their looks are edited', async () => {
    const root = line(editor, 'Shop');
    await editor.menuOf(root, 'Edit Server…');
    await chooseEntry(editor, 'Color…');
    await chooseEntry(editor, 'red');
    await editor.until('the setting', async () => settings().includes('"color": "red"'));
    await editor.until('the colour', async () =>
      (await root.locator('.custom-view-tree-node-item-icon').getAttribute('style'))?.includes('color'),
    );
    assert.match(await root.innerText(), /primary/);
  });

  it('are found at another address, and by TLS, once they are edited', async () => {
    const root = line(editor, 'Shop');
    const widget = editor.page.locator('.quick-input-widget');
    const edit = async (entry: string) => {
      await editor.command('Redis Persistence: Edit Server…');
      await chooseEntry(editor, 'Shop');
      await chooseEntry(editor, entry);
    };
    /** An open server is connected to by itself. */
    const open = (wanted: boolean) =>
      editor.until(`Shop to be ${wanted ? 'open' : 'closed'}`, async () => {
        if ((await root.getAttribute('aria-expanded')) === String(wanted)) return true;
        await root.click({ timeout: 2000 }).catch(() => undefined);
        // A second click before the first has had its effect would undo it.
        await root
          .and(editor.page.locator(`[aria-expanded="${wanted}"]`))
          .waitFor({ timeout: 5000 })
          .catch(() => undefined);
        return false;
      });
    await open(false);
    await edit('Address…');
    await answerQuestion(editor, 'Edit Shop', `localhost:${tlsPort}`);
    await editor.until('the setting', async () => settings().includes(`"port": ${tlsPort}`));
    await edit('TLS…');
    await chooseEntry(editor, 'TLS, trusting any certificate');
    await editor.until('the setting', async () => /"tls": \{\s*"verify": false/.test(settings()));
    await editor.command('Redis Persistence: Connect to Server');
    await chooseEntry(editor, 'Shop');
    // It is another address: its password is not known yet.
    await answerQuestion(editor, 'The server wants a password', PASSWORD);
    await editor.until('the primary', async () => /primary/.test(await root.innerText()));
    await editor.picture('servers-edited');
    await edit('TLS…');
    await chooseEntry(editor, 'No TLS');
    await editor.until('the setting', async () => !settings().includes('"tls"'));
    await edit('Address…');
    await answerQuestion(editor, 'Edit Shop', `127.0.0.1:${port}`);
    await editor.until('the setting', async () => settings().includes(`"port": ${port}`));
    await widget.waitFor({ state: 'hidden' });
    await editor.until('the primary again', async () => {
      // The list may be drawn again, and closed with that, after a setting has changed.
      await open(true);
      return /primary/.test(await root.innerText());
    });
  });

  it('have their files opened where they are on this machine', async () => {
    await server.save();
    await editor.menuOf(line(editor, 'Shop'), 'Open RDB of Server');
    const view = await editor.viewOf('dump.rdb');
    await view.waitForRows(4);
    await editor.closeTab('dump.rdb');
  });

  it('can be found through their Sentinels', async () => {
    const sentinelPort = await startShopSentinel(port);
    await editor.command('Redis Persistence: Add Server…');
    await answerQuestion(editor, 'A URL (redis://', `127.0.0.1:${sentinelPort}`);
    await chooseEntry(editor, 'No TLS');
    await answerQuestion(editor, 'User (ACL)', '');
    await answerQuestion(editor, 'sentinel', 'Watched');
    await chooseEntry(editor, 'Not protected');
    // The Sentinel has told where the primary is, which has a password of its own.
    await answerQuestion(editor, 'wants a password', PASSWORD);
    const root = line(editor, 'Watched');
    await editor.until('the primary', async () => (await root.innerText()).includes('primary'));
    assert.match(settings(), /"masterName": "shop"/);
    await editor.menuOf(root, 'Remove Server…');
    await editor.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Remove' }).click();
    await root.waitFor({ state: 'detached' });
    assert.doesNotMatch(settings(), /Watched/);
  });

  it('are reached again when they come back', async () => {
    await server.kill();
    await editor.until('the loss', async () => (await line(editor, 'Shop').innerText()).includes('not reached'));
    await line(editor, 'Cannot be reached').waitFor();
    await line(editor, 'Check that the server runs').waitFor();
    await editor.picture('servers-lost');
    await server.restart();
    await editor.until('the return', async () => (await line(editor, 'Shop').innerText()).includes('primary'), 60_000);
  });

  it('raise no error on the page', () => assert.deepEqual(editor.complaints, []));
});

describe('a workspace that is not trusted', () => {
  let editor: Editor;

  before(async () => {
    editor = await Editor.start({ files: NOTES, trust: false });
  });

  after(() => editor.stop());

  it('speaks to no server', async () => {
    await editor.ready();
    await editor.distrust();
    await editor.command('Redis Persistence: Add Server…');
    await editor.notification('This workspace is not trusted');
    await editor.command('View: Show Redis Servers');
    await editor.page.locator('.welcome-view-content').getByText('no connection to a server is made').waitFor();
    await editor.picture('servers-untrusted');
  });
});
