"""Whole sites: builds that must pass, builds that must fail, and what they say."""

import logging
import os
import re
import subprocess
import sys
from contextlib import chdir
from html import unescape
from textwrap import dedent
from typing import NamedTuple

import pytest
from click.testing import CliRunner

mkdocs = pytest.importorskip("mkdocs.__main__")

GOOD = r"""# Good

```derive
a: m,  X: m x n,  b: n
f = a^T X b
\frac{\partial f}{\partial X} = a b^T
```
"""
WRONG = r"""---
title: A title
---
# Wrong

> - in a list
>
>     ```derive
>     W: m x n,  A: m x m
>     f = \operatorname{tr}(W^T A W)
>     \frac{\partial f}{\partial W} = 2 A W
>     ```
"""
WRONG_PLACE = (11, 39)


CONFIG = """\
site_name: S
site_dir: public
theme: {{name: null, custom_dir: theme}}
plugins:
  - mdderive: {options}
"""


PAGE = "<title>{{ page.title }}</title>{{ page.content }}{% for s in config.extra_javascript %}{{ s | script_tag }}{% endfor %}"


def site(folder, pages, options="{}"):
    docs = folder / "docs"
    docs.mkdir()
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8")
    configure(folder, options)
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text(PAGE, encoding="utf-8")
    return folder


def configure(folder, options):
    (folder / "mkdocs.yml").write_text(CONFIG.format(options=options), encoding="utf-8")


class Built(NamedTuple):
    """How a build ended, and what it said."""

    returncode: int
    stderr: str


def build(folder, *args):
    """Build a site with the command line of MkDocs in this process, as if nothing had been built before."""
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.utils import DuplicateFilter

    logger = logging.getLogger("mkdocs")
    handlers, level, propagate = [*logger.handlers], logger.level, logger.propagate
    logging.getLogger("mkdocs.commands.build").filters[:] = [DuplicateFilter()]
    MkDocsConfig.plugins.plugin_cache.clear()
    try:
        with chdir(folder):
            result = CliRunner().invoke(mkdocs.cli, ["build", *args])
    finally:
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate
    if not isinstance(result.exception, SystemExit | None):
        raise result.exception
    return Built(result.exit_code, result.stderr)


def build_apart(folder, tool):
    """Build a site with a program in a process of its own."""
    command = [sys.executable, "-m", tool, "build"]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120, env=env)
    return Built(done.returncode, done.stderr)


def five(**others):
    return {f"p{i}.md": GOOD for i in range(5)} | {"index.md": "# Home\n"} | others


def test_good_pages_build_and_are_counted(tmp_path):
    result = build(site(tmp_path, five()), "--strict")
    assert result.returncode == 0, result.stderr
    assert "mdderive: 5 blocks verified" in result.stderr
    page = (tmp_path / "public" / "p0" / "index.html").read_text(encoding="utf-8")
    assert "language-derive" not in page
    assert 'class="mdderive-rows"' in page


def test_a_site_without_blocks_says_zero(tmp_path):
    result = build(site(tmp_path, {"index.md": "# Home\n"}))
    assert result.returncode == 0
    assert "mdderive: 0 blocks verified" in result.stderr


@pytest.mark.parametrize("tool", ["mkdocs", "properdocs"])
def test_one_wrong_page_fails_the_build_and_is_named(tmp_path, tool):
    pytest.importorskip(tool)
    result = build_apart(site(tmp_path, five(**{"bad.md": WRONG})), tool)
    assert result.returncode == 1
    assert "docs/bad.md:{}:{}".format(*WRONG_PLACE) in result.stderr
    assert "DRV401" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list((tmp_path / "public").glob("**/*.html"))


def test_all_findings_of_all_pages_are_told_at_once(tmp_path):
    twice = WRONG + WRONG.partition("# Wrong")[2]
    result = build(site(tmp_path, five(**{"bad.md": twice, "worse.md": WRONG})))
    assert result.returncode == 1
    places = re.findall(r"--> (docs/\w+\.md:\d+:\d+)", result.stderr)
    assert places == ["docs/bad.md:11:39", "docs/bad.md:20:39", "docs/worse.md:11:39"]


