"""Derive environments in LaTeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdderive.document.tex import find_blocks
from mdderive.model.source import Source, Span


def shown(text):
    found = find_blocks(Source(text))
    return [text[b.span.start : b.span.end] for b in found.blocks], [
        (f.code, text[f.span.start : f.span.end]) for f in found.findings
    ]


def test_an_environment_is_found_with_exact_places():
    text = "text\r\n  \\begin{derive}[layout=numerator, title={A, b}, new]\r\n  x: n % \\end{derive}\r\n  \\end{derive}\r\n"
    (block,) = find_blocks(Source(text)).blocks
    assert text[block.span.start : block.span.end].startswith(r"\begin{derive}[layout")
    assert text[block.span.start : block.span.end].endswith("\r\n  \\end{derive}")
    at = block.excerpt.text.index("x: n")
    span = block.excerpt.span(Span(at, at + 4))
    assert text[span.start : span.end] == "x: n"
    assert (block.options.layout, block.options.title, block.options.new, block.prefix) == ("numerator", "A, b", True, "  ")


@pytest.mark.parametrize(
    "text",
    [
        "% \\begin{derive}\nx\n% \\end{derive}\n",
        "\\begin{verbatim}\n\\begin{derive}\nx\n\\end{derive}\n\\end{verbatim}\n",
        "\\begin{lstlisting}[a]\n\\begin{derive}\\end{derive}\n\\end{lstlisting}\n",
        r"\verb|\begin{derive}| and \verb+\end{derive}+",
        "nothing",
    ],
)
def test_what_latex_does_not_run_is_no_block(text):
    assert shown(text) == ([], [])


def test_a_percent_sign_and_a_line_end_are_no_comments():
    text = "100\\% \\begin{derive}\nx: n\n\\end{derive} a \\\\% \\begin{derive}\n"
    assert shown(text) == (["\\begin{derive}\nx: n\n\\end{derive}"], [])


def test_an_environment_that_is_not_closed_is_reported():
    text = "\\begin{derive}\nx: n\n\\begin{derive}\ny: n\n\\end{derive}\n\\begin{derive}[new]\nz"
    assert shown(text) == (
        ["\\begin{derive}\ny: n\n\\end{derive}"],
        [("DRV101", "\\begin{derive}"), ("DRV101", "\\begin{derive}")],
    )


def test_a_wrong_option_is_reported():
    text = "\\begin{derive}[layout=row,new]\n\\end{derive}"
    (block,) = find_blocks(Source(text)).blocks
    (finding,) = block.findings
    assert (finding.code, text[finding.span.start : finding.span.end]) == ("DRV105", "layout=row")
    assert block.options.new


def test_sections_are_those_of_latex():
    block = "\\begin{derive}\n\\end{derive}\n"
    text = f"\\section{{A}}\n{block}\\subsection*{{B}}\n{block}\\section[b]{{C}}\n{block}"
    a, b, c = (block.section for block in find_blocks(Source(text)).blocks)
    assert b[: len(a)] == a
    assert len(b) == 2
    assert len(c) == 1
    assert c != a


@given(
    st.lists(
        st.sampled_from(["\\begin{derive}", "\\end{derive}", "[", "]", "{", "%", "\n", "\\", "a", "\\verb|", '"']), max_size=30
    )
)
def test_any_text_is_read(parts):
    text = "".join(parts)
    found = find_blocks(Source(text))
    for block in found.blocks:
        assert text[block.span.start : block.span.end].endswith(r"\end{derive}")
