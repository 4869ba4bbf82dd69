// Types of workbench-lanes.mjs, for what measures in an editor.

export function startLanes(count: number, vsix: string): Promise<{ readonly folder: string; stop(): Promise<void> }>;
