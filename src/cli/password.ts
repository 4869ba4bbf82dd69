/** The password of a server: from the environment, or asked for at a terminal; it is never an argument. */

/** Environment variables that can hold it, the first that is set counts. */
const VARIABLES = ['REDIS_PERSISTENCE_PASSWORD', 'REDISCLI_AUTH'];

const SENTINEL_VARIABLES = ['REDIS_PERSISTENCE_SENTINEL_PASSWORD'];

/** The password that the environment gives; undefined without one. */
export function passwordFromEnvironment(): string | undefined {
  return firstOf(VARIABLES);
}

/** The password of Sentinels themselves. */
export function sentinelPasswordFromEnvironment(): string | undefined {
  return firstOf(SENTINEL_VARIABLES);
}

function firstOf(names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** Asks for a line at the terminal. @param hidden true for a password, which is not shown. */
export function askAtTerminal(question: string, hidden: boolean): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  if (hidden) stdin.setRawMode(true);
  return new Promise((resolve) => {
    let text = '';
    const take = (piece: Buffer) => {
      for (const char of piece.toString('utf8')) {
        if (char === '\r' || char === '\n' || char === '\u0004') {
          finish();
          return;
        }
        if (char === '\u0003') process.exit(130);
        if (hidden && (char === '\u007f' || char === '\b')) text = text.slice(0, -1);
        else text += char;
      }
    };
    const finish = () => {
      stdin.off('data', take);
      stdin.off('end', finish);
      stdin.pause();
      if (hidden) {
        stdin.setRawMode(false);
        stderr.write('\n');
      }
      resolve(text);
    };
    stdin.on('data', take);
    stdin.on('end', finish);
    stdin.resume();
  });
}

/** True if a person can be asked. */
export function isAtTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}
