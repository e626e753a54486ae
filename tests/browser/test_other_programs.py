r"""Pages that Zensical and Sphinx make: every formula is drawn without a network, in both schemes, on a phone, and printed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mdderive
from tests.browser.sites import CHROMIUM, served
from tests.browser.test_component import NOTE
from tests.browser.test_formulas import LEFT, drawn

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

KATEX = Path(mdderive.__file__).parent / "assets" / "katex"
DRAW = r"""document.addEventListener("DOMContentLoaded", () => renderMathInElement(document.body, {delimiters: [
  {left: "\\[", right: "\\]", display: true}, {left: "\\(", right: "\\)", display: false}]}))
"""
ZENSICAL = """[project]
site_name = "S"
extra_javascript = ["katex/katex.min.js", "katex/auto-render.min.js", "katex/draw.js"]
extra_css = ["katex/katex.min.css"]
[project.theme]
font = false
[project.markdown_extensions.mdderive]
[project.markdown_extensions.pymdownx.arithmatex]
generic = true
"""
SPHINX = """extensions = ["myst_parser", "mdderive.adapters.sphinx", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath"]
html_static_path = ["katex"]
html_css_files = ["katex.min.css", "draw.css"]
mathjax_path = "katex.min.js"
html_js_files = [("auto-render.min.js", {"defer": "defer"}), ("draw.js", {"defer": "defer"})]
"""


def made(folder, docs, config, *command):
    """Build a site of one page with a KaTeX of its own beside it."""
    shutil.copytree(KATEX, docs / "katex")
    (docs / "katex" / "draw.js").write_text(DRAW, encoding="utf-8")
    (docs / "katex" / "draw.css").write_text("div.math { overflow-x: auto; }\n", encoding="utf-8")
    (docs / "index.md").write_text(NOTE, encoding="utf-8")
    (folder / config[0]).write_text(config[1], encoding="utf-8")
    line = [sys.executable, "-m", *command]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("program", ["zensical", "sphinx"])
def test_formulas_are_drawn_and_nothing_is_cut(program, chromium, tmp_path):
    pytest.importorskip(program)
    if program == "zensical":
        made(tmp_path, tmp_path / "docs", ("zensical.toml", ZENSICAL), "zensical", "build")
        public = tmp_path / "site"
    else:
        pytest.importorskip("myst_parser")
        made(tmp_path, tmp_path, ("conf.py", SPHINX), "sphinx", "-q", "-W", "-b", "html", ".", "out")
        public = tmp_path / "out"
    asked = []
    with served(public) as address:
        for width, scheme in ((320, "dark"), (1200, "light")):
            page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            drawn(page, 11)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.emulate_media(media="print")
            assert page.evaluate(LEFT) == []
            assert page.locator(".katex-display").first.is_visible()
            page.close()
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:"))]
