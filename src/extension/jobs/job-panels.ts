/** The jobs that have a page: they are found again by their number, and end with the extension. */
import type * as vscode from 'vscode';
import { type JobOfPanel, JobPanel } from './job-panel.js';

/** All of them. */
export class JobPanels implements vscode.Disposable {
  private readonly panels = new Map<number, JobPanel>();
  private nextNumber = 1;

  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Opens the page of a job that is about to begin. */
  open(job: JobOfPanel): void {
    for (const panel of this.panels.values()) panel.goneOnWith(job.id);
    const number = this.nextNumber++;
    const panel = new JobPanel(this.context, job, number, () => this.panels.delete(number));
    this.panels.set(number, panel);
  }

  /** Shows the page of a job. */
  show(number: unknown): void {
    if (typeof number === 'number') this.panels.get(number)?.reveal();
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}
