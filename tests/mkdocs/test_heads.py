"""What stands around the pages of the site: descriptions that a person can read, an index for each language."""

import importlib
import json
from types import SimpleNamespace

import pytest

pytest.importorskip("mkdocs")

heads = importlib.import_module("heads")  # the site is on the path, see pyproject.toml
LONG = "A sentence of forty characters, or so it is. "


@pytest.mark.parametrize(
    ("html", "lang", "expected"),
    [
        ("<h1>T</h1><p>One <em>word</em> of \\(x^T\\):</p><p>Two.</p>", "en", "One word of xᵀ"),
        ('<section class="mdderive x"><p>Given.</p></section><p>Said.</p>', "en", "Said."),
        (f"<p>{LONG * 5}</p>", "en", (LONG * 3).strip()),
        (f"<p>{'字' * 100}。{'字' * 100}</p>", "zh", "字" * 100 + "。"),
        ("<h1>T</h1>", "en", ""),
    ],
)
def test_a_page_is_described_by_its_first_sentences(html, lang, expected):
    assert heads.description(html, lang) == expected


def page(url, address=""):
    file = SimpleNamespace(src_uri=url + "index.md")
    config = SimpleNamespace(site_name="S", site_url=address)
    return heads.head(
        '<head></head><div data-md-component="search" role="dialog"></div>{"base": "../.."}',
        SimpleNamespace(file=file, url=url, title='A "title"', meta={"description": "d"}),
        config,
    )


def test_a_page_names_its_search_and_reads_the_index_of_its_language():
    assert 'aria-label="Search"' in page("guide/start/")
    assert '"base": "../.."' in page("guide/start/")
    assert 'aria-label="搜索"' in page("zh/guide/start/")
    assert '"base": "../.."' in page("zh/guide/start/")
    assert '"base": "."' in page("zh/")


def test_a_link_to_a_page_shows_what_it_is_about():
    assert 'content="A &quot;title&quot; - S"' in page("guide/")
    assert "og:image" not in page("guide/")
    assert '"https://s.org/img/social-zh.png"' in page("zh/guide/", "https://s.org/")


def test_each_language_has_an_index_of_its_own(tmp_path):
    index = tmp_path / heads.INDEX
    index.parent.mkdir()
    docs = [{"location": "a/", "text": "A"}, {"location": "zh/a/", "text": "甲"}, {"location": "zh/", "text": "首"}]
    index.write_text(json.dumps({"config": {"lang": ["en"]}, "docs": docs}), encoding="utf-8")
    (tmp_path / "zh").mkdir()
    heads.split_index(tmp_path)
    english, chinese = (json.loads((tmp_path / folder / heads.INDEX).read_text(encoding="utf-8")) for folder in ("", "zh"))
    assert [part["location"] for part in english["docs"]] == ["a/"]
    assert [part["location"] for part in chinese["docs"]] == ["a/", ""]
    assert english["config"] == chinese["config"]
