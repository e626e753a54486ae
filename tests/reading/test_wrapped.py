r"""A relation means the same in whatever typesetting it stands: each wrapping gives one row, the same outcome, the same place."""

import pytest

from mdderive.check.pipeline import check
from mdderive.model.results import Settings

# What each of them is without any wrapping is asked first, so that the judge may learn and this test stay.
RELATIONS = [
    (r"\operatorname{tr}(AB)", r"\operatorname{tr}(BA)"),
    (r"(AB)^T", r"B^T A^T"),
    (r"\det(2A)", r"2\det(A)"),
    (r"d(A^{-1})", r"A^{-1} (dA) A^{-1}"),
    ("Q", "A^T B"),
]

BOXES = [
    r"\boxed{L = R}",
    r"\boxed{{L = R}}",
    r"\boxed{\begin{aligned} L &= R \end{aligned}}",
    r"\boxed{(L = R)}",
    r"\fbox{$L = R$}",
    r"\framebox{$L = R$}",
    r"\bbox[5px,border:2px solid red]{L = R}",
    r"{L = R}",
    r"{{ {L = R} }}",
    r"{\large L = R}",
    r"\displaystyle{L = R}",
    r"\ensuremath{L = R}",
    r"\mathclap{L = R}",
    r"\smash{L = R}",
    r"\underline{\underline{L = R}}",
    r"\cancel{L = R}",
    r"\raisebox{2pt}{$L = R$}",
    r"\phantom{xx} L = R",
    r"\hphantom{L} L = R",
    r"L = \mathop{R}\limits",
    r"\left( L = R \right)",
    r"[L = R]",
    r"C \quad (L = R)",
    r"C \; (L = R)",
]
COLOURS = [
    r"\color{red}{L = R}",
    r"{\color{red} L = R}",
    r"\color{red} L = R",
    r"L = \color{blue}{R}",
    r"\textcolor{red}{L = R}",
    r"\textcolor[rgb]{1,0,0}{L} = R",
    r"\colorbox{yellow}{$L = R$}",
    r"\fcolorbox{red}{white}{$L = R$}",
    r"\definecolor{x}{rgb}{1,0,0} L = R",
    r"\class{important}{L = R}",
    r"\cssId{one}{L = R}",
    r"\style{color:red}{L = R}",
    r"\href{https://example.org/a=b}{L = R}",
    r"\require{cancel} L = R",
]
ANNOTATIONS = [
    r"\underbrace{L = R}_{\text{a rule}}",
    r"\overbrace{L = R}^{(*)}",
    r"\underbrace{L}_{= R}",
    r"\underbrace{L}_{= R} + C",
    r"C + \overbrace{L}^{= R}",
    r"\underbrace{C + \underbrace{L}_{= R}}_{\text{all}}",
    r"L \stackrel{(1)}{=} R",
    r"L \overset{a}= R",
    r"L \underset{\text{by rule}}{=} R",
    r"L \xlongequal{a} R",
    r"L \mathrel{=} R",
    r"L {=} R",
    r"C \stackrel{L = R}{\approx} D",
    r"L = R \tag{1}",
    r"L = R \eqno(1)",
    r"C \tag{$L = R$}",
    r"C \tag{L = R}",
    r"C \text{ because $L = R$ always}",
    r"C \mbox{ because $L = R$ always}",
    r"C \text{ as \(L = R\)}",
    r"C \intertext{since $L = R$} D",
    r"L = R \quad \blacksquare",
    r"L = R \nonumber \hfill\square",
]
LAYOUTS = [
    r"\begin{aligned}[t] L &= R \end{aligned}",
    r"\begin{align\*} L &= R \end{align\*}",
    r"\begin{array}{rcl} L &=& R \end{array}",
    r"\begin{cases} L = R \\ C \end{cases}",
    r"\left\{\begin{aligned} L &= R \end{aligned}\right.",
    r"\left\{\begin{array}{l} L = R \end{array}\right.",
    r"\left\{\begin{gathered} L = R \end{gathered}\right\}",
    r"\begin{aligned} C & \\ & \boxed{L = R} \end{aligned}",
    r"\begin{array}{c} \text{rule} \\ \hline L = R \end{array}",
]
NOTES = [
    "$L = R$",
    r"Thus \(L = R\).",
    "\\[ L = R \\]",
    "\\\\[ L = R \\\\]",
    r"\fbox{$L = R$}",
    "\\begin{equation}\nL = R\n\\end{equation}",
    "\\begin{equation}\\begin{split}\nL &= R\n\\end{split}\\end{equation}",
    "\\begin{align\\*}\nL &= R\n\\end{align\\*}",
    "\\begin{subequations}\\begin{align}L &= R\\end{align}\\end{subequations}",
    "\\begin{eqnarray}L &=& R\\end{eqnarray}",
    "\\begin{dmath}L = R\\end{dmath}",
    "\\begin{IEEEeqnarray}{rCl}L &=& R\\end{IEEEeqnarray}",
    "\\begin{empheq}[box=\\fbox]{align}L &= R\\end{empheq}",
    "```math\nL = R\n```",
    "```{math}\n:label: eq-1\nL = R\n```",
    ":::{math}\nL = R\n:::",
    "$`L = R`$",
    "{math}`L = R`",
    "| name | rule |\n|---|---|\n| one | $L = R$ |",
    "<table><tr><td>$L = R$</td></tr></table>",
    '<div class="arithmatex">\\[L = R\\]</div>',
    '<script type="math/tex; mode=display">L = R</script>',
    "<details><summary>$L = R$</summary>\nwords\n</details>",
    "- a list\n\n    $$\n    L = R\n    $$",
    "Text[^1].\n\n[^1]: Because $L = R$.",
    "> $$\n> L = R\n> $$",
    "## The rule $L = R$",
    "**$L = R$** in [$C$](x.md)",
    "![a picture where $L = R$](x.png)",
    "!!! note\n    $L = R$",
    "\\begin{theorem}$L = R$\\end{theorem}",
]


