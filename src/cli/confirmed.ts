/** Asking before something is written to a server. */
import { askAtTerminal, isAtTerminal } from './password.js';
import { UsageError } from './usage.js';

/**
 * Whether somebody agrees.
 *
 * @param yes it was agreed before. @param command what is asked for, in messages. @param question without its answers.
 * @throws UsageError where nobody can be asked.
 */
export async function confirmed(yes: boolean, command: string, question: string): Promise<boolean> {
  if (yes) return true;
  if (!isAtTerminal()) throw new UsageError(`say --yes to ${command} without being asked`);
  return /^y(es)?$/i.test((await askAtTerminal(`${question} [y/N] `, false)).trim());
}
