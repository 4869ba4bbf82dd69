// Opens the file that `npm start` was given. The workbench in the browser could be told to open it by its address, but
// would do so before it knows the custom editor, and show it as text.
const vscode = require('vscode');

exports.activate = async () => {
  const file = process.env.PERSISTENCE_EXPLORER_OPEN;
  if (!file) return;
  const editor = /\.(?:aof|aof\.manifest)$/i.test(file) ? 'aof' : /\.rdb$/i.test(file) ? 'rdb' : 'anyFile';
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), `redisPersistence.${editor}`);
};
