"""Write the sources of this site for Zensical, which reads no hooks and no plugins of MkDocs.

    python site/for_zensical.py FOLDER && cd FOLDER && zensical build

The pages are the same. Those that the hooks make are written as files, and `mkdocs.yml` names the extension of Python-Markdown in
place of the plugin. Only the navigation in the language of a page, and the link to its translation, are missing: they are hooks.
"""

import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path

from pages import FOLDER
from reference import filled, made

HERE = Path(__file__).parent
PLUGIN, HOOKS = "  - mdderive\n", "hooks:\n  - hooks.py\n"
SCRIPTS, ASSETS = "extra_javascript:\n", "assets/mdderive"
DRAWN = f"{SCRIPTS}  - {ASSETS}/math.js\n"
EXTENSIONS, FENCES = "markdown_extensions:\n", "  - pymdownx.superfences\n"
FENCE = """  - pymdownx.superfences:
      custom_fences:
        - name: derive
          class: derive
          format: !!python/name:mdderive.adapters.python_markdown.Fence
"""


def write(folder: Path) -> None:
    """Write the pages and the settings to a folder; raises `FileExistsError` where it has pages already."""
    pages = folder / "docs"
    shutil.copytree(HERE / "docs", pages)
    with as_file(files("mdderive") / "assets") as assets:
        shutil.copytree(assets, pages / ASSETS)
    for file in pages.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(filled(text, "zh" if file.is_relative_to(pages / FOLDER) else "en"), encoding="utf-8")
    for name, content in made().items():
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "mkdocs.yml").write_text(settings(), encoding="utf-8")


def settings() -> str:
    """Return `mkdocs.yml` with the extension in place of the plugin; raises `ValueError` where it has another form."""
    text = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
    for old, new in ((PLUGIN, ""), (HOOKS, ""), (SCRIPTS, DRAWN), (EXTENSIONS, EXTENSIONS + PLUGIN), (FENCES, FENCE)):
        if text.count(old) != 1:
            raise ValueError(f"mkdocs.yml has {old!r} {text.count(old)} times")
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    write(Path(sys.argv[1]))
