"""Lines that look like the opening of a derive block: each is a block, quoted, or answered with the line to write."""

import time

import pytest
from click.testing import CliRunner

from mdderive.check.glance import checked
from mdderive.cli.main import cli
from mdderive.document import tex
from mdderive.document.markdown import find_blocks
from mdderive.document.openings import near
from mdderive.model.results import Settings
from mdderive.model.source import Source

BODY = "X: n x n\n(X^T)^T = -X\n"
LOOKALIKES = {
    # the word
    "```Derive": "```derive",
    "```DERIVE": "```derive",
    "```derives": "```derive",
    "```deriv": "```derive",
    "```dervie": "```derive",
    "```derrive": "```derive",
    "```.derive": "```derive",
    "```#derive": "```derive",
    "``` Derive": "```derive",
    "~~~Derive": "~~~derive",
    "````DeRiVe": "````derive",
    '```Derive title="Ein Titel" new': '```derive title="Ein Titel" new',
    "```{.Derive layout=block}": "```{.derive layout=block}",
    "```{Derive}": "```derive",
    "```dérive": "```derive",
    "```mdderive": "```derive",
    "```ｄｅｒｉｖｅ": "```derive",
    "```dеrivе": "```derive",  # two Cyrillic letters
    '```Derive title="迹：一"': '```derive title="迹：一"',
    # the marks
    "::: derive": "```derive",
    ":::derive": "```derive",
    "::: {.derive}": "```derive",
    ':::{derive title="x"}': '```{.derive title="x"}',
    ":::: Derive": "```derive",
    "'''derive": "```derive",
    '"""derive': "```derive",
    "‘‘‘derive": "```derive",
    "´´´derive": "```derive",
    "｀｀｀derive": "```derive",
    "～～～derive": "~~~derive",
    "/// derive": "```derive",
    "\\begin{derive}": "```derive",
    # characters that cannot be seen
    "\u200b```derive": "```derive",
    "```\u200bderive": "```derive",
    "```de\u200drive": "```derive",
    "`\u2060``derive": "```derive",
    "```\u00adderive": "```derive",
    "\u00a0```derive": "```derive",
    "```\u00a0derive": "```derive",
    '```\u00a0derive layout="block"': '```derive layout="block"',
    "\u3000```derive": "```derive",
    "\u2003\u2003```derive": "```derive",
    "\x0b```derive": "```derive",
}
AROUND = {
    "top": ("", ""),
    "list": ("- item\n\n", "  "),
    "quote": ("> text\n>\n", "> "),
    "numbered in quote": ("> 1. item\n>\n", ">    "),
    "admonition": ("!!! note\n\n", "    "),
    "tab": ('=== "Tab"\n\n', "    "),
}


def block(opening, around="top"):
    head, prefix = AROUND[around]
    closing = {"~": "~~~", "～": "～～～"}.get(opening.strip()[0], "````" if opening.startswith("````") else "```")
    lines = [opening, *BODY.splitlines(), closing]
    return head + "".join(f"{prefix}{line}\n" for line in lines)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("opening", LOOKALIKES)
def test_what_looks_like_an_opening_is_answered_with_the_line_to_write(opening, around):
    text = "Text.\n\n" + block(opening, around) + "\nMore text.\n"
    document = checked(Source(text, "a.md"), Settings())
    assert document.blocks == ()
    (finding,) = document.findings
    assert (finding.code, finding.severity) == ("DRV108", "warning")
    assert finding.facts["write"] == LOOKALIKES[opening]
    assert LOOKALIKES[opening] in finding.help()
    assert document.source.line(document.source.place(finding.span.start).line).endswith(opening.lstrip())
    prefix = AROUND[around][1]
    right = text.replace(prefix + opening, prefix + LOOKALIKES[opening]).replace("～～～", "~~~")
    if "{" not in LOOKALIKES[opening] and "layout" not in opening:
        (wrong,) = checked(Source(right, "a.md"), Settings()).findings
        assert wrong.code == "DRV402"


@pytest.mark.parametrize("indent", ["    ", "\t", "  \t", "      ", "> " + "    ", "- item\n\n" + " " * 6])
@pytest.mark.parametrize("word", ["derive", "Derive", "{.derive}"])
def test_an_indented_fence_is_answered(indent, word):
    *head, space = indent.rpartition("\n\n")
    text = "Text.\n\n" + "".join(head) + "".join(f"{space}{line}\n" for line in (f"```{word}", *BODY.splitlines(), "```"))
    document = checked(Source(text, "a.md"), Settings())
    (finding,) = document.findings
    assert (finding.code, finding.severity) == ("DRV109", "warning")
    assert ("```derive" if word == "Derive" else f"```{word}") in finding.help()


@pytest.mark.parametrize("text", ["```text\n\n```Derive\nx\n```\n", "```python\nx\n\n~~~derives\n", "```\n```DERIV"])
def test_behind_a_fence_that_was_perhaps_forgotten_it_is_answered_too(text):
    found = find_blocks(Source(text))
    assert found.blocks == ()
    assert [finding.code for finding in found.findings] == ["DRV108"]


