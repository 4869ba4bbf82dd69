/** A real editor with the packed extension, in a real browser: what the workbench tests drive. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { type Lane, takeLane } from './lanes.js';
import { View } from './view.js';

declare const PROJECT_ROOT: string;

/** The scripts that start the workbench find their own place, so they stay out of the bundle of the tests. */
async function workbenchScript(): Promise<typeof import('../../../scripts/workbench.mjs')> {
  return import(path.join(PROJECT_ROOT, 'scripts', 'workbench.mjs'));
}

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface EditorOptions {
  /** Files to put into the folder that is opened: name in the folder, path of the file or its bytes. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trust?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** The path of a fixture. */
export function fixture(...parts: string[]): string {
  return path.join(PROJECT_ROOT, 'test', 'fixtures', ...parts);
}

/** Milliseconds after which the palette has been closed by something else. */
const PALETTE_MS = 3000;
/** Milliseconds after which a menu has not opened or closed as it should have. */
const MENU_MS = 2000;
/** Milliseconds after which what is waited for will never come, on a machine that is busy with other things too. */
const PATIENCE_MS = 90_000;

/** Writes the settings of a window; what another file of tests has left behind goes. */
async function settle(lane: Lane, { settings = {}, trust = true }: EditorOptions): Promise<void> {
  for (const part of ['User', 'Machine']) rmSync(path.join(lane.userData, part), { recursive: true, force: true });
  const { writeSettings } = await workbenchScript();
  writeSettings(lane.userData, {
    'workbench.colorTheme': 'Default Dark Modern',
    'window.autoDetectColorScheme': false,
    'security.workspace.trust.enabled': !trust,
    ...settings,
  });
}

/** An editor that runs. */
export class Editor {
  /** What the page said that it should not: errors of scripts, violations of the policy. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly lane: Lane,
    private readonly browser: Browser,
    readonly page: Page,
    /** The folder that is open. */
    readonly folder: string,
    private readonly home: string,
  ) {
    page.on('pageerror', (error) => this.complain(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complain(message.text());
    });
  }

  /** Only what concerns the extension: the workbench itself has much to say on a closed network. */
  private complain(text: string): void {
    if (/redis-persistence|pe-[a-z]+|webview\/main/.test(text)) this.complaints.push(text.slice(0, 500));
  }

  /** Opens a folder in a browser of its own, with settings and a state of its own. */
  static async start(options: EditorOptions): Promise<Editor> {
    const home = mkdtempSync(path.join(tmpdir(), 'persistence-explorer-'));
    const folder = path.join(home, 'project');
    mkdirSync(folder);
    for (const [name, file] of Object.entries(options.files)) {
      const place = path.join(folder, name);
      mkdirSync(path.dirname(place), { recursive: true });
      if (typeof file === 'string') cpSync(file, place);
      else writeFileSync(place, file);
    }
    const lane = takeLane();
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
    try {
      await settle(lane, options);
      const { width = 1280, height = 800 } = options;
      const context = await browser.newContext({ viewport: { width, height } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: lane.url });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const editor = new Editor(lane, browser, page, folder, home);
      await page.goto(`${lane.url}/?folder=${encodeURIComponent(folder)}`);
      return editor;
    } catch (error) {
      // A browser that runs on would keep the process of the tests from ending.
      await browser.close();
      lane.release();
      throw error;
    }
  }

  /** The folder of the editor's settings and state. */
  get userData(): string {
    return this.lane.userData;
  }

  /** Chooses a theme by its name. */
  async chooseTheme(name: string): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await this.answer(name);
  }

  /** Gives the window the size in which the webview is so wide. */
  async setWebviewWidth(view: View, width: number): Promise<void> {
    const { page } = this;
    await this.until(`a webview of ${width} px`, async () => {
      const inner = await view.frame.evaluate(() => window.innerWidth);
      if (inner === width) return true;
      const { width: outer, height } = page.viewportSize() ?? { width: 1280, height: 800 };
      // The side bar gives way only to some extent; the rest is closed for narrow ones.
      if (width <= 400 && (await page.locator('.sidebar').isVisible()))
        await this.command('View: Toggle Primary Side Bar Visibility');
      await page.setViewportSize({ width: outer + width - inner, height });
      await page.waitForTimeout(200);
      return false;
    });
  }

  /** Closes the tab of a file that is in front. */
  async closeTab(name: string): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab', { hasText: name });
    await this.command('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
  }

  async stop(): Promise<void> {
    // A window that is left ends its extension host; one that only disappears, as a crashed one has, is waited for.
    await this.page.goto('about:blank').catch(() => undefined);
    await this.browser.close();
    this.lane.release();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }

  /** Waits until a condition holds, looking again and again. */
  async until<Value>(what: string, look: () => Promise<Value | undefined | false>, ms = PATIENCE_MS): Promise<Value> {
    const deadline = Date.now() + ms;
    for (;;) {
      const value = await look();
      if (value !== undefined && value !== false) return value;
      if (Date.now() > deadline) {
        const picture = await this.picture(`failure-${what.replace(/\W+/g, '-').slice(0, 60)}`);
        throw new Error(`waited ${ms} ms in vain: ${what}; see ${picture}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** Takes a picture of the screen. @returns its path. */
  async picture(name: string): Promise<string> {
    const file = path.join(PROJECT_ROOT, 'build', 'pictures', `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Opens the palette with some text. */
  private async palette(text: string): Promise<Locator> {
    const { page } = this;
    const input = page.locator('.quick-input-widget input.input');
    // A key that is pressed while the focus moves between the editor and a webview can get lost, and what has just
    // been opened can be closed by it.
    await this.until('the palette', async () => {
      await page.keyboard.press('F1');
      return input.fill(`>${text}`, { timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    return page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Waits until the workbench knows the extension: a file opened before that opens as text. */
  async ready(): Promise<void> {
    const { page } = this;
    await page.locator('.monaco-workbench').waitFor();
    await this.until('the commands of the extension', async () => {
      const rows = await this.palette('Redis Persistence: Show Log');
      const found = await rows
        .first()
        .waitFor({ timeout: 1000 })
        .then(
          () => true,
          () => false,
        );
      await page.keyboard.press('Escape');
      return found;
    });
  }

  /**
   * Opens the window anew, with what was open in it. The command waits until the workbench has written that down; a
   * reload of the page does not, and by itself the workbench writes it only once a minute or when it loses the focus.
   */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded');
    await Promise.all([loaded, this.command('Developer: Reload Window')]);
    await this.ready();
  }

  /** Runs a command of the palette. */
  async command(title: string): Promise<void> {
    // A webview that gets the focus back late closes the palette, whatever has been typed into it by then.
    const chosen = async () => {
      const row = (await this.palette(title)).first();
      await row.waitFor({ timeout: PALETTE_MS });
      for (let step = 0; step < 20; step++) {
        if (await row.evaluate((element) => element.classList.contains('focused'), null, { timeout: PALETTE_MS }))
          return;
        await this.page.keyboard.press('ArrowDown');
      }
      throw new Error(`${title} cannot be reached in the palette`);
    };
    for (let tries = 1; ; tries++) {
      try {
        await chosen();
        break;
      } catch (error) {
        if (tries === 5) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    await this.page.keyboard.press('Enter');
  }

  /** Types into the input box that a command shows, and accepts. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    // The palette, from which the command was chosen, has the same box.
    await this.until('the input box of a command', async () => {
      return (await input.isVisible()) && !(await input.inputValue()).startsWith('>');
    });
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a folder in the explorer. */
  async expandFolder(name: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
    await this.until(`${name} to be open`, async () => (await row.getAttribute('aria-expanded')) === 'true');
  }

  /** Clicks a file in the explorer, twice so that its tab stays. */
  async openFile(name: string): Promise<View> {
    const { page } = this;
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    await row.first().dblclick();
    const unknown = page.getByText('not displayed in the text editor');
    await this.until(`an editor for ${name}`, async () => {
      if (await this.frameOf(name)) return true;
      // A workbench that has just started may not know yet which editors there are.
      if (await unknown.isVisible()) {
        await this.closeTab(name);
        await row.first().dblclick();
      }
      return false;
    });
    return this.viewOf(name);
  }

  /** Clicks a text in the explorer, and waits until its tab is in front. */
  async openText(name: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
    const tab = this.page.locator('.tabs-container .tab.active', { hasText: name });
    const lines = this.page.locator('.editor-instance .view-lines').first();
    await this.until(`the text ${name}`, async () => {
      if ((await tab.isVisible()) && (await lines.isVisible())) return true;
      await row.dblclick({ timeout: 2000 }).catch(() => undefined);
      for (const shown of [tab, lines]) await shown.waitFor({ timeout: 500 }).catch(() => undefined);
      return false;
    });
  }

  /** Says that the folder is not trusted, if that is asked. */
  async distrust(): Promise<void> {
    const no = this.page.locator('.monaco-dialog-box').getByText("No, I don't trust");
    const restricted = this.page.locator('.statusbar-item, .banner').getByText('Restricted Mode').first();
    await this.until('the restricted mode', async () => {
      await no.click({ timeout: 500 }).catch(() => undefined);
      return (await restricted.isVisible()) && !(await no.isVisible());
    });
  }

  /** The view of the tab of a file, which is in front. */
  async viewOf(name: string): Promise<View> {
    let seen: Frame | undefined;
    const frame = await this.until(`the webview of ${name}`, async () => {
      const found = await this.frameOf(name);
      // A tab that is just being opened may still put another webview in the place of its first one.
      if (found && found === seen) return found;
      seen = found;
      await this.page.waitForTimeout(250);
      return undefined;
    });
    return new View(this, frame);
  }

  /** The frame of the webview of a file, if it can be seen. */
  private async frameOf(name: string): Promise<Frame | undefined> {
    for (const frame of this.page.frames().reverse()) {
      // Frames come and go while they are looked at.
      const found = await Promise.all([
        frame.title(),
        frame.locator('pe-app, pe-aof-app, pe-compare-app').isVisible(),
        frame.frameElement().then((element) => element.isVisible()),
      ]).catch(() => undefined);
      if (found && found[0] === name && found[1] && found[2]) return frame;
    }
    return undefined;
  }

  /** Brings the tab of a file that is open to the front. */
  async showTab(name: string): Promise<View> {
    await this.page.locator('.tabs-container .tab', { hasText: name }).first().click();
    return this.viewOf(name);
  }

  /** The text of a notification, once there is one with some words in it. */
  async notification(words: string | RegExp): Promise<string> {
    const item = this.page.locator('.notification-list-item-message', { hasText: words }).first();
    await item.waitFor();
    return (await item.textContent()) ?? '';
  }

  /** Chooses an entry of the context menu of a row. */
  async menuOf(row: Locator, entry: string): Promise<void> {
    const label = this.page.locator('.monaco-menu .action-label', { hasText: entry }).first();
    await this.until(`${entry} to be chosen`, async () => {
      if (!(await label.isVisible())) {
        // A list that is drawn again closes its menu, and may take no click.
        await row.click({ button: 'right', timeout: 2000 }).catch(() => undefined);
        await label.waitFor({ timeout: MENU_MS }).catch(() => undefined);
        return false;
      }
      await label.hover({ timeout: 1000 }).catch(() => undefined);
      const chosen = await label.click({ delay: 50, timeout: 1000 }).then(
        () => true,
        () => false,
      );
      if (!chosen) return false;
      // A menu takes no click in the moment in which it opens.
      return label.waitFor({ state: 'detached', timeout: MENU_MS }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Opens a file with an editor that is chosen by its name. */
  async openWith(name: string, title: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    await this.menuOf(row.first(), 'Open With...');
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  }

  /** Text of the clipboard. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async setClipboard(text: string): Promise<void> {
    await this.page.evaluate((wanted) => navigator.clipboard.writeText(wanted), text);
  }
}
