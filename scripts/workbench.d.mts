// Types of workbench.mjs, for the tests.

/** Folders of an editor. */
export interface WorkbenchFolders {
  readonly userData: string;
  readonly extensions: string;
}

export interface Workbench {
  readonly url: string;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

export const QUIET_SETTINGS: Readonly<Record<string, unknown>>;
/** Writes the settings of the user, beside those under which a screen is quiet. */
export function writeSettings(userData: string, settings: Readonly<Record<string, unknown>>): void;
export function installWorkbench(): void;
export function installExtension(vsix: string, folders: WorkbenchFolders): void;
export function startWorkbench(
  options: WorkbenchFolders & {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly trust?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Workbench>;