HARMLESS = [
    "We derive the gradient. Derive it yourself.\n",
    "derive\n======\n",
    "# Derive\n",
    "- derive the gradient\n- Derive\n",
    "> derive\n",
    "`derive` is a word, ``derive`` another, ```derive``` a third.\n",
    "``derive is open\n\nand stays open\n",
    "```rust\n#[derive(Debug)]\n```\n",
    "```derive-macro\nx\n```\n",
    "```derive_more\nx\n```\n",
    "```derivative\nx\n```\n",
    "```python derive\nx\n```\n",
    '```js title="derive"\nx\n```\n',
    "```\nderive\n```\n",
    "```driver\nx\n```\n",
    "```drive-in\nx\n```\n",
    "````md\n```Derive\nx\n```\n````\n",
    "````md\n::: derive\nx\n:::\n````\n",
    "~~~md\n```derives\n```\n~~~\n",
    "    ````md\n    ```derive\n    ```\n    ````\n",
    "```python\n'''derive'''\n\"\"\"derive\nthe gradient\"\"\"\n```\n",
    "```rust\n/// derive the gradient\n/// derive\n```\n",
    '    /// derive\n    ::: derive\n    """derive\n',
    "<!--\n```Derive\nx\n```\n-->\n",
    "<pre>\n```deriv\n```\n</pre>\n",
    "::: driver\nx\n:::\n",
    "::: derived\nx\n:::\n",
    "::: {#thm-derive}\nx\n:::\n",
    "::: {.derive-box}\nx\n:::\n",
    "\\begin{derived}\nx\n\\end{derived}\n",
    "::: warning derive\nx\n:::\n",
    "/// derive the gradient of f\n",
    '"""Derive the gradient of f"""\n',
    "::: note\nderive\n:::\n",
    "\\begin{align}\nderive\n\\end{align}\n",
    "$$\n\\begin{aligned} x \\end{aligned}\n$$\n",
    "// derive\n",
    "http://derive.example\n",
    "1. Derive\n2. derives\n",
    "| derive | Derive |\n|---|---|\n",
    "![derive](derive.png)\n",
    "**Derive**: text\n",
    "~~derive~~ is struck out\n",
    "'derive' \"derive\" ''derive''\n",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_not_look_like_an_opening_is_left_alone(text):
    assert find_blocks(Source(text)) == ((), ())


NEAR = ("derive", "DERIVE", "derived", "erive", "dreive", "derivee", "deribe")
FAR = ("derivative", "drivers", "deliver", "device", "desire", "arrive")


@pytest.mark.parametrize(("word", "is_near"), [*((word, True) for word in NEAR), *((word, False) for word in FAR)])
def test_a_word_is_near_by_one_change(word, is_near):
    assert near(word) == is_near


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{Derive}\nx\n\\end{Derive}\n",
        "\\begin{derive*}\nx\n\\end{derive*}\n",
        "\\begin {derive}\nx\n\\end{derive}\n",
        "\\begin{derives}\nx\n\\end{derives}\n",
        "```derive\nx: n\n```\n",
        "~~~{.derive}\nx: n\n~~~\n",
    ],
)
def test_in_latex_the_environment_to_write_is_said(text):
    found = tex.find_blocks(Source(f"Text.\n{text}", "a.tex"))
    assert found.blocks == ()
    (finding,) = found.findings
    assert finding.code == "DRV108"
    assert r"write \begin{derive}" in finding.help()


@pytest.mark.parametrize(
    "text",
    [
        "% \\begin{Derive}\n",
        "\\begin{verbatim}\n\\begin{Derive}\n```derive\n\\end{verbatim}\n",
        "\\newenvironment{derived}{}{}\n\\begin{derived}\nx\n\\end{derived}\n",
        "\\newtheorem{Derive}{Ableitung}\n\\begin{Derive}\nx\n\\end{Derive}\n",
        "\\begin{derivation}\nx\n\\end{derivation}\n",
        "We derive it: ``derive'' and \\emph{Derive}.\n",
    ],
)
def test_in_latex_other_environments_are_left_alone(text):
    assert tex.find_blocks(Source(text, "a.tex")) == ((), ())


@pytest.mark.parametrize("opening", ["```Derive", "```derives new", "~~~deriv", "```{.Derive}", "```\u200bderive"])
def test_fix_writes_the_line_where_only_the_word_is_wrong(opening, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    note = tmp_path / "a.md"
    note.write_text(block(opening), encoding="utf-8")
    assert CliRunner().invoke(cli, ["check", "a.md"]).exit_code == 0
    fixed = CliRunner().invoke(cli, ["check", "--fix", "a.md"])
    assert fixed.exit_code == 1
    assert "DRV402" in fixed.stdout
    assert note.read_text(encoding="utf-8") == block(
        LOOKALIKES.get(opening, "~~~derive" if "~" in opening else "```derive")
    ).replace("```derive\n", "```derive new\n" if "new" in opening else "```derive\n")


@pytest.mark.parametrize("opening", ["::: derive", "\u00a0```derive", "'''derive"])
def test_fix_leaves_alone_what_one_line_does_not_set_right(opening, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    note = tmp_path / "a.md"
    note.write_text(block(opening), encoding="utf-8")
    CliRunner().invoke(cli, ["check", "--fix", "a.md"])
    assert note.read_text(encoding="utf-8") == block(opening)


@pytest.mark.parametrize(
    "text",
    [
        "`" * 2_000_000 + "derive",
        "``derive\n" * 40_000,
        "> " * 500_000 + "```Derive",
        "[x]" * 500_000 + "derive",
        "[x " * 500_000 + "\n```derive",
        "\u200b" * 500_000 + "```derive\n",
        ("字" * 40 + "\n") * 50_000,
        "- " * 500_000 + "\n",
        ":" * 1_000_000 + " derive\n",
        "[" * 1_000_000,
        "```" + "a" * 2_000_000,
    ],
    ids=range(11),
)
def test_a_look_takes_no_longer_than_the_text_is_long(text):
    from mdderive.document.openings import openings

    begin = time.process_time()
    list(openings(text))
    assert time.process_time() - begin < 2
