"""What the playground of the site needs: Python for the browser, and this package with the libraries that it stands on."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import escape
from importlib.metadata import files, requires
from pathlib import Path

from mdderive.model.diagnostics import Language

HERE = Path(__file__).parent
RUNTIME = HERE / "node_modules/pyodide"
PYTHON = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
FOLDER = "playground/"
KATEX = "mdderive/assets/katex"
BUNDLE = "mdderive.zip"


WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "start": "Start",
        "share": "Copy a link",
        "equations": "judge the formulas of the text too",
        "note": "Note",
        "loading": "Loading Python, some seconds …",
        "thinking": "Thinking …",
        "failed": "This did not work.",
        "copied": "The link is copied.",
        "missing": "The playground is not part of this copy of the site. Run `npm install --prefix site` before the build.",
    },
    "zh": {
        "start": "开始",
        "share": "复制链接",
        "equations": "也判定文中的公式",
        "note": "笔记",
        "loading": "正在载入 Python，需要几秒……",
        "thinking": "计算中……",
        "failed": "出错了。",
        "copied": "链接已复制。",
        "missing": "这个网站在生成时没有带上演练场。生成前运行 `npm install --prefix site` 即可。",
    },
}
EXAMPLES: tuple[tuple[Mapping[Language, str], str], ...] = (
    ({"en": "A gradient", "zh": "求导"}, "a: m,  X: m x n,  b: n\nf = a^T X b\n\\frac{\\partial f}{\\partial X} = ?"),
    (
        {"en": "A wrong gradient", "zh": "错误的导数"},
        "W: m x n,  A: m x m\nf = \\operatorname{tr}(W^T A W)\n\\frac{\\partial f}{\\partial W} = 2 A W",
    ),
    (
        {"en": "Least squares", "zh": "最小二乘"},
        "X: m x n,  w: n,  y: m\nm >= n\nl = \\|X w - y\\|^2\n\\frac{\\partial l}{\\partial w} = 0 \\Rightarrow w = ?",
    ),
    ({"en": "Softmax", "zh": "Softmax"}, "x: n\np = \\operatorname{softmax}(x)\n\\frac{\\partial p}{\\partial x^T} = ?"),
)


def page(lang: Language) -> str:
    """Return the playground, or what says that this copy of the site has none."""
    words = WORDS[lang]
    if not RUNTIME.is_dir():
        return words["missing"]
    told = " ".join(f'data-{name}="{escape(words[name])}"' for name in ("loading", "thinking", "failed", "copied"))
    notes = [(title[lang], f"```derive\n{block}\n```\n") for title, block in EXAMPLES]
    button = '<button type="button" class="md-button" data-example="{}">{}</button>'
    buttons = " ".join(button.format(kept(note), escape(title)) for title, note in notes)
    return "\n".join(
        [
            f'<div class="playground" data-lang="{lang}" data-worker="{up(lang)}js/playground-worker.js" {told}>',
            f"<p>{buttons}</p>",
            f'<textarea data-part="note" aria-label="{words["note"]}" rows="9" spellcheck="false">',
            f"{kept(notes[0][1])}</textarea>",
            f'<p><button type="button" class="md-button md-button--primary" data-part="start">{words["start"]}</button>',
            f'<button type="button" class="md-button" data-part="share">{words["share"]}</button>',
            f'<label><input type="checkbox" data-part="equations"> {words["equations"]}</label>',
            '<span data-part="state" role="status"></span></p>',
            '<div data-part="shown"></div>',
            '<pre data-part="report" aria-live="polite"></pre>',
            "</div>",
            f'<script src="{up(lang)}js/playground.js" defer></script>',
        ]
    )


def kept(note: str) -> str:
    """Return a note as it stands in HTML that Markdown is to leave alone."""
    return escape(note).replace("`", "&#96;").replace("\n", "&#10;")


def up(lang: Language) -> str:
    """Return how the page in a language comes to the top of the site."""
    return "../../" if lang == "zh" else "../"


def assets() -> dict[str, bytes]:
    """Return the files of the playground by their address; none where Python for the browser is not installed."""
    if not RUNTIME.is_dir():
        return {}
    return {FOLDER + name: (RUNTIME / name).read_bytes() for name in PYTHON} | {FOLDER + BUNDLE: bundle()}


def bundle() -> bytes:
    """Return an archive of the package and of the libraries that it requires."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted((*_package(), *_libraries())):
            archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _package() -> Iterator[tuple[str, Path]]:
    root = HERE.parent
    for file in (root / "mdderive").rglob("*"):
        if file.is_file() and file.suffix != ".pyc" and not file.is_relative_to(root / KATEX):  # the page has KaTeX
            yield file.relative_to(root).as_posix(), file


def _libraries() -> Iterator[tuple[str, Path]]:
    for library in sorted(_required("mdderive", set())):
        for file in files(library) or ():
            if (file.suffix == ".py" or file.name == "METADATA") and not {"..", "tests"} & set(file.parts):
                yield file.as_posix(), Path(str(file.locate()))


def _required(library: str, seen: set[str]) -> set[str]:
    """Return the names of all libraries that one requires, those of its extras left out."""
    for line in requires(library) or ():
        requirement, _, marker = line.partition(";")
        name = re.match(r"[\w.-]+", requirement)
        if name and not marker and name[0] not in seen:
            seen.add(name[0])
            _required(name[0], seen)
    return seen
