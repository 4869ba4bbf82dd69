/** The boxes and lists in which commands ask one thing after another. */
import type { Editor } from './editor.js';

/** Answers the question that has some words in its title, its prompt or its placeholder, once it is there. */
export async function answerQuestion(editor: Editor, words: string, text: string): Promise<void> {
  const { page } = editor;
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('input.input');
  await editor.until(`the question ${words}`, async () => {
    const said = `${await widget.innerText()} ${await input.getAttribute('placeholder')}`;
    return said.includes(words);
  });
  await input.fill(text);
  await page.keyboard.press('Enter');
}

/** Chooses an entry of the list that is open. */
export async function chooseEntry(editor: Editor, entry: string | RegExp): Promise<void> {
  const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
  await row.waitFor();
  await row.click();
}

/** Milliseconds after which the list of a command has been closed by something else. */
const LIST_MS = 15_000;

/** Runs a command of the palette, and chooses an entry of the list that it shows. */
export async function commandEntry(editor: Editor, title: string, entry: string | RegExp): Promise<void> {
  const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
  // A webview that gets the focus back late closes the list, as it does with the palette.
  await editor.until(`${entry} of ${title}`, async () => {
    await editor.command(title);
    return row
      .waitFor({ timeout: LIST_MS })
      .then(() => row.click({ timeout: LIST_MS }))
      .then(
        () => true,
        () => false,
      );
  });
}

/** Chooses an entry of a list, and one of a list before it if that comes. */
export async function chooseEntryAfter(editor: Editor, before: string, entry: string | RegExp): Promise<void> {
  const rows = editor.page.locator('.quick-input-list .monaco-list-row');
  const [first, wanted] = [before, entry].map((hasText) => rows.filter({ hasText }).first());
  await editor.until(`${entry} in a list`, async () => {
    if (await wanted.isVisible()) return true;
    // A list that goes away meanwhile takes no click.
    if (await first.isVisible()) await first.click({ timeout: 1000 }).catch(() => undefined);
    return false;
  });
  await wanted.click();
}

/** Marks entries of a list in which several can be chosen, and accepts. */
export async function checkEntries(editor: Editor, ...entries: readonly string[]): Promise<void> {
  for (const entry of entries) {
    const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
    const box = row.locator('[role="checkbox"], input[type="checkbox"]').first();
    await box.waitFor();
    const checked = async () =>
      (await box.getAttribute('aria-checked')) === 'true' || (await row.getAttribute('aria-checked')) === 'true';
    await editor.until(`${entry} to be checked`, async () => {
      if (await checked()) return true;
      await row.click();
      await editor.page.waitForTimeout(200);
      return checked();
    });
  }
  await editor.page.keyboard.press('Enter');
}

/** Answers the dialog for files, which asks for a path. */
export async function answerDialog(editor: Editor, target: string): Promise<void> {
  const { page } = editor;
  const input = page.locator('.quick-input-widget input.input');
  await editor.until('the dialog for files', async () => {
    if (!(await input.isVisible()) || !(await input.inputValue()).startsWith('/')) return false;
    // The dialog, which takes no text while it reads the folder, puts in what it proposes then, also over what was typed before.
    await input.fill(target, { timeout: 2000 }).catch(() => undefined);
    await page.waitForTimeout(1000);
    return (await input.inputValue()) === target;
  });
  await editor.until('the dialog to close', async () => {
    if (!(await input.isVisible())) return true;
    await page.keyboard.press('Enter');
    return input.waitFor({ state: 'hidden', timeout: 1000 }).then(
      () => true,
      () => false,
    );
  });
}
