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
    await page.waitForTimeout(1000);
    return false;
  });
}
