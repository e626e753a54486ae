"""What an author writes reaches a page as what it is: no payload becomes an element, a link, a template or a command.

Every payload stands in every place in turn. Either the block is refused by name, or the page has the same elements as with a
harmless word there.
"""

import re
from functools import cache
from html.parser import HTMLParser

import jinja2
import markdown
import pytest
from markdown_it import MarkdownIt

from mdderive.check.pipeline import check
from mdderive.latex.typesetting import TYPESETTING
from mdderive.output.pages import expand
from mdderive.output.rows import derive_row

HARMLESS = "word"
PAYLOADS = (
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</details></code></div></p>",
        "<!-- x -->",
        "--> x",
        "<a href=javascript:alert(1)>x</a>",
    ),
    *(
        r"\href{javascript:alert(1)}{x}",
        r"\url{javascript:alert(1)}",
        r"\input{/etc/passwd}",
        r"\include{x}",
        r"\write18{ls}",
        r"\def\x{y}",
    ),
    *(
        r"\csname input\endcsname",
        r"\htmlClass{a}{b}",
        r"\htmlData{a=b}{c}",
        r"\includegraphics{x}",
        r"^^5cinput{x}",
        r"\catcode`\%=12",
    ),
    *(
        "$$x$$",
        "$x$",
        r"\(x\)",
        r"\[x\]",
        r"$$\href{javascript:alert(1)}{x}$$",
        "`x`",
        "```x",
        "| a | b |",
        "*x* _y_ **z** ~~w~~",
        "# x",
    ),
    *(
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{# x #}",
        "{: onclick=alert(1) }",
        "==x== ^^x^^ ++x++",
        "&lt;b&gt; &#60;b&#62;",
        "&colon;",
    ),
    *(
        "[x](javascript:alert(1))",
        "![x](y)",
        "[x][y]",
        "<javascript:alert(1)>",
        "<http://a.b>",
        "[TOC]",
        "!!! note",
        "- x",
        "1. x",
    ),
    *(
        "\x1b[31mx",
        "\u202ex",
        "\u2066x",
        "x\x00y",
        "</script>",
        "</textarea>",
        "<details open ontoggle=alert(1)>",
        "<svg/onload=alert(1)>",
    ),
)
# A block with a place for a payload, in option values (where a double quote ends the value) and in formulas.
OPTIONS = ('title="@"', 'skip="@"', 'expect="DRV107" "@"')
BODIES = (
    "x: n\nx^T x = x^T x % @",
    "x: n\nf = x^T x % @\n\\frac{\\partial f}{\\partial x} = 2 x",
    "x_{@}: n\nf = x_{@}^T x_{@}\n\\frac{\\partial f}{\\partial x_{@}} = ?",
    "\\mathbf{@}: n\nf = \\mathbf{@}^T \\mathbf{@}\n\\frac{\\partial f}{\\partial \\mathbf{@}} = ?",
    "x: n, y_{@}: n\nf = x^T y_{@}\n\\frac{\\partial f}{\\partial x} = ?",
    "x: n\nx^T x = x^T x \\tag{@}",
    "x: n\nx^T x \\label{@} = x^T x",
    "x: n\n\\color{@} x^T x = x^T x",
    "x: n\n\\underbrace{x^T x}_{@} = x^T x",
    "x: n\n\\text{@} x^T x = \\text{@} x^T x",
    "x: n\n@ x^T x = x^T x @",
    "x: n\nf = x^T x @\n\\frac{\\partial f}{\\partial x} = ?",
    "x: n\ngiven: x^T x @ = 1\nx^T x = 1",
)
BLOCKS = [
    *(f"~~~derive {option}\nx: n\nf = x^T x\n\\frac{{\\partial f}}{{\\partial x}} = ?\n~~~\n" for option in OPTIONS),
    *(f"```derive\n{body}\n```\n" for body in BODIES),
]
WORDS = len(OPTIONS) + 2  # of them, those whose place is no part of a formula
ARITHMATEX = {"pymdownx.arithmatex": {"generic": True}}
WITH = [
    "tables",
    "attr_list",
    "md_in_html",
    "toc",
    "admonition",
    "pymdownx.superfences",
    "pymdownx.tilde",
    "pymdownx.caret",
    "pymdownx.mark",
]


def converting(*extensions):
    """Return a converter that is made once; what a page leaves in it is thrown away before the next."""
    made = markdown.Markdown(extensions=[*WITH, *extensions], extension_configs=ARITHMATEX if extensions else {})
    return lambda text: made.reset().convert(text)


PAGES = {
    "commonmark": MarkdownIt("gfm-like", {"linkify": False, "html": True}).render,
    "python-markdown": converting(),
    "arithmatex": converting("pymdownx.arithmatex"),
}
AROUND = {"alone": "{}", "in a list": "- item\n\n    {}\n"}
# The elements of a derivation, and of the emphasis that Markdown alone sees in formulas.
ELEMENTS = {"p", "strong", "em", "div", "span", "ul", "li"}
COMPONENT = {"a", "button", "details", "ol", "summary"}
ATTRIBUTES = {"class", "type", "href", "role", "aria-label", "data-copy", "data-copied", "data-search-exclude"}


