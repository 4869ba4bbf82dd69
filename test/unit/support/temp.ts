/** Folders for the files that tests write; they are removed at the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** Makes a folder that is there until the tests of the file have ended. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'persistence-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
