/** How soon rows are on the screen when a file is opened in the real editor, as the extension itself measures it. */
import { linkSync } from 'node:fs';
import path from 'node:path';
import { Editor } from '../test/workbench/support/editor.js';
import type { View } from '../test/workbench/support/view.js';

/**
 * Opens each file so many times, in one editor.
 *
 * @param vsix the packed extension.
 * @returns milliseconds from the moment when the workbench asks for an editor until its rows are drawn, by file; the
 * first of each is after the start of the workbench.
 */
export async function measureFirstRows(
  vsix: string,
  files: readonly string[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  process.env.EXTENSION_VSIX = vsix;
  const editor = await Editor.start({ files: {} });
  const results = new Map<string, number[]>();
  try {
    for (const file of files) linkSync(file, path.join(editor.folder, path.basename(file)));
    await editor.ready();
    for (let round = 0; round < rounds; round++) {
      for (const file of files) {
        const name = path.basename(file);
        const view = await editor.openFile(name);
        const after = await view.until('the first rows', () => firstRows(view));
        results.set(file, [...(results.get(file) ?? []), after]);
        // Every file is read to its end before the next one is opened.
        await view.until('the end of the file', async () => (await view.summary()).includes('checksum ok'), 120_000);
        await editor.closeTab(name);
      }
    }
  } finally {
    await editor.stop();
  }
  return results;
}

/** Milliseconds from the moment when the workbench asked for the editor until its rows were drawn, once they are. */
function firstRows(view: View): Promise<number | undefined> {
  return view.frame.evaluate(() => {
    const [mark] = performance.getEntriesByName('first rows') as PerformanceMark[];
    return mark?.detail as number | undefined;
  });
}
