"""Derive fences in Markdown: which are blocks, exactly where they stand, and what is said about the others."""

import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.document.blocks import inherited
from mdderive.document.markdown import find_blocks
from mdderive.model.source import Source, Span

CONTAINERS = {
    "plain": ("", ""),
    "list": ("- item\n\n", "    "),
    "numbered": ("1. item\n\n", "   "),
    "quote": ("> text\n>\n", "> "),
    "nested quote": ("> > text\n", "> > "),
    "list in quote": ("> - item\n>\n", ">   "),
    "admonition": ("!!! note\n\n", "    "),
    "admonition without blank line": ('!!! note "题"\n', "    "),
    "details": ("???+ tip\n\n    text\n\n", "    "),
    "tab": ('=== "Tab"\n\n', "    "),
    "admonition in tab": ('=== "Tab"\n\n    !!! note\n\n', "        "),
    "admonition in list": ("- item\n\n    !!! note\n\n", "        "),
    "admonition in quote": ("> !!! note\n>\n", ">     "),
    "three deep": ("- a\n    - b\n        - c\n\n", "            "),
    "tabs": ("- item\n\n", "\t"),
    "footnote": ("text[^1]\n\n[^1]: note\n\n", "    "),
    "definition": ("term\n\n:   meaning\n\n", "    "),
    "front matter": ("---\ntitle: derive\n---\n\n", ""),
    "byte order mark": ("\ufeff", ""),
    "after Chinese": ("矩阵求导：\n\n", ""),
}
LINES = ("a: m,  X: m x n", "", "  f = a^T X b  % 定义")


def lines_of(excerpt, text):
    """Return each line of an excerpt, read from the file at the places it says it came from."""
    at, found = 0, []
    for line in excerpt.text.split("\n"):
        span = excerpt.span(Span(at, at + len(line)))
        found.append(text[span.start : span.end])
        at += len(line) + 1
    return found