class Elements(HTMLParser):
    """The elements of a page in order, with their attributes, and its text."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.words = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag):
        self.tags.append("/" + tag)

    def handle_comment(self, data):
        self.tags.append("comment")

    def handle_data(self, data):
        self.words.append(data)

    def attributes(self):
        return [pair for tag in self.tags if isinstance(tag, tuple) for pair in tag[1]]

    def without_spans(self):
        """Return the tags without the elements around single signs, and without the texts to copy, which hold the payload."""
        bare = [tag if isinstance(tag, str) else (tag[0], tuple(a for a in tag[1] if a[0] != "data-copy")) for tag in self.tags]
        return [tag for tag in bare if tag not in (("span", ()), "/span")]


def placed(block, payload, around="{}"):
    text = block.replace("@", payload.replace('"', "'")).rstrip("\n")
    return around.replace("{}", text.replace("\n", "\n" + " " * 4 * around.startswith("-")))


@cache
def harmless(block, around, to, name):
    """Return the elements of a page with a harmless word in the place of a payload; none where that is refused."""
    document = check(placed(BLOCKS[block], HARMLESS, AROUND[around]))
    return None if refused(document) else Elements(PAGES[name](expand(document, to))).without_spans()


def refused(document):
    return any(f.severity == "error" for f in (*document.findings, *(f for b in document.blocks for f in b.findings)))


@pytest.mark.parametrize("block", range(len(BLOCKS)))
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", sorted(AROUND))
def test_a_page_has_the_elements_of_a_harmless_one(payload, block, around):
    text = placed(BLOCKS[block], payload, AROUND[around])
    document = check(text)
    if refused(document):
        return
    for to in ("md", "html"):
        out = expand(document, to)
        assert not re.search("(```|~~~)derive", out)
        assert jinja2.Environment().from_string(out).render() == out.removesuffix("\n")
        for name, page in PAGES.items():
            found = Elements(page(out))
            assert {t[0] for t in found.tags if isinstance(t, tuple)} <= ELEMENTS | (COMPONENT if to == "html" else set()), (
                to,
                name,
            )
            assert {k for k, _ in found.attributes()} <= (ATTRIBUTES if to == "html" else {"class"}), (to, name)
            assert all(value.startswith("#rule-") for key, value in found.attributes() if key == "href"), (to, name)
            if block < WORDS:
                assert found.without_spans() == harmless(block, around, to, name), (to, name)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_title_is_read_as_it_was_written(payload):
    written = payload.replace('"', "'")
    shown = re.sub(r"[\x00-\x1f\u202e\u2066]", "\ufffd", written)
    document = check(BLOCKS[0].replace("@", written.replace("\x00", "\ufffd")))
    if refused(document):
        return
    for to in ("md", "html"):
        for page in PAGES.values():
            assert shown in "".join(Elements(page(expand(document, to))).words).replace("\u2060", "")


@pytest.mark.parametrize("block", range(len(BLOCKS)))
@pytest.mark.parametrize("payload", PAYLOADS)
def test_latex_has_no_command_but_those_that_typeset(payload, block):
    document = check(placed(BLOCKS[block], payload))
    if refused(document):
        return
    out = expand(document, "tex")
    own = {
        *(r"\paragraph", r"\emph", r"\par", r"\smallskip", r"\noindent", r"\makebox", r"\hspace", r"\begin", r"\end"),
        *(r"\linewidth", r"\raggedright", r"\hfill", r"\small", r"\displaystyle", r"\mbox"),
        r"\textbackslash",
        r"\textasciitilde",
        r"\textasciicircum",
        r"\[",
        r"\]",
        r"\$",
        r"\backslash",
    }
    assert set(re.findall(r"\\(?:[A-Za-z]+|.)", out)) <= TYPESETTING | own
    bare = re.sub(r"\\.", "", out)
    assert bare.count("{") == bare.count("}")
    assert "%" not in bare
    assert "#" not in bare
    assert "^^" not in bare


@pytest.mark.parametrize(
    "command",
    [r"\href{javascript:alert(1)}{y}", r"\url{y}", r"\input{y}", r"\htmlClass{y}{z}", r"\csname y\endcsname", "`y`", "y^^5cz"],
)
@pytest.mark.parametrize("place", ["x_{@}", r"\mathbf{@}", r"\hat{@}", r"x \tag{@}", r"x \label{@}"])
def test_what_is_no_notation_is_refused_by_name(command, place):
    formula = place.replace("@", command)
    document = check(f"```derive\nx: n\nf = {formula}^T {formula}\nf = f\n```\n")
    assert refused(document)
    assert not {"DRV901"} & {f.code for f in document.findings}


def test_a_row_is_refused_too():
    name = r"x_{\href{javascript:alert(1)}{y}}"
    answer = derive_row({"let": [f"{name}: n"], "f": rf"{name}^T {name}", "wrt": name})
    assert answer["status"] == "error"
    assert answer["error"]["code"] == "DRV250"
