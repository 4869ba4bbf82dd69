/**
 * The start of the command line as it is installed: its program is a text in this file, and what Node had made of the
 * text when it was built lies beside, in `cli.cache`. To read the program again takes a third of a short run.
 */
/// <reference path="../engine/node/program.d.ts" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { ID, SOURCE } from 'program:cli/main';

const script = new Script(SOURCE, { filename: __filename, cachedData: compiled() });
const program: (require: NodeJS.Require) => void = script.runInThisContext();
program(createRequire(__filename));

/** What was made of this very program; undefined without it. Node itself tells whether it is of its own version. */
function compiled(): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path.join(__dirname, 'cli.cache'));
  } catch {
    // The program alone is all that is needed.
    return undefined;
  }
  return file.toString('latin1', 0, ID.length) === ID ? file.subarray(ID.length) : undefined;
}
