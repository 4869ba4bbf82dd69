/**
 * The program of the command line: standard output and error, and the exit status. What a command does not need is not
 * even set up.
 */
async function main(): Promise<void> {
  const [{ run }, { Output }] = await Promise.all([import('./run.js'), import('./output.js')]);
  const complain = (text: string) => void process.stderr.write(text);
  process.exitCode = await run(process.argv.slice(2), new Output(process.stdout), complain);
}

void main();
