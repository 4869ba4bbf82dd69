// `npm run screenshots`: takes the pictures of the README anew, of a real editor that shows a real server's dump.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { writeDemoAof } from './demo-aof.mjs';
import { writeDemoDump } from './demo-dump.mjs';
import { packExtension, packOpener } from './package.mjs';
import { palettePng } from './palette-png.mjs';
import { requirePrograms } from './requirements.mjs';
import { installExtension, installWorkbench, startWorkbench } from './workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const work = path.join(root, 'build', 'screenshots');
const images = path.join(root, 'images');
const SIZE = { width: 1280, height: 800 };
/** A larger picture has no place in a README: it is part of the package. */
const LIMIT = 100_000;

if (!requirePrograms(['workbench', 'integration'])) process.exit(1);
rmSync(work, { recursive: true, force: true });
mkdirSync(path.join(work, 'shop'), { recursive: true });
const dump = path.join(work, 'shop', 'dump.rdb');
await writeDemoDump(dump);
const manifest = await writeDemoAof(path.join(work, 'shop', 'appendonlydir'));
installWorkbench();
const [extension, opener] = [packExtension(), packOpener()];

/** The frame of the webview, once it shows rows. */
async function webview(page) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    for (const frame of page.frames()) {
      const keys = await frame
        .locator('#keys .pe-row .name, pe-command-list .pe-row .pe-cell')
        .count()
        .catch(() => 0);
      if (keys > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error('The webview shows no rows after a minute.');
}

/** Leaves the room to the editor. */
async function narrowSideBar(page) {
  const box = await page.locator('.part.sidebar').boundingBox();
  const [x, y] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 130, y, { steps: 5 });
  await page.mouse.up();
}

/** Opens a file under a colour theme and takes pictures of it. */
async function withEditor(theme, opened, take) {
  const profile = path.join(work, `${theme} ${path.extname(opened)}`);
  const folders = { userData: path.join(profile, 'user'), extensions: path.join(profile, 'extensions') };
  installExtension(extension, folders);
  installExtension(opener, folders);
  const settings = {
    'workbench.colorTheme': theme,
    'window.autoDetectColorScheme': false,
    'explorer.openEditors.visible': 0,
  };
  const workbench = await startWorkbench({ ...folders, settings, env: { PERSISTENCE_EXPLORER_OPEN: opened } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(`${workbench.url}/?folder=${encodeURIComponent(path.dirname(dump))}`);
    const frame = await webview(page);
    await narrowSideBar(page);
    await take(frame, async (name) => {
      // Where the mouse rests, nothing is highlighted.
      await page.mouse.move(SIZE.width / 2, SIZE.height - 4);
      await page.waitForTimeout(1500);
      const file = path.join(images, `${name}.png`);
      const png = palettePng(await page.screenshot());
      writeFileSync(file, png);
      console.log(`${path.relative(root, file)}: ${png.length.toLocaleString('en-US')} bytes`);
      if (png.length > LIMIT) throw new Error(`The picture is larger than ${LIMIT.toLocaleString('en-US')} bytes.`);
    });
  } finally {
    await browser.close();
    await workbench.stop();
  }
}

/** Selects the key whose name begins with a text, as the keyboard does it. */
async function typeAhead(frame, text) {
  await frame.locator('#keys .pe-scroller').focus();
  await frame.page().keyboard.type(text, { delay: 20 });
  await frame.locator('.value-key', { hasText: text }).waitFor();
}

await withEditor('Default Dark Modern', dump, async (frame, picture) => {
  await frame.locator('#keys .pe-heading[data-column="key"]').click();
  await frame.page().waitForTimeout(500);
  await typeAhead(frame, 'user:1034');
  await picture('screenshot-keys');
  await frame.locator('#tab-file').click();
  await frame.locator('.library').evaluate((library) => {
    library.open = true;
    // Chosen with the mouse after keys were typed, the tab would have the frame of the focus.
    document.activeElement?.blur();
  });
  await picture('screenshot-file');
  await frame.locator('#tab-analysis').click();
  await frame.locator('.finding-list').waitFor();
  await frame.locator('#analysis-namespaces svg.chart:not(.swatch)').waitFor();
  await frame.evaluate(() => document.activeElement?.blur());
  await picture('screenshot-memory');
});
await withEditor('Default Light Modern', dump, async (frame, picture) => {
  await frame.locator('#keys .pe-heading[data-column="key"]').click();
  await frame.locator('[data-choice="tree"]').click();
  await frame.page().waitForTimeout(500);
  await frame.locator('#keys .pe-row.folder', { hasText: 'leaderboard' }).click();
  await frame.page().keyboard.press('ArrowRight');
  await frame.locator('#keys .pe-row', { hasText: '2026-w42' }).click();
  await frame.locator('#items .pe-row').first().waitFor();
  await picture('screenshot-tree');
});
await withEditor('Default Dark Modern', manifest, async (frame, picture) => {
  const rows = frame.locator('pe-command-list .pe-row:not([hidden])');
  await rows.filter({ hasText: 'MULTI' }).first().click();
  await frame.page().keyboard.press('ArrowRight');
  await rows.filter({ hasText: 'queue:orders' }).first().click();
  await frame.locator('pe-command-pane .pe-row:not([hidden])').last().click();
  await picture('screenshot-commands');
  await frame.locator('#tab-analysis').click();
  await frame.locator('pe-timeline-view .uplot').waitFor();
  await frame.evaluate(() => document.activeElement?.blur());
  await picture('screenshot-analysis');
});
