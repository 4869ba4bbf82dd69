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
