"""What is true: rules as statements, nothing but entries.

`RULES` is the whole table, in the order in which rules are tried.
"""

from mdderive.rules import blocks, differential, kronecker, tidy, trace, vec
from mdderive.rules.statement import Rule

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = (*tidy.RULES, *differential.RULES, *trace.RULES, *vec.RULES, *kronecker.RULES, *blocks.RULES)
