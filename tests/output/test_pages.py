"""Blocks to text in their place: prefixes, line ends, blank lines; everything else stays."""

import html
import re
from dataclasses import replace

import pytest

import mdderive
from mdderive.model.reasons import Reason
from mdderive.model.results import Claim, Step, Verdict
from mdderive.output.pages import OUTPUTS, expand
from tests.documents import GOAL, HOLDS, UNDECIDED, document, fence, wrong

NOTE = """# Title

Before.

```derive
f
```

After.
"""

VERIFIED = "Verified: exact arithmetic; 4 random points; sizes $(m, n) = (2, 3), (3, 2)$; chance of error below $10^{-30}$."
MARKDOWN = r"""# Title

Before.

Given $f = a^T X b$.

$$
\begin{aligned}
df &= a^T (dX) b && \quad \text{product rule; } a \text{, } b \text{ constant} \\
&= \operatorname{tr}(b a^T dX) && \quad \text{cyclic property} \\
&= \operatorname{tr}((a b^T)^T dX)
\end{aligned}
$$

$$
\frac{\partial f}{\partial X} = a b^T
$$

*VERIFIED Denominator layout.*

After.
"""


def one(text, **more):
    return document(text, fence(text, **more))


def test_markdown_of_a_goal():
    assert expand(one(NOTE)) == MARKDOWN.replace("VERIFIED", VERIFIED)


def test_chinese_words():
    text = expand(one(NOTE, lang="zh"))
    assert "设 $f = a^T X b$。" in text
    assert r"\text{乘法法则；} a \text{、} b \text{ 为常量}" in text
    assert "*已验证：精确算术；4 个随机点；尺寸 $(m, n) = (2, 3), (3, 2)$；误判概率低于 $10^{-30}$。分母布局。*" in text


def test_only_the_result_when_asked():
    text = expand(one(NOTE, steps="result"))
    assert "aligned" not in text
    assert "Given" not in text
    assert r"\frac{\partial f}{\partial X} = a b^T" in text


@pytest.mark.parametrize("to", sorted(OUTPUTS))
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("before", "prefix", "after"),
    [
        ("", "", ""),
        ("# T\n\n", "", "\n\nend"),
        ("para\n", "", "\nmore"),
        ("> quote\n>\n> ", "> ", "\n>\n> end\n"),
        ("- item\n\n    ", "    ", "\n\n- item\n"),
        ("- ", "  ", "\n- item\n"),
        ("!!! note\n    text\n\n    ", "    ", "\n"),
        ("\ufeff前言 $x$\n\n", "", "\n\ttabbed \n\n\n"),
    ],
)
def test_everything_outside_stays_byte_for_byte(to, newline, before, prefix, after):
    inside = f"```derive\n{prefix}f\n{prefix}```"
    text = f"{before}{inside}{after}".replace("\n", newline)
    out = expand(one(text, prefix=prefix), to)
    head, tail = before.replace("\n", newline), after.replace("\n", newline)
    assert out.startswith(head)
    assert out.endswith(tail)
    middle = out[len(head) : len(out) - len(tail)]
    lines = middle.split(newline)
    assert all(line.startswith(prefix) or line == prefix.rstrip() for line in lines[1:])
    assert not set("\r\n") & set("".join(lines))


def test_a_paragraph_above_and_below_is_kept_apart():
    out = expand(one("above\n```derive\nf\n```\nbelow\n"))
    assert out.startswith("above\n\nGiven")
    assert out.endswith("layout.*\n\nbelow\n")


def test_a_block_on_the_line_of_its_item_stays_on_it():
    out = expand(one("above\n- ```derive\n  f\n  ```\n", prefix="  "))
    assert out.startswith("above\n- Given")


def test_a_block_with_an_error_stays_as_it_is():
    text = "```derive\nA: m x m\n2 A W\n```\n"
    finding = wrong(text)
    assert expand(document(text, fence(text, findings=(finding,)))) == text


def test_the_layout_is_named_once_a_page():
    text = "```derive\nf\n```\n\n~~~derive\nf\n~~~\n"
    second = text.replace("```derive\nf\n```", "            .")
    blocks = fence(text), fence(second)
    assert expand(document(text, *blocks)).count("Denominator layout") == 1


def test_an_unusual_layout_is_named_every_time():
    text = "```derive\nf\n```\n\n~~~derive\nf\n~~~\n"
    second = text.replace("```derive\nf\n```", "            .")
    blocks = fence(text, layout="numerator"), fence(second, layout="numerator")
    assert expand(document(text, *blocks)).count("Numerator layout") == 2


def test_nothing_derived_is_shown_for_what_is_not_decided():
    answer = replace(GOAL, statement=r"\frac{\partial f}{\partial X} = q", verdict=UNDECIDED)
    out = expand(one(NOTE, answers=(answer,)))
    assert "aligned" not in out
    assert "a b^T" not in out
    assert "*Not decided: z is not given*" in out
    assert "Verified" not in out


