"""Sphinx with reStructuredText and MyST: right blocks become mathematics of Sphinx's own, wrong ones fail `-W`."""

import io
from contextlib import chdir, redirect_stderr

import pytest

from tests.adapters.notes import BLOCK, PLACE, RIGHT, STATED, WRONG, python, write

sphinx = pytest.importorskip("sphinx.cmd.build")
pytest.importorskip("myst_parser")

BODY = "".join(f"   {line}\n" for line in BLOCK.splitlines()[1:-1])
RST = f"Title\n=====\n\n.. derive::\n\n{BODY}"
CONF = 'extensions = ["myst_parser", "mdderive.adapters.sphinx"]\nmyst_enable_extensions = ["colon_fence"]\n'


def build(folder, pages, *arguments, conf=CONF, builder="html"):
    """Build pages and return how Sphinx ends and what it says."""
    write(folder, {"conf.py": conf, **pages})
    with chdir(folder), redirect_stderr(io.StringIO()) as said:
        status = sphinx.main(["-q", "-b", builder, *arguments, ".", "out"])
    return status, said.getvalue()


RIGHT_PAGES = {
    "MyST": {"index.md": RIGHT},
    "MyST, as a directive": {"index.md": RIGHT.replace("derive", "{derive}", 1)},
    "MyST, in an admonition": {"index.md": f"# A\n\n:::{{note}}\n{BLOCK}:::\n"},
    "MyST, in a list": {"index.md": "# A\n\n- item\n\n" + "".join(f"  {line}\n" for line in BLOCK.splitlines())},
    "MyST, included": {"index.md": "# A\n\n```{include} part.txt\n```\n", "part.txt": RIGHT},
    "reStructuredText": {"index.rst": RST},
    "reStructuredText, no blank line": {"index.rst": RST.replace("derive::\n\n", "derive::\n")},
    "reStructuredText, in a list": {"index.rst": "A\n=\n\n* item\n\n" + "".join(f"  {line}\n" for line in RST.splitlines()[3:])},
    "reStructuredText, included": {"index.rst": "A\n=\n\n.. include:: part.inc\n", "part.inc": RST.partition("\n\n")[2]},
}


@pytest.mark.parametrize("pages", RIGHT_PAGES.values(), ids=RIGHT_PAGES)
def test_right_blocks_are_mathematics_and_wrong_ones_warn_with_file_and_line(pages, tmp_path):
    status, said = build(tmp_path / "right", pages, "-W")
    assert status == 0, said
    html = (tmp_path / "right" / "out" / "index.html").read_text(encoding="utf-8")
    assert 'class="math' in html
    assert r"\begin{aligned}" in html
    assert "Verified" in html
    wrong = {name: text.replace(STATED, "= 2 a b^T") for name, text in pages.items()}
    status, said = build(tmp_path / "wrong", wrong, "-W", "--keep-going")
    assert status == 1
    [name] = [name for name, text in wrong.items() if "2 a b^T" in text]
    [line] = [number for number, text in enumerate(wrong[name].splitlines(), 1) if "2 a b^T" in text]
    assert f"{name}:{line}: WARNING: the stated gradient is wrong; write a b^{{\\top}} [mdderive.DRV401]" in said
    html = (tmp_path / "wrong" / "out" / "index.html").read_text(encoding="utf-8")
    assert "DRV401" in html
    assert r"\begin{aligned}" not in html


def test_front_matter_moves_no_place(tmp_path):
    write(tmp_path, {"conf.py": CONF, "index.md": WRONG})
    assert f"index.md:{PLACE[0]}: WARNING" in python(tmp_path, "-m", "sphinx", "-q", ".", "out").stderr


def test_definitions_hold_to_the_end_of_their_section(tmp_path):
    head, _, goal = BLOCK.partition("\\frac")
    apart = f"# A\n\n{head}```\n\n## B\n\n```derive\n\\frac{goal}"
    assert build(tmp_path / "below", {"index.md": apart}, "-W")[0] == 0
    assert build(tmp_path / "beside", {"index.md": apart.replace("## B", "# B")}, "-W")[0] == 1


def test_options_stand_in_the_line_or_as_fields(tmp_path):
    fields = RST.replace("derive::\n\n", "derive::\n   :steps: result\n   :title: Named\n\n")
    line = RST.replace("derive::", 'derive:: steps="result" title="Named"').replace("Title\n=====", "Other\n-----")
    status, said = build(tmp_path, {"index.rst": f"{fields}\n{line}"}, "-W")
    assert status == 0, said
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.count("<strong>Named</strong>") == 2
    assert r"\begin{aligned}" not in html


def test_formulas_go_to_latex(tmp_path):
    assert build(tmp_path, {"index.md": RIGHT}, "-W", builder="latex")[0] == 0
    [tex] = (tmp_path / "out").glob("*.tex")
    assert r"\begin{aligned}" in tex.read_text(encoding="utf-8")


def test_what_looks_like_a_block_warns(tmp_path):
    assert "[mdderive.DRV108]" in build(tmp_path, {"index.md": RIGHT.replace("derive", "Derive", 1)})[1]


def test_options_that_cannot_be_meant_stop_sphinx(tmp_path):
    status, said = build(tmp_path, {"index.md": RIGHT}, conf=CONF + 'mdderive_layout = "sideways"\n')
    assert status == 2
    assert "mdderive_layout='sideways': write one of" in said


def test_the_words_are_in_the_language_asked_for(tmp_path):
    build(tmp_path, {"index.md": RIGHT}, conf=CONF + 'mdderive_lang = "zh"\n')
    assert "已验证" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
