"""Blocks that other plugins bring into a page: each is expanded or fails the build, right and wrong in turn."""

import importlib.util
import json
import re

import pytest

pytest.importorskip("mkdocs")

from tests.mkdocs.test_builds import build, configure, site

WRONG = r"""```derive
W: m x n,  A: m x m
f = \operatorname{tr}(W^T A W)
\frac{\partial f}{\partial W} = 2 A W
```
"""
RIGHT = WRONG.replace("2 A W", "(A + A^T) W")
STATED = "2 A W"


def needs(module):
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"{module} is not installed")


def indented(text):
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


EXTENSIONS = "markdown_extensions: [admonition, pymdownx.superfences, pymdownx.snippets: {base_path: [.]}]\n"
FENCED = "markdown_extensions: [admonition, pymdownx.snippets: {base_path: [.]}]\n"
BUNDLE = "markdown_extensions: [admonition, pymdownx.extra, pymdownx.snippets: {base_path: [.]}]\n"
TABS = "markdown_extensions: [pymdownx.snippets: {base_path: [.]}, pymdownx.superfences: {preserve_tabs: true}]\n"
HOOK = """
from mkdocs.plugins import event_priority

@event_priority(-100)
def on_page_markdown(markdown, **_):
    return markdown.replace("HERE", open("block.md", encoding="utf-8").read())
"""
# name: (modules, plugins before, plugins after, the rest of the configuration, the page)
WAYS = {
    "snippet": ([], "", "", EXTENSIONS, '# Page\n\n--8<-- "block.md"\n'),
    "snippet as a block": ([], "", "", EXTENSIONS, "# Page\n\n--8<--\nblock.md\n--8<--\n"),
    "snippet in a list": ([], "", "", EXTENSIONS, '# Page\n\n- item\n\n    --8<-- "block.md"\n'),
    "snippet in an admonition": ([], "", "", EXTENSIONS, '# Page\n\n!!! note\n\n    --8<-- "block.md"\n'),
    "snippet in a snippet": ([], "", "", EXTENSIONS, '# Page\n\n--8<-- "outer.md"\n'),
    "snippet without superfences": ([], "", "", FENCED, '# Page\n\n--8<-- "block.md"\n'),
    "snippet with pymdownx.extra": ([], "", "", BUNDLE, '# Page\n\n--8<-- "block.md"\n'),
    "snippet with kept tabs": ([], "", "", TABS, '# Page\n\n--8<-- "block.md"\n'),
    "hook behind": ([], "", "", EXTENSIONS + "hooks: [hook.py]\n", "# Page\n\nHERE\n"),
    "macros behind": (["mkdocs_macros"], "", "macros", EXTENSIONS, "# Page\n\n{{ block() }}\n"),
    "macros before": (["mkdocs_macros"], "macros", "", EXTENSIONS, "# Page\n\n{{ block() }}\n"),
    "include-markdown behind": (
        ["mkdocs_include_markdown_plugin"],
        "",
        "include-markdown",
        EXTENSIONS,
        "# Page\n\n{% include-markdown '../block.md' %}\n",
    ),
    "include-markdown before": (
        ["mkdocs_include_markdown_plugin"],
        "include-markdown",
        "",
        EXTENSIONS,
        "# Page\n\n{% include '../block.md' %}\n",
    ),
    "markdown-exec behind": (
        ["markdown_exec"],
        "",
        "markdown-exec",
        EXTENSIONS,
        '# Page\n\n```python exec="1"\nprint(open("block.md").read())\n```\n',
    ),
    "markdown-exec before": (
        ["markdown_exec"],
        "markdown-exec",
        "",
        EXTENSIONS,
        '# Page\n\n```python exec="on" source="above"\nprint(open("block.md").read())\n```\n',
    ),
}


def put_together(folder, way, block):
    _, before, after, more, page = WAYS[way]
    folder = site(folder, {"index.md": page, "other.md": "# Other\n"})
    plugins = [f"  - {name}: {{}}" for name in (before, "mdderive", after) if name]
    with (folder / "mkdocs.yml").open("r+", encoding="utf-8") as file:
        head = file.read().partition("plugins:")[0]
        file.seek(0)
        file.truncate()
        file.write(head + "plugins:\n" + "\n".join(plugins) + "\n" + more)
    (folder / "block.md").write_text(block, encoding="utf-8")
    (folder / "outer.md").write_text('Outer.\n\n--8<-- "block.md"\n', encoding="utf-8")
    (folder / "hook.py").write_text(HOOK, encoding="utf-8")
    main = "def define_env(env):\n    @env.macro\n    def block():\n        return open('block.md', encoding='utf-8').read()\n"
    (folder / "main.py").write_text(main, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "way",
    [pytest.param(way, marks=[needs(module) for module in modules]) for way, (modules, *_) in WAYS.items()],
)
class TestWays:
    def test_a_right_block_is_expanded(self, way, tmp_path):
        result = build(put_together(tmp_path, way, RIGHT), "--strict")
        assert result.returncode == 0, result.stderr
        page = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
        assert 'class="mdderive-rows"' in page
        assert "```" not in page
        assert "1 blocks verified" in result.stderr

    def test_a_wrong_block_fails_the_build(self, way, tmp_path):
        result = build(put_together(tmp_path, way, WRONG))
        assert result.returncode == 1, result.stderr
        assert "DRV401" in result.stderr
        assert re.search(r"--> block\.md:4:33\n", result.stderr), result.stderr
        assert result.stderr.count("error[DRV401]") == 1
        assert STATED in result.stderr
        assert "Traceback" not in result.stderr
        assert not list((tmp_path / "public").glob("**/*.html"))