def test_a_reservation_is_part_of_the_verdict():
    answer = replace(GOAL, verdict=replace(HOLDS, reason=Reason("tied-entries")))
    assert "below $10^{-30}$; holds for tied entries. Denom" in expand(one(NOTE, answers=(answer,)))


def test_a_skipped_block_says_so():
    assert "*Not checked: later*" in expand(one(NOTE, answers=(), skipped="later"))


def test_a_claim_is_printed_as_the_author_wrote_it():
    claim = Claim("claim", r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", HOLDS)
    out = expand(one(NOTE, answers=(claim,), premise=()))
    assert "$$\n\\operatorname{tr}(A B) = \\operatorname{tr}(B A)\n$$" in out
    assert "layout" not in out


def test_a_result_in_another_form_follows_the_derived_one():
    answer = replace(GOAL, result=r"\frac{\partial f}{\partial X} = (b a^{\top})^T")
    out = expand(one(NOTE, answers=(answer,)))
    assert "$$\n\\frac{\\partial f}{\\partial X} = a b^T = (b a^{\\top})^T\n$$" in out


def test_a_result_in_the_spelling_of_its_author_is_shown_once():
    answer = replace(GOAL, result=r"\frac{\partial f}{\partial X} = a b^{\top}")
    out = expand(one(NOTE, answers=(answer,)))
    assert out.count(r"\frac") == 1
    assert r"a b^{\top}" in out


def test_a_derivation_is_not_told_twice_for_its_solution():
    solved = replace(GOAL, solution="w = A^{-1} b", solution_steps=(Step("w", "A^{-1} b", {"en": "$A$ invertible"}, ()),))
    out = expand(one(NOTE, answers=(GOAL, solved)))
    assert out.count("product rule") == 1
    assert out.count("w &= A^{-1} b") == 1
    assert out.count("A^{-1} b") == 1


def test_the_same_steps_to_another_result_are_told_once():
    last = Step(r"\frac{\partial f}{\partial X}^T", "b a^T", {"en": "", "zh": ""}, ())
    other = replace(GOAL, steps=(*GOAL.steps[:-1], last), result=r"\frac{\partial f}{\partial X}^T = b a^T")
    out = expand(one(NOTE, answers=(GOAL, other)))
    assert out.count("product rule") == 1
    assert "^T = b a^T" in out


def test_a_wrong_statement_that_is_meant_to_be_wrong_says_so():
    wrong_on_purpose = replace(GOAL, statement="A = B", verdict=Verdict("wrong", "exact"))
    out = expand(one(NOTE, answers=(wrong_on_purpose,)))
    assert "$$\nA = B\n$$\n\n*This does not hold.*" in out
    assert "aligned" not in out
    assert "Verified" not in out


def test_a_solution_follows_its_gradient():
    solved = replace(GOAL, solution="w = A^{-1} b", solution_steps=(GOAL.steps[0],))
    out = expand(one(NOTE, answers=(solved,)))
    assert out.index(GOAL.result) < out.index("w = A^{-1} b")
    assert out.count(r"\begin{aligned}") == 2


@pytest.mark.parametrize("to", ["md", "html"])
def test_words_of_the_author_cannot_become_markup(to):
    out = expand(one(NOTE, title="<script>alert(1)</script> [a](b) *c* $d$", remarks=("<b>shape</b>",)), to)
    assert "<script" not in out
    assert "<b>" not in out
    if to == "md":
        assert "[a](b)" not in out
        assert "$d$" not in out


def test_formulas_in_html_are_escaped():
    claim = Claim("claim", r"a < b \text{</div><script>}", HOLDS)
    out = expand(one(NOTE, answers=(claim,)), "html")
    assert "<script" not in out
    assert "a &#60; b" in out


def test_html_holds_no_blank_line():
    out = expand(one("```derive\nf\n```"), "html")
    assert "\n\n" not in out


@pytest.mark.parametrize("result", ["first", "last"])
def test_a_solution_is_shown_where_its_steps_fold(result):
    note = (
        f'```derive result="{result}"\nX: m x n, w: n, y: m\nm >= n\nl = \\|X w - y\\|^2\n'
        "\\frac{\\partial l}{\\partial w} = 0 \\Rightarrow w = ?\n```\n"
    )
    shown = mdderive.convert(mdderive.check(note), "html")
    folded = re.sub(r'<details class="mdderive-steps".*?</details>', "", shown, flags=re.DOTALL)
    results = [html.unescape(line) for line in folded.splitlines() if "mdderive-result" in line]
    assert [r"w = (X^{\top} X)^{-1} X^{\top} y" in line for line in results] == [False, True]
