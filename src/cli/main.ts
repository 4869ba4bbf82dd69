/** The program of the command line: standard output and error, and the exit status. */
import { runChecksumThread } from './checksum-thread.js';
import { runMemoryThread } from './memory-thread.js';
import { Output } from './output.js';
import { run } from './run.js';

if (!runChecksumThread() && !runMemoryThread()) {
  const complain = (text: string) => void process.stderr.write(text);
  void run(process.argv.slice(2), new Output(process.stdout), complain).then((status) => {
    process.exitCode = status;
  });
}