HERE = {
    "page": "{wrong}",
    "list": "- item\n\n{inside}",
    "admonition": "!!! note\n\n{inside}",
    "details": "??? note\n\n{inside}",
    "tab": '=== "Tab"\n\n{inside}',
    "footnote": "Text.[^1]\n\n[^1]: Note.\n\n{inside}",
    "quote": "{quoted}",
}
KINDS = """markdown_extensions:
  - admonition
  - footnotes
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
"""
MACROS = "def define_env(env):\n    @env.macro\n    def lines():\n        return 'one\\n\\ntwo\\n\\nthree\\n'\n"


@pytest.mark.parametrize("shifted", [False, pytest.param(True, marks=needs("mkdocs_macros"))], ids=["alone", "behind macros"])
def test_wrong_blocks_are_told_at_their_places_whatever_stands_around(shifted, tmp_path):
    wrong = {"wrong": WRONG, "inside": indented(WRONG), "quoted": "".join(f"> {line}\n" for line in WRONG.splitlines())}
    head = "---\ntitle: A\n---\n# Page\n\n" + "{{ lines() }}\n\n" * shifted
    pages = {f"{name}.md": head + around.format(**wrong) for name, around in HERE.items()}
    folder = site(tmp_path, pages)
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8") + KINDS
    config = config.replace("plugins:\n", "plugins:\n  - macros\n") if shifted else config
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    (folder / "main.py").write_text(MACROS, encoding="utf-8")
    result = build(folder)
    assert result.returncode == 1, result.stderr
    for name, page in pages.items():
        ((line, text),) = [(n, text) for n, text in enumerate(page.split("\n"), 1) if STATED in text]
        assert f"--> docs/{name}:{line}:{text.index(STATED) + 1}\n" in result.stderr
        (folder / "docs" / name).write_text(page.replace(STATED, "(A + A^T) W"), encoding="utf-8")
    right = build(folder, "--strict")
    assert right.returncode == 0, right.stderr
    assert f"{len(HERE)} blocks verified" in right.stderr


I18N = """  - i18n:
      docs_structure: suffix
      languages:
        - {locale: en, name: English, default: true, build: true}
        - {locale: zh, name: 中文, build: true}
"""


@needs("mkdocs_static_i18n")
@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_a_page_of_a_site_in_two_languages_has_its_language_and_its_place(behind, tmp_path):
    folder = site(tmp_path, {"index.md": "# Page\n\n" + RIGHT, "index.zh.md": "# 页面\n\n" + RIGHT, "other.md": "# Other\n"})
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    config = config + I18N if behind else config.replace("plugins:\n", "plugins:\n" + I18N)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    result = build(folder)
    assert result.returncode == 0, result.stderr
    english, chinese = ((folder / "public" / name / "index.html").read_text(encoding="utf-8") for name in ("", "zh"))
    assert "product rule" in english
    assert "product rule" not in chinese
    assert ">设 " in chinese
    (folder / "docs" / "index.zh.md").write_text("# 页面\n\n" + WRONG, encoding="utf-8")
    wrong = build(folder)
    assert wrong.returncode == 1, wrong.stderr
    assert "--> docs/index.zh.md:6:33\n" in wrong.stderr


@pytest.mark.parametrize("way", ["snippet", "snippet without superfences", "hook behind"])
def test_what_is_brought_in_and_only_looks_like_a_block_fails_the_build(way, tmp_path):
    result = build(put_together(tmp_path, way, WRONG.replace("derive", "Derive", 1)), "--strict")
    assert result.returncode == 1, result.stderr
    assert "DRV108" in result.stderr
    assert "write ```derive" in result.stderr


def notebook(*cells):
    made = [
        {"cell_type": kind, "id": f"c{n}", "metadata": {}, "source": text.splitlines(keepends=True)}
        for n, (kind, text) in enumerate(cells)
    ]
    for cell in made:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


