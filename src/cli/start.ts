/**
 * The start of the command line as it is installed: its program is a comment at the end of this file, which is what Node
 * passes over fastest. What Node had made of it when it was built lies beside, in the folder `cli.cache`, for each
 * command what that needs: to compile it again takes half of a short run.
 */
/// <reference path="./program.d.ts" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { END_OF_COMMENT, ID } from 'program:cli/main';

const script = new Script(source(), { filename: __filename, cachedData: compiled() });
const program: (require: NodeJS.Require) => void = script.runInThisContext();
program(createRequire(__filename));

/** The program: what stands behind its id at the end of this file. It is ASCII. */
function source(): string {
  const file = readFileSync(__filename, 'latin1');
  const text = file.slice(file.lastIndexOf(`/*${ID}`) + 2 + ID.length, file.lastIndexOf('*/'));
  return text.replaceAll(END_OF_COMMENT, '*/');
}

/** What was made of this very program; undefined without it. Node itself tells whether it is of its own version. */
function compiled(): Buffer | undefined {
  const [, , command = ''] = process.argv;
  const file = (/^[a-z]+$/.test(command) ? cached(command) : undefined) ?? cached('other');
  return file?.toString('latin1', 0, ID.length) === ID ? file.subarray(ID.length) : undefined;
}

function cached(name: string): Buffer | undefined {
  try {
    return readFileSync(path.join(__dirname, 'cli.cache', name));
  } catch {
    // The program alone is all that is needed.
    return undefined;
  }
}
