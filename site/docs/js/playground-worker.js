// Python and mdderive in a worker of their own, so that the page stays alive while they think.
import { loadPyodide } from "../playground/pyodide.mjs";

const ANSWER = `
import json, mdderive

def answer(text, equations, lang):
    document = mdderive.check(text, path="note.md", settings=mdderive.Settings(equations=equations, lang=lang))
    shown = []
    mdderive.convert(document, "html", boxes=lang, place=lambda part: shown.append(part) or "")
    report = mdderive.report([document], lang=lang).strip()
    if not equations:  # each block has its box
        report = report.rpartition("\\n")[2]
    return json.dumps({"html": [part.replace('href="#rule-', 'href="../rules/#') for part in shown], "report": report})
`;

async function started() {
  const python = await loadPyodide({ indexURL: new URL("../playground/", import.meta.url).href });
  const bundle = await fetch(new URL("../playground/mdderive.zip", import.meta.url));
  python.unpackArchive(await bundle.arrayBuffer(), "zip", { extractDir: python.runPython("import site; site.getsitepackages()[0]") });
  python.runPython(ANSWER);
  return python.globals.get("answer");
}

const ready = started();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data: { id, text, equations, lang } }) => {
  try {
    postMessage({ id, ...JSON.parse((await ready)(text, equations, lang)) });
  } catch (error) {
    postMessage({ id, failed: String(error) });
  }
};
