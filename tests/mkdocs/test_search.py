"""What a reader finds by searching a site: the title and the result of a derivation, and none of its steps."""

import json
from html import unescape

import pytest

pytest.importorskip("mkdocs")

from mdderive_mkdocs.searched import searched
from tests.mkdocs.test_builds import GOOD, build

PAGE = "# Page\n\nA word.\n\n" + GOOD.replace("```derive", '```derive title="Ridge"') + "\nAnother word.\n"


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_title_and_result_are_found_and_nothing_else(tmp_path, theme):
    if theme == "material":
        pytest.importorskip("material")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    config = f"site_name: S\nsite_dir: public\ntheme: {{name: {theme}, font: false}}\nplugins: [search, mdderive]\n"
    (tmp_path / "mkdocs.yml").write_text(config.replace(", font: false" if theme == "mkdocs" else "\0", ""))
    assert build(tmp_path, "-q").returncode == 0
    index = json.loads((tmp_path / "public" / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = unescape(" ".join(part["text"] for part in index["docs"]))
    assert "Ridge" in text
    assert r"\frac{\partial f}{\partial X} = a b^{\top}" in text
    assert "A word." in text
    assert "Another word." in text
    for hidden in ("Given", "Derivation in", "constant", "Exact arithmetic", "NumPy"):
        assert hidden not in text
    assert "Derivation in 3 steps" in (tmp_path / "public" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("a<p data-search-exclude>b</p>c", "ac"),
        ("a<div data-search-exclude>\n<div>b<br></div><p>c</p>\n</div>d<b>e</b>", "ad<b>e</b>"),
        ("a\n<p data-search-exclude>b</p>\n<p data-search-exclude>c</p>\nd", "a\n\n\nd"),
        ("a<p data-search-exclude>never closed", "a<p data-search-exclude>never closed"),
    ],
)
def test_marked_elements_are_left_out(page, left):
    assert searched(page) == left
