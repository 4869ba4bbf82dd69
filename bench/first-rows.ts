/** How soon rows are on the screen of the real editor: when a file is opened, and when its scroll bar is moved. */
import { linkSync } from 'node:fs';
import path from 'node:path';
import { Editor } from '../test/workbench/support/editor.js';
import type { View } from '../test/workbench/support/view.js';

declare const PROJECT_ROOT: string;

/** How long it took until rows were drawn, in milliseconds. */
export interface FirstRows {
  /** Since the workbench asked the extension for an editor. */
  readonly sinceAsked: number;
  /** Since the workbench began to load the page of the editor. */
  readonly sincePage: number;
  /** Since the scroll bar was moved, for each of many places in the file. */
  readonly scrolled: readonly number[];
}

/**
 * Opens each file so many times, in one editor that has opened one before.
 *
 * @param vsix the packed extension.
 * @returns what was measured, by file.
 */
export async function measureFirstRows(
  vsix: string,
  files: readonly string[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly FirstRows[]>> {
  // Imported as it is, because it finds what it starts beside itself.
  const { startLanes }: typeof import('../scripts/workbench-lanes.mjs') = await import(
    path.join(PROJECT_ROOT, 'scripts', 'workbench-lanes.mjs')
  );
  const lanes = await startLanes(1, vsix);
  try {
    process.env.WORKBENCH_LANES = lanes.folder;
    return await measureIn(await Editor.start({ files: {} }), files, rounds);
  } finally {
    await lanes.stop();
  }
}

async function measureIn(
  editor: Editor,
  files: readonly string[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly FirstRows[]>> {
  const results = new Map<string, FirstRows[]>();
  try {
    for (const file of files) linkSync(file, path.join(editor.folder, path.basename(file)));
    await editor.ready();
    // The first editor of a workbench waits for the start of the workbench.
    await open(editor, path.basename(files[0]));
    for (let round = 0; round < rounds; round++) {
      for (const file of files) {
        results.set(file, [...(results.get(file) ?? []), await open(editor, path.basename(file))]);
      }
    }
  } finally {
    await editor.stop();
  }
  return results;
}

/** Opens a file, waits until it is read to its end, and closes it. */
async function open(editor: Editor, name: string): Promise<FirstRows> {
  const view = await editor.openFile(name);
  const times = await view.until('the first rows', () => firstRows(view));
  await view.until('the end of the file', async () => (await view.summary()).includes('checksum ok'), 120_000);
  const scrolled = await scroll(view);
  await editor.closeTab(name);
  return { ...times, scrolled };
}

/** Moves the scroll bar to places all over the file. @returns milliseconds until no row is blank, for each. */
function scroll(view: View): Promise<number[]> {
  return view.frame.evaluate(async () => {
    const scroller = document.querySelector<HTMLElement>('#keys .pe-scroller');
    if (!scroller) throw new Error('there is no grid');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    for (let i = 1; i <= 30; i++) {
      const begin = performance.now();
      scroller.scrollTop = ((i * 0.618) % 1) * scroller.scrollHeight;
      // The rows of the new place are drawn in the frame after the next.
      await frame();
      await frame();
      while (document.querySelector('#keys .pe-row.pe-loading:not([hidden])')) await frame();
      times.push(Math.round(performance.now() - begin));
    }
    return times;
  });
}

/** What the webview has measured, once it has. */
function firstRows(view: View): Promise<Omit<FirstRows, 'scrolled'> | undefined> {
  return view.frame.evaluate(() => {
    const [mark] = performance.getEntriesByName('first rows') as PerformanceMark[];
    return mark && { sinceAsked: mark.detail as number, sincePage: Math.round(mark.startTime) };
  });
}
