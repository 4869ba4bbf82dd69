/** The box that commands are typed into, with those that were typed before. */
import * as vscode from 'vscode';
import { parseTypedLine } from '../../server/typed-line.js';
import type { ConfiguredServer } from './configured-server.js';

/** Asks for a line, with those before at hand. @returns undefined when the user has enough. */
export function askForLine(
  server: ConfiguredServer,
  history: readonly string[],
  text: string,
): Promise<string | undefined> {
  const input = vscode.window.createQuickPick();
  input.title = vscode.l10n.t('Run Command on {0}', server.name);
  input.placeholder = vscode.l10n.t('A command as in redis-cli, such as HGETALL "user:1"');
  input.ignoreFocusOut = true;
  input.value = text;
  const old = history.map((label) => ({ label }));
  const offer = () => {
    const { value } = input;
    const problem = problemOf(value);
    const first =
      value.trim() === ''
        ? []
        : [
            {
              label: value,
              alwaysShow: true,
              ...(problem === undefined ? { description: vscode.l10n.t('Enter runs it') } : { description: problem }),
            },
          ];
    input.items = [...first, ...old.filter(({ label }) => label !== value)];
  };
  return new Promise((resolve) => {
    input.onDidChangeValue(offer);
    input.onDidAccept(() => {
      const line = (input.activeItems[0]?.label ?? input.value).trim();
      if (line === '' || problemOf(line) !== undefined) return;
      resolve(line);
      input.dispose();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    offer();
    input.show();
  });
}

function problemOf(line: string): string | undefined {
  const parsed = parseTypedLine(line);
  if ('argv' in parsed) return undefined;
  return parsed.unbalanced === 'quote-not-closed'
    ? vscode.l10n.t('A quote is not closed.')
    : vscode.l10n.t('Behind a closing quote a blank has to follow.');
}
