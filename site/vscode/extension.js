// Starts `mdderive lsp` for Markdown, LaTeX and the text cells of notebooks, and hands on what it says.

const path = require("path");
const { commands, window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["markdown", "latex", "tex", "quarto"];
let client;

function started() {
  const chosen = workspace.getConfiguration("mdderive");
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const [name, ...args] = chosen.get("command");
  const own = folder && /[\\/]/.test(name) && !path.isAbsolute(name);
  const server = { command: own ? path.join(folder, name) : name, args, options: { cwd: folder } };
  client = new LanguageClient("mdderive", "mdderive", server, {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    initializationOptions: chosen.get("settings"),
  });
  return client.start().catch((error) => {
    window.showErrorMessage(`mdderive: ${error.message}. Install it with pip install 'mdderive[lsp]', or set mdderive.command.`);
  });
}

async function restarted() {
  await client?.stop().catch(() => undefined);
  await started();
}

exports.activate = (context) => {
  context.subscriptions.push(
    commands.registerCommand("mdderive.restart", restarted),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("mdderive") && restarted()),
  );
  return started();
};

exports.deactivate = () => client?.stop();
