r"""`mdderive convert`: a page and a document that stand alone, what stands inside of them, and derivations written into notes."""

import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner

import mdderive
from mdderive.cli.main import cli

NOTE = r"""# Trace & more

Prose $x_1^T A x_2$, \(z\), 5 % of #1 and `a_b`. See [there](https://example.org/a_b%20c).

$$
g = \begin{aligned} a &= b \\ c &= \alpha + α \end{aligned}
$$

```derive title="A <title>"
a: m,  X: m x n,  b: n
f = a^T X b
\frac{\partial f}{\partial X} = ?
```

- item

    ```derive
    W: m x n,  A: m x m
    f = \operatorname{tr}(W^T A W)
    \frac{\partial f}{\partial W} = ?
    ```

> ```derive new
> x: n, y: m, V: m x n
> g = \frac12 \|\tanh(V x) - y\|^2 + \frac12 \|V\|^2
> \frac{\partial g}{\partial V} = ?
> ```

| a | b |
|---|---|
| $x$ | `c` |
"""
CHINESE = NOTE.replace("Prose", "设").replace("```derive", '```derive lang="zh"').replace("# Trace & more", "# 迹 100%")
CHINESE = CHINESE.replace('lang="zh" new', 'lang="zh", new').replace('derive lang="zh", new', 'derive new lang="zh"')
WRONG = "```derive\nx: n\nf = x^T x\n\\frac{\\partial f}{\\partial x} = x\n```\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "zh.md").write_text(CHINESE, encoding="utf-8")
    (tmp_path / "wrong.md").write_text(WRONG, encoding="utf-8")
    return tmp_path


def run(*args):
    return CliRunner().invoke(cli, ["convert", *args])


def test_the_suffix_of_the_file_says_the_form(folder):
    for name, begins in (
        ("a.html", "<!DOCTYPE html>"),
        ("a.HTM", "<!DOCTYPE html>"),
        ("a.tex", r"\documentclass"),
        ("a.md", "# Trace"),
    ):
        assert run("note.md", "-o", name).exit_code == 0
        assert (folder / name).read_text(encoding="utf-8").startswith(begins), name
    assert run("note.md", "-o", "b.html", "--to", "md").exit_code == 0
    assert (folder / "b.html").read_text(encoding="utf-8").startswith("# Trace")


@pytest.mark.parametrize("out", ["note.docx", "note.pdf"])
def test_a_suffix_of_no_form_is_misuse_and_writes_nothing(folder, out):
    done = run("note.md", "-o", out)
    assert done.exit_code == 2
    assert "end OUT in .md, .html, .tex" in done.stderr
    assert not (folder / out).exists()


@pytest.mark.parametrize(("name", "lang", "title"), [("note.md", "en", "Trace &amp; more"), ("zh.md", "zh", "迹 100%")])
def test_a_page_stands_alone(name, lang, title):
    page = run(name, "--to", "html").stdout
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">')
    assert f"<title>{title}</title>" in page
    assert not re.search(r'(?:src|href)="(?!#|https://example\.org)|url\((?!data:)|@import', page.partition("<script>")[0])
    assert "<script src" not in page
    assert page.count("url(data:font/woff2;base64,") == 20
    assert page.count('class="mdderive-result') == 3
    assert "<h1" in page
    assert "<table>" in page
    assert "```derive" not in page
    linked = set(re.findall(r'href="#(rule-[\w-]+)"', page))
    assert linked
    assert linked <= set(re.findall(r'id="(rule-[\w-]+)"', page))


def test_a_fragment_is_the_body_alone():
    page, fragment = run("note.md", "--to", "html").stdout, run("note.md", "--to", "html", "--fragment").stdout
    assert fragment in page
    assert fragment.startswith("<h1")
    assert "<script" not in fragment
    document, inside = run("note.md", "--to", "tex").stdout, run("note.md", "--to", "tex", "--fragment").stdout
    assert document.endswith(inside + "\\end{document}\n")
    assert "\\documentclass" not in inside


def test_the_api_writes_the_same():
    document = mdderive.check(NOTE, path="note.md")
    for form in ("html", "tex"):
        assert mdderive.convert(document, form, standalone=True) == run("note.md", "--to", form).stdout


def test_a_page_without_formulas_is_small():
    assert len(mdderive.convert(mdderive.check("# Words\n"), "html", standalone=True)) < 10_000


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not installed")
@pytest.mark.parametrize("name", ["note", "zh"])
def test_a_document_compiles_and_nothing_leaves_its_margin(folder, name):
    if name == "zh" and not subprocess.run(["kpsewhich", "ctex.sty"], capture_output=True, check=False).stdout:
        pytest.skip("ctex is not installed")
    assert run(f"{name}.md", "-o", f"{name}.tex").exit_code == 0
    command = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=120)
    log = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.findall(r"Overfull \\hbox.*|Missing character.*", log)


def test_notes_of_a_folder_get_the_suffix_of_the_form(folder):
    (folder / "notes").mkdir()
    (folder / "notes/a.md").write_text(NOTE, encoding="utf-8")
    assert run("notes", "-o", "out", "--to", "html").exit_code == 0
    assert [path.name for path in (folder / "out").iterdir()] == ["a.html"]


def test_latex_becomes_no_page(folder):
    (folder / "a.tex").write_text("\\begin{derive}\nx: n\nx^T x = x^T x\n\\end{derive}\n")
    refused = run("a.tex", "-o", "a.html")
    assert refused.exit_code == 2
    assert "only Markdown becomes a page" in refused.stderr
    assert run("a.tex", "-o", "b.tex").exit_code == 0
    assert "documentclass" not in (folder / "b.tex").read_text()


def test_a_derivation_is_written_below_its_block_and_renewed(folder):
    assert run("note.md", "--in-place").exit_code == 0
    once = (folder / "note.md").read_text(encoding="utf-8")
    assert once.count("<!-- derived by mdderive -->") == once.count("<!-- end of what mdderive derived -->") == 3
    assert "\n    <!-- derived by mdderive -->\n\n    Given" in once
    assert "\n> <!-- derived by mdderive -->\n>\n> Given" in once
    assert run("note.md", "--in-place").exit_code == 0
    assert (folder / "note.md").read_text(encoding="utf-8") == once
    left = re.sub(
        r"\n(?:[ >]*\n)*[ >]*<!-- derived by mdderive -->.*?<!-- end of what mdderive derived -->", "", once, flags=re.DOTALL
    )
    assert left == NOTE
    (folder / "note.md").write_text(once.replace("f = a^T X b", "f = 2 a^T X b"), encoding="utf-8")
    assert run("note.md", "--in-place").exit_code == 0
    assert r"2 a b^{\top}" in (folder / "note.md").read_text(encoding="utf-8")


def test_what_was_written_in_place_is_not_shown_beside_a_derivation(folder):
    plain = run("note.md").stdout
    assert run("note.md", "--in-place").exit_code == 0
    assert run("note.md").stdout == plain


def test_nothing_is_written_into_a_wrong_note(folder):
    assert run("note.md", "wrong.md", "--in-place").exit_code == 1
    assert (folder / "note.md").read_text(encoding="utf-8") == NOTE
    assert (folder / "wrong.md").read_text(encoding="utf-8") == WRONG


@pytest.mark.parametrize("more", [["-o", "x.md"], ["--to", "md"], ["--fragment"]])
def test_in_place_takes_no_other_place(more):
    assert run("note.md", "--in-place", *more).exit_code == 2
