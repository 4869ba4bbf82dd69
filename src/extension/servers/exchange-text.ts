/** A command and its reply as a piece of Markdown: as they went over the wire, and as people read them. */
import * as vscode from 'vscode';
import { formatCount, formatTime } from '../../format/quantities.js';
import type { Exchange } from '../../server/exchange.js';
import { type ReplyText, replyText, wireLines } from '../../server/reply-text.js';

/** Lines that are shown of each part. */
const LINES = 2000;

/** The piece for an exchange. */
export function transcriptOf(line: string, exchange: Exchange, at: Date): string {
  const { request, received, receivedBytes, reply, ms } = exchange;
  return [
    `## ${formatTime(at.getTime() - at.getMilliseconds())} UTC`,
    '',
    fenced('redis', [line]),
    '',
    fenced('text', ...parts(replyText(reply, LINES), false)),
    '',
    vscode.l10n.t('Sent, {0} bytes:', formatCount(request.length)),
    '',
    fenced('resp', ...parts(wireLines(request, LINES), false)),
    '',
    vscode.l10n.t(
      'Received after {0} ms, {1} bytes:',
      ms < 10 ? ms.toFixed(1) : Math.round(ms),
      formatCount(receivedBytes),
    ),
    '',
    fenced('resp', ...parts(wireLines(received, LINES), received.length < receivedBytes)),
    '',
  ].join('\n');
}

function parts({ lines, whole }: ReplyText, cut: boolean): [readonly string[], string | undefined] {
  return [lines, whole && !cut ? undefined : vscode.l10n.t('… and more, which is not shown')];
}

/** A block that nothing in it can end. */
function fenced(language: string, lines: readonly string[], more?: string): string {
  let fence = '```';
  while (lines.some((line) => line.includes(fence))) fence += '`';
  return [`${fence}${language}`, ...lines, fence, ...(more === undefined ? [] : ['', more])].join('\n');
}