NOTEBOOKS = {
    "n.ipynb": (
        notebook(("markdown", "# Note\n\n" + RIGHT)),
        notebook(("markdown", "# Note\n\nWe derive it.\n"), ("code", "1 + 1")),
    ),
    "m.ipynb": (notebook(("markdown", "# A"), ("markdown", WRONG.replace("derive", "Derive", 1))), notebook(("markdown", "# A"))),
    "p.py": (
        "# %% [markdown]\n# # Note\n#\n# ```derive\n# x: n\n# x = x\n# ```\n",
        "# %% [markdown]\n# We derive it.\n\n# %%\nderive = 1\n",
    ),
}


@needs("mkdocs_jupyter")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_made_from_a_notebook_with_a_block_fails_and_others_pass(name, tmp_path):
    bad, good = NOTEBOOKS[name]
    folder = site(tmp_path, {"index.md": "# Home\n\n" + RIGHT, name: bad})
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8").replace("plugins:\n", "plugins:\n  - mkdocs-jupyter: {}\n")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    refused = build(folder)
    assert refused.returncode == 1, refused.stderr
    assert "DRV195" in refused.stderr
    assert re.search(rf"--> docs/{name}:\d+:\d+", refused.stderr)
    (folder / "docs" / name).write_text(good, encoding="utf-8")
    passed = build(folder)
    assert passed.returncode == 0, passed.stderr
    assert "1 blocks verified" in passed.stderr


APART = """
import markdown

def on_page_content(html, config, **_):
    extensions = ["pymdownx.superfences"]
    options = {"pymdownx.superfences": dict(config.mdx_configs["pymdownx.superfences"])}
    apart = markdown.Markdown(extensions=extensions, extension_configs=options)
    return html + apart.convert(open("block.md", encoding="utf-8").read())
"""


@pytest.mark.parametrize(("block", "code"), [(WRONG, 1), (RIGHT, 1), ("We derive it.\n\n```python\nderive = 1\n```\n", 0)])
def test_what_a_plugin_converts_by_itself_is_caught_by_superfences(block, code, tmp_path):
    folder = site(tmp_path, {"index.md": "# Home\n\n" + RIGHT})
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("markdown_extensions: [pymdownx.superfences]\nhooks: [apart.py]\n")
    (folder / "apart.py").write_text(APART, encoding="utf-8")
    (folder / "block.md").write_text(block, encoding="utf-8")
    result = build(folder)
    assert result.returncode == code, result.stderr
    assert ("DRV195" in result.stderr) == bool(code)


DROPPING = (
    """
from mkdocs.plugins import event_priority

@event_priority(-100)
def on_config(config):
    config.markdown_extensions = [name for name in config.markdown_extensions if isinstance(name, str)]
    return config
"""
    + HOOK
)


@pytest.mark.parametrize(("text", "code"), [("# Page\n\nHERE\n", 1), ("# Page\n\n" + RIGHT, 0), ("# Page\n", 0)])
def test_where_the_net_is_taken_away_what_was_brought_in_still_fails(text, code, tmp_path):
    folder = site(tmp_path, {"index.md": text})
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("hooks: [dropping.py]\n")
    (folder / "dropping.py").write_text(DROPPING, encoding="utf-8")
    (folder / "block.md").write_text(RIGHT, encoding="utf-8")
    result = build(folder)
    assert result.returncode == code, result.stderr
    assert ("DRV195" in result.stderr) == bool(code)


QUOTED = {
    "longer fence": "````md\n" + WRONG + "````\n",
    "comment": "<!--\n" + WRONG + "-->\n",
    "other mark": "~~~md\n" + WRONG + "~~~\n",
    "word": "We `derive` it, and ```derive``` again.\n",
    "longer fence in a list": "- item\n\n" + indented("````md\n" + WRONG + "````\n"),
    "longer fence in a tab": '=== "Tab"\n\n' + indented("````md\n" + WRONG + "````\n"),
    "pre": "<pre>\n" + WRONG + "</pre>\n",
}


@pytest.mark.parametrize("more", [EXTENSIONS, FENCED, BUNDLE], ids=["superfences", "fenced_code", "extra"])
def test_what_is_quoted_is_left_alone(more, tmp_path):
    pages = {f"p{n}.md": f'# Page\n\n{text}\n--8<-- "block{n}.md"\n' for n, text in enumerate(QUOTED.values())}
    folder = site(tmp_path, {"index.md": "# Home\n", **pages})
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write(more)
    for n, text in enumerate(QUOTED.values()):
        (folder / f"block{n}.md").write_text(f"{text}\n{RIGHT}", encoding="utf-8")
    result = build(folder, "--strict")
    assert result.returncode == 0, result.stderr
    assert f"{len(QUOTED)} blocks verified" in result.stderr