def rows(text, left, right):
    text = text.replace("L", "\0").replace("R", right).replace("\0", left) + "\n"
    found = check(text, "note.md", settings=Settings(equations=True)).equations
    return text, found


@pytest.mark.parametrize("wrapped", [*(f"$${w}$$" for w in (*BOXES, *COLOURS, *ANNOTATIONS, *LAYOUTS)), *NOTES])
def test_a_wrapped_relation_has_the_outcome_and_the_place_of_the_bare_one(wrapped):
    if wrapped.startswith("$$\\definecolor"):
        wrapped = wrapped.replace("rgb", "cmyk")  # a letter of its own would be replaced
    for left, right in RELATIONS:
        (bare,) = rows("$$L = R$$", left, right)[1]
        text, found = rows(wrapped, left, right)
        own = [e for e in found if left in e.latex]
        assert [(e.outcome, e.why) for e in own] == [(bare.outcome, bare.why)]
        assert text[own[0].span.start : own[0].span.end].strip() in (right, f"{{{right}}}")


@pytest.mark.parametrize(
    "text",
    [
        r"$P(X = x)$",
        r"$\mathbb{P}(X = x)$",
        r"$\{x : A x = b\}$",
        r"$\mathbb{1}_{[y = k]}$",
        r"$\sum_{i=1}^n x_i$",
        r"$\underbrace{x}_{m \times n}$",
        r"$\underset{x: A x = b}{\min} f(x)$",
        r"$\phantom{a = b} c$",
        r"$\begin{pmatrix} a & b \end{pmatrix}$",
    ],
)
def test_what_states_nothing_has_no_row(text):
    assert check(text + "\n", "note.md", settings=Settings(equations=True)).equations == ()


def test_what_stands_at_a_brace_does_not_go_on_in_the_row_below():
    text = r"$$\begin{aligned} y &= \underbrace{\det(2X)}_{= 2\det X} \\ &= \det(X + X) \end{aligned}$$"
    found = check(text, "note.md", settings=Settings(equations=True)).equations
    assert [(e.latex, e.outcome) for e in found] == [
        (r"y = {\det(2X)}", "not_an_assertion"),
        (r"{\det(2X)} = 2\det X", "wrong"),
        (r"{\det(2X)} = \det(X + X)", "holds"),
    ]


@pytest.mark.parametrize("depth", [30, 150, 4000])
def test_groups_without_end_are_bounded(depth):
    found = check("$" + "{" * depth + "a = b" + "}" * depth + "$", "note.md", settings=Settings(equations=True)).equations
    assert [e.outcome for e in found] in (["unread"], ["not_an_assertion"])
