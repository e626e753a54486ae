"""The rules that the engine applies, in the order in which they are tried."""

from mdderive.rules import block_layout, differential, forms, kronecker, tidy, trace, vec
from mdderive.rules.statement import Rule

RULES: tuple[Rule, ...] = (
    *tidy.RULES,
    *differential.RULES,
    *trace.RULES,
    *vec.RULES,
    *kronecker.RULES,
    *block_layout.RULES,
    *forms.RULES,
)