def test_chinese_words(tmp_path):
    folder = site(tmp_path, five(), "{lang: zh, steps: full}")
    assert build(folder).returncode == 0
    assert "已验证" in (folder / "public" / "p1" / "index.html").read_text(encoding="utf-8")


def test_a_bare_off_is_accepted_and_other_words_are_not(tmp_path):
    folder = site(tmp_path, five(), "{equations: off}")
    assert build(folder).returncode == 0
    for options in ("{equations: sometimes}", "{layuot: denominator}", "{undecided: ignore}"):
        configure(folder, options)
        assert build(folder, "--strict").returncode == 1, options


def test_formulas_outside_blocks_are_judged_on_demand(tmp_path):
    folder = site(tmp_path, five(**{"note.md": "$tr(AB) = tr(A) tr(B)$\n"}), "{equations: fail}")
    refused = build(folder)
    assert refused.returncode == 1
    assert "docs/note.md:1:" in refused.stderr
    configure(folder, "{equations: warn}")
    warned = build(folder)
    assert warned.returncode == 0
    assert "DRV402" in warned.stderr
    configure(folder, "{equations: off}")
    assert "DRV402" not in build(folder).stderr


def test_a_page_changed_by_another_plugin_before_is_still_checked(tmp_path):
    hook = dedent("""
        from mkdocs.plugins import event_priority

        @event_priority(100)
        def on_page_markdown(markdown, **_):
            return "inserted\\n\\n" + markdown + "\\nappended\\n"
    """)
    folder = site(tmp_path, {"index.md": WRONG})
    (folder / "hook.py").write_text(hook)
    with (folder / "mkdocs.yml").open("a") as config:
        config.write("hooks: [hook.py]\n")
    result = build(folder)
    assert result.returncode == 1
    assert "docs/index.md:{}:{}".format(*WRONG_PLACE) in result.stderr


def plugin_for(folder, command):
    from mkdocs.config import load_config

    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command=command, dirty=False)
    return config


