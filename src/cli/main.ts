/**
 * The program of the command line: standard output and error, and the exit status. What a thread or a command does not
 * need is not even set up.
 */
import { isMainThread } from 'node:worker_threads';

async function main(): Promise<void> {
  if (!isMainThread) {
    (await import('./memory-thread.js')).runMemoryThread();
    return;
  }
  const [{ run }, { Output }] = await Promise.all([import('./run.js'), import('./output.js')]);
  const complain = (text: string) => void process.stderr.write(text);
  process.exitCode = await run(process.argv.slice(2), new Output(process.stdout), complain);
}

void main();
