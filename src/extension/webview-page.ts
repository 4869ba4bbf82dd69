/** The page of the webview: one script, one style sheet, and a policy that allows nothing else. */
import * as vscode from 'vscode';
import type { HostState } from '../protocol.js';

/** The HTML of the page of an editor, with what the script needs to ask for the first rows at once. */
export function webviewPage(webview: vscode.Webview, extensionUri: vscode.Uri, state: HostState): string {
  return pageOf(webview, extensionUri, state.editor === 'aof' ? 'pe-aof-app' : 'pe-app', state.fileName, state);
}

/** The HTML of a page. @param element that it consists of. @param state what the element begins with. */
export function pageOf(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  element: string,
  title: string,
  state: object,
): string {
  const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name));
  const nonce = newNonce();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource('main.css')}">
<script type="module" nonce="${nonce}" src="${resource('main.js')}"></script>
<title>${escapeAttribute(title)}</title>
</head>
<body><${element} data-state="${escapeAttribute(JSON.stringify(state))}"></${element}></body>
</html>`;
}

/** Text within an attribute or an element: whatever it holds, it ends neither. */
function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes));
}