def test_serve_goes_on_and_shows_the_finding_on_the_page(tmp_path, caplog):
    from mkdocs.commands.build import build as build_site

    folder = site(tmp_path, five(**{"bad.md": WRONG}))
    config = plugin_for(folder, "serve")
    caplog.set_level("INFO", logger="mkdocs.plugins.mdderive")
    build_site(config)
    page = (folder / "public" / "bad" / "index.html").read_text(encoding="utf-8")
    assert "mdderive-error" in page
    assert re.search(r"<b>DRV401</b> \S*docs/bad.md:11:39: the stated gradient is wrong", page)
    assert "2 A W" in page
    assert any("docs/bad.md:11:39" in record.getMessage() for record in caplog.records)
    assert any("5 blocks verified, 1 not verified" in record.getMessage() for record in caplog.records)
    (folder / "docs" / "bad.md").write_text(GOOD, encoding="utf-8")
    build_site(config)
    assert "mdderive-error" not in (folder / "public" / "bad" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("extensions", ["[]", "[pymdownx.superfences]", "[pymdownx.extra, pymdownx.tabbed]", "[fenced_code]"])
@pytest.mark.parametrize("render", ["html", "markdown"])
def test_the_box_shows_line_hint_and_right_answer_whatever_the_fence_says(tmp_path, extensions, render):
    from mkdocs.commands.build import build as build_site

    titled = WRONG.replace("```derive", '```derive title="A <title>" steps="full"')
    folder = site(tmp_path, {"index.md": titled}, f"{{render: {render}}}")
    with (folder / "mkdocs.yml").open("a") as config:
        config.write(f"markdown_extensions: {extensions}\n")
    config = plugin_for(folder, "serve")
    build_site(config)
    shown = (folder / "public" / "index.html").read_text(encoding="utf-8")
    words = unescape(re.sub(r"<[^>]*>", "", shown))
    assert shown.count("mdderive-error") == 1
    assert re.search(r"11 \| *> *\\frac\{\\partial f\}\{\\partial W\} = 2 A W\n *\| +\^{5} ", words)
    assert "note: it would hold if A were symmetric" in words
    assert r"help: \frac{\partial f}{\partial W} = (A + A^{\top}) W" in words
    assert 'derive title="A <title>" steps="full"' in words
    (folder / "docs" / "index.md").write_text(titled.replace("2 A W", "(A + A^T) W"), encoding="utf-8")
    build_site(config)
    assert "mdderive-error" not in (folder / "public" / "index.html").read_text(encoding="utf-8")


def test_serve_reads_an_unchanged_page_once(tmp_path, monkeypatch):
    from mkdocs.commands.build import build as build_site

    import mdderive

    seen = []
    check = mdderive.check
    monkeypatch.setattr(mdderive, "check", lambda text, **more: seen.append(more.get("path", "-")) or check(text, **more))
    folder = site(tmp_path, five(), "{cache: false}")
    config = plugin_for(folder, "serve")
    build_site(config)
    assert (
        len([path for path in seen if "docs/" in path and path.endswith(".md")]) == 6
    )  # the others are what is looked at while it is converted
    before = len(seen)
    (folder / "docs" / "p3.md").write_text(GOOD + "\nMore.\n", encoding="utf-8")
    build_site(config)
    assert [os.path.basename(path) for path in seen[before:] if "docs/" in path and path.endswith(".md")] == ["p3.md"]


def test_an_unchanged_page_is_neither_read_nor_written_again(tmp_path, monkeypatch):
    import mdderive

    folder = site(tmp_path, five(), f"{{cache: {tmp_path / 'cache'}}}")

    def made():
        result = build(folder)
        assert result.returncode == 0, result.stderr
        assert "mdderive: 5 blocks verified" in result.stderr
        return {path: path.read_bytes() for path in (folder / "public").rglob("*.html")}

    first, converted = made(), []
    assert any(b'id="rule-' in page for page in first.values())
    convert = mdderive.convert
    monkeypatch.setattr(
        mdderive, "convert", lambda document, *to, **more: converted.append(document) or convert(document, *to, **more)
    )
    assert made() == first
    assert not converted
    (folder / "docs" / "p3.md").write_text(GOOD + "\nMore.\n", encoding="utf-8")
    assert {path for path, page in made().items() if page != first[path]} == {folder / "public" / "p3" / "index.html"}
    assert len(converted) == 1


def test_another_rendering_is_written_anew(tmp_path):
    folder = site(tmp_path, five())
    for options, shown in (("{}", True), ("{render: markdown}", False), ("{}", True)):
        configure(folder, f"{options[:-1]}{', ' * (options != '{}')}cache: {tmp_path / 'cache'}}}")
        assert build(folder).returncode == 0
        page = (folder / "public" / "p0" / "index.html").read_text(encoding="utf-8")
        assert ("mdderive-rows" in page) == shown, options


def test_a_build_that_fails_counts_the_pages_that_stayed(tmp_path):
    folder = site(tmp_path, five(), f"{{cache: {tmp_path / 'cache'}}}")
    assert build(folder).returncode == 0
    (folder / "docs" / "bad.md").write_text(WRONG, encoding="utf-8")
    again = build(folder)
    configure(folder, "{cache: false}")
    anew = build(folder)
    assert again.returncode == anew.returncode == 1
    assert again.stderr == anew.stderr


def test_serve_follows_a_change_of_the_options_on_pages_that_stay(tmp_path):
    from mkdocs.commands.build import build as build_site

    folder = site(tmp_path, {"index.md": "# Home\n\n$tr(AB) = tr(A) tr(B)$\n"}, "{equations: off}")
    build_site(plugin_for(folder, "serve"))
    for options, shown in (("{equations: fail}", True), ("{equations: off}", False)):
        configure(folder, options)
        build_site(plugin_for(folder, "serve"))
        page = (folder / "public" / "index.html").read_text(encoding="utf-8")
        assert ("DRV402" in page) == shown, options


@pytest.mark.parametrize(
    ("options", "args", "code"),
    [("{}", [], 0), ("{}", ["--strict"], 1), ("{undecided: fail}", [], 1), ("{undecided: warn}", [], 0)],
)
def test_undecided_warns_or_fails(tmp_path, options, args, code):
    page = "```derive\nx: n\n\\log(-x^T x) = 0\n```\n"
    result = build(site(tmp_path, {"index.md": page}, options), *args)
    assert result.returncode == code
    assert "docs/index.md:3:16" in result.stderr
    assert "DRV404" in result.stderr
    if not code:
        assert "Not decided" in (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
        assert "0 blocks verified, 1 not verified" in result.stderr
