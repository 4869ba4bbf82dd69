// Lanes of the workbench tests: servers with the packed extension, in each of which one file of tests after the other opens its window.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installExtension, startWorkbench } from './workbench.mjs';

/**
 * Starts lanes. To install the extension, to start a server and to have it compile itself takes as long as many tests;
 * each window has a browser, a folder, settings and an extension host of its own all the same.
 *
 * @param count how many files of tests run at the same time.
 * @param vsix the packed extension.
 * @returns the folder with a file for each lane (see `Lane` in test/workbench/support/lanes.ts), and a function that
 *   stops them.
 */
export async function startLanes(count, vsix) {
  const folder = mkdtempSync(path.join(tmpdir(), 'persistence-explorer-lanes-'));
  const running = [];
  let stopped = false;

  const foldersOf = (number) => {
    const home = path.join(folder, `home-${number}`);
    return { userData: path.join(home, 'user-data'), extensions: path.join(home, 'extensions') };
  };

  async function startLane(number) {
    const folders = foldersOf(number);
    // Whether it asks for trust is a setting of each window.
    const workbench = await startWorkbench({ ...folders, trust: false });
    running[number] = workbench;
    const lane = { url: workbench.url, userData: folders.userData };
    writeFileSync(path.join(folder, `${number}.json`), JSON.stringify(lane));
    // One that ends by itself, as after a crash, takes only one file of tests with it.
    workbench.exited.then(() => {
      if (stopped) return;
      console.log(`The workbench of lane ${number} ended by itself; it is started again.`);
      startLane(number).catch((error) => console.error(`It could not be started again: ${error.message}`));
    });
  }

  async function stop() {
    stopped = true;
    await Promise.all(running.map((workbench) => workbench.stop()));
    // The servers' own children end a little later than they do.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }

  try {
    for (let number = 0; number < count; number++) {
      installExtension(vsix, foldersOf(number));
      await startLane(number);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { folder, stop };
}
