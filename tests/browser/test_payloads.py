"""A site whose titles and reasons try to be more than words, in a browser: nothing runs, nothing links, every word is read."""

import shutil
import subprocess
import sys

import pytest

from mdderive.check.pipeline import check
from tests.browser.test_page import CHROMIUM, FLAGS, KATEX
from tests.output.test_escaping import BLOCKS, OPTIONS, PAYLOADS, Elements, placed, refused

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
CONFIG = """\
site_name: S
site_dir: public
theme: {name: null, custom_dir: theme}
plugins: [{mdderive: {math: off}}]
markdown_extensions:
  - attr_list
  - md_in_html
  - pymdownx.superfences
"""
# What is drawn with KaTeX at its most trusting, between every kind of delimiters; `alert` leaves a mark.
PAGE = """\
<script>window.alert = () => document.body.setAttribute("data-ran", "yes")</script>
{{ page.content }}
<script src="katex.min.js"></script><script src="auto-render.min.js"></script>
<script>if (window.renderMathInElement) renderMathInElement(document.body, {trust: true, throwOnError: false, delimiters: [
  {left: "$$", right: "$$", display: true}, {left: "$", right: "$"}, {left: "\\\\(", right: "\\\\)"},
  {left: "\\\\[", right: "\\\\]", display: true}]})</script>
"""


@pytest.mark.parametrize("arithmatex", ["", "  - pymdownx.arithmatex: {generic: true}\n"])
def test_payloads_stay_words(tmp_path, arithmatex):
    notes = [placed(block, payload) for block in BLOCKS[: len(OPTIONS)] for payload in PAYLOADS if "\x00" not in payload]
    sound = [note for note in notes if not refused(check(note))]
    assert len(sound) > 100
    (tmp_path / "docs").mkdir()
    (tmp_path / "theme").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n" + "\n\n".join(sound), encoding="utf-8")
    (tmp_path / "theme/main.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG + arithmatex, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for script in ("katex.min.js", "auto-render.min.js"):
        shutil.copy(KATEX / script, tmp_path / "public")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path}/user", "--dump-dom", (tmp_path / "public/index.html").as_uri()]
    page = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = Elements(page)
    assert 'data-ran="yes"' not in page
    elements = {tag[0] for tag in found.tags if isinstance(tag, tuple) and "mdderive" not in dict(tag[1]).get("class", "")}
    assert not elements & {"a", "img", "details", "svg", "input", "textarea", "del", "mark", "ins", "code", "table"}
    assert not [
        key
        for key, value in found.attributes()
        if key.startswith("on") or ("javascript:" in (value or "") and key != "data-copy")
    ]
    assert "<script>alert(1)</script>" in "".join(found.words)