SEEN = {
    "derive": WRONG,
    "Derive": WRONG.replace("derive", "Derive", 1),
    "derives": RIGHT.replace("derive", "derives", 1),
    "colons": ":::derive\nx\n:::\n",
    "no-break space": "\u00a0" + RIGHT,
    "zero width": RIGHT.replace("```derive", "```\u200bderive"),
    "four blanks": indented(RIGHT),
    "tab": "\t" + RIGHT.replace("\n", "\n\t"),
    "unclosed": RIGHT.rpartition("```")[0],
    "details": "<details>\n" + RIGHT + "</details>\n",
    "environment": RIGHT.replace("```derive", "\\begin{derive}").replace("```", "\\end{derive}"),
}


@pytest.mark.parametrize("strict", [[], ["--strict"]])
def test_what_looks_like_a_block_and_is_none_fails_a_build(strict, tmp_path):
    pages = {f"p{n}.md": f"# Page\n\n{text}" for n, text in enumerate(SEEN.values())}
    result = build(site(tmp_path, {"index.md": RIGHT, **pages}), *strict)
    assert result.returncode == 1, result.stderr
    assert sorted(re.findall(r"--> docs/(\w+\.md):\d+:\d+", result.stderr)) == sorted(pages)
    assert not list((tmp_path / "public").glob("**/*.html"))


def test_a_build_fails_for_a_line_that_only_looks_like_a_block(tmp_path):
    assert build(site(tmp_path, {"index.md": SEEN["Derive"], "other.md": RIGHT})).returncode == 1


def test_serve_shows_what_a_snippet_brings_in(tmp_path, caplog):
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    folder = put_together(tmp_path, "snippet", WRONG)
    config = load_config(str(folder / "mkdocs.yml"), markdown_extensions=[{"pymdownx.snippets": {"base_path": [str(folder)]}}])
    config.plugins.on_startup(command="serve", dirty=False)
    caplog.set_level("INFO", logger="mkdocs.plugins.mdderive")
    build_site(config)
    page = (folder / "public" / "index.html").read_text(encoding="utf-8")
    assert page.count("mdderive-error") == 1
    assert "2 A W" in page
    (folder / "block.md").write_text(RIGHT, encoding="utf-8")
    build_site(config)
    page = (folder / "public" / "index.html").read_text(encoding="utf-8")
    assert "mdderive-error" not in page
    assert 'class="mdderive-rows"' in page


def test_a_block_of_the_page_does_not_hide_the_same_one_brought_in(tmp_path):
    folder = put_together(tmp_path, "snippet", RIGHT)
    page = folder / "docs" / "index.md"
    page.write_text(RIGHT + page.read_text(encoding="utf-8"), encoding="utf-8")
    result = build(folder)
    assert result.returncode == 0
    assert "2 blocks verified" in result.stderr
    assert "2 A W" not in result.stderr
    assert "Page</h1>" in (html := (folder / "public" / "index.html").read_text(encoding="utf-8"))
    assert html.count('class="mdderive-rows"') == 2


def test_what_the_file_of_a_part_says_hides_nothing_of_the_page(tmp_path):
    """The part stands below declarations in its own file, where it is only warned of; on the page it fails."""
    declared = "```derive\nA: m x m, symmetric\nW: m x n\nV: k x k\nf = \\operatorname{tr}(W^T A W)\n```\n"
    part = "```derive\n\\frac{\\partial f}{\\partial W} = 2 A W\n\\frac{\\partial f}{\\partial V} = ?\n```\n"
    folder = put_together(tmp_path, "snippet", f"{declared}\n<!-- --8<-- [start:part] -->\n{part}<!-- --8<-- [end:part] -->\n")
    page = folder / "docs" / "index.md"
    page.write_text("# Page\n\n" + declared.replace(", symmetric", "") + '\n--8<-- "block.md:part"\n', encoding="utf-8")
    result = build(folder)
    assert result.returncode == 1
    assert "DRV119" in result.stderr


def test_serve_shows_what_only_looks_like_a_block(tmp_path):
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    folder = site(tmp_path, {"index.md": SEEN["Derive"]})
    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=False)
    build_site(config)
    page = (folder / "public" / "index.html").read_text(encoding="utf-8")
    assert page.count("mdderive-error") == 1
    assert "DRV108" in page


def test_a_wrong_block_of_the_page_itself_is_told_once(tmp_path):
    folder = site(tmp_path, {"index.md": "# Home\n\n" + WRONG + "\n" + RIGHT})
    configure(folder, "{}")
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write(EXTENSIONS)
    result = build(folder)
    assert result.returncode == 1
    assert re.findall(r"--> (docs/\S+)", result.stderr) == ["docs/index.md:6:33"]
