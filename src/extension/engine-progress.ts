/** Long work of an engine, with a notification that shows how far it is and can end it. */
import * as vscode from 'vscode';
import { EngineError, RequestCancelledError } from '../engine/client.js';
import { translatedMessage } from './translations.js';

/** A request that was sent, as the client of an engine gives it. */
export interface Running<Result> {
  readonly result: Promise<Result>;
  cancel(): void;
}

/** What long work is given: sends requests that end when the user gives up, and tells how far they are. */
export type Send = <Result>(start: (onProgress: (done: number) => void) => Running<Result>) => Promise<Result>;

/**
 * Does long work, and says why where it fails.
 *
 * @param title of the notification.
 * @param share of the whole that each request is.
 * @returns undefined if the user gave up or it failed.
 */
export async function withEngineProgress<Result>(
  title: string,
  share: number,
  work: (send: Send, token: vscode.CancellationToken) => Promise<Result>,
): Promise<Result | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    return await vscode.window.withProgress(options, (progress, token) => work(sender(share, progress, token), token));
  } catch (error) {
    if (error instanceof RequestCancelledError) return undefined;
    if (!(error instanceof EngineError)) throw error;
    void vscode.window.showErrorMessage(translatedMessage(error.info));
    return undefined;
  }
}

function sender(
  share: number,
  progress: vscode.Progress<{ readonly increment?: number }>,
  token: vscode.CancellationToken,
): Send {
  return async (start) => {
    if (token.isCancellationRequested) throw new RequestCancelledError();
    let reported = 0;
    const running = start((done) => {
      progress.report({ increment: (done - reported) * share * 100 });
      reported = done;
    });
    const listening = token.onCancellationRequested(() => running.cancel());
    try {
      return await running.result;
    } finally {
      listening.dispose();
    }
  };
}
