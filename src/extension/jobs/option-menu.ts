/** A menu of options with sensible values: the first row goes on, each other row changes one thing and comes back. */
import * as vscode from 'vscode';

/** An option, as it stands. */
export interface MenuOption {
  readonly label: string;
  /** Its value, in words. */
  readonly value: string;
  /** True if the value is not the usual one. */
  readonly changed: boolean;
  /** Lets the user change it. */
  change(): Promise<void>;
}

/** Options that belong together. */
export interface MenuGroup {
  readonly title: string;
  readonly options: readonly MenuOption[];
}

/** What stands first: goes on with the options as they are. */
export interface MenuGo {
  readonly label: string;
  readonly detail: string;
}

type Item = vscode.QuickPickItem & { readonly option?: MenuOption };

/**
 * Shows the menu until the user goes on.
 *
 * @param make gives what is shown, anew each time.
 * @returns false if the user gave up.
 */
export async function optionMenu(
  title: string,
  make: () => { readonly go: MenuGo; readonly groups: readonly MenuGroup[] },
): Promise<boolean> {
  for (;;) {
    const { go, groups } = make();
    const items: Item[] = [{ label: `$(play) ${go.label}`, detail: go.detail }];
    for (const { title: name, options } of groups) {
      items.push({ label: name, kind: vscode.QuickPickItemKind.Separator });
      for (const option of options) {
        const mark = option.changed ? '$(circle-filled)' : '$(circle-outline)';
        items.push({ label: `${mark} ${option.label}`, description: option.value, option });
      }
    }
    const chosen = await pick(title, items);
    if (!chosen) return false;
    if (!chosen.option) return true;
    await chosen.option.change();
  }
}

/** Shows the items; the first is active. */
function pick(title: string, items: readonly Item[]): Promise<Item | undefined> {
  return new Promise((resolve) => {
    const menu = vscode.window.createQuickPick<Item>();
    menu.title = title;
    menu.placeholder = vscode.l10n.t('Press Enter to go on, or choose what is to be different');
    menu.ignoreFocusOut = true;
    menu.items = items;
    menu.onDidAccept(() => {
      const [chosen] = menu.activeItems;
      // Where nothing passes what was typed, there is nothing to accept.
      if (!chosen) return;
      resolve(chosen);
      menu.hide();
    });
    menu.onDidHide(() => {
      resolve(undefined);
      menu.dispose();
    });
    menu.show();
  });
}

/** One of a few values. @returns undefined if none is chosen. */
export async function choose<Value>(
  title: string,
  choices: readonly { readonly label: string; readonly detail?: string; readonly value: Value }[],
  current?: Value,
): Promise<Value | undefined> {
  const items = choices.map((choice) => ({
    label: choice.value === current ? `$(check) ${choice.label}` : choice.label,
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    choice,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  return chosen?.choice.value;
}

/**
 * A text that means something.
 *
 * @param parse gives undefined for a text that means nothing.
 * @param wrong what is said of such a text.
 */
export async function askText<Value>(
  title: string,
  prompt: string,
  value: string,
  parse: (text: string) => Value | undefined,
  wrong: string,
): Promise<Value | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (typed) => (parse(typed) === undefined ? wrong : undefined),
  });
  return text === undefined ? undefined : parse(text);
}