@pytest.mark.parametrize("mark", ["```", "~~~", "`````"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_fence_is_found_in_every_container_with_exact_places(container, end, mark):
    head, prefix = CONTAINERS[container]
    fence = [f'{mark}derive title="x"', *LINES, mark]
    text = head + "".join(f"{prefix}{line}".rstrip() + "\n" for line in fence) + f"{prefix.rstrip()}\nafter\n"
    text = text.replace("\n", end)
    found = find_blocks(Source(text))
    assert found.findings == ()
    (block,) = found.blocks
    spanned = text[block.span.start : block.span.end]
    assert spanned.startswith(f"{mark}derive")
    assert spanned.endswith(mark)
    assert spanned.count(mark) == 2
    assert [line.rstrip() for line in lines_of(block.excerpt, text)] == [line.rstrip() for line in LINES]
    assert block.excerpt.text.split("\n") == lines_of(block.excerpt, text)
    assert block.prefix == prefix
    assert block.options.title == "x"


def test_a_fence_that_opens_a_list_item_continues_with_spaces():
    text = "> 1. ~~~derive\n>    x: n\n>    ~~~\n"
    (block,) = find_blocks(Source(text)).blocks
    assert block.prefix == ">    "
    assert text[block.span.start : block.span.end] == "~~~derive\n>    x: n\n>    ~~~"


def test_a_partly_used_tab_has_no_place():
    text = "-  item\n\n   ```derive\n\tx: n\n   ```\n"
    (block,) = find_blocks(Source(text)).blocks
    assert lines_of(block.excerpt, text) == block.excerpt.text.split("\n") == ["x: n"]


def test_an_empty_block_has_a_place():
    text = "```derive\n```\n"
    (block,) = find_blocks(Source(text)).blocks
    assert block.excerpt.text == ""
    assert block.excerpt.origin(0) == len("```derive")


@pytest.mark.parametrize(
    "text",
    [
        "````md\n```derive\nx: n\n```\n````\n",
        "~~~\n```derive\nx: n\n```\n~~~\n",
        "text\n\n    ````md\n    ```derive\n    x: n\n    ```\n    ````\n",
        "<!--\n```derive\nx: n\n```\n-->\n",
        "<pre>\n```derive\n```\n</pre>\n",
        "```derivative\nx\n```\n",
        "```derive-x\nx\n```\n",
        "```python derive\nx\n```\n",
        "We derive ```derive``` here.\n",
        "no block at all\n",
    ],
)
def test_what_only_looks_like_a_block_is_none(text):
    assert find_blocks(Source(text)) == ((), ())


@pytest.mark.parametrize(
    ("text", "code", "marked", "label"),
    [
        ("# T\n\n```derive\nx: n\n", "DRV101", "```derive", None),
        ("> ```derive\n> x: n\n\ntext\n", "DRV101", "```derive", None),
        ("```derive a\nx: n\n\n```derive\ny: n\n```\n", "DRV101", "```derive a", "```derive"),
        ('<div>\n```derive new="x"\nx: n\n```\n</div>\n', "DRV102", '```derive new="x"', None),
        ("---\na: |\n  ```derive\n---\n", "DRV102", "```derive", None),
        ("text\n\n    ```derive\n    x: n\n    ```\n", "DRV109", "```derive", None),
        ("text\n      ```derive\n      ```\n", "DRV109", "```derive", None),
        ("<!--\n```derive\nx\n```\n", "DRV102", "```derive", None),
        ("```python\n1\n\n```derive\nx: n\n```\n", "DRV103", "```derive", "```python"),
        ("````\n1\n\n```derive\nx: n\n```\n", "DRV103", "```derive", "````"),
    ],
)
def test_a_block_that_cannot_be_read_is_reported_where_it_stands(text, code, marked, label):
    found = find_blocks(Source(text))
    assert found.blocks == ()
    (finding,) = found.findings
    assert (finding.code, text[finding.span.start : finding.span.end]) == (code, marked)
    assert [text[x.span.start : x.span.end] for x in finding.labels] == ([label] if label else [])


@pytest.mark.parametrize(
    ("info", "code", "marked", "word"),
    [
        ('derive layuot="block"', "DRV104", 'layuot="block"', "layuot"),
        ("derive nwe", "DRV104", "nwe", "nwe"),
        ('derive layout="row"', "DRV105", 'layout="row"', 'layout="numerator"'),
        ('derive new="yes"', "DRV105", 'new="yes"', "new"),
        ("derive title", "DRV105", "title", "title"),
        ('derive expect="DRV999"', "DRV105", 'expect="DRV999"', "DRV401"),
        ('derive skip=""', "DRV105", 'skip=""', "skip"),
        ("derive layout=block", "DRV106", "layout=block", 'layout="block"'),
        ("derive f(X)", "DRV107", "f(X)", "f(X)"),
        ('derive title="a"b', "DRV107", 'title="a"b', 'title="a"b'),
        ('derive steps="full" steps="brief"', "DRV107", 'steps="brief"', "steps"),
        ("{.derive layout=row}", "DRV105", "layout=row", 'layout="block"'),
    ],
)
def test_a_wrong_option_is_reported_and_the_block_is_kept(info, code, marked, word):
    text = f"> ```{info}\n> x: n\n> ```\n"
    (block,) = find_blocks(Source(text)).blocks
    (finding,) = block.findings
    assert (finding.code, text[finding.span.start : finding.span.end]) == (code, marked)
    assert word in finding.message() + finding.help()
    assert finding.message("zh")
    assert finding.help("zh")


def test_options_are_read_in_every_form():
    plain = """layout="block" steps='full' lang="zh" functions="matrix" title="a = b" expect="DRV401" skip="why" new"""
    bare = """#id .wide layout=block steps="full" lang=zh functions=matrix title="a = b" expect=DRV401 skip=why new"""
    text = f"```derive {plain}\n```\n\n```{{.derive {bare}}}\n```\n"
    found = find_blocks(Source(text))
    first, second = (block.options for block in found.blocks)
    assert not any(block.findings for block in found.blocks)
    assert first == second
    assert (first.layout, first.steps, first.lang, first.functions) == ("block", "full", "zh", "matrix")
    assert (first.title, first.expect, first.skip, first.new) == ("a = b", "DRV401", "why", True)


def test_a_section_ends_at_the_next_heading_of_its_level():
    fence = "\n```derive\n```\n"
    text = f"{fence}# A\n{fence}## B\n{fence}### C\n{fence}## D\n{fence}E\n=\n{fence}> ## quoted\n{fence}"
    kept = {}
    seen = []
    for name, block in zip("0ABCDEF", find_blocks(Source(text)).blocks, strict=True):
        seen.append(inherited(block.section, kept, "") + name)
        kept[block.section] = seen[-1]
    assert seen == ["0", "0A", "0AB", "0ABC", "0AD", "0E", "0EF"]


def test_deep_nesting_is_read_or_reported():
    for depth in (30, 98, 300):
        text = "> " * depth + "```derive\n" + "> " * depth + "```\n"
        found = find_blocks(Source(text))
        assert len(found.blocks) + len(found.findings) == 1


def test_a_text_without_blocks_imports_no_markdown_reader():
    code = """
        import sys
        from mdderive.document.markdown import find_blocks
        from mdderive.model.source import Source
        assert find_blocks(Source("We derive it.\\n\\n```python\\nderive()\\n```\\n")) == ((), ())
        assert not [name for name in sys.modules if name.startswith(("markdown_it", "mdit"))]
        assert find_blocks(Source("```derive\\n```\\n")).blocks
        assert "markdown_it" in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


SCRAPS = st.sampled_from(
    (
        '```derive|~~~derive|```|~~~~|````md|> |- |1. |    |\t|!!! note|=== "T"|# H|---|<div>|<!--|-->|\n|\r\n|\r|\n\n|x: n|'
        "中文|\x0b|\u2028|\0|[^1]:|: |{.derive new}|::: derive|```Derive|``derive|\u200b|\u00a0|\ufeff"
    ).split("|")
)


@given(st.one_of(st.text(), st.lists(SCRAPS, max_size=40).map("".join)))
def test_any_text_is_read_and_every_place_is_exact(text):
    source = Source(text)
    found = find_blocks(source)
    for block in found.blocks:
        assert "derive" in text[block.span.start : block.span.end]
        assert lines_of(block.excerpt, text.replace("\0", "\ufffd")) == block.excerpt.text.split("\n")
    for finding in [*found.findings, *(f for block in found.blocks for f in block.findings)]:
        line = source.line(source.place(finding.span.start).line)
        assert "derive" in line or "```derive" in finding.help() or "~~~derive" in finding.help()
        assert finding.message()
        assert finding.message("zh")


CLOSED = st.sampled_from('> |- |1. |!!! note|=== "T"|# H|---|\n|\r\n|\n\n|x: n|中文|[^1]:|: |    a|\t'.split("|"))


@given(st.lists(CLOSED, max_size=30).map("".join))
def test_no_opening_is_passed_over(text):
    """A fence behind anything that leaves nothing open is a block."""
    (block,) = find_blocks(Source(f"{text}\n\n```derive\nx: n\n```\n")).blocks
    assert block.excerpt.text == "x: n"
