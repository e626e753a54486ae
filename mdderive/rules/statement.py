"""What a rule is.

A rule is its statement: two LaTeX sides, read by the same reader as an author's formulas. Pattern, shape premise, self-check,
mutants, caption and page all follow from the entry; there is no code in it.

Letters carry types: lower-case Greek a scalar, lower-case Latin a column, a capital any shape (a scalar counts as 1 x 1), `k` any
number, `n` an integer of at least 2, `\\sigma` any elementwise function, `f` any scalar function.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`lhs = rhs` under its shape premise and `when` (`"A constant"`, `"S symmetric"`, `"X invertible"`, joined by `, `).

    `told` rules get a line of their own in a derivation; the others pass silently, and name themselves only when a line
    consists of nothing else. `ref` says where the law comes from. `shapes` declares letters whose sizes the statement names,
    as a derive block does (`"X: p x q, Y: r x s"`).
    """

    name: str
    lhs: str
    rhs: str
    en: str
    zh: str
    ref: str = ""
    when: str = ""
    told: bool = True
    shapes: str = ""
